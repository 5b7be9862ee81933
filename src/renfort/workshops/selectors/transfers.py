"""Transfers and their payments, for the association; one's own payments (W11)."""

from __future__ import annotations

from renfort.workshops.enums import PaymentOutcome
from renfort.workshops.models import Payment


def payments_under_way(facilitator_id: int) -> list[Payment]:
    """The payments to somebody that the bank has not carried out yet. One query."""
    return list(Payment.objects.filter(bill__facilitator=facilitator_id, outcome=PaymentOutcome.PENDING).order_by("id"))
