"""Several facilitators at once, on real connections with real commits (W4). Each race has its control."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from psycopg import errors
from tests.factories.workshops import acting, assignment, facilitator, open_programme, session
from tests.missions.test_race import at_once, kinds

from renfort.kernel.firing import lock_row
from renfort.organisations.enums import Role
from renfort.workshops.models import Enrolment
from renfort.workshops.services import enrolments
from renfort.workshops.services.enrolments import enrol

pytestmark = pytest.mark.race


def last_place(people):
    """So many want the one place of a session."""
    one = session(assignment("awarded"))
    actors = [acting(facilitator(), Role.FACILITATOR) for _ in range(people)]
    outcomes = at_once(*(lambda who=who: enrol(actor=who, session=one) for who in actors))
    return Enrolment.objects.filter(session=one, state="enrolled").count(), outcomes


def test_the_last_place_is_taken_once(own_database):
    open_programme()

    taken, outcomes = last_place(12)

    assert taken == 1
    assert kinds(outcomes) == {"Enrolment": 1, "Refused": 11}


def test_the_last_place_is_taken_twice_without_the_lock(own_database, monkeypatch):
    """The control: with the locks taken out, the race is lost within some rounds."""
    open_programme()
    monkeypatch.setattr(enrolments, "hold_row", lambda row: type(row)._base_manager.get(pk=row.pk))

    rounds = []
    for _ in range(20):
        rounds.append(last_place(8)[0])
        if rounds[-1] > 1:
            break

    assert rounds[-1] > 1


def test_one_person_on_two_sessions_at_once_gets_one(own_database):
    """Two tabs, two sessions at the same hours: the database keeps one of them, and says so in words."""
    open_programme()
    for _ in range(5):
        who = acting(facilitator(), Role.FACILITATOR)
        both = [session(assignment("awarded")) for _ in range(2)]
        outcomes = at_once(*(lambda one=one, who=who: enrol(actor=who, session=one) for one in both))

        assert kinds(outcomes) == {"Enrolment": 1, "Refused": 1}, outcomes


class Stopped:
    """The database stops the first attempts of somebody as it stops one of two who wait for each other."""

    def __init__(self, times):
        self.left = times

    def __call__(self, row):
        if self.left:
            self.left -= 1
            raise OperationalError("deadlock detected") from errors.DeadlockDetected()
        return lock_row(row)


@pytest.mark.parametrize(("times", "ends_as"), [(1, "Enrolment"), (2, "Busy")])
def test_who_is_stopped_by_the_database_is_enrolled_at_the_second_attempt_or_told(own_database, monkeypatch, times, ends_as):
    open_programme()
    one, who = session(assignment("awarded")), acting(facilitator(), Role.FACILITATOR)
    monkeypatch.setattr(enrolments, "hold_row", Stopped(times))

    (outcome,) = at_once(lambda: enrol(actor=who, session=one))

    assert type(outcome).__name__ == ends_as, outcome
    assert Enrolment.objects.filter(session=one).count() == (ends_as == "Enrolment")
    assert ends_as == "Enrolment" or "Réessayez" in str(outcome)
