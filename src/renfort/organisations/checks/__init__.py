"""Checks that help whoever validates an organisation (R53): what was found, heaviest first (docs/adr/0027-checks.md)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from renfort.organisations.checks import texts  # noqa: F401 -- registers the checks of organisations
from renfort.organisations.checks.kinds import KINDS, CheckKind, Finding, as_findings, standing
from renfort.organisations.models import OrganisationFinding

if TYPE_CHECKING:
    from renfort.organisations.models import Organisation

__all__ = ["KINDS", "CheckKind", "Finding", "findings_for", "findings_of"]


def findings_of(organisation: Organisation) -> list[Finding]:
    """What the checks say of one organisation now, heaviest first; false alarms last, with ``is_false``. One query."""
    return as_findings(OrganisationFinding.objects.filter(organisation_id=organisation.pk)).get(organisation.pk, [])


def findings_for(organisation_ids: Iterable[int]) -> dict[int, list[Finding]]:
    """The same for a list, without the false alarms; an organisation without any is not a key. One query."""
    return as_findings(standing(OrganisationFinding.objects.filter(organisation_id__in=list(organisation_ids))))
