"""Slots with places of their own, asked for, accepted, given back and cancelled one by one (R61, R34, R14, R31)."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    at,
    book,
    client_of,
    complete_facts,
    days,
    manager,
    mission,
    mission_form,
    organisation,
    participation,
    rules_of,
    slot,
    today,
    volunteer,
)

from renfort.kernel.actors import CLOCK
from renfort.kernel.events import Event
from renfort.kernel.firing import NotAllowed, Refused, Unanswered, fire, fire_due
from renfort.kernel.integrity import registered, run
from renfort.kernel.moments import moment
from renfort.missions.components import mission_card, mission_row
from renfort.missions.enums import ParticipationState as P
from renfort.missions.models import Booking, Mission, Participation, Slot
from renfort.missions.reactions import hear
from renfort.missions.selectors.eligibility import eligibility
from renfort.missions.selectors.mission import for_cards, places_left, places_offered, places_taken, public_mission, with_places
from renfort.missions.selectors.participation import with_rows
from renfort.missions.selectors.slots import slots_of, slots_of_mission
from renfort.missions.services.mission import edit_mission, open_mission
from renfort.missions.services.participation import APPLY, apply
from renfort.missions.services.slots import SlotFacts, slot_facts_of
from renfort.missions.workflow import PARTICIPATION, SLOT
from renfort.notifications.models import Outgoing
from renfort.people.models import Intent

pytestmark = pytest.mark.django_db
PARIS = "Europe/Paris"


def said(what, *slots, **changes):
    """The facts of a mission with these slots."""
    given = {"starts_on": what.starts_on, "ends_on": what.ends_on, **changes}
    return complete_facts(what.organisation, slots=slots, **given)


def edit(what, *slots, **changes):
    return edit_mission(actor=as_manager(what.organisation), mission=what, facts=said(what, *slots, **changes))


def ask(what, someone, *slots, **more):
    return apply(
        actor=actor(someone), person=someone, mission=public_mission(what.pk), ticked=rules_of(what.domain),
        slots=[each.pk for each in slots], **more,
    )  # fmt: skip


def answer(one, name, host, *slots, **answers):
    given = {"slots": [str(each.pk) for each in slots]} if slots else {}
    return fire(PARTICIPATION, one, name, actor=host, answers={**given, **answers})


def held(one):
    return set(Booking.objects.filter(participation=one, granted_at__isnull=False).values_list("slot_id", flat=True))


def letters(key):
    return list(Outgoing.objects.filter(message=key).order_by("id"))


def broken_promises():
    return [found.check.name for found in run(registered()) if not found.holds]


@pytest.fixture
def planned():
    """A mission of three days, with a slot of two places on each."""
    what = mission(organisation())
    return what, [slot(what, day=day) for day in range(3)]


# ── hours of the place ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("day", "starts", "ends", "hours"),
    [
        (date(2027, 3, 27), time(22), time(6), 7),  # the night in which the clocks jump to summer
        (date(2027, 10, 30), time(22), time(6), 9),  # the night in which an hour comes twice
        (date(2027, 3, 20), time(22), time(6), 8),
    ],
)
def test_a_night_is_as_long_as_the_clocks_of_the_place_make_it(day, starts, ends, hours):
    first, last = SlotFacts(day=day, starts=starts, ends=ends, places=1).moments(PARIS)

    assert last - first == timedelta(hours=hours)


def test_an_hour_that_does_not_exist_on_the_change_day_is_refused_in_a_sentence():
    with pytest.raises(Refused, match="n'existe pas ce jour-là"):
        SlotFacts(day=date(2027, 3, 28), starts=time(2, 30), ends=time(5), places=1).moments(PARIS)


def test_hours_are_those_of_the_place_overseas():
    start = moment(date(2027, 1, 4), time(9), "Indian/Reunion")

    assert start.hour == 5  # UTC


def test_a_half_day_and_a_day_are_said_so():
    what = mission(starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 6))
    edit(
        what,
        SlotFacts(day=date(2027, 3, 1), shape="day", places=2),
        SlotFacts(day=date(2027, 3, 2), shape="morning", places=2),
        SlotFacts(day=date(2027, 3, 3), shape="afternoon", places=2),
        SlotFacts(day=date(2027, 3, 4), starts=time(18), ends=time(0), places=2),
    )

    assert [each.words for each in slots_of_mission(Mission.objects.get(pk=what.pk))] == [
        "lundi 1er mars 2027, toute la journée",
        "mardi 2 mars 2027, le matin",
        "mercredi 3 mars 2027, l’après-midi",
        "jeudi 4 mars 2027, 18\u00a0h\u00a0– minuit",
    ]


# ── what an organisation says of them ─────────────────────────────────────────────────────────────
def test_slots_are_written_read_back_and_overlap_as_they_like():
    what = mission()
    wanted = [
        SlotFacts(day=what.starts_on, starts=time(9), ends=time(12), places=3),
        SlotFacts(day=what.starts_on, starts=time(10), ends=time(11), places=1),
    ]

    edit(what, *wanted)

    again = Mission.objects.get(pk=what.pk)
    assert (again.has_slots, again.places) == (True, 4)
    assert [(f.day, f.starts, f.ends, f.places) for f in slot_facts_of(again)] == [
        (f.day, f.starts, f.ends, f.places) for f in wanted
    ]


def test_a_new_mission_can_have_slots_at_once():
    where = organisation()
    facts = complete_facts(where, slots=[SlotFacts(day=today() + days(7), starts=time(9), ends=time(12), places=3)])

    made = open_mission(actor=as_manager(where), organisation=where, facts=facts)

    assert [each.places for each in slots_of_mission(made)] == [3]


def test_a_slot_out_of_the_missions_dates_is_refused_and_nothing_is_written():
    what = mission()

    with pytest.raises(Refused, match="sort des dates de la mission"):
        edit(what, SlotFacts(day=what.ends_on + days(1), starts=time(9), ends=time(12), places=3))

    assert not Slot.objects.exists()


def test_a_slot_with_people_is_neither_taken_away_nor_lowered_under_them(planned):
    what, (first, second, third) = planned
    for _ in range(2):
        book(participation(what, state=P.ACCEPTED), first)
    facts = {each.pk: each for each in slot_facts_of(what)}

    with pytest.raises(Refused, match="2 personnes comptent sur ce créneau"):
        edit(what, facts[second.pk], facts[third.pk])
    lower = SlotFacts(pk=first.pk, day=facts[first.pk].day, starts=time(9), ends=time(12), places=1)
    with pytest.raises(Refused, match="2 places sont déjà prises"):
        edit(what, lower, facts[second.pk], facts[third.pk])

    assert Slot.objects.count() == 3
    assert Slot.objects.get(pk=first.pk).places == 2


def test_a_slot_that_nobody_counts_on_any_more_can_go(planned):
    what, (first, second, third) = planned
    book(participation(what, state=P.REFUSED), first)

    edit(what, *[fact for fact in slot_facts_of(what) if fact.pk != first.pk])

    assert set(Slot.objects.values_list("pk", flat=True)) == {second.pk, third.pk}


def test_a_mission_that_people_asked_for_as_a_whole_gets_no_slots():
    what = mission()
    participation(what)

    with pytest.raises(Refused, match="1 personne a déjà proposé son aide pour la mission entière"):
        edit(what, SlotFacts(day=what.starts_on, starts=time(9), ends=time(12), places=3))


def test_those_on_a_slot_are_told_its_old_and_new_hours_and_nobody_else(planned):
    """R14."""
    what, (first, second, _third) = planned
    coming = book(participation(what, state=P.ACCEPTED), first)
    book(participation(what, state=P.ACCEPTED), second)
    book(participation(what), first)
    facts = [fact for fact in slot_facts_of(what) if fact.pk != first.pk]
    Outgoing.objects.all().delete()

    edit(what, SlotFacts(pk=first.pk, day=what.starts_on, starts=time(14), ends=time(17), places=2), *facts)

    (letter,) = letters("missions.mission.slots_moved")
    assert letter.person_id == coming.person_id
    assert "Avant" in letter.text and "9\u00a0h\u00a0– 12\u00a0h" in letter.text
    assert "Maintenant" in letter.text and "14\u00a0h\u00a0– 17\u00a0h" in letter.text


def test_more_places_tell_nobody(planned):
    what, (first, *_others) = planned
    book(participation(what, state=P.ACCEPTED), first)
    Outgoing.objects.all().delete()
    facts = slot_facts_of(what)

    edit(what, *[SlotFacts(pk=f.pk, day=f.day, starts=f.starts, ends=f.ends, places=5) for f in facts])

    assert letters("missions.mission.slots_moved") == []
    assert Mission.objects.get(pk=what.pk).places == 15


# ── what the database holds, whoever writes ───────────────────────────────────────────────────────
def test_the_database_refuses_a_slot_of_another_mission(planned):
    what, _slots = planned
    elsewhere = slot(mission())
    one = participation(what)

    for of in (what, elsewhere.mission):
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.create(participation=one, slot=elsewhere, mission=of, asked_at=timezone.now())


def test_the_database_refuses_the_same_slot_twice(planned):
    what, (first, *_others) = planned
    one = book(participation(what), first)

    with pytest.raises(IntegrityError), transaction.atomic():
        book(one, first)


@pytest.mark.parametrize("wrong", [{"hours": 0}, {"hours": -1}, {"places": 0}, {"shape": "week"}, {"state": "cancelled"}])
def test_the_database_refuses_a_slot_that_makes_no_sense(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        slot(mission(), **wrong)


def test_a_slots_state_changes_by_its_transition_alone(planned):
    _what, (first, *_others) = planned

    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(pk=first.pk).update(state="cancelled", cancelled_at=timezone.now())


# ── asking ────────────────────────────────────────────────────────────────────────────────────────
def test_several_slots_are_asked_for_at_once(planned):
    what, (first, second, _third) = planned

    one = ask(what, volunteer(), first, second)

    assert {each.slot_id for each in one.bookings.all()} == {first.pk, second.pk}
    assert held(one) == set()
    assert places_left(public_mission(what.pk)) == 6, "R34: an application holds no place"
    (letter,) = letters("missions.participation.to_answer")
    assert letter.text.count("Créneau") == 2


def test_none_is_no_application(planned):
    what, _slots = planned

    with pytest.raises(Refused, match="Choisissez au moins un créneau"):
        ask(what, volunteer())
    assert not Participation.objects.exists()


def test_two_slots_that_overlap_are_not_both_asked_for(planned):
    what, (first, *_others) = planned
    other = slot(what, hour=11)

    with pytest.raises(Refused, match="se chevauchent"):
        ask(what, volunteer(), first, other)


def test_slots_that_follow_each_other_are(planned):
    what, (first, *_others) = planned
    after = slot(what, hour=12)

    assert ask(what, volunteer(), first, after).bookings.count() == 2


def test_a_full_slot_is_refused_and_the_others_stay_open(planned):
    what, (first, second, _third) = planned
    for _ in range(2):
        book(participation(what, state=P.ACCEPTED), first)

    with pytest.raises(Refused, match="Complet"):
        ask(what, volunteer(), first, second)
    assert ask(what, volunteer(), second).state == P.PENDING


def test_a_slot_that_is_past_is_not_asked_for(planned):
    what, (first, second, _third) = planned
    with at(first.ends_at):
        someone = volunteer()
        assert next(each.pk for each in eligibility(public_mission(what.pk), someone).slots) == second.pk
        with pytest.raises(Refused, match="n'existe plus"):
            ask(what, someone, first)


def test_a_slot_of_another_mission_is_not_asked_for(planned):
    what, _slots = planned

    with pytest.raises(Refused, match="n'existe plus"):
        ask(what, volunteer(), slot(mission()))


def test_age_is_that_of_the_day_of_the_slot(planned):
    """R31: 69 years and 364 days yes, the 70th birthday no; 18 on the day is enough."""
    what, (first, second, third) = planned
    birthday = second.local_start.date()
    seventy_on_the_second = volunteer(birth_date=birthday.replace(year=birthday.year - 70))
    young = volunteer(birth_date=birthday.replace(year=birthday.year - 18))

    older = eligibility(public_mission(what.pk), seventy_on_the_second)
    assert older.may_apply and set(older.refusals) == {second.pk, third.pk}
    younger = eligibility(public_mission(what.pk), young)
    assert younger.may_apply and set(younger.refusals) == {first.pk}


def test_age_that_keeps_from_every_slot_keeps_from_the_mission(planned):
    what, _slots = planned

    found = eligibility(public_mission(what.pk), volunteer(birth_date=date(1940, 1, 1)))

    assert not found.may_apply and found.suggests_remote


# ── answering ─────────────────────────────────────────────────────────────────────────────────────
def test_one_click_gives_all_that_are_free(planned):
    what, (first, second, _third) = planned
    one = book(participation(what), first, second)
    Outgoing.objects.all().delete()

    answer(one, "accept", as_manager(what.organisation))

    assert held(one) == {first.pk, second.pk}
    (letter,) = letters("missions.participation.accepted")
    assert letter.text.count("Créneau") == 2 and "9\u00a0h\u00a0– 12\u00a0h" in letter.text


def test_one_click_does_not_choose_when_one_is_full(planned):
    """The page asks; many at once are told which rows to open."""
    what, (first, second, _third) = planned
    for _ in range(2):
        book(participation(what, state=P.ACCEPTED), first)
    one = book(participation(what), first, second)
    host = as_manager(what.organisation)

    with pytest.raises(Unanswered, match="ouvrez la proposition pour choisir"):
        answer(one, "accept", host)
    answer(one, "accept", host, second)

    assert held(one) == {second.pk}


def test_some_are_accepted_and_the_letter_says_which(planned):
    what, (first, second, _third) = planned
    one = book(participation(what), first, second)

    answer(one, "accept", as_manager(what.organisation), second)

    assert held(one) == {second.pk}
    (letter,) = letters("missions.participation.accepted")
    assert letter.text.count("Créneau") == 1


def test_a_full_slot_is_never_given(planned):
    what, (first, second, _third) = planned
    for _ in range(2):
        book(participation(what, state=P.ACCEPTED), first)
    one = book(participation(what), first, second)
    only = book(participation(what), first)
    host = as_manager(what.organisation)

    with pytest.raises(Unanswered, match="Complet"):
        answer(one, "accept", host, first, second)
    with pytest.raises(Refused, match="Aucun des créneaux demandés n'a encore de place"):
        answer(only, "accept", host, first)

    assert broken_promises() == []


def test_a_slot_that_was_not_asked_for_is_not_given(planned):
    what, (first, second, _third) = planned
    one = book(participation(what), first)

    with pytest.raises(Unanswered):
        answer(one, "accept", as_manager(what.organisation), second)


def test_slots_are_changed_later_and_the_volunteer_is_told(planned):
    what, (first, second, third) = planned
    one = book(participation(what, state=P.ACCEPTED), first, second)
    book(one, third, granted=False)
    Outgoing.objects.all().delete()

    answer(one, "choose_slots", as_manager(what.organisation), second, third)

    assert held(one) == {second.pk, third.pk}
    (letter,) = letters("missions.participation.slots_chosen")
    assert letter.person_id == one.person_id and letter.text.count("Créneau") == 2


def test_nobody_is_left_without_a_slot_by_a_change(planned):
    what, (first, second, _third) = planned
    one = book(participation(what, state=P.ACCEPTED), first, second)

    with pytest.raises(Unanswered, match="Gardez au moins un créneau"):
        fire(PARTICIPATION, one, "choose_slots", actor=as_manager(what.organisation), answers={"slots-shown": "1"})


def test_taking_back_frees_the_places(planned):
    what, (first, *_others) = planned
    one = book(participation(what, state=P.ACCEPTED), first)

    answer(one, "take_back", as_manager(what.organisation))

    assert held(one) == set()
    assert places_left(public_mission(what.pk)) == 6


def test_under_way_for_others_a_later_volunteer_can_still_be_taken_back(planned):
    """R33: until the mission starts, for this person."""
    what, (_first, _second, third) = planned
    one = book(participation(what, state=P.ACCEPTED), third)

    with at(what.begins_at + timedelta(hours=30)):
        fire_due(timezone.now())
        one.refresh_from_db()
        assert one.state == P.ACCEPTED
        answer(one, "take_back", as_manager(what.organisation))
    assert Participation.objects.get(pk=one.pk).state == P.PENDING


def test_the_clock_starts_it_with_the_first_slot_held(planned):
    what, (_first, second, _third) = planned
    one = book(participation(what, state=P.ACCEPTED), second)

    with at(second.starts_at):
        fire_due(timezone.now())

    one.refresh_from_db()
    assert one.state == P.ONGOING


# ── giving back ───────────────────────────────────────────────────────────────────────────────────
def test_one_slot_is_given_back_and_the_others_kept(planned):
    what, (first, second, _third) = planned
    one = book(participation(what, state=P.ACCEPTED), first, second)
    Outgoing.objects.all().delete()

    answer(one, "give_back_slots", actor(one.person), first, reason="not_available")

    assert held(one) == {second.pk}
    assert Participation.objects.get(pk=one.pk).state == P.ACCEPTED
    (letter,) = letters("missions.participation.slots_given_back")
    assert "Créneau abandonné" in letter.text
    assert places_left(public_mission(what.pk)) == 5


def test_the_last_slot_is_given_back_by_withdrawing(planned):
    what, (first, second, _third) = planned
    one = book(participation(what, state=P.ACCEPTED), first, second)

    with pytest.raises(Unanswered, match="désistez-vous"):
        answer(one, "give_back_slots", actor(one.person), first, second, reason="other")
    answer(one, "withdraw", actor(one.person), reason="other")

    assert places_left(public_mission(what.pk)) == 6


def test_somebody_elses_slot_is_not_given_back(planned):
    what, (first, second, _third) = planned
    one = book(participation(what, state=P.ACCEPTED), first, second)

    with pytest.raises(NotAllowed):
        answer(one, "give_back_slots", actor(volunteer()), first, reason="other")


# ── cancelling one ────────────────────────────────────────────────────────────────────────────────
def test_cancelling_a_slot_tells_those_on_it_and_only_those(planned):
    what, (first, second, _third) = planned
    both = book(participation(what, state=P.ACCEPTED), first, second)
    alone = book(participation(what, state=P.ACCEPTED), first)
    waiting = book(participation(what), first)
    book(participation(what, state=P.ACCEPTED), second)
    book(participation(what, state=P.REFUSED), first)
    Outgoing.objects.all().delete()

    fire(SLOT, first, "cancel", actor=as_manager(what.organisation), answers={"reason": "safety", "message": "Trop de vent."})
    fire_due(timezone.now())

    told = letters("missions.slot.cancelled")
    assert {letter.person_id for letter in told} == {both.person_id, alone.person_id, waiting.person_id}
    assert "Trop de vent." in told[0].text
    assert Outgoing.objects.count() == 3, "nobody is told twice"
    states = {one.pk: Participation.objects.get(pk=one.pk).state for one in (both, alone, waiting)}
    assert states == {both.pk: P.ACCEPTED, alone.pk: P.CANCELLED, waiting.pk: P.CANCELLED}
    assert held(both) == {first.pk, second.pk}
    assert places_left(public_mission(what.pk)) == 2


def test_a_cancelled_slot_is_neither_asked_for_nor_given(planned):
    what, (first, second, _third) = planned
    one = book(participation(what), first, second)
    host = as_manager(what.organisation)
    fire(SLOT, first, "cancel", actor=host, answers={"reason": "other"})

    with pytest.raises(Refused, match="n'existe plus"):
        ask(what, volunteer(), first)
    answer(one, "accept", host)

    assert held(one) == {second.pk}
    assert Mission.objects.get(pk=what.pk).places == 4


def test_a_slot_is_cancelled_by_its_organisation_alone(planned):
    _what, (first, *_others) = planned

    with pytest.raises(NotAllowed):
        fire(SLOT, first, "cancel", actor=actor(manager()), answers={"reason": "other"})
    assert (
        client_of(manager()).get(f"/espace/{_what.organisation_id}/missions/{_what.pk}/creneaux/{first.pk}/annuler/").status_code
        == 404
    )


# ── places of the mission ─────────────────────────────────────────────────────────────────────────
def counted(what):
    found = with_places(Mission.objects.filter(pk=what.pk)).get()
    return places_taken(found), places_offered(found), places_left(found)


def test_a_mission_is_full_when_every_slot_to_come_is(planned):
    """R34, R61: « complet », and « 2 / 6 » in lists."""
    what, slots = planned
    for _ in range(2):
        book(participation(what, state=P.ACCEPTED), slots[0])
    assert counted(what) == (2, 6, 4)
    assert "2\u00a0/\u00a06" in mission_row(with_places(Mission.objects.filter(pk=what.pk)).get(), "/")
    for each in slots[1:]:
        for _ in range(2):
            book(participation(what, state=P.ACCEPTED), each)

    assert counted(what) == (6, 6, 0)
    assert "Complet" in mission_card(for_cards(Mission.objects.filter(pk=what.pk)).get())
    assert not eligibility(public_mission(what.pk), volunteer()).may_apply


def test_a_slot_past_offers_nothing_any_more(planned):
    what, (first, *_others) = planned
    book(participation(what, state=P.ONGOING), first)

    with at(first.ends_at):
        assert counted(what) == (0, 4, 4)
    with at(what.over_at):
        assert counted(what) == (1, 6, 5), "once it is over, what was"


def test_a_mission_without_slots_counts_as_before():
    what = mission(places=3)
    participation(what, state=P.ACCEPTED)

    assert counted(what) == (1, 3, 2)


def test_integrity_sees_too_many_on_a_slot_and_what_matches_no_state(planned):
    what, (first, *_others) = planned
    for _ in range(3):
        book(participation(what, state=P.ACCEPTED), first)
    assert "missions.slot.places" in broken_promises()

    other = mission()
    slot(other)
    participation(other, state=P.ACCEPTED)
    assert "missions.slot.held" in broken_promises()


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_public_page_offers_the_slots_and_greys_the_full_ones(planned):
    what, (first, second, _third) = planned
    for _ in range(2):
        book(participation(what, state=P.ACCEPTED), first)
    someone = volunteer()
    browser = client_of(someone)

    page = browser.get(what.get_absolute_url()).content.decode()
    assert f'value="{first.pk}" id="id_slots_0" disabled' in page
    assert "Complet : toutes les places sont prises." in page
    rules = rules_of(what.domain)
    sent = browser.post(
        reverse("missions:apply", args=[what.pk, what.slug]),
        {"slots-shown": "1", "slots": [second.pk], "rules": rules.pk, "agrees": "on"},
    )

    one = Participation.objects.get(person=someone)
    assert sent.headers["Location"] == reverse("missions:applied", args=[one.pk])
    assert {each.slot_id for each in one.bookings.all()} == {second.pk}


def test_nothing_chosen_or_nonsense_is_said_at_once(planned):
    what, (first, *_others) = planned
    browser, address = client_of(volunteer()), reverse("missions:apply", args=[what.pk, what.slug])
    ticked = {"rules": rules_of(what.domain).pk, "agrees": "on"}
    overlap = slot(what, hour=10)

    for given, sentence in (
        ({"slots-shown": "1"}, "Choisissez au moins un créneau."),
        ({}, "Choisissez au moins un créneau."),
        ({"slots": ["abc"]}, "Un de ces créneaux n&#x27;existe plus"),
        ({"slots": ["9" * 30]}, "Un de ces créneaux n&#x27;existe plus"),
        ({"slots": [first.pk, overlap.pk]}, "se chevauchent"),
    ):
        answered = browser.post(address, {**ticked, **given})
        assert (answered.status_code, sentence in answered.content.decode()) == (422, True), given
    assert not Participation.objects.exists()


def test_the_form_adds_a_slot_a_series_and_loses_nothing():
    where = organisation()
    boss = manager(where)
    browser, address = client_of(boss), reverse("missions:mission-new", args=[where.pk])
    start = today() + days(7)
    posted = mission_form(boss, ends_on=(start + days(30)).isoformat()) | {
        "slots-TOTAL_FORMS": "1", "slots-INITIAL_FORMS": "0", "slots-0-day": start.isoformat(), "slots-0-shape": "hours",
        "slots-0-starts": "18:00", "slots-0-ends": "20:00", "slots-0-places": "4",
        "series-rhythm": "weekly", "series-first": start.isoformat(), "series-last": (start + days(21)).isoformat(),
        "series-shape": "hours", "series-starts": "09:00", "series-ends": "12:00", "series-places": "5",
        "prerequisite_1": "permis B", "prerequisite_2": "", "prerequisite_3": "",
    }  # fmt: skip
    grown = browser.post(address, posted | {"slots_do": "add"}).content.decode()
    assert 'name="slots-TOTAL_FORMS" value="2"' in grown and 'value="permis B"' in grown
    assert "point est à corriger" not in grown and not Mission.objects.exists()

    grown = browser.post(address, posted | {"slots_do": "series"}).content.decode()
    assert 'name="slots-TOTAL_FORMS" value="5"' in grown

    browser.post(address, posted)  # saved without pressing « Ajouter cette série »: nothing typed is lost
    made = Mission.objects.get()
    assert [(each.local_start.date(), each.local_start.hour, each.places) for each in slots_of_mission(made)] == [
        (start, 9, 5), (start, 18, 4), (start + days(7), 9, 5), (start + days(14), 9, 5), (start + days(21), 9, 5),
    ]  # fmt: skip
    assert made.prerequisites == ["permis B"]


def test_the_form_says_beside_each_slot_what_is_wrong():
    where = organisation()
    boss = manager(where)
    start = today() + days(7)
    posted = mission_form(boss) | {
        "slots-TOTAL_FORMS": "3", "slots-INITIAL_FORMS": "0",
        "slots-0-day": (start + days(20)).isoformat(), "slots-0-starts": "18:00", "slots-0-ends": "20:00", "slots-0-places": "4",
        "slots-1-day": start.isoformat(), "slots-1-places": "0",
        "slots-2-day": "demain", "slots-2-places": "1",
    }  # fmt: skip

    answered = client_of(boss).post(reverse("missions:mission-new", args=[where.pk]), posted)

    page = answered.content.decode()
    assert answered.status_code == 422
    assert "Un créneau ou un prérequis est à corriger" in page and 'href="#creneaux"' in page
    assert "Ce jour sort des dates de la mission" in page
    assert "Donnez l’heure, ou choisissez une autre durée." in page
    assert not Mission.objects.exists()


def test_a_series_that_nobody_began_is_no_mistake():
    """A browser sends the empty fields of the series with every form: what is wrong elsewhere is all that is wrong (R10, R61)."""
    where = organisation()
    boss = manager(where)
    empty = {f"series-{name}": "" for name in ("first", "last", "shape", "starts", "ends")} | {"series-places": "1"}
    posted = mission_form(boss) | empty | {"places": "0", "slots-TOTAL_FORMS": "0", "slots-INITIAL_FORMS": "0"}

    answered = client_of(boss).post(reverse("missions:mission-new", args=[where.pk]), posted)

    page = answered.content.decode()
    assert answered.status_code == 422
    assert "Un point est à corriger" in page and "Écrivez un nombre entier" in page
    assert "Un créneau ou un prérequis est à corriger" not in page


def test_the_form_takes_one_away_and_keeps_the_others(planned):
    what, (first, second, third) = planned
    boss = what.responsible
    browser, address = client_of(boss), reverse("missions:host-mission-edit", args=[what.organisation_id, what.pk])
    rows = {"slots-TOTAL_FORMS": "3", "slots-INITIAL_FORMS": "3"}
    for number, fact in enumerate(slot_facts_of(what)):
        rows |= {
            f"slots-{number}-pk": fact.pk, f"slots-{number}-day": fact.day.isoformat(), f"slots-{number}-shape": "hours",
            f"slots-{number}-starts": "09:00", f"slots-{number}-ends": "12:00", f"slots-{number}-places": "2",
        }  # fmt: skip
    dates = {"starts_on": what.starts_on.isoformat(), "ends_on": what.ends_on.isoformat(), "then": ""}

    browser.post(address, {**mission_form(boss), **dates, **rows, "slots-1-gone": "on", "seen": Mission.objects.get().version})

    assert set(Slot.objects.values_list("pk", flat=True)) == {first.pk, third.pk}
    assert second.pk not in set(Slot.objects.values_list("pk", flat=True))


def test_pages_read_sixty_slots_as_they_read_three(planned):
    what, slots = planned
    someone = volunteer()
    one = book(participation(what, someone), *slots)
    host, helper = client_of(what.responsible), client_of(someone)
    other = client_of(volunteer())
    base = f"/espace/{what.organisation_id}"
    pages = [
        (host, f"{base}/missions/{what.pk}/"), (host, f"{base}/missions/{what.pk}/modifier/"), (host, f"{base}/missions/"),
        (host, f"{base}/participations/"), (host, f"{base}/participations/{one.pk}/"),
        (host, f"{base}/participations/{one.pk}/accepter/"), (helper, f"/espace/benevole/{one.pk}/"),
        (helper, f"/espace/benevole/{one.pk}/renoncer-a-un-creneau/"), (helper, "/espace/benevole/"),
        (other, what.get_absolute_url()), (other, "/missions/"),
    ]  # fmt: skip

    def cost():
        found = []
        for client, address in pages:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            found.append((address, len(queries)))
        return found

    before = cost()
    for number in range(57):
        book(one, slot(what, day=number % 3, hour=number % 20))

    assert cost() == before


def test_rows_of_twenty_participations_cost_what_one_does(planned):
    what, slots = planned
    browser, address = client_of(what.responsible), f"/espace/{what.organisation_id}/participations/"
    book(participation(what, state=P.ACCEPTED), slots[0])

    def cost():
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        return len(queries)

    before = cost()
    for number in range(19):
        state = (P.ACCEPTED, P.PENDING, P.REFUSED)[number % 3]
        book(participation(what, state=state), slots[number % 3])
    with at(what.begins_at + timedelta(hours=1)):
        browser = client_of(what.responsible)
        assert cost() == before


def test_slots_of_rows_come_in_one_query(planned, django_assert_num_queries):
    what, (first, second, third) = planned
    pending, taken = book(participation(what), first, third), book(participation(what, state=P.ACCEPTED), second)
    book(taken, third, granted=False)
    rows = list(with_rows(Participation.objects.all()))

    with django_assert_num_queries(1):
        found = slots_of(rows)

    assert {pk: [each.pk for each in slots] for pk, slots in found.items()} == {
        pending.pk: [first.pk, third.pk],
        taken.pk: [second.pk],
    }


# ── prerequisites (R66) ───────────────────────────────────────────────────────────────────────────
def test_prerequisites_are_confirmed_and_kept_in_the_words_of_that_moment():
    what = mission(prerequisites=["permis B", "avoir 2 heures le matin"])
    someone = volunteer()
    browser, address = client_of(someone), reverse("missions:apply", args=[what.pk, what.slug])
    page = browser.get(what.get_absolute_url()).content.decode()
    assert "permis B" in page
    ticked = {
        "rules": rules_of(what.domain).pk, "agrees": "on", "prerequisite_0_words": "permis B", "prerequisite_0": "on",
        "prerequisite_1_words": "avoir 2 heures le matin",
    }  # fmt: skip

    forgotten = browser.post(address, ticked)
    assert (forgotten.status_code, "Confirmez ce prérequis" in forgotten.content.decode()) == (422, True)
    browser.post(address, ticked | {"prerequisite_1": "on"})

    one = Participation.objects.get()
    Mission.objects.update(prerequisites=["autre chose"])
    one.refresh_from_db()
    assert one.prerequisites == ["permis B", "avoir 2 heures le matin"] and one.prerequisites_at is not None
    shown = client_of(what.responsible).get(f"/espace/{what.organisation_id}/participations/{one.pk}/").content.decode()
    assert "permis B" in shown


def test_a_prerequisite_reworded_meanwhile_is_ticked_again():
    what = mission(prerequisites=["permis C"])
    browser, address = client_of(volunteer()), reverse("missions:apply", args=[what.pk, what.slug])

    answered = browser.post(
        address,
        {"rules": rules_of(what.domain).pk, "agrees": "on", "prerequisite_0_words": "permis B", "prerequisite_0": "on"},
    )

    page = answered.content.decode()
    assert (answered.status_code, "Ce prérequis a changé" in page) == (422, True)
    assert 'value="permis C"' in page
    assert not Participation.objects.exists()


def test_three_prerequisites_at_most():
    what = mission()
    many = ["un", "deux", "trois", "quatre"]

    with pytest.raises(Refused, match="au plus 3 prérequis"):
        edit(what, prerequisites=many)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mission.objects.filter(pk=what.pk).update(prerequisites=many)


def test_the_form_says_that_health_is_never_asked():
    where = organisation()
    page = client_of(manager(where)).get(reverse("missions:mission-new", args=[where.pk])).content.decode()

    assert "Jamais de question de santé" in page


def test_one_click_stays_one_click_when_there_is_nothing_to_choose():
    """R30."""
    what = mission()
    what.domain.rules_versions.all()
    form = client_of(volunteer()).get(what.get_absolute_url()).content.decode()

    assert 'name="slots' not in form and 'name="prerequisite' not in form


# ── signing up on the way (R3) ────────────────────────────────────────────────────────────────────
def test_slots_and_prerequisites_wait_for_the_confirmed_address(planned):
    from django.test import Client

    what, (first, *_others) = planned
    Mission.objects.filter(pk=what.pk).update(prerequisites=["permis B"])
    browser = Client()

    browser.post(
        reverse("missions:apply", args=[what.pk, what.slug]),
        {
            "rules": rules_of(what.domain).pk, "agrees": "on", "slots": [first.pk], "prerequisite_0_words": "permis B",
            "prerequisite_0": "on",
        },
    )  # fmt: skip

    kept = [value for value in browser.session.values() if isinstance(value, dict) and "payload" in value]
    assert kept and kept[0]["payload"]["slots"] == [first.pk] and kept[0]["payload"]["meets"] == ["permis B"]


def test_the_clock_alone_cancels_for_lost_slots(planned):
    what, (first, *_others) = planned
    one = book(participation(what, state=P.ACCEPTED), first)

    with pytest.raises(NotAllowed):
        fire(PARTICIPATION, one, "cancel_with_slots", actor=as_manager(what.organisation))
    with pytest.raises(Refused, match="ne sont pas annulés"):
        fire(PARTICIPATION, one, "cancel_with_slots", actor=CLOCK)


@pytest.mark.parametrize("changed", [False, True])
def test_the_confirmed_address_asks_for_the_slots_chosen_before(planned, changed):
    """R3; when the prerequisites changed meanwhile, the mission's page asks again."""
    what, (first, *_others) = planned
    someone = volunteer()
    payload = {"mission": what.pk, "rules": rules_of(what.domain).pk, "slots": [first.pk], "meets": []}
    if changed:
        Mission.objects.filter(pk=what.pk).update(prerequisites=["permis B"])
    intent = Intent(kind=APPLY, payload=payload)

    hear(Event(name="people.intent.confirmed", obj=intent, actor=actor(someone), at=timezone.now()))

    found = Participation.objects.filter(person=someone).first()
    if changed:
        assert (found, intent.result) == (None, what.get_absolute_url())
    else:
        assert [each.slot_id for each in found.bookings.all()] == [first.pk]
        assert intent.result == reverse("missions:applied", args=[found.pk])
