"""When somebody is expected on a mission, in days of the place: the one function that papers, hours and calendars ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from renfort.missions.models import Mission, Participation


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Some days in a row, both included."""

    first_on: date
    last_on: date


def today_of(mission: Mission) -> date:
    """The day that it is where the mission takes place."""
    return timezone.now().astimezone(ZoneInfo(mission.zone)).date()


def occurrences_of(participation: Participation) -> list[Occurrence]:
    """When this person is expected; nothing while the mission has no dates. Needs the mission. No query."""
    mission = participation.mission
    if mission.starts_on is None or mission.ends_on is None:
        return []
    return [Occurrence(mission.starts_on, mission.ends_on)]


def days_so_far(participation: Participation) -> Occurrence | None:
    """The days for which hours can be said: from the first day to the last, or to today while it lasts; None before."""
    expected = occurrences_of(participation)
    if not expected:
        return None
    first = min(each.first_on for each in expected)
    last = min(max(each.last_on for each in expected), today_of(participation.mission))
    return Occurrence(first, last) if first <= last else None


def unsaid_days(so_far: Occurrence, taken: list[tuple[date, date]]) -> Occurrence | None:
    """The days after the last ones said, which a form proposes; None when all are said."""
    first = max([so_far.first_on, *(last + timedelta(days=1) for _first, last in taken)])
    return Occurrence(first, so_far.last_on) if first <= so_far.last_on else None


def all_said(so_far: Occurrence, taken: list[tuple[date, date]]) -> bool:
    """Whether every day so far has its hours; entries share no day."""
    return sum((last - first).days + 1 for first, last in taken) > (so_far.last_on - so_far.first_on).days
