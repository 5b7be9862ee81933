"""An order that a coordinator carries out (W1, W2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.kernel.models import CodeField, StateField, Stateful, known_state, signed
from renfort.people.models import Person
from renfort.workshops.enums import AssignmentState, Audience
from renfort.workshops.models.facilitator import Facilitator
from renfort.workshops.models.order import Order

S = AssignmentState


class Assignment(Stateful):
    """The carrying out of an order; its life stands on ``workshops.workflow``.

    ``coordinator`` holds the role « Coordination · client » while it is awarded or closed. Once closed, triggers refuse every
    change of its sessions, enrolments and order lines (migration 0002); nothing opens it again. ``follows``: the closed one whose
    mistake this one mends.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="assignments")
    audience = CodeField(states=Audience)  # the order's when it was offered: the level that it takes never changes under way
    state = StateField(states=S, default=S.DRAFT)
    coordinator = models.ForeignKey(Facilitator, models.PROTECT, null=True, blank=True, related_name="assignments")
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    offered_at = models.DateTimeField(null=True, editable=False)
    awarded_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)

    class Meta:
        constraints = [
            known_state(S),
            known_state(Audience, field="audience"),
            signed("closed", in_states=[S.CLOSED]),
            models.CheckConstraint(
                condition=Q(state__in=[S.AWARDED, S.CLOSED], coordinator__isnull=False, awarded_at__isnull=False)
                | (~Q(state__in=[S.AWARDED, S.CLOSED]) & Q(coordinator=None, awarded_at=None)),
                name="workshops_assignment_coordinator",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=~Q(state__in=[S.CLOSED, S.CANCELLED]), name="workshops_assignment_one_under_way"
            ),
        ]
        indexes = [models.Index(fields=["state", "offered_at"], name="workshops_assignment_offers")]

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class Candidacy(models.Model):
    """A facilitator who would coordinate an opportunity (W1). ``withdrawn_at``: not any more, or it was given back."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="candidacies")
    facilitator = models.ForeignKey(Facilitator, models.PROTECT, related_name="candidacies")
    words = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "facilitator"], condition=Q(withdrawn_at=None), name="workshops_candidacy_once"
            )
        ]

    def __str__(self) -> str:
        return f"candidacy {self.pk}"
