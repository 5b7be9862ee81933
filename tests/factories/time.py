"""Days around today, and another now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")


def today(zone: ZoneInfo = PARIS) -> date:
    """The day that it is in Paris, or in another zone."""
    return timezone.now().astimezone(zone).date()


def at_hour(of_the_day: int, *, day: int = 0) -> datetime:
    """That hour, in UTC, of the day that it is in Paris, or in so many days: shortly before midnight UTC that is tomorrow's."""
    return datetime.combine(today(), time(of_the_day), UTC) + timedelta(days=day)


def days(count: int) -> timedelta:
    """So many days."""
    return timedelta(days=count)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be another moment for everything that asks Django what time it is; the clock is an edge of the system."""
    with patch("django.utils.timezone.now", lambda: moment):
        yield


def limits_wait(seconds: float) -> None:
    """Let so many seconds pass for every rate limit: they count by the database's clock, which no test can turn."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_spent SET free_at = free_at - %s * interval '1 second'", [seconds])
