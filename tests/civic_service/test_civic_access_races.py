"""S1: two people who invite at once, two tabs that open one link, two accounts that ask for one identity."""

from __future__ import annotations

import time

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet
from tests.factories import account, person
from tests.factories.civic_service import acting, establishment, lead, open_programme, service_tutor
from tests.people.test_races import at_once

from renfort.civic_service.models import AccessInvitation
from renfort.civic_service.services import access
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.people.models import Account, Identity
from renfort.people.selectors import actor_of_account
from renfort.people.services import Claims, Taken, accounts, identities

pytestmark = pytest.mark.race
PASSWORD = "quatre chevaux dans un pré"


def scene():
    """A lead, and a tutor without account."""
    open_programme()
    where = establishment()
    boss = acting(lead(where), Role.ESTABLISHMENT_LEAD)
    someone = service_tutor(where)
    Account.objects.filter(person=someone).delete()
    return where, boss, someone


def outcome(work):
    def done():
        try:
            return bool(work())
        except Exception as error:
            return type(error)

    return done


def slowly(monkeypatch, module, name):
    """Let both be in the middle of it at once."""
    whole = getattr(module, name)

    def slow(*args, **kwargs):
        found = whole(*args, **kwargs)
        time.sleep(0.4)
        return found

    monkeypatch.setattr(module, name, slow)


def invite_twice(monkeypatch):
    where, boss, someone = scene()
    slowly(monkeypatch, access, "access_digest")
    work = outcome(lambda: access.invite_person(actor=boss, person=someone, establishment=where)[1])
    return sorted(at_once(work, work), key=str)


def test_two_who_invite_at_once_send_one_email(own_database, monkeypatch):
    assert invite_twice(monkeypatch) == [False, True]
    assert (AccessInvitation.objects.count(), Outgoing.objects.count()) == (1, 1)


def test_without_the_lock_one_of_them_would_fail(own_database, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    assert IntegrityError in invite_twice(monkeypatch)


def open_twice(monkeypatch):
    where, boss, someone = scene()
    made, _sent = access.invite_person(actor=boss, person=someone, establishment=where)
    slowly(monkeypatch, accounts, "account_of")
    work = outcome(lambda: access.open_access(token=made.token, password=PASSWORD, language="fr"))
    results = at_once(work, work)
    return sorted(results, key=str), someone


def test_one_link_opened_twice_at_once_opens_one_account(own_database, monkeypatch):
    results, someone = open_twice(monkeypatch)
    assert results == sorted([True, access.LinkOver], key=str)
    assert Account.objects.filter(person=someone).count() == 1


def test_without_the_locks_the_second_would_not_be_told_why(own_database, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    monkeypatch.setattr(accounts, "one_at_a_time", lambda address: None)
    results, _someone = open_twice(monkeypatch)
    assert IntegrityError in results


def test_one_identity_asked_for_by_two_accounts_at_once_is_one_accounts(own_database):
    """The database decides (unique issuer and subject); the one that comes late reads a sentence."""
    one, two = account(person()), account(person())
    claims = Claims(issuer="https://identite.example", subject="u-1")
    works = [
        outcome(lambda each=each: identities.link(actor=actor_of_account(each), account=each, claims=claims))
        for each in (one, two)
    ]
    assert sorted(at_once(*works), key=str) == sorted([True, Taken], key=str)
    assert Identity.objects.count() == 1
