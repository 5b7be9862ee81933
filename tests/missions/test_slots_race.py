"""Several people at once on the slots of one mission, on real connections with real commits (R34, R61); with a control."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    book,
    complete_facts,
    mission,
    organisation,
    participation,
    rules_of,
    slot,
    volunteer,
)
from tests.missions.test_race import at_once, broken_promises, kinds, team_of

from renfort.kernel.firing import fire, fire_due
from renfort.kernel.workflow import Workflow
from renfort.missions.models import Booking, Mission, Participation, Slot
from renfort.missions.selectors.mission import public_mission
from renfort.missions.selectors.slots import holding
from renfort.missions.services.mission import edit_mission
from renfort.missions.services.participation import apply
from renfort.missions.services.slots import SlotFacts, slot_facts_of
from renfort.missions.workflow import MISSION, PARTICIPATION, SLOT
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.race


def taken(what):
    return Booking.objects.filter(holding(), slot=what).count()


@pytest.fixture
def loosened(monkeypatch):
    """The same life, but for the locks that the rule about a slot's places relies on."""
    monkeypatch.setattr(Workflow, "registry", dict(Workflow.registry))
    transitions = [replace(t, locks=(), counts=None) if t.name == "accept" else t for t in PARTICIPATION.transitions]
    return Workflow(
        model=PARTICIPATION.model, title="", states=PARTICIPATION.states, initial=PARTICIPATION.initial,
        final=PARTICIPATION.final, visible=PARTICIPATION.visible, transitions=transitions,
    )  # fmt: skip


def last_seat(flow, where, host, people):
    """So many people are accepted at once for the last seat of the ten of one slot; another slot has room for all of them."""
    what = mission(where)
    wanted, roomy = slot(what, places=10), slot(what, day=1, places=200)
    for _ in range(9):
        book(participation(what, state="accepted"), wanted)
    waiting = [book(participation(what), wanted, roomy) for _ in range(people)]
    given = {"slots": [str(wanted.pk)]}
    outcomes = at_once(*(lambda one=one: fire(flow, one, "accept", actor=host, answers=given) for one in waiting))
    return wanted, outcomes


def test_the_last_seat_of_a_slot_is_given_once_to_fifty(own_database):
    where = organisation()

    wanted, outcomes = last_seat(PARTICIPATION, where, as_manager(where), 50)

    assert kinds(outcomes) == {"Participation": 1, "Unanswered": 49}
    assert {str(each) for each in outcomes if not isinstance(each, Participation)} == {
        f"{Slot.objects.select_related('mission').get(pk=wanted.pk).words}\u00a0: "
        "Complet : toutes les places de ce créneau sont prises."
    }
    assert (taken(wanted), broken_promises()) == (10, [])
    assert Outgoing.objects.filter(message="missions.participation.accepted").count() == 1


def test_the_last_seat_is_given_twice_without_the_locks(own_database, loosened):
    """The control: with the locks taken out of the declaration, the race is lost within some rounds."""
    where = organisation()
    host = as_manager(where)

    rounds = []
    for _ in range(20):
        wanted, _outcomes = last_seat(loosened, where, host, 8)
        rounds.append(taken(wanted))
        if rounds[-1] > 10:
            break

    assert rounds[-1] > 10


def test_the_lock_of_the_slot_is_enough_without_that_of_its_mission(own_database, monkeypatch):
    """The written order has both; each alone keeps the seats of a slot."""
    monkeypatch.setattr(Workflow, "registry", dict(Workflow.registry))
    transitions = [replace(t, locks=()) if t.name == "accept" else t for t in PARTICIPATION.transitions]
    flow = Workflow(
        model=PARTICIPATION.model, title="", states=PARTICIPATION.states, initial=PARTICIPATION.initial,
        final=PARTICIPATION.final, visible=PARTICIPATION.visible, transitions=transitions,
    )  # fmt: skip
    where = organisation()
    host = as_manager(where)

    assert [taken(last_seat(flow, where, host, 8)[0]) for _ in range(8)] == [10] * 8


def test_a_slot_is_not_taken_away_from_who_asks_for_it(own_database):
    """Whatever comes first, nobody fails and nobody asks for what is gone."""
    where = organisation()
    host = as_manager(where)
    for _ in range(15):
        what = mission(where)
        going, staying = slot(what), slot(what, day=1)
        kept = [fact for fact in slot_facts_of(what) if fact.pk == staying.pk]
        facts = complete_facts(where, slots=kept, starts_on=what.starts_on, ends_on=what.ends_on)
        someone, seen, wording = volunteer(), public_mission(what.pk), rules_of(what.domain)
        outcomes = at_once(
            lambda: edit_mission(actor=host, mission=what, facts=facts),  # noqa: B023 -- ends in this round
            lambda: apply(actor=actor(someone), person=someone, mission=seen, ticked=wording, slots=[going.pk]),  # noqa: B023 -- idem
        )

        assert set(kinds(outcomes)) <= {"Mission", "Participation", "Refused"}, outcomes
        assert kinds(outcomes)["Refused"] == 1, outcomes
    assert broken_promises() == []


def test_a_mission_gets_no_slots_while_somebody_applies_to_it_as_a_whole(own_database):
    where = organisation()
    host = as_manager(where)
    for _ in range(15):
        what = mission(where)
        facts = complete_facts(
            where, slots=[SlotFacts(day=what.starts_on, starts=time(9), ends=time(12), places=1)],
            starts_on=what.starts_on, ends_on=what.ends_on,
        )  # fmt: skip
        someone, seen, wording = volunteer(), public_mission(what.pk), rules_of(what.domain)
        outcomes = at_once(
            lambda: edit_mission(actor=host, mission=what, facts=facts),  # noqa: B023 -- ends in this round
            lambda: apply(actor=actor(someone), person=someone, mission=seen, ticked=wording),  # noqa: B023 -- idem
        )

        assert set(kinds(outcomes)) <= {"Mission", "Participation", "Refused"}, outcomes
    assert broken_promises() == []


def test_accepting_against_cancelling_slot_and_mission_never_deadlocks(own_database):
    """Organisation, mission, slot, participation: nobody waits in a circle, nobody is expected where nothing happens."""
    where = organisation()
    first, second, third = team_of(where, 3)
    found = kinds([])
    for number in range(40):
        what = mission(where)
        slots = [slot(what, day=day) for day in (0, 1)]
        waiting = book(participation(what), *slots)
        coming = book(participation(what, state="accepted"), *slots)
        outcomes = at_once(
            lambda one=waiting: fire(PARTICIPATION, one, "accept", actor=first),
            lambda of=slots[number % 2]: fire(SLOT, of, "cancel", actor=second, answers={"reason": "other"}),
            lambda one=coming, of=slots[0]: fire(
                PARTICIPATION, one, "give_back_slots", actor=actor(one.person), answers={"slots": [str(of.pk)], "reason": "other"}
            ),
            lambda what=what: fire(MISSION, what, "cancel", actor=third, answers={"reason": "other"}),
        )
        found += kinds(outcomes)
    fire_due(timezone.now())

    assert set(found) <= {"Mission", "Participation", "Slot", "Refused", "Stale", "Unanswered"}, found
    assert found["Mission"] == 40
    assert set(Participation.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Mission.objects.filter(state="cancelled").count() == 40
    assert broken_promises() == []


def test_places_of_a_slot_are_not_lowered_under_who_is_being_accepted(own_database):
    where = organisation()
    team = team_of(where, 4)
    for _ in range(6):
        what = mission(where)
        wanted = slot(what, places=3)
        waiting = [book(participation(what), wanted) for _ in range(3)]
        (fact,) = slot_facts_of(what)
        fewer = complete_facts(where, slots=[replace(fact, places=1)], starts_on=what.starts_on, ends_on=what.ends_on)
        outcomes = at_once(
            lambda: edit_mission(actor=team[3], mission=what, facts=fewer),  # noqa: B023 -- ends in this round
            *(
                lambda one=one, who=who: fire(PARTICIPATION, one, "accept", actor=who)
                for one, who in zip(waiting, team, strict=False)
            ),
        )

        assert set(kinds(outcomes)) <= {"Mission", "Participation", "Refused", "Unanswered"}, outcomes
        assert taken(wanted) <= Slot.objects.get(pk=wanted.pk).places
    assert broken_promises() == []
