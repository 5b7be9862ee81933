"""Two referents at the same moment on one organisation, on real connections with real commits (R52), and the control."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from tests.factories import actor, organisation, referent
from tests.missions.test_race import at_once

from renfort.audit.models import Entry
from renfort.kernel import firing
from renfort.kernel.firing import fire
from renfort.organisations.models import Organisation
from renfort.organisations.workflow import ORGANISATION

pytestmark = pytest.mark.race
ROUNDS = 6


def both_fire(here, one, other):
    """Two people fire a transition each, as they saw the case; what came of each."""
    seen = here.version
    outcomes = at_once(
        *(
            lambda who=who, verb=verb, answers=answers: fire(
                ORGANISATION, Organisation.objects.get(pk=here.pk), verb, actor=who, seen=seen, answers=answers
            )
            for who, verb, answers in (one, other)
        )
    )
    return Counter(type(each).__name__ for each in outcomes)


def entries(here, *verbs):
    names = [f"organisations.organisation.{verb}" for verb in verbs]
    return Entry.objects.filter(model="organisations.organisation", object_id=here.pk, verb__in=names).count()


def test_two_referents_take_one_organisation_and_one_has_it(own_database):
    first, second = actor(referent("33")), actor(referent("33"))
    for _ in range(ROUNDS):
        here = organisation(state="waiting")

        outcomes = both_fire(here, (first, "take", {}), (second, "take", {}))

        assert outcomes == {"Organisation": 1, "Stale": 1}, outcomes
        assert Organisation.objects.get(pk=here.pk).taken_by_id in (first.person_id, second.person_id)
        assert entries(here, "take") == 1


def test_two_referents_decide_at_once_and_one_decision_stands(own_database):
    first, second = actor(referent("33")), actor(referent("33"))
    for _ in range(ROUNDS):
        here = organisation(state="waiting")

        outcomes = both_fire(here, (first, "validate", {}), (second, "refuse", {"reasons": "Non."}))

        assert outcomes == {"Organisation": 1, "Stale": 1}, outcomes
        assert entries(here, "validate", "refuse") == 1


@pytest.mark.parametrize("verb", ["take", "validate"])
def test_without_the_lock_both_would_have_done_it(own_database, monkeypatch, verb):
    """The negative control: read without its lock, the case is free for both, and the history says that both did it."""

    def unlocked(stale, parents, counts=None):
        found = type(stale).objects.get(pk=stale.pk)
        time.sleep(0.3)  # both have read before either writes
        return found

    monkeypatch.setattr(firing, "_lock", unlocked)
    first, second = actor(referent("33")), actor(referent("33"))
    here = organisation(state="waiting")

    outcomes = both_fire(here, (first, verb, {}), (second, verb, {}))

    assert outcomes == {"Organisation": 2}, outcomes
    assert entries(here, verb) == 2
