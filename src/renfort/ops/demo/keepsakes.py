"""What the named people keep, said and wait for beside their participations, so that every page of theirs shows something.

Hours, turns in a waiting list and a contested absence have a history: they are imagined with everything else (``lived_rows``).
Views, words written once, papers and news come after, when the rows that they speak of are written (``afterwards``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model, QuerySet

from renfort.audit.models import ContactView
from renfort.kernel.actors import SERVICE, Actor
from renfort.kernel.events import Event
from renfort.kernel.messages import MESSAGES
from renfort.missions.enums import HoursState, ParticipationState, Presence, Side, WaitingState
from renfort.missions.models import Favourite, HoursEntry, Mission, Participation, ReplyTemplate, SavedView, Waiting
from renfort.missions.selectors.absences import contestable_until
from renfort.missions.services.papers import issue_attestation, issue_certificate
from renfort.missions.services.templates import save_as_template
from renfort.notifications.dispatch import enqueue
from renfort.ops.demo.hosts import Host, role_key
from renfort.ops.demo.missions import DAY, HOUR, Lived
from renfort.ops.demo.named import BENEVOLE, Cast
from renfort.ops.demo.plans import Moment
from renfort.ops.demo.rows import copy_in, number
from renfort.ops.demo.story import CLOCK, Story
from renfort.ops.demo.words import texts
from renfort.ops.greeting import DEMO_DOMAIN
from renfort.organisations.enums import Role
from renfort.organisations.selectors import actor_of
from renfort.organisations.services import InvitationFacts, ask_to_join, invite
from renfort.people.models import Person

P = ParticipationState
FAVOURITES = 3
NEWS = 3  # applications that the organisation has not read about yet
WENT = (P.ONGOING, P.DONE)


@dataclass
class Keepsakes:
    """Writes what is said at the end of ``texts/named.toml``."""

    crew: Cast
    lives: Sequence[Lived]
    participations: Sequence[Participation]
    story: Story
    now: datetime

    def __post_init__(self) -> None:
        self.said: dict[str, Any] = texts("named")
        self.by_key = {lived.plan.key: lived for lived in self.lives if lived.plan.key}
        self.person = self.crew.people[BENEVOLE]

    # ── with a history ────────────────────────────────────────────────────────────────────────────
    def lived_rows(self) -> list[Sequence[Model]]:
        """Hours, turns in line, deputies, favourites: numbered, their history told; one absence is contested."""
        self._contest()
        told = [(said, entry) for said in self.said["hours"] for entry in self._hours(said)]
        hours = [entry for _, entry in told]
        turns = self._turns()
        favourites = self._favourites()
        deputies = [
            Mission.deputies.through(mission_id=lived.mission.pk, person_id=person.pk)
            for lived in self.by_key.values()
            for person in lived.plan.deputies
        ]
        for rows in (hours, turns, favourites, deputies):
            number(rows)
        for said, entry in told:
            self._tell_hours(said, entry)
        for said, turn in zip(self.said["turn"], turns, strict=True):
            self._tell_turn(said, turn)
        return [hours, turns, favourites, deputies]

    def _on(self, key: str) -> list[Participation]:
        """The participations of a mission, in the order in which they came."""
        return [each for each in self.participations if each.mission_id == self.by_key[key].mission.pk]

    def _of(self, key: str, who: str | int) -> Participation | None:
        """Somebody named, or the how-manieth of the others who went; None when chance left too few."""
        found = [each for each in self._on(key) if each.state in WENT]
        if isinstance(who, str):
            return next((each for each in found if each.person_id == self.crew.people[who].pk), None)
        others = [each for each in found if each.person_id not in {person.pk for person in self.crew.people.values()}]
        return others[who - 1] if len(others) >= who else None

    def _hours(self, said: dict[str, Any]) -> Iterator[HoursEntry]:
        participation = self._of(said["mission"], said["who"])
        first = self.by_key[said["mission"]].plan.starts
        if participation is None or first is None:
            return
        entry = HoursEntry(
            participation=participation,
            first_on=first + timedelta(days=said["from"]),
            last_on=first + timedelta(days=said["to"]),
            quarters=said["quarters"],
            side=said["side"],
            state=HoursState.DECLARED.value,
            said_at=self._ago(said["said"]),
            said_by=participation.person if said["side"] == Side.VOLUNTEER else participation.mission.responsible,
        )
        if "agreed" in said:
            entry.state, entry.version, entry.confirmed_at = HoursState.CONFIRMED.value, 2, self._ago(said["agreed"])
            entry.confirmed_by = participation.mission.responsible if said["side"] == Side.VOLUNTEER else participation.person
        yield entry

    def _tell_hours(self, said: dict[str, Any], entry: HoursEntry) -> None:
        days = {"first_on": entry.first_on.isoformat(), "last_on": entry.last_on.isoformat()}
        sides = {Side.VOLUNTEER.value: role_key(Role.VOLUNTEER), Side.HOST.value: self.by_key[said["mission"]].plan.role}
        self.story.tell(
            entry, "missions.hoursentry.declare", entry.said_at, role=sides[entry.side], actor=entry.said_by_id,
            after=HoursState.DECLARED, codes={**days, "quarters": entry.quarters, "side": entry.side},
        )  # fmt: skip
        if entry.confirmed_at is not None:
            other = next(role for side, role in sides.items() if side != entry.side)
            self.story.tell(
                entry, "missions.hoursentry.confirm", entry.confirmed_at, role=other, actor=entry.confirmed_by_id,
                before=HoursState.DECLARED, after=HoursState.CONFIRMED,
            )  # fmt: skip

    def _turns(self) -> list[Waiting]:
        made = []
        for said in self.said["turn"]:
            mission, person = self.by_key[said["mission"]].mission, self._who_waits(said)
            turn = Waiting(
                mission=mission, person=person, state=WaitingState.WAITING.value, created_at=self._ago(said["joined"]),
                rules=mission.rules, rules_at=self._ago(said["joined"]) if mission.rules else None,
            )  # fmt: skip
            if "offered" in said:
                turn.state, turn.version = WaitingState.OFFERED.value, 2
                turn.offered_at, turn.offer_until = self._ago(said["offered"]), self.now + 2 * DAY + 18 * HOUR
            made.append(turn)
        return made

    def _who_waits(self, said: dict[str, Any]) -> Person:
        """Somebody named; else somebody who asked the same organisation for another mission in person, so near and of an age."""
        if said["who"] in self.crew.people:
            return self.crew.people[said["who"]]
        mission = self.by_key[said["mission"]].mission
        there = {each.person_id for each in self._on(said["mission"])}
        return next(
            each.person
            for each in self.participations
            if each.organisation_id == mission.organisation_id
            and each.mission.presence == Presence.ON_SITE.value
            and each.person_id not in there
            and each.person not in self.crew.people.values()
        )

    def _tell_turn(self, said: dict[str, Any], turn: Waiting) -> None:
        codes = {"rules": turn.rules_id}
        role, person = role_key(Role.VOLUNTEER), turn.person_id
        self.story.tell(
            turn, "missions.waiting.join", turn.created_at, role=role, actor=person, after=WaitingState.WAITING, codes=codes
        )
        if turn.offered_at is not None:
            self.story.tell(
                turn, "missions.waiting.offer", turn.offered_at, role=CLOCK,
                before=WaitingState.WAITING, after=WaitingState.OFFERED,
            )  # fmt: skip

    def _contest(self) -> None:
        """Somebody who is said not to have come says otherwise, and waits for an answer."""
        for said in self.said["contest"]:
            lived = self.by_key[said["mission"]]
            absent = next((each for each in self._on(said["mission"]) if each.state == P.NO_SHOW), None)
            if absent is None:
                continue
            verb = "missions.participation.miss"
            missed = next(entry.at for entry in self.story.entries if entry.verb == verb and entry.object_id == absent.pk)
            absent.missed_at, absent.contestable_until = missed, contestable_until(missed, lived.mission.zone)
            absent.contested_at = min(missed + 5 * HOUR, self.now)
            absent.version += 1
            self.story.tell(
                absent, "missions.participation.contest", absent.contested_at, role=role_key(Role.VOLUNTEER),
                actor=absent.person_id, before=P.NO_SHOW, after=P.NO_SHOW, texts={"message": said["message"]},
            )  # fmt: skip

    def _favourites(self) -> list[Favourite]:
        """Missions to come near the named volunteer, and the nearest there are when chance made few."""
        upcoming = [lived for lived in self.lives if lived.plan.moment == Moment.UPCOMING and not lived.plan.key]
        home = self.by_key["maraude"].mission.department_id
        chosen = sorted(upcoming, key=lambda lived: lived.mission.department_id != home)[:FAVOURITES]
        return [
            Favourite(person=self.person, mission=lived.mission, created_at=self._ago(1 + days))
            for days, lived in enumerate(chosen)
        ]

    def _ago(self, days: float) -> datetime:
        """So many days before today, at nine in the morning for whole ones."""
        at = self.now - timedelta(days=days)
        return at + 9 * HOUR if days >= 1 else at

    # ── afterwards ────────────────────────────────────────────────────────────────────────────────
    def afterwards(self) -> None:
        """Views, words written once, looks, then what the services do: a template, papers, an invitation, a request, news."""
        hosts, people = self.crew.hosts, self.crew.people
        views: list[Model] = [
            SavedView(
                organisation=hosts[said["host"]].organisation, person=people[said["who"]], kind=said["kind"], name=said["name"],
                query=said["query"], is_shared=said.get("shared", False), created_at=self._ago(60),
            )
            for said in self.said["view"]
        ]  # fmt: skip
        replies: list[Model] = [
            ReplyTemplate(
                organisation=hosts[said["host"]].organisation, name=said["name"], text=said["text"], created_at=self._ago(90)
            )
            for said in self.said["reply"]
        ]
        for rows in (views, replies, self._looks()):
            number(rows)
            copy_in(rows)
        self._serve()
        self._news()

    def _looks(self) -> list[Model]:
        return [
            ContactView(
                viewer_id=self.crew.people[said["who"]].pk, subject_id=self.person.pk, day=self._ago(said["days"]).date(),
                at=self._ago(said["days"]), organisation_id=self.crew.hosts[said["host"]].organisation.pk,
                role=role_key(self._role(said), organisation=self.crew.hosts[said["host"]].organisation.pk), way=said["way"],
            )
            for said in self.said["look"]
        ]  # fmt: skip

    def _role(self, said: dict[str, Any]) -> Role:
        is_manager = self.crew.people[said["who"]] in self.crew.hosts[said["host"]].team
        return Role.MANAGER if is_manager else Role.MISSION_TUTOR

    def _serve(self) -> None:
        """What the services do, as the people themselves would ask for it."""
        for said in self.said["template"]:
            lived = self.by_key[said["mission"]]
            save_as_template(actor=self._manager(lived.plan.host), mission=lived.mission, name=said["name"])
        own = actor_of(self.person.pk)
        issue_attestation(actor=own, participation=self._expected())
        issue_certificate(actor=own, person=self.person, first_on=None, last_on=None, today=self.now.date())
        said = self.said["invitation"]
        host = self.crew.hosts[said["host"]]
        names = {name: said[name] for name in ("first_name", "last_name", "role")}
        facts = InvitationFacts(email=f"{said['email']}{DEMO_DOMAIN}", **names)
        invite(actor=self._manager(host), organisation=host.organisation, facts=facts)
        said = self.said["request"]
        asker = next(each.person for each in self._on(said["mission"]) if each.state == P.PENDING)
        ask_to_join(actor=actor_of(asker.pk), person=asker, organisation=self.crew.hosts[said["host"]].organisation)

    def _manager(self, host: Host) -> Actor:
        return actor_of(host.manager.pk)

    def _news(self) -> None:
        """Behind the bell, and among the e-mails that the operator reads: what happened last to the named people."""
        accepted = self._expected()
        pending = self._stored().filter(state=P.PENDING, organisation=accepted.organisation_id).order_by("-created_at")
        self._say("missions.participation.accepted", accepted, accepted.decided_at)
        for each in reversed(pending[:NEWS]):
            self._say("missions.participation.to_answer", each, each.created_at)
        turns = Waiting.objects.filter(person=self.person, state=WaitingState.OFFERED)
        for turn in turns.select_related("person", "mission__organisation", "mission__domain"):
            self._say("missions.waiting.offered", turn, turn.offered_at)

    def _expected(self) -> Participation:
        """The named volunteer's participation to come, as written."""
        return self._stored().get(mission=self.by_key["maraude"].mission, person=self.person)

    def _stored(self) -> QuerySet[Participation]:
        return Participation.objects.select_related("person", "mission__organisation", "mission__domain", "mission__responsible")

    def _say(self, key: str, obj: Model, at: datetime | None) -> None:
        message = MESSAGES[key]
        enqueue(Event(name=key, obj=obj, actor=SERVICE, at=at or self.now, tells=(message,)))
