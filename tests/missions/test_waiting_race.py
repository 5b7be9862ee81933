"""A freed place and many who want it, at the same moment, on real connections (R60). Each race has its control."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.utils import timezone
from tests.factories import actor, as_manager, book, mission, organisation, participation, rules_of, slot, volunteer
from tests.missions.test_race import at_once, broken_promises, kinds

from renfort.kernel.actors import CLOCK
from renfort.kernel.firing import fire, fire_due
from renfort.kernel.workflow import Workflow
from renfort.missions.models import Booking, Participation, Waiting
from renfort.missions.selectors.mission import public_mission
from renfort.missions.selectors.slots import holding
from renfort.missions.services.waiting import join_line, join_slots
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
    keeps = {"locks": locks} if locks else {"locks": (), "counts": None}
    transitions = [replace(t, when=t.when[-1:], **keeps) if t.name == "offer" else t for t in WAITING.transitions]
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


# ── one seat of one slot (R61) ────────────────────────────────────────────────────────────────────
def slot_line(where, length):
    """A slot of one place that is taken, and people who wait for it."""
    what = mission(where)
    wanted = slot(what, places=1)
    held = book(participation(what, state="accepted"), wanted)
    what = public_mission(what.pk)
    people = [volunteer() for _ in range(length)]
    turns = [
        join_slots(actor=actor(each), person=each, mission=what, ticked=rules_of(what.domain), slots=[wanted.pk])[0]
        for each in people
    ]
    return wanted, held, turns


def freed_seat(offers, where):
    """One seat is freed and four clocks offer it at once, each to another person in line."""
    wanted, held, turns = slot_line(where, 4)
    fire(PARTICIPATION, held, "withdraw", actor=actor(held.person), answers={"reason": "other"})
    return wanted, at_once(*(lambda turn=turn: fire(offers, turn, "offer", actor=CLOCK) for turn in turns))


def seats_promised(wanted):
    """The seats of a slot that somebody has, or was promised."""
    return Booking.objects.filter(holding(), slot=wanted).count() + Waiting.objects.filter(slot=wanted, state="offered").count()


def test_freed_seat_of_a_slot_is_promised_once(own_database, loosened):
    where = organisation()
    flow = counting_alone(locks=("mission",))
    for _ in range(10):
        wanted, outcomes = freed_seat(flow, where)

        assert kinds(outcomes) == {"Waiting": 1, "Refused": 3}, outcomes
        assert seats_promised(wanted) == 1
    assert broken_promises() == []


def test_database_alone_keeps_the_seat_of_a_slot(own_database, loosened):
    """With every lock taken out of the declaration, the trigger still refuses the second offer."""
    where = organisation()
    flow = counting_alone(locks=())
    for _ in range(20):
        wanted, outcomes = freed_seat(flow, where)

        assert seats_promised(wanted) == 1
        assert set(kinds(outcomes)) <= {"Waiting", "Refused", "IntegrityError", "Busy"}, outcomes
    assert broken_promises() == []


def test_freed_seat_of_a_slot_is_promised_twice_without_lock_and_trigger(own_database, loosened):
    """The control: with the locks out of the declaration and the trigger out of the database, the race is lost."""
    where = organisation()
    flow = counting_alone(locks=())
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER missions_waiting_seats ON missions_waiting")

    assert any(seats_promised(freed_seat(flow, where)[0]) > 1 for _ in range(40))


def test_clock_newcomers_and_organisation_want_one_freed_seat(own_database):
    """The clock offers it, newcomers ask for it, the organisation accepts who asked for two slots: one of them has it."""
    where = organisation()
    host = as_manager(where)
    for _ in range(8):
        wanted, held, turns = slot_line(where, 3)
        roomy = slot(wanted.mission, day=1, places=50)
        asked = [book(participation(wanted.mission), wanted, roomy) for _ in range(2)]
        fire(PARTICIPATION, held, "withdraw", actor=actor(held.person), answers={"reason": "other"})
        for each in asked[1:]:
            fire(PARTICIPATION, each, "refuse", actor=host, answers={"reason": "other"})

        outcomes = at_once(
            *[lambda: fire_due(timezone.now(), flows=[WAITING])] * 3,
            lambda one=asked[0], of=wanted: fire(PARTICIPATION, one, "accept", actor=host, answers={"slots": [str(of.pk)]}),
        )

        assert set(kinds(outcomes)) <= {"int", "Participation", "Unanswered"}, outcomes
        assert seats_promised(wanted) == 1
        assert {turn.pk for turn in turns} >= set(
            Waiting.objects.filter(state="offered", slot=wanted).values_list("pk", flat=True)
        )
    assert broken_promises() == []
