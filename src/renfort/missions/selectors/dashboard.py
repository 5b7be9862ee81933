"""What an organisation's dashboard counts (R41), each figure as the list that it opens counts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Case, Count, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate, TruncWeek
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.missions.enums import Format, MissionState, ParticipationState
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
        proposed=Count("pk", filter=Q(state__in=[str(each) for each in PROPOSED_STATES])),
        to_close=Count("pk", filter=to_close()),
        left=Coalesce(Sum("room", filter=Q(room__gt=0)), 0),
        short=Count("pk", filter=soon & Q(room__gt=0)),
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
        two=Count("pk", filter=Q(created_at__lt=now - timedelta(days=2))),
        seven=Count("pk", filter=Q(created_at__lt=now - timedelta(days=7))),
    )
    return found["two"], found["seven"]


def weekly(actor: Actor, organisation: int) -> list[tuple[date, int, int]]:
    """The last twelve weeks, the present one among them: their Monday, how many applied, how many were accepted. Two queries.

    An acceptance counts in the week of the decision, whatever became of it; one that was taken back counts no more.
    """
    today = timezone.localdate()
    mondays = [today - timedelta(days=today.weekday(), weeks=back) for back in range(WEEKS - 1, -1, -1)]
    first = timezone.make_aware(datetime.combine(mondays[0], datetime.min.time()))
    participations = host_participations(actor, organisation, {})
    applied = _by_week(participations.filter(created_at__gte=first), "created_at")
    accepted = _by_week(participations.filter(decided_at__gte=first).exclude(state=S.REFUSED), "decided_at")
    return [(monday, applied.get(monday, 0), accepted.get(monday, 0)) for monday in mondays]


def _by_week(rows: object, name: str) -> Mapping[date, int]:
    weeks = rows.order_by().annotate(monday=TruncDate(TruncWeek(name))).values_list("monday")  # type: ignore[attr-defined]
    return dict(weeks.annotate(Count("pk")))
