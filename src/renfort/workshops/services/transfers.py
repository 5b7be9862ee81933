"""Pay accepted invoices: one file for the bank, and what the bank answered (W11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from sepaxml import SepaTransfer

from renfort.documents.selectors import digest_of
from renfort.kernel.actors import Actor
from renfort.kernel.events import publish
from renfort.kernel.firing import Refused, Stale, fire, lock_row, lock_rows
from renfort.parameters.selectors import value_of
from renfort.people.selectors import today
from renfort.workshops.catalogue import PAIN_FORM
from renfort.workshops.enums import PaymentOutcome, TransferState
from renfort.workshops.messages import PAID, REJECTED
from renfort.workshops.models import Bill, Fee, Payment, Transfer
from renfort.workshops.rules.money import clean_iban, why_not_bic, why_not_iban
from renfort.workshops.selectors.bills import bills_to_pay
from renfort.workshops.selectors.payees import issuer
from renfort.workshops.services.bills import follow
from renfort.workshops.services.invoices import next_number, only_staff
from renfort.workshops.workflow import TRANSFER

MOST = 2000  # payments of one file


def prepare(*, actor: Actor, bills: Iterable[int], execution_on: date) -> Transfer:
    """Make the file that pays these invoices, to the accounts that their payees say now; a later change does not touch it.

    The invoices are held: of two who pay the same, one is refused. The database keeps one living payment for an invoice.

    Raises:
        NotAllowed: the actor does not work for the association.
        Refused: nothing is chosen; one is not to be paid (any more); details are missing, of the association or of a payee; the
            day is past.
    """
    only_staff(actor)
    wanted = set(bills)
    debtor = _debtor()
    if execution_on < today():
        raise Refused(_("Le jour d'exécution est passé : choisissez aujourd'hui ou un jour à venir."))
    if not wanted:
        raise Refused(_("Choisissez au moins une facture."))
    if len(wanted) > MOST:
        raise Refused(_("Un virement paie %(n)d factures au plus.") % {"n": MOST})
    try:
        with transaction.atomic():
            return _prepare(actor, wanted, execution_on, debtor)
    except IntegrityError as error:
        if "workshops_payment_one_living" in str(error):
            raise Refused(_("Une de ces factures est déjà dans un virement. Rechargez la page.")) from error
        raise


def _debtor() -> dict[str, str]:
    said = issuer()
    iban, bic = clean_iban(said["iban"]), said["bic"].strip().upper()
    if not iban or why_not_iban(iban) or why_not_bic(bic, iban):
        raise Refused(
            _("Le compte de l'association n'est pas indiqué, ou pas exact : l'opérateur le règle dans « Factures et virements ».")
        )
    return {"name": said["name"][:70], "iban": iban, "bic": bic}


def _prepare(actor: Actor, wanted: set[int], execution_on: date, debtor: Mapping[str, str]) -> Transfer:
    hold_bills(wanted)
    found = list(bills_to_pay().filter(pk__in=wanted))
    if len(found) != len(wanted):
        raise Refused(_("Une de ces factures est déjà dans un virement. Rechargez la page."))
    if lacking := [bill.facilitator.person.full_name for bill in found if not hasattr(bill.facilitator, "payee")]:
        raise Refused(_("Il manque les coordonnées de paiement de : %(names)s.") % {"names": ", ".join(sorted(set(lacking)))})
    day = today()
    message = f"VIR-{day.year}-{next_number(f'transfers:{day.year}'):04d}"
    payments = [
        Payment(
            bill=bill, holder=bill.facilitator.payee.holder, iban=bill.facilitator.payee.iban, bic=bill.facilitator.payee.bic,
            amount=bill.total, reference=f"{message}-{bill.pk}", words=f"Facture {bill.number}"[:140],
        )
        for bill in found
    ]  # fmt: skip
    form = value_of(PAIN_FORM)
    content = write_file(message, form, debtor, payments, execution_on)
    transfer = Transfer(
        message=message, form=form, execution_on=execution_on, debtor=debtor["name"], iban=debtor["iban"], bic=debtor["bic"],
        total=sum(each.amount for each in payments), count=len(payments), digest=digest_of(content), created_at=timezone.now(),
        created_by_id=actor.person_id,
    )  # fmt: skip
    name = uuid4().hex
    transfer.file.save(f"{name[:2]}/{name}.xml", ContentFile(content), save=False)
    try:
        transfer.save()
        for each in payments:
            each.transfer = transfer
        Payment.objects.bulk_create(payments)
    except BaseException:
        transfer.file.storage.delete(transfer.file.name)  # a file that no row knows would lie there for ever
        raise
    publish(
        "workshops.transfer.prepare", transfer, actor=actor, after=transfer.state,
        codes={"message": message, "total": transfer.total, "payments": transfer.count, "digest": transfer.digest},
    )  # fmt: skip
    follow(_fees_of(wanted), "invoice", "reissue", "pay")
    return transfer


def hold_bills(wanted: set[int]) -> None:
    """Hold the invoices until the transaction ends, so that whoever pays one of them too waits."""
    lock_rows(Bill.objects.filter(pk__in=wanted))


def _fees_of(bills: Iterable[int]) -> list[int]:
    return list(Fee.objects.filter(bill_line__bill__in=list(bills)).values_list("pk", flat=True))


def write_file(
    message: str, form: str, debtor: Mapping[str, str], payments: Iterable[Payment], execution_on: date
) -> bytes:  # fmt: skip
    """The bank's file (ISO 20022 pain.001), valid by its schema: in letters that every bank reads, amounts in euros."""
    config = {"name": debtor["name"], "IBAN": debtor["iban"], "batch": True, "currency": "EUR"}
    written = SepaTransfer({**config, "BIC": debtor["bic"]} if debtor["bic"] else config, schema=form, clean=True)
    written._xml.find("CstmrCdtTrfInitn/GrpHdr/MsgId").text = message  # the library makes one up
    for each in payments:
        line = {
            "name": each.holder, "IBAN": each.iban, "amount": each.amount, "execution_date": execution_on,
            "description": each.words, "endtoend_id": each.reference,
        }  # fmt: skip
        written.add_payment({**line, "BIC": each.bic} if each.bic else line)
    return bytes(written.export(validate=True))


def report(
    *, actor: Actor, transfer: Transfer, rejected: Mapping[int, str], settled_on: date, seen: int | None = None
) -> Transfer:  # fmt: skip
    """Note what the bank did: all is paid but ``rejected``, payments by number with why. Those may be paid again.

    Raises:
        NotAllowed: the actor does not work for the association.
        Stale: somebody has noted it already, or cancelled the transfer.
        Refused: the day is before the transfer's, or to come.
    """
    only_staff(actor)
    with transaction.atomic():
        locked = _held(transfer, seen)
        if not timezone.localdate(locked.created_at) <= settled_on <= today():
            raise Refused(_("Le jour du compte rendu est entre celui du virement et aujourd'hui."))
        payments = list(locked.payments.select_related("bill__facilitator__person__account").order_by("pk"))
        for each in payments:
            each.outcome = PaymentOutcome.REJECTED if each.pk in rejected else PaymentOutcome.PAID
            each.reason, each.settled_on = rejected.get(each.pk, "")[:200], settled_on
        Payment.objects.bulk_update(payments, ["outcome", "reason", "settled_on"])
        for each in payments:
            is_paid = each.outcome == PaymentOutcome.PAID
            publish(
                "workshops.payment.settle", each, actor=actor, codes={"outcome": str(each.outcome)},
                texts={"reason": each.reason} if each.reason else {}, tells=(PAID if is_paid else REJECTED,),
            )  # fmt: skip
        done = fire(TRANSFER, locked, "settle", actor=actor)
        follow(_fees_of(each.bill_id for each in payments), "invoice", "reissue", "pay", "settle", "reject", "reissue")
    return done


def cancel(*, actor: Actor, transfer: Transfer, seen: int | None = None) -> Transfer:
    """Give up a transfer whose file was not handed to the bank; its invoices are to be paid again.

    Raises:
        NotAllowed: the actor does not work for the association.
        Stale: the bank's report was noted, or it was cancelled already.
    """
    only_staff(actor)
    with transaction.atomic():
        locked = _held(transfer, seen)
        fees = _fees_of(locked.payments.values_list("bill", flat=True))
        locked.payments.update(outcome=PaymentOutcome.CANCELLED, settled_on=today())
        done = fire(TRANSFER, locked, "cancel", actor=actor)
        follow(fees, "reject", "reissue")
    return done


def _held(transfer: Transfer, seen: int | None) -> Transfer:
    locked: Transfer = lock_row(transfer)
    if locked.state != TransferState.READY or (seen is not None and seen != locked.version):
        state = TransferState(locked.state).label
        raise Stale(_("Quelqu'un d'autre a été plus rapide : c'est maintenant « %(state)s ».") % {"state": state})
    return locked
