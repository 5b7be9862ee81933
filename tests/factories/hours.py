"""Missions that have taken place, and hours given to them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from tests.factories.missions import mission, participation
from tests.factories.time import days, today

from renfort.audit.recorder import record
from renfort.kernel.actors import SERVICE
from renfort.kernel.events import Event
from renfort.missions.enums import HoursState, ParticipationState, Side
from renfort.missions.models import HoursEntry, Participation
from renfort.people.models import Person


def past_mission(where: Any = None, *, begun: int = 10, ended: int = 2, **facts: Any) -> Any:
    """A mission that began and ended so many days ago."""
    return mission(where, starts_on=today() - days(begun), ends_on=today() - days(ended), **facts)


def served(
    what: Any = None, someone: Person | None = None, *, state: str = ParticipationState.DONE, **facts: Any
) -> Participation:
    """Somebody who took part in a mission that has taken place."""
    return participation(what or past_mission(), someone, state=state, **facts)


def hours(
    given: Participation, quarters: int = 30, *, state: str = HoursState.CONFIRMED, side: str = Side.VOLUNTEER,
    first_on: date | None = None, last_on: date | None = None, **facts: Any,
) -> HoursEntry:  # fmt: skip
    """Hours of one participation, over all its days when none are named, with their history."""
    now = timezone.now()
    confirmed = now if state == HoursState.CONFIRMED else None
    made = HoursEntry.objects.create(
        participation=given, first_on=first_on or given.mission.starts_on, last_on=last_on or first_on or given.mission.ends_on,
        quarters=quarters, side=side, state=state, said_at=now, confirmed_at=confirmed,
        **{"said_by_id": None, **facts},
    )  # fmt: skip
    record(Event(name="missions.hoursentry.declare", obj=made, actor=SERVICE, at=now, after=str(state)))
    return made
