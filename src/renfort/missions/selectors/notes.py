"""Internal notes on missions, for those who look after them (R55)."""

from __future__ import annotations

from renfort.kernel.actors import Actor
from renfort.missions.models import Mission, MissionNote
from renfort.organisations.rules import reads_notes

MOST = 50


def mission_notes(actor: Actor, mission: Mission) -> list[MissionNote] | None:
    """The last notes on a mission with their authors, newest first; None for who may not read them. Two queries."""
    if not reads_notes(actor, mission.organisation_id, mission.department_id, mission.domain_id):
        return None
    return list(MissionNote.objects.filter(mission=mission).select_related("author").order_by("-id")[:MOST])
