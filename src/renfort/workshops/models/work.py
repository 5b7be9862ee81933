"""What takes longer than a page: the invoices of a month (W11, P6)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.jobs.models import LongWork


class BillRun(LongWork):
    """The writing of all invoices that are due; one at a time. ``total`` counts payees, ``written`` what came of it."""

    written = models.PositiveIntegerField(default=0)
    awaited = models.PositiveIntegerField(default=0)  # payees who send their own
    missing = models.PositiveIntegerField(default=0)  # payees who have not said how they are paid

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(state__in=["waiting", "running"]), name="workshops_billrun_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"bill run {self.pk}"
