"""Papers: what they say, that they are genuine, and what the public page tells of them (P5, R35)."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.factories import (
    actor,
    as_manager,
    client_of,
    days,
    manager,
    mission,
    organisation,
    participation,
    person,
    today,
    volunteer,
)
from tests.factories.hours import hours, served

from renfort.audit.models import Entry
from renfort.documents.enums import PaperState
from renfort.documents.models import Paper
from renfort.documents.selectors import CODE_LENGTH, Standing, paper_of_code, typed_code, verdict_of
from renfort.documents.services import forget_ended_files, printable, write_pdf
from renfort.kernel.firing import NotAllowed, Refused, fire
from renfort.kernel.integrity import registered, run
from renfort.missions.enums import ParticipationState as P
from renfort.missions.services.papers import issue_attestation, issue_certificate
from renfort.missions.workflow import HOURS, MISSION, PARTICIPATION

pytestmark = pytest.mark.django_db


@pytest.fixture
def expected():
    """Somebody accepted on a mission of next week."""
    return participation(
        mission(organisation(name="Secours Bordeaux")), volunteer(first_name="Awa", last_name="Diallo"), state=P.ACCEPTED
    )


def attest(someone):
    return issue_attestation(actor=actor(someone.person), participation=someone)


def page(paper, **kwargs):
    return Client().get(paper.verify_path, **kwargs)


def pdf_of(paper):
    with paper.file.open("rb") as opened:
        return pikepdf.open(io.BytesIO(opened.read()))


# ── the file ──────────────────────────────────────────────────────────────────────────────────────
def test_the_pdf_is_tagged_titled_and_speaks_french(expected):
    """P5: accessible: PDF/UA-1, tags, language, title shown, text alternative of the QR code."""
    with pdf_of(attest(expected)) as pdf:
        root = pdf.Root

        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "fr-FR"
        assert "/StructTreeRoot" in root
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as said:
            assert said["dc:title"] == "Attestation de mission"
            assert said["pdfuaid:part"] == "1"
        alternatives = [str(each.Alt) for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/Alt" in each]
        assert any("Code QR" in each for each in alternatives)


def test_the_paper_is_english_for_an_english_reader(expected):
    with translation.override("en"):
        paper = attest(expected)

    with pdf_of(paper) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"


@pytest.mark.parametrize(
    "name",
    [
        "محمد العربي",
        "דוד לוי",
        "Ναταλία Шевченко",
        "李小龍",
        "😀 Zoé 👩‍🚒",
        "x" * 200,
        "Éléonore-Marie " * 13,
        'M. "#eval(1)" $x$ *b* _i_ \\ @ref <a> // {} [] `raw`',
        "a\u0000b\u202eCBA\u2066\ufeff",
        "Zoe\u0301 Nguyễn",
        "",
    ],
    ids=[
        "arabic",
        "hebrew",
        "greek-cyrillic",
        "chinese",
        "emoji",
        "one-word",
        "many-words",
        "typst",
        "controls",
        "accents",
        "none",
    ],
)
def test_no_name_breaks_a_paper(expected, name):
    """Names are data for the layout, never part of its source; a sign without a glyph gives way to one that has."""
    expected.person.first_name, expected.person.last_name = "", name
    paper = Paper(kind="missions.attestation", code="K7QD4M2X9PWTH3VC", issued_at=expected.created_at, facts={
        "name": name, "mission": name[:80], "organisation": name, "days": [["2026-03-04", "2026-03-06"]], "schedule": name,
        "place": name, "contact": [name, "+33612345678"],
    })  # fmt: skip

    assert write_pdf(paper).startswith(b"%PDF-")


def test_what_cannot_be_printed_is_left_out_or_shown_as_a_box():
    assert printable("Zoé 😀 Diallo") == "Zoé  Diallo"
    assert printable("李 Bruce") == "□ Bruce"
    assert printable("a\u202eb\u0000c\nd") == "abc d"
    assert printable("n° 5 – « é » محمد") == "n° 5 – « é » محمد"


def test_the_file_is_kept_as_written_under_a_name_that_says_nothing(expected):
    paper = attest(expected)

    assert default_storage.exists(paper.file.name)
    assert paper.file.name.startswith("papers/")
    assert "diallo" not in paper.file.name.lower()
    assert paper.code not in paper.file.name


# ── codes and the public page ─────────────────────────────────────────────────────────────────────
def test_codes_are_long_and_forgive_what_people_mistype(expected):
    paper = attest(expected)

    assert len(paper.code) == CODE_LENGTH
    assert typed_code(paper.written_code.lower().replace("0", "o").replace("1", "l")) == paper.code
    assert paper_of_code(f"  {paper.written_code.lower()} ") == paper
    assert [typed_code(text) for text in ("", "abc", "U" * 16, "é" * 16, "A" * 17)] == [""] * 5


def test_anybody_reads_that_a_paper_is_genuine_and_no_more_than_it_says(expected):
    paper = attest(expected)
    said = page(paper)

    assert said.status_code == 200
    assert b"Ce document est authentique" in said.content
    text = said.content.decode()
    assert "Awa Diallo" in text and "Secours Bordeaux" in text and "Distribution de repas" in text
    for hidden in (expected.person.email, "612345678", "1990", "Maryse", "contact@secret"):
        assert hidden not in text, "nothing more about the person or the contact"
    assert "noindex" in said.headers["X-Robots-Tag"]
    assert "no-store" in said.headers["Cache-Control"]


def test_an_unknown_code_is_a_404_with_a_sentence():
    said = Client().get(reverse("documents:verify", args=["K7QD-4M2X-9PWT-H3VC"]))

    assert said.status_code == 404
    assert "Aucun document n'a été établi ici avec ce code" in said.content.decode().replace("&#x27;", "'")
    assert Client().get("/verifier/n'importe quoi/").status_code == 404


def test_a_code_typed_by_hand_leads_to_its_page(expected):
    paper = attest(expected)

    assert Client().get("/verifier/", {"code": paper.written_code.lower()}).headers["Location"] == paper.verify_path
    wrong = Client().get("/verifier/", {"code": "bonjour"})
    assert wrong.status_code == 422
    assert "seize lettres et chiffres" in wrong.content.decode()


def test_only_unknown_codes_are_counted_against_the_limit(expected, settings):
    """P11: guessing is limited; a town hall that verifies real papers all day is not."""
    settings.LIMITS_FACTOR = 0.05  # three instead of sixty
    paper = attest(expected)
    browser = Client()

    assert {browser.get(paper.verify_path).status_code for _time in range(8)} == {200}
    answers = [browser.get(reverse("documents:verify", args=["K7QD-4M2X-9PWT-H3VC"])).status_code for _time in range(4)]
    assert answers == [404, 404, 404, 429]


# ── the file is compared ──────────────────────────────────────────────────────────────────────────
def compare(paper, content):
    return Client().post(paper.verify_path, {"file": SimpleUploadedFile("a.pdf", content, "application/pdf")})


def test_a_file_is_said_unchanged_or_changed(expected):
    paper = attest(expected)
    with paper.file.open("rb") as opened:
        content = opened.read()

    assert "Fichier inchangé" in compare(paper, content).content.decode()
    changed = compare(paper, content[:-2] + b"\n\n")
    assert "Fichier différent" in changed.content.decode()


def test_what_is_no_file_of_ours_is_told_so(expected):
    paper = attest(expected)

    assert compare(paper, b"").status_code == 422
    assert Client().post(paper.verify_path).status_code == 422
    large = compare(paper, b"x" * 2_000_001)
    assert large.status_code == 422
    assert "trop gros" in large.content.decode()
    assert compare(paper, b"%PDF-1.7 hostile \x00\xff").status_code == 200


# ── the life of a paper ───────────────────────────────────────────────────────────────────────────
def test_asked_twice_the_same_paper_is_given_again(expected):
    assert attest(expected) == attest(expected)
    assert Paper.objects.count() == 1


@pytest.mark.parametrize(
    ("step", "by", "reason"),
    [("withdraw", "volunteer", "ne participe plus"), ("take_back", "host", "revenue sur sa décision")],
)
def test_an_attestation_is_void_as_soon_as_the_person_is_no_longer_expected(expected, step, by, reason):
    """R35: void on withdrawal and when the organisation takes it back, in the same transaction."""
    paper = attest(expected)
    who = actor(expected.person) if by == "volunteer" else as_manager(expected.mission.organisation)

    fire(PARTICIPATION, expected, step, actor=who, answers={"reason": "not_available"})

    paper.refresh_from_db()
    assert paper.state == PaperState.REVOKED
    assert verdict_of(paper).standing == Standing.REVOKED
    text = page(paper).content.decode()
    assert "plus valable" in text and reason in text
    assert client_of(expected.person).get(paper.download_path).status_code == 409


def test_an_attestation_is_void_from_the_moment_the_mission_is_cancelled(expected):
    """Before the clock has come to each participation, the page already tells the truth."""
    paper = attest(expected)

    fire(MISSION, expected.mission, "cancel", actor=as_manager(expected.mission.organisation), answers={"reason": "safety"})

    assert verdict_of(paper).standing == Standing.REVOKED
    assert "plus valable" in page(paper).content.decode()


def test_a_void_attestation_stays_void_when_the_person_is_accepted_anew(expected):
    paper = attest(expected)
    host = as_manager(expected.mission.organisation)
    fire(PARTICIPATION, expected, "take_back", actor=host)
    fire(PARTICIPATION, expected, "accept", actor=host)
    expected.refresh_from_db()

    newer = attest(expected)

    assert newer != paper
    assert [verdict_of(each).standing for each in (Paper.objects.get(pk=paper.pk), newer)] == [Standing.REVOKED, Standing.GENUINE]


def test_a_mission_that_moved_makes_its_attestation_changed_then_replaced(expected):
    paper = attest(expected)
    expected.mission.city = "Pessac"
    expected.mission.save()

    verdict = verdict_of(paper)
    assert (verdict.standing, verdict.changed) == (Standing.CHANGED, ("le lieu",))
    assert "le lieu" in page(paper).content.decode()

    newer = attest(expected)
    paper.refresh_from_db()
    assert (paper.state, newer.state) == (PaperState.REPLACED, PaperState.VALID)
    assert "a été remplacé" in page(paper).content.decode()


def test_an_absence_is_never_told_by_a_paper():
    """R33: no paper of the volunteer calls it an absence."""
    what = mission(starts_on=today() - days(1), ends_on=today() + days(3))
    someone = participation(what, state=P.ONGOING)
    paper = attest(someone)

    fire(PARTICIPATION, someone, "miss", actor=as_manager(what.organisation))

    assert verdict_of(paper).standing == Standing.GENUINE


@pytest.mark.parametrize("state", [P.PENDING, P.REFUSED, P.WITHDRAWN, P.CANCELLED, P.NO_SHOW])
def test_nobody_gets_an_attestation_who_is_not_expected(state):
    someone = participation(mission(), state=state)

    with pytest.raises(Refused, match="bénévoles acceptés"):
        attest(someone)


def test_who_may_have_an_attestation_made(expected):
    assert issue_attestation(actor=as_manager(expected.mission.organisation), participation=expected)
    for stranger in (volunteer(), manager()):
        with pytest.raises(NotAllowed):
            issue_attestation(actor=actor(stranger), participation=expected)


def test_who_may_fetch_the_file(expected):
    paper = attest(expected)
    holder, host = client_of(expected.person), client_of(expected.mission.responsible)

    got = holder.get(paper.download_path)
    assert (got.status_code, got.headers["Content-Type"]) == (200, "application/pdf")
    assert b"".join(got.streaming_content).startswith(b"%PDF-")
    hosted = host.get(paper.download_path)
    assert hosted.status_code == 200
    assert [client_of(who).get(paper.download_path).status_code for who in (volunteer(), manager())] == [404, 404]
    assert Client().get(paper.download_path).status_code == 302


# ── certificates ──────────────────────────────────────────────────────────────────────────────────
def certify(someone, **asked):
    given = {"first_on": None, "last_on": None, "today": date(2030, 1, 1), **asked}
    return issue_certificate(actor=actor(someone), person=someone, **given)


def test_hours_corrected_after_the_certificate_show_on_its_page():
    """P5: the figures at the time differ; the page says so, and says that the paper was genuine."""
    given = served()
    entry = hours(given, 30)
    paper = certify(given.person)
    assert verdict_of(paper).standing == Standing.GENUINE

    fire(HOURS, entry, "correct", actor=actor(given.person), answers={"quarters": "5 h"})

    verdict = verdict_of(paper)
    assert verdict.standing == Standing.CHANGED
    assert "le total des heures" in verdict.changed
    assert "7\u00a0h\u00a030" in page(paper).content.decode(), "the page repeats what the paper says, not what is so now"


def test_a_certificate_made_anew_replaces_the_former():
    given = served()
    hours(given, 30, first_on=given.mission.starts_on)
    former = certify(given.person)
    hours(given, 8, first_on=given.mission.ends_on)

    newer = certify(given.person)

    former.refresh_from_db()
    assert (former.state, newer.state) == (PaperState.REPLACED, PaperState.VALID)
    assert newer.facts["quarters"] == 38
    assert certify(given.person) == newer


def test_certificates_of_different_periods_or_structures_stand_side_by_side():
    given = served()
    hours(given, 30)

    whole = certify(given.person)
    one = certify(given.person, organisation=given.mission.organisation)
    year = certify(given.person, first_on=date(2020, 1, 1))

    assert Paper.objects.filter(state=PaperState.VALID).count() == len({whole, one, year}) == 3


def test_a_mission_renamed_since_changes_nothing_of_what_was_given():
    given = served()
    hours(given, 30)
    paper = certify(given.person)
    given.mission.title = "Autrement dit"
    given.mission.save()

    assert verdict_of(paper).standing == Standing.GENUINE


def test_a_person_of_many_missions_gets_a_table_over_several_pages():
    someone = volunteer()
    for _number in range(40):
        hours(served(someone=someone), 4)

    with pdf_of(certify(someone)) as pdf:
        assert len(pdf.pages) >= 2
        assert sum(1 for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/TH") >= 4


# ── what always holds ─────────────────────────────────────────────────────────────────────────────
def test_the_database_holds_one_valid_paper_of_a_series(expected):
    paper = attest(expected)

    with pytest.raises(IntegrityError, match="documents_paper_one_valid"), transaction.atomic():
        Paper.objects.create(
            kind=paper.kind, series=paper.series, code="0" * 16, subject=1, person=person(), facts={}, file="x", size=1,
            digest="0" * 64, issued_at=paper.issued_at,
        )  # fmt: skip


def test_the_state_of_a_paper_is_not_changed_by_hand(expected):
    paper = attest(expected)

    with pytest.raises(Exception, match=r"documents_paper|fire"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE documents_paper SET state = 'revoked', ended_at = now() WHERE id = %s", [paper.pk])


def test_issuing_and_voiding_are_in_the_history(expected):
    paper = attest(expected)
    fire(PARTICIPATION, expected, "withdraw", actor=actor(expected.person), answers={"reason": "other"})

    lines = Entry.objects.filter(model="documents.paper", object_id=paper.pk).order_by("id")
    assert [(line.verb, line.after) for line in lines] == [
        ("documents.paper.issue", "valid"), ("documents.paper.revoke", "revoked")
    ]  # fmt: skip
    assert [
        finding.check.name for finding in run([c for c in registered() if c.name.startswith("documents")]) if not finding.holds
    ] == []


def test_a_lost_file_is_found_by_integrity(expected):
    paper = attest(expected)
    default_storage.delete(paper.file.name)

    broken = [finding for finding in run([c for c in registered() if c.name == "documents.file"]) if not finding.holds]
    assert broken and broken[0].examples[0]["id"] == paper.pk
    assert client_of(expected.person).get(paper.download_path).status_code == 404


def test_a_file_that_was_tampered_with_is_found_by_integrity(expected):
    paper = attest(expected)
    name = paper.file.name
    default_storage.delete(name)
    default_storage.save(name, io.BytesIO(b"%PDF-1.7 something else"))

    assert not run([c for c in registered() if c.name == "documents.file"])[0].holds


def test_the_file_of_what_stands_no_longer_is_removed_and_its_digest_kept(expected):
    """P10: nobody is handed it any more; a copy can still be told from a forgery."""
    paper = attest(expected)
    with paper.file.open("rb") as opened:
        content = opened.read()
    fire(PARTICIPATION, expected, "withdraw", actor=actor(expected.person), answers={"reason": "other"})
    paper.refresh_from_db()

    assert forget_ended_files(paper.ended_at + days(29)) == 0
    assert (forget_ended_files(paper.ended_at + days(31)), forget_ended_files(paper.ended_at + days(40))) == (1, 0)

    assert not default_storage.exists(paper.file.name)
    assert "plus valable" in page(paper).content.decode()
    assert "Fichier inchangé" in compare(paper, content).content.decode()


def test_files_lie_in_the_data_folder():
    """Decision 22: uploads and papers lie with the rest of the data, readable by the site alone."""
    from renfort.config.settings import base

    assert base.MEDIA_ROOT.name == "uploads"
    assert (base.FILE_UPLOAD_PERMISSIONS, base.FILE_UPLOAD_DIRECTORY_PERMISSIONS) == (0o600, 0o700)
