"""Departments and regions: a hundred rows, read whole."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from renfort.kernel.recent import recent
from renfort.territories.models import Department, Region

CAPITAL = "Europe/Paris"


def in_french_order(code: str) -> tuple[int, str]:
    """Return the key that sorts department codes as the French do: 01 … 19, 2A, 2B, 21 … 95, then overseas."""
    corsica = {"2A": 20, "2B": 20}
    return corsica.get(code) or (int(code) if code.isdecimal() else 0), code


def departments() -> list[Department]:
    """Return the departments and overseas collectivities in French order, with their regions (decision 28)."""
    return list(_departments())


@recent(60)  # reference data: only an upgrade changes it
def _departments() -> tuple[Department, ...]:
    return tuple(sorted(Department.objects.select_related("region"), key=lambda each: in_french_order(each.code)))


def regions() -> list[Region]:
    """Return the 18 regions in French alphabetical order."""
    return list(Region.objects.all())


def zone_of(department_code: str) -> ZoneInfo:
    """Return the time zone of a department: a mission's dates are compared there (decision 30).

    An unknown code has the capital's zone: a clock is always needed, and most departments share that one.
    """
    if not department_code.isalnum():  # also keeps out what PostgreSQL refuses in a text
        return ZoneInfo(CAPITAL)
    zone = Department.objects.filter(code=department_code.upper()).values_list("zone", flat=True).first()
    return ZoneInfo(zone or CAPITAL)
