"""Note that an organisation was shown what volunteers gave for it to reach them (R37)."""

from __future__ import annotations

from collections.abc import Iterable

from renfort.audit.services import contact_seen
from renfort.kernel.actors import Actor
from renfort.missions.models import Participation
from renfort.missions.rules import contact_is_open


def note_contacts(*, viewer: Actor, participations: Iterable[Participation], organisation: int, way: str) -> int:
    """Note those of these participations whose contact data the page shows: all that are open. Returns how many are new.

    Call it once for a page, a panel or a file, beside what writes the data. ``way``: ``audit.enums.Way``. One statement.
    """
    people = [each.person_id for each in participations if contact_is_open(each)]
    return contact_seen(viewer=viewer, people=people, organisation=organisation, way=way)
