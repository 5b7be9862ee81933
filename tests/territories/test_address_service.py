"""Who suggests addresses: the shipped communes, and the national service in every mood (R6, P12).

The national service is a real server on this machine (``tests/harness/address_service.py`` says where its answers are from).
"""

from __future__ import annotations

import json
import socket
import time
from threading import Thread
from threading import enumerate as enumerate_threads

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.harness.address_service import BORDEAUX, MOODS, collection, feature, stand_in

from renfort.config.env import Environment
from renfort.territories.adapters import address_service, national
from renfort.territories.adapters.embedded import EmbeddedCommunes
from renfort.territories.adapters.national import FAILURES, NationalService
from renfort.territories.models import Commune

pytestmark = pytest.mark.django_db
TEXT = "12 bis rue du Hamel 33800 Bordeaux"
FACTS = BORDEAUX["properties"]


@pytest.fixture
def server():
    with stand_in() as running:
        yield running


@pytest.fixture
def service(server):
    return NationalService(server.url, fallback=EmbeddedCommunes())


def first(text):
    return EmbeddedCommunes().suggest(text).rows[0]


# ── the communes ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "address", "postcode", "city", "commune"),
    [
        ("12 bis rue du Hamel 33800 Bordeaux", "12 bis rue du Hamel", "33800", "Bordeaux", "33063"),
        ("12 ter, rue du Hamel, 33 800 BORDEAUX, France", "12 ter, rue du Hamel", "33800", "Bordeaux", "33063"),
        ("12 rue du Hamel (33800)", "12 rue du Hamel", "33800", "Bordeaux", "33063"),
        ("12 rue du Hamel, Bordeaux 33800", "12 rue du Hamel", "33800", "Bordeaux", "33063"),
        ("33800 Bordeaux, 12 rue du Hamel", "12 rue du Hamel", "33800", "Bordeaux", "33063"),
        ("Bordeaux, 12 rue du Hamel", "12 rue du Hamel", "33000", "Bordeaux", "33063"),
        ("12 rue du Hamel\n33800 Bordeaux", "12 rue du Hamel", "33800", "Bordeaux", "33063"),
        ("Rue de l'Église, Saint-Étienne", "Rue de l'Église", "42000", "Saint-Étienne", "42218"),
        ("rue de l’eglise st etienne", "rue de l’eglise", "42000", "Saint-Étienne", "42218"),
        ("Le Bourg, ste foy la grande", "Le Bourg", "33220", "Sainte-Foy-la-Grande", "33402"),
        ("BP 40, 33070 Bordeaux cedex 9", "BP 40", "33070", "Bordeaux", "33063"),
        ("3 rue X BP 33070 33000 Bordeaux Cedex", "3 rue X BP 33070", "33000", "Bordeaux", "33063"),
        ("5 rue Oberkampf Paris 11", "5 rue Oberkampf", "75011", "Paris", "75111"),
        ("Paris 11", "", "75011", "Paris", "75111"),
        ("75011", "", "75011", "Paris", "75111"),
        ("12 rue de Bordeaux Mérignac", "12 rue de Bordeaux", "33700", "Mérignac", "33281"),
        ("5 rue du Port Le Havre", "5 rue du Port", "76600", "Le Havre", "76351"),
        ("Mairie de Bordeaux", "Mairie de Bordeaux", "33000", "Bordeaux", "33063"),
        ("rue de la Paix Saint-Denis 93", "rue de la Paix", "93200", "Saint-Denis", "93066"),
        ("rue de la Paix, Saint-Denis, La Réunion", "rue de la Paix", "97400", "Saint-Denis", "97411"),
        ("12 rue du hamel, bordaux", "12 rue du hamel", "33000", "Bordeaux", "33063"),
        ("12 rue du hamel bord", "12 rue du hamel", "33000", "Bordeaux", "33063"),  # still being typed
        ("Mata-Utu 98600", "Mata-Utu", "98600", "Uvea", "98613"),
        ("2 rue X 97500 Saint-Pierre", "2 rue X", "97500", "Saint-Pierre", "97502"),
        ("Avenue Pouvanaa, Papeete", "Avenue Pouvanaa", "98714", "Papeete", "98735"),
        ("1 rue X, 20000 Ajaccio", "1 rue X", "20000", "Ajaccio", "2A004"),
    ],
)
def test_communes_find_the_place_and_keep_the_street(text, address, postcode, city, commune):
    found = first(text)
    centre = Commune.objects.get(pk=commune)

    assert (found.address, found.postcode, found.city, found.commune) == (address, postcode, city, commune)
    assert (found.department, found.latitude, found.longitude) == (centre.department_id, centre.latitude, centre.longitude)
    assert found.source == "communes"


@pytest.mark.parametrize(
    ("text", "department"), [("33", "33"), ("Gironde", "33"), ("2a", "2A"), ("Mata-Utu, Wallis-et-Futuna", "986")]
)
def test_department_alone_fills_the_department_alone(text, department):
    found = first(text)

    assert (found.department, found.city, found.latitude) == (department, "", None)


@pytest.mark.parametrize("text", ["12 rue de Bordeaux", "12 rue Saint-Denis", "12 rue", "99999 Xyz", "Xyzzyville", "", " , ,"])
def test_street_of_that_name_is_not_that_place(text):
    """« rue de Bordeaux » is in many towns: nothing is said rather than something wrong."""
    assert EmbeddedCommunes().suggest(text).rows == []


def test_postcode_of_several_communes_offers_them_all():
    rows = EmbeddedCommunes().suggest("Le Bourg, 01200").rows

    assert {"01033", "01114"} <= {each.commune for each in rows} and len(rows) <= 8


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=300)
    | st.lists(
        st.sampled_from(
            ["12", "bis", "rue", "de", "33800", "Bordeaux", ",", "(", ")", "cedex", "BP", "St", "75 011", "2A", "\0", "É"]
        ),
        max_size=9,
    ).map(" ".join)
)
def test_communes_never_fail_whatever_is_typed(text):
    rows = EmbeddedCommunes().suggest(text).rows

    assert len(rows) <= 8 and all(len(each.address) <= 200 for each in rows)


def test_communes_cost_few_queries(django_assert_max_num_queries):
    for text in (
        TEXT,
        "rue de l'Église, Saint-Étienne",
        "BP 40, 33070 Bordeaux cedex 9",
        "12 rue X, bordaux",
        "Gironde",
        "Saint-Denis",
    ):
        with django_assert_max_num_queries(8):
            EmbeddedCommunes().suggest(text)


# ── the national service, when it is well ─────────────────────────────────────────────────────────
def test_service_is_asked_as_documented(server, service):
    service.suggest("  12 bis rue du Hamel  33800 Bordeaux ")

    assert server.asked == [{"q": TEXT, "limit": "8", "autocomplete": "1", "index": "address"}]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("7 rue de la paix", ("7 Rue de la Paix", "50100", "Cherbourg-en-Cotentin", "50129", 49.640139, -1.650154)),
        ("3 rue haute pierre", ("3 Rue Haute Pierre", "57000", "Metz", "57463", 49.116845, 6.171141)),
        ("bègles", ("", "33130", "Bègles", "33039", 44.8086, -0.5486)),
    ],
)
def test_answer_of_the_service_fills_everything(service, text, filled):
    found = service.suggest(text)

    assert found.answered and [each.source for each in found.rows] == ["national"]
    row = found.rows[0]
    assert (row.address, row.postcode, row.city, row.commune, row.latitude, row.longitude) == filled
    assert row.department == row.commune[:2]


def test_service_that_knows_nothing_leaves_it_to_the_communes(service):
    """The Base Adresse Nationale has no address in Wallis: the shipped communes do."""
    found = service.suggest("Mata-Utu 98600")

    assert found.answered and [each.commune for each in found.rows] == ["98613"]


def test_commune_that_we_do_not_know_keeps_its_department(server, service):
    server.mood, server.body = "given", collection(feature(-0.56, 44.83, **{**FACTS, "citycode": "33999"}))
    row = service.suggest(TEXT).rows[0]

    assert (row.commune, row.department, row.city) == ("", "33", "Bordeaux")


# ── the national service, when it is not ──────────────────────────────────────────────────────────
@pytest.mark.parametrize("mood", sorted(set(MOODS) - {"well", "given"}))
def test_whatever_the_service_does_the_communes_answer_in_time(server, service, mood):
    server.mood = mood
    start = time.monotonic()
    found = service.suggest(TEXT)
    took = time.monotonic() - start

    assert [(each.source, each.address, each.commune) for each in found.rows] == [("communes", "12 bis rue du Hamel", "33063")]
    assert took < 2
    assert found.answered is (mood == "400"), "a text that it does not take is no illness"


def test_nobody_listening_is_no_failure():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = NationalService(f"http://127.0.0.1:{port}/search", fallback=EmbeddedCommunes()).suggest(TEXT)

    assert (found.rows[0].source, found.answered) == ("communes", False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/search", "http://127.0.0.1:1/search"])
def test_address_that_leads_nowhere_is_no_failure(url):
    service = NationalService(url, fallback=EmbeddedCommunes())

    assert {service.suggest(TEXT).rows[0].source for _ in range(national.AT_ONCE + FAILURES + 1)} == {"communes"}


BAD = [
    b"", b"{", b"null", b"[]", b"3", b'"x"', b"\xff\xfe", b'{"features": null}', b'{"features": 3}', b'{"features": "abc"}',
    b'{"features": [null, 3, "x", {}, []]}', b"[" * 100_000, b'{"features": {"a": 1}}',
    collection({"geometry": None, "properties": FACTS}),
    collection({"geometry": {"coordinates": []}, "properties": FACTS}),
    collection({"geometry": {"coordinates": ["a", "b"]}, "properties": FACTS}),
    collection({"geometry": {"coordinates": [True, False]}, "properties": FACTS}),
    collection({"geometry": {"coordinates": [float("nan"), 44.8]}, "properties": FACTS}),
    collection({"geometry": {"coordinates": [0.5, 1e400]}, "properties": FACTS}),
    collection({"geometry": {"coordinates": [10**400, 44]}, "properties": FACTS}),
    collection(feature(-0.56, 144.8, **FACTS)),
    collection(feature(-0.56, 44.8, name="12 rue X")),
    collection({"geometry": {"coordinates": [-0.56, 44.8]}, "properties": "Bordeaux"}),
]  # fmt: skip


@pytest.mark.parametrize("body", BAD, ids=lambda body: ascii(body[:30]))
def test_garbage_is_no_answer(server, service, body):
    server.mood, server.body = "given", body
    found = service.suggest(TEXT)

    assert ([each.source for each in found.rows], found.answered) == (["communes"], False)


def test_point_far_from_its_department_is_left_out(server, service):
    server.mood, server.body = "given", collection(feature(44.83, -0.56, **FACTS))  # the other way round: off Somalia

    assert [each.source for each in service.suggest(TEXT).rows] == ["communes"]


def test_text_of_the_service_is_made_plain(server, service):
    facts = {**FACTS, "name": "12 rue\x00 \u202eX\n<b>" + "y" * 500, "city": "Bor\x07deaux", "postcode": 33800, "type": ["a"]}
    server.mood, server.body = "given", collection(feature(-0.56, 44.83, **facts))
    row = service.suggest(TEXT).rows[0]

    assert row.address.startswith("12 rue X <b>yyy") and len(row.address) == 200
    assert (row.city, row.postcode) == ("Bor deaux", "")


def test_service_that_keeps_failing_is_left_alone_and_asked_again_later(server, service, monkeypatch):
    """It is not asked at each keystroke; after a rest one question decides."""
    server.mood = "503"
    for _ in range(FAILURES + 4):
        assert service.suggest(TEXT).rows[0].source == "communes"
    assert len(server.asked) == FAILURES

    later = time.monotonic() + national.REST + 1
    monkeypatch.setattr(national, "monotonic", lambda: later)
    for _ in range(3):
        service.suggest(TEXT)
    assert len(server.asked) == FAILURES + 1, "one question, and as it failed, another rest"

    server.mood = "well"
    monkeypatch.setattr(national, "monotonic", lambda: later + national.REST + 1)
    assert service.suggest(TEXT).rows[0].source == "national"
    assert service.suggest(TEXT).rows[0].source == "national"


def test_429_is_obeyed_at_once(server, service):
    server.mood = "429"
    service.suggest(TEXT)
    service.suggest(TEXT)

    assert len(server.asked) == 1


def test_silent_service_costs_a_few_people_a_moment_and_the_next_ones_nothing(server, service):
    server.mood = "never"
    for _ in range(FAILURES):
        service.suggest(TEXT)
    start = time.monotonic()
    service.suggest(TEXT)

    assert time.monotonic() - start < 0.5


def test_no_thread_is_left_behind(server, service):
    """A question given up ends by itself, whatever the server goes on dripping."""
    server.mood = "drip headers"
    for _ in range(2):
        service.suggest(TEXT)
    until = time.monotonic() + 3
    while time.monotonic() < until and any(each.name == "address-service" for each in enumerate_threads()):
        time.sleep(0.02)

    assert not any(each.name == "address-service" for each in enumerate_threads())


# ── the setting and the address ───────────────────────────────────────────────────────────────────
def test_communes_answer_by_default():
    assert isinstance(address_service(), EmbeddedCommunes)


def test_setting_names_the_service_and_is_kept_in_the_process(server, settings):
    settings.ADDRESS_SERVICE_URL = server.url

    assert isinstance(address_service(), NationalService) and address_service() is address_service()


@pytest.mark.parametrize("value", ["data.geopf.fr", "file:///etc/passwd", "ftp://x/y", "https://", "http:// x", "http://x:port/"])
def test_setting_must_be_an_address_of_the_web(monkeypatch, value):
    monkeypatch.setenv("RENFORT_ADDRESS_SERVICE", value)
    with pytest.raises(ValueError, match="address_service"):
        Environment()


def test_suggestions_come_as_json_and_are_kept_an_hour(client):
    answer = client.get("/adresses/", {"q": TEXT})
    found = json.loads(answer.content)

    assert found["answered"] is True
    assert set(found["addresses"][0]) == {
        "label", "detail", "address", "postcode", "city", "commune", "department", "latitude", "longitude", "source",
    }  # fmt: skip
    assert found["addresses"][0]["label"] == "12 bis rue du Hamel, 33800 Bordeaux"
    assert "max-age=3600" in answer.headers["Cache-Control"]


def test_answer_of_a_silent_service_is_not_kept(client, server, settings):
    settings.ADDRESS_SERVICE_URL, server.mood = server.url, "500"
    answer = client.get("/adresses/", {"q": TEXT})

    assert (answer.status_code, json.loads(answer.content)["answered"]) == (200, False)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("q", ["", "a", " ", "\x00", "é" * 5000, "';--", "33800\x00", "%", "\\", "😀", "\u202e"])
def test_suggestions_for_anything(client, q):
    assert client.get("/adresses/", {"q": q}).status_code == 200


def test_many_ask_at_once_and_none_waits_for_the_others(server, service):
    """More questions than the process lets wait: the rest are answered by the communes at once."""
    server.mood = "slowly"
    answers = []

    def ask():
        try:
            answers.append(service._ask("x"))
        except national.NoAnswerError as error:
            answers.append(str(error))

    threads = [Thread(target=ask) for _ in range(national.AT_ONCE + 4)]
    start = time.monotonic()
    for each in threads:
        each.start()
    for each in threads:
        each.join(5)

    assert time.monotonic() - start < 2.5
    assert answers.count("too many questions are waiting") == 4
