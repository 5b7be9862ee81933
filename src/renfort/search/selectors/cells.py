"""The grid: tenths of a degree, so that « within 20 km » is a short list of whole numbers and one index (docs/adr/0013)."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, floor, radians

KILOMETRES = 111.195  # of one degree of latitude
STEPS = 10  # cells of a degree
ROW = 360 * STEPS  # cells around the earth
FARTHEST = 200  # km: beyond, people mean a region


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A place and how far around it, in km; degrees of WGS 84."""

    latitude: float
    longitude: float
    radius: float


def cell_of(latitude: float, longitude: float) -> int:
    """The cell in which a point lies; the database computes the same (``services``)."""
    return floor((latitude + 90) * STEPS) * ROW + floor((longitude + 180) * STEPS)


def cells_around(circle: Circle) -> list[int]:
    """The cells that a circle touches, and those of the corners around it: some 2,300 for 200 km in the north of France."""
    high = circle.radius / KILOMETRES
    south, north = max(-90.0, circle.latitude - high), min(90.0, circle.latitude + high)
    widest = cos(radians(min(89.0, max(abs(south), abs(north)))))  # degrees of longitude are shortest at the pole's side
    wide = min(180.0, high / widest)
    rows = range(floor((south + 90) * STEPS), floor((north + 90) * STEPS) + 1)
    first, last = floor((circle.longitude - wide + 180) * STEPS), floor((circle.longitude + wide + 180) * STEPS)
    columns = sorted({column % ROW for column in range(first, last + 1)})  # around the date line too: Wallis lies near it
    return [row * ROW + column for row in rows for column in columns]
