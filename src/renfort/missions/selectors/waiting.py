"""The waiting list of a full mission: whose turn, which place in it, how many places are promised (R60)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, cast

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from renfort.kernel.actors import Actor
from renfort.missions.enums import ACTIVE, IN_LINE, ParticipationState, WaitingState
from renfort.missions.models import Booking, Mission, Participation, Slot, Waiting
from renfort.missions.selectors.participation import taking_place
from renfort.missions.selectors.slots import holding, kept_on_slots
from renfort.people.models import Person

LINE = Q(state__in=[str(state) for state in IN_LINE])

# The same for each slot: its places, its applications, its line (R61).
DUE_ON_SLOTS = """
SELECT id FROM (
    SELECT turn.id, row_number() OVER (PARTITION BY turn.slot_id ORDER BY turn.id) AS rank, full_one.free
    FROM (
        SELECT s.id, s.places
            - (SELECT count(*) FROM missions_booking b JOIN missions_participation p ON p.id = b.participation_id
               WHERE b.slot_id = s.id
               AND (p.state = 'pending' OR (b.granted_at IS NOT NULL AND p.state IN ('accepted', 'ongoing', 'done'))))
            - (SELECT count(*) FROM missions_waiting o WHERE o.slot_id = s.id AND o.state = 'offered') AS free
        FROM missions_slot s JOIN missions_mission m ON m.id = s.mission_id
        WHERE m.state = 'published' AND m.over_at > %s AND s.state = 'open' AND s.ends_at > %s
          AND s.id IN (SELECT slot_id FROM missions_waiting WHERE state = 'waiting' AND slot_id IS NOT NULL)
    ) full_one
    JOIN missions_waiting turn ON turn.slot_id = full_one.id AND turn.state = 'waiting'
    WHERE full_one.free > 0
) line WHERE rank <= free
"""

# The turns that a place can be offered to now: as many of each mission, first come first, as it has places that nobody holds,
# that no offer holds and that nobody who applied before waits an answer for.
DUE = """
SELECT id FROM (
    SELECT turn.id, row_number() OVER (PARTITION BY turn.mission_id ORDER BY turn.id) AS rank, full_one.free
    FROM (
        SELECT m.id, m.places
            - (SELECT count(*) FROM missions_participation p WHERE p.mission_id = m.id
               AND (p.state IN ('pending', 'accepted', 'ongoing') OR (p.state = 'done' AND m.format = 'one_off')))
            - (SELECT count(*) FROM missions_waiting o WHERE o.mission_id = m.id AND o.state = 'offered') AS free
        FROM missions_mission m
        WHERE m.state = 'published' AND m.over_at > %s AND NOT m.has_slots
          AND m.id IN (SELECT mission_id FROM missions_waiting WHERE state = 'waiting')
    ) full_one
    JOIN missions_waiting turn ON turn.mission_id = full_one.id AND turn.state = 'waiting'
    WHERE full_one.free > 0
) line WHERE rank <= free
"""


class Line(NamedTuple):
    """How many wait, and how many of them a place is offered to."""

    waiting: int
    offered: int


def turns_visible(actor: Actor) -> QuerySet[Waiting]:
    """One's own turns; the clock's are all. An organisation knows how many wait, not who: they have not applied to it (R37)."""
    turns = Waiting.objects.all()
    if actor.kind in ("clock", "service"):
        return turns
    return turns.filter(person_id=actor.person_id) if actor.person_id is not None else turns.none()


def turns_due(now: datetime) -> Q:
    """The turns that a free place can be offered to."""
    whole, of_slots = RawSQL(DUE, [now]), RawSQL(DUE_ON_SLOTS, [now, now])  # noqa: S611 -- our own SQL, the value is a parameter
    return Q(pk__in=whole) | Q(pk__in=of_slots)


def with_promised(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    """Annotate ``promised_now``: the places that people in the waiting list come first for; with slots, slot by slot (R61)."""
    counted = (
        Waiting.objects.filter(LINE, mission=OuterRef("pk")).order_by().values("mission").annotate(n=Count("pk")).values("n")
    )
    whole = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    return missions.annotate(
        promised_now=Case(When(has_slots=True, then=kept_on_slots()), default=whole, output_field=IntegerField())
    )


def promised(mission: Mission) -> int:
    """How many free places people in line come first for; as annotated, else one query."""
    annotated = getattr(mission, "promised_now", None)
    if annotated is not None:
        return cast(int, annotated)
    if mission.has_slots:
        return Mission.objects.filter(pk=mission.pk).values_list(kept_on_slots(), flat=True).first() or 0
    return Waiting.objects.filter(LINE, mission=mission).count()


def offered(mission: Mission) -> int:
    """The places of a mission that offers hold now. One query."""
    return Waiting.objects.filter(mission=mission, state=WaitingState.OFFERED).count()


def is_first(turn: Waiting) -> bool:
    """Whether nobody still waits before this turn. One query."""
    return not same_line(turn).filter(state=WaitingState.WAITING, pk__lt=turn.pk).exists()


def same_line(turn: Waiting) -> QuerySet[Waiting]:
    """All turns of the line that this one is in: of its slot, else of its mission."""
    return Waiting.objects.filter(mission_id=turn.mission_id, slot=turn.slot_id)


def slot_waited(turn: Waiting) -> QuerySet[Slot] | None:
    """The slot that a turn is for: what an offer counts on, and locks; None for a mission without slots."""
    return Slot.objects.filter(pk=turn.slot_id) if turn.slot_id is not None else None


def free_for_line(turn: Waiting) -> int:
    """The places that can be offered: neither taken, nor offered, nor asked for by who applied before. Two or three queries."""
    mission, pending = turn.mission, Q(state=ParticipationState.PENDING)
    if turn.slot_id is not None:
        asked = Q(participation__state=ParticipationState.PENDING)
        on_it = Booking.objects.filter(holding() | asked, slot=turn.slot_id).count()
        places = Slot.objects.values_list("places", flat=True).get(pk=turn.slot_id)
        return places - on_it - same_line(turn).filter(state=WaitingState.OFFERED).count()
    held = Participation.objects.filter(taking_place() | pending, mission=mission).count()
    return mission.places - held - offered(mission)


def turn_of(mission: Mission, person: Person | None) -> Waiting | None:
    """The turn that somebody has in the line of a mission without slots, if any. One query."""
    return Waiting.objects.filter(LINE, mission=mission, slot=None, person=person).first() if person is not None else None


def turns_on_slots(mission: Mission, person: Person) -> dict[int, Waiting]:
    """Somebody's turns for the slots of a mission, by slot. One query."""
    turns = with_positions(Waiting.objects.filter(LINE, mission=mission, person=person, slot__isnull=False))
    return {turn.slot_id: turn for turn in turns if turn.slot_id is not None}


def position_of(turn: Waiting) -> int:
    """1 for who is next. One query; none once annotated by ``with_positions``."""
    annotated = getattr(turn, "position", None)
    if annotated is not None:
        return cast(int, annotated)
    return 1 + same_line(turn).filter(LINE, pk__lt=turn.pk).count()


def with_positions(turns: QuerySet[Waiting]) -> QuerySet[Waiting]:
    """Annotate ``position``, 1 for who is next."""
    same = Q(slot=OuterRef("slot")) | (Q(slot=None) & IsNull(OuterRef("slot"), True))
    before: Any = (
        Waiting.objects.filter(LINE, same, mission=OuterRef("mission"), pk__lt=OuterRef("pk"))
        .order_by()
        .values("mission")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return turns.annotate(position=1 + Coalesce(Subquery(before, output_field=IntegerField()), 0))


def line_of(mission: Mission, turn: Waiting | None = None) -> Line:
    """What the organisation is told of its waiting list, and the person who has a ``turn`` of the line it is in. One query."""
    turns = Waiting.objects.filter(mission=mission) if turn is None else same_line(turn)
    found = turns.filter(LINE).aggregate(all=Count("pk"), offered=Count("pk", filter=Q(state=WaitingState.OFFERED)))
    return Line(found["all"] - found["offered"], found["offered"])


def line_waits(mission_id: int) -> bool:
    """Whether somebody waits for a place of this mission. One query."""
    return Waiting.objects.filter(mission_id=mission_id, state=WaitingState.WAITING).exists()


def has_applied(turn: Waiting) -> bool:
    """Whether the person has an application under way on the mission; for a slot, one that asks for it or holds it. One query."""
    if turn.slot_id is not None:
        return turn.slot_id in slots_counted_on(turn.mission_id, turn.person_id)
    return active_of(turn) is not None


def active_of(turn: Waiting) -> Participation | None:
    """The application that the person of a turn has under way on its mission, if any. One query."""
    return Participation.objects.filter(
        mission_id=turn.mission_id, person_id=turn.person_id, state__in=[str(state) for state in ACTIVE]
    ).first()


def slots_counted_on(mission_id: int, person_id: int) -> set[int]:
    """The slots of a mission that this person waits for an answer about, or holds. One query."""
    counts = Q(participation__state=ParticipationState.PENDING) | Q(granted_at__isnull=False)
    booked = Booking.objects.filter(
        counts, mission_id=mission_id, participation__person_id=person_id, participation__state__in=[str(s) for s in ACTIVE]
    )
    return set(booked.values_list("slot_id", flat=True))


def turns_of(actor: Actor) -> list[Waiting]:
    """One's turns still to come, offers first, each with its position. One query."""
    own = with_positions(turns_visible(actor).filter(LINE, person_id=actor.person_id or 0))
    turns = list(own.select_related("mission__organisation", "slot").order_by("state", "id")[:50])
    for turn in turns:
        if turn.slot is not None:
            turn.slot.mission = turn.mission  # its zone says which hours people read
    return turns
