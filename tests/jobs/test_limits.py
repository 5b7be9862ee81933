"""P11: limits by network, by account and by the address typed; nobody slips through, no town hall is locked out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from tests.factories import account, client_of, manager, mission, mission_form, organisation, volunteer
from tests.factories.time import limits_wait

from renfort.jobs import middleware, services
from renfort.jobs.catalogue import LIMITS, Limit, Per
from renfort.kernel.http import client_network
from renfort.missions.models import Mission, Participation
from renfort.people.models import Account

FIVE = Limit(name="five", what="tests", per=Per.NETWORK, most=5, seconds=300)
SIGN_IN = "/connexion/"
WRONG = {"email": "ana@exemple.fr", "password": "faux"}


def passes(limit=FIVE, who="a") -> bool:
    return services.spend(limit, who) is None


# ── how a limit counts ────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_so_many_pass_then_one_after_each_share_of_the_time():
    assert [passes() for _ in range(7)] == [True] * 5 + [False] * 2
    assert services.spend(FIVE, "a").seconds in (59, 60)
    limits_wait(60)
    assert [passes(), passes()] == [True, False]
    limits_wait(300)
    assert [passes() for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.django_db
def test_others_and_other_limits_are_not_concerned():
    for _ in range(5):
        passes()
    assert (passes(), passes(who="b"), passes(Limit(name="six", what="tests", per=Per.NETWORK, most=6, seconds=300))) == (
        False,
        True,
        True,
    )


@pytest.mark.django_db
def test_a_refused_request_makes_nobody_wait_longer():
    for _ in range(5):
        passes()
    before = services.spend(FIVE, "a").seconds
    assert not any(passes() for _ in range(20))
    assert services.spend(FIVE, "a").seconds <= before


@pytest.mark.django_db
def test_what_is_given_back_counts_no_more():
    for _ in range(5):
        passes()
    services.give_back(FIVE, "a")
    assert [passes(), passes()] == [True, False]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "words"), [(1, "dans 1 seconde."), (59, "dans 59 secondes."), (60, "dans 1 minute."), (61, "dans 2 minutes.")]
)
def test_the_sentence_says_when_to_try_again(seconds, words):
    assert services.Refusal(FIVE, seconds).sentence == f"Trop de tentatives en peu de temps. Réessayez {words}"


@pytest.mark.django_db
def test_the_operator_widens_every_limit(settings):
    settings.LIMITS_FACTOR = 2
    assert [passes() for _ in range(11)] == [True] * 10 + [False]


@pytest.mark.django_db
def test_counts_are_forgotten_when_they_mean_nothing_any_more_and_name_nobody():
    """P10: neither an address nor an account stands in the table, and nothing longer than the limit's own time."""
    passes(who="192.0.2.7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT spent::text FROM jobs_spent AS spent")
        assert b"192.0.2.7".hex() not in cursor.fetchone()[0]
    assert services.forget_spent() == 0
    limits_wait(61)
    assert services.forget_spent() == 1


ARGUMENTS = {
    "civic_service:directory-ask-one": [1],
    "people:password-new": ["1", "a"],
    "organisations:invite": [1],
    "organisations:branch-import": [1],
    "organisations:branch-invite": [1],
    "workshops:session-invite": [1, 1],
    "workshops:certificate-again": [1, 1, 1],
    "workshops:after-survey": ["a", "hot"],
    "workshops:after-refuse": ["a"],
    "workshops:participants-invite": [1, 1],
    "workshops:participants-import": [1],
    "workshops:participants-export": [1, 1],
    "workshops:join": ["wrong"],
    "workshops:participation": ["wrong"],
    "workshops:participation-act": ["wrong", "ne-pas-venir"],
    "workshops:roll-call-mark": [1],
    "workshops:roll-call-marks": [1],
    "workshops:roll-call-add": [1],
    "workshops:self-entry": ["x"],
    "workshops:own-bill-send": [1],
    "missions:mission-keep": [1],
    "missions:host-missions-export": [1],
    "missions:host-participations-export": [1],
    "missions:mission-edit-keep": [1, 1],
    "organisations:invitation-act": [1, 1, "renvoyer"],
}


def test_every_limit_has_a_name_of_its_own_and_every_view_exists():
    names = [limit.name for limit in LIMITS]
    assert len(set(names)) == len(names)
    for limit in LIMITS:
        assert limit.most > 0 and limit.seconds // limit.most <= 12 * 60, f"{limit.name}: whoever is refused waits too long"
        for view in limit.views:
            reverse(view, args=ARGUMENTS.get(view))  # NoReverseMatch: nothing would be counted


# ── nobody slips through ──────────────────────────────────────────────────────────────────────────
def fifty_at_once() -> list[int]:
    """Fifty sign-ins with a wrong password, from as many browsers of one network, twenty at a time."""
    together = Barrier(20)

    def send(number: int) -> int:
        try:
            if number < 20:
                together.wait(30)
            return Client(REMOTE_ADDR="192.0.2.1").post(SIGN_IN, WRONG).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        return list(pool.map(send, range(50)))


@pytest.mark.race
def test_of_fifty_guesses_at_once_exactly_five_are_tried(own_database):
    statuses = fifty_at_once()
    assert (statuses.count(422), statuses.count(429)) == (5, 45)


@pytest.mark.race
def test_reading_before_writing_would_let_more_through(own_database, monkeypatch):
    """The negative control: the same limit, counted as a cache counts."""

    def read_then_write(limit, subject):
        terms = services._terms(limit, subject)
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute("SELECT free_at FROM jobs_spent WHERE key = %s", [terms["key"]])
            row = cursor.fetchone()
            after = max(row[0] if row else now, now) + timedelta(microseconds=terms["step"])
            if after > now + timedelta(seconds=limit.seconds):
                return services.Refusal(limit, 60)
            cursor.execute(
                "INSERT INTO jobs_spent VALUES (%s, %s, true) ON CONFLICT (key) DO UPDATE SET free_at = excluded.free_at",
                [terms["key"], after],
            )
        return None

    monkeypatch.setattr(middleware, "spend", read_then_write)
    assert fifty_at_once().count(422) > 5


# ── where a request comes from ────────────────────────────────────────────────────────────────────
def network(settings, *, proxies=0, peer="203.0.113.9", forwarded=None) -> str:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_network(RequestFactory().get("/", REMOTE_ADDR=peer, **more))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, None, "203.0.113.9"),
        (0, "198.51.100.1", "203.0.113.9"),  # nobody is trusted: the header is the client's own invention
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1, 198.51.100.1", "198.51.100.1"),  # what stands before it was typed by the client
        (2, "10.0.0.1, 198.51.100.1, 172.16.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "203.0.113.9"),  # one proxy too few
        (1, None, "203.0.113.9"),
        (1, "", "203.0.113.9"),
        (1, "rien; DROP TABLE", "203.0.113.9"),
        (1, "198.51.100.1:4711", "198.51.100.1"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"),
        (1, "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (1, "fe80::1%eth0", "fe80::/64"),
    ],
)
def test_a_client_is_known_by_what_the_trusted_proxy_says(settings, proxies, forwarded, counted):
    assert network(settings, proxies=proxies, forwarded=forwarded) == counted


@pytest.mark.parametrize("peer", ["", "unix:", "é"])
def test_a_request_without_an_address_is_counted_with_its_like(settings, peer):
    assert network(settings, peer=peer) == "unknown"


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forged_header_does_not_help(settings, proxies):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    seen = "203.0.113.9"  # by the proxy, or by us
    statuses = []
    for number in range(7):
        forged = f"10.9.8.{number}"
        header = f"{forged}, {seen}" if proxies else forged
        client = Client(REMOTE_ADDR="172.16.0.1" if proxies else seen, HTTP_X_FORWARDED_FOR=header)
        statuses.append(client.post(SIGN_IN, WRONG).status_code)
    assert statuses == [422] * 5 + [429] * 2


@pytest.mark.django_db
def test_a_whole_ipv6_network_is_one_subscriber():
    statuses = [Client(REMOTE_ADDR=f"2001:db8::{number:x}").post(SIGN_IN, WRONG).status_code for number in range(1, 8)]
    assert statuses == [422] * 5 + [429] * 2
    assert Client(REMOTE_ADDR="2001:db8:0:1::1").post(SIGN_IN, WRONG).status_code == 422


# ── what people meet ──────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_town_hall_signs_in_all_evening():
    """Three hundred people behind one Wi-Fi, a third of whom mistype once: nobody is refused."""
    statuses = [
        Client(REMOTE_ADDR="192.0.2.1").post(SIGN_IN, {"email": f"p{number}@exemple.fr", "password": "faux"}).status_code
        for number in range(100)
    ]
    assert set(statuses) == {422}


@pytest.mark.django_db
def test_many_machines_guessing_at_one_account_are_stopped(settings):
    settings.LIMITS_FACTOR = 0.2  # ten for an address, from everywhere
    statuses = [Client(REMOTE_ADDR=f"192.0.2.{number}").post(SIGN_IN, WRONG).status_code for number in range(1, 13)]
    assert statuses == [422] * 10 + [429] * 2


@pytest.mark.django_db
def test_one_network_that_hammers_does_not_lock_the_owner_out(settings):
    """The address's own count is left alone by those whom the narrower one has stopped already."""
    settings.LIMITS_FACTOR = 0.2
    for _ in range(40):
        Client(REMOTE_ADDR="192.0.2.66").post(SIGN_IN, WRONG)
    assert Client(REMOTE_ADDR="192.0.2.1").post(SIGN_IN, WRONG).status_code == 422


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "rien", "a@b\x00"])
def test_what_is_no_address_is_counted_for_nobody(client, address):
    assert {client.post(SIGN_IN, {"email": address, "password": "x"}).status_code for _ in range(60)} == {422}


@pytest.mark.django_db
def test_a_refused_form_comes_back_as_it_was_typed(client):
    for _ in range(5):
        client.post(SIGN_IN, WRONG)
    answer = client.post(SIGN_IN, WRONG | {"next": "/espace/profil/"})
    page = answer.content.decode()
    assert answer.status_code == 429
    assert 50 < int(answer.headers["Retry-After"]) <= 60
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'value="ana@exemple.fr"' in page and 'value="/espace/profil/"' in page
    assert "Réessayez dans" in page
    assert "faux" not in page


@pytest.mark.django_db
def test_a_mission_refused_is_not_lost(settings):
    settings.LIMITS_FACTOR = 1 / 120
    where = organisation()
    host = manager(where)
    browser, page = client_of(host), f"/espace/{where.pk}/missions/nouvelle/"
    assert browser.post(page, mission_form(host)).status_code == 302
    answer = browser.post(page, mission_form(host, title="Ma deuxième collecte"))
    assert (answer.status_code, Mission.objects.count()) == (429, 1)
    assert "Ma deuxième collecte" in answer.content.decode()
    assert "Réessayez dans" in answer.content.decode()
    other = organisation()
    colleague = manager(other)
    assert client_of(colleague).post(f"/espace/{other.pk}/missions/nouvelle/", mission_form(colleague)).status_code == 302


@pytest.mark.django_db
def test_applying_is_counted_by_account_not_by_network(settings):
    settings.LIMITS_FACTOR = 1 / 60
    first, second = volunteer(), volunteer()
    missions = [mission() for _ in range(2)]

    def apply(someone, what):
        ticked = {"rules": str(what.rules_id), "agrees": "on"}
        return client_of(someone).post(f"{what.get_absolute_url()}proposer/", ticked)

    assert apply(first, missions[0]).status_code == 302
    answer = apply(first, missions[1])
    assert (answer.status_code, Participation.objects.count()) == (429, 1)
    assert "Réessayez dans" in answer.content.decode()
    assert apply(second, missions[1]).status_code == 302


@pytest.mark.django_db
def test_suggestions_refuse_in_json(client, settings):
    settings.LIMITS_FACTOR = 1 / 2000
    statuses = [client.get("/communes/?q=bor").status_code for _ in range(3)]
    answer = client.get("/communes/?q=bor")
    assert (statuses, answer.status_code) == ([200] * 3, 429)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["retry_after"] == int(answer.headers["Retry-After"]) > 0
    assert "Réessayez" in answer.json()["error"]


@pytest.mark.django_db
def test_an_address_without_a_form_to_show_refuses_with_a_page(settings):
    settings.LIMITS_FACTOR = 1 / 60
    browser = client_of(account().person)
    for _ in range(2):
        answer = browser.post("/inscription/structure/etapes/lieu/", {})
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert "Revenez en arrière" in answer.content.decode()


@pytest.mark.django_db
def test_reading_is_never_limited(client, settings, django_assert_max_num_queries):
    settings.LIMITS_FACTOR = 1e-6
    assert {client.get(path).status_code for path in ("/", "/missions/", SIGN_IN) for _ in range(5)} == {200}
    assert Account.objects.count() == 0
