"""What each mission of the demonstration is to be: state, dates around today, how many people in which status."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from renfort.missions.enums import Format, MissionState, ParticipationState, Presence
from renfort.ops.demo.hosts import Host, role_key
from renfort.ops.demo.pen import Page
from renfort.ops.demo.places import Place
from renfort.ops.demo.words import domain_texts
from renfort.organisations.enums import Role
from renfort.people.models import Person

M, P = MissionState, ParticipationState


class Moment(StrEnum):
    """Where a mission stands, finer than its state."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UPCOMING = "upcoming"
    RUNNING = "running"
    TO_CLOSE = "to_close"  # over, and nobody has closed it: « à clôturer »
    CLOSED = "closed"  # ended less than a month ago
    LONG_OVER = "long_over"
    TO_CORRECT = "to_correct"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"  # a draft that was given up


SHARES = {
    Moment.DRAFT: 7, Moment.SUBMITTED: 6, Moment.UPCOMING: 34, Moment.RUNNING: 21, Moment.TO_CLOSE: 7, Moment.CLOSED: 6,
    Moment.LONG_OVER: 7, Moment.TO_CORRECT: 4, Moment.REFUSED: 3, Moment.CANCELLED: 4, Moment.DISCARDED: 1,
}  # fmt: skip
STATES = {
    Moment.DRAFT: M.DRAFT, Moment.SUBMITTED: M.SUBMITTED, Moment.UPCOMING: M.PUBLISHED, Moment.RUNNING: M.PUBLISHED,
    Moment.TO_CLOSE: M.PUBLISHED, Moment.CLOSED: M.ENDED, Moment.LONG_OVER: M.ENDED, Moment.TO_CORRECT: M.TO_CORRECT,
    Moment.REFUSED: M.REFUSED, Moment.CANCELLED: M.CANCELLED, Moment.DISCARDED: M.CANCELLED,
}  # fmt: skip
# Days since the last one. The days of a reminder and of the closing by the clock (R20), and those beside them, are left out:
# a demonstration must not depend on the hour at which it is loaded, nor leave the clock anything to catch up with.
DAYS_TO_CLOSE = (2, 3, 4, *range(9, 18), *range(24, 28))
DAYS_CLOSED = (*range(3, 5), *range(9, 18), *range(24, 27))
PLACES = ((1, 8), (2, 16), (3, 16), (4, 14), (5, 12), (6, 10), (8, 8), (10, 7), (12, 4), (15, 3), (20, 2))
LENGTHS, LENGTHS_RECURRING = (0, 0, 0, 0, 0, 1, 1, 2, 4, 6, 13), (27, 41, 59, 89, 89, 150, 180)  # last day − first day
# How likely each status is beside those who take a place, by moment
OTHERS = {
    Moment.UPCOMING: {P.PENDING: 8, P.REFUSED: 2, P.WITHDRAWN: 3},
    Moment.RUNNING: {P.PENDING: 4, P.REFUSED: 2, P.WITHDRAWN: 2, P.NO_SHOW: 1},
    Moment.TO_CLOSE: {P.PENDING: 1, P.REFUSED: 2, P.WITHDRAWN: 2, P.NO_SHOW: 2},
    Moment.CLOSED: {P.REFUSED: 2, P.WITHDRAWN: 2, P.NO_SHOW: 2},
    Moment.LONG_OVER: {P.REFUSED: 2, P.WITHDRAWN: 1, P.NO_SHOW: 1},
    Moment.TO_CORRECT: {P.PENDING: 1},
    Moment.REFUSED: {P.CANCELLED: 3, P.WITHDRAWN: 1},
    Moment.CANCELLED: {P.CANCELLED: 5, P.REFUSED: 1, P.WITHDRAWN: 2},
}
FULL, REMOTE_BY_HABIT, RECURRING, REMOTE_RECURRING, UNREAD, ASKED_FIRST = 0.16, 0.02, 0.45, 0.8, 0.25, 0.4
OTHERS_PER_MISSION = 1.9  # together with those who take a place: some three people for each mission


@dataclass(slots=True, kw_only=True)
class Plan:
    """One mission to be told."""

    host: Host
    domain: str
    moment: Moment
    presence: Presence
    format: Format
    places: int
    place: Place
    starts: date | None
    ends: date | None
    page: Page | None = None  # written out; else the pen writes
    to_review: bool = False  # online, and the operator has not read it yet
    asked_first: bool = False  # proposed and validated, rather than put online at once
    people: Counter[ParticipationState] = field(default_factory=Counter)
    known: list[tuple[Person, ParticipationState]] = field(default_factory=list)  # people chosen by name
    responsible: Person | None = None  # a « tuteur » of the organisation; else one of its managers
    key: str = ""  # what ``texts/named.toml`` calls it
    prerequisites: list[str] = field(default_factory=list)
    deputies: list[Person] = field(default_factory=list)
    slots: bool = False  # surely; else as chance has it

    @property
    def role(self) -> str:
        """The role, as the history writes it, of who runs the mission."""
        role = Role.MANAGER if self.responsible is None else Role.MISSION_TUTOR
        return role_key(role, organisation=self.host.organisation.pk)

    @property
    def state(self) -> MissionState:
        """The state that goes with the moment."""
        return STATES[self.moment]

    @property
    def begins_at(self) -> datetime:
        """When the first day begins there."""
        return midnight(self.starts or date.max, self.place.zone)

    @property
    def over_at(self) -> datetime:
        """When the last day is over there."""
        return midnight((self.ends or date.max - timedelta(days=2)) + timedelta(days=1), self.place.zone)


def midnight(day: date, zone: str) -> datetime:
    """The moment at which a day begins in a zone."""
    return datetime.combine(day, time.min, ZoneInfo(zone))


def plan(rng: Random, host: Host, place: Place, today: date, *, moment: Moment | None = None) -> Plan:
    """A mission of ``host`` as chance has it, or at the ``moment`` given."""
    moment = moment or rng.choices(list(SHARES), weights=list(SHARES.values()))[0]
    elsewhere = not host.facts.activities and rng.random() < 0.06  # noqa: PLR2004 -- a few do otherwise than their like
    domain = rng.choice(list(domain_texts()) if elsewhere else host.domains)
    remote = rng.randrange(100) < domain_texts()[domain]["remote"] or rng.random() < REMOTE_BY_HABIT
    is_recurring = rng.random() < (REMOTE_RECURRING if remote else RECURRING)
    starts, ends = dates(rng, moment, today, is_recurring=is_recurring)
    planned = Plan(
        host=host,
        domain=domain,
        moment=moment,
        presence=Presence.REMOTE if remote else Presence.ON_SITE,
        format=Format.RECURRING if is_recurring else Format.ONE_OFF,
        places=rng.choices([count for count, _ in PLACES], weights=[weight for _, weight in PLACES])[0],
        place=place,
        starts=starts,
        ends=ends,
        to_review=moment in (Moment.UPCOMING, Moment.RUNNING) and rng.random() < UNREAD,
        asked_first=moment == Moment.SUBMITTED or rng.random() < ASKED_FIRST,
    )
    planned.people = _people(rng, planned)
    return planned


def dates(rng: Random, moment: Moment, today: date, *, is_recurring: bool) -> tuple[date | None, date | None]:
    """First and last day that fit the moment, three months at most unless it recurs; a draft may not have any yet."""
    if moment in (Moment.DRAFT, Moment.DISCARDED) and rng.random() < 0.4:  # noqa: PLR2004 -- some drafts have no dates
        return None, None
    length = rng.choice(LENGTHS_RECURRING if is_recurring else LENGTHS)
    if moment == Moment.RUNNING:
        since, until = (70, 120) if is_recurring else (12, 20)
        return today - timedelta(days=rng.randint(2, since)), today + timedelta(days=rng.randint(3, until))
    past = {Moment.TO_CLOSE: DAYS_TO_CLOSE, Moment.CLOSED: DAYS_CLOSED, Moment.LONG_OVER: range(36, 150)}.get(moment)
    if past is not None:
        ends = today - timedelta(days=rng.choice(past))
        return ends - timedelta(days=min(length, 40)), ends
    starts = today + timedelta(days=rng.randint(3, 75))
    return starts, starts + timedelta(days=length)


def _people(rng: Random, planned: Plan) -> Counter[ParticipationState]:
    """How many in which status; those who take a place are never more than the places (R34)."""
    people: Counter[ParticipationState] = Counter()
    others = OTHERS.get(planned.moment)
    if others is None or (planned.moment in (Moment.TO_CORRECT, Moment.REFUSED) and planned.asked_first):
        return people  # never was online
    count = min(int(rng.expovariate(1 / OTHERS_PER_MISSION)), 12)
    people.update(rng.choices(list(others), weights=list(others.values()), k=count))
    if planned.moment in (Moment.TO_CORRECT, Moment.REFUSED, Moment.CANCELLED):
        return people
    is_full = rng.random() < FULL
    taking = planned.places if is_full else rng.randint(0, min(planned.places - 1, 5))
    people.update(_taking(rng, planned.moment) for _ in range(taking))
    return people


def _taking(rng: Random, moment: Moment) -> ParticipationState:
    """The status of somebody who takes a place, or who took one."""
    if moment == Moment.UPCOMING:
        return P.ACCEPTED
    if moment == Moment.LONG_OVER:
        return P.DONE
    done = {Moment.RUNNING: 0.08, Moment.TO_CLOSE: 0.35, Moment.CLOSED: 0.7}[moment]
    return P.DONE if rng.random() < done else P.ONGOING
