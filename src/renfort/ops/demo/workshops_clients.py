"""The demonstration of clients: several contacts, and an order whose convention is ready to be signed (W11)."""

from __future__ import annotations

from renfort.ops.greeting import DEMO_DOMAIN
from renfort.workshops.models import Client, ClientContact, Order


def add_contacts_and_terms(clients: dict[str, Client]) -> None:
    """A second contact at the school and at the firm; the town's order says all that the law wants."""
    ClientContact.objects.create(
        client=clients["school"], name="Inès Roche", function="Vie scolaire", email=f"ines.roche.w3{DEMO_DOMAIN}"
    )
    ClientContact.objects.create(client=clients["firm"], name="Bruno Castel", function="Comptabilité", phone="+33639980104")
    order = Order.objects.get(client=clients["town"], title="Ateliers des agents")
    order.aim = "Comprendre le dérèglement climatique et agir dans son service."
    order.content = "Quatre ateliers de groupe : les causes, les effets, ce que chacun·e peut faire."
    order.means = "Une salle et un vidéoprojecteur par atelier, un·e animateur·ice pour quatorze personnes."
    order.duration = "3 heures par atelier"
    order.follow_up = "Feuille d'émargement, questionnaire à chaud et à froid, attestation de participation."
    order.payment = "À trente jours, par virement, à réception de la facture."
    order.save()
