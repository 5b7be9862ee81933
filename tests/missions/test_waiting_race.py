"""A freed place and many who want it, at the same moment, on real connections (R60). Each race has its control."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone
from tests.factories import actor, mission, organisation, participation, rules_of, volunteer
from tests.missions.test_race import at_once, broken_promises, kinds

from renfort.kernel.actors import CLOCK
from renfort.kernel.firing import fire, fire_due
from renfort.kernel.workflow import Workflow
from renfort.missions.models import Participation, Waiting
from renfort.missions.services.waiting import join_line
from renfort.missions.workflow import PARTICIPATION, WAITING

pytestmark = pytest.mark.race


def promised(what):
    """The places that somebody has, or was promised."""
    return (
        Participation.objects.filter(mission=what, state__in=["accepted", "ongoing"]).count()
        + Participation.objects.filter(mission=what, state="pending", reserved=True).count()
        + Waiting.objects.filter(mission=what, state="offered").count()
    )


def line(where, length):
    what = mission(where, places=1)
    held = participation(what, state="accepted")
    people = [volunteer() for _ in range(length)]
    turns = [join_line(actor=actor(each), person=each, mission=what, ticked=rules_of(what.domain)) for each in people]
    return what, held, turns


def freed_place(offers, where):
    """One place is freed and four clocks offer it at once, each to another person in line."""
    what, held, turns = line(where, 4)
    fire(PARTICIPATION, held, "withdraw", actor=actor(held.person), answers={"reason": "other"})
    return what, at_once(*(lambda turn=turn: fire(offers, turn, "offer", actor=CLOCK) for turn in turns))


def counting_alone(*, locks):
    """The same life, where « the first in line » is not asked: only the count of free places is left to hold."""
    transitions = [replace(t, when=t.when[-1:], locks=locks) if t.name == "offer" else t for t in WAITING.transitions]
    return Workflow(
        model=WAITING.model, title="", states=WAITING.states, initial=WAITING.initial, final=WAITING.final,
        visible=WAITING.visible, transitions=transitions,
    )  # fmt: skip


@pytest.fixture
def loosened(monkeypatch):
    monkeypatch.setattr(Workflow, "registry", dict(Workflow.registry))


def test_freed_place_is_promised_once(own_database, loosened):
    where = organisation()
    flow = counting_alone(locks=("mission",))
    for _ in range(10):
        what, outcomes = freed_place(flow, where)

        assert kinds(outcomes) == {"Waiting": 1, "Refused": 3}, outcomes
        assert promised(what) == 1
    assert broken_promises() == []


def test_freed_place_is_promised_twice_without_the_lock(own_database, loosened):
    """The control: with the parent's lock taken out of the declaration, the race is lost within some rounds."""
    where = organisation()
    flow = counting_alone(locks=())

    assert any(promised(freed_place(flow, where)[0]) > 1 for _ in range(40))


def test_several_clocks_offer_one_place_once(own_database):
    where = organisation()
    for _ in range(3):
        what, held, _turns = line(where, 10)
        fire(PARTICIPATION, held, "withdraw", actor=actor(held.person), answers={"reason": "other"})

        outcomes = at_once(*[lambda: fire_due(timezone.now(), flows=[WAITING])] * 4)

        assert set(kinds(outcomes)) == {"int"}, outcomes
        assert promised(what) == 1
    assert broken_promises() == []


def test_taking_against_the_end_of_the_delay_is_one_of_the_two(own_database):
    where = organisation()
    for _ in range(10):
        what, held, turns = line(where, 2)
        fire(PARTICIPATION, held, "withdraw", actor=actor(held.person), answers={"reason": "other"})
        fire_due(timezone.now(), flows=[WAITING])
        first = Waiting.objects.get(pk=turns[0].pk)
        at_once(
            lambda first=first: fire(WAITING, first, "take", actor=actor(first.person)),
            lambda first=first: fire(WAITING, first, "lapse", actor=CLOCK),
            lambda: fire_due(timezone.now(), flows=[WAITING]),
        )

        fire_due(timezone.now(), flows=[WAITING])

        assert promised(what) == 1
    assert broken_promises() == []


def test_fifty_clicks_are_one_turn(own_database):
    what = mission(organisation(), places=1)
    participation(what, state="accepted")
    someone = volunteer()
    wording = rules_of(what.domain)
    who = actor(someone)

    outcomes = at_once(*[lambda: join_line(actor=who, person=someone, mission=what, ticked=wording)] * 50)

    assert {getattr(outcome, "pk", repr(outcome)) for outcome in outcomes} == {Waiting.objects.get().pk}
