"""A participation: one volunteer on one mission."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from renfort.kernel.models import CodeField, StateField, Stateful, known_state
from renfort.missions.enums import ACTIVE, ParticipationState
from renfort.missions.models.domain import DomainRules
from renfort.missions.models.mission import Mission
from renfort.organisations.models import Organisation
from renfort.people.models import Person

S = ParticipationState


class Participation(Stateful):
    """One application and what became of it (R33). Its life stands on ``missions.workflow``.

    ``organisation`` repeats the mission's, so that an organisation's list reads one index; the database holds that the
    two are the same (composite foreign key, migration 0001).
    """

    mission = models.ForeignKey(Mission, models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="participations")
    state = StateField(states=S, default=S.PENDING)
    rules = models.ForeignKey(DomainRules, models.PROTECT, null=True, related_name="+")  # the wording that was ticked
    rules_at = models.DateTimeField(null=True)
    # what was confirmed, in the words of that moment (R66)
    prerequisites = ArrayField(models.CharField(max_length=120), default=list, db_default=[])
    prerequisites_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, editable=False)  # since when it is no longer active (R37)
    # since when its mission is another organisation's than the one applied to: contact data are shown while it is open, no longer
    moved_at = models.DateTimeField(null=True, editable=False)
    refusal_reason = CodeField(max_length=30, blank=True)
    reserved = models.BooleanField(default=False, db_default=False)  # comes from the waiting list: holds its place while pending
    reminded = models.PositiveSmallIntegerField(default=0, db_default=0)  # days after which the host was reminded: 0, 2 or 7
    eve_at = models.DateTimeField(null=True, editable=False)  # when the person was reminded, the day before
    withdrawal_reason = CodeField(max_length=30, blank=True)
    missed_at = models.DateTimeField(null=True, editable=False)  # the organisation said that nobody came
    contestable_until = models.DateTimeField(null=True, editable=False)  # midnight of the place, seven days later
    contested_at = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)  # the absence counts from then on, and not before
    asked_at = models.DateTimeField(null=True, editable=False)  # « Comment cela s'est-il passé ? » was asked (R36)
    hours_to_tell_at = models.DateTimeField(null=True, editable=False)  # when to write of hours said by the organisation
    hours_told_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            known_state(S),
            models.UniqueConstraint(
                fields=["mission", "person"],
                condition=Q(state__in=[str(state) for state in ACTIVE]),
                name="missions_participation_one_active",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "refused", "ongoing", "done", "no_show"]) | Q(decided_at__isnull=False),
                name="missions_participation_decided",
            ),
            models.CheckConstraint(
                condition=Q(rules=None, rules_at=None) | Q(rules__isnull=False, rules_at__isnull=False),
                name="missions_participation_rules",
            ),
            models.CheckConstraint(
                condition=Q(prerequisites__len=0, prerequisites_at=None)
                | Q(prerequisites__len__gt=0, prerequisites_at__isnull=False),
                name="missions_participation_prerequisites",
            ),
            models.CheckConstraint(
                condition=Q(state=S.NO_SHOW) | Q(missed_at=None, contestable_until=None, contested_at=None, settled_at=None),
                name="missions_participation_missed",
            ),
            models.UniqueConstraint(fields=["id", "mission"], name="missions_participation_of_mission"),
        ]
        indexes = [
            models.Index(fields=["mission", "state"], name="missions_participation_places"),
            models.Index(fields=["organisation", "-id"], name="missions_participation_host"),
            models.Index(fields=["organisation", "state", "-id"], name="missions_participation_state"),
            models.Index(fields=["person", "-id"], name="missions_participation_person"),
            models.Index(fields=["organisation", "state", "created_at"], name="missions_participation_waits"),
            models.Index(fields=["organisation", "created_at"], name="missions_participation_came"),
            models.Index(
                fields=["organisation", "decided_at"],
                name="missions_participation_taken",
                condition=Q(decided_at__isnull=False) & ~Q(state="refused"),
            ),
            models.Index(  # who holds a place, mission by mission: all places of an organisation in one look (R34)
                fields=["organisation", "mission"],
                include=["state"],
                name="missions_participation_room",
                condition=Q(state__in=["accepted", "ongoing", "done"]) | Q(state="pending", reserved=True),
            ),
            models.Index(
                fields=["contestable_until"],
                name="missions_participation_absence",
                condition=Q(state=S.NO_SHOW, settled_at=None),
            ),
            models.Index(
                fields=["hours_to_tell_at"], name="missions_participation_hours", condition=Q(hours_to_tell_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"participation {self.pk}"

    def change_state(self, target: str) -> None:
        """Keep since when it is closed, whichever move closes it: contact data are shown for thirty days more (R37)."""
        self.closed_at = None if target in ACTIVE else self.closed_at or timezone.now()
        super().change_state(target)
