"""Days on which somebody works: Monday to Friday but the public holidays. Delays promised to people are counted in them.

The holidays of the whole country are those of article L3133-1 of the labour code. A department may have more: Good Friday and
Saint Stephen's in Alsace and Moselle (L3134-13), the day of the abolition of slavery overseas (L3422-2, decree 83-1003).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

SATURDAY = 5
EVERYWHERE = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))  # month, day
AFTER_EASTER = (1, 39, 50)  # days: Easter Monday, Ascension, Whit Monday
ALSACE_MOSELLE = ("57", "67", "68")
GOOD_FRIDAY, SAINT_STEPHEN = -2, (12, 26)
ABOLITION = {  # by department or territory: month, day
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
    "977": (10, 9),
    "978": (5, 28),
}


def easter(year: int) -> date:
    """Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher's rule)."""
    century, of_century = divmod(year, 100)
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def public_holidays(year: int, department: str = "") -> frozenset[date]:
    """The public holidays of a year, in a department (its code, « 67 », « 974 ») or those of the whole country."""
    sunday = easter(year)
    found = {date(year, month, day) for month, day in EVERYWHERE}
    found |= {sunday + timedelta(days=after) for after in AFTER_EASTER}
    if department in ALSACE_MOSELLE:
        found |= {sunday + timedelta(days=GOOD_FRIDAY), date(year, *SAINT_STEPHEN)}
    if department in ABOLITION:
        found.add(date(year, *ABOLITION[department]))
    return frozenset(found)


def is_working_day(day: date, department: str = "") -> bool:
    """Whether offices are open that day in a department; without one, in most of the country."""
    plain = day.date() if isinstance(day, datetime) else day
    return plain.weekday() < SATURDAY and plain not in public_holidays(plain.year, department)


def working_days_before(moment: datetime, days: int, department: str = "") -> datetime:
    """The same hour so many working days earlier, in the zone of ``moment``: Monday's one is Friday, unless it was a holiday."""
    found = moment
    while days > 0:
        found -= timedelta(days=1)
        days -= is_working_day(found, department)
    return found
