"""The map of the country, department by department, for drawing on the server (decisions 27 and 28)."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import cos, log, pi, radians, sin, tan
from pathlib import Path

EARTH, DEGREE = 6371.0, 111.195  # km: the radius of the earth, a degree of latitude
DISCS = frozenset({"975", "977", "978", "986", "987", "988"})
DISC = 14
DRAWING = Path(__file__).resolve().parents[1] / "data" / "outlines.json.gz"


@dataclass(frozen=True, kw_only=True)
class Outline:
    """One department as an SVG path in the drawing's units; a figure can stand at (x, y)."""

    code: str
    name: str
    path: str
    x: int
    y: int


@dataclass(frozen=True, kw_only=True)
class CountryMap:
    """The whole drawing. `magnified` shows Paris and its neighbours a second time, large enough to be pointed at.

    The overseas departments stand at the left, each at its own scale; the overseas collectivities are discs.
    """

    view_box: str
    outlines: tuple[Outline, ...]
    magnified: tuple[Outline, ...]
    plan: Mapping[str, tuple[float, float, float]]  # scale, right, down; "": the mainland, else an overseas department

    def point(self, department: str, latitude: float, longitude: float) -> tuple[float, float]:
        """Return where a place of a department lies in the drawing; a collectivity drawn as a disc has its middle.

        Degrees of WGS 84.
        """
        disc = next((each for each in self.outlines if each.code == department and is_disc(department)), None)
        if disc is not None:
            return float(disc.x), float(disc.y)
        scale, right, down = self.plan.get(department) or self.plan[""]
        x, y = flat(longitude, latitude) if department in self.plan else conic(longitude, latitude)
        return x * scale + right, y * scale + down

    def kilometre(self, department: str) -> float:
        """Return how long a kilometre is in the drawing of a department."""
        if department in self.plan:
            return self.plan[department][0] / DEGREE
        return self.plan[""][0] / EARTH

    def box(self, department: str) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of a department's outline; the whole drawing for an unknown code."""
        found = next((each for each in self.outlines if each.code == department), None)
        if found is None:
            left, top, width, height = map(float, self.view_box.split())
            return left, top, left + width, top + height
        if is_disc(department):
            return found.x - DISC, found.y - DISC, found.x + DISC, found.y + DISC
        return _box(found.path)


def is_disc(department: str) -> bool:
    """Whether a code is that of a collectivity without contour."""
    return department in DISCS


def conic(longitude: float, latitude: float) -> tuple[float, float]:
    """Return plane coordinates in the spherical Lambert conic of the drawing (tools/geography/outlines.py), y downwards."""
    first, second, origin = radians(44), radians(49), radians(46.5)
    power = log(cos(first) / cos(second)) / log(tan(pi / 4 + second / 2) / tan(pi / 4 + first / 2))
    factor = cos(first) * tan(pi / 4 + first / 2) ** power / power
    radius = factor / tan(pi / 4 + radians(max(-89.0, latitude)) / 2) ** power
    middle = factor / tan(pi / 4 + origin / 2) ** power
    angle = power * radians(longitude - 3)
    return radius * sin(angle), radius * cos(angle) - middle


def flat(longitude: float, latitude: float) -> tuple[float, float]:
    """Return plane coordinates good enough for one island, in degrees of latitude, y downwards."""
    return longitude * cos(radians(latitude)), -latitude


def _corners(path: str) -> Iterator[tuple[int, int]]:
    """Every corner of a path of relative lines."""
    for start, steps in re.findall(r"M(-?\d+ ?-?\d+)l([^z]*)z", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        x, y = (int(number) for number in re.findall(r"-?\d+", start))
        for right, down in zip([0, *numbers[::2]], [0, *numbers[1::2]], strict=True):
            x, y = x + right, y + down
            yield x, y


@cache
def _box(path: str) -> tuple[float, float, float, float]:
    """The bounds of a path of relative lines."""
    xs, ys = zip(*_corners(path), strict=True)
    return float(min(xs)), float(min(ys)), float(max(xs)), float(max(ys))


def neighbours(department: str) -> frozenset[str]:
    """Return the codes of the departments that touch this one, itself left out; none for an island or an unknown code."""
    return _neighbours().get(department, frozenset())


@cache
def _neighbours() -> Mapping[str, frozenset[str]]:
    """Who shares a corner of the drawing with whom: neighbours were cut along one line. The lens shows the small ones."""
    found: dict[str, set[str]] = {}
    for drawing in (country_map().outlines, country_map().magnified):
        at: dict[tuple[int, int], set[str]] = {}
        for each in drawing:
            for corner in _corners(each.path):
                at.setdefault(corner, set()).add(each.code)
        for codes in at.values():
            for code in codes:
                found.setdefault(code, set()).update(codes - {code})
    return {code: frozenset(codes) for code, codes in found.items()}


@cache
def country_map() -> CountryMap:
    """Return the map that the package ships; read once in a process, without a query."""
    drawing = json.loads(gzip.decompress(DRAWING.read_bytes()))
    return CountryMap(
        view_box=drawing["view_box"],
        plan={code: tuple(numbers) for code, numbers in drawing["plan"].items()},
        outlines=tuple(Outline(**each) for each in drawing["outlines"]),
        magnified=tuple(Outline(**each) for each in drawing["magnified"]),
    )


def outlines() -> list[Outline]:
    """Return the outline of every department and overseas collectivity, once each."""
    return list(country_map().outlines)
