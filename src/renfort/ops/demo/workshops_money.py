"""Money of the demonstration: the association's own data, how people are paid, an invoice to a client."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from renfort.kernel.actors import SERVICE
from renfort.parameters.services import set_value
from renfort.people.models import Person
from renfort.workshops.catalogue import BILLING
from renfort.workshops.models import Facilitator, Mandate, Payee

ASSOCIATION = {
    "name": "Les Ateliers du Climat", "address": "1 place de la Paix", "postcode": "33000", "city": "Bordeaux",
    "siret": "44306184100047", "iban": "FR7630006000011234567890189",
}  # fmt: skip
IBANS = ("FR1420041010050500013M02606", "DE89370400440532013000")


def load(facilitators: Mapping[str, Facilitator], coordinator: str, abroad: str) -> None:
    """The association says who it is; the coordinator has a mandate; somebody lives abroad."""
    for key, value in ASSOCIATION.items():
        set_value(BILLING[key], value, actor=SERVICE)
    _payee(facilitators[coordinator], IBANS[0], "Bordeaux", "33000")
    if abroad in facilitators:
        _payee(facilitators[abroad], IBANS[1], "Freiburg", "79098", country="DE", siret="", vat_regime="reverse")


def _payee(who: Facilitator, iban: str, city: str, postcode: str, **more: str) -> None:
    person: Person = who.person
    said = {"country": "FR", "siret": "73282932000074", "vat_regime": "exempt", **more}
    now = timezone.now()
    Payee.objects.create(
        facilitator=who, holder=person.full_name, iban=iban, company=person.full_name, address="3 rue des Lilas", city=city,
        postcode=postcode, changed_at=now, **said,
    )  # fmt: skip
    if said["country"] == "FR":
        text = "Je donne mandat à l'association d'établir mes factures en mon nom et pour mon compte."
        Mandate.objects.create(facilitator=who, number=f"M{who.pk}-1", text=text, accepted_at=now)
