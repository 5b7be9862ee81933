"""Payees with their details, fees approved for them, the association's own data: what invoices and transfers are made of."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from tests.factories.workshops import acting, assignment, enrolment, facilitator, fee, session, staff

from renfort.kernel.actors import SERVICE
from renfort.organisations.enums import Role
from renfort.parameters.services import set_value
from renfort.workshops.catalogue import BILLING
from renfort.workshops.models import Assignment, Bill, ClientInvoice, Facilitator, Fee, Mandate, Payee, Transfer
from renfort.workshops.services.bills import write_bill
from renfort.workshops.services.invoices import make_invoice
from renfort.workshops.services.transfers import prepare

IBAN, OTHER_IBAN = "FR7630006000011234567890189", "FR1420041010050500013M02606"
SIRET = "73282932000074"
ASSOCIATION = {
    "name": "Les Fresques", "address": "1 place de la Paix", "postcode": "75010", "city": "Paris", "siret": "44306184100047",
    "iban": "FR76 3000 6000 0112 3456 7890 189", "bic": "AGRIFRPP",
}  # fmt: skip


def billing(**said: str) -> None:
    """The operator has said all that invoices and transfers need."""
    for key, value in {**ASSOCIATION, **said}.items():
        set_value(BILLING[key], value, actor=SERVICE)


def payee(of: Facilitator | None = None, *, mandate: bool = True, **facts: Any) -> Facilitator:
    """A facilitator who has said how they are paid, with a mandate unless the test says otherwise."""
    someone = of or facilitator()
    given = {
        "holder": someone.person.full_name, "iban": IBAN, "company": someone.person.full_name, "siret": SIRET,
        "vat_regime": "exempt", "address": "3 rue des Lilas", "postcode": "33000", "city": "Bordeaux",
        "changed_at": timezone.now(),
    }  # fmt: skip
    Payee.objects.create(facilitator=someone, **{**given, **facts})
    if mandate:
        number = f"M{someone.pk}-1"
        Mandate.objects.create(facilitator=someone, number=number, text="Mandat", accepted_at=timezone.now())
    return someone


def approved(
    of: Facilitator, number: int = 1, *, amount: int = 15_000, what: Assignment | None = None, day: int = -7
) -> list[Fee]:
    """So many approved fees of somebody, each for a session of its own, on ``day`` and the days before."""
    what = what or assignment("awarded")
    return [
        fee("approved", amount=amount, of=enrolment(session(what, day=day - each, state="held"), of, state="done"))
        for each in range(number)
    ]


def closed(done: int = 2, ordered: int = 3) -> Assignment:
    """A closed assignment of so many workshops at 500 € of which so many took place."""
    able = facilitator()
    made = assignment("awarded", by=able, workshop=ordered)
    for day in range(done):
        enrolment(session(made, day=-7 - day, state="held"), able, state="done")
    with transaction.atomic():  # the coordinator's way there is not the test's
        made.closed_at = timezone.now()
        made.change_state("closed")
    return made


def money_for(someone: Facilitator) -> tuple[Bill, Bill, Transfer, ClientInvoice, Assignment]:
    """An invoice paid by a transfer, one that is awaited, a client's invoice, and an assignment that waits for its own."""
    billing()
    chief = acting(staff(), Role.ASSOCIATION_STAFF)
    payee(someone)
    approved(someone, day=-40)
    write_bill(actor=chief, facilitator_id=someone.pk)
    owed = someone.bills.get()
    transfer = prepare(actor=chief, bills=[owed.pk], execution_on=timezone.localdate())
    Mandate.objects.update(ended_at=timezone.now())
    approved(someone, day=-50)
    write_bill(actor=chief, facilitator_id=someone.pk)
    sold = closed()
    line = sold.order.lines.get()
    invoice = make_invoice(actor=chief, assignment=sold, quantities={line.pk: 2})
    return owed, someone.bills.get(state="awaited"), transfer, invoice, closed()
