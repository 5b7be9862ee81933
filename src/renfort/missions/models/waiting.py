"""The waiting list of a full mission (R60)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from renfort.kernel.models import StateField, Stateful, known_state
from renfort.missions.enums import IN_LINE, WaitingState
from renfort.missions.models.domain import DomainRules
from renfort.missions.models.mission import Mission
from renfort.missions.models.participation import Participation
from renfort.people.models import Person

S = WaitingState


class Waiting(Stateful):
    """One person's turn: first come, first offered. Its life stands on ``missions.workflow``.

    An offer holds a place of the mission until ``offer_until``; a place that was taken is held by the participation that
    came of it (``Participation.reserved``), so that no place is ever promised twice.
    """

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="line")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = StateField(states=S, default=S.WAITING)
    rules = models.ForeignKey(DomainRules, models.PROTECT, null=True, related_name="+")  # the wording that was ticked
    rules_at = models.DateTimeField(null=True)
    prerequisites = ArrayField(models.CharField(max_length=120), default=list, db_default=[])  # confirmed, in these words (R66)
    created_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    offer_until = models.DateTimeField(null=True)
    participation = models.OneToOneField(Participation, models.PROTECT, null=True, related_name="turn")  # what came of it

    class Meta:
        constraints = [
            known_state(S),
            models.UniqueConstraint(
                fields=["mission", "person"],
                condition=Q(state__in=[str(state) for state in IN_LINE]),
                name="missions_waiting_one_turn",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[S.WAITING, S.LEFT, S.CLOSED]) | Q(offered_at__isnull=False, offer_until__isnull=False),
                name="missions_waiting_offered",
            ),
            models.CheckConstraint(
                condition=Q(state=S.TAKEN, participation__isnull=False) | (~Q(state=S.TAKEN) & Q(participation=None)),
                name="missions_waiting_taken",
            ),
            models.CheckConstraint(
                condition=Q(offer_until=None) | Q(offer_until__gt=models.F("offered_at")), name="missions_waiting_delay"
            ),
            models.CheckConstraint(
                condition=Q(rules=None, rules_at=None) | Q(rules__isnull=False, rules_at__isnull=False),
                name="missions_waiting_rules",
            ),
        ]
        indexes = [
            models.Index(
                fields=["mission", "id"], name="missions_waiting_line", condition=Q(state__in=[str(s) for s in IN_LINE])
            ),
            models.Index(fields=["offer_until"], name="missions_waiting_offers", condition=Q(state="offered")),
            models.Index(fields=["person", "-id"], name="missions_waiting_person"),
        ]

    def __str__(self) -> str:
        return f"turn {self.pk}"
