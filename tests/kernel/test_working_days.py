"""Delays in working days (R52) leave out weekends and public holidays, those of the department too.

The days are those that service-public.fr publishes (« jours fériés ») for 2023 to 2028; the local ones those of article L3134-13
of the labour code (Alsace and Moselle) and of decree 83-1003 (abolition of slavery).
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from renfort.kernel.working_days import easter, is_working_day, public_holidays, working_days_before

PUBLISHED = {  # Easter Monday, Ascension, Whit Monday
    2023: ("04-10", "05-18", "05-29"),
    2024: ("04-01", "05-09", "05-20"),
    2025: ("04-21", "05-29", "06-09"),
    2026: ("04-06", "05-14", "05-25"),
    2027: ("03-29", "05-06", "05-17"),
    2028: ("04-17", "05-25", "06-05"),
}
EACH_YEAR = ("01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25")
LOCAL = [
    ("57", "2026-04-03"), ("67", "2026-04-03"), ("68", "2026-12-26"), ("971", "2026-05-27"), ("972", "2026-05-22"),
    ("973", "2026-06-10"), ("974", "2024-12-20"), ("976", "2026-04-27"),
]  # fmt: skip


@pytest.mark.parametrize("year", sorted(PUBLISHED))
def test_the_public_holidays_of_the_country_are_those_published(year):
    wanted = {f"{year}-{day}" for day in (*EACH_YEAR, *PUBLISHED[year])}

    assert {day.isoformat() for day in public_holidays(year)} == wanted


@pytest.mark.parametrize(("year", "day"), [(1961, "04-02"), (2000, "04-23"), (2008, "03-23"), (2038, "04-25")])
def test_easter_is_right_in_far_and_extreme_years(year, day):
    assert easter(year) == date.fromisoformat(f"{year}-{day}")


@pytest.mark.parametrize(("department", "day"), LOCAL)
def test_a_departments_own_holiday_counts_there_and_nowhere_else(department, day):
    when = date.fromisoformat(day)

    assert when in public_holidays(when.year, department)
    assert when not in public_holidays(when.year) | public_holidays(when.year, "33")


def test_a_holiday_is_no_working_day_by_date_and_by_moment():
    assert not is_working_day(date(2026, 5, 14))
    assert not is_working_day(datetime.fromisoformat("2026-05-14T09:00"))
    assert is_working_day(date(2026, 5, 15))
    assert is_working_day(date(2026, 4, 3)) and not is_working_day(date(2026, 4, 3), "67")


@pytest.mark.parametrize(
    ("moment", "days", "department", "wanted"),
    [
        ("2026-11-23T09:00", 1, "", "2026-11-20"),  # a Monday
        ("2026-11-12T09:00", 1, "", "2026-11-10"),  # after the Armistice
        ("2026-04-07T09:00", 2, "", "2026-04-02"),  # over Easter
        ("2026-04-07T09:00", 2, "67", "2026-04-01"),  # where Good Friday is one too
        ("2027-01-04T09:00", 5, "", "2026-12-24"),  # over the New Year and Christmas: 31, 30, 29, 28, 24
        ("2026-05-28T09:00", 2, "971", "2026-05-22"),  # over Whit Monday and the abolition
    ],
)
def test_delays_are_counted_over_holidays(moment, days, department, wanted):
    found = working_days_before(datetime.fromisoformat(moment), days, department)

    assert (found.date().isoformat(), found.hour) == (wanted, 9)
