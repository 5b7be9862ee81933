"""« Présences » as pages: a tap with and without script, the code of the room, the sheet; what wrong input gets (W6)."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader
from tests.factories import at_hour, client_of
from tests.factories.workshops import acting, assignment, enrolment, facilitator, registration, session, staff

from renfort.kernel.recent import forget_all
from renfort.organisations.enums import Role
from renfort.parameters.selectors import is_open
from renfort.workshops.models import Headcount, Mark, Registration, RollCall, Signature
from renfort.workshops.selectors.attendance import code_of
from renfort.workshops.services.attendance import open_code, sign

pytestmark = pytest.mark.django_db
HAND = "M10 10 L20 20 L30 30 L40 20 L50 10 L60 20"


@pytest.fixture
def room():
    """A session under way, and a facilitator's browser."""
    helper = facilitator()
    starts_at = timezone.now() - timedelta(hours=1)
    one = session(assignment("awarded"), starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    enrolment(one, helper)
    return one, client_of(helper.person), helper


def page(one, rest=""):
    return f"/ateliers/presences/{one.pk}/{rest}"


def send(browser, one, *marks):
    return browser.post(page(one, "marques/"), json.dumps({"marks": list(marks)}), content_type="application/json")


def test_the_page_counts_who_is_there_and_finds_a_name(room):
    one, browser, _helper = room
    registration(one, "present", first_name="Zoé", last_name="Arnaud")
    registration(one, first_name="Paul", last_name="Blanc")

    found = browser.get(page(one)).content.decode()
    searched = browser.get(page(one, "?q=arn")).content.decode()

    assert "1 / 2 présent·es" in found
    assert "Arnaud Zoé" in searched and "Blanc Paul" not in searched


def test_without_script_a_tap_is_a_form_and_counts_once(room):
    one, browser, helper = room
    awa = registration(one)
    tap = f"{awa.pk}:present:{uuid4()}"

    answers = [browser.post(page(one, "marquer/"), {"tap": tap}) for _ in range(2)]

    assert [each.status_code for each in answers] == [302, 302]
    assert answers[0].url.endswith(f"#p-{awa.pk}")
    awa.refresh_from_db()
    assert (awa.state, awa.marked_by_id) == ("present", helper.pk)
    assert Mark.objects.count() == 1


@pytest.mark.parametrize(
    "tap", ["", "x", "1:present", "1:dance:" + "0" * 32, "99999999999999999999:present:" + "0" * 32, "1:present:no"]
)
def test_a_tap_that_means_nothing_is_refused_in_words(room, tap):
    one, browser, _helper = room

    answer = browser.post(page(one, "marquer/"), {"tap": tap})

    assert answer.status_code == 422
    assert "pas été comprise" in answer.content.decode()


def test_what_a_phone_kept_arrives_once_with_its_time(room):
    one, browser, _helper = room
    awa, bob = registration(one), registration(one)
    marks = [
        {"key": str(uuid4()), "registration": awa.pk, "act": "present", "ago": 1_800_000},
        {"key": str(uuid4()), "registration": bob.pk, "act": "present", "ago": 0},
        {"key": str(uuid4()), "registration": bob.pk + 1000, "act": "present", "ago": 0},
    ]

    first, second = send(browser, one, *marks), send(browser, one, *marks)

    assert [each["outcome"] for each in first.json()["marks"]] == ["done", "done", "refused"]
    assert [each["outcome"] for each in second.json()["marks"]] == ["done", "done", "refused"]
    assert "pas sur la liste" in first.json()["marks"][2]["words"]
    awa.refresh_from_db()
    assert abs(timezone.now() - timedelta(minutes=30) - awa.scanned_at) < timedelta(seconds=20)
    assert Mark.objects.count() == 2
    assert browser.get(page(one, "etat/")).json()["rows"] == {str(awa.pk): "present", str(bob.pk): "present"}


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", '{"marks": 1}', '{"marks": [1]}', '{"marks": [{}]}', json.dumps({"marks": [{}] * 51}),
     '{"marks": [{"key": "x", "registration": 1, "act": "present", "ago": 0}]}',
     '{"marks": [{"key": "5f0c54f0-5f0e-4a39-9b6c-0f6f3f0f0f0f", "registration": 1, "act": "present", "ago": 1e300}]}',
     '{"marks": [{"key": "5f0c54f0-5f0e-4a39-9b6c-0f6f3f0f0f0f", "registration": 1, "act": "present", "ago": NaN}]}',
     '{"marks": [{"key": "5f0c54f0-5f0e-4a39-9b6c-0f6f3f0f0f0f", "registration": true, "act": "present", "ago": 0}]}',
     '{"marks": [{"key": "5f0c54f0-5f0e-4a39-9b6c-0f6f3f0f0f0f", "registration": 1, "act": "present", "ago": -1}]}',
     "[" * 100_000, "\x00"],
)  # fmt: skip
def test_nonsense_from_a_phone_is_refused_and_nothing_is_noted(room, body):
    one, browser, _helper = room
    registration(one)

    answer = browser.post(page(one, "marques/"), body, content_type="application/json")

    assert answer.status_code == 422
    assert "error" in answer.json()
    assert not Mark.objects.exists()


def test_a_facilitator_of_another_session_finds_nothing(room):
    one, _browser, _helper = room
    stranger = client_of(facilitator().person)

    for rest in ("", "etat/", "code/", "feuille.pdf", "ajouter/", "signer/1/"):
        assert stranger.get(page(one, rest)).status_code == 404
    assert send(stranger, one).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_twenty_people_and_a_mark_has_its_price(room):
    one, browser, helper = room
    first = registration(one, "present", marked_by=helper.person)

    def cost():
        browser.get(page(one))
        forget_all()
        is_open("workshops")
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(page(one)).status_code == 200
        return len(seen)

    sign(actor=acting(helper, Role.FACILITATOR), session=one, half=1, registration=first, agrees=True)
    before = cost()
    for _ in range(19):
        registration(one, "present", marked_by=helper.person)
    assert cost() == before

    awa = registration(one)
    with CaptureQueriesContext(connection) as seen:
        send(browser, one, {"key": str(uuid4()), "registration": awa.pk, "act": "present", "ago": 0})
    assert len(seen) <= 50, "\n".join(each["sql"][:120] for each in seen)


def test_somebody_is_added_at_the_door_once(room):
    one, browser, _helper = room
    said = {"first_name": "Ada", "last_name": "Noël", "email": "Ada@Example.org", "agrees": "on", "form_token": str(uuid4())}

    assert browser.post(page(one, "ajouter/"), {**said, "agrees": ""}).status_code == 422
    assert not Registration.objects.exists()
    first, second = (browser.post(page(one, "ajouter/"), said) for _ in range(2))

    made = Registration.objects.get()
    assert first.url == second.url == page(one, f"#p-{made.pk}")
    assert (made.email, made.state, made.source) == ("ada@example.org", "present", "spot")


# ── the code of the room ──────────────────────────────────────────────────────────────────────────
@pytest.fixture
def door(room):
    """The path behind the code, and somebody who has no account."""
    one, _browser, helper = room
    return one, client_of(None), code_of(open_code(actor=acting(helper, Role.FACILITATOR), session=one))


def test_the_page_behind_the_code_answers_the_same_to_who_is_listed_and_who_is_not(door):
    one, visitor, path = door
    awa = registration(one, email="awa@example.org")
    said = {"first_name": "Awa", "last_name": "D", "agrees": "on"}

    listed = visitor.post(path, {**said, "email": "AWA@example.org"}, follow=True)
    stranger = visitor.post(path, {**said, "email": "new@example.org"}, follow=True)
    again = visitor.post(path, {**said, "email": "awa@example.org"}, follow=True)

    def text(answer):
        return answer.content.decode().partition("<main")[2].partition("</main>")[0]

    assert "votre présence est notée" in text(listed)
    assert text(listed) == text(stranger) == text(again)
    assert "example.org" not in text(listed)
    awa.refresh_from_db()
    assert (awa.state, awa.last_name) == ("present", awa.last_name)
    assert one.registrations.filter(state="present").count() == 2


@pytest.mark.parametrize(
    "said",
    [{"email": ""}, {"email": "no"}, {"first_name": ""}, {"agrees": ""}, {"last_name": "x" * 61}, {"first_name": "a\x00b"}],
)
def test_the_code_asks_for_name_address_and_agreement(door, said):
    one, visitor, path = door
    good = {"first_name": "Awa", "last_name": "D", "email": "awa@example.org", "agrees": "on"}

    assert visitor.post(path, {**good, **said}).status_code == 422
    assert not one.registrations.exists()


def test_three_hundred_people_behind_one_address_come_in_and_a_flood_does_not(door):
    """P11, W6: one room, one address."""
    from renfort.jobs.catalogue import LIMITS

    limit = next(each for each in LIMITS if each.name == "self-entry")
    one, visitor, path = door
    assert limit.most >= 600  # each may err once
    from renfort.jobs.services import spend

    for _ in range(limit.most):
        spend(limit, "127.0.0.1")
    answer = visitor.post(path, {"first_name": "A", "last_name": "B", "email": "a@example.org", "agrees": "on"})
    assert answer.status_code == 429
    assert not one.registrations.exists()


def test_a_wrong_or_revoked_code_opens_nothing(room, door):
    one, browser, _helper = room
    _one, visitor, path = door

    assert browser.get(page(one, "code/")).status_code == 200
    browser.post(page(one, "code/"), {"faire": "retirer"})

    assert visitor.get(path).status_code == 404
    assert visitor.get("/ateliers/presence/wrong/").status_code == 404
    assert RollCall.objects.get().code_digest == ""


# ── numbers, signatures, the sheet ────────────────────────────────────────────────────────────────
def test_a_number_is_noted_and_a_wrong_one_is_refused(room):
    one, browser, _helper = room

    assert browser.post(page(one, "compter/"), {"half": "1", "people": "27"}).status_code == 302
    assert Headcount.objects.get().people == 27
    for wrong in ({"half": "1", "people": "x"}, {"half": "1", "people": "-1"}, {"half": "", "people": "3"}):
        assert browser.post(page(one, "compter/"), wrong).status_code == 422
    assert browser.post(page(one, "compter/"), {"half": "2", "people": "3"}).status_code == 409
    assert Headcount.objects.get().people == 27


def test_a_signature_is_drawn_or_ticked_and_nothing_else(room):
    one, browser, _helper = room
    awa = registration(one)
    path = page(one, f"signer/1/{awa.pk}/")

    assert browser.post(path, {"path": "", "agrees": ""}).status_code == 409
    assert browser.post(path, {"path": "<svg>"}).status_code == 409
    assert browser.post(path, {"path": "M1 1 " * 5000}).status_code == 422
    assert browser.post(path, {"path": HAND}).status_code == 302
    assert Signature.objects.get().path == HAND
    assert "Signé le" in browser.get(path).content.decode()
    assert browser.get(page(one, "signer/9/")).status_code == 404
    assert browser.get(page(one, f"signer/1/{awa.pk + 1000}/")).status_code == 404


def words_of(answer):
    assert answer.headers["Content-Type"] == "application/pdf"
    file = PdfReader(io.BytesIO(answer.content))
    return file, " ".join(each.extract_text() for each in file.pages)


def test_the_sheet_has_a_page_for_each_half_day_with_names_signatures_and_free_lines():
    able = facilitator(first_name="Samir", last_name="Haddad")
    today = at_hour(7)
    one = session(assignment("awarded", by=able), starts_at=today, ends_at=today + timedelta(hours=8), state="planned")
    enrolment(one, able)
    awa = registration(one, "present", first_name="Awa", last_name="Diallo", scanned_at=today)
    registration(one, "present", first_name="Zoé", last_name="Arnaud", scanned_at=today)
    registration(one, first_name="李", last_name="Nguyễn-" + "x" * 40)
    Signature.objects.create(
        session=one, half=1, registration=awa, name="Awa Diallo", way="hand", path=HAND, signed_at=timezone.now()
    )
    browser = client_of(able.person)

    file, words = words_of(browser.get(page(one, "feuille.pdf")))

    assert "Feuille de présence" in words and "matin" in words and "après-midi" in words
    assert words.count("Diallo Awa") == 2 and words.count("Haddad Samir") == 2
    assert "Signé à l'écran" in words.replace("’", "'")
    assert words.count("Présence par le code") == 1  # in the morning: it proves no afternoon
    assert len(file.pages) >= 2
    assert file.trailer["/Root"]["/MarkInfo"]["/Marked"]  # tagged, for who reads by ear
    assert file.trailer["/Root"]["/Lang"] == "fr-FR"


def test_the_sheet_of_three_hundred_people_is_made():
    one = session(assignment("awarded"))
    now = timezone.now()
    Registration.objects.bulk_create(
        Registration(session=one, first_name="Awa", last_name=f"Diallo {n}", state="confirmed", created_at=now)
        for n in range(300)
    )

    file, words = words_of(client_of(staff()).get(page(one, "feuille.pdf")))

    assert "Diallo 299" in words
    assert len(file.pages) >= 8


def test_the_list_is_declared_complete_after_the_end_and_not_before(room):
    one, browser, _helper = room

    assert browser.post(page(one, "complete/")).status_code == 409
    type(one).objects.filter(pk=one.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    assert browser.post(page(one, "complete/")).status_code == 302
    assert RollCall.objects.get().declared_at
    assert "déclarée complète" in browser.get(page(one)).content.decode()
    assert browser.post(page(one, "complete/"), {"faire": "rouvrir"}).status_code == 403


def test_the_script_of_the_day_stands_beside_its_pages(room):
    _one, browser, _helper = room

    answer = browser.get("/ateliers/presences/hors-ligne.js")

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b"presences" in answer.content
