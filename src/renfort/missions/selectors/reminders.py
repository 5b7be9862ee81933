"""Which applications wait for an answer for too long, by organisation and mission (R36)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from renfort.missions.enums import MissionState, ParticipationState
from renfort.missions.models import Mission, Participation

STEPS = (7, 2)  # days


class Late(NamedTuple):
    """The applications of one mission that wait for more than two days; ``weeks``: those of more than seven."""

    mission: Mission
    total: int
    weeks: int

    @property
    def in_charge(self) -> set[int]:
        """Who is responsible for the mission, alone or with others (R11)."""
        return {self.mission.responsible_id, *(person.pk for person in self.mission.deputies.all())}


def waiting_since(now: datetime, days: int) -> QuerySet[Participation]:
    """The applications to missions online that have waited so many days."""
    return Participation.objects.filter(
        state=ParticipationState.PENDING, mission__state=MissionState.PUBLISHED, created_at__lte=now - timedelta(days=days)
    )


def to_remind(now: datetime) -> QuerySet[Participation]:
    """Those of which the organisation has not been reminded at this step."""
    due = Q()
    for days in STEPS:
        due |= Q(created_at__lte=now - timedelta(days=days), reminded__lt=days)
    return waiting_since(now, min(STEPS)).filter(due)


def late_of(organisation_id: int) -> list[Late]:
    """What the organisation is reminded of, as ``reminded`` says, by mission, the longest list first. Four queries."""
    rows = list(
        Participation.objects.filter(
            organisation_id=organisation_id,
            state=ParticipationState.PENDING,
            mission__state=MissionState.PUBLISHED,
            reminded__gt=0,
        )
        .values("mission")
        .annotate(count=Count("pk"), weeks=Count("pk", filter=Q(reminded=max(STEPS))))
        .order_by("-count", "mission")
    )
    known = Mission.objects.select_related("responsible__account").prefetch_related("deputies__account")
    missions = known.in_bulk([row["mission"] for row in rows])
    return [Late(missions[row["mission"]], row["count"], row["weeks"]) for row in rows]
