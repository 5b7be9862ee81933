"""The waiting list of a full mission: whose turn, which place in it, how many places are promised (R60)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, cast

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from renfort.kernel.actors import Actor
from renfort.missions.enums import ACTIVE, IN_LINE, ParticipationState, WaitingState
from renfort.missions.models import Mission, Participation, Waiting
from renfort.missions.selectors.participation import taking_place
from renfort.people.models import Person

LINE = Q(state__in=[str(state) for state in IN_LINE])

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
    return Q(pk__in=RawSQL(DUE, [now]))  # noqa: S611 -- our own SQL, the value is a parameter


def with_promised(missions: QuerySet[Mission]) -> QuerySet[Mission]:
    """Annotate ``promised_now``: the places that people in the waiting list come first for."""
    counted = (
        Waiting.objects.filter(LINE, mission=OuterRef("pk")).order_by().values("mission").annotate(n=Count("pk")).values("n")
    )
    return missions.annotate(promised_now=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def promised(mission: Mission) -> int:
    """How many people in line come first for a free place; as annotated, else one query."""
    annotated = getattr(mission, "promised_now", None)
    return cast(int, annotated) if annotated is not None else Waiting.objects.filter(LINE, mission=mission).count()


def offered(mission: Mission) -> int:
    """The places of a mission that offers hold now. One query."""
    return Waiting.objects.filter(mission=mission, state=WaitingState.OFFERED).count()


def is_first(turn: Waiting) -> bool:
    """Whether nobody still waits before this turn. One query."""
    return not Waiting.objects.filter(mission_id=turn.mission_id, state=WaitingState.WAITING, pk__lt=turn.pk).exists()


def free_for_line(mission: Mission) -> int:
    """The places that can be offered: neither taken, nor offered, nor asked for by who applied before. Two queries."""
    pending = Q(state=ParticipationState.PENDING)
    held = Participation.objects.filter(taking_place() | pending, mission=mission).count()
    return mission.places - held - offered(mission)


def turn_of(mission: Mission, person: Person | None) -> Waiting | None:
    """The turn that somebody has in the line of a mission, if any. One query."""
    return Waiting.objects.filter(LINE, mission=mission, person=person).first() if person is not None else None


def position_of(turn: Waiting) -> int:
    """1 for who is next. One query; none once annotated by ``with_positions``."""
    annotated = getattr(turn, "position", None)
    if annotated is not None:
        return cast(int, annotated)
    return 1 + Waiting.objects.filter(LINE, mission_id=turn.mission_id, pk__lt=turn.pk).count()


def with_positions(turns: QuerySet[Waiting]) -> QuerySet[Waiting]:
    """Annotate ``position``, 1 for who is next."""
    before: Any = (
        Waiting.objects.filter(LINE, mission=OuterRef("mission"), pk__lt=OuterRef("pk"))
        .order_by()
        .values("mission")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return turns.annotate(position=1 + Coalesce(Subquery(before, output_field=IntegerField()), 0))


def line_of(mission: Mission) -> Line:
    """What the organisation is told of its waiting list. One query."""
    found = Waiting.objects.filter(LINE, mission=mission).aggregate(
        all=Count("pk"), offered=Count("pk", filter=Q(state=WaitingState.OFFERED))
    )
    return Line(found["all"] - found["offered"], found["offered"])


def line_waits(mission_id: int) -> bool:
    """Whether somebody waits for a place of this mission. One query."""
    return Waiting.objects.filter(mission_id=mission_id, state=WaitingState.WAITING).exists()


def has_applied(turn: Waiting) -> bool:
    """Whether the person has an application under way on the mission. One query."""
    return Participation.objects.filter(
        mission_id=turn.mission_id, person_id=turn.person_id, state__in=[str(state) for state in ACTIVE]
    ).exists()


def turns_of(actor: Actor) -> list[Waiting]:
    """One's turns still to come, offers first, each with its position. One query."""
    own = with_positions(turns_visible(actor).filter(LINE, person_id=actor.person_id or 0))
    return list(own.select_related("mission__organisation").order_by("state", "id")[:50])
