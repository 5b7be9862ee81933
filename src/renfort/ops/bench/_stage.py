"""What a benchmark plays on: one organisation, its managers, volunteers, missions; written with the demonstration's tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from renfort.missions.enums import Format, ParticipationState, Presence
from renfort.missions.models import Contact, Domain, Mission, Participation
from renfort.missions.selectors.mission import rules_in_force
from renfort.missions.services.search import rebuild as rebuild_search
from renfort.ops.demo.hosts import Founder, Host, grant
from renfort.ops.demo.missions import Chronicler, Lived
from renfort.ops.demo.participations import Applications
from renfort.ops.demo.pen import Pen
from renfort.ops.demo.people import Registry
from renfort.ops.demo.places import Atlas
from renfort.ops.demo.plans import Moment, Plan
from renfort.ops.demo.rows import copy_in, number, reserve
from renfort.ops.demo.story import Story
from renfort.ops.demo.words import domain_texts
from renfort.organisations.enums import Role
from renfort.organisations.models import Organisation
from renfort.people.models import Account, Person

NOBODY_SIGNS_IN = "!"


@dataclass(frozen=True, slots=True)
class Stage:
    """What was written."""

    organisation: Organisation
    missions: list[Mission]
    participations: list[Participation]
    managers: list[Account]
    volunteers: list[Account]


def stage(*, volunteers: int, managers: int, missions: int = 1, places: int = 1, applied: bool = False) -> Stage:
    """Write one organisation with ``managers``, open remote missions of so many ``places``, and people without any history.

    ``applied``: the volunteer of the same number has a pending participation on each mission.
    """
    builder = _Builder(volunteers + managers + 1)
    with transaction.atomic():
        return builder.build(managers=managers, missions=missions, places=places, applied=applied)


class _Builder:
    def __init__(self, people: int) -> None:
        self.rng, self.story = Random(1), Story()  # noqa: S311 -- imaginary people, not secrets
        self.now = timezone.localtime(timezone=timezone.get_default_timezone()).replace(hour=0, minute=0, second=0, microsecond=0)
        self.pen = Pen(self.rng)
        self.place = Atlas().of_code("33063")
        self.registry = Registry(self.rng, self.now.date(), self.now, NOBODY_SIGNS_IN, ids=iter(reserve(Person, people)))
        self.people = people

    def build(self, *, managers: int, missions: int, places: int, applied: bool) -> Stage:
        everybody = [self.registry.anybody(self.place) for _ in range(self.people)]
        operator, team, volunteers = everybody[0], everybody[1 : managers + 1], everybody[managers + 1 :]
        organisation, _, facts = Founder(self.rng, self.now).invent(self.place, reserve(Organisation, 1)[0])
        host = Host(organisation, self.place, team[0], [], team, facts)
        lives, contacts = self._missions(host, operator, missions, places)
        participations = self._applied(lives, volunteers) if applied else []
        grants = [*(grant(person, Role.MANAGER, organisation) for person in team), grant(operator, Role.OPERATOR)]
        grants += [grant(person, Role.VOLUNTEER) for person in volunteers]
        remarks = self.story.bind()
        accounts, addresses = self.registry.accounts, self.registry.addresses
        for unnumbered in (accounts, addresses, grants, contacts, remarks):
            number(unnumbered)
        for address, account in zip(addresses, accounts, strict=True):
            address.user_id = account.pk
        found = [lived.mission for lived in lives]
        for rows in (
            everybody, accounts, addresses, [organisation], grants, found, contacts, participations, self.story.entries, remarks,
        ):  # fmt: skip
            copy_in(rows)
        rebuild_search()
        return Stage(organisation, found, participations, accounts[1 : managers + 1], accounts[managers + 1 :])

    def _missions(self, host: Host, operator: Person, count: int, places: int) -> tuple[list[Lived], list[Contact]]:
        domains = {domain.key: (domain, rules_in_force(domain.pk)) for domain in Domain.objects.filter(key__in=domain_texts())}
        chronicler = Chronicler(self.rng, self.pen, self.story, self.now, operator, domains)
        lives, contacts = [], []
        for pk in reserve(Mission, count):
            planned = Plan(
                host=host, domain="lien-personnes-isolees", moment=Moment.UPCOMING, presence=Presence.REMOTE,
                format=Format.ONE_OFF, places=places, place=self.place, starts=self.now.date() + timedelta(days=10),
                ends=self.now.date() + timedelta(days=12),
            )  # fmt: skip
            lived, reachable = chronicler.write(planned, pk)
            lives.append(lived)
            contacts += reachable
        return lives, contacts

    def _applied(self, lives: Sequence[Lived], volunteers: Sequence[Person]) -> list[Participation]:
        applications = Applications(self.rng, self.pen, self.story, self.now)
        pairs = list(zip(lives, volunteers, strict=False))
        written = [applications.write(lived, person, ParticipationState.PENDING) for lived, person in pairs]
        number(written)
        for (lived, _), participation in zip(pairs, written, strict=True):
            applications.tell(lived, participation)
        return written
