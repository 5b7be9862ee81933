"""Note that an organisation, or the head of its network, was shown what volunteers gave to be reached (R37)."""

from __future__ import annotations

from collections.abc import Iterable

from renfort.audit.services import contact_seen
from renfort.kernel.actors import Actor
from renfort.missions.models import Participation
from renfort.missions.rules import contact_is_open
from renfort.missions.selectors.participation import participations_visible
from renfort.organisations.enums import ScopeKind


def note_contacts(*, viewer: Actor, participations: Iterable[Participation], organisation: int | None, way: str) -> int:
    """Note those of these participations whose contact data the page shows: all that are open. Returns how many are new.

    ``organisation``: None for the head of a network, who reads for the network that the role names.
    Call it once for a page, a panel or a file, beside what writes the data. ``way``: ``audit.enums.Way``. One statement.
    """
    people = [each.person_id for each in participations if contact_is_open(each)]
    return contact_seen(viewer=viewer, people=people, organisation=organisation, way=way)


def sees_picture(actor: Actor, person_id: int) -> bool:
    """Whether the actor works for an organisation that may see this volunteer's contact data now (R7, R37). At most one query."""
    if not any(held.scope_kind == ScopeKind.ORGANISATION for held in actor.roles):
        return False
    theirs = participations_visible(actor).filter(person_id=person_id).select_related("mission").order_by("-id")
    return any(contact_is_open(each) for each in theirs[:100])
