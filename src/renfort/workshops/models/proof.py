"""A document that a facilitator sends, until the association has looked at it (W4, W12)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from renfort.kernel.models import CodeField, StateField, Stateful, known_state, signed
from renfort.people.models import Person
from renfort.workshops.enums import DocumentKind, ProofState
from renfort.workshops.models.facilitator import ComplianceDocument, Facilitator

P = ProofState


class Proof(Stateful):
    """One file and what it is said to be. Accepted, it becomes a ``ComplianceDocument``, which alone counts.

    ``file`` is where what was kept of it lies: pages or pixels made anew, never the bytes that were sent. ``name`` is what the
    person called it. Days are days in Paris, both included.
    """

    facilitator = models.ForeignKey(Facilitator, models.PROTECT, related_name="proofs")
    kind = CodeField(states=DocumentKind)
    name = models.CharField(max_length=120)
    file = models.CharField(max_length=120)
    media = models.CharField(max_length=40)  # application/pdf or image/webp
    size = models.PositiveIntegerField()  # bytes
    digest = models.CharField(max_length=64)  # SHA-256 of what is kept
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    state = StateField(states=P, default=P.SENT)
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+", editable=False)
    document = models.OneToOneField(
        ComplianceDocument, models.PROTECT, null=True, blank=True, related_name="proof", editable=False
    )

    class Meta:
        constraints = [
            known_state(P),
            known_state(DocumentKind, field="kind"),
            signed("decided", in_states=[P.ACCEPTED, P.REFUSED]),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="workshops_proof_period"
            ),
            models.CheckConstraint(
                condition=Q(state=P.ACCEPTED, document__isnull=False) | (~Q(state=P.ACCEPTED) & Q(document=None)),
                name="workshops_proof_document",
            ),
            models.UniqueConstraint(
                fields=["facilitator", "kind"], condition=Q(state=P.SENT), name="workshops_proof_one_waits"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["sent_at", "id"], condition=Q(state=P.SENT), name="workshops_proof_waiting")]

    def __str__(self) -> str:
        return f"proof {self.pk}"
