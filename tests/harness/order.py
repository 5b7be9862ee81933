"""The order in which several processes do the tests, as a pytest plugin: nobody waits for another at the end.

With ``--dist worksteal`` each process gets as many tests, one after the other as they stand, and one that has nothing left takes
from the end of another's. So each gets its share of quick tests first, then whole files of browser tests, the longest first (a
file's site is then built once and its shapes of pages are read once). Quick tests cannot follow: the browser's event loop runs in
the process until its end, and whatever starts one of its own (the worker's tests) fails beside it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar

import pytest

T = TypeVar("T")
# seconds of a processor that one test takes, about; only the order depends on it
USUAL = 10
LONG = {"test_every_page.py": 40, "test_apply_and_serve.py": 30, "test_slots_walk.py": 30, "test_team_walk.py": 25}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the tests of this run for its processes."""
    count = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0"))
    if count > 1:
        long = [item for item in items if item.get_closest_marker("browser")]
        quick = sorted(set_aside(items, long), key=lambda item: item.get_closest_marker("slow") is None)
        files = [list(some) for _, some in groupby(long, key=lambda item: item.path)]
        weights = [sum(LONG.get(item.path.name, USUAL) for item in some) for some in files]
        items[:] = dealt(files, weights, quick, count)


def set_aside(items: Sequence[T], some: Sequence[T]) -> list[T]:
    """The others, as they stand."""
    known = set(map(id, some))
    return [item for item in items if id(item) not in known]


def dealt(files: list[list[T]], weights: list[int], quick: list[T], count: int) -> list[T]:
    """One order, which cut into ``count`` equal parts gives each about the same work: quick tests first, heavy files after."""
    heavy: list[list[T]] = [[] for _ in range(count)]
    loads = [0] * count
    for _, place in sorted((-weight, place) for place, weight in enumerate(weights)):
        lightest = loads.index(min(loads))
        heavy[lightest] += files[place]
        loads[lightest] += weights[place]
    left, total, order = list(quick), sum(map(len, heavy)) + len(quick), []
    for place, mine in enumerate(heavy):
        size = (total - len(order)) // (count - place)
        taken = max(0, size - len(mine))
        order += left[:taken] + mine
        del left[:taken]
    return order + left
