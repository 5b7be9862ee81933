"""The days on which somebody is expected, as papers and hours count them: days of the place (R33, R35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from renfort.missions.models import Mission, Participation
from renfort.missions.selectors.occurrences import occurrences_of


@dataclass(frozen=True, slots=True)
class Days:
    """Some days in a row, both included."""

    first_on: date
    last_on: date


def today_of(mission: Mission) -> date:
    """The day that it is where the mission takes place."""
    return timezone.now().astimezone(ZoneInfo(mission.zone)).date()


def days_of(participation: Participation) -> list[Days]:
    """When this person is expected; nothing while the mission has no dates. Needs the mission; one query with slots."""
    found = []
    for each in occurrences_of(participation):
        first, last = (moment.date() if isinstance(moment, datetime) else moment for moment in (each.starts, each.ends))
        ends_at_midnight = isinstance(each.ends, datetime) and each.ends.time() == time() and last > first
        found.append(Days(first, last - timedelta(days=1) if ends_at_midnight else last))
    return found


def days_so_far(participation: Participation) -> Days | None:
    """The days for which hours can be said: from the first day to the last, or to today while it lasts; None before."""
    expected = days_of(participation)
    if not expected:
        return None
    first = min(each.first_on for each in expected)
    last = min(max(each.last_on for each in expected), today_of(participation.mission))
    return Days(first, last) if first <= last else None


def unsaid_days(so_far: Days, taken: list[tuple[date, date]]) -> Days | None:
    """The days after the last ones said, which a form proposes; None when all are said."""
    first = max([so_far.first_on, *(last + timedelta(days=1) for _first, last in taken)])
    return Days(first, so_far.last_on) if first <= so_far.last_on else None


def all_said(so_far: Days, taken: list[tuple[date, date]]) -> bool:
    """Whether every day so far has its hours; entries share no day."""
    return sum((last - first).days + 1 for first, last in taken) > (so_far.last_on - so_far.first_on).days
