"""Amounts that the law sets, with the days on which they hold: what is not of a campaign and never in code (facts A.3)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from renfort.civic_service.enums import FigureKind
from renfort.kernel.models import CodeField, known_state
from renfort.people.models import Person


class LegalFigure(models.Model):
    """So many cents a month from ``first_on`` to ``last_on``, both included (None: no end yet), with where it is written.

    Percentages of the monthly pay of gross index 244 make them (35.45 % gross the State's allowance, 8.07 % gross the top-up,
    7.43 % the host's minimum); what is kept is the amount that was published. Two figures of one kind never hold on the same
    day, and a figure does not change: another one follows it.
    """

    kind = CodeField(states=FigureKind)
    cents = models.PositiveIntegerField()  # net, for a whole month
    first_on = models.DateField()
    last_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)  # the text or the page that says it
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            known_state(FigureKind, field="kind"),
            models.CheckConstraint(condition=Q(cents__gte=1), name="civic_service_legalfigure_cents"),
            models.CheckConstraint(condition=~Q(source=""), name="civic_service_legalfigure_source"),
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")), name="civic_service_legalfigure_period"
            ),
        ]

    def __str__(self) -> str:
        return f"figure {self.pk}"

    def covers(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)
