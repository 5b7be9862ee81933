"""What those who lead and coordinate are paid: rates, requests, fees (W8, W9)."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from renfort.kernel.models import CodeField, StateField, Stateful, known_state, signed
from renfort.people.models import Person
from renfort.workshops.enums import LIVING_FEES, Audience, FeeKind, FeeState, Kind, RateRole, RoundState
from renfort.workshops.models.assignment import Assignment
from renfort.workshops.models.session import Enrolment

R, S = RoundState, FeeState


class Rate(models.Model):
    """So many cents before tax for one service, on the days from ``first_on`` to ``last_on``, both included (None: no end yet).

    ``kind`` is empty for the coordination, which is paid per service whatever its kind. Two rates of one kind never cover the
    same day, and a rate never changes: only its last day does, to one after which no fee has used it (migration 0009).
    """

    audience = CodeField(states=Audience)
    role = CodeField(states=RateRole)
    kind = CodeField(states=Kind, blank=True)
    amount = models.PositiveIntegerField()  # cents before tax, per service
    first_on = models.DateField()
    last_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            known_state(Audience, field="audience"),
            known_state(RateRole, field="role"),
            models.CheckConstraint(
                condition=Q(role=RateRole.COORDINATION, kind="") | (~Q(role=RateRole.COORDINATION) & Q(kind__in=Kind.values)),
                name="workshops_rate_kind",
            ),
            models.CheckConstraint(condition=~Q(kind=Kind.TRAINING, role=RateRole.COACH), name="workshops_rate_training_coach"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="workshops_rate_amount"),
            models.CheckConstraint(condition=Q(last_on=None) | Q(last_on__gte=F("first_on")), name="workshops_rate_period"),
        ]

    def __str__(self) -> str:
        return f"rate {self.pk}"

    def covers(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)


class Round(Stateful):
    """One request of fees to the association: one in a calendar month (in Paris) for an assignment. Its life: ``workflow.fees``.

    ``month`` is the first day of the month in which it was asked; a draft has none, so that it uses no month up. A draft keeps
    what the coordinator leaves out for now (``left_out``: numbers of enrolments); its lines are those due when it is read, and
    become fees when it is asked.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="rounds")
    month = models.DateField(null=True, editable=False)
    state = StateField(states=R, default=R.DRAFT)
    left_out = ArrayField(models.BigIntegerField(), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, editable=False)
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)

    class Meta:
        constraints = [
            known_state(R),
            signed("submitted", in_states=[R.SUBMITTED, R.RETURNED, R.APPROVED]),
            signed("approved", in_states=[R.APPROVED]),
            models.CheckConstraint(
                condition=Q(submitted_at=None, month=None) | Q(submitted_at__isnull=False, month__isnull=False),
                name="workshops_round_has_a_month",
            ),
            models.CheckConstraint(condition=Q(month=None) | Q(month__day=1), name="workshops_round_first_of_month"),
            models.UniqueConstraint(
                fields=["assignment", "month"], condition=Q(state__in=[R.SUBMITTED, R.APPROVED]),
                name="workshops_round_once_a_month",
            ),
            models.UniqueConstraint(fields=["assignment"], condition=Q(state=R.DRAFT), name="workshops_round_one_draft"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["submitted_at"], condition=Q(state=R.SUBMITTED), name="workshops_round_to_see_to")]

    def __str__(self) -> str:
        return f"round {self.pk}"


class Fee(Stateful):
    """What one person is owed for one part of one session, or for the coordination of an assignment. Its life: ``workflow.fees``.

    Amounts are cents before tax, by the rate of ``rate_on``: the session's day where it takes place, or the day of the closing
    in Paris. Only the state and its signatures ever change. Those that live (all but « renvoyée ») are one per enrolment, and
    one per assignment for the coordination; nobody is paid twice. ``reason``: why the association returned it.
    """

    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="fees")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="fees")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, null=True, related_name="fees")
    payee = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = CodeField(states=FeeKind, default=FeeKind.SESSION)
    rate = models.ForeignKey(Rate, models.PROTECT, related_name="fees")
    rate_on = models.DateField()
    quantity = models.PositiveIntegerField(default=1)
    unit_amount = models.PositiveIntegerField()
    amount = models.PositiveIntegerField()
    state = StateField(states=S, default=S.REQUESTED)
    reason = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)
    returned_at = models.DateTimeField(null=True, editable=False)
    paid_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            known_state(S),
            known_state(FeeKind, field="kind"),
            signed("approved", in_states=[S.APPROVED, S.INVOICED, S.IN_PAYMENT, S.PAID, S.REJECTED]),
            signed("returned", in_states=[S.RETURNED]),
            signed("paid", in_states=[S.PAID]),
            models.CheckConstraint(
                condition=Q(kind=FeeKind.SESSION, enrolment__isnull=False, round__isnull=False, quantity=1)
                | Q(kind=FeeKind.COORDINATION, enrolment=None, round=None),
                name="workshops_fee_of_what",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, unit_amount__gte=1, amount=F("quantity") * F("unit_amount")),
                name="workshops_fee_amount",
            ),
            models.CheckConstraint(condition=~Q(state=S.RETURNED) | ~Q(reason=""), name="workshops_fee_says_why"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(state__in=LIVING_FEES), name="workshops_fee_once_per_enrolment"
            ),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(state__in=LIVING_FEES, kind=FeeKind.COORDINATION),
                name="workshops_fee_one_coordination",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["payee", "-id"], name="workshops_fee_own"),
            models.Index(fields=["state", "id"], name="workshops_fee_to_pay"),
        ]

    def __str__(self) -> str:
        return f"fee {self.pk}"
