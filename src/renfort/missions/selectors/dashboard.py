"""What an organisation's dashboard counts (R41), each figure as the list that it opens counts it.

Each part is one question: what the actor may see is said once, and each figure is a range of an index in it. To group the rows
instead would look at every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.kernel.counting import count_all
from renfort.missions.enums import Format, ParticipationState
from renfort.missions.selectors.host_lists import OTHER_STATES, PROPOSED_STATES, host_missions, host_participations, to_close
from renfort.missions.selectors.room import figures

S = ParticipationState
WEEKS = 12
SOON = 7  # days
STATES = [str(state) for state in S]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionFigures:
    """The card MISSIONS, and what to see to first."""

    proposed: int
    left: int
    to_close: int
    short: int  # begin within seven days and have places left


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationFigures:
    """The card PARTICIPATIONS: the parts add up to ``total``; and what has waited."""

    total: int
    pending: int
    accepted: int
    ongoing: int
    done: int
    others: int
    places: int  # taken: by those accepted, those at work, and those done on one-off missions (R34)
    two_days: int  # applications that have waited for an answer for more than two days
    seven_days: int


def mission_figures(actor: Actor, organisation: int) -> MissionFigures:
    """Two queries."""
    now = timezone.now()
    missions = host_missions(actor, organisation, {})
    left, short = figures(organisation, missions, now, soon=now + timedelta(days=SOON))
    counts = count_all(
        proposed=missions.filter(state__in=[str(each) for each in PROPOSED_STATES]), to_close=missions.filter(to_close())
    )
    return MissionFigures(left=left, short=short, **counts)


def participation_figures(actor: Actor, organisation: int) -> ParticipationFigures:
    """One query."""
    now = timezone.now()
    seen, values = _sql(host_participations(actor, organisation, {}), "state", "created_at", "mission_id")
    count = f"(SELECT count(*) FROM ({seen}) seen"  # noqa: S608 -- our own words
    parts = [f"{count} WHERE seen.state = '{state}')" for state in STATES]
    parts += [f"{count} WHERE seen.state = '{S.PENDING}' AND seen.created_at < %s)"] * 2
    parts += [
        f"{count} JOIN missions_mission mission ON mission.id = seen.mission_id "
        f"WHERE seen.state = '{S.DONE}' AND mission.format = '{Format.ONE_OFF}')"
    ]
    moments = [now - timedelta(days=2), now - timedelta(days=7)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), [*values * len(STATES), *values, moments[0], *values, moments[1], *values])
        found = cursor.fetchone()
    counts = dict(zip(STATES, found, strict=False))
    two, seven, kept = found[len(STATES) :]
    return ParticipationFigures(
        total=sum(counts.values()),
        pending=counts[S.PENDING],
        accepted=counts[S.ACCEPTED],
        ongoing=counts[S.ONGOING],
        done=counts[S.DONE],
        others=sum(counts[state] for state in OTHER_STATES),
        places=counts[S.ACCEPTED] + counts[S.ONGOING] + kept,
        two_days=two,
        seven_days=seven,
    )


def weekly(actor: Actor, organisation: int) -> list[tuple[date, int, int]]:
    """The last twelve weeks, the present one among them: their Monday, how many applied, how many were accepted. One query.

    An acceptance counts in the week of the decision, whatever became of it; one that was taken back counts no more.
    """
    today = timezone.localdate()
    mondays = [today - timedelta(days=today.weekday(), weeks=back) for back in range(WEEKS - 1, -2, -1)]
    starts = [timezone.make_aware(datetime.combine(monday, time.min)) for monday in mondays]
    seen, values = _sql(host_participations(actor, organisation, {}), "state", "created_at", "decided_at")
    # the last week is open at its end: so was it when weeks were counted one by one
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT
            (SELECT count(*) FROM ({seen}) seen WHERE seen.created_at >= week.begins AND seen.created_at < week.ends),
            (SELECT count(*) FROM ({seen}) seen
             WHERE seen.decided_at >= week.begins AND seen.decided_at < week.ends
               AND seen.decided_at IS NOT NULL AND NOT (seen.state = '{S.REFUSED}'))
            FROM unnest(%s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY AS week (begins, ends, number) ORDER BY number""",  # noqa: S608 -- our own words
            [*values, *values, starts[:-1], starts[1:]],
        )
        found = cursor.fetchall()
    return [(monday, applied, accepted) for monday, (applied, accepted) in zip(mondays, found, strict=False)]


def _sql(rows: QuerySet[Any], *columns: str) -> tuple[str, list[Any]]:
    """The text and the values of a question, to ask several of the same rows."""
    text, values = rows.order_by().values(*columns).query.sql_with_params()
    return text, list(values)
