"""One file for the bank: complete, valid, written once; nobody is paid twice, whatever is clicked (W11)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import xmlschema
from django.db import IntegrityError, transaction
from django.utils import timezone
from lxml import etree
from tests.factories import client_of
from tests.factories.money import IBAN, OTHER_IBAN, approved, billing, payee
from tests.factories.workshops import acting, staff

from renfort.kernel.actors import SERVICE
from renfort.kernel.firing import NotAllowed, Refused, Stale, fire_due
from renfort.notifications.models import Outgoing
from renfort.organisations.enums import Role
from renfort.parameters.services import set_value
from renfort.workshops.catalogue import PAIN_FORM
from renfort.workshops.models import Bill, Fee, Payee, Payment, Transfer
from renfort.workshops.selectors.bills import bills_to_pay
from renfort.workshops.services.bills import write_bill
from renfort.workshops.services.transfers import cancel, prepare, report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _operator(_open):
    billing()


@pytest.fixture
def chief():
    return acting(staff(), Role.ASSOCIATION_STAFF)


def billed(chief, people=1, fees=1, **facts):
    """Invoices ready to be paid."""
    for _ in range(people):
        someone = payee(**facts)
        approved(someone, fees)
        write_bill(actor=chief, facilitator_id=someone.pk)
    return list(bills_to_pay())


def pay(chief, bills):
    return prepare(actor=chief, bills=[bill.pk for bill in bills], execution_on=timezone.localdate())


def states():
    return sorted(Fee.objects.values_list("state", flat=True))


@pytest.mark.parametrize("form", ["pain.001.001.03", "pain.001.001.09"])
def test_the_file_is_valid_and_says_each_payment_once(chief, form):
    set_value(PAIN_FORM, form, actor=SERVICE)
    bills = billed(chief, people=3, fees=2, holder="Zoé Çelik & fils")

    made = pay(chief, bills)

    content = made.file.read()
    root = etree.fromstring(content)
    space = {"p": f"urn:iso:std:iso:20022:tech:xsd:{form}"}

    def said(path):
        return [each.text for each in root.iterfind(f".//p:{path}", space)]

    assert xmlschema.XMLSchema(schema_of(form)).is_valid(content.decode())
    assert said("MsgId") == [made.message] and (made.count, made.total) == (3, 90_000)
    assert said("GrpHdr/p:NbOfTxs") == ["3"] and said("GrpHdr/p:CtrlSum") == ["900.00"]
    assert said("InstdAmt") == ["300.00"] * 3
    assert said("CdtrAcct/p:Id/p:IBAN") == [IBAN] * 3
    assert said("DbtrAcct/p:Id/p:IBAN") == [IBAN]
    assert sorted(said("EndToEndId")) == sorted(f"{made.message}-{bill.pk}" for bill in bills)
    assert set(said("Cdtr/p:Nm")) == {"Zoe Celik & fils"}
    assert states() == ["in_payment"] * 6


def schema_of(form):
    from pathlib import Path

    import sepaxml

    return str(Path(sepaxml.__file__).parent / "schemas" / f"{form}.xsd")


def test_an_invoice_is_paid_once_whatever_is_sent_again(chief):
    bills = billed(chief)
    made = pay(chief, bills)
    with pytest.raises(Refused, match="déjà dans un virement"):
        pay(chief, bills)
    report(actor=chief, transfer=made, rejected={}, settled_on=timezone.localdate())
    with pytest.raises(Refused, match="déjà dans un virement"):
        pay(chief, bills)
    assert Payment.objects.count() == 1 and states() == ["paid"]


def test_the_database_keeps_one_living_payment_for_an_invoice(chief):
    (bill,) = billed(chief)
    made = pay(chief, [bill])
    with pytest.raises(IntegrityError, match="one_living"), transaction.atomic():
        Payment.objects.create(transfer=made, bill=bill, holder="x", iban=IBAN, amount=1, reference="autre", words="x")


@pytest.mark.parametrize("change", ["amount", "iban", "paid_again", "transfer"])
def test_what_was_sent_to_the_bank_never_changes(chief, change):
    made = pay(chief, billed(chief))
    changes = {
        "amount": lambda: Payment.objects.update(amount=1),
        "iban": lambda: Payment.objects.update(iban=OTHER_IBAN),
        "paid_again": lambda: [
            Payment.objects.update(outcome="paid", settled_on=timezone.localdate()),
            Payment.objects.update(outcome="rejected"),
        ],
        "transfer": lambda: Transfer.objects.filter(pk=made.pk).update(total=1),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        changes[change]()


def test_a_double_click_makes_one_transfer(chief):
    (bill,) = billed(chief)
    browser = client_of(staff())
    data = {
        "bill": str(bill.pk), "execution_on": timezone.localdate().isoformat(),
        "form_token": "6a0a5d0e-5a4e-4f0e-9d1f-0c0b7f1f2a11",
    }  # fmt: skip
    first, second = (browser.post("/ateliers/association/argent/a-payer/", data) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302) and first.url == second.url
    assert Transfer.objects.count() == 1


def test_the_bank_rejects_some_and_only_those_are_paid_again(chief):
    bills = billed(chief, people=3)
    made = pay(chief, bills)
    wrong = made.payments.order_by("pk").first()

    report(actor=chief, transfer=made, rejected={wrong.pk: "Compte clos"}, settled_on=timezone.localdate())

    assert states() == ["invoiced", "paid", "paid"]
    assert list(bills_to_pay()) == [wrong.bill]
    person = wrong.bill.facilitator.person
    assert "rejeté" in Outgoing.objects.filter(address=person.account.email).latest("pk").subject
    Payee.objects.filter(pk=person.pk).update(iban=OTHER_IBAN)
    again = pay(chief, [wrong.bill])
    assert again.payments.get().iban == OTHER_IBAN and states() == ["in_payment", "paid", "paid"]
    with pytest.raises(Stale):
        report(actor=chief, transfer=made, rejected={}, settled_on=timezone.localdate())


def test_a_transfer_that_was_never_handed_over_gives_its_invoices_back(chief):
    bills = billed(chief, people=2)
    made = pay(chief, bills)
    cancel(actor=chief, transfer=made)
    assert states() == ["invoiced", "invoiced"] and len(bills_to_pay()) == 2
    with pytest.raises(Stale):
        report(actor=chief, transfer=made, rejected={}, settled_on=timezone.localdate())
    assert pay(chief, bills).message != made.message


def test_many_fees_follow_by_the_clock_and_a_missed_round_is_made_up_for(chief):
    bills = billed(chief, people=2, fees=15)
    made = pay(chief, bills)
    report(actor=chief, transfer=made, rejected={}, settled_on=timezone.localdate())
    fire_due(timezone.now())
    assert set(states()) == {"paid"}


def test_nothing_is_paid_without_an_account_on_either_side(chief):
    bills = billed(chief)
    billing(iban="FR7630006000011234567890188")
    with pytest.raises(Refused, match="compte de l'association"):
        pay(chief, bills)
    billing()
    Payee.objects.all().delete()
    with pytest.raises(Refused, match="Il manque les coordonnées"):
        pay(chief, bills)
    assert not Transfer.objects.exists()


def test_a_day_that_is_past_and_an_empty_choice_are_refused(chief):
    bills = billed(chief)
    with pytest.raises(Refused, match="passé"):
        prepare(actor=chief, bills=[bills[0].pk], execution_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(Refused, match="au moins une"):
        pay(chief, [])


def test_nobody_else_pays(chief):
    bills = billed(chief)
    other = acting(bills[0].facilitator, Role.FACILITATOR)
    with pytest.raises(NotAllowed):
        pay(other, bills)
    made = pay(chief, bills)
    for forbidden in (
        lambda: report(actor=other, transfer=made, rejected={}, settled_on=timezone.localdate()),
        lambda: cancel(actor=other, transfer=made),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    assert (
        client_of(bills[0].facilitator.person).get(f"/ateliers/association/argent/virements/{made.pk}/fichier/").status_code
        == 404
    )


def test_the_page_asks_why_each_payment_is_rejected(chief):
    made = pay(chief, billed(chief))
    browser, page = client_of(staff()), f"/ateliers/association/argent/virements/{made.pk}/"
    said = {
        "faire": "noter",
        "settled_on": timezone.localdate().isoformat(),
        "rejected": str(made.payments.get().pk),
        "seen": "1",
    }
    assert browser.post(page, said).status_code == 409
    assert Transfer.objects.get().state == "ready"
    answer = browser.post(page, {**said, f"reason-{made.payments.get().pk}": "Compte clos"})
    assert answer.status_code == 302, answer.content.decode()
    assert "Compte clos" in browser.get("/ateliers/association/argent/a-payer/").content.decode()
    assert Bill.objects.get().state == "accepted"
