"""Missions kept for later: by a heart, with and without scripts, before and after having an account (R62)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import as_manager, client_of, days, manager, mission, organisation, participation, today, volunteer

from renfort.kernel.firing import fire
from renfort.missions.models import Favourite
from renfort.missions.services import volunteer as services
from renfort.missions.services.volunteer import FAVOURITE
from renfort.missions.workflow import MISSION
from renfort.people.models import Account
from renfort.people.services import keep_intent, perform

pytestmark = pytest.mark.django_db
HEART, LIST = "/favoris/", "/espace/benevole/favoris/"
JSON = {"Accept": "application/json"}


def text(browser, url: str) -> str:
    return browser.get(url).content.decode()


def test_a_heart_keeps_a_mission_and_leads_back_to_its_card():
    me, what = volunteer(), mission()
    browser = client_of(me)

    answer = browser.post(HEART, {"garder": what.pk, "next": "/missions/?q=repas"})

    assert answer["Location"] == f"/missions/?q=repas#mission-{what.pk}"
    assert list(Favourite.objects.values_list("person_id", "mission_id")) == [(me.pk, what.pk)]
    assert "Distribution de repas" in text(browser, LIST)
    assert 'name="retirer"' in text(browser, "/missions/") and 'aria-pressed="true"' in text(browser, "/missions/")


def test_twice_is_once_and_letting_go_is_letting_go():
    what = mission()
    browser = client_of(volunteer())
    for _ in range(2):
        assert browser.post(HEART, {"garder": what.pk}, headers=JSON).status_code == 200
    assert Favourite.objects.count() == 1

    for _ in range(2):
        answer = browser.post(HEART, {"retirer": what.pk}, headers=JSON)
    assert answer.status_code == 200 and not Favourite.objects.exists()


def test_nobody_lets_go_for_another():
    what, mine = mission(), volunteer()
    client_of(mine).post(HEART, {"garder": what.pk})

    client_of(volunteer()).post(HEART, {"retirer": what.pk})

    assert Favourite.objects.filter(person=mine).exists()
    assert "Distribution de repas" not in text(client_of(volunteer()), LIST)


@pytest.mark.parametrize("number", ["", "0", "abc", "99999999", "9" * 40, "²", "-1"])
def test_a_mission_that_nobody_can_see_is_a_404(number):
    assert client_of(volunteer()).post(HEART, {"garder": number}).status_code == 404
    hidden = mission(state="draft")
    assert client_of(volunteer()).post(HEART, {"garder": hidden.pk}).status_code == 404


def test_the_heart_leads_to_our_own_pages_alone():
    what = mission()
    answer = client_of(volunteer()).post(HEART, {"garder": what.pk, "next": "https://evil.example/"})

    assert answer["Location"] == LIST


def test_somebody_unknown_signs_up_and_finds_it_kept():
    what = mission()
    browser = client_of(None)
    answer = browser.post(HEART, {"garder": what.pk, "next": "/missions/"})
    assert answer["Location"] == "/inscription/benevole/"
    page = text(browser, "/inscription/benevole/")
    assert "Pour retrouver vos favoris partout" in page
    assert "Vous proposez votre aide" not in page and "Votre proposition part" not in page, "nothing is proposed"
    assert browser.session["people.wish"]["kind"] == FAVOURITE

    me = volunteer()
    intent = keep_intent(address=me.email, kind=FAVOURITE, payload={"mission": what.pk}, url="/missions/")
    done = perform(account=Account.objects.get(person=me), only=intent.pk)

    assert done.url == f"/missions/#mission-{what.pk}" and Favourite.objects.filter(person=me, mission=what).exists()


def test_a_manager_who_is_no_volunteer_joins_first():
    what, host = mission(), manager()
    assert client_of(host).post(HEART, {"garder": what.pk})["Location"] == "/inscription/benevole/"
    intent = keep_intent(address=host.email, kind=FAVOURITE, payload={"mission": what.pk}, url="/missions/")

    done = perform(account=Account.objects.get(person=host), only=intent.pk)

    assert done.url.startswith("/inscription/benevole/?next=") and not Favourite.objects.exists()


def test_what_became_of_each_is_told():
    me, where = volunteer(), organisation()
    full, over, off = mission(where, places=1), mission(where), mission(where)
    fine = mission(where)
    for each in (full, over, off, fine):
        client_of(me).post(HEART, {"garder": each.pk})
    participation(full, state="accepted")
    type(over).objects.filter(pk=over.pk).update(starts_on=today() - days(9), ends_on=today() - days(3))
    fire(MISSION, off, "cancel", actor=as_manager(where), answers={"reason": "other"})

    page = text(client_of(me), LIST)

    assert [page.count(words) for words in ("Complète pour le moment", "Terminée", "Annulée")] == [1, 1, 1]
    assert page.count("kept-fate") == 3, "the one that is open has its places alone"


def test_a_cancelled_one_can_still_be_let_go():
    me, what = volunteer(), mission()
    client_of(me).post(HEART, {"garder": what.pk})
    fire(MISSION, what, "cancel", actor=as_manager(what.organisation), answers={"reason": "other"})

    assert client_of(me).post(HEART, {"retirer": what.pk}).status_code == 302 and not Favourite.objects.exists()


def test_too_many_are_told_so(monkeypatch):
    monkeypatch.setattr(services, "MOST_FAVOURITES", 1)
    me, where = volunteer(), organisation()
    browser = client_of(me)
    browser.post(HEART, {"garder": mission(where).pk})

    answer = browser.post(HEART, {"garder": mission(where).pk}, headers=JSON)

    assert answer.status_code == 409 and "retirez-en" in answer.json()["sentence"]


def test_an_empty_list_says_what_to_do():
    assert "Touchez le cœur" in text(client_of(volunteer()), LIST)


def test_a_list_of_cards_costs_the_same_for_one_heart_and_for_twenty():
    counts = []
    for number in (1, 20):
        me, where = volunteer(), organisation()
        browser = client_of(me)
        for _ in range(number):
            Favourite.objects.create(person=me, mission=mission(where))
        browser.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(LIST).content.decode().count('name="retirer"') == number
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_who_is_not_signed_in_costs_no_query_for_hearts():
    mission()
    with CaptureQueriesContext(connection) as queries:
        assert 'name="garder"' in text(client_of(None), "/missions/")

    assert [query for query in queries if "favourite" in query["sql"]] == []
