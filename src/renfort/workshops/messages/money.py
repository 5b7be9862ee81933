"""What is said about payment details, invoices and payments (W11)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.kernel.events import Event
from renfort.kernel.messages import Mail, Message, Recipient
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.workshops.messages.facts import W, sample_of
from renfort.workshops.models import Facilitator, Payee


def details_page() -> str:
    return reverse("workshops:payee")


def the_payee(event: Event[Any]) -> Iterable[Recipient]:
    """Whose details, invoice or payment it is."""
    return [recipient_of(event.obj.facilitator.person)]


def payee_changed(event: Event[Payee], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Vos coordonnées de paiement sont enregistrées"),
        sentences=(
            _("Les prochains virements iront sur ce compte. Un virement déjà en préparation part sur le compte d'avant."),
            _("Si ce n'est pas vous, changez votre mot de passe et prévenez l'association."),
        ),
        facts=((_("Titulaire"), event.obj.holder), (_("IBAN"), event.obj.masked)),
        action=(_("Vérifier mes coordonnées"), details_page()),
    )


def _a_payee() -> Payee:
    facilitator = Facilitator(person=Person(pk=0, first_name="Awa", last_name="Diallo"))
    return Payee(
        facilitator=facilitator, holder="Awa Diallo", iban="FR7630006000011234567890189", company="Awa Diallo", changed_at=timezone.now()
    )


PAYEE_CHANGED = Message(
    "workshops.payee.changed", gettext_lazy("Vos coordonnées de paiement sont enregistrées"), the_payee, payee_changed, W,
    sample=sample_of(_a_payee),
)  # fmt: skip
