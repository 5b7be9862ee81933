"""Two tabs, two devices, two clicks at once."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from renfort.organisations.models import Grant
from renfort.people import services
from renfort.people.models import Account, Person
from renfort.people.services import accounts

pytestmark = pytest.mark.race

PAGE = "/inscription/benevole/"


def at_once(*works) -> list:
    """Do it all in threads of their own, each with a connection that it closes."""

    def alone(work):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(alone, work) for work in works]]


def open_the_link_twice(mailbox, volunteer_form) -> list[int]:
    services.keep_intent(address="zoe@exemple.fr", kind="missions.apply", payload={"mission": 7})
    Client().post(PAGE, volunteer_form)
    mailbox.on_intent = lambda event: time.sleep(0.5)
    link = mailbox.last.link
    return at_once(*[lambda: Client().post(link).status_code] * 2)


def test_a_link_opened_in_two_tabs_at_once_applies_once(own_database, mailbox, volunteer_form):
    assert open_the_link_twice(mailbox, volunteer_form) == [302, 302]
    assert len(mailbox.performed) == 1
    assert Grant.objects.count() == 1
    assert [event.name for event in mailbox.events].count("people.account.confirmed") == 1


def test_without_the_lock_it_would_apply_twice(own_database, mailbox, volunteer_form, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    monkeypatch.setattr(accounts, "_welcome", lambda account, address: None)  # its own uniqueness would hide the race
    open_the_link_twice(mailbox, volunteer_form)
    assert len(mailbox.performed) == 2


def test_four_sign_ups_of_one_address_at_once_make_one_account(own_database, mailbox, volunteer_form):
    def sign_up(number: int):
        token = f"{number}1111111-1111-4111-8111-111111111111"
        return lambda: Client().post(PAGE, volunteer_form | {"form_token": token}).status_code

    assert at_once(*[sign_up(number) for number in range(4)]) == [302] * 4
    assert (Account.objects.count(), Person.objects.count()) == (1, 1)
    assert mailbox.keys() == ["people.confirm"]


def test_a_form_sent_twice_at_once_makes_one_account(own_database, mailbox, volunteer_form):
    assert at_once(*[lambda: Client().post(PAGE, volunteer_form).status_code] * 2) == [302, 302]
    assert Account.objects.count() == 1
    assert mailbox.keys() == ["people.confirm"]
