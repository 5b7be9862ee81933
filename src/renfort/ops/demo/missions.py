"""From a plan to a mission with its history, as the workflow would have led it there (R20)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from renfort.missions.enums import Format, MissionState, Presence
from renfort.missions.models import CancellationReason, Contact, Domain, DomainRules, Mission
from renfort.missions.rules import END_AFTER, FIRST_REMINDER, SECOND_REMINDER
from renfort.ops.demo.hosts import beside, role_key
from renfort.ops.demo.pen import Page, Pen, Subject
from renfort.ops.demo.plans import Moment, Plan
from renfort.ops.demo.story import CLOCK, Story, between
from renfort.organisations.enums import Role
from renfort.people.models import Person

M = MissionState
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ONLINE = (Moment.UPCOMING, Moment.RUNNING, Moment.TO_CLOSE, Moment.CLOSED, Moment.LONG_OVER)


@dataclass(frozen=True, slots=True)
class Lived:
    """A mission that has lived: since when it could be applied to, until when, and when it was closed."""

    mission: Mission
    plan: Plan
    stopped_at: datetime
    online_at: datetime | None = None
    ended_at: datetime | None = None
    publics: tuple[str, ...] = ()  # whom it serves, by key


@dataclass
class Chronicler:
    """Writes missions."""

    rng: Random
    pen: Pen
    story: Story
    now: datetime
    operator: Person
    domains: dict[str, tuple[Domain, DomainRules | None]]
    tutors: frozenset[int] = frozenset()  # persons who run missions as « tuteurs »

    def write(self, plan: Plan, pk: int) -> tuple[Lived, list[Contact]]:
        """The mission of ``plan`` with its contacts; its history is told."""
        page = self._page(plan)
        mission = self._draw(plan, page, pk)
        return replace(self._live(plan, mission), publics=page.publics), self._contacts(plan, mission)

    def _page(self, plan: Plan) -> Page:
        """What the mission says: as written out in the plan, else as the pen has it."""
        if plan.page is not None:
            return plan.page
        subject = Subject(
            domain=plan.domain,
            remote=plan.presence == Presence.REMOTE,
            recurring=plan.format == Format.RECURRING,
            place=plan.place,
            organisation=plan.host.organisation.name,
            we=plan.host.facts.we,
            activities=plan.host.facts.activities,
            starts=plan.starts,
            ends=plan.ends,
            today=self.now.date(),
            bare=plan.moment in (Moment.DRAFT, Moment.DISCARDED) and plan.starts is None,
        )
        return self.pen.write(subject)

    def _draw(self, plan: Plan, page: Page, pk: int) -> Mission:
        """The mission's own fields, without its life."""
        domain, rules = self.domains[plan.domain]
        remote, bare = plan.presence == Presence.REMOTE, plan.moment in (Moment.DRAFT, Moment.DISCARDED)
        place, organisation = plan.place, plan.host.organisation
        address, postcode = self.pen.address(), self.rng.choice(place.postcodes)
        point: tuple[float | None, float | None] = beside(self.rng, place)
        if plan.host.facts.where:  # what happens in a home happens at its address
            address, postcode = organisation.address, organisation.postcode
            point = organisation.latitude, organisation.longitude
        return Mission(
            pk=pk,
            organisation=organisation,
            domain=domain,
            title=page.title,
            presence=plan.presence.value,
            format=plan.format.value,
            places=plan.places,
            starts_on=plan.starts,
            ends_on=plan.ends,
            schedule=page.schedule,
            description=page.description,
            safety="" if remote or bare else self.pen.detail("safety"),
            address="" if remote else address,
            postcode="" if remote else postcode,
            city="" if remote else place.city,
            commune_id=None if remote else place.code,
            department_id=place.department,
            zone=place.zone,
            latitude=None if remote else point[0],
            longitude=None if remote else point[1],
            responsible=plan.responsible or self.rng.choice(plan.host.team),
            rules=None if bare else rules,
            prerequisites=plan.prerequisites,
            state=plan.state.value,
        )

    def _live(self, plan: Plan, mission: Mission) -> Lived:
        """Tell the mission's life and stamp it."""
        first = min(plan.begins_at, self.now) - timedelta(days=self.rng.randint(3, 35)) + self._hours()
        opened = first - timedelta(days=self.rng.randint(0, 4)) - self.rng.randint(2, 9) * HOUR
        mission.created_at = opened
        mission.rules_at = opened if mission.rules else None
        self._tell(mission, "open", opened, "", M.DRAFT)
        if plan.moment == Moment.DRAFT:
            return Lived(mission, plan, opened)
        if plan.moment == Moment.DISCARDED:
            self._tell(mission, "discard", first, M.DRAFT, M.CANCELLED)
            return Lived(mission, plan, first)
        online_at = self._propose(plan, mission, first)
        if plan.moment in ONLINE:
            mission.published_at = online_at
            return Lived(mission, plan, min(plan.over_at, self.now), online_at, self._close(plan, mission))
        return Lived(mission, plan, self._stop(plan, mission, online_at or first), online_at)

    def _hours(self) -> timedelta:
        return self.rng.randint(8 * 60, 19 * 60) * timedelta(minutes=1)

    def _propose(self, plan: Plan, mission: Mission, at: datetime) -> datetime | None:
        """Proposed, read, online; None when it never came that far."""
        if not plan.asked_first:
            self._tell(mission, "publish", at, M.DRAFT, M.PUBLISHED)
            if not plan.to_review and plan.moment in ONLINE:
                read = between(self.rng, at + HOUR, min(at + 2 * DAY, self.now))
                self._read(mission, "review", read, M.PUBLISHED)
            return at
        self._tell(mission, "submit", at, M.DRAFT, M.SUBMITTED)
        if plan.moment in (Moment.SUBMITTED, Moment.TO_CORRECT, Moment.REFUSED):
            return None
        read = between(self.rng, at + HOUR, min(at + DAY, self.now))
        self._read(mission, "validate", read, M.SUBMITTED)
        return read

    def _read(self, mission: Mission, verb: str, at: datetime, before: MissionState) -> None:
        mission.reviewed_at, mission.reviewed_by = at, self.operator
        self._answer(mission, verb, at, before, M.PUBLISHED)

    def _close(self, plan: Plan, mission: Mission) -> datetime | None:
        """Reminders and the end of a mission that was online, as far as they have come. Returns when it was closed."""
        over = plan.over_at
        if plan.moment in (Moment.UPCOMING, Moment.RUNNING):
            return None
        mission.asked_at = over + 9 * HOUR  # a demonstration begins without e-mails that nobody asked for
        ended = self._end_of(plan)
        for name, after in (("first", FIRST_REMINDER), ("second", SECOND_REMINDER)):
            at = over + after + timedelta(minutes=1)
            if at < min(self.now, ended):
                setattr(mission, f"{name}_reminder_at", at)
                self._tell(mission, f"remind_{name}", at, M.PUBLISHED, M.PUBLISHED, by_clock=True)
        if plan.moment == Moment.TO_CLOSE:
            return None
        self._tell(mission, "end", ended, M.PUBLISHED, M.ENDED, by_clock=ended > over + END_AFTER)
        return ended

    def _end_of(self, plan: Plan) -> datetime:
        """When somebody closed it, or the clock after thirty days."""
        if plan.moment == Moment.TO_CLOSE:
            return self.now
        if plan.moment == Moment.LONG_OVER and self.rng.random() < 0.5:  # noqa: PLR2004 -- one in two is left to the clock
            return plan.over_at + END_AFTER + timedelta(minutes=1)
        return between(self.rng, plan.over_at + HOUR, min(self.now, plan.over_at + 25 * DAY))

    def _stop(self, plan: Plan, mission: Mission, since: datetime) -> datetime:
        """Not online (any more): still waiting, sent back, refused, cancelled."""
        if plan.moment == Moment.SUBMITTED:
            return since
        at = between(self.rng, since + 5 * HOUR, self.now - 2 * HOUR)
        before = M.SUBMITTED if plan.asked_first and plan.moment != Moment.CANCELLED else M.PUBLISHED
        if plan.moment == Moment.CANCELLED:
            reason = self.pen.reason(CancellationReason)
            self._tell(mission, "cancel", at, before, M.CANCELLED, codes={"reason": reason})
        elif plan.moment == Moment.REFUSED:
            self._answer(mission, "refuse", at, before, M.REFUSED, reasons=self.pen.detail("refusals"))
        else:
            self._answer(mission, "ask_correction", at, before, M.TO_CORRECT, reasons=self.pen.detail("corrections"))
        return at

    def _tell(
        self, mission: Mission, verb: str, at: datetime, before: str, after: MissionState, *,
        by_clock: bool = False, codes: dict[str, object] | None = None,
    ) -> None:  # fmt: skip
        """Something that the organisation or the clock did."""
        own = Role.MISSION_TUTOR if mission.responsible_id in self.tutors else Role.MANAGER
        role = CLOCK if by_clock else role_key(own, organisation=mission.organisation_id)
        actor = None if by_clock else mission.responsible_id
        mission.version += verb != "open"
        self.story.tell(mission, f"missions.mission.{verb}", at, role=role, actor=actor, before=before, after=after, codes=codes)

    def _answer(self, mission: Mission, verb: str, at: datetime, before: str, after: MissionState, *, reasons: str = "") -> None:
        """Something that the operator did."""
        mission.version += 1
        self.story.tell(
            mission, f"missions.mission.{verb}", at, role=role_key(Role.OPERATOR), actor=self.operator.pk,
            before=before, after=after, texts={"reasons": reasons},
        )  # fmt: skip

    def _contacts(self, plan: Plan, mission: Mission) -> list[Contact]:
        """The person in charge, and now and then a colleague."""
        team = [mission.responsible, *(person for person in plan.host.team if person.pk != mission.responsible_id)]
        return [
            Contact(
                mission=mission, name=person.full_name, phone=person.mobile_phone, email=person.email,
                hours=self.pen.detail("hours"), position=position,
            )
            for position, person in enumerate(team[: 1 + (self.rng.random() < 0.2)])  # noqa: PLR2004 -- a fifth has two
        ]  # fmt: skip
