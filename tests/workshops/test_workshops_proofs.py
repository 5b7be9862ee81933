"""Documents that facilitators send, checked by the association; reminders (W4, W12)."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from tests.factories import at_hour, client_of
from tests.factories.workshops import acting, document, facilitator, staff

from renfort.kernel.actors import SERVICE
from renfort.kernel.firing import NotAllowed, Refused, Unanswered, fire
from renfort.notifications.models import Notice, Outgoing
from renfort.organisations.enums import Role
from renfort.parameters.services import set_value
from renfort.workshops.catalogue import ASKED, FIRST_REMINDER, LOWEST
from renfort.workshops.models import ComplianceDocument, Proof
from renfort.workshops.selectors.compliance import missing
from renfort.workshops.services.proofs import Kept, remind_of_documents, send_proof
from renfort.workshops.workflow import PROOF

pytestmark = pytest.mark.django_db
SEND = "/ateliers/animation/conformite/envoyer/"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def pdf(*, pages=1, script="", password="", attachment=b""):
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if script:
        action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)})
        writer._root_object[NameObject("/OpenAction")] = action
    if attachment:
        writer.add_attachment("virus.exe", attachment)
    if password:
        writer.encrypt(password)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def picture(kind="PNG", size=(800, 600)):
    written = BytesIO()
    Image.new("RGB", size, "white").save(written, kind)
    return written.getvalue()


def typed(data, name="attestation.pdf", **said):
    day = timezone.localdate()
    given = {"kind": "insurance", "valid_from": day.isoformat(), "valid_until": (day + timedelta(days=200)).isoformat()}
    return {**given, **said, "file": SimpleUploadedFile(name, data)}


def sent(someone, kind="insurance", until=200):
    day = timezone.localdate()
    return send_proof(
        actor=acting(someone, Role.FACILITATOR), kind=kind, kept=Kept(pdf(), "application/pdf", "a.pdf"), valid_from=day,
        valid_until=day + timedelta(days=until),
    )  # fmt: skip


def lacks(someone):
    return missing(someone, audience="company", what="workshop", on=timezone.localdate())


# ── sending ───────────────────────────────────────────────────────────────────────────────────────
def test_a_document_is_sent_checked_and_then_counts():
    chief, able = staff(), facilitator(compliant=False)
    for kind in ("framework", "company", "vigilance"):
        document(able, kind)
    assert lacks(able) == ["Assurance responsabilité civile : manque."]

    answer = client_of(able.person).post(SEND, typed(pdf(), name="mon assurance.pdf"), follow=True)

    assert "mon assurance.pdf" in unescape(answer.content.decode()) and "À vérifier" in answer.content.decode()
    assert lacks(able), "what nobody has looked at does not count"
    assert Notice.objects.filter(person=chief, message="workshops.proof.sent").exists()
    assert "1 document à vérifier" in unescape(client_of(chief).get("/ateliers/association/animation/").content.decode())

    proof, day = Proof.objects.get(), timezone.localdate()
    until = (day + timedelta(days=90)).isoformat()
    url = f"/ateliers/association/animation/documents/{proof.pk}/accepter/"
    answer = client_of(chief).post(url, {"valid_from": day.isoformat(), "valid_until": until})

    assert answer.status_code == 302
    made = ComplianceDocument.objects.get(kind="insurance")
    assert (made.valid_until.isoformat(), made.seen_by_id) == (until, chief.pk), "the days that were read in it, not those typed"
    assert lacks(able) == []
    assert Outgoing.objects.filter(message="workshops.proof.accepted", person=able.person).exists()


def test_a_refused_document_says_why_and_another_may_be_sent():
    chief, able = staff(), facilitator(compliant=False)
    proof = sent(able)

    with pytest.raises(Unanswered):
        fire(PROOF, proof, "refuse", actor=acting(chief, Role.ASSOCIATION_STAFF))
    fire(PROOF, proof, "refuse", actor=acting(chief, Role.ASSOCIATION_STAFF), answers={"reason": "Page 2 illisible."})

    assert "Page 2 illisible." in Outgoing.objects.get(message="workshops.proof.refused").text
    sent(able)
    assert sorted(Proof.objects.values_list("state", flat=True)) == ["refused", "sent"]


def test_a_newer_document_takes_the_place_of_the_one_that_waits():
    able = facilitator(compliant=False)
    sent(able), sent(able)

    assert sorted(Proof.objects.values_list("state", flat=True)) == ["sent", "withdrawn"]
    with pytest.raises(IntegrityError), transaction.atomic():
        first = Proof.objects.get(state="sent")
        Proof.objects.create(
            facilitator=able, kind="insurance", name="b", file="b", media="application/pdf", size=1, digest="0",
            valid_from=first.valid_from, sent_at=first.sent_at,
        )  # fmt: skip


def test_sent_twice_a_form_makes_one():
    able, token = facilitator(compliant=False), "11111111-1111-4111-8111-111111111111"
    for _ in range(2):
        assert client_of(able.person).post(SEND, typed(pdf(), form_token=token)).status_code == 302

    assert Proof.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "vide.pdf", "Ce fichier est vide"),
        (b"bonjour", "lettre.pdf", "n'est pas une image"),
        (b"%PDF-1.7 rien", "faux.pdf", "n'est pas un PDF"),
        (pdf(password="secret"), "protege.pdf", "protégé par un mot de passe"),
        (pdf(pages=31), "long.pdf", "trop de pages"),
        (b"MZ" + bytes(500), "photo.png", "n'est pas une image"),
        (b"%PDF-1.7" + bytes(10_000_001), "lourd.pdf", "10 Mo au plus"),
    ],
)
def test_what_cannot_be_kept_is_said_in_words(data, name, sentence):
    able = facilitator(compliant=False)

    answer = client_of(able.person).post(SEND, typed(data, name=name))

    assert answer.status_code == 422
    assert sentence in unescape(answer.content.decode())
    assert not Proof.objects.exists()


def test_what_is_kept_is_made_anew_without_script_or_attachment():
    """P11: the file that a colleague opens holds pages, and nothing that acts."""
    able = facilitator(compliant=False)
    data = pdf(script="app.alert('!')", attachment=b"MZ virus")
    assert b"JavaScript" in data

    assert client_of(able.person).post(SEND, typed(data)).status_code == 302

    with default_storage.open(Proof.objects.get().file) as file:
        kept = file.read()
    assert len(PdfReader(BytesIO(kept)).pages) == 1
    assert b"JavaScript" not in kept and b"EmbeddedFile" not in kept and b"virus" not in kept


def test_a_photograph_becomes_pixels_of_two_thousand_at_most():
    able = facilitator(compliant=False)

    client_of(able.person).post(SEND, typed(picture("JPEG", (4000, 3000)), name="photo.jpg"))

    proof = Proof.objects.get()
    with default_storage.open(proof.file) as file, Image.open(file) as image:
        assert (image.format, image.size, proof.media) == ("WEBP", (2000, 1500), "image/webp")


# ── who may ───────────────────────────────────────────────────────────────────────────────────────
def test_a_file_is_read_by_its_owner_and_the_association_alone():
    able, other, chief = facilitator(compliant=False), facilitator(), staff()
    proof = sent(able)
    own, theirs = f"animation/conformite/{proof.pk}/fichier/", f"association/animation/documents/{proof.pk}/fichier/"

    answers = {
        (name, url): client_of(who).get(f"/ateliers/{url}").status_code
        for name, who in (("able", able.person), ("other", other.person), ("chief", chief))
        for url in (own, theirs)
    }

    assert answers == {
        ("able", own): 200, ("able", theirs): 404, ("other", own): 404, ("other", theirs): 404, ("chief", own): 404,
        ("chief", theirs): 200,
    }  # fmt: skip
    answer = client_of(chief).get(f"/ateliers/{theirs}")
    assert answer["Content-Disposition"].startswith("attachment") and "no-store" in answer["Cache-Control"]


def test_nobody_accepts_a_document_of_ones_own():
    from tests.factories import grant

    both = facilitator(compliant=False)
    grant(both.person, "workshops", Role.ASSOCIATION_STAFF)
    proof = sent(both)

    with pytest.raises(Refused, match="votre propre document"):
        fire(PROOF, proof, "accept", actor=acting(both, Role.ASSOCIATION_STAFF), answers={"valid_from": "2026-01-01"})
    with pytest.raises(NotAllowed):
        fire(PROOF, proof, "accept", actor=acting(facilitator(), Role.FACILITATOR), answers={"valid_from": "2026-01-01"})


# ── reminders (the operator's settings) ───────────────────────────────────────────────────────────
def morning():
    return at_hour(9)


def test_a_document_that_expires_is_told_a_month_and_a_week_before_and_once_each():
    able = facilitator(compliant=False)
    made = document(able, "insurance", until=29)
    document(able, "framework", until=31)

    assert [remind_of_documents(morning()) for _ in range(2)] == [1, 0]
    ComplianceDocument.objects.filter(pk=made.pk).update(valid_until=timezone.localdate() + timedelta(days=6))
    assert [remind_of_documents(morning()) for _ in range(2)] == [1, 0]
    assert Outgoing.objects.filter(message="workshops.document.expires", person=able.person).count() == 2


def test_a_document_first_seen_in_its_last_week_is_told_once():
    document(facilitator(compliant=False), "insurance", until=5)

    assert [remind_of_documents(morning()) for _ in range(2)] == [1, 0]


def test_nobody_is_reminded_at_night_nor_of_what_is_renewed_sent_or_not_asked_for():
    able, other, third = (facilitator(compliant=False) for _ in range(3))
    document(able, "insurance", until=5)
    document(able, "insurance", until=300)
    document(other, "insurance", until=5)
    sent(other)
    document(third, "insurance", until=5)
    for setting in ASKED.values():
        set_value(setting, "framework", actor=SERVICE)

    assert remind_of_documents(morning()) == 0
    document(third, "framework", until=5)
    assert remind_of_documents(morning().replace(hour=22)) == 0
    set_value(FIRST_REMINDER, 8, actor=SERVICE)
    assert remind_of_documents(morning()) == 1


# ── what is asked is the operator's (R58) ─────────────────────────────────────────────────────────
def test_levels_and_documents_per_audience_are_the_operators():
    able = facilitator("white", compliant=False)
    reasons = missing(able, audience="education", what="workshop", on=timezone.localdate())
    assert reasons == ["Niveau demandé : Ceinture jaune au moins (ici : Ceinture blanche)."]

    set_value(LOWEST["education", "workshop"], "white", actor=SERVICE)
    set_value(ASKED["education"], "insurance", actor=SERVICE)

    reasons = missing(able, audience="education", what="workshop", on=timezone.localdate())
    assert reasons == ["Assurance responsabilité civile : manque."]


def test_the_list_costs_the_same_for_one_and_twenty_rows():
    from tests.workshops.test_workshops_pages import cost

    chief = client_of(staff())
    sent(facilitator(compliant=False))
    before = cost(chief, "/ateliers/association/animation/documents/")
    for _ in range(19):
        sent(facilitator(compliant=False))

    assert cost(chief, "/ateliers/association/animation/documents/") == before
