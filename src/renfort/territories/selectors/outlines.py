"""The map of the country, department by department, for drawing on the server (decisions 27 and 28)."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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


@cache
def country_map() -> CountryMap:
    """Return the map that the package ships; read once in a process, without a query."""
    drawing = json.loads(gzip.decompress(DRAWING.read_bytes()))
    return CountryMap(
        view_box=drawing["view_box"],
        outlines=tuple(Outline(**each) for each in drawing["outlines"]),
        magnified=tuple(Outline(**each) for each in drawing["magnified"]),
    )


def outlines() -> list[Outline]:
    """Return the outline of every department and overseas collectivity, once each."""
    return list(country_map().outlines)
