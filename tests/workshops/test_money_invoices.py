"""What clients owe: made here with a number of its own series, or noted from elsewhere, never both; and the books (W10, W11)."""

from __future__ import annotations

import facturx
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import client_of
from tests.factories.money import approved, billing, closed, payee
from tests.factories.workshops import acting, assignment, facilitator, staff

from renfort.audit.models import Entry
from renfort.kernel.actors import SERVICE
from renfort.kernel.firing import NotAllowed, Refused
from renfort.organisations.enums import Role
from renfort.parameters.services import set_value
from renfort.workshops.catalogue import CLIENT_VAT
from renfort.workshops.models import ClientInvoice
from renfort.workshops.selectors.accounting import COLUMNS, bookings, fec
from renfort.workshops.selectors.money import proposals, sum_to_invoice
from renfort.workshops.services.bills import write_bill
from renfort.workshops.services.einvoice import data_in
from renfort.workshops.services.invoices import make_invoice, note_invoice, note_paid
from renfort.workshops.services.transfers import prepare, report

pytestmark = pytest.mark.django_db
HOME = "/ateliers/association/argent/"


@pytest.fixture(autouse=True)
def _operator(_open):
    billing()


@pytest.fixture
def chief():
    return acting(staff(), Role.ASSOCIATION_STAFF)


def whole(made):
    return {line.number: line.ordered for line in proposals([made])[made.pk]}


def test_what_took_place_is_proposed_never_more_than_was_ordered():
    one, two = closed(2, 3), closed(3, 2)
    found = proposals([one, two])
    assert [(line.quantity, line.ordered, line.amount) for line in found[one.pk]] == [(2, 3, 100_000)]
    assert [line.quantity for line in found[two.pk]] == [2]


def test_an_invoice_has_a_number_a_file_and_valid_data(chief):
    one, two = closed(), closed()
    made = make_invoice(actor=chief, assignment=one, quantities=whole(one))

    year = timezone.localdate().year
    assert (made.number, made.excl, made.vat, made.total) == (f"FA{year}-0001", 150_000, 30_000, 180_000)
    xml = data_in(made.file.read())
    assert facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")
    assert b">380<" in xml and b"1800.00" in xml
    assert make_invoice(actor=chief, assignment=two, quantities=whole(two)).sequence == 2


def test_the_operator_says_the_tax(chief):
    set_value(CLIENT_VAT, "training", actor=SERVICE)
    made = make_invoice(actor=chief, assignment=(one := closed()), quantities=whole(one))
    assert (made.vat, made.total) == (0, 150_000)
    assert "261-4-4" in data_in(made.file.read()).decode()


def test_a_client_is_invoiced_once_here_or_elsewhere(chief):
    one = closed()
    note_invoice(actor=chief, assignment=one, number="2026-88", issued_on=timezone.localdate(), excl=100_000, vat=20_000)
    with pytest.raises(Refused, match="déjà facturée"):
        make_invoice(actor=chief, assignment=one, quantities=whole(one))
    with pytest.raises(Refused, match="déjà facturée"):
        note_invoice(actor=chief, assignment=one, number="2026-89", issued_on=timezone.localdate(), excl=1, vat=0)
    with pytest.raises(Refused, match="autre facture"):
        note_invoice(actor=chief, assignment=closed(), number="2026-88", issued_on=timezone.localdate(), excl=1, vat=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClientInvoice.objects.update(origin="made")


def test_a_refused_invoice_uses_up_no_number(chief):
    with pytest.raises(Refused, match="vide"):
        make_invoice(actor=chief, assignment=closed(), quantities={})
    one = closed()
    assert make_invoice(actor=chief, assignment=one, quantities=whole(one)).sequence == 1


def test_before_the_closing_nobody_is_invoiced(chief):
    with pytest.raises(Refused, match="après la clôture"):
        make_invoice(actor=chief, assignment=assignment("awarded"), quantities={})
    with pytest.raises(NotAllowed):
        make_invoice(actor=acting(facilitator(), Role.FACILITATOR), assignment=closed(), quantities={})


def test_an_association_that_has_not_said_who_it_is_invoices_nobody(chief):
    billing(siret="")
    with pytest.raises(Refused, match="l'opérateur les règle"):
        make_invoice(actor=chief, assignment=(one := closed()), quantities=whole(one))


def test_paid_once_on_a_day_that_can_be(chief):
    made = make_invoice(actor=chief, assignment=(one := closed()), quantities=whole(one))
    day = timezone.localdate()
    for wrong in (day - timezone.timedelta(days=1), day + timezone.timedelta(days=1)):
        with pytest.raises(Refused):
            note_paid(actor=chief, invoice=made, paid_on=wrong)
    note_paid(actor=chief, invoice=made, paid_on=day)
    note_paid(actor=chief, invoice=made, paid_on=day)
    assert Entry.objects.filter(verb="workshops.clientinvoice.pay").count() == 1


@pytest.mark.parametrize("change", [{"number": "X"}, {"excl": 1, "vat": 0, "total": 1}, {"digest": "0" * 64}])
def test_an_invoice_never_changes(chief, change):
    make_invoice(actor=chief, assignment=(one := closed()), quantities=whole(one))
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        ClientInvoice.objects.update(**change)


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────
def test_each_figure_is_the_sum_of_its_rows(chief):
    for done in (1, 2):
        closed(done)
    paid = make_invoice(actor=chief, assignment=(one := closed()), quantities=whole(one))
    note_paid(actor=chief, invoice=paid, paid_on=timezone.localdate())
    make_invoice(actor=chief, assignment=(two := closed()), quantities=whole(two))
    someone, other = payee(), payee()
    approved(someone, 2)
    write_bill(actor=chief, facilitator_id=someone.pk)
    approved(other, 3)
    browser = client_of(staff())

    home = browser.get(HOME).content.decode()

    assert sum_to_invoice() == 150_000
    for amount in ("1\u202f500,00\u00a0€", "1\u202f800,00\u00a0€", "300,00\u00a0€", "450,00\u00a0€"):
        assert amount in home or amount.replace("\u202f", "\u00a0") in home, amount
    for page, number in (("a-facturer/", 2), ("factures/a-encaisser/", 1), ("a-payer/", 1), ("a-etablir/", 1), ("factures/", 2)):
        assert browser.get(HOME + page).content.decode().count("<tr>") == number + 1, page


def test_pages_ask_the_same_for_one_row_and_for_several(chief):
    browser, pages = client_of(staff()), ("", "a-facturer/", "factures/", "a-payer/", "a-verifier/", "a-etablir/", "virements/")
    counts = []
    for number in (1, 5):
        for _ in range(number):
            closed(0)
            invoiced = closed(1)
            make_invoice(actor=chief, assignment=invoiced, quantities=whole(invoiced))
            for someone in (payee(), payee(mandate=False)):
                approved(someone)
                write_bill(actor=chief, facilitator_id=someone.pk)
            approved(payee())
        browser.get(HOME)
        asked = []
        for page in pages:
            with CaptureQueriesContext(connection) as said:
                assert browser.get(HOME + page).status_code == 200
            asked.append((page, len(said)))
        counts.append(asked)
    assert counts[0] == counts[1]


def test_the_form_makes_one_invoice_for_two_clicks():
    one, browser = closed(), client_of(staff())
    page = f"{HOME}a-facturer/{one.pk}/"
    line = one.order.lines.get()
    data = {f"line-{line.pk}": "2", "form_token": "6a0a5d0e-5a4e-4f0e-9d1f-0c0b7f1f2a12"}
    first, second = browser.post(page, data), browser.post(page, data)
    assert first.status_code == second.status_code == 302 and first.url == second.url
    assert ClientInvoice.objects.get().excl == 100_000
    assert browser.get(f"{HOME}factures/{one.pk}/fichier/").headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    "data", [{"faire": "noter"}, {"faire": "noter", "number": "A", "issued_on": "2999-01-01", "excl": "1", "vat": "0"}, {}]
)
def test_a_form_that_says_too_little_keeps_everything(data):
    one = closed()
    assert client_of(staff()).post(f"{HOME}a-facturer/{one.pk}/", data).status_code == 422
    assert not ClientInvoice.objects.exists()


# ── the books ─────────────────────────────────────────────────────────────────────────────────────
def month(chief):
    """Purchases, sales, and what went through the bank."""
    someone = payee(vat_regime="standard", vat_number="FR83404833048")
    approved(someone, 2)
    write_bill(actor=chief, facilitator_id=someone.pk)
    made = prepare(actor=chief, bills=[someone.bills.get().pk], execution_on=timezone.localdate())
    report(actor=chief, transfer=made, rejected={}, settled_on=timezone.localdate())
    sold = make_invoice(actor=chief, assignment=(one := closed()), quantities=whole(one))
    note_paid(actor=chief, invoice=sold, paid_on=timezone.localdate())


def test_each_entry_is_balanced_and_the_third_parties_are_settled(chief):
    month(chief)
    found = bookings(timezone.localdate(), timezone.localdate())
    assert [each.journal for each in found] == ["ACH", "BQ", "BQ", "VEN"]
    for each in found:
        assert sum(side.debit for side in each.sides) == sum(side.credit for side in each.sides) > 0
    for account in ("401000", "411000"):
        sides = [side for each in found for side in each.sides if side.account == account]
        assert sum(side.debit - side.credit for side in sides) == 0
    assert not bookings(timezone.localdate() - timezone.timedelta(days=9), timezone.localdate() - timezone.timedelta(days=1))


def test_the_file_of_entries_has_the_eighteen_columns_of_the_law(chief):
    month(chief)
    lines = [line.removesuffix("\r\n").split("\t") for line in fec(timezone.localdate(), timezone.localdate())]
    assert tuple(lines[0]) == COLUMNS and {len(line) for line in lines} == {18}
    day = f"{timezone.localdate():%Y%m%d}"
    assert {line[3] for line in lines[1:]} == {day}
    assert [line[2] for line in lines[1:]] == sorted((line[2] for line in lines[1:]), key=int)
    debits, credits = (sum(int(line[at].replace(",", "")) for line in lines[1:]) for at in (11, 12))
    assert debits == credits == 36_000 * 2 + 180_000 * 2


def test_the_books_are_taken_by_the_association_and_it_is_noted(chief):
    month(chief)
    day = timezone.localdate().isoformat()
    page = f"{HOME}comptabilite/ecritures/?du={day}&au={day}"
    assert client_of(facilitator().person).get(page).status_code == 404
    answer = client_of(staff()).get(page)
    assert answer.content.decode().startswith("JournalCode\tJournalLib")
    assert Entry.objects.get(verb="workshops.accounting.export").codes["lines"] == 10
    assert client_of(staff()).get(f"{HOME}comptabilite/?du=2026-02-01&au=2026-01-01").status_code == 422


@pytest.mark.parametrize(
    ("key", "rows"), [("retributions", 2), ("factures-animation", 1), ("factures-clients", 1), ("paiements", 1)]
)
def test_each_list_of_a_period_is_exported(chief, key, rows):
    month(chief)
    browser = client_of(staff())
    first = (timezone.localdate() - timezone.timedelta(days=30)).isoformat()
    page = f"{HOME}comptabilite/{key}/?du={first}&au={timezone.localdate().isoformat()}"
    assert f"{rows} ligne" in browser.get(page).content.decode()


def test_the_cells_of_each_list_can_be_written(chief):
    from renfort.kernel.exports import EXPORT_KINDS, Asked

    month(chief)
    for key in ("fees", "bills", "invoices", "payments"):
        kind = EXPORT_KINDS[f"workshops.money_{key}"]
        keys = [column.key for column in kind.columns()]
        (batch,) = kind.read(chief, Asked(role=chief.role_key, organisation=None), keys)
        assert len(batch) == len(keys) and all(len(cells) == len(batch[0]) for cells in batch)
