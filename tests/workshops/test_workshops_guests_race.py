"""Several participants at once, on real connections with real commits (W6). The race has its control."""

from __future__ import annotations

from threading import Barrier

import pytest
from tests.factories.workshops import assignment, open_programme, session
from tests.missions.test_race import at_once

from renfort.workshops.services import registrations
from renfort.workshops.services.registrations import Guest, join

pytestmark = pytest.mark.race


def last_seat(people):
    """So many want the one seat of a session; how they stand afterwards."""
    one = session(assignment("awarded", audience="company"), participants=1)
    outcomes = at_once(
        *(lambda n=n: join(session=one, guest=Guest(email=f"p{n}@example.org", first_name="Awa")) for n in range(people))
    )
    return sorted(one.registrations.values_list("state", "seat_order")), outcomes


def test_the_last_seat_is_taken_once_and_the_others_wait_in_line(own_database):
    open_programme()

    stands, outcomes = last_seat(6)

    assert outcomes == [None] * 6
    assert [state for state, _rank in stands] == ["confirmed", *["waiting"] * 5]
    assert sorted(rank for state, rank in stands if state == "waiting") == [1, 2, 3, 4, 5]


def test_the_last_seat_is_taken_twice_without_the_locks(own_database, monkeypatch):
    """The control: without locks, both have counted the seats before either writes; each waits for the other, not for a time."""
    open_programme()
    both, count = Barrier(2, timeout=30), registrations.expected

    def counted(one):
        taken = count(one)
        both.wait()
        return taken

    monkeypatch.setattr(registrations, "hold_row", lambda row: type(row)._base_manager.get(pk=row.pk))
    monkeypatch.setattr(registrations, "expected", counted)

    stands, _outcomes = last_seat(2)

    assert [state for state, _rank in stands] == ["confirmed", "confirmed"]
