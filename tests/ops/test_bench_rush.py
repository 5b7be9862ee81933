"""The rush of ``bench apply`` and the locks of ``bench deadlock``, small; and what the rush finds without the lock."""

from __future__ import annotations

import pytest

from renfort.ops.bench import apply, deadlock

pytestmark = pytest.mark.slow


def test_places_are_never_exceeded_and_everybody_is_told(own_database):
    result = apply.run(people=40, at_once=20, places=3, managers=8, database=own_database)
    assert result["taken"] == 3
    assert result["duplicates"] == 0
    assert result["server_errors"] == 0
    assert (result["told"], result["unexplained"], result["accept_unexplained"]) == (40, 0, 0)
    assert result["integrity"] == []


def test_without_the_lock_the_rush_overfills(own_database):
    """The negative control: the benchmark can fail."""
    result = apply.run(people=40, at_once=4, places=3, managers=16, without_lock=True, database=own_database)
    assert result["taken"] > 3, "the lock was out and nothing happened: the rush proves nothing"
    assert "missions.places" in result["integrity"]


def test_accepting_against_cancelling_never_deadlocks(own_database):
    result = deadlock.run(times=60, database=own_database)
    assert (result["busy"], result["deadlocks"], result["cascaded"]) == (0, 0, 60)
    assert result["accepted"] + result["too_late"] == 60
    assert result["integrity"] == []
