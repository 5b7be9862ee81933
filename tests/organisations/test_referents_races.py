"""R50, R65 at the same moment: a referent lends a department while the operator takes it away; a link is opened twice."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from django.utils import timezone
from tests.factories import account, actor, as_operator, days, person, referent, referent_invitation
from tests.organisations.test_organisations_races import at_once

from renfort.kernel.firing import Refused
from renfort.organisations.models import Grant, Referent, ReferentInvitation
from renfort.organisations.selectors.referents import own_departments
from renfort.organisations.services import delegations
from renfort.organisations.services.delegations import DelegationFacts, delegate
from renfort.organisations.services.referents import accept_referent, remove_referent

pytestmark = pytest.mark.race


def lend_while_removed(monkeypatch, *, locked: bool) -> int:
    """The referent lends at the moment at which the operator ends the role; how many lent rights are in force afterwards."""
    giver, receiver, boss = referent("33"), referent("64"), as_operator()
    today, who = timezone.localdate(), actor(giver)
    registration = Referent.objects.get(person=giver)
    facts = DelegationFacts(departments=("33",), starts_on=today, ends_on=today + days(5), receiver=receiver)
    checked = delegations._check_days
    monkeypatch.setattr(delegations, "_check_days", lambda *said: (time.sleep(0.7), checked(*said)))
    if not locked:
        plain = delegations.own_grants

        class Unlocked:
            def __init__(self, person):
                self.rows = plain(person)

            def select_for_update(self, **said):
                return self.rows

        monkeypatch.setattr(delegations, "own_grants", Unlocked)

    def lend() -> str:
        with suppress(Refused):
            delegate(actor=who, facts=facts)
        return "lent"

    def remove() -> str:
        time.sleep(0.2)  # the other has looked, and not written yet
        remove_referent(actor=boss, referent=registration)
        return "removed"

    at_once(lend, remove)
    return Grant.objects.filter(person=receiver, scope="33", valid_until__gt=timezone.now()).count()


def test_who_is_removed_while_lending_has_lent_nothing(own_database, monkeypatch):
    assert lend_while_removed(monkeypatch, locked=True) == 0


def test_without_the_lock_it_would_stay_lent(own_database, monkeypatch):
    """The negative control."""
    assert lend_while_removed(monkeypatch, locked=False) == 1


def test_a_link_opened_twice_at_once_makes_one_referent(own_database):
    someone = account(person()).person
    made = referent_invitation(by=actor_person())

    def accept() -> str:
        try:
            accept_referent(actor=actor(someone), person=someone, invitation=ReferentInvitation.objects.get(pk=made.pk))
        except Refused:
            return "refused"
        return "accepted"

    assert sorted(at_once(accept, accept)) == ["accepted", "refused"]
    assert (Referent.objects.count(), own_departments(someone.pk)) == (1, ["24"])


def actor_person():
    """Somebody who invites."""
    return account(person()).person
