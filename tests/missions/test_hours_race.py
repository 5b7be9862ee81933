"""The same hours said twice at the same moment count once (R33). With its control: without the lock they count twice."""

from __future__ import annotations

import time

import pytest
from tests.factories import actor
from tests.factories.hours import served
from tests.missions.test_race import at_once

from renfort.kernel.firing import Refused
from renfort.kernel.integrity import registered, run
from renfort.missions.models import HoursEntry
from renfort.missions.services import hours as service

pytestmark = pytest.mark.race


def say_twice(monkeypatch):
    """Two browsers of one person send the same form; each is slow between looking and writing."""
    given = served()
    look = service.days_taken

    def slowly(participation):
        found = look(participation)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(service, "days_taken", slowly)
    days = {"first_on": given.mission.starts_on, "last_on": given.mission.ends_on}
    return at_once(
        *(lambda: service.declare(actor=actor(given.person), participation=given, quarters=8, **days) for _ in range(2))
    )


def broken():
    return [f.check.name for f in run([c for c in registered() if c.name == "missions.hours.days"]) if not f.holds]


def test_the_same_hours_said_at_once_count_once(own_database, monkeypatch):
    outcomes = say_twice(monkeypatch)

    assert sorted(type(each).__name__ for each in outcomes) == ["HoursEntry", Refused.__name__]
    assert (HoursEntry.objects.count(), broken()) == (1, [])


def test_without_the_lock_they_would_count_twice(own_database, monkeypatch):
    monkeypatch.setattr(service, "lock_row", lambda obj: type(obj)._base_manager.get(pk=obj.pk))

    say_twice(monkeypatch)

    assert (HoursEntry.objects.count(), broken()) == (2, ["missions.hours.days"])
