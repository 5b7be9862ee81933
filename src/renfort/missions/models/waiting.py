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
from renfort.missions.models.slot import Slot
from renfort.people.models import Person

S = WaitingState


class Waiting(Stateful):
    """One person's turn: first come, first offered. Its life stands on ``missions.workflow``.

    On a mission with slots a turn is for one ``slot``, and a person may have one for each (R61). An offer holds a place of the
    mission, or of the slot, until ``offer_until``; a place that was taken is held by the participation that came of it
    (``Participation.reserved``, ``Booking.reserved``), so that no place is ever promised twice. A trigger refuses an offer of
    a slot that has no place for it. ``slot`` is of the same mission: a composite foreign key holds it (migration 0011).
    """

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="line")
    slot = models.ForeignKey(Slot, models.PROTECT, null=True, related_name="line", db_constraint=False, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    state = StateField(states=S, default=S.WAITING)
    rules = models.ForeignKey(DomainRules, models.PROTECT, null=True, related_name="+")  # the wording that was ticked
    rules_at = models.DateTimeField(null=True)
    prerequisites = ArrayField(models.CharField(max_length=120), default=list, db_default=[])  # confirmed, in these words (R66)
    created_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True)
    offer_until = models.DateTimeField(null=True)
    participation = models.ForeignKey(
        Participation, models.PROTECT, null=True, related_name="+", db_index=False
    )  # what came of it

    class Meta:
        constraints = [
            known_state(S),
            models.UniqueConstraint(
                fields=["mission", "person"],
                condition=Q(state__in=[str(state) for state in IN_LINE], slot=None),
                name="missions_waiting_one_turn_of_mission",
            ),
            models.UniqueConstraint(
                fields=["slot", "person"],
                condition=Q(state__in=[str(state) for state in IN_LINE]),
                name="missions_waiting_one_turn_of_slot",
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
            models.Index(fields=["slot", "id"], name="missions_waiting_slot", condition=Q(slot__isnull=False)),
            models.Index(fields=["participation"], name="missions_waiting_came", condition=Q(participation__isnull=False)),
            models.Index(fields=["offer_until"], name="missions_waiting_offers", condition=Q(state="offered")),
            models.Index(fields=["person", "-id"], name="missions_waiting_person"),
        ]

    def __str__(self) -> str:
        return f"turn {self.pk}"
