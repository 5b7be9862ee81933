"""Each process gets its share of what is long, after what is quick."""

from __future__ import annotations

from itertools import chain

from tests.harness.order import dealt

FILES = [["a1", "a2", "a3"], ["b1"], ["c1", "c2"], ["d1"]]
QUICK = [f"q{number}" for number in range(20)]


def test_nothing_is_left_out_and_nothing_comes_twice():
    for count in (2, 3, 8, 40):
        assert sorted(dealt(FILES, [30, 10, 25, 5], QUICK, count)) == sorted([*chain(*FILES), *QUICK])


def test_each_process_begins_with_quick_tests_and_ends_with_whole_files():
    order = dealt(FILES, [30, 10, 25, 5], QUICK, 2)
    half = len(order) // 2
    assert order[half - 4 : half] == ["a1", "a2", "a3", "d1"] and order[-3:] == ["c1", "c2", "b1"]
    assert all(name.startswith("q") for name in [*order[: half - 4], *order[half:-3]])


def test_more_files_than_quick_tests_are_shared_out_too():
    assert dealt(FILES, [30, 10, 25, 5], [], 2) == ["a1", "a2", "a3", "d1", "c1", "c2", "b1"]
