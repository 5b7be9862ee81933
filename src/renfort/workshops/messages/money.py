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
from renfort.kernel.money import euros
from renfort.people.models import Person
from renfort.people.selectors import recipient_of
from renfort.workshops.messages.facts import W, sample_of, the_association
from renfort.workshops.models import Bill, Facilitator, Payee, Payment


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
    return Payee(facilitator=facilitator, holder="Awa Diallo", iban="FR7630006000011234567890189", changed_at=timezone.now())


def own_bills_page() -> str:
    return reverse("workshops:own-bills")


def amount_of(bill: Bill) -> str:
    """« 1 050,00 € »."""
    return euros(bill.total)


def bill_facts(bill: Bill) -> tuple[tuple[str, str], ...]:
    return (*(((_("Facture"), bill.number),) if bill.number else ()), (_("Montant"), amount_of(bill)))


def bill_written(event: Event[Bill], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre facture %(number)s est établie") % {"number": event.obj.number},
        sentences=(
            _("L'association l'a écrite en votre nom, selon votre mandat. Elle est dans « Mes factures », en PDF."),
            _("Si quelque chose n'est pas exact, répondez par écrit dans le délai que dit votre mandat."),
        ),
        facts=bill_facts(event.obj),
        action=(_("Voir mes factures"), own_bills_page()),
    )


def bill_awaited(event: Event[Bill], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre facture est attendue : %(amount)s") % {"amount": amount_of(event.obj)},
        sentences=(_("Vos rétributions sont approuvées. Envoyez votre facture en PDF depuis « Mes factures »."),),
        facts=bill_facts(event.obj),
        action=(_("Envoyer ma facture"), own_bills_page()),
    )


def bill_received(event: Event[Bill], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Une facture à vérifier : %(name)s") % {"name": event.obj.facilitator.person.full_name},
        sentences=(_("Comparez-la aux rétributions, puis acceptez-la ou renvoyez-la."),),
        facts=bill_facts(event.obj),
        action=(_("Vérifier la facture"), reverse("workshops:bill", args=[event.obj.pk])),
    )


def bill_refused(event: Event[Bill], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre facture est à corriger"),
        sentences=(*((event.texts["refusal"],) if event.texts.get("refusal") else ()), _("Envoyez-en une autre, corrigée.")),
        facts=bill_facts(event.obj),
        action=(_("Voir mes factures"), own_bills_page()),
    )


def payee_missing(event: Event[Facilitator], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Vos coordonnées de paiement manquent"),
        sentences=(_("Des rétributions vous attendent. Sans vos coordonnées, l'association ne peut pas les payer."),),
        action=(_("Donner mes coordonnées"), details_page()),
    )


def paid(event: Event[Payment], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Votre facture %(number)s est payée") % {"number": event.obj.bill.number},
        sentences=(_("La banque de l'association a fait le virement."),),
        facts=(*bill_facts(event.obj.bill), (_("Compte"), event.obj.masked)),
        action=(_("Voir mes factures"), own_bills_page()),
    )


def rejected(event: Event[Payment], reader: Recipient) -> Mail:
    return Mail(
        subject=_("Le virement de votre facture %(number)s est rejeté") % {"number": event.obj.bill.number},
        sentences=(_("Vérifiez vos coordonnées de paiement : le virement sera refait sur le compte qu'elles disent alors."),),
        facts=(*bill_facts(event.obj.bill), (_("Compte"), event.obj.masked)),
        action=(_("Vérifier mes coordonnées"), details_page()),
    )


def themselves(event: Event[Facilitator]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.person)]


def the_paid(event: Event[Payment]) -> Iterable[Recipient]:
    return [recipient_of(event.obj.bill.facilitator.person)]


def _a_facilitator() -> Facilitator:
    return Facilitator(person=Person(pk=0, first_name="Awa", last_name="Diallo"))


def _a_bill() -> Bill:
    return Bill(pk=0, facilitator=_a_facilitator(), number="A12-2026-0001", excl=105_000, total=105_000)


def _a_payment() -> Payment:
    return Payment(bill=_a_bill(), amount=105_000, iban="FR7630006000011234567890189", holder="Awa Diallo")


PAYEE_CHANGED = Message(
    "workshops.payee.changed", gettext_lazy("Vos coordonnées de paiement sont enregistrées"), the_payee, payee_changed, W,
    sample=sample_of(_a_payee),
)  # fmt: skip
BILL_WRITTEN = Message(
    "workshops.bill.written", gettext_lazy("Votre facture est établie"), the_payee, bill_written, W, sample=sample_of(_a_bill)
)
BILL_AWAITED = Message(
    "workshops.bill.awaited", gettext_lazy("Votre facture est attendue"), the_payee, bill_awaited, W, sample=sample_of(_a_bill)
)
BILL_RECEIVED = Message(
    "workshops.bill.received", gettext_lazy("Une facture à vérifier"), the_association, bill_received, W, by_mail=False,
    sample=sample_of(_a_bill),
)  # fmt: skip
BILL_REFUSED = Message(
    "workshops.bill.refused", gettext_lazy("Votre facture est à corriger"), the_payee, bill_refused, W, sample=sample_of(_a_bill)
)
PAYEE_MISSING = Message(
    "workshops.payee.missing", gettext_lazy("Vos coordonnées de paiement manquent"), themselves, payee_missing, W,
    sample=sample_of(_a_facilitator),
)  # fmt: skip
PAID = Message("workshops.payment.paid", gettext_lazy("Votre facture est payée"), the_paid, paid, W, sample=sample_of(_a_payment))
REJECTED = Message(
    "workshops.payment.rejected", gettext_lazy("Un virement est rejeté"), the_paid, rejected, W, sample=sample_of(_a_payment)
)
