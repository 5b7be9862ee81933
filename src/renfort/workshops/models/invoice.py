"""Invoices: those of the payees, and those to the clients (W11). Money is cents; a rate is tenths of a percent."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from renfort.kernel.models import CodeField, StateField, Stateful, known_state
from renfort.people.models import Person
from renfort.workshops.enums import BillOrigin, BillState, InvoiceOrigin, VatRegime
from renfort.workshops.models.assignment import Assignment
from renfort.workshops.models.facilitator import Facilitator
from renfort.workshops.models.fee import Fee
from renfort.workshops.models.payee import Mandate

S = BillState


class Series(models.Model):
    """One series of numbers without gaps. The row is held from the moment a number is taken until its invoice is committed."""

    key = models.CharField(max_length=40, primary_key=True)  # clients:2026, payee:12:2026
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return f"series {self.key}"


class Amounts(models.Model):
    """What an invoice comes to, and the file that says so, as it was written."""

    vat_regime = CodeField(states=VatRegime, blank=True)
    vat_rate = models.PositiveSmallIntegerField(default=0)  # tenths of a percent: 200
    excl = models.PositiveIntegerField(default=0)  # cents before tax
    vat = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    series = models.CharField(max_length=40, blank=True)
    sequence = models.PositiveIntegerField(null=True)  # its place in the series
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    facts = models.JSONField(default=dict)  # all that it says, as plain JSON
    file = models.FileField(upload_to="invoices", max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)  # octets
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the file

    class Meta:
        abstract = True


class Bill(Stateful, Amounts):
    """The invoice of one payee for some fees: written in their name under mandate, or sent by them and checked.

    Once accepted nothing of it changes (trigger, migration); what became of the payment stands on ``Payment``.
    """

    facilitator = models.ForeignKey(Facilitator, models.PROTECT, related_name="bills")
    origin = CodeField(states=BillOrigin)
    state = StateField(states=S, default=S.AWAITED)
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, db_index=False, related_name="+")
    number = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)  # why the one sent before was not accepted

    class Meta:
        constraints = [
            known_state(S),
            known_state(BillOrigin, field="origin"),
            models.CheckConstraint(condition=Q(total=F("excl") + F("vat")), name="workshops_bill_total"),
            models.CheckConstraint(
                condition=Q(origin=BillOrigin.SENT, mandate=None, sequence=None)
                | Q(origin=BillOrigin.SELF, mandate__isnull=False, sequence__isnull=False, state=S.ACCEPTED),
                name="workshops_bill_self_billed",
            ),
            models.CheckConstraint(
                condition=Q(state=S.AWAITED)
                | (~Q(number="") & ~Q(file="") & Q(digest__regex=r"^[0-9a-f]{64}$", issued_on__isnull=False)),
                name="workshops_bill_written",
            ),
            models.UniqueConstraint(fields=["facilitator", "number"], condition=~Q(number=""), name="workshops_bill_number"),
            models.UniqueConstraint(fields=["series", "sequence"], condition=~Q(series=""), name="workshops_bill_sequence"),
        ]
        indexes = [models.Index(fields=["state", "id"], name="workshops_bill_by_state")]

    def __str__(self) -> str:
        return f"bill {self.pk}"


class ClientInvoice(Amounts):
    """What a client owes for a closed assignment: one row, made here (number, PDF with its data) or noted from elsewhere.

    One for an assignment, whichever it is: the primary key. Only ``paid_on`` changes afterwards (trigger, migration).
    """

    assignment = models.OneToOneField(Assignment, models.PROTECT, primary_key=True, related_name="invoice")
    origin = CodeField(states=InvoiceOrigin)
    number = models.CharField(max_length=40, unique=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    paid_on = models.DateField(null=True)

    class Meta:
        constraints = [
            known_state(InvoiceOrigin, field="origin"),
            models.CheckConstraint(condition=Q(total=F("excl") + F("vat")), name="workshops_clientinvoice_total"),
            models.CheckConstraint(
                condition=Q(origin=InvoiceOrigin.OUTSIDE, sequence=None, series="", file="")
                | (Q(origin=InvoiceOrigin.MADE, sequence__isnull=False, digest__regex=r"^[0-9a-f]{64}$") & ~Q(file="")),
                name="workshops_clientinvoice_made",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=False) & (Q(paid_on=None) | Q(paid_on__gte=F("issued_on"))),
                name="workshops_clientinvoice_days",
            ),
            models.UniqueConstraint(
                fields=["series", "sequence"], condition=~Q(series=""), name="workshops_clientinvoice_sequence"
            ),
        ]
        indexes = [models.Index(fields=["issued_on"], name="workshops_invoice_issued")]

    def __str__(self) -> str:
        return f"client invoice {self.pk}"


class BillLine(models.Model):
    """One fee on an invoice. A fee is on one at most, for ever: nobody is paid twice (W11)."""

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="lines")
    fee = models.OneToOneField(Fee, models.PROTECT, related_name="bill_line")
    words = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    unit = models.PositiveIntegerField()  # cents before tax
    amount = models.PositiveIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount=F("quantity") * F("unit")), name="workshops_billline_amount")]

    def __str__(self) -> str:
        return f"line {self.pk}"
