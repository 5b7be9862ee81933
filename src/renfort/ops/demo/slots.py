"""A third of the one-off missions of several days say when: slots, and who asked for or holds which (R61)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random

from renfort.kernel.moments import moment
from renfort.missions.enums import HOLDING, Format, ParticipationState
from renfort.missions.models import Booking, Mission, Participation, Slot
from renfort.ops.demo.missions import Lived
from renfort.ops.demo.rows import number

SHARE = 1 / 3
LONGEST = 21  # days: a slot for each
DAY = timedelta(days=1)
HOURS = re.compile(r"(\d{1,2})\s*h(?:\s*(\d{2}))?\s*(?:à|–|-)\s*(\d{1,2})\s*h(?:\s*(\d{2}))?")
GRANTED = (*HOLDING, ParticipationState.NO_SHOW)


def slots_for(
    seed: int, lives: Sequence[Lived], participations: Sequence[Participation], now: datetime
) -> tuple[list[Slot], list[Booking]]:
    """Give slots to some missions, and share their volunteers out among them. The missions are changed, the rows numbered.

    Each slot takes as many people as the mission did at once, so that whoever was accepted has a place wherever they go.
    ``seed`` draws apart from all else: the rest of the demonstration is the same with and without slots.
    """
    rng = Random(f"slots {seed}")  # noqa: S311 -- a demonstration
    chosen = {
        lived.mission.pk: lived.mission
        for lived in lives
        if _suits(lived.mission) and (rng.random() < SHARE or lived.plan.slots)
    }  # fmt: skip
    slots = [slot for mission in chosen.values() for slot in _slots_of(mission)]
    number(slots)
    by_mission = {pk: list(found) for pk, found in groupby(slots, key=lambda slot: slot.mission_id)}
    for pk, mission in chosen.items():
        mission.has_slots, mission.places = True, sum(slot.places for slot in by_mission[pk])
    bookings = [
        booking
        for each in participations
        if each.mission_id in chosen
        for booking in _bookings_of(rng, each, by_mission[each.mission_id], now)
    ]
    number(bookings)
    return slots, bookings


def _suits(mission: Mission) -> bool:
    days = (mission.ends_on - mission.starts_on).days + 1 if mission.starts_on and mission.ends_on else 0
    return mission.format == Format.ONE_OFF.value and 1 < days <= LONGEST


def _slots_of(mission: Mission) -> list[Slot]:
    """One slot a day, at the hours that the mission names, else in the morning."""
    said = HOURS.search(mission.schedule)
    first, last = (_hour(*said.group(1, 2)), _hour(*said.group(3, 4))) if said else (time(9), time(12))
    if last <= first:
        first, last = time(9), time(12)
    assert mission.starts_on is not None and mission.ends_on is not None  # noqa: S101 -- as chosen
    days = [mission.starts_on + DAY * n for n in range((mission.ends_on - mission.starts_on).days + 1)]
    return [_slot(mission, day, first, last) for day in days]


def _hour(hour: str, minute: str | None) -> time:
    return time(min(int(hour), 23), min(int(minute or 0), 59))


def _slot(mission: Mission, day: date, first: time, last: time) -> Slot:
    return Slot(
        mission=mission,
        starts_at=moment(day, first, mission.zone),
        ends_at=moment(day, last, mission.zone),
        places=mission.places,
    )


def _bookings_of(rng: Random, participation: Participation, slots: Sequence[Slot], now: datetime) -> list[Booking]:
    """One to three slots: the first ones for whoever is under way, those to come for whoever waits."""
    state = ParticipationState(participation.state)
    pool = list(slots)
    if state in (ParticipationState.PENDING, ParticipationState.ACCEPTED):
        pool = [slot for slot in slots if slot.starts_at > now] or [slots[-1]]
    if state == ParticipationState.ONGOING:
        wanted = [slots[0], *([slots[-1]] if rng.random() < 0.5 else [])]  # noqa: PLR2004 -- every other one comes twice
    else:
        wanted = rng.sample(pool, min(len(pool), rng.randint(1, 3)))
    granted = participation.decided_at if state in GRANTED else None
    return [
        Booking(
            participation=participation, slot=slot, mission_id=participation.mission_id,
            asked_at=participation.created_at, granted_at=granted,
        )
        for slot in wanted
    ]  # fmt: skip
