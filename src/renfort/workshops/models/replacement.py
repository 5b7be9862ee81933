"""A facilitator who cannot come proposes that somebody else takes the place (W12)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.kernel.models import StateField, Stateful, known_state
from renfort.workshops.enums import ReplacementState
from renfort.workshops.models.facilitator import Facilitator
from renfort.workshops.models.session import Enrolment, Session

R = ReplacementState


class Replacement(Stateful):
    """« Je propose mon remplacement à … »: the place stays one's own until somebody who conforms accepts it.

    ``to`` None: whoever conforms may take it. ``made``: the enrolment of who took it.
    """

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="replacements")
    session = models.ForeignKey(Session, models.PROTECT, related_name="replacements")  # the enrolment's
    to = models.ForeignKey(Facilitator, models.PROTECT, null=True, blank=True, related_name="replacements")
    words = models.TextField(max_length=500, blank=True)
    state = StateField(states=R, default=R.ASKED)
    asked_at = models.DateTimeField()
    made = models.OneToOneField(Enrolment, models.PROTECT, null=True, blank=True, related_name="replaces", editable=False)

    class Meta:
        constraints = [
            known_state(R),
            models.UniqueConstraint(fields=["enrolment"], condition=Q(state=R.ASKED), name="workshops_replacement_one_waits"),
            models.CheckConstraint(
                condition=Q(state=R.ACCEPTED, made__isnull=False) | (~Q(state=R.ACCEPTED) & Q(made=None)),
                name="workshops_replacement_made",
            ),
        ]
        indexes = [models.Index(fields=["to"], condition=Q(state=R.ASKED), name="workshops_replacement_mine")]

    def __str__(self) -> str:
        return f"replacement {self.pk}"
