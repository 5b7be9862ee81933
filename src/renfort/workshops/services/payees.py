"""A facilitator says how they are paid, and lets the association write their invoices, or no longer (W11)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import Plain, publish
from renfort.kernel.firing import NotAllowed, Refused, Stale, lock_row
from renfort.parameters.selectors import value_of
from renfort.workshops.catalogue import CONTEST_DAYS
from renfort.workshops.enums import Country
from renfort.workshops.messages import PAYEE_CHANGED
from renfort.workshops.models import Facilitator, Mandate, Payee
from renfort.workshops.models.payee import masked
from renfort.workshops.rules.money import may_self_bill
from renfort.workshops.selectors.assignment import facilitator_of
from renfort.workshops.selectors.payees import issuer, mandate_of

COMPANY = ("company", "siret", "country")  # whom the mandate was given for


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeFacts:
    """Payment details as the form says them, already checked."""

    holder: str
    iban: str
    bic: str
    company: str
    siret: str
    vat_number: str
    vat_regime: str
    address: str
    postcode: str
    city: str
    country: str


def _oneself(actor: Actor) -> Facilitator:
    facilitator = facilitator_of(actor)
    if facilitator is None:
        raise NotAllowed(_("Cette action est réservée aux animateur·ices."))
    locked: Facilitator = lock_row(facilitator)
    return locked


def save_details(*, actor: Actor, facts: PayeeFacts, seen: int = 0) -> Payee:
    """Write one's own payment details; who they are of is the actor, never the form.

    A payment under way keeps the account that it was made with. The history keeps what changed, account numbers masked; the
    person gets an e-mail, at the address of the account. A change of company ends the mandate: it was given for another one.

    Raises:
        NotAllowed: the actor leads no sessions.
        Stale: they were changed since ``seen``, the version that the page showed (0: there were none).
    """
    with transaction.atomic():
        facilitator = _oneself(actor)
        payee = Payee.objects.filter(pk=facilitator.pk).first()
        if seen != (payee.version if payee else 0):
            raise Stale(_("Vos coordonnées ont été changées entre-temps, dans un autre onglet peut-être. Rechargez la page."))
        said, is_new = asdict(facts), payee is None
        payee = payee or Payee(facilitator=facilitator, version=0)
        before = {name: getattr(payee, name) for name in said}
        changes: dict[str, tuple[Plain, Plain]] = {
            name: (_shown(name, before[name]), _shown(name, value)) for name, value in said.items() if before[name] != value
        }
        if not changes:
            return payee
        for name, value in said.items():
            setattr(payee, name, value)
        payee.version, payee.changed_at = payee.version + 1, timezone.now()
        payee.save()
        if not is_new and any(name in changes for name in COMPANY):
            _end_mandate(actor, facilitator, "changed")
        publish("workshops.payee.change", payee, actor=actor, changes=changes, tells=(PAYEE_CHANGED,))
    return payee


def _shown(name: str, value: str) -> str:
    """What the history keeps for ever of a value: account numbers masked, no address."""
    if name == "iban":
        return masked(value) if value else ""
    return value if name in ("bic", "siret", "vat_number", "vat_regime", "country") else "…" if value else ""


def mandate_text() -> str:
    """The mandate that is proposed now, in the language in force."""
    terms = {"name": issuer()["name"], "days": value_of(CONTEST_DAYS)}
    return (
        _(
            "Je donne mandat à %(name)s, qui l'accepte, d'établir en mon nom et pour mon compte les factures de mes "
            "interventions (article 289, I-2 du code général des impôts). Je garde l'entière responsabilité de mes obligations "
            "de facturation et de TVA. Chaque facture m'est remise ; je peux la contester par écrit dans les %(days)s jours. "
            "Je signale tout changement de mon activité. Je peux mettre fin à ce mandat à tout moment depuis cette page."
        )
        % terms
    )


def accept_mandate(*, actor: Actor) -> Mandate:
    """Accept the mandate that is proposed now; the one in force when there is one.

    Raises:
        NotAllowed: the actor leads no sessions.
        Refused: the details are missing, or the company is not in France (it sends its own invoices).
    """
    with transaction.atomic():
        facilitator = _oneself(actor)
        held = mandate_of(facilitator.pk)
        if held is not None:
            return held
        number = f"M{facilitator.pk}-{Mandate.objects.filter(facilitator=facilitator).count() + 1}"
        made = Mandate(facilitator=facilitator, number=number, text=mandate_text(), accepted_at=timezone.now())
        payee = Payee.objects.filter(pk=facilitator.pk).first()
        if payee is None:
            raise Refused(_("Enregistrez d'abord vos coordonnées de paiement."))
        if payee.country != Country.FR:
            raise Refused(_("Hors de France, vous envoyez vous-même vos factures : aucun mandat n'est nécessaire."))
        if not may_self_bill(payee, made):
            raise Refused(_("Indiquez d'abord votre SIRET."))
        made.save()
        publish("workshops.mandate.accept", made, actor=actor, codes={"number": number}, texts={"text": made.text})
    return made


def end_mandate(*, actor: Actor) -> bool:
    """Take one's mandate back; invoices written so far stand. Returns whether there was one.

    Raises:
        NotAllowed: the actor leads no sessions.
    """
    with transaction.atomic():
        return _end_mandate(actor, _oneself(actor), "withdrawn")


def _end_mandate(actor: Actor, facilitator: Facilitator, why: str) -> bool:
    held = mandate_of(facilitator.pk)
    if held is None:
        return False
    held.ended_at = timezone.now()
    held.save(update_fields=["ended_at"])
    publish("workshops.mandate.end", held, actor=actor, codes={"why": why, "number": held.number})
    return True
