"""What clients owe: an invoice made here, or the number of one made elsewhere; and the day it was paid (W10, W11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, lock_row
from renfort.organisations.models import Organisation
from renfort.parameters.selectors import in_force
from renfort.people.selectors import today
from renfort.workshops.catalogue import CLIENT_DUE_DAYS, CLIENT_VAT, VAT_RATE
from renfort.workshops.enums import AssignmentState, InvoiceOrigin, VatRegime
from renfort.workshops.models import Assignment, ClientInvoice
from renfort.workshops.models.invoice import Amounts
from renfort.workshops.rules.money import tax_of
from renfort.workshops.selectors.money import Proposed, proposals
from renfort.workshops.selectors.payees import issuer
from renfort.workshops.selectors.roles import is_staff
from renfort.workshops.services import einvoice

NEEDED = ("name", "address", "postcode", "city", "siret")
NEXT = (
    "INSERT INTO workshops_series AS s (key, last) VALUES (%s, 1) "
    "ON CONFLICT (key) DO UPDATE SET last = s.last + 1 RETURNING last"
)


def next_number(key: str) -> int:
    """The next number of a series; whoever wants another one waits until this transaction ends, so that none is ever lost.

    Called in the transaction that writes the invoice.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"a number of {key} was taken outside a transaction")
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [key])
        return int(cursor.fetchone()[0])


def only_staff(actor: Actor) -> None:
    """Let nobody else on.

    Raises:
        NotAllowed: the actor does not work for the association.
    """
    if not is_staff(actor):
        raise NotAllowed(_("Cette action est réservée à l'association."))


def the_association() -> dict[str, Any]:
    """The association as its invoices name it.

    Raises:
        Refused: the operator has not said all that an invoice must say.
    """
    found = issuer()
    if any(not found[key] for key in NEEDED):
        raise Refused(
            _("Il manque le nom, l'adresse ou le SIRET de l'association : l'opérateur les règle dans « Factures et virements ».")
        )
    return {**found, "country": "FR"}


def keep_file(invoice: Amounts, content: bytes, digest: str) -> None:
    """Keep the file of an invoice as it was written, under a name that nobody guesses; the row is saved by the caller."""
    name = uuid4().hex
    invoice.file.save(f"{name[:2]}/{name}.pdf", ContentFile(content), save=False)
    invoice.size, invoice.digest = len(content), digest


def make_invoice(*, actor: Actor, assignment: Assignment, quantities: Mapping[int, int]) -> ClientInvoice:
    """Invoice a closed assignment: so many services of each order line, by the line's number.

    The day is today's, so that days follow numbers. The number, the row and the file stand or fall together.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: it is not closed, was invoiced already, comes to nothing, or the association's own data are missing.
    """
    only_staff(actor)
    seller = the_association()
    settings = in_force((CLIENT_VAT, VAT_RATE, CLIENT_DUE_DAYS))
    with transaction.atomic():
        locked = _hold(assignment)
        lines = [line for line in proposals([locked])[locked.pk] if quantities.get(line.number, 0) > 0]
        lines = [line.times(quantities[line.number]) for line in lines]
        excl = sum(line.amount for line in lines)
        if not excl:
            raise Refused(_("La facture est vide : indiquez au moins une prestation."))
        now, day = timezone.now(), today()
        regime, series = settings[CLIENT_VAT.key], f"clients:{day.year}"
        rate = settings[VAT_RATE.key] if regime == VatRegime.STANDARD else 0
        tax = tax_of(excl, regime, rate)
        due = day + timedelta(days=settings[CLIENT_DUE_DAYS.key])
        sequence = next_number(series)
        number = f"{seller['prefix']}{day.year}-{sequence:04d}"
        facts = {
            "number": number, "issued_on": day.isoformat(), "due_on": due.isoformat(),
            "delivered_on": _last_day(locked, day).isoformat(), "seller": _seller(seller),
            "buyer": buyer(locked.order.client.organisation), "iban": seller["iban"].replace(" ", ""),
            "lines": [line.facts() for line in lines], "excl": tax.excl, "vat": tax.vat, "total": tax.total,
            "regime": regime, "rate": rate, "notes": _notes(locked),
        }  # fmt: skip
        made = ClientInvoice(
            assignment=locked, origin=InvoiceOrigin.MADE, number=number, series=series, sequence=sequence, issued_on=day,
            due_on=due, vat_regime=regime, vat_rate=rate, excl=tax.excl, vat=tax.vat, total=tax.total, facts=facts,
            created_at=now, created_by_id=actor.person_id,
        )  # fmt: skip
        _write(made, facts, now)
        _save(made)
        publish(
            "workshops.clientinvoice.make", made, actor=actor,
            codes={"number": number, "total": made.total, "digest": made.digest},
        )  # fmt: skip
    return made


def _write(made: ClientInvoice, facts: dict[str, Any], now: datetime) -> None:
    content, digest = einvoice.write(facts, at=now)
    keep_file(made, content, digest)


def _save(made: ClientInvoice) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if made.file:
            made.file.storage.delete(made.file.name)  # a file that no row knows would lie there for ever
        if "workshops_clientinvoice_number" in str(error):
            raise Refused(_("Ce numéro est déjà celui d'une autre facture.")) from error
        raise Refused(_("Cette mission est déjà facturée.")) from error


def note_invoice(
    *, actor: Actor, assignment: Assignment, number: str, issued_on: date, excl: int, vat: int
) -> ClientInvoice:  # fmt: skip
    """Note that a closed assignment was invoiced elsewhere: number, day, cents before tax and of tax.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: it is not closed, was invoiced already, or the number is another invoice's.
    """
    only_staff(actor)
    with transaction.atomic():
        locked = _hold(assignment)
        made = ClientInvoice(
            assignment=locked, origin=InvoiceOrigin.OUTSIDE, number=number, issued_on=issued_on, excl=excl, vat=vat,
            total=excl + vat, created_at=timezone.now(), created_by_id=actor.person_id,
        )  # fmt: skip
        _save(made)
        publish("workshops.clientinvoice.note", made, actor=actor, codes={"number": number, "total": made.total})
    return made


def note_paid(*, actor: Actor, invoice: ClientInvoice, paid_on: date) -> None:
    """Note the day on which a client paid; the same day again changes nothing.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: it was paid on another day, or the day is before the invoice's or to come.
    """
    only_staff(actor)
    with transaction.atomic():
        locked: ClientInvoice = lock_row(invoice)
        if locked.paid_on == paid_on:
            return
        if locked.paid_on is not None:
            raise Refused(_("Cette facture est déjà notée payée."))
        if (locked.issued_on and paid_on < locked.issued_on) or paid_on > today():
            raise Refused(_("Le jour du paiement est entre celui de la facture et aujourd'hui."))
        locked.paid_on = paid_on
        locked.save(update_fields=["paid_on"])
        publish("workshops.clientinvoice.pay", locked, actor=actor, codes={"paid_on": paid_on.isoformat()})


# ── what it says ──────────────────────────────────────────────────────────────────────────────────
def _hold(assignment: Assignment) -> Assignment:
    locked: Assignment = lock_row(assignment)
    if locked.state != AssignmentState.CLOSED:
        raise Refused(_("La mission n'est pas clôturée : le client est facturé après la clôture."))
    if ClientInvoice.objects.filter(pk=locked.pk).exists():
        raise Refused(_("Cette mission est déjà facturée."))
    return locked


def _last_day(assignment: Assignment, day: date) -> date:
    last = assignment.sessions.filter(state="held").order_by("-ends_at").first()
    return last.local_start.date() if last is not None else day


def _seller(found: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(found.get(key, "")) for key in ("name", "address", "postcode", "city", "country", "siret", "vat_number")}


def buyer(organisation: Organisation) -> dict[str, str]:
    """A client as an invoice names it."""
    names = ("name", "address", "postcode", "city", "siret")
    return {**{name: str(getattr(organisation, name)) for name in names}, "country": "FR"}


def _notes(assignment: Assignment) -> list[str]:
    """What the law wants below (Code de commerce, art. L441-9 and D441-5), and for which order; in French."""
    with translation.override("fr"):
        return [
            _("Commande : %(title)s.") % {"title": assignment.order.title},
            _("Catégorie de l'opération : prestation de services."),
            _(
                "Retard de paiement : pénalités au taux de refinancement de la BCE majoré de dix points, indemnité forfaitaire "
                "de recouvrement de 40 €. Pas d'escompte pour paiement anticipé."
            ),
        ]


def proposed(assignment: Assignment) -> Sequence[Proposed]:
    """The lines that are proposed for an invoice."""
    return proposals([assignment])[assignment.pk]
