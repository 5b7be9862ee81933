"""Who proposed their help on a mission, and what became of it, with the history that led there (R33)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from renfort.missions.enums import ParticipationState
from renfort.missions.models import Participation, RefusalReason, WithdrawalReason
from renfort.missions.models.reasons import MISSION_OVER
from renfort.missions.rules import END_AFTER
from renfort.ops.demo.hosts import role_key
from renfort.ops.demo.missions import DAY, HOUR, Lived
from renfort.ops.demo.pen import Pen
from renfort.ops.demo.plans import Moment
from renfort.ops.demo.story import CLOCK, Story, between
from renfort.organisations.enums import Role
from renfort.people.models import Person

P = ParticipationState
MINUTE = timedelta(minutes=1)
WAITING_AT_MOST = 12 * DAY  # organisations answer, sooner or later
WENT = (P.ONGOING, P.DONE, P.NO_SHOW)


@dataclass
class Applications:
    """Writes participations."""

    rng: Random
    pen: Pen
    story: Story
    now: datetime

    def write(self, lived: Lived, person: Person, state: ParticipationState) -> Participation:
        """One person's participation on a mission that was online, which ended in ``state``; its history is told."""
        mission = lived.mission
        participation = Participation(
            mission=mission, organisation=mission.organisation, person=person, state=state.value, rules=mission.rules
        )
        participation.created_at = self._applied_at(lived, state)
        return participation

    def tell(self, lived: Lived, participation: Participation) -> None:
        """Lead a numbered participation from its application to its state."""
        at, state, person = participation.created_at, P(participation.state), participation.person_id
        participation.rules_at = at if participation.rules else None
        participation.prerequisites = list(lived.mission.prerequisites)
        participation.prerequisites_at = at if participation.prerequisites else None
        codes = {"rules": participation.rules.pk if participation.rules else None}
        self._tell(participation, "apply", at, "", P.PENDING, role=role_key(Role.VOLUNTEER), actor=person, codes=codes)
        if state == P.PENDING:
            self._hesitate(lived, participation)
        elif state == P.REFUSED:
            self._refuse(lived, participation)
        elif state == P.WITHDRAWN:
            self._withdraw(lived, participation)
        elif state == P.CANCELLED:
            before = self._accept(lived, participation, lived.stopped_at) if self.rng.random() < 0.6 else P.PENDING  # noqa: PLR2004 -- more than half
            self._tell(participation, "cancel_with_mission", lived.stopped_at + MINUTE, before, P.CANCELLED, role=CLOCK)
        else:
            self._go(lived, participation, state)

    def _applied_at(self, lived: Lived, state: ParticipationState) -> datetime:
        start = lived.online_at or lived.mission.created_at
        last = lived.stopped_at - 8 * HOUR
        if state in WENT and _from_the_start(lived):
            last = min(last, lived.plan.begins_at - DAY)
        if state == P.PENDING and lived.plan.moment in (Moment.UPCOMING, Moment.RUNNING):
            start = max(start, self.now - WAITING_AT_MOST)
        return between(self.rng, start + 10 * MINUTE, last)

    def _accept(self, lived: Lived, participation: Participation, before: datetime) -> ParticipationState:
        """Accepted by the person in charge some time before a moment."""
        at = between(self.rng, participation.created_at + HOUR, min(before - HOUR, participation.created_at + 6 * DAY))
        self._decide(lived, participation, "accept", at, P.ACCEPTED)
        return P.ACCEPTED

    def _decide(
        self, lived: Lived, participation: Participation, verb: str, at: datetime, after: ParticipationState, *,
        codes: Mapping[str, object] | None = None, texts: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        """What the organisation does with an application that waits."""
        participation.decided_at, participation.decided_by = at, lived.mission.responsible
        self._tell(
            participation, verb, at, P.PENDING, after, role=lived.plan.role, actor=lived.mission.responsible_id,
            codes=codes, texts=texts,
        )  # fmt: skip

    def _hesitate(self, lived: Lived, participation: Participation) -> None:
        """A few were accepted, then put back on hold before the mission began."""
        room = self.now - participation.created_at
        if lived.plan.moment != Moment.UPCOMING or room < DAY or self.rng.random() > 0.05:  # noqa: PLR2004 -- a few
            return
        self._accept(lived, participation, participation.created_at + 10 * HOUR)
        at = between(self.rng, participation.created_at + 12 * HOUR, self.now - HOUR)
        host, responsible = lived.plan.role, lived.mission.responsible_id
        self._tell(participation, "take_back", at, P.ACCEPTED, P.PENDING, role=host, actor=responsible)
        participation.decided_at = participation.decided_by = None

    def _refuse(self, lived: Lived, participation: Participation) -> None:
        """By the organisation with a reason; by the clock when the mission was closed without an answer."""
        if lived.ended_at is not None and self.rng.random() < 0.4:  # noqa: PLR2004 -- less than half got no answer
            at = lived.ended_at + MINUTE
            participation.decided_at, participation.refusal_reason = at, MISSION_OVER
            self._tell(participation, "lapse", at, P.PENDING, P.REFUSED, role=CLOCK)
            return
        at = between(self.rng, participation.created_at + HOUR, min(lived.stopped_at - HOUR, participation.created_at + 9 * DAY))
        reason = self.pen.reason(RefusalReason)
        participation.refusal_reason = reason
        message = self.pen.detail("messages")
        self._decide(lived, participation, "refuse", at, P.REFUSED, codes={"reason": reason}, texts={"message": message})

    def _withdraw(self, lived: Lived, participation: Participation) -> None:
        before = P.PENDING
        if self.rng.random() < 0.4:  # noqa: PLR2004 -- some had been accepted
            before = self._accept(lived, participation, participation.created_at + 5 * HOUR)
        at = between(self.rng, participation.created_at + 6 * HOUR, lived.stopped_at - HOUR)
        if before == P.ACCEPTED and at > lived.plan.begins_at:
            before = self._start(lived, participation)
            at = max(at, lived.plan.begins_at + HOUR)
        participation.withdrawal_reason = self.pen.reason(WithdrawalReason)
        self._tell(
            participation, "withdraw", at, before, P.WITHDRAWN, role=role_key(Role.VOLUNTEER), actor=participation.person_id,
            codes={"reason": participation.withdrawal_reason},
        )  # fmt: skip

    def _go(self, lived: Lived, participation: Participation, state: ParticipationState) -> None:
        """Accepted, begun, and as far as ``state`` says."""
        if lived.plan.moment not in (Moment.UPCOMING, Moment.RUNNING):
            participation.asked_at = lived.plan.over_at + 9 * HOUR  # as the mission was
        limit = lived.plan.begins_at if _from_the_start(lived) else lived.stopped_at
        before = self._accept(lived, participation, limit)
        if state in WENT:
            before = self._start(lived, participation)
        if state not in (P.DONE, P.NO_SHOW):
            return
        begun, clock_at = lived.plan.begins_at, lived.plan.over_at + END_AFTER + MINUTE
        if state == P.DONE and lived.plan.moment == Moment.LONG_OVER and self.rng.random() < 0.5:  # noqa: PLR2004 -- one in two
            self._tell(participation, "complete", clock_at, before, P.DONE, role=CLOCK)
            return
        earliest = max(begun, participation.decided_at or begun) + HOUR
        if lived.plan.moment != Moment.RUNNING:
            earliest = max(earliest, lived.plan.over_at)
        at = between(self.rng, earliest, min(self.now, lived.plan.over_at + 20 * DAY))
        verb = "complete" if state == P.DONE else "miss"
        host, responsible = lived.plan.role, lived.mission.responsible_id
        self._tell(participation, verb, at, before, state, role=host, actor=responsible)

    def _start(self, lived: Lived, participation: Participation) -> ParticipationState:
        """The clock says that it has begun: on the first day, or at once when somebody is accepted later."""
        at = max(lived.plan.begins_at, participation.decided_at or lived.plan.begins_at) + MINUTE
        self._tell(participation, "start", at, P.ACCEPTED, P.ONGOING, role=CLOCK)
        return P.ONGOING

    def _tell(
        self, participation: Participation, verb: str, at: datetime, before: str, after: ParticipationState, *,
        role: str, actor: int | None = None, codes: Mapping[str, object] | None = None, texts: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        participation.version += verb != "apply"
        self.story.tell(
            participation, f"missions.participation.{verb}", at, role=role, actor=actor, before=before, after=after,
            codes=codes, texts=texts,
        )  # fmt: skip


def _from_the_start(lived: Lived) -> bool:
    """Whether those who went were accepted before the first day: always when it is over, and where hours are written out."""
    plan = lived.plan
    return plan.moment not in (Moment.UPCOMING, Moment.RUNNING) or (plan.moment == Moment.RUNNING and bool(plan.key))
