"""Payees' invoices: written in their name under mandate, or sent by them and checked (W11).

A fee is put on an invoice once, for ever. Its state follows (``workflow.fees``) in the same transaction, however many they are.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from renfort.documents.selectors import digest_of
from renfort.jobs.enums import WorkState
from renfort.jobs.services import ring_clock, work
from renfort.kernel.actors import CLOCK, SERVICE, Actor
from renfort.kernel.clock import ring_after_commit
from renfort.kernel.events import publish
from renfort.kernel.firing import NotAllowed, Refused, fire, lock_row, lock_rows
from renfort.parameters.selectors import in_force
from renfort.people.selectors import today
from renfort.workshops.catalogue import CONTEST_DAYS, PAYEE_DUE_DAYS, VAT_RATE
from renfort.workshops.enums import BillOrigin, BillState, FeeKind, Kind, VatRegime
from renfort.workshops.messages import BILL_AWAITED, BILL_WRITTEN, PAYEE_MISSING
from renfort.workshops.models import Assignment, Bill, BillLine, BillRun, Facilitator, Fee, Mandate, Payee
from renfort.workshops.rules.money import may_self_bill, tax_of
from renfort.workshops.selectors.bills import fees_to_bill, payees_to_bill
from renfort.workshops.selectors.payees import mandate_of
from renfort.workshops.services import einvoice
from renfort.workshops.services.fees import move_fees
from renfort.workshops.services.invoices import keep_file, next_number, only_staff, the_association
from renfort.workshops.workflow import BILL, FEE

logger = logging.getLogger(__name__)

CARRY = "workshops.write_bills"  # the worker's task; named, because tasks stand above this room


# ── fees follow ───────────────────────────────────────────────────────────────────────────────────
def follow(fees: Iterable[int], *names: str) -> None:
    """Let fees go where their invoice and its payment are, by these steps, all together; the clock makes up for what is left.

    Called in the transaction that wrote the invoice or the payment. What is due is read under the locks of the assignments, which
    the clock's own steps need as well: none of them can move a fee in between.
    """
    rows = Fee.objects.filter(pk__in=list(fees))
    lock_rows(Assignment.objects.filter(pk__in=rows.order_by().values("assignment")))
    for name in names:
        step = FEE[name]
        due = step.due(timezone.now()) if step.due is not None else Q()
        move_fees(rows.filter(due, state__in=step.source), name, actor=CLOCK)
    transaction.on_commit(ring_clock)


# ── write them all (P6) ───────────────────────────────────────────────────────────────────────────
def ask_bills(*, actor: Actor) -> BillRun:
    """Have the invoices of all approved fees written; the run under way when there is one. The worker does it.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: no fee waits, or the association's own data are missing.
    """
    only_staff(actor)
    the_association()
    try:
        with transaction.atomic():
            total = len(payees_to_bill())
            if not total:
                raise Refused(_("Aucune rétribution approuvée n'attend sa facture."))
            made = BillRun.objects.create(
                person_id=actor.person_id or 0, role=actor.role_key, total=total, created_at=timezone.now()
            )
            publish("workshops.billrun.ask", made, actor=actor, after=made.state, codes={"payees": total})
            ring_after_commit(CARRY)
            return made
    except IntegrityError:
        return BillRun.objects.get(state__in=[WorkState.WAITING, WorkState.RUNNING])


def write_due(now: datetime) -> int:
    """Carry out the run that waits, or that a dead worker left; returns how many payees were seen to. Called by the worker."""
    run = work.take(BillRun, now)
    if run is None or run.state != WorkState.RUNNING:
        return 0
    progress, done = work.Progress(run), 0
    try:
        for row in list(payees_to_bill()):
            outcome = write_bill(actor=SERVICE, facilitator_id=row["payee"])
            setattr(run, outcome, getattr(run, outcome) + 1)
            done += 1
            progress.beat(done)
        with transaction.atomic():
            counts: dict[str, Any] = {"written": run.written, "awaited": run.awaited, "missing": run.missing}
            work.end(run, WorkState.DONE, done=done, **counts)
            publish("workshops.billrun.done", run, actor=SERVICE, after=WorkState.DONE, codes=counts)
    except work.StoppedError:
        with transaction.atomic():
            work.end(run, WorkState.STOPPED)
    except work.OvertakenError:
        logger.warning("bill run %s is carried out by another worker", run.pk)
    return done


def write_bill(*, actor: Actor, facilitator_id: int) -> str:
    """One invoice for all approved fees of one payee that are on none, in a transaction of its own.

    Returns ``written`` (by us, under mandate), ``awaited`` (the payee sends it) or ``missing`` (no payment details: nothing is
    made, the person is told). Two runs at once make one invoice: the fees are held.
    """
    with transaction.atomic():
        facilitator = Facilitator.objects.select_related("person__account").get(pk=facilitator_id)
        lock_row(facilitator)  # details and mandate stay as they are until the invoice is written; a second run waits here
        payee = Payee.objects.filter(pk=facilitator_id).first()
        if payee is None:
            publish("workshops.facilitator.details_missing", facilitator, actor=actor, tells=(PAYEE_MISSING,))
            return "missing"
        wanted = fees_to_bill().filter(payee=facilitator_id)
        lock_rows(Assignment.objects.filter(pk__in=wanted.values("assignment")))  # the written order: assignment before fee
        held = [fee.pk for fee in lock_rows(Fee.objects.filter(pk__in=wanted.values("pk")))]
        fees = list(wanted.filter(pk__in=held).select_related(*OF_FEE).order_by("rate_on", "pk"))
        if not fees:
            return "written"
        mandate = mandate_of(facilitator_id)
        if may_self_bill(payee, mandate) and mandate is not None:
            _self_bill(actor, facilitator, payee, mandate, fees)
            return "written"
        _await(actor, facilitator, payee, fees)
        return "awaited"


OF_FEE = ("assignment__order__client__organisation", "enrolment__session")


def words_of(fee: Fee) -> str:
    """What a fee is for, on an invoice: in French."""
    with translation.override("fr"):
        client = fee.assignment.order.client.organisation.name
        if fee.kind == FeeKind.COORDINATION or fee.enrolment is None:
            return (_("Coordination : %(title)s, %(client)s") % {"title": fee.assignment.order.title, "client": client})[:200]
        session = fee.enrolment.session
        day = date_format(session.local_start.date(), "DATE_FORMAT")
        return f"{Kind(session.kind).label}, {day}, {client}"[:200]


def _lines(bill: Bill, fees: list[Fee]) -> None:
    BillLine.objects.bulk_create(
        BillLine(bill=bill, fee=fee, words=words_of(fee), quantity=fee.quantity, unit=fee.unit_amount, amount=fee.amount)
        for fee in fees
    )


def _self_bill(actor: Actor, facilitator: Facilitator, payee: Payee, mandate: Mandate, fees: list[Fee]) -> Bill:
    buyer = the_association()
    settings = in_force((VAT_RATE, PAYEE_DUE_DAYS, CONTEST_DAYS))
    now, day = timezone.now(), today()
    rate = settings[VAT_RATE.key] if payee.vat_regime == VatRegime.STANDARD else 0
    tax = tax_of(sum(fee.amount for fee in fees), payee.vat_regime, rate)
    series = f"payee:{facilitator.pk}:{day.year}"
    sequence = next_number(series)
    number, due = f"A{facilitator.pk}-{day.year}-{sequence:04d}", day + timedelta(days=settings[PAYEE_DUE_DAYS.key])
    names = ("address", "postcode", "city", "country", "siret", "vat_number")
    facts: dict[str, Any] = {
        "number": number, "issued_on": day.isoformat(), "due_on": due.isoformat(),
        "delivered_on": max(fee.rate_on for fee in fees).isoformat(), "mandate": mandate.number,
        "seller": {"name": payee.company, **{name: getattr(payee, name) for name in names}},
        "buyer": {"name": buyer["name"], **{name: buyer[name] for name in names}},
        "lines": [
            {"words": words_of(fee), "quantity": fee.quantity, "unit": fee.unit_amount, "amount": fee.amount} for fee in fees
        ],
        "excl": tax.excl, "vat": tax.vat, "total": tax.total, "regime": payee.vat_regime, "rate": rate,
        "notes": _self_notes(payee, buyer["name"], mandate, settings[CONTEST_DAYS.key]),
    }  # fmt: skip
    content, digest = einvoice.write(facts, at=now)
    bill = Bill(
        facilitator=facilitator, origin=BillOrigin.SELF, state=BillState.ACCEPTED, mandate=mandate, number=number, series=series,
        sequence=sequence, issued_on=day, due_on=due, vat_regime=payee.vat_regime, vat_rate=rate, excl=tax.excl, vat=tax.vat,
        total=tax.total, facts=facts, created_at=now, received_at=now, accepted_at=now,
    )  # fmt: skip
    keep_file(bill, content, digest)
    try:
        bill.save()
        _lines(bill, fees)
    except BaseException:
        bill.file.storage.delete(bill.file.name)  # a file that no row knows would lie there for ever
        raise
    publish(
        "workshops.bill.write", bill, actor=actor, after=bill.state, tells=(BILL_WRITTEN,),
        codes={"number": number, "total": bill.total, "fees": len(fees), "digest": digest, "mandate": mandate.number},
    )  # fmt: skip
    follow([fee.pk for fee in fees], "invoice")
    return bill


def _self_notes(payee: Payee, name: str, mandate: Mandate, days: int) -> list[str]:
    with translation.override("fr"):
        said = {"name": name, "company": payee.company, "number": mandate.number, "days": days}
        return [
            _("Autofacturation : établie par %(name)s au nom et pour le compte de %(company)s, mandat %(number)s.") % said,
            _("Elle peut être contestée par écrit dans les %(days)s jours de sa réception.") % said,
            _("Catégorie de l'opération : prestation de services."),
        ]


def _await(actor: Actor, facilitator: Facilitator, payee: Payee, fees: list[Fee]) -> Bill:
    rate = in_force((VAT_RATE,))[VAT_RATE.key] if payee.vat_regime == VatRegime.STANDARD else 0
    tax = tax_of(sum(fee.amount for fee in fees), payee.vat_regime, rate)
    bill = Bill.objects.create(
        facilitator=facilitator, origin=BillOrigin.SENT, vat_regime=payee.vat_regime, vat_rate=rate, excl=tax.excl, vat=tax.vat,
        total=tax.total, created_at=timezone.now(),
    )  # fmt: skip
    _lines(bill, fees)
    codes = {"total": bill.total, "fees": len(fees)}
    publish("workshops.bill.await", bill, actor=actor, after=bill.state, tells=(BILL_AWAITED,), codes=codes)
    return bill


# ── the payee sends theirs ────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True, kw_only=True)
class SentBill:
    """An invoice as its payee sent it: a PDF already checked, its number and day, cents of tax."""

    number: str
    issued_on: date
    vat: int
    content: bytes


def send_bill(*, actor: Actor, bill: Bill, sent: SentBill) -> Bill:
    """Keep the invoice that a payee sends; the association is told. Whatever was sent before is replaced.

    Raises:
        NotAllowed: it is somebody else's.
        Refused: it is not awaited any more, or the number is that of another invoice of theirs.
    """
    if actor.person_id != bill.facilitator_id:
        raise NotAllowed(_("Cette facture n'est pas la vôtre."))
    try:
        with transaction.atomic():
            locked: Bill = lock_row(bill)
            if locked.state != BillState.AWAITED:
                raise Refused(_("Cette facture est déjà envoyée."))
            settings = in_force((PAYEE_DUE_DAYS,))
            locked.number, locked.issued_on, locked.vat = sent.number, sent.issued_on, sent.vat
            locked.total, locked.refusal = locked.excl + sent.vat, ""
            locked.due_on = today() + timedelta(days=settings[PAYEE_DUE_DAYS.key])
            keep_file(locked, sent.content, digest_of(sent.content))
            locked.save()
            return fire(BILL, locked, "send", actor=actor)
    except IntegrityError as error:
        if "workshops_bill_number" in str(error):
            raise Refused(_("Vous avez déjà envoyé une facture avec ce numéro.")) from error
        raise


def accept_bill(*, actor: Actor, bill: Bill, seen: int | None = None) -> Bill:
    """Accept an invoice that was sent: its fees are invoiced, and may be paid.

    Raises:
        NotAllowed, Stale, Refused: as ``fire``.
    """
    with transaction.atomic():
        accepted = fire(BILL, bill, "accept", actor=actor, seen=seen)
        follow(accepted.lines.values_list("fee", flat=True), "invoice")
    return accepted


def send_back(*, actor: Actor, bill: Bill, refusal: str, seen: int | None = None) -> Bill:
    """Send an invoice back to its payee with what is to be corrected.

    Raises:
        NotAllowed, Stale, Refused, Unanswered: as ``fire``.
    """
    return fire(BILL, bill, "send_back", actor=actor, seen=seen, answers={"refusal": refusal})
