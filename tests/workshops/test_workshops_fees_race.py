"""Two clicks that ask for the fees of one assignment at once, on real connections with real commits (W8), and the control."""

from __future__ import annotations

import threading

import pytest
from django.utils import timezone
from tests.factories.workshops import acting, assignment, enrolment, open_programme, rate, session
from tests.missions.test_race import at_once, kinds

from renfort.organisations.enums import Role
from renfort.workshops.models import Assignment, Fee, Round
from renfort.workshops.selectors.fees import draft_of
from renfort.workshops.services import fees
from renfort.workshops.services.fees import request_fees

pytestmark = pytest.mark.race


def two_clicks():
    """One coordinator in two tabs, each asking for the same fee; what each click came to."""
    open_programme()
    rate()
    what = assignment("awarded")
    done = enrolment(session(what, day=-7, state="held"), state="done")
    who = acting(what.coordinator, Role.COORDINATOR)
    return at_once(*(lambda: request_fees(actor=who, assignment=what, chosen=[done.pk]) for _ in range(2)))


def test_of_two_clicks_at_once_one_submits(own_database):
    """W8: one request a month; who came second reads why."""
    outcomes = two_clicks()

    assert kinds(outcomes) == {"Round": 1, "Refused": 1}, outcomes
    assert "déjà demandées" in next(str(each) for each in outcomes if isinstance(each, Exception))
    sent = Round.objects.get()
    assert (sent.state, sent.month, Fee.objects.count()) == ("submitted", timezone.localdate().replace(day=1), 1)


def test_without_the_lock_the_second_click_runs_into_the_database(own_database, monkeypatch):
    """The control: both have read that nothing was asked before either writes, and one is not refused in words."""
    both_have_read = threading.Barrier(2)

    def read_together(what):
        found = draft_of(what)
        both_have_read.wait(30)
        return found

    monkeypatch.setattr(fees, "hold_assignment", lambda actor, what: Assignment.objects.select_related("order").get(pk=what.pk))
    monkeypatch.setattr(fees, "draft_of", read_together)

    outcomes = two_clicks()

    assert kinds(outcomes)["Round"] == 1, outcomes
    assert kinds(outcomes)["Refused"] == 0, outcomes
