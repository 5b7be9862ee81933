"""The certificate of who was there (W7)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.kernel.models import CodeField
from renfort.workshops.enums import Outcome
from renfort.workshops.models.registration import Registration


class Certificate(models.Model):
    """What goes with a participant's certificate; the paper itself is one of ``documents``.

    ``outcome``: whether the aims of a training were reached, "" while nobody said. ``told_at``: when the participant was written
    to that it is there; once, whatever becomes of the mark afterwards.
    """

    registration = models.OneToOneField(Registration, models.CASCADE, primary_key=True, related_name="certificate")
    outcome = CodeField(states=Outcome, blank=True)
    told_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["", *Outcome.values]), name="workshops_certificate_known_outcome")
        ]

    def __str__(self) -> str:
        return f"certificate {self.pk}"
