"""The waiting list of a full mission: who comes next, for how long, and what it never promises twice (R60)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.factories import (
    actor,
    as_manager,
    client_of,
    complete_facts,
    days,
    manager,
    mission,
    participation,
    rules_of,
    today,
    volunteer,
)

from renfort.audit.models import Entry
from renfort.kernel.firing import NotAllowed, Refused, fire, fire_due
from renfort.kernel.integrity import registered, run
from renfort.missions.effects import offer_delay
from renfort.missions.enums import WaitingState as W
from renfort.missions.models import Participation, Waiting
from renfort.missions.selectors.mission import places_left, public_mission
from renfort.missions.selectors.waiting import position_of, turns_of
from renfort.missions.services.mission import edit_mission
from renfort.missions.services.participation import apply
from renfort.missions.services.waiting import join_line
from renfort.missions.workflow import MISSION, PARTICIPATION, WAITING
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.django_db


def full(places=1, **facts):
    """A mission whose places are all taken; returns it with who takes the first."""
    what = mission(places=places, **facts)
    held = [participation(what, state="accepted") for _ in range(places)]
    return what, held[0]


def join(what, someone=None):
    someone = someone or volunteer()
    return join_line(actor=actor(someone), person=someone, mission=what, ticked=rules_of(what.domain))


def tick():
    fire_due(timezone.now())


def withdraw(held):
    fire(PARTICIPATION, held, "withdraw", actor=actor(held.person), answers={"reason": "other"})


def states(what):
    return list(Waiting.objects.filter(mission=what).order_by("pk").values_list("state", flat=True))


def told(key):
    return list(Outgoing.objects.filter(message=key).order_by("pk").values_list("person_id", flat=True))


def test_full_mission_lets_one_join_and_says_the_position():
    what, _held = full()

    turns = [join(what) for _ in range(3)]

    assert [position_of(turn) for turn in turns] == [1, 2, 3]
    assert [turn.position for turn in turns_of(actor(turns[1].person))] == [2]
    assert join(what, turns[0].person) == turns[0]  # a second click is no mistake


def test_mission_with_places_has_no_waiting_list():
    with pytest.raises(Refused):
        join(mission(places=1))


def test_freed_place_goes_to_the_first_in_line_alone():
    what, held = full()
    first, second = join(what), join(what)

    withdraw(held)
    tick()
    tick()

    assert states(what) == [W.OFFERED, W.WAITING]
    assert told("missions.waiting.offered") == [first.person_id]
    assert position_of(second) == 2


def test_two_freed_places_go_to_two():
    what, _held = full(places=3)
    [join(what) for _ in range(4)]
    for each in Participation.objects.filter(mission=what)[:2]:
        withdraw(each)

    tick()

    assert states(what) == [W.OFFERED, W.OFFERED, W.WAITING, W.WAITING]


def test_offered_place_is_nobody_elses():
    """Neither a newcomer nor somebody whom the organisation accepts can have it (R60: never two people for one place)."""
    what, held = full()
    pending = participation(what)
    host = as_manager(what.organisation)
    join(what)
    fire(PARTICIPATION, pending, "refuse", actor=host, answers={"reason": "other"})
    withdraw(held)
    tick()
    assert states(what) == [W.OFFERED]

    fire(PARTICIPATION, pending, "take_back", actor=host)
    with pytest.raises(Refused, match="Toutes les places sont prises"):
        fire(PARTICIPATION, pending, "accept", actor=host)
    newcomer = volunteer()
    with pytest.raises(Refused, match="complète"):
        apply(actor=actor(newcomer), person=newcomer, mission=public_mission(what.pk), ticked=rules_of(what.domain))


def test_taking_the_place_applies_and_holds_it_until_the_answer():
    what, held = full()
    turn = join(what)
    withdraw(held)
    tick()
    turn.refresh_from_db()

    fire(WAITING, turn, "take", actor=actor(turn.person))

    made = Participation.objects.get(mission=what, person=turn.person)
    assert (made.state, made.reserved, made.rules_id) == ("pending", True, turn.rules_id)
    assert places_left(public_mission(what.pk)) == 0
    assert told("missions.waiting.to_answer") == [what.responsible_id]
    fire(PARTICIPATION, made, "accept", actor=as_manager(what.organisation))
    assert [found.check.name for found in run(registered()) if not found.holds] == []


def test_refused_after_the_line_frees_the_place_for_the_next():
    what, held = full()
    first = join(what)
    join(what)
    withdraw(held)
    tick()
    first.refresh_from_db()
    fire(WAITING, first, "take", actor=actor(first.person))
    made = Participation.objects.get(person=first.person)

    fire(PARTICIPATION, made, "refuse", actor=as_manager(what.organisation), answers={"reason": "other"})
    tick()

    assert states(what) == [W.TAKEN, W.OFFERED]


def test_who_applied_before_comes_before_the_line():
    """An application that waits for an answer was there first: the freed place is the organisation's to give to it."""
    what, held = full()
    earlier = participation(what)
    join(what)

    withdraw(held)
    tick()
    assert states(what) == [W.WAITING]

    fire(PARTICIPATION, earlier, "refuse", actor=as_manager(what.organisation), answers={"reason": "other"})
    tick()
    assert states(what) == [W.OFFERED]


def test_offer_lapses_after_its_delay_and_goes_to_the_next():
    what, held = full(starts_on=today() + days(30), ends_on=today() + days(30))
    first, _second = join(what), join(what)
    withdraw(held)
    tick()
    first.refresh_from_db()
    assert timedelta(hours=47, minutes=59) < first.offer_until - timezone.now() <= timedelta(hours=48)

    Waiting.objects.filter(pk=first.pk).update(
        offered_at=timezone.now() - timedelta(hours=49), offer_until=timezone.now() - timedelta(seconds=1)
    )
    first.refresh_from_db()
    with pytest.raises(Refused, match="délai"):
        fire(WAITING, first, "take", actor=actor(first.person))
    tick()

    assert states(what) == [W.LAPSED, W.OFFERED]
    assert told("missions.waiting.lapsed") == [first.person_id]


@pytest.mark.parametrize(
    ("ahead", "hours"),
    [(timedelta(days=30), 48), (timedelta(hours=24), 12), (timedelta(minutes=30), 1)],
)
def test_delay_is_shorter_near_the_date(ahead, hours):
    now = timezone.now()
    what = mission()
    what.begins_at, what.over_at = now + ahead, now + ahead + timedelta(days=1)

    assert offer_delay(what, now) == timedelta(hours=hours)


def test_leaving_the_line_moves_the_others_up():
    what, _held = full()
    first, second = join(what), join(what)

    fire(WAITING, first, "leave", actor=actor(first.person))

    assert position_of(second) == 1
    again = join(what, first.person)
    assert position_of(again) == 2


def test_raising_the_places_serves_the_line_first():
    what, _held = full()
    join(what)

    edit_mission(actor=as_manager(what.organisation), mission=what, facts=complete_facts(what.organisation, places=2))
    tick()

    assert states(what) == [W.OFFERED]
    assert places_left(public_mission(what.pk)) == 0


def test_places_are_not_lowered_under_an_offer():
    what, held = full(places=2)
    join(what)
    withdraw(held)
    tick()

    with pytest.raises(Refused, match="2"):
        edit_mission(actor=as_manager(what.organisation), mission=what, facts=complete_facts(what.organisation, places=1))


@pytest.mark.parametrize("end", ["cancel", "over"])
def test_line_closes_with_the_mission_and_everybody_is_told_once(end):
    what, _held = full()
    turns = [join(what) for _ in range(2)]

    if end == "cancel":
        fire(MISSION, what, "cancel", actor=as_manager(what.organisation), answers={"reason": "other"})
        tick()
    else:
        fire_due(what.over_at + timedelta(minutes=1))
    tick()

    assert states(what) == [W.CLOSED, W.CLOSED]
    assert told("missions.waiting.closed") == [turn.person_id for turn in turns]


def test_nobody_else_takes_the_place():
    what, held = full()
    turn = join(what)
    withdraw(held)
    tick()
    turn.refresh_from_db()

    with pytest.raises(NotAllowed):
        fire(WAITING, turn, "take", actor=actor(volunteer()))
    with pytest.raises(NotAllowed):
        fire(WAITING, turn, "take", actor=as_manager(what.organisation))


def test_every_step_has_its_history_row():
    what, held = full()
    turn = join(what)
    withdraw(held)
    tick()
    turn.refresh_from_db()
    fire(WAITING, turn, "leave", actor=actor(turn.person))

    verbs = Entry.objects.filter(model="missions.waiting").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["missions.waiting.join", "missions.waiting.offer", "missions.waiting.leave"]


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────
def test_page_of_a_full_mission_offers_the_line_then_shows_the_turn():
    what, _held = full()
    someone = volunteer()
    client = client_of(someone)

    page = client.get(what.get_absolute_url()).content.decode()
    assert "M’inscrire sur la liste d’attente" in page
    wording = rules_of(what.domain)
    answer = client.post(f"{what.get_absolute_url()}attendre/", {"rules": wording.pk, "agrees": "on"})
    turn = Waiting.objects.get(person=someone)
    assert answer.url == f"/espace/benevole/attente/{turn.pk}/"
    assert "position <b>1</b> sur 1" in client.get(answer.url).content.decode()
    assert "Vous êtes sur la liste d’attente" in client.get(what.get_absolute_url()).content.decode()
    assert "Sur liste d’attente" in client.get("/espace/benevole/").content.decode()


def test_rules_are_ticked_to_wait_as_to_apply():
    what, _held = full()

    answer = client_of(volunteer()).post(f"{what.get_absolute_url()}attendre/", {})

    assert answer.status_code == 422 and Waiting.objects.count() == 0


def test_joining_a_mission_that_has_places_says_so():
    what = mission(places=1)

    answer = client_of(volunteer()).post(f"{what.get_absolute_url()}attendre/", {"agrees": "on"})

    assert answer.status_code == 409


def test_too_old_for_the_mission_is_too_old_to_wait():
    what, _held = full()
    someone = volunteer(birth_date=today() - days(365 * 71 + 20))

    assert "M’inscrire sur la liste" not in client_of(someone).get(what.get_absolute_url()).content.decode()


def test_stranger_has_no_such_page():
    what, _held = full()
    turn = join(what)

    assert client_of(volunteer()).get(f"/espace/benevole/attente/{turn.pk}/").status_code == 404


def test_organisation_sees_how_many_wait_and_not_who():
    what, _held = full()
    turn = join(what)
    page = client_of(manager(what.organisation)).get(f"/espace/{what.organisation_id}/missions/{what.pk}/").content.decode()

    assert "Liste d’attente : 1 personne." in page
    assert turn.person.last_name not in page


def test_joining_before_having_an_account_is_kept_until_the_address_is_confirmed(client):
    """R3: the wish is kept, and the link of the e-mail takes the turn (the reaction is tested with the intents)."""
    what, _held = full()

    answer = client.post(f"{what.get_absolute_url()}attendre/", {"rules": rules_of(what.domain).pk, "agrees": "on"})

    assert answer.status_code == 302 and "/inscription/benevole/" in answer.url
    assert Waiting.objects.count() == 0
