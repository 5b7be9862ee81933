"""R8, P11: one sees where one is signed in, and closes what one does not know, at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.factories import at
from tests.people.conftest import PASSWORD
from tests.people.test_races import at_once

from renfort.audit.models import Entry
from renfort.jobs.services import forget_expired_sessions
from renfort.kernel.devices import device_of, device_words, is_phone
from renfort.people import middleware
from renfort.people.models import OpenSession
from renfort.people.services import note_session

PAGE = "/espace/compte/"
ALL = "/espace/compte/appareils/deconnecter/"
W = "AppleWebKit/537.36 (KHTML, like Gecko)"
S = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
PHONE = "(iPhone; CPU iPhone OS 18_1 like Mac OS X)"
AGENTS = {
    "Chrome sur Android": f"Mozilla/5.0 (Linux; Android 10; K) {W} Chrome/131.0.0.0 Mobile Safari/537.36",
    "Safari sur iPhone": f"Mozilla/5.0 {PHONE} {S} Version/18.1 Mobile/15E148 Safari/604.1",
    "Chrome sur iPhone": f"Mozilla/5.0 {PHONE} {S} CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1",
    "Firefox sur Windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    "Edge sur Windows": f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {W} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
    "Safari sur macOS": f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {S} Version/18.1 Safari/605.1.15",
    "Samsung Internet sur Android": f"Mozilla/5.0 (Linux; Android 10) {W} SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36",
    "Opera sur Linux": f"Mozilla/5.0 (X11; Linux x86_64) {W} Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0",
    "Chrome sur ChromeOS": f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {W} Chrome/131.0.0.0 Safari/537.36",
    "Firefox": "Firefox/1.0",
    "Un navigateur sur Android": "Dalvik/2.1.0 (Android)",
    "Un navigateur inconnu": "curl/8.5.0",
}  # fmt: skip


def browser(name: str = "Firefox sur Windows", **more) -> Client:
    return Client(HTTP_USER_AGENT=AGENTS[name], **more)


def inside(client) -> bool:
    return client.get(PAGE).status_code == 200


@pytest.fixture
def two(made):
    """Somebody signed in on a computer and on a phone."""
    made()
    computer, phone = browser(), browser("Chrome sur Android")
    for each in (computer, phone):
        each.post("/connexion/", {"email": "ana@exemple.fr", "password": PASSWORD})
        assert inside(each)
    return computer, phone


def close_of(client) -> str:
    """The address that closes this client's session."""
    return f"/espace/compte/appareils/{OpenSession.objects.get(session_id=client.session.session_key).pk}/deconnecter/"


@pytest.mark.parametrize("words", AGENTS)
def test_a_browser_is_told_in_words(words):
    assert device_words(device_of(AGENTS[words])) == words
    assert is_phone(device_of(AGENTS[words])) == any(name in words for name in ("Android", "iPhone"))


@pytest.mark.parametrize("agent", ["", "\x00", "é" * 5000, "<script>alert(1)</script>", "(" * 3000])
def test_whatever_a_browser_says_of_itself_is_no_failure(made, agent):
    made()
    client = Client(HTTP_USER_AGENT=agent)
    client.post("/connexion/", {"email": "ana@exemple.fr", "password": PASSWORD})
    page = client.get(PAGE).content.decode()
    assert "Un navigateur inconnu" in page
    assert "alert(1)" not in page


def test_ones_browsers_are_listed_in_words_and_this_one_is_marked(two):
    computer, _phone = two
    page = computer.get(PAGE).content.decode()
    assert "Firefox sur Windows" in page and "Chrome sur Android" in page
    assert page.count("Cet appareil") == 1
    assert close_of(computer) not in page
    for key in Session.objects.values_list("session_key", flat=True):
        assert key not in page, "the key of a session opens it"


def test_one_browser_closes_another_at_once(two):
    computer, phone = two
    assert computer.post(close_of(phone)).status_code == 302
    assert not inside(phone)
    assert inside(computer)
    assert "Chrome sur Android" not in computer.get(PAGE).content.decode()
    assert Entry.objects.filter(verb="people.account.end_sessions", codes={"sessions": 1}).count() == 1


def test_closing_this_browser_is_signing_out(two):
    computer, phone = two
    assert computer.post(close_of(computer)).url == "/"
    assert (inside(computer), inside(phone)) == (False, True)


def test_all_others_are_closed_at_once(two):
    computer, phone = two
    tablet = browser("Safari sur macOS")
    tablet.post("/connexion/", {"email": "ana@exemple.fr", "password": PASSWORD})
    assert "2 autres appareils sont déconnectés" in computer.post(ALL, follow=True).content.decode()
    assert (inside(computer), inside(phone), inside(tablet)) == (True, False, False)
    assert "nulle part ailleurs" in computer.post(ALL, follow=True).content.decode()


def test_nobody_closes_or_finds_somebody_elses_browser(two, made):
    computer, phone = two
    made("autre@exemple.fr")
    other = browser()
    other.post("/connexion/", {"email": "autre@exemple.fr", "password": PASSWORD})
    assert other.post(close_of(phone)).status_code == 404
    assert other.post("/espace/compte/appareils/999999/deconnecter/").status_code == 404
    other.post(ALL)
    assert (inside(computer), inside(phone)) == (True, True)
    assert Client().post(ALL).status_code == 302


def test_it_is_done_by_a_form_alone(two):
    computer, phone = two
    assert {computer.get(ALL).status_code, computer.get(close_of(phone)).status_code} == {405}
    assert inside(phone)


def test_a_new_password_leaves_this_browser_alone(two):
    computer, phone = two
    form = {"password": PASSWORD, "password1": "deux ânes sur un toit", "password2": "deux ânes sur un toit"}
    assert computer.post(PAGE, form).status_code == 302
    assert (inside(computer), inside(phone)) == (True, False)
    assert [row.device for row in OpenSession.objects.all()] == ["Firefox/Windows"]


def test_a_lost_password_closes_every_browser(two, client, mailbox):
    computer, phone = two
    client.post("/mot-de-passe/oublie/", {"email": "ana@exemple.fr"})
    client.post(mailbox.last.link, {"password1": "deux ânes sur un toit", "password2": "deux ânes sur un toit"})
    assert (inside(computer), inside(phone), inside(client)) == (False, False, True)
    assert OpenSession.objects.count() == 1


def test_signing_out_takes_the_row_away(two):
    computer, _phone = two
    computer.post("/deconnexion/")
    assert [row.device for row in OpenSession.objects.all()] == ["Chrome/Android"]


def test_reading_pages_writes_nothing_until_five_minutes_have_passed(two, django_assert_num_queries, monkeypatch):
    computer, _phone = two
    before = OpenSession.objects.get(device="Firefox/Windows").seen_at
    computer.get("/espace/profil/")
    assert OpenSession.objects.get(device="Firefox/Windows").seen_at == before
    now = middleware.time.time()
    monkeypatch.setattr(middleware.time, "time", lambda: now + 301)
    computer.get("/espace/profil/")
    after = OpenSession.objects.get(device="Firefox/Windows")
    assert after.seen_at > before
    computer.get("/espace/profil/")
    assert OpenSession.objects.get(device="Firefox/Windows").seen_at == after.seen_at


def test_no_address_and_no_more_than_two_words_are_kept(two):
    """P10: what the list shows is all that is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT row::text FROM people_opensession AS row")
        kept = str(cursor.fetchall())
    assert "127.0.0.1" not in kept and "Mozilla" not in kept


def test_what_is_over_is_forgotten_with_its_session(two):
    later = timezone.now() + timedelta(days=15)
    with at(later):
        forget_expired_sessions()
    assert (Session.objects.count(), OpenSession.objects.count()) == (0, 0)


def test_the_list_costs_the_same_for_one_browser_and_for_thirty(two, made, django_assert_num_queries):
    computer, _phone = two
    account = OpenSession.objects.first().account
    counts = []
    for many in (0, 30):
        for _ in range(many):
            Client().force_login(account)
        with connection.execute_wrapper(lambda run, sql, *rest: counts.append(sql) or run(sql, *rest)):
            page = computer.get(PAGE).content.decode()
        counts.append(None)
    first = counts.index(None)
    assert len(counts) == 2 * (first + 1)
    assert "Et d’autres" in page
    computer.post(ALL)
    assert OpenSession.objects.count() == 1, "those that were not shown too"


@pytest.mark.race
def test_a_session_closed_while_its_page_is_read_stays_closed(own_database, made):
    """The note of a request on its way neither fails nor brings the session back."""
    account = made()
    client = Client()
    client.force_login(account)
    key = client.session.session_key

    def see():
        for _ in range(30):
            note_session(account=account, session_key=key, device="/")

    at_once(see, see, lambda: Session.objects.filter(pk=key).delete())
    note_session(account=account, session_key=key, device="/")
    assert (Session.objects.count(), OpenSession.objects.count()) == (0, 0)
    assert client.get(PAGE).status_code == 302
