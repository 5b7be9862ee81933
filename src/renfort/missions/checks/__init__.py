"""Checks that help whoever validates a mission (R53): what was found, heaviest first (docs/adr/0027-checks.md).

Findings are stored when a mission is written or changed, so that a list costs one query. ``texts`` holds the checks themselves,
pure functions over a snapshot; ``services.checks`` stores what they find.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from renfort.missions.checks import texts  # noqa: F401 -- registers the checks of missions
from renfort.missions.models import MissionFinding
from renfort.organisations.checks.kinds import Finding, as_findings, standing

if TYPE_CHECKING:
    from renfort.missions.models import Mission

__all__ = ["Finding", "findings_for", "findings_of"]


def findings_of(mission: Mission) -> list[Finding]:
    """What the checks say of one mission now, heaviest first; false alarms last, with ``is_false``. One query."""
    return as_findings(MissionFinding.objects.filter(mission_id=mission.pk)).get(mission.pk, [])


def findings_for(mission_ids: Iterable[int]) -> dict[int, list[Finding]]:
    """The same for a list, without the false alarms; a mission without any is not a key. One query."""
    return as_findings(standing(MissionFinding.objects.filter(mission_id__in=list(mission_ids))))
