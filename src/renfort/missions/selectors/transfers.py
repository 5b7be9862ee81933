"""Transfers of missions between organisations, and to whom a mission may go (R55)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from renfort.kernel.actors import Actor
from renfort.kernel.words import typed_words
from renfort.missions.enums import ACTIVE, IN_LINE, ParticipationState, SlotState, TransferState
from renfort.missions.models import Favourite, Mission, Participation, Slot, Transfer, Waiting
from renfort.organisations.enums import OrganisationState, Programme, Role, ScopeKind
from renfort.organisations.models import Organisation
from renfort.organisations.selectors import is_operator
from renfort.organisations.selectors.perimeter import overseen

MOST = 20  # organisations shown of a search


def transfers_visible(actor: Actor) -> QuerySet[Transfer]:
    """Those of the organisations that one manages, on either side, and those of the missions that one looks after."""
    transfers = Transfer.objects.all()
    if actor.kind in ("clock", "service") or is_operator(actor):
        return transfers
    hosts = [int(scope) for scope in actor.scopes(Programme.RESERVE, [Role.MANAGER], ScopeKind.ORGANISATION)]
    looked_after = overseen(actor, department="mission__department", domain="mission__domain")
    return transfers.filter(Q(giver_id__in=hosts) | Q(receiver_id__in=hosts) | looked_after)


def open_transfer(mission: Mission) -> Transfer | None:
    """What is proposed for a mission now, with both organisations. One query."""
    return Transfer.objects.filter(mission=mission, state=TransferState.PROPOSED).select_related("giver", "receiver").first()


def receivers_for(actor: Actor, mission: Mission, words: str) -> list[Organisation]:
    """The organisations to which the actor may propose a mission: validated, with their seat in the territory, not its own.

    ``words``: what was typed, over name, city and SIRET; nothing typed finds nothing. At most ``MOST``. One query.
    """
    typed = typed_words(words)
    if not typed:
        return []
    found = Organisation.objects.filter(overseen(actor), state=OrganisationState.VALIDATED, left_at=None)
    for word in typed:
        found = found.filter(Q(name__icontains=word) | Q(city__icontains=word) | Q(siret=word))
    return list(found.exclude(pk=mission.organisation_id).select_related("department").order_by("name", "pk")[:MOST])


@dataclass(frozen=True, slots=True)
class Followers:
    """What goes with a mission, in numbers."""

    pending: int
    expected: int
    closed: int
    slots: int
    waiting: int
    favourites: int


def followers_of(mission: Mission) -> Followers:
    """What goes with a mission when it moves. Four queries."""
    counted = Participation.objects.filter(mission=mission).aggregate(
        pending=Count("pk", filter=Q(state=ParticipationState.PENDING)),
        expected=Count("pk", filter=Q(state__in=[ParticipationState.ACCEPTED, ParticipationState.ONGOING])),
        closed=Count("pk", filter=~Q(state__in=[str(state) for state in ACTIVE])),
    )
    return Followers(
        **counted,
        slots=Slot.objects.filter(mission=mission, state=SlotState.OPEN).count(),
        waiting=Waiting.objects.filter(mission=mission, state__in=[str(state) for state in IN_LINE]).count(),
        favourites=Favourite.objects.filter(mission=mission).count(),
    )
