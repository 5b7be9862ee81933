"""Small questions on persons that forms, services and upper storeys all ask."""

from __future__ import annotations

from datetime import date

OLDEST = 120  # years: beyond, the year was mistyped


def age_on(birth_date: date, day: date) -> int:
    """Years completed on ``day``. Somebody born on 29 February is a year older on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
