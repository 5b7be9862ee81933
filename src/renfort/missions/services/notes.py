"""Write internal notes on missions (R55); erasing them is ``organisations.services.notes``'s."""

from __future__ import annotations

from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.firing import NotAllowed
from renfort.missions.models import Mission, MissionNote
from renfort.organisations.rules import reads_notes
from renfort.organisations.services.notes import keep_note


def write_mission_note(*, actor: Actor, mission: Mission, text: str) -> MissionNote:
    """Write a note on a mission.

    Raises:
        NotAllowed: the actor does not look after it, or is of its organisation's team.
        Refused: nothing was written, or too much.
    """
    if not reads_notes(actor, mission.organisation_id, mission.department_id, mission.domain_id):
        raise NotAllowed(_("Ces notes sont à qui suit cette mission."))
    return keep_note(actor=actor, note=MissionNote(mission=mission, text=text))
