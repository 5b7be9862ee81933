"""Payees with their details, fees approved for them, the association's own data: what invoices and transfers are made of."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from tests.factories.workshops import assignment, enrolment, facilitator, fee, session

from renfort.kernel.actors import SERVICE
from renfort.parameters.services import set_value
from renfort.workshops.catalogue import BILLING
from renfort.workshops.models import Assignment, Facilitator, Fee, Mandate, Payee

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
