"""Orders to the bank: one file, many payments (W11)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.kernel.models import CodeField, StateField, Stateful, known_state, signed
from renfort.people.models import Person
from renfort.workshops.enums import LIVING, PaymentOutcome, TransferState
from renfort.workshops.models.invoice import Bill
from renfort.workshops.models.payee import masked

S = TransferState


class Transfer(Stateful):
    """One file for the bank (ISO 20022 pain.001), kept as it was written; debtor and payees are copies of that moment."""

    state = StateField(states=S, default=S.READY)
    message = models.CharField(max_length=35, unique=True)  # MsgId
    form = models.CharField(max_length=20)  # pain.001.001.09
    execution_on = models.DateField()
    debtor = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    total = models.PositiveBigIntegerField()  # cents
    count = models.PositiveIntegerField()
    file = models.FileField(upload_to="transfers", max_length=100)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    settled_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            known_state(S),
            signed("settled", in_states=[S.SETTLED]),
            signed("cancelled", in_states=[S.CANCELLED]),
            models.CheckConstraint(condition=Q(count__gte=1, total__gte=1), name="workshops_transfer_not_empty"),
        ]

    def __str__(self) -> str:
        return f"transfer {self.pk}"


class Payment(models.Model):
    """One line of a transfer: one invoice to one account. At most one of an invoice is under way or paid: nobody is paid twice.

    A fee is on one invoice at most (``BillLine.fee``), so that this holds for each fee.
    """

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="payments")
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="payments")
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    bic = models.CharField(max_length=11, blank=True)
    amount = models.PositiveIntegerField()  # cents
    reference = models.CharField(max_length=35, unique=True)  # EndToEndId
    words = models.CharField(max_length=140)
    outcome = CodeField(states=PaymentOutcome, default=PaymentOutcome.PENDING)
    reason = models.CharField(max_length=200, blank=True)  # why the bank rejected it
    settled_on = models.DateField(null=True)

    class Meta:
        constraints = [
            known_state(PaymentOutcome, field="outcome"),
            models.UniqueConstraint(
                fields=["bill"], condition=Q(outcome__in=[str(each) for each in LIVING]), name="workshops_payment_one_living"
            ),
            models.CheckConstraint(condition=Q(amount__gte=1), name="workshops_payment_amount"),
            models.CheckConstraint(
                condition=Q(outcome=PaymentOutcome.PENDING, settled_on=None)
                | (~Q(outcome=PaymentOutcome.PENDING) & Q(settled_on__isnull=False)),
                name="workshops_payment_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"

    @property
    def masked(self) -> str:
        """The account, as anybody sees it."""
        return masked(self.iban)
