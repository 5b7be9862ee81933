"""Days on which somebody works: Monday to Friday. Delays promised to people are counted in them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether offices are open that day; public holidays count as working days, so that nothing is ever promised too early."""
    return day.weekday() < SATURDAY


def working_days_before(moment: datetime, days: int) -> datetime:
    """The same hour so many working days earlier, in the zone of ``moment``: Monday's one is Friday."""
    found = moment
    while days > 0:
        found -= timedelta(days=1)
        days -= is_working_day(found)
    return found
