"""Two referents at the same moment, on real connections with real commits (R52, decision 10). Each race has its control."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.factories import actor, mission, organisation, referent
from tests.missions.test_race import at_once

from renfort.audit.models import Entry
from renfort.kernel.firing import fire
from renfort.missions.models import Mission
from renfort.missions.services import queue
from renfort.missions.services.queue import take_mission
from renfort.missions.workflow import MISSION
from renfort.organisations.models import Organisation
from renfort.organisations.workflow import ORGANISATION

pytestmark = pytest.mark.race


def kinds(outcomes):
    return Counter(type(each).__name__ for each in outcomes)


def test_two_referents_take_one_case_and_one_has_it(own_database):
    first, second = actor(referent("33")), actor(referent("33"))
    for _ in range(8):
        here = mission(state="submitted")

        outcomes = at_once(
            lambda here=here: take_mission(actor=first, mission=here), lambda here=here: take_mission(actor=second, mission=here)
        )

        assert kinds(outcomes) == {"Mission": 1, "Stale": 1}, outcomes
        held = Mission.objects.get(pk=here.pk).taken_by_id
        winner = next(each for each in outcomes if isinstance(each, Mission))
        assert held == winner.taken_by_id
        assert Entry.objects.filter(verb="missions.mission.take", object_id=here.pk).count() == 1


def test_without_the_lock_both_would_have_it(own_database, monkeypatch):
    """The negative control: the row read without a lock lets both through."""
    first, second = actor(referent("33")), actor(referent("33"))
    import threading

    met = threading.Barrier(2, timeout=20)

    def unlocked(row):
        found = type(row).objects.get(pk=row.pk)
        met.wait()  # both have read before either writes
        return found

    monkeypatch.setattr(queue, "lock_row", unlocked)
    here = mission(state="submitted")

    outcomes = at_once(lambda: take_mission(actor=first, mission=here), lambda: take_mission(actor=second, mission=here))

    assert kinds(outcomes) == {"Mission": 2}, outcomes


def test_two_referents_decide_at_once_and_one_decision_stands(own_database):
    first, second = actor(referent("33")), actor(referent("33"))
    for _ in range(8):
        here = mission(state="submitted")

        outcomes = at_once(
            lambda here=here: fire(MISSION, here, "validate", actor=first, seen=1),
            lambda here=here: fire(MISSION, here, "refuse", actor=second, seen=1, answers={"reasons": "Non."}),
        )

        assert kinds(outcomes) == {"Mission": 1, "Stale": 1}, outcomes
        decided = Entry.objects.filter(model="missions.mission", object_id=here.pk, verb__in=[
            "missions.mission.validate", "missions.mission.refuse"])  # fmt: skip
        assert decided.count() == 1


def test_a_mission_is_not_published_for_an_organisation_that_is_being_flagged(own_database):
    """Whatever comes first: never online with its organisation flagged once the clock has looked."""
    first, second = actor(referent("33")), actor(referent("33"))
    for _ in range(6):
        here = mission(organisation(), state="submitted")

        outcomes = at_once(
            lambda here=here: fire(MISSION, here, "validate", actor=first),
            lambda here=here: fire(ORGANISATION, here.organisation, "flag", actor=second, answers={"reasons": "Vérification."}),
        )

        assert Organisation.objects.get(pk=here.organisation_id).state == "flagged"
        assert set(kinds(outcomes)) <= {"Mission", "Organisation", "Refused"}, outcomes
