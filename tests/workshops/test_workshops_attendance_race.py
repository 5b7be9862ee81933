"""Several phones at once, on real connections with real commits (W6). Each race has its control."""

from __future__ import annotations

from threading import Barrier
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from tests.factories.workshops import acting, assignment, enrolment, facilitator, open_programme, registration
from tests.missions.test_race import at_once, kinds
from tests.workshops.test_workshops_attendance import now_session

from renfort.organisations.enums import Role
from renfort.workshops.models import Mark
from renfort.workshops.services import attendance as day
from renfort.workshops.services.attendance import Arrival, Tap

pytestmark = pytest.mark.race


def room(phones):
    one = now_session(assignment("awarded"), leads=phones)
    helpers = [facilitator() for _ in range(phones)]
    for each in helpers:
        enrolment(one, each)
    return one, [acting(each, Role.FACILITATOR) for each in helpers]


def test_six_phones_that_mark_the_same_people_leave_one_mark_for_each(own_database):
    open_programme()
    one, actors = room(6)
    people = [registration(one) for _ in range(5)]

    def phone(actor):
        return [
            day.mark(
                actor=actor, session=one, tap=Tap(key=uuid4(), registration=each.pk, act="present", at=timezone.now())
            ).outcome
            for each in people
        ]

    outcomes = at_once(*(lambda who=who: phone(who) for who in actors))

    said = [each for phone_ in outcomes for each in phone_]
    assert (said.count("done"), said.count("already"), len(said)) == (5, 25, 30), outcomes
    assert one.registrations.filter(state="present").count() == Mark.objects.count() == 5


def same_tap(one, actor, awa):
    tap = Tap(key=uuid4(), registration=awa.pk, act="present", at=timezone.now())
    at_once(*(lambda: day.mark(actor=actor, session=one, tap=tap) for _ in range(4)))
    return Mark.objects.filter(registration=awa).count()


def test_one_tap_sent_four_times_at_once_is_written_once(own_database):
    open_programme()
    one, (actor,) = room(1)

    assert same_tap(one, actor, registration(one)) == 1


def test_two_people_of_one_address_at_the_door_at_once_are_one(own_database):
    open_programme()
    one, actors = room(2)
    arrival = Arrival(first_name="Ada", last_name="Noël", email="ada@example.org")

    outcomes = at_once(*(lambda who=who: day.add_on_the_spot(actor=who, session=one, arrival=arrival) for who in actors))

    assert {each.pk for each in outcomes} == {one.registrations.get().pk}


def test_without_looking_again_the_second_at_the_door_is_refused_by_the_database(own_database, monkeypatch):
    """The control: both have looked before one writes; who does not look again gets the database's refusal, not the person."""
    open_programme()
    one, actors = room(2)
    both, language = Barrier(2, timeout=30), day.get_language

    def wait_for_the_other():  # asked between the look and the write
        both.wait()
        return language()

    def arrive_once(actor, session, arrival):
        with transaction.atomic():
            return day._note_arrival(actor, session, arrival)

    monkeypatch.setattr(day, "get_language", wait_for_the_other)
    monkeypatch.setattr(day, "_arrive", arrive_once)
    arrival = Arrival(first_name="Ada", last_name="Noël", email="ada@example.org")

    outcomes = at_once(*(lambda who=who: day.add_on_the_spot(actor=who, session=one, arrival=arrival) for who in actors))

    assert kinds(outcomes) == {"Registration": 1, "IntegrityError": 1}
