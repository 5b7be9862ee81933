"""Somebody was said not to have come: until when it can be contested, and when it counts (R33)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from renfort.kernel.actors import Actor
from renfort.missions.enums import TAKING, HoursState, ParticipationState
from renfort.missions.models import Mission, Participation
from renfort.organisations.selectors import is_operator

DAYS_TO_CONTEST = 7


def contestable_until(missed_at: datetime, zone: str) -> datetime:
    """The first moment at which it is too late: the end of the seventh day after, where the mission takes place."""
    day = missed_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=DAYS_TO_CONTEST + 1)
    return datetime.combine(day, time.min, ZoneInfo(zone))


def last_day_to_contest(participation: Participation) -> datetime | None:
    """A moment of the last day, for showing it in the place's zone."""
    until = participation.contestable_until
    return until - timedelta(seconds=1) if until else None


def is_open_absence(participation: Participation) -> bool:
    """Whether an absence was reported that does not count yet: it can be contested, or it is."""
    return (
        participation.state == ParticipationState.NO_SHOW
        and participation.contestable_until is not None
        and participation.settled_at is None
    )


def can_still_contest(participation: Participation) -> bool:
    """Whether the person's seven days are not over."""
    until = participation.contestable_until
    return until is not None and participation.settled_at is None and timezone.now() < until


def absences_that_count() -> Q:
    """The absences that may be called so: nobody contested them in time, or the organisation answered."""
    return Q(state=ParticipationState.NO_SHOW, settled_at__isnull=False)


def contested_absences(actor: Actor) -> QuerySet[Participation]:
    """What the operator may read when asked to look into it: the absences that their person contested, the newest first."""
    found = Participation.objects.filter(state=ParticipationState.NO_SHOW, contested_at__isnull=False)
    if not is_operator(actor):
        return found.none()
    return found.select_related("mission", "person", "organisation").order_by("-contested_at")


def attendance_of(mission: Mission) -> QuerySet[Participation]:
    """Everybody who was expected on a mission, by name: those to tell of, those who came, those who were said not to have.

    ``said_quarters``: the quarters of an hour already declared for them, None when none are.
    """
    states = [*TAKING, ParticipationState.DONE, ParticipationState.NO_SHOW]
    people = Participation.objects.filter(mission=mission, state__in=[str(state) for state in states])
    said = Sum("hours__quarters", filter=~Q(hours__state=HoursState.REMOVED))
    return people.annotate(said_quarters=said).select_related("person").order_by("person__last_name", "person__first_name", "id")
