"""Departments and regions: a hundred rows, read whole."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


def departments_in_words(codes: Iterable[str], *, most: int = 3) -> str:
    """Return the names of these departments, in French order: « Gironde et Landes », « Gironde, Landes et 3 autres ».

    A region whose departments are all among them stands for them: « Bretagne ». At most one query, remembered.
    """
    wanted = set(codes)
    known = [each for each in departments() if each.code in wanted]
    members: dict[str, set[str]] = {}
    for each in departments():
        if each.region_id:
            members.setdefault(each.region_id, set()).add(each.code)
    names: dict[str, None] = {}
    for each in known:
        whole = each.region is not None and len(members[each.region.code]) > 1 and members[each.region.code] <= wanted
        names[each.region.name if whole and each.region else each.name] = None
    names |= dict.fromkeys(sorted(wanted - {each.code for each in known}))  # reference data not loaded: the code alone
    said = list(names)
    if len(said) > most:
        rest = len(said) - most + 1
        return ngettext("%(names)s et %(n)d autre", "%(names)s et %(n)d autres", rest) % {
            "names": ", ".join(said[: most - 1]),
            "n": rest,
        }
    return _("%(names)s et %(last)s") % {"names": ", ".join(said[:-1]), "last": said[-1]} if len(said) > 1 else "".join(said)


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
