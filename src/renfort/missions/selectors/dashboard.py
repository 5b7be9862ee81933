"""What an organisation's dashboard counts (R41), each figure as the list that it opens counts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Count, DateTimeField, F, Func, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.missions.enums import Format, MissionState, ParticipationState
from renfort.missions.models import Participation
from renfort.missions.selectors.host_lists import (
    OTHER_STATES,
    PROPOSED_STATES,
    by_state,
    host_missions,
    host_participations,
    online,
    to_close,
    with_left,
)

M, S = MissionState, ParticipationState
WEEKS = 12
SOON = 7  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionFigures:
    """The card MISSIONS, and what to see to first."""

    proposed: int
    left: int
    to_close: int
    short: int  # begin within seven days and have places left


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationFigures:
    """The card PARTICIPATIONS: the parts add up to ``total``."""

    total: int
    pending: int
    accepted: int
    ongoing: int
    done: int
    others: int
    places: int  # taken: by those accepted, those at work, and those done on one-off missions (R34)


def mission_figures(actor: Actor, organisation: int) -> MissionFigures:
    """One query."""
    now = timezone.now()
    soon = online(now) & Q(begins_at__gt=now, begins_at__lte=now + timedelta(days=SOON))
    room = Case(When(online(now), then=F("left")), default=Value(0), output_field=IntegerField())
    missions = with_left(host_missions(actor, organisation, {})).annotate(room=room)
    found = missions.aggregate(
        proposed=Count("state", filter=Q(state__in=[str(each) for each in PROPOSED_STATES])),
        to_close=Count("state", filter=to_close()),
        left=Coalesce(Sum(Greatest("room", 0)), 0),  # each mission is looked at once
        short=Count("state", filter=soon & Q(room__gt=0)),
    )
    return MissionFigures(**found)


def participation_figures(actor: Actor, organisation: int) -> ParticipationFigures:
    """Two queries."""
    participations = host_participations(actor, organisation, {})
    counts = by_state(participations)
    kept = participations.filter(state=S.DONE, mission__format=Format.ONE_OFF).count()
    return ParticipationFigures(
        total=sum(counts.values()),
        pending=counts.get(S.PENDING, 0),
        accepted=counts.get(S.ACCEPTED, 0),
        ongoing=counts.get(S.ONGOING, 0),
        done=counts.get(S.DONE, 0),
        others=sum(counts.get(state, 0) for state in OTHER_STATES),
        places=counts.get(S.ACCEPTED, 0) + counts.get(S.ONGOING, 0) + kept,
    )


def waiting_long(actor: Actor, organisation: int) -> tuple[int, int]:
    """How many applications have waited for more than two days, and for more than seven. One query."""
    now = timezone.now()
    pending = host_participations(actor, organisation, {"statut": S.PENDING})
    found = pending.aggregate(
        two=Count("state", filter=Q(created_at__lt=now - timedelta(days=2))),
        seven=Count("state", filter=Q(created_at__lt=now - timedelta(days=7))),
    )
    return found["two"], found["seven"]


def weekly(actor: Actor, organisation: int) -> list[tuple[date, int, int]]:
    """The last twelve weeks, the present one among them: their Monday, how many applied, how many were accepted. Two queries.

    An acceptance counts in the week of the decision, whatever became of it; one that was taken back counts no more.
    """
    today = timezone.localdate()
    mondays = [today - timedelta(days=today.weekday(), weeks=back) for back in range(WEEKS - 1, -1, -1)]
    starts = [timezone.make_aware(datetime.combine(monday, time.min)) for monday in mondays]
    participations = host_participations(actor, organisation, {})
    applied = _by_week(participations.filter(created_at__gte=starts[0]), "created_at", starts)
    accepted = _by_week(participations.filter(decided_at__gte=starts[0]).exclude(state=S.REFUSED), "decided_at", starts)
    return [(monday, applied.get(week, 0), accepted.get(week, 0)) for week, monday in enumerate(mondays, 1)]


def _by_week(rows: QuerySet[Participation], name: str, starts: list[datetime]) -> dict[int, int]:
    """How many rows have their moment in which week, counted from 1. Cheaper than to cut each moment to its week."""
    bounds = Value(starts, output_field=ArrayField(DateTimeField()))
    week = Func(F(name), bounds, function="width_bucket", output_field=IntegerField())
    return dict(rows.order_by().annotate(week=week).values_list("week").annotate(n=Count("*")))
