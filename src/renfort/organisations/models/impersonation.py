"""The operator acts as somebody, for a while, with a reason that this person reads (P10)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from renfort.people.models import Person


class Impersonation(models.Model):
    """One time. It is over at ``ends_at`` whatever happens, or before, at ``ended_at``. Kept: the person concerned reads it."""

    operator = models.ForeignKey(Person, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(operator=F("person")), name="organisations_impersonation_somebody_else"),
            models.CheckConstraint(condition=~Q(reason=""), name="organisations_impersonation_reason"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("started_at")), name="organisations_impersonation_ends"),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="organisations_impersonated")]

    def __str__(self) -> str:
        return f"person {self.operator_id} as person {self.person_id}"
