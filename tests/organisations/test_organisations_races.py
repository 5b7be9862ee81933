"""Two tabs, two managers, at the same moment: the database lets one of them be first (R4, R9)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from tests.factories import account, actor, client_of, draft, join_request, manager, organisation
from tests.organisations.steps import YOU, about, you

from renfort.kernel.firing import Refused, fire
from renfort.organisations.models import Draft, Grant, JoinRequest, Organisation
from renfort.organisations.selectors import actor_of
from renfort.organisations.services import finish, onboarding
from renfort.organisations.workflow import JOIN

pytestmark = pytest.mark.race
PLACE = {"department": "33", "city": "Bordeaux", "address": "3 rue Sainte-Catherine"}


def at_once(*works) -> list:
    """Do it all in threads of their own, each with a connection that it closes."""

    def alone(work):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(alone, work) for work in works]]


def send_the_last_step_often(times: int) -> list[int]:
    someone = account().person
    described = draft(someone, about=about(), place=PLACE)

    def send() -> int:
        return finish(actor=actor_of(someone.pk), draft=Draft.objects.get(pk=described.pk)).pk

    return at_once(*[send] * times)


def test_the_last_step_sent_by_ten_threads_makes_one_organisation(own_database):
    made = send_the_last_step_often(10)

    assert (len(made), len(set(made)), Organisation.objects.count(), Grant.objects.count()) == (10, 1, 1, 1)


def test_without_the_lock_it_would_make_several(own_database, monkeypatch):
    def read_only(stale):
        row = type(stale).objects.get(pk=stale.pk)
        time.sleep(0.5)
        return row

    monkeypatch.setattr(onboarding, "lock_row", read_only)

    assert len(set(send_the_last_step_often(3))) == 3


def test_the_first_step_sent_by_six_tabs_makes_one_draft(own_database):
    """The database holds that at most one is open."""
    someone = account().person
    clients = [client_of(someone) for _ in range(6)]

    statuses = at_once(*[lambda client=client: client.post(YOU, you()).status_code for client in clients])

    assert (statuses, Draft.objects.count()) == ([302] * 6, 1)


def test_two_managers_who_decide_at_once_decide_once(own_database):
    where = organisation()
    team = [manager(where) for _ in range(4)]
    asked = join_request(where)

    def decide(number: int) -> str:
        name, answers = ("accept", {"role": "manager"}) if number % 2 else ("refuse", {"message": "Non."})
        try:
            return fire(JOIN, asked, name, actor=actor(team[number]), answers=answers).state
        except Refused:
            return ""

    said = at_once(*[lambda number=number: decide(number) for number in range(4)])

    state = JoinRequest.objects.get().state
    assert sorted(said) == ["", "", "", state]
    assert Grant.objects.filter(person=asked.person).count() == (state == "accepted")
