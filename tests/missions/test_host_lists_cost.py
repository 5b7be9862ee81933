"""What the pages that are open all day cost: twelve queries at most, as many for twenty rows as for one (R17, R32, R41)."""

from __future__ import annotations

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.factories import (
    as_manager,
    book,
    client_of,
    days,
    manager,
    mission,
    operator,
    organisation,
    participation,
    slot,
    today,
    turn,
    tutor,
)

from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import Booking, Mission, ReplyTemplate, SavedView
from renfort.missions.selectors.host_lists import host_missions, with_left
from renfort.missions.selectors.mission import with_places
from renfort.missions.selectors.room import (
    being_full,
    count_places,
    having_room,
    having_room_among,
    left_by_department,
    rooms,
    roomy,
)

pytestmark = pytest.mark.django_db
M, P = MissionState, ParticipationState
MOST = 12


def one_more(where, someone, number):
    """A mission of this person with an applicant; every third with slots, of which one is asked for."""
    what = mission(where, places=3, title=f"Distribution de repas {number}", responsible=someone)
    waits = participation(what, created_at=timezone.now() - days(3))
    if number % 3 == 0:
        asked = slot(what)
        book(waits, asked)
        what.refresh_from_db()
    return what, waits


@pytest.mark.parametrize("role", [manager, tutor])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dashboard", ""),
        ("host-missions", ""),
        ("host-missions", "page=9999"),
        ("host-missions", "statut=published&tri=titre"),
        ("host-missions", "statut=a-cloturer"),
        ("host-missions", "places=reste&tri=places"),
        ("host-missions", "places=complet"),
        ("host-missions", "q=repas&lieu=bordeaux"),
        ("host-missions", "tri=places"),
        ("host-missions", "volet={mission}"),
        ("host-missions", "q=repas&places=reste&volet={mission}"),
        ("host-participations", ""),
        ("host-participations", "page=9999"),
        ("host-participations", "statut=pending&attente=2&tri=cree"),
        ("host-participations", "statut=autres"),
        ("host-participations", "q=repas&tri=nom"),
        ("host-participations", "mission={mission}"),
        ("host-participations", "volet={participation}"),
        ("host-participations", "statut=pending&volet={participation}"),
        ("host-participations", "q=repas&volet={participation}"),
    ],
)
def test_a_page_asks_the_same_for_one_row_and_for_twenty(role, name, said):
    where = organisation()
    someone = role(where)
    ReplyTemplate.objects.create(organisation=where, name="Complet", text="Bonjour {prénom}", created_at=timezone.now())
    SavedView.objects.create(organisation=where, person=someone, kind="missions", name="Mes repas", query="q=repas")
    browser = client_of(someone)
    what, waits = one_more(where, someone, 0)
    address = f"{reverse(f'missions:{name}', args=[where.pk])}?{said.format(mission=what.pk, participation=waits.pk)}"

    one = cost(browser, address)
    for number in range(1, 25):
        one_more(where, someone, number)

    assert cost(browser, address) == one <= MOST


@pytest.mark.parametrize("name", ["host-mission-panel", "host-participation-panel"])
def test_a_panel_alone_asks_the_same_whatever_else_there_is(name):
    where = organisation()
    someone = manager(where)
    what, waits = one_more(where, someone, 0)
    pk = what.pk if name == "host-mission-panel" else waits.pk
    browser, address = client_of(someone), reverse(f"missions:{name}", args=[where.pk, pk])

    one = cost(browser, address, headers={"X-Volet": "1"})
    for number in range(1, 25):
        one_more(where, someone, number)
        book(participation(what), slot(what, day=number))

    assert cost(browser, address, headers={"X-Volet": "1"}) == one <= MOST


@pytest.mark.parametrize("said", ["statut=", "statut=published", "q=repas"])
def test_the_operators_list_asks_the_same_for_one_row_and_for_twenty(said):
    browser, address = client_of(operator()), f"{reverse('missions:operator-missions')}?{said}"
    where = organisation()
    one_more(where, manager(where), 0)

    one = cost(browser, address)
    for number in range(1, 25):
        one_more(where, manager(where), number)

    assert cost(browser, address) == one <= MOST


def cost(browser, address, **how):
    """The queries of a page that was opened before."""
    browser.get(address, **how)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(address, **how).status_code == 200
    return len(queries)


# ── counted at once, counted one by one ───────────────────────────────────────────────────────────
def scattered(where, dice):
    """Missions of every kind around now, with or without slots, in every state of theirs and of their participations."""
    for number in range(14):
        start = today() + days(dice.randint(-10, 10))
        what = mission(
            where, state=dice.choice([M.PUBLISHED] * 6 + list(M)), places=dice.randint(1, 3),
            format="one_off" if number % 3 == 0 else dice.choice(["one_off", "recurring"]),
            starts_on=start, ends_on=start + days(dice.randint(0, 8)), title=f"Mission {dice.randint(0, 99)}",
        )  # fmt: skip
        slots = [slot(what, day=day) for day in range(dice.randint(1, 3))] if number % 3 == 0 else []
        for _ in range(dice.randint(0, 4)):
            state = dice.choice(list(P))
            one = participation(what, state=state, reserved=state == P.PENDING and dice.random() < 0.5)
            if slots:
                booked = book(one, dice.choice(slots), granted=state in (P.ACCEPTED, P.ONGOING, P.DONE))
                Booking.objects.filter(participation=booked).update(reserved=booked.reserved)
        if what.state == M.PUBLISHED and dice.random() < 0.6:
            turn(what, on=dice.choice(slots) if slots else None)


@pytest.mark.parametrize("seed", range(3))
def test_places_counted_at_once_are_those_counted_mission_by_mission(seed):
    """R34, R60, R61: an organisation's places are the same however they are counted."""
    where, now, dice = organisation(), timezone.now(), random.Random(seed)
    scattered(where, dice)
    scattered(organisation(), dice)  # somebody else's count nowhere
    everything = Mission.objects.filter(organisation=where)

    online = list(with_left(everything).filter(state=M.PUBLISHED, over_at__gt=now))
    left = {each.pk: each.left for each in online}
    assert set(everything.filter(having_room(where.pk, now)).values_list("pk", flat=True)) == {
        pk for pk, count in left.items() if count > 0
    }
    assert set(everything.filter(being_full(where.pk, now)).values_list("pk", flat=True)) == {
        pk for pk, count in left.items() if count <= 0
    }
    for asked, key in {
        "titre": lambda each: (each.search_name, each.pk),
        "-debut": lambda each: (each.starts_on, each.pk),
        "places": lambda each: (each.left, each.pk),
        "cree": lambda each: each.pk,
        "": lambda each: -each.pk,
    }.items():
        expected = sorted((each for each in online if each.left > 0), key=key, reverse=asked.startswith("-"))
        keys, places = rooms(where.pk, host_missions(as_manager(where), where.pk, {}), now, asked=asked)
        assert (keys, places) == ([each.pk for each in expected], sum(each.left for each in expected))

    # the same of a territory (R51): of the missions of a query, whatever their organisations
    there = everything.filter(state=M.PUBLISHED, over_at__gt=now)
    free = {pk: count for pk, count in left.items() if count > 0}
    assert roomy(there, now) == sorted(free, reverse=True)
    assert set(everything.filter(having_room_among(there, now)).values_list("pk", flat=True)) == set(free)
    assert left_by_department(there, now) == ({"33": sum(free.values())} if free else {})

    page = list(everything)
    count_places(page)
    annotated = {each.pk: each for each in with_places(everything)}
    for each in page:
        other = annotated[each.pk]
        assert (each.taken_now, each.offered_now, each.promised_now) == (other.taken_now, other.offered_now, other.promised_now)
