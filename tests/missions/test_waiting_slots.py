"""The waiting lists of full slots (R60, R61): each slot has its own, and a freed seat goes to whoever waits for that slot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    book,
    client_of,
    complete_facts,
    days,
    manager,
    mission,
    participation,
    rules_of,
    slot,
    today,
    volunteer,
)

from renfort.kernel.firing import Refused, Unanswered, fire, fire_due
from renfort.kernel.integrity import registered, run
from renfort.missions.enums import WaitingState as W
from renfort.missions.models import Booking, Participation, Slot, Waiting
from renfort.missions.selectors.eligibility import eligibility
from renfort.missions.selectors.mission import places_left, public_mission
from renfort.missions.selectors.slots import slots_of_mission
from renfort.missions.selectors.waiting import position_of, turns_of
from renfort.missions.services.mission import edit_mission
from renfort.missions.services.participation import apply
from renfort.missions.services.slots import slot_facts_of
from renfort.missions.services.waiting import join_line, join_slots
from renfort.missions.workflow import MISSION, PARTICIPATION, SLOT, WAITING
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy():
    """A mission of three slots of one place: the first two are full, the third is free; and who holds the first two."""
    what = mission()
    slots = [slot(what, day=day, places=1) for day in range(3)]
    held = [book(participation(what, state="accepted"), one) for one in slots[:2]]
    return what, slots, held


def join(what, *slots, someone=None):
    someone = someone or volunteer()
    return join_slots(
        actor=actor(someone), person=someone, mission=public_mission(what.pk), ticked=rules_of(what.domain),
        slots=[each.pk for each in slots],
    )  # fmt: skip


def tick():
    fire_due(timezone.now())


def withdraw(held):
    fire(PARTICIPATION, held, "withdraw", actor=actor(held.person), answers={"reason": "other"})


def take(turn):
    turn.refresh_from_db()
    return fire(WAITING, turn, "take", actor=actor(turn.person))


def states(*turns):
    found = Waiting.objects.in_bulk([turn.pk for turn in turns])
    return [found[turn.pk].state for turn in turns]


def told(key):
    return list(Outgoing.objects.filter(message=key).order_by("pk").values_list("person_id", flat=True))


def broken_promises():
    return [found.check.name for found in run(registered()) if not found.holds]


def test_each_full_slot_has_a_line_of_its_own_with_its_position(busy):
    what, (first, second, _free), _held = busy
    one = join(what, first)[0]
    both = join(what, first, second)

    assert [position_of(turn) for turn in (one, *both)] == [1, 2, 1]
    assert {turn.slot_id: turn.position for turn in turns_of(actor(both[0].person))} == {first.pk: 2, second.pk: 1}
    assert join(what, first, someone=one.person) == [one]  # a second click is no mistake


def test_only_a_full_slot_is_waited_for(busy):
    what, (first, _second, free), _held = busy

    with pytest.raises(Refused, match="encore de la place"):
        join(what, first, free)
    with pytest.raises(Refused, match="au moins un créneau"):
        join(what)
    with pytest.raises(Refused, match="n'existe plus"):
        join(what, slot(mission(), places=1))
    someone = volunteer()
    with pytest.raises(Refused, match="au moins un créneau"):
        join_line(actor=actor(someone), person=someone, mission=public_mission(what.pk), ticked=rules_of(what.domain))
    assert Waiting.objects.count() == 0  # all or nothing


def test_freed_seat_goes_to_the_first_who_waits_for_that_slot(busy):
    what, (first, second, _free), (on_first, _on_second) = busy
    other = join(what, second)[0]
    mine, next_one = join(what, first)[0], join(what, first)[0]

    withdraw(on_first)
    tick()
    tick()

    assert states(other, mine, next_one) == [W.WAITING, W.OFFERED, W.WAITING]
    assert told("missions.waiting.offered") == [mine.person_id]
    letter = Outgoing.objects.get(message="missions.waiting.offered")
    assert Slot.objects.select_related("mission").get(pk=first.pk).words in letter.text


def test_two_slots_freed_at_once_serve_both_lines(busy):
    what, (first, second, _free), held = busy
    turns = [join(what, first)[0], join(what, second)[0]]
    for each in held:
        withdraw(each)

    tick()

    assert states(*turns) == [W.OFFERED, W.OFFERED]


def test_giving_back_one_slot_offers_that_seat_and_no_other(busy):
    """R61: withdrawing from one keeps the others."""
    what, (first, second, free), _held = busy
    holder = Participation.objects.get(bookings__slot=first)
    book(holder, free)
    waits_first, waits_second = join(what, first)[0], join(what, second)[0]

    fire(
        PARTICIPATION, holder, "give_back_slots", actor=actor(holder.person),
        answers={"slots": [str(first.pk)], "reason": "other"},
    )  # fmt: skip
    tick()

    assert states(waits_first, waits_second) == [W.OFFERED, W.WAITING]
    assert list(holder.bookings.values_list("slot_id", flat=True)) == [free.pk]


def test_offered_seat_is_nobody_elses(busy):
    """Neither a newcomer nor somebody whom the organisation accepts can have it (R60: never two people for one seat)."""
    what, (first, _second, free), (on_first, _on_second) = busy
    host = as_manager(what.organisation)
    pending = book(participation(what), first, free)
    fire(PARTICIPATION, pending, "refuse", actor=host, answers={"reason": "other"})
    turn = join(what, first)[0]
    withdraw(on_first)
    tick()
    assert states(turn) == [W.OFFERED]

    fire(PARTICIPATION, pending, "take_back", actor=host)
    with pytest.raises(Unanswered, match="Complet"):
        fire(PARTICIPATION, pending, "accept", actor=host, answers={"slots": [str(first.pk)]})
    newcomer = volunteer()
    with pytest.raises(Refused, match="Complet"):
        apply(
            actor=actor(newcomer), person=newcomer, mission=public_mission(what.pk), ticked=rules_of(what.domain),
            slots=[first.pk],
        )  # fmt: skip
    assert broken_promises() == []


def test_taking_the_seat_applies_for_that_slot_and_holds_it_until_the_answer(busy):
    what, (first, _second, _free), (on_first, _on_second) = busy
    turn, after = join(what, first)[0], join(what, first)[0]
    withdraw(on_first)
    tick()

    take(turn)
    tick()

    made = Participation.objects.get(mission=what, person=turn.person)
    booking = Booking.objects.get(participation=made)
    assert (made.state, booking.slot_id, booking.reserved, booking.granted_at) == ("pending", first.pk, True, None)
    assert told("missions.waiting.to_answer") == [what.responsible_id]
    assert states(after) == [W.WAITING]
    fire(PARTICIPATION, made, "accept", actor=as_manager(what.organisation), answers={"slots": [str(first.pk)]})
    assert Booking.objects.get(participation=made).granted_at is not None
    assert broken_promises() == []


def test_seat_taken_from_the_line_is_nobody_elses_until_the_answer(busy):
    what, (first, _second, free), (on_first, _on_second) = busy
    turn = join(what, first)[0]
    withdraw(on_first)
    tick()
    take(turn)

    assert first.pk in eligibility(public_mission(what.pk), volunteer()).refusals
    rival = book(participation(what), first, free)
    with pytest.raises(Unanswered, match="Complet"):
        fire(PARTICIPATION, rival, "accept", actor=as_manager(what.organisation), answers={"slots": [str(first.pk)]})


def test_one_click_accepts_who_comes_from_the_line(busy):
    what, (first, *_others), (on_first, _on_second) = busy
    turn = join(what, first)[0]
    withdraw(on_first)
    tick()
    take(turn)

    made = Participation.objects.get(mission=what, person=turn.person)

    assert fire(PARTICIPATION, made, "accept", actor=as_manager(what.organisation), answers={"slots": [str(first.pk)]})


def test_refused_after_the_line_frees_the_seat_for_the_next(busy):
    what, (first, *_others), (on_first, _on_second) = busy
    turn, after = join(what, first)[0], join(what, first)[0]
    withdraw(on_first)
    tick()
    take(turn)

    made = Participation.objects.get(mission=what, person=turn.person)
    fire(PARTICIPATION, made, "refuse", actor=as_manager(what.organisation), answers={"reason": "other"})
    tick()

    assert states(turn, after) == [W.TAKEN, W.OFFERED]


def test_who_has_applied_for_another_slot_waits_for_a_full_one_and_both_become_one_participation(busy):
    what, (first, _second, free), (on_first, _on_second) = busy
    someone = volunteer()
    mine = book(participation(what, someone), free)
    version = mine.version
    turn = join(what, first, someone=someone)[0]
    withdraw(on_first)
    tick()

    take(turn)

    mine.refresh_from_db()
    assert Participation.objects.filter(mission=what, person=someone).count() == 1
    assert set(mine.bookings.values_list("slot_id", "reserved")) == {(free.pk, False), (first.pk, True)}
    assert mine.version == version + 1  # a colleague's open page is stale now


def test_who_was_accepted_has_the_seat_at_once(busy):
    what, (first, _second, free), (on_first, _on_second) = busy
    someone = volunteer()
    mine = book(participation(what, someone, state="accepted"), free)
    turn = join(what, first, someone=someone)[0]
    withdraw(on_first)
    tick()

    take(turn)

    assert mine.bookings.filter(granted_at__isnull=False).count() == 2
    assert broken_promises() == []
    letters = dict(Outgoing.objects.filter(message__startswith="missions.waiting.").values_list("message", "text"))
    assert "vous est donné" in letters["missions.waiting.taken"]
    assert "jusqu'à votre réponse" not in letters["missions.waiting.to_answer"]


def test_seat_that_overlaps_what_one_holds_is_not_taken():
    what = mission()
    full, mine_too = slot(what, places=1), slot(what, hour=10, places=2)
    holder = book(participation(what, state="accepted"), full)
    someone = volunteer()
    book(participation(what, someone, state="accepted"), mine_too)
    turn = join(what, full, someone=someone)[0]
    withdraw(holder)
    tick()

    with pytest.raises(Refused, match="se chevauchent"):
        take(turn)


def test_who_applied_before_comes_before_the_line(busy):
    what, (first, *_others), (on_first, _on_second) = busy
    earlier = book(participation(what), first)
    turn = join(what, first)[0]

    withdraw(on_first)
    tick()
    assert states(turn) == [W.WAITING]

    fire(PARTICIPATION, earlier, "refuse", actor=as_manager(what.organisation), answers={"reason": "other"})
    tick()
    assert states(turn) == [W.OFFERED]


def test_offer_lapses_and_goes_to_the_next_of_the_slot(busy):
    what, (first, *_others), (on_first, _on_second) = busy
    turn, after = join(what, first)[0], join(what, first)[0]
    withdraw(on_first)
    tick()
    Waiting.objects.filter(pk=turn.pk).update(
        offered_at=timezone.now() - timedelta(hours=49), offer_until=timezone.now() - timedelta(seconds=1)
    )

    tick()

    assert states(turn, after) == [W.LAPSED, W.OFFERED]


def test_delay_is_counted_from_the_slot_and_not_from_the_mission():
    """A mission that goes on for weeks: half of what is left before this slot."""
    what = mission(starts_on=today() - days(3), ends_on=today() + days(60))
    near = slot(what, day=4, hour=12, places=1)
    holder = book(participation(what, state="accepted"), near)
    turn = join(what, near)[0]
    withdraw(holder)

    tick()

    turn.refresh_from_db()
    ahead = near.starts_at - turn.offered_at
    assert abs((turn.offer_until - turn.offered_at) - ahead / 2) < timedelta(minutes=1)


def test_more_places_on_a_slot_serve_its_line(busy):
    what, (first, *_others), _held = busy
    turn = join(what, first)[0]
    facts = [fact if fact.pk != first.pk else type(fact)(**{**facts_of(fact), "places": 2}) for fact in slot_facts_of(what)]

    edit_mission(
        actor=as_manager(what.organisation), mission=what,
        facts=complete_facts(what.organisation, slots=facts, starts_on=what.starts_on, ends_on=what.ends_on),
    )  # fmt: skip
    tick()

    assert states(turn) == [W.OFFERED]


def facts_of(fact):
    return {name: getattr(fact, name) for name in ("day", "places", "shape", "starts", "ends", "pk")}


def test_places_of_a_slot_are_not_lowered_under_an_offer():
    what = mission()
    wanted = slot(what, places=2)
    holder, _other = [book(participation(what, state="accepted"), wanted) for _ in range(2)]
    join(what, wanted)
    withdraw(holder)
    tick()
    (fact,) = slot_facts_of(what)

    with pytest.raises(Refused, match="2 places sont déjà prises"):
        edit_mission(
            actor=as_manager(what.organisation), mission=what,
            facts=complete_facts(
                what.organisation, slots=[type(fact)(**{**facts_of(fact), "places": 1})],
                starts_on=what.starts_on, ends_on=what.ends_on,
            ),
        )  # fmt: skip


def test_slot_that_somebody_waits_for_is_not_taken_away_in_silence(busy):
    what, (first, *_others), (on_first, _on_second) = busy
    join(what, first)
    withdraw(on_first)
    kept = [fact for fact in slot_facts_of(what) if fact.pk != first.pk]

    with pytest.raises(Refused, match="compte sur ce créneau"):
        edit_mission(
            actor=as_manager(what.organisation), mission=what,
            facts=complete_facts(what.organisation, slots=kept, starts_on=what.starts_on, ends_on=what.ends_on),
        )  # fmt: skip


@pytest.mark.parametrize("end", ["slot cancelled", "mission cancelled", "slot over"])
def test_line_closes_with_its_slot_and_who_waits_is_told_once(busy, end):
    what, (first, second, _free), _held = busy
    turn, other = join(what, first)[0], join(what, second)[0]
    host = as_manager(what.organisation)

    if end == "slot cancelled":
        fire(SLOT, first, "cancel", actor=host, answers={"reason": "other"})
        tick()
    elif end == "mission cancelled":
        fire(MISSION, what, "cancel", actor=host, answers={"reason": "other"})
        tick()
    else:
        fire_due(first.ends_at + timedelta(minutes=1))
    tick()

    closed = [turn.person_id] if end != "mission cancelled" else [turn.person_id, other.person_id]
    assert told("missions.waiting.closed") == closed
    assert states(turn) == [W.CLOSED]


def test_line_of_one_slot_takes_no_place_of_another():
    """Five wait for Saturday; Sunday's free places stay open to everybody (R34, R60)."""
    what = mission()
    full, roomy = slot(what, places=1), slot(what, day=1, places=3)
    book(participation(what, state="accepted"), full)
    for _ in range(5):
        join(what, full)

    assert places_left(public_mission(what.pk)) == 3
    newcomer = volunteer()
    assert eligibility(public_mission(what.pk), newcomer).may_apply
    assert roomy.pk not in eligibility(public_mission(what.pk), newcomer).refusals


def test_freed_seat_is_kept_for_the_line_before_the_clock_has_offered_it(busy):
    what, (first, *_others), (on_first, _on_second) = busy
    join(what, first)

    withdraw(on_first)

    assert first.pk in eligibility(public_mission(what.pk), volunteer()).refusals
    assert places_left(public_mission(what.pk)) == 1  # of the third slot alone


def test_too_young_for_the_day_of_the_slot_does_not_wait_for_it(busy):
    what, (first, *_others), _held = busy
    child = volunteer(birth_date=today() - days(365 * 17))

    with pytest.raises(Refused, match="18 ans"):
        join(what, first, someone=child)


def test_database_holds_one_turn_per_slot_and_a_slot_of_the_same_mission(busy):
    what, (first, second, _free), _held = busy
    turn = join(what, first)[0]

    for wrong in ({"mission": what, "slot": first}, {"mission": mission(), "slot": second}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Waiting.objects.create(person=turn.person, created_at=timezone.now(), **wrong)


def test_database_refuses_an_offer_of_a_seat_that_somebody_has(busy):
    what, (first, *_others), _held = busy
    now = timezone.now()

    with pytest.raises(IntegrityError, match="no place for this offer"), transaction.atomic():
        Waiting.objects.create(
            mission=what, slot=first, person=volunteer(), created_at=now, state=W.OFFERED, offered_at=now,
            offer_until=now + timedelta(hours=1),
        )  # fmt: skip


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────
def test_page_offers_the_line_of_full_slots_beside_the_free_ones(busy):
    what, (first, second, free), _held = busy
    someone = volunteer()
    client = client_of(someone)
    page = client.get(what.get_absolute_url()).content.decode()
    assert "Le créneau qui vous convient est complet ?" in page
    line = page[page.index(f'action="{what.get_absolute_url()}attendre/"') :]
    assert f'value="{first.pk}"' in line and f'value="{second.pk}"' in line and f'value="{free.pk}"' not in line

    sent = {"rules": rules_of(what.domain).pk, "agrees": "on", "slots": [first.pk]}
    answer = client.post(f"{what.get_absolute_url()}attendre/", sent)

    turn = Waiting.objects.get(person=someone)
    assert answer.url == f"/espace/benevole/attente/{turn.pk}/"
    own = client.get(answer.url).content.decode()
    words = Slot.objects.select_related("mission").get(pk=first.pk).words
    assert "position <b>1</b> sur 1" in own and words in own
    after = client.get(what.get_absolute_url()).content.decode()
    assert "en position 1" in after and "Proposer mon aide" in after
    assert words in client.get("/espace/benevole/").content.decode()


def test_page_of_a_mission_whose_slots_are_all_full_offers_the_line_alone():
    what = mission()
    book(participation(what, state="accepted"), slot(what, places=1))
    client = client_of(volunteer())

    page = client.get(what.get_absolute_url()).content.decode()

    assert "Tous les créneaux à venir sont complets" in page and "M’inscrire sur la liste d’attente" in page
    (only,) = slots_of_mission(what)
    client.post(f"{what.get_absolute_url()}attendre/", {"rules": rules_of(what.domain).pk, "agrees": "on", "slots": [only.pk]})
    assert "Vous êtes sur la liste d’attente" in client.get(what.get_absolute_url()).content.decode()


@pytest.mark.parametrize("wrong", [{}, {"slots": ["0"]}, {"slots": ["x"]}, {"slots": ["99999999999999999999"]}])
def test_nonsense_in_the_form_of_the_line_is_said_and_nothing_written(busy, wrong):
    what, _slots, _held = busy

    answer = client_of(volunteer()).post(
        f"{what.get_absolute_url()}attendre/", {"rules": rules_of(what.domain).pk, "agrees": "on", **wrong}
    )

    assert answer.status_code == 422 and Waiting.objects.count() == 0
    assert '<details class="fold" open' in answer.content.decode()


def test_several_at_once_lead_to_ones_space(busy):
    what, (first, second, _free), _held = busy
    someone = volunteer()

    answer = client_of(someone).post(
        f"{what.get_absolute_url()}attendre/",
        {"rules": rules_of(what.domain).pk, "agrees": "on", "slots": [first.pk, second.pk]},
    )

    assert answer.url == "/espace/benevole/" and Waiting.objects.filter(person=someone).count() == 2


def test_organisation_sees_how_many_wait_for_each_slot_and_not_who(busy):
    what, (first, *_others), _held = busy
    turns = [join(what, first)[0] for _ in range(2)]

    page = client_of(manager(what.organisation)).get(f"/espace/{what.organisation_id}/missions/{what.pk}/").content.decode()

    assert "2 personnes attendent" in page
    assert not any(turn.person.last_name in page for turn in turns)


def test_space_with_a_dozen_turns_costs_what_one_does(busy):
    what, _slots, _held = busy
    someone = volunteer()
    client = client_of(someone)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            client.get("/espace/benevole/")
        return len(seen)

    full = slot(what, hour=14, places=1)
    book(participation(what, state="accepted"), full)
    join(what, full, someone=someone)
    client.get("/espace/benevole/")
    one = queries()
    for hour in range(4, 14):
        full = slot(what, day=2, hour=hour, hours=0.5, places=1)
        book(participation(what, state="accepted"), full)
        join(what, full, someone=someone)

    assert queries() == one
