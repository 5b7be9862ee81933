"""Who leads sessions, and what proves that one conforms (W4, W11)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from renfort.kernel.models import CodeField, known_state
from renfort.people.models import Person
from renfort.workshops.enums import DocumentKind, Level


class Facilitator(models.Model):
    """A person who leads sessions: the facts of this programme about it."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="+")
    level = CodeField(states=Level, default=Level.WHITE)
    languages = ArrayField(models.CharField(max_length=5), default=list)
    radius = models.PositiveSmallIntegerField(default=50)  # kilometres
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [known_state(Level, field="level")]

    def __str__(self) -> str:
        return f"facilitator {self.pk}"


class ComplianceDocument(models.Model):
    """A document that the association has seen. Days are days in Paris, both included; ``valid_until`` None: it does not expire.

    A renewed one is a new row beside the former, so that what was true on a day can be told afterwards.
    """

    facilitator = models.ForeignKey(Facilitator, models.PROTECT, related_name="documents")
    kind = CodeField(states=DocumentKind)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")
    told_days = models.PositiveSmallIntegerField(null=True, editable=False)  # reminded so many days before its end, the last time

    class Meta:
        constraints = [
            known_state(DocumentKind, field="kind"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="workshops_document_period"
            ),
        ]
        indexes = [models.Index(fields=["facilitator", "kind", "-valid_until"], name="workshops_document_newest")]

    def __str__(self) -> str:
        return f"document {self.pk}"
