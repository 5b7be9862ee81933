"""Where postcodes lie, and which are near (W4): from the communes that territories know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt
from statistics import fmean

from renfort.territories.models import Postcode

EARTH = 6371.0  # kilometres
DEGREE = 111.0  # kilometres of a degree of latitude
Point = tuple[float, float]  # latitude, longitude


def distance(one: Point, other: Point) -> float:
    """Kilometres as the crow flies."""
    latitude, longitude = radians(other[0] - one[0]), radians(other[1] - one[1])
    part = sin(latitude / 2) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(longitude / 2) ** 2
    return 2 * EARTH * asin(sqrt(part))


def centres(postcodes: Iterable[str]) -> dict[str, tuple[str, float, float]]:
    """The department and the middle of each postcode that is known. One query."""
    found: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    rows = Postcode.objects.filter(code__in={each for each in postcodes if each}).values_list(
        "code", "commune__department", "commune__latitude", "commune__longitude"
    )
    for code, department, latitude, longitude in rows.order_by("code", "commune"):
        found[code].append((department, latitude, longitude))
    return {
        code: (places[0][0], fmean(each[1] for each in places), fmean(each[2] for each in places))
        for code, places in found.items()
    }


def postcodes_near(middle: Point, kilometres: float) -> dict[str, float]:
    """The postcodes within so many kilometres of a point, each with its distance (of its nearest commune). One query."""
    north = kilometres / DEGREE
    east = north / max(cos(radians(middle[0])), 0.1)
    rows = Postcode.objects.filter(
        commune__latitude__range=(middle[0] - north, middle[0] + north),
        commune__longitude__range=(middle[1] - east, middle[1] + east),
    ).values_list("code", "commune__latitude", "commune__longitude")
    found: dict[str, float] = {}
    for code, latitude, longitude in rows:
        away = distance(middle, (latitude, longitude))
        if away <= kilometres:
            found[code] = min(away, found.get(code, kilometres))
    return found
