"""A volunteer's own pages: what is next, who must act, what else one could do (R34, R35)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import actor, as_manager, client_of, days, mission, organisation, participation, today, volunteer

from renfort.kernel.firing import fire
from renfort.missions.components.steps import route_url, usual_words
from renfort.missions.enums import ParticipationState
from renfort.missions.models import HoursEntry, Participation, Waiting
from renfort.missions.selectors.volunteer import answer_times, home_point, kilometres
from renfort.missions.workflow import PARTICIPATION
from renfort.notifications.models import Outgoing

pytestmark = pytest.mark.django_db
SPACE = "/espace/benevole/"


def text(browser, url: str) -> str:
    return browser.get(url).content.decode().replace("&#x27;", "'")


def own(made: Participation) -> str:
    return text(client_of(made.person), f"{SPACE}{made.pk}/")


def answered(where, *delays: timedelta, by_clock: bool = False) -> None:
    """So many applications that the organisation answered, each after so long."""
    what = mission(where, places=99)
    for delay in delays:
        sent = timezone.now() - days(20)
        made = participation(what, state="accepted", created_at=sent, decided_at=sent + delay)
        if by_clock:
            Participation.objects.filter(pk=made.pk).update(decided_by=None)


# ── the list ──────────────────────────────────────────────────────────────────────────────────────
def test_what_is_next_comes_first_then_what_waits_then_what_is_past():
    me, where = volunteer(), organisation()
    for title, state, start in (
        ("Plus tard", "accepted", 20),
        ("Bientôt", "accepted", 3),
        ("Attendue", "pending", 1),
        ("Vécue", "done", 5),
    ):
        participation(
            mission(where, title=title, starts_on=today() + days(start), ends_on=today() + days(start)), me, state=state
        )

    page = text(client_of(me), SPACE)

    places = [
        page.index(f">{words}<") for words in ("Votre prochaine mission", "Bientôt", "Ensuite", "Plus tard", "Attendue", "Vécue")
    ]
    assert places == sorted(places)
    assert "2 missions à venir · 1 réponse attendue" in page


def test_the_next_one_says_when_where_how_far_and_whom_to_call():
    me = volunteer(postcode="33000")
    made = participation(mission(latitude=44.85, longitude=-0.58), me, state="accepted")

    page = text(client_of(me), SPACE)

    assert "Maryse Contact" in page and "0556010203" in page
    assert "3 rue Sainte-Catherine, 33000 Bordeaux" in page and "km" in page
    assert 'href="geo:44.85000,-0.58000?q=3%20rue%20Sainte-Catherine%2C%2033000%20Bordeaux"' in page
    assert f"/espace/benevole/{made.pk}/mission.ics" in page


def test_who_waits_is_told_who_must_answer_and_how_soon_that_usually_is():
    me, where = volunteer(), organisation(name="Secours Bordeaux")
    answered(where, days(1), days(2), days(9))
    participation(mission(where), me)

    assert "Secours Bordeaux doit vous répondre, d'ordinaire en 2 jours." in text(client_of(me), SPACE)


def test_hardly_any_answer_says_nothing_of_what_is_usual_and_the_clock_is_no_answer():
    few, lapsed, quick = organisation(), organisation(), organisation()
    answered(few, days(1), days(1))
    answered(lapsed, days(30), days(30), days(30), by_clock=True)
    answered(quick, timedelta(minutes=5), timedelta(minutes=9), timedelta(hours=30))

    assert answer_times([few.pk, lapsed.pk, quick.pk]) == {quick.pk: timedelta(minutes=9)}
    with CaptureQueriesContext(connection) as queries:
        assert answer_times([]) == {}
    assert len(queries) == 0


@pytest.mark.parametrize(
    ("usual", "words"),
    [
        (timedelta(minutes=20), "d'ordinaire en moins d'une heure"),
        (timedelta(hours=1), "d'ordinaire en 1 heure"),
        (timedelta(hours=5, minutes=20), "d'ordinaire en 5 heures"),
        (timedelta(hours=25), "d'ordinaire en 1 jour"),
        (timedelta(days=2, hours=3), "d'ordinaire en 2 jours"),
    ],
)
def test_what_is_usual_is_told_in_round_words(usual, words):
    assert usual_words(usual) == words


def test_a_long_wait_is_not_only_waited_for():
    made = participation(created_at=timezone.now() - days(9))

    assert "C'est long : rien n'empêche de proposer aussi votre aide ailleurs." in own(made)


def test_the_space_costs_the_same_for_one_participation_and_for_twenty():
    counts = []
    for number in (1, 20):
        me = volunteer()
        for index in range(number):
            for state in ("accepted", "pending", "done"):
                where = organisation()
                answered(where, days(1))
                participation(mission(where, title=f"{state} {index}"), me, state=state)
        browser = client_of(me)
        browser.get(SPACE)
        with CaptureQueriesContext(connection) as queries:
            browser.get(SPACE)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_an_empty_space_says_what_to_do_next():
    page = text(client_of(volunteer()), SPACE)
    assert "Votre première mission vous attend" in page and 'href="/missions/"' in page

    past = participation(state="done")
    assert "Une nouvelle mission ?" in text(client_of(past.person), SPACE)


def test_the_past_can_be_turned():
    me, what = volunteer(), mission(places=99)
    for _ in range(12):
        participation(what, me, state="withdrawn")

    assert "Affiche 11 à 12 sur 12" in text(client_of(me), f"{SPACE}?page=2")
    assert client_of(me).get(f"{SPACE}?page=abc").status_code == 200


# ── one participation ─────────────────────────────────────────────────────────────────────────────
SENTENCES = {
    "pending": "doit vous répondre",
    "accepted": "Vous êtes attendu·e",
    "ongoing": "Votre mission est en cours",
    "done": "Merci pour votre aide",
    "refused": "n'a pas pu vous accueillir cette fois",
    "withdrawn": "Vous vous êtes désisté·e",
    "no_show": "Il reste à établir si vous êtes venu·e",
    "cancelled": "La mission est annulée",
}


@pytest.mark.parametrize("state", ParticipationState.values)
def test_every_status_is_told_in_words_and_the_contact_to_who_is_expected_alone(state):
    page = own(participation(state=state))

    assert SENTENCES[state] in page
    assert ("contact@secret.example" in page) == (state in ("accepted", "ongoing"))
    assert ("/abandonner/" in page) == (state in ("pending", "accepted", "ongoing"))


def test_a_refusal_gives_its_reason():
    made = participation(state="refused")
    assert "Raison donnée : La mission demande un autre profil." in own(made)

    Participation.objects.filter(pk=made.pk).update(refusal_reason="mission_over")
    assert "s'est terminée avant que" in own(made)


def test_who_withdrew_is_told_that_it_is_known_and_how_to_come_back():
    made = participation(state="accepted")
    browser = client_of(made.person)
    page = text(browser, f"{SPACE}{made.pk}/abandonner/")
    assert made.mission.responsible.full_name in page, "who gets an e-mail"

    browser.post(f"{SPACE}{made.pk}/abandonner/", {"reason": "not_available", "seen": made.version})

    page = own(made)
    assert f"{made.mission.organisation.name} le sait." in page and "Proposez votre aide sur la page de la mission" in page


def test_a_mission_at_a_distance_has_no_way_there():
    made = participation(mission(presence="remote", address="", city="", postcode=""), state="accepted")

    page = own(made)
    assert "geo:" not in page and "À distance, de chez vous" in page
    assert route_url(made.mission) == ""


def test_distances_are_as_the_crow_flies():
    me = volunteer(postcode="33000")
    start = home_point(me)
    assert start is not None
    paris = mission(latitude=48.8566, longitude=2.3522)

    assert 490 < kilometres(start, paris) < 505
    assert kilometres(None, paris) is None and kilometres(start, mission()) is None
    assert home_point(volunteer(postcode="")) is None and home_point(volunteer(postcode="00000")) is None


# ── what else one could do ────────────────────────────────────────────────────────────────────────
def refused_beside(me, **facts) -> Participation:
    """A refusal in Bordeaux, beside five other missions: one full, one applied for, one remote, two fine."""
    where = organisation()
    place = {"latitude": 44.84, "longitude": -0.57}
    what = mission(where, title="Refusée", **place, **facts)
    participation(mission(where, title="Complète", places=1, **place), state="accepted")
    participation(mission(where, title="Déjà proposée", **place), me)
    mission(where, title="De chez soi", presence="remote")
    for title in ("Semblable une", "Semblable deux"):
        mission(where, title=title, **place)
    made = participation(what, me)
    fire(PARTICIPATION, made, "refuse", actor=as_manager(where), answers={"reason": "other"})
    return made


def test_a_refusal_offers_similar_missions_in_the_letter_and_on_the_page():
    me = volunteer()
    made = refused_beside(me)

    mail = Outgoing.objects.get(message="missions.participation.refused")
    page = own(made)
    for shown in (mail.text, mail.html, page):
        assert "Semblable une" in shown and "Semblable deux" in shown
        assert "Complète" not in shown and "Déjà proposée" not in shown
    assert mail.text.count("http://testserver/missions/") == 4, "the list, and each of three missions"
    assert len(mail.html) < 60_000


def test_whom_age_keeps_from_missions_in_person_is_offered_remote_ones_alone():
    made = refused_beside(volunteer(birth_date=today() - days(71 * 366)))

    mail = Outgoing.objects.get(message="missions.participation.refused")
    assert "De chez soi" in mail.text and "Semblable" not in mail.text
    assert "De chez soi" in own(made) and "Semblable" not in own(made)


def test_nothing_similar_is_no_empty_promise():
    made = participation()
    fire(PARTICIPATION, made, "refuse", actor=as_manager(made.mission.organisation), answers={"reason": "other"})

    assert "D&#x27;autres missions près de chez vous" in Outgoing.objects.get().html
    assert "qui vous ressemblent" not in own(made)


def test_only_who_is_refused_or_cancelled_is_offered_others():
    where = organisation()
    mission(where, title="Semblable", latitude=44.84, longitude=-0.57)
    made = participation(mission(where, latitude=44.84, longitude=-0.57), state="accepted")

    assert "Semblable" not in own(made)
    fire(PARTICIPATION, made, "withdraw", actor=actor(made.person), answers={"reason": "other"})
    assert "Semblable" not in own(made)


# ── what waits for the person ─────────────────────────────────────────────────────────────────────
def test_a_place_that_is_kept_and_hours_to_agree_with_come_before_everything():
    """R60, R33: a place offered for two days must not stand below what can wait."""
    me, where = volunteer(), organisation(name="Secours Bordeaux")
    participation(mission(where, title="Bientôt"), me, state="accepted")
    done = participation(mission(where, title="Vécue"), me, state="done")
    HoursEntry.objects.create(
        participation=done, first_on=today(), last_on=today(), quarters=14, side="host", said_at=timezone.now()
    )
    now = timezone.now()
    for title, offer in (
        ("Place gardée", {"state": "offered", "offered_at": now, "offer_until": now + days(2)}),
        ("En file", {}),
    ):
        Waiting.objects.create(mission=mission(where, title=title), person=me, created_at=now, **offer)

    page = text(client_of(me), SPACE)

    expected = (
        "À vous de répondre",
        "Une place s’est libérée : Place gardée",
        "Êtes-vous d’accord avec 3\u00a0h\u00a030 ?",
        "Bientôt",
        "En file",
    )
    places = [page.index(words) for words in expected]
    assert places == sorted(places)
    assert page.count("Place gardée") == 1


def test_a_mission_under_way_is_not_called_the_next_one():
    me = volunteer()
    participation(mission(starts_on=today() - days(3), ends_on=today() + days(3)), me, state="ongoing")

    page = text(client_of(me), SPACE)

    assert "Votre mission en cours" in page and "1 mission en cours" in page
    assert "Votre prochaine mission" not in page and "à venir" not in page
