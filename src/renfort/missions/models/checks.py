"""What checks found in missions, and the work of checking all of them again (R53)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from renfort.jobs.enums import WorkState
from renfort.jobs.models import LongWork
from renfort.kernel.models import known_state
from renfort.missions.models.mission import Mission
from renfort.organisations.models import Found


class MissionFinding(Found):
    """What a check found in a mission."""

    mission = models.ForeignKey(Mission, models.CASCADE, db_index=False, related_name="findings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mission", "made_by", "print"], name="missions_finding_once"),
        ]
        indexes = [
            models.Index(fields=["gone_at"], condition=~Q(gone_at=None), name="missions_finding_gone"),
        ]


class Recheck(LongWork):
    """Every mission and organisation that somebody may still read, checked again: words have changed (R53, P6)."""

    class Meta:
        constraints = [
            known_state(WorkState),
            models.UniqueConstraint(fields=["state"], condition=Q(state="waiting"), name="missions_recheck_one_waits"),
        ]

    def __str__(self) -> str:
        return f"recheck {self.pk}"
