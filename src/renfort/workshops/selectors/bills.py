"""Payees' invoices: what is to be written, awaited, checked, paid; one's own (W11, W12)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from renfort.kernel.actors import Actor
from renfort.workshops.enums import LIVING, BillState, FeeState, PaymentOutcome
from renfort.workshops.models import Bill, BillRun, Fee, Payment
from renfort.workshops.selectors.roles import is_everybody, is_facilitator, is_staff

ALIVE = [str(each) for each in LIVING]


def bills_visible(actor: Actor) -> QuerySet[Bill]:
    """All for the association, one's own for who leads sessions."""
    found = Bill.objects.select_related("facilitator__person")
    if is_everybody(actor) or is_staff(actor):
        return found
    return found.filter(facilitator_id=actor.person_id) if is_facilitator(actor) else found.none()


def fees_to_bill() -> QuerySet[Fee]:
    """The approved fees that are on no invoice yet."""
    return Fee.objects.filter(state=FeeState.APPROVED, bill_line=None)


def payees_to_bill() -> QuerySet[Fee, dict[str, int]]:
    """Each payee with approved fees on no invoice: number, how many, cents before tax; by number. One query."""
    rows = fees_to_bill().order_by("payee").values("payee")
    return rows.annotate(number=Count("pk"), cents=Coalesce(Sum("amount"), 0))


def living() -> Exists:
    """Whether a payment of the invoice is under way or done."""
    return Exists(Payment.objects.filter(bill=OuterRef("pk"), outcome__in=ALIVE))


def bills_to_pay() -> QuerySet[Bill]:
    """The accepted invoices that no payment is under way for: « À payer », the most urgent first."""
    found = Bill.objects.filter(~living(), state=BillState.ACCEPTED)
    return found.select_related("facilitator__person", "facilitator__payee").order_by("due_on", "pk")


def bills_to_check() -> QuerySet[Bill]:
    """The invoices that payees sent, and those that are awaited, the oldest first."""
    found = Bill.objects.filter(state__in=[BillState.AWAITED, BillState.RECEIVED])
    return found.select_related("facilitator__person").order_by("-state", "created_at", "pk")


def with_payments(bills: QuerySet[Bill]) -> QuerySet[Bill]:
    """With their payments, the newest last (``tried``). One query more."""
    payments = Payment.objects.select_related("transfer").order_by("pk")
    return bills.prefetch_related(Prefetch("payments", payments, to_attr="tried"))


def own_bills(actor: Actor) -> QuerySet[Bill]:
    """« Mes factures », the newest first, with what became of their payment."""
    return with_payments(bills_visible(actor).filter(facilitator_id=actor.person_id).order_by("-created_at", "-pk"))


def rejected_before(bills: Iterable[int]) -> dict[int, str]:
    """Why the bank rejected the last payment of these invoices, by invoice. One query."""
    rows = Payment.objects.filter(bill__in=list(bills), outcome=PaymentOutcome.REJECTED).order_by("pk")
    return dict(rows.values_list("bill", "reason"))


# ── how far the money is: what moves the fees (workflow.fees) ─────────────────────────────────────
ON_A_BILL = Q(bill_line__bill__state=BillState.ACCEPTED)


def fees_paid_by(*outcomes: str) -> Q:
    """The fees whose invoice has a payment with one of these outcomes."""
    return Q(bill_line__bill__in=Payment.objects.filter(outcome__in=outcomes).values("bill"))


def fees_given_up() -> Q:
    """The fees in payment for which none is under way any more: rejected, or the transfer was cancelled."""
    return Q(bill_line__isnull=False) & ~Q(bill_line__bill__in=Payment.objects.filter(outcome__in=ALIVE).values("bill"))


def runs() -> QuerySet[BillRun]:
    """The writings of all invoices, the newest first."""
    return BillRun.objects.order_by("-pk")
