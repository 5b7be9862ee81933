"""Several facilitators at once, on real connections with real commits (W4). Each race has its control."""

from __future__ import annotations

import pytest
from tests.factories.workshops import acting, assignment, facilitator, open_programme, session
from tests.missions.test_race import at_once, kinds

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
