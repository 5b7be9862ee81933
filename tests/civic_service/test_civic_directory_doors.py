"""S1: the two doors of the directory: a file with its pages, and a service that may be slow, silent or wrong."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests.factories import client_of, operator
from tests.factories.civic_service import case_manager
from tests.factories.directory import a_run

from renfort.civic_service.adapters.service import DirectoryService
from renfort.civic_service.models import DirectoryRun, Establishment, Post
from renfort.civic_service.selectors.delivery import SilentDirectoryError
from renfort.civic_service.services import directory

HOME = "/service-civique/annuaire/"
TITLES = (
    "type", "cle", "reseau", "uai", "nom", "prenom", "ogec", "adresse", "code postal", "ville", "siret", "telephone", "email",
    "effectif", "annee", "chef", "etablissement", "personne", "role", "fonction",
)  # fmt: skip
ROWS: tuple[dict[str, str], ...] = (
    {
        "type": "établissement", "cle": "E-1", "reseau": "SGEC", "uai": "0951099D", "nom": "Lycée Saint-Jean",
        "ogec": "OGEC Saint-Jean", "adresse": "3 rue des Écoles", "code postal": "33000", "ville": "Bordeaux",
        "siret": "73282932000074", "telephone": "05 56 00 00 00", "email": "contact@saint-jean.example.org", "effectif": "420",
        "annee": "2026", "chef": "P-1",
    },
    {"type": "personne", "cle": "P-1", "nom": "Diallo", "prenom": "Ana", "telephone": "0612345678", "email": "ana@example.org"},
    {"type": "personne", "cle": "P-2", "prenom": "Zoé", "email": "zoe@"},
    {"type": "rôle", "etablissement": "E-1", "personne": "P-1", "role": "référent", "fonction": "Cheffe d'établissement"},
)  # fmt: skip
FILE = "\n".join(";".join(cells) for cells in (TITLES, *([row.get(title, "") for title in TITLES] for row in ROWS))) + "\n"


def sent(text=FILE, scope="whole"):
    return {"file": SimpleUploadedFile("annuaire.csv", text.encode()), "scope": scope}


# ── the file ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_file_is_read_shown_confirmed_and_taken_back():
    browser = client_of(case_manager())
    page = browser.post(HOME + "fichier/", sent())
    assert page.status_code == 302
    directory.carry_due(timezone.now())
    preview = browser.get(page.url).content.decode()
    assert "Rien n&#x27;est encore écrit" in preview or "Rien n'est encore écrit" in preview
    assert "Lycée Saint-Jean" in preview and "Ana Diallo · Référent · Lycée Saint-Jean" in preview
    assert not Establishment.objects.exists()
    wrong = browser.get(page.url + "a-corriger/").content.decode("utf-8-sig")
    assert "Il manque le nom." in wrong and "zoe@" in wrong and "P-2" in wrong

    run = DirectoryRun.objects.get()
    assert browser.post(page.url + "confirmer/", {"seen": run.print}).status_code == 302
    directory.carry_due(timezone.now())
    assert Post.objects.get().function == "Cheffe d'établissement"
    assert "Défaire" in browser.get(page.url).content.decode()

    assert browser.post(page.url + "defaire/", {"reason": ""}).status_code == 422
    assert browser.post(page.url + "defaire/", {"reason": "Mauvais fichier."}).status_code == 302
    directory.carry_due(timezone.now())
    assert not Establishment.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("cle;nom\nE-1;Lycée\n", "colonne « type »"),
        ("type;cle\nécole;E-1\n", "n'est pas connu"),
        ("type;cle;identifiant\npersonne;1;2\n", "disent la même chose"),
        ("", "vide"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text, part):
    answer = client_of(case_manager()).post(HOME + "fichier/", sent(text))

    assert answer.status_code == 422 and part in answer.content.decode().replace("&#x27;", "'")
    assert not DirectoryRun.objects.exists()


@pytest.mark.django_db
def test_a_file_sent_twice_by_a_double_click_is_one_reading():
    browser = client_of(case_manager())
    token = browser.get(HOME + "fichier/").context["form"]["form_token"].value()
    first, second = (browser.post(HOME + "fichier/", {**sent(), "form_token": token}) for _ in range(2))

    assert first.url == second.url and DirectoryRun.objects.count() == 1


@pytest.mark.django_db
def test_a_second_file_beside_one_that_goes_on_is_a_sentence():
    browser = client_of(case_manager())
    browser.post(HOME + "fichier/", sent())
    answer = browser.post(HOME + "fichier/", sent())

    assert answer.status_code == 409 and "déjà en cours" in answer.content.decode()


@pytest.mark.django_db
def test_the_model_file_is_a_file_that_is_understood():
    browser = client_of(operator())
    model = browser.get(HOME + "fichier/modele/").content
    answer = browser.post(HOME + "fichier/", {"file": SimpleUploadedFile("modele.csv", model), "scope": "part"})
    directory.carry_due(timezone.now())

    assert answer.status_code == 302
    run = DirectoryRun.objects.get()
    assert (run.refused, run.counts) == ([], {"establishment.add": 1, "person.add": 1, "post.add": 1})


@pytest.mark.django_db
def test_a_stale_preview_and_a_missing_reason_are_answered_in_words():
    browser = client_of(case_manager())
    braked = a_run(brakes=["31 des 60 rôles"])
    url = f"{HOME}{braked.pk}/confirmer/"

    assert browser.post(url, {"seen": "x", "reason": ""}).status_code == 422
    assert browser.post(url, {"seen": "y", "reason": "C'est juste."}).status_code == 409
    assert DirectoryRun.objects.get().state == "held"


@pytest.mark.django_db
def test_the_list_costs_the_same_for_one_reading_and_for_twenty(django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = client_of(case_manager())
    a_run()
    browser.get(HOME)
    with CaptureQueriesContext(connection) as one:
        browser.get(HOME)
    for _ in range(19):
        a_run()
    with django_assert_num_queries(len(one)):
        assert browser.get(HOME).content.decode().count("annuaire.csv") >= 20


# ── the service ───────────────────────────────────────────────────────────────────────────────────
SAMPLES = json.loads((Path(__file__).parent / "data" / "civic_directory.json").read_text("utf-8"))


class Answers(BaseHTTPRequestHandler):
    """A directory on this machine: pages of the samples, or what the test says instead."""

    def do_GET(self):
        asked = urlsplit(self.path)
        self.server.asked.append((asked.path, parse_qs(asked.query), self.headers.get("Authorization")))
        status, body = self.server.answer(asked.path.rpartition("/")[2], parse_qs(asked.query), len(self.server.asked))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        return


def pages(name, query, _turn):
    """Each list in pages of one element."""
    elements = SAMPLES[name]
    page = int(query["page"][0])
    return 200, json.dumps({"page": page, "pages": len(elements), "elements": elements[page - 1 : page]}).encode()


@pytest.fixture
def server():
    """It listens on a free port of this machine."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    made.asked, made.answer = [], pages
    Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def service_of(server, **more):
    return DirectoryService(f"http://127.0.0.1:{server.server_address[1]}/v1/", "secret", pause=0, **more)


def test_every_page_of_the_three_lists_is_read_with_the_token(server):
    lines = service_of(server).everything()

    assert [line.thing for line in lines] == ["establishment", "establishment", "person", "person", "post", "post"]
    assert lines[0].facts["uai"] == "0951099D" and lines[0].facts["enrolment"] == "420" and lines[1].facts["phone"] == ""
    assert {token for _path, _query, token in server.asked} == {"Bearer secret"}
    assert [path for path, _query, _token in server.asked][:2] == ["/v1/etablissements", "/v1/etablissements"]


def test_one_establishment_is_asked_for_by_its_key(server):
    service_of(server).one("E-1")

    assert {query["etablissement"][0] for _path, query, _token in server.asked} == {"E-1"}


def test_a_page_that_fails_once_is_asked_again(server):
    server.answer = lambda name, query, turn: (503, b"{}") if turn == 1 else pages(name, query, turn)

    assert len(service_of(server).everything()) == 6


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>"), (200, b"[]"), (200, b'{"page": 2, "pages": 1, "elements": []}'), (200, b'{"page": 1, "pages": 1}'),
        (200, b'{"page": 1, "pages": 100000, "elements": []}'), (401, b"{}"), (302, b""), (429, b"{}"), (500, b"{}"),
    ],
)  # fmt: skip
def test_half_a_directory_is_none(server, status, body):
    """One page that does not come in form fails the whole reading: nobody is removed because of it."""
    server.answer = lambda name, query, turn: (status, body) if name == "roles" else pages(name, query, turn)

    with pytest.raises(SilentDirectoryError):
        service_of(server).everything()


def test_a_service_that_keeps_failing_is_left_alone_for_a_while(server):
    server.answer = lambda *_: (500, b"{}")
    port = service_of(server)
    for _ in range(2):
        with pytest.raises(SilentDirectoryError):
            port.everything()

    assert len(server.asked) == 3  # the second time nobody was asked


def test_nobody_at_the_address_is_silence():
    with pytest.raises(SilentDirectoryError):
        DirectoryService("http://127.0.0.1:9/", pause=0, within=0.5).everything()
