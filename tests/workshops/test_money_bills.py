"""Payees' invoices: one for all approved fees of a person, with its data inside, kept as written; or theirs, checked (W11)."""

from __future__ import annotations

import io

import facturx
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree
from tests.factories import client_of
from tests.factories.money import approved, billing, payee
from tests.factories.workshops import acting, facilitator, fee, staff

from renfort.audit.models import Entry
from renfort.documents.selectors import digest_of
from renfort.jobs.models import LongWork
from renfort.kernel.firing import Refused, fire_due
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.workshops.models import Bill, BillLine, BillRun, Fee, Mandate, Series
from renfort.workshops.services.bills import accept_bill, ask_bills, write_bill, write_due
from renfort.workshops.services.einvoice import RAM, data_in

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _operator(_open):
    billing()


@pytest.fixture
def chief():
    return acting(staff(), Role.ASSOCIATION_STAFF)


def texts(xml, path):
    return [each.text for each in etree.fromstring(xml).iterfind(f".//{path}", {"ram": RAM})]


def test_one_invoice_for_all_approved_fees_of_a_person(chief):
    someone = payee()
    approved(someone, 3)
    fee("requested")

    assert write_bill(actor=chief, facilitator_id=someone.pk) == "written"

    bill = Bill.objects.get()
    year = timezone.localdate().year
    assert (bill.number, bill.excl, bill.vat, bill.total) == (f"A{someone.pk}-{year}-0001", 45_000, 0, 45_000)
    assert bill.lines.count() == 3
    assert set(Fee.objects.filter(payee=someone.pk).values_list("state", flat=True)) == {"invoiced"}
    assert Outgoing.objects.filter(address=someone.person.account.email).count() == 1
    assert write_bill(actor=chief, facilitator_id=someone.pk) == "written" and Bill.objects.count() == 1


def test_the_file_is_a_pdf_a3_whose_data_are_valid_and_say_the_same(chief):
    someone = payee(vat_regime="standard", vat_number="FR83404833048")
    approved(someone, 2)
    write_bill(actor=chief, facilitator_id=someone.pk)
    bill = Bill.objects.get()

    content = bill.file.read()

    assert digest_of(content) == bill.digest and len(content) == bill.size
    with pikepdf.open(io.BytesIO(content)) as pdf:
        said = dict(pdf.open_metadata())
        assert said["{http://www.aiim.org/pdfa/ns/id/}part"] == "3"
        assert said["{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}ConformanceLevel"] == "EN 16931"
    xml = data_in(content)
    assert facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert texts(xml, "ram:GrandTotalAmount") == ["360.00"]
    assert texts(xml, "ram:TaxTotalAmount") == ["60.00"]
    assert texts(xml, "ram:LineTotalAmount")[:2] == ["150.00", "150.00"]
    assert b">389<" in xml and bill.number.encode() in xml
    assert any("Autofacturation" in each and f"M{someone.pk}-1" in each for each in texts(xml, "ram:Content"))


@pytest.mark.parametrize(
    ("regime", "sentence", "code"),
    [("exempt", "TVA non applicable, article 293 B du CGI", "E"), ("training", "261-4-4° a du CGI", "E")],
)
def test_without_tax_the_article_is_named(chief, regime, sentence, code):
    someone = payee(vat_regime=regime)
    approved(someone)
    write_bill(actor=chief, facilitator_id=someone.pk)
    xml = data_in(Bill.objects.get().file.read())
    assert sentence in texts(xml, "ram:ExemptionReason")[0]
    assert set(texts(xml, "ram:CategoryCode")) == {code}


def test_numbers_of_a_payee_follow_one_another_and_are_their_own(chief):
    one, other = payee(), payee()
    for day, someone in ((-7, one), (-7, other), (-8, one)):
        approved(someone, day=day)
        write_bill(actor=chief, facilitator_id=someone.pk)
    assert list(Bill.objects.order_by("pk").values_list("facilitator", "sequence")) == [(one.pk, 1), (other.pk, 1), (one.pk, 2)]


def test_a_failed_invoice_uses_up_no_number(chief, monkeypatch):
    someone = payee()
    approved(someone)
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr("renfort.workshops.services.einvoice.write", lambda *a, **k: (_ for _ in ()).throw(RuntimeError()))
        write_bill(actor=chief, facilitator_id=someone.pk)
    assert not Bill.objects.exists() and not Series.objects.exists()
    write_bill(actor=chief, facilitator_id=someone.pk)
    assert Bill.objects.get().sequence == 1


@pytest.mark.parametrize("verb", ["number", "total", "delete", "line", "mandate", "series"])
def test_what_was_written_never_changes_whoever_writes(chief, verb):
    someone = payee()
    approved(someone)
    write_bill(actor=chief, facilitator_id=someone.pk)
    changes = {
        "number": lambda: Bill.objects.update(number="X"),
        "total": lambda: Bill.objects.update(excl=1, total=1),
        "delete": lambda: Bill.objects.all()._raw_delete("default"),
        "line": lambda: BillLine.objects.update(words="Autre"),
        "mandate": lambda: Mandate.objects.update(text="Autre"),
        "series": lambda: Series.objects.update(last=0),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        changes[verb]()


def test_a_fee_is_on_one_invoice_for_ever(chief):
    someone = payee()
    (one,) = approved(someone)
    write_bill(actor=chief, facilitator_id=someone.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        BillLine.objects.create(bill=Bill.objects.get(), fee=one, words="x", quantity=1, unit=1, amount=1)


def test_who_has_not_said_how_they_are_paid_is_told_and_nothing_is_made(chief):
    someone = facilitator()
    approved(someone)
    assert write_bill(actor=chief, facilitator_id=someone.pk) == "missing"
    assert not Bill.objects.exists()
    assert "coordonnées" in Outgoing.objects.get(address=someone.person.account.email).subject.lower()


def sent(someone, chief):
    """An invoice that somebody abroad has sent."""
    approved(someone)
    assert write_bill(actor=chief, facilitator_id=someone.pk) == "awaited"
    bill = Bill.objects.get()
    answer = client_of(someone.person).post(
        f"/ateliers/animation/factures/{bill.pk}/envoyer/",
        {"number": "2026-7", "issued_on": timezone.localdate().isoformat(), "vat": "0", "file": SimpleUploadedFile("f.pdf", PDF)},
    )
    assert answer.status_code == 302, answer.content.decode()
    bill.refresh_from_db()
    return bill


@pytest.mark.parametrize("facts", [{"country": "BE", "siret": "", "vat_regime": "reverse"}, {}])
def test_abroad_or_without_mandate_the_payee_sends_theirs_and_it_is_checked(chief, facts):
    someone = payee(mandate=False, **facts)
    bill = sent(someone, chief)
    assert (bill.state, bill.number) == ("received", "2026-7")
    assert Fee.objects.get().state == "approved"

    accept_bill(actor=chief, bill=bill)

    assert Fee.objects.get().state == "invoiced"
    with pytest.raises(Refused):
        accept_bill(actor=chief, bill=bill)


def test_an_invoice_that_is_wrong_goes_back_with_words_and_comes_again(chief):
    someone = payee(mandate=False)
    bill = sent(someone, chief)
    browser = client_of(staff())
    page = f"/ateliers/association/argent/factures-animation/{bill.pk}/"
    assert browser.post(page, {"faire": "renvoyer", "seen": bill.version}).status_code == 422
    assert browser.post(page, {"faire": "renvoyer", "refusal": "Le SIRET manque.", "seen": bill.version}).status_code == 302
    bill.refresh_from_db()
    assert (bill.state, bill.refusal) == ("awaited", "Le SIRET manque.")
    assert "Le SIRET manque." in client_of(someone.person).get("/ateliers/animation/factures/").content.decode()
    assert browser.post(page, {"faire": "accepter", "seen": bill.version}).status_code == 409


@pytest.mark.parametrize(
    ("name", "content"),
    [("f.pdf", b"MZ\x90"), ("f.pdf", b"%PDF-1.7 cut"), ("f.exe", b"<html>"), ("f.pdf", b"x" * (10 * 1024 * 1024 + 1))],
)
def test_what_is_sent_must_be_a_pdf_whatever_its_name(chief, name, content):
    someone = payee(mandate=False)
    approved(someone)
    write_bill(actor=chief, facilitator_id=someone.pk)
    bill = Bill.objects.get()
    answer = client_of(someone.person).post(
        f"/ateliers/animation/factures/{bill.pk}/envoyer/",
        {"number": "7", "issued_on": timezone.localdate().isoformat(), "vat": "0", "file": SimpleUploadedFile(name, content)},
    )
    assert answer.status_code == 422
    bill.refresh_from_db()
    assert bill.state == "awaited" and not bill.file


def test_anothers_invoice_does_not_exist(chief):
    someone, other = payee(), payee()
    approved(someone)
    write_bill(actor=chief, facilitator_id=someone.pk)
    page = f"/ateliers/animation/factures/{Bill.objects.get().pk}/fichier/"
    assert client_of(other.person).get(page).status_code == 404
    assert client_of(someone.person).get(page).status_code == 200


# ── all of them (P6) ──────────────────────────────────────────────────────────────────────────────
def test_the_worker_writes_all_invoices_once_and_says_how_far_it_is(chief):
    people = [payee() for _ in range(3)] + [payee(mandate=False), facilitator()]
    for someone in people:
        approved(someone, 2)

    run = ask_bills(actor=chief)
    assert ask_bills(actor=chief) == run  # a second click finds it
    assert write_due(timezone.now()) == 5

    run.refresh_from_db()
    assert isinstance(run, LongWork)
    assert (run.state, run.total, run.done, run.written, run.awaited, run.missing) == ("done", 5, 5, 3, 1, 1)
    assert write_due(timezone.now()) == 0
    assert Bill.objects.count() == 4 and BillLine.objects.count() == 8


def test_a_run_whose_worker_died_goes_on_and_writes_nothing_twice(chief, monkeypatch):
    for _ in range(3):
        approved(payee())
    run = ask_bills(actor=chief)
    real, seen = write_bill, []

    def dies(**facts):
        if len(seen) == 1:
            raise SystemExit
        seen.append(real(**facts))
        return seen[-1]

    with monkeypatch.context() as once, pytest.raises(SystemExit):
        once.setattr("renfort.workshops.services.bills.write_bill", dies)
        write_due(timezone.now())
    assert Bill.objects.count() == 1
    BillRun.objects.update(alive_until=timezone.now())
    write_due(timezone.now() + timezone.timedelta(seconds=1))
    run.refresh_from_db()
    assert run.state == "done" and Bill.objects.count() == 3


def test_many_fees_follow_at_once_and_leave_nothing_to_the_clock(chief):
    someone = payee()
    approved(someone, 45)
    write_bill(actor=chief, facilitator_id=someone.pk)
    assert Fee.objects.filter(state="invoiced").count() == 45
    assert fire_due(timezone.now()) == 0
    moved = Entry.objects.filter(verb="workshops.fee.invoice")
    assert moved.count() == 45 and set(moved.values_list("before", "after")) == {("approved", "invoiced")}


def test_an_invoice_of_many_fees_asks_no_more_questions_than_one_of_one(chief):
    counts = []
    for number in (1, 20):
        someone = payee()
        approved(someone, number)
        with CaptureQueriesContext(connection) as asked:
            write_bill(actor=chief, facilitator_id=someone.pk)
        counts.append(len(asked))
    assert counts[0] == counts[1]
