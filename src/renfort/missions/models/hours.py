"""Hours that somebody gave to a mission."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q

from renfort.kernel.durations import duration_words
from renfort.kernel.models import CodeField, StateField, Stateful, known_state, signed
from renfort.missions.enums import HoursState, Side
from renfort.missions.models.participation import Participation
from renfort.people.models import Person

S = HoursState
A_DAY = 96  # quarters


class HoursEntry(Stateful):
    """Hours of some days of one participation (R33, R35). Its life stands on ``missions.workflow``; only confirmed ones count.

    ``side`` is who said the figure last: the other side confirms. Days are days of the place; entries of one participation that
    are not removed share no day, so that nobody counts a day twice.
    """

    participation = models.ForeignKey(Participation, models.PROTECT, related_name="hours")
    first_on = models.DateField()
    last_on = models.DateField()
    quarters = models.PositiveIntegerField()  # quarters of an hour
    side = CodeField(states=Side)
    state = StateField(states=S, default=S.DECLARED)
    said_at = models.DateTimeField()
    said_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "hours entries"
        constraints = [
            known_state(S),
            known_state(Side, field="side"),
            signed("confirmed", in_states=[S.CONFIRMED]),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="missions_hoursentry_days"),
            models.CheckConstraint(
                condition=Q(quarters__gte=1)
                & Q(quarters__lte=Func(template=f"({A_DAY} * (last_on - first_on + 1))", output_field=models.IntegerField())),
                name="missions_hoursentry_quarters",
            ),
        ]
        indexes = [
            models.Index(fields=["said_at"], name="missions_hoursentry_silent", condition=Q(state=S.DECLARED, side=Side.HOST)),
        ]

    def __str__(self) -> str:
        return f"hours {self.pk}"

    @property
    def words(self) -> str:
        """« 7 h 30 »."""
        return duration_words(self.quarters)
