"""Transfers and their payments, for the association; one's own payments (W11)."""

from __future__ import annotations

from django.db.models import QuerySet

from renfort.kernel.actors import Actor
from renfort.workshops.enums import PaymentOutcome
from renfort.workshops.models import Payment, Transfer
from renfort.workshops.selectors.roles import is_everybody, is_staff


def payments_under_way(facilitator_id: int) -> list[Payment]:
    """The payments to somebody that the bank has not carried out yet. One query."""
    return list(Payment.objects.filter(bill__facilitator=facilitator_id, outcome=PaymentOutcome.PENDING).order_by("id"))


def transfers_visible(actor: Actor) -> QuerySet[Transfer]:
    """All for the association, none for anybody else; the newest first."""
    found = Transfer.objects.order_by("-pk")
    return found if is_staff(actor) or is_everybody(actor) else found.none()


def payments_of(transfer: Transfer) -> list[Payment]:
    """Every payment with its payee, by name. One query."""
    found = transfer.payments.select_related("bill__facilitator__person")
    return list(found.order_by("bill__facilitator__person__last_name", "pk"))


def payments_pending() -> QuerySet[Payment]:
    """The payments that the bank has not carried out yet."""
    return Payment.objects.filter(outcome=PaymentOutcome.PENDING)
