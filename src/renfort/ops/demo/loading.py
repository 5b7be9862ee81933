"""Load the demonstration: imagine it all in memory, then write it with COPY in one transaction (decision 29)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from renfort.kernel.actors import SERVICE
from renfort.kernel.sentences import Sentence
from renfort.missions.enums import ParticipationState, Presence
from renfort.missions.models import Contact, Domain, Mission, Participation, Public
from renfort.missions.selectors.mission import rules_in_force
from renfort.missions.services.checks import ask_recheck
from renfort.missions.services.search import rebuild as rebuild_search
from renfort.ops.demo import named, networks
from renfort.ops.demo.cases import write_cases
from renfort.ops.demo.hosts import Founder, Host, describe, grant, over, role_key
from renfort.ops.demo.keepsakes import Keepsakes
from renfort.ops.demo.missions import Chronicler, Lived
from renfort.ops.demo.participations import Applications
from renfort.ops.demo.pen import Pen
from renfort.ops.demo.people import Crowd, Registry
from renfort.ops.demo.places import OVERSEAS, Atlas, Place
from renfort.ops.demo.plans import Moment, Plan, plan
from renfort.ops.demo.rows import copy_in, number, reserve
from renfort.ops.demo.slots import slots_for
from renfort.ops.demo.story import Story
from renfort.ops.demo.words import domain_texts
from renfort.ops.greeting import DEMO_DOMAIN, DEMO_PASSWORD
from renfort.organisations.enums import Role
from renfort.organisations.models import Grant, NetworkMembership, Organisation, Referent
from renfort.parameters.catalogue import AGE_LIMIT_ON_SITE
from renfort.parameters.selectors import value_of
from renfort.people.models import Account, Person

LOCK = 5_224_307_293  # two loads started together: the second finds the first one's
MISSIONS_PER_HOST = 6
SECOND_MANAGER = 0.25
ENOUGH_FOR_ALL = 2  # organisations for each department: then none is left out
FEWEST_MISSIONS, FEWEST_PEOPLE = 20, 40
MOST_MISSIONS, MOST_PEOPLE, LARGEST_SEED = 100_000, 200_000, 2**63 - 1  # all of it is imagined in memory first
PEOPLE_PER_HOST = 3  # an organisation has one or two managers, and wants somebody to come
Progress = Callable[[str], None]


class NotADemoError(Sentence):
    """Imaginary people have no place in this installation."""


class WrongSizeError(Sentence):
    """So many cannot be imagined, or the named accounts alone need more."""


class NotEmptyError(Sentence):
    """Real people or organisations are there already: nobody could tell them from imaginary ones afterwards."""


def load(*, missions: int = 300, volunteers: int = 600, seed: int = 1, progress: Progress | None = None) -> dict[str, int]:
    """Add the demonstration: ``missions`` missions and ``volunteers`` people, the same for a seed and a day.

    Returns how many rows of each kind were written; nothing is written, and it says so, when a demonstration is there.

    Raises:
        NotADemoError: outside demonstration mode.
        WrongSizeError: fewer than the named accounts need, too few people for the missions, or more than memory holds.
        NotEmptyError: the database holds something else than a demonstration.
        NoGeographyError: the communes have not been loaded.
    """
    if not settings.DEMO:
        raise NotADemoError(
            "Les données de démonstration ne se chargent qu'en mode démonstration (RENFORT_DEMO=1), jamais sur un vrai site."
        )
    _check(missions, volunteers, seed)
    say = progress or print
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        if Account.objects.filter(email=f"{named.OPERATOR}{DEMO_DOMAIN}").exists():
            say("La démonstration est déjà là : rien n'a été ajouté ni changé.")
            return {}
        if Account.objects.exists() or Organisation.objects.exists():
            raise NotEmptyError(
                "Cette base contient déjà des comptes ou des structures qui ne sont pas de la démonstration : "
                "rien n'a été ajouté. Chargez-la dans une base neuve."
            )
        return Demonstration(missions=missions, volunteers=volunteers, seed=seed, say=say).write()


def _check(missions: int, volunteers: int, seed: int) -> None:
    """Refuse what cannot be imagined, before anything is.

    Raises:
        WrongSizeError: with a sentence that says what would do.
    """
    for option, value, fewest, most in (
        ("--missions", missions, FEWEST_MISSIONS, MOST_MISSIONS),
        ("--volunteers", volunteers, FEWEST_PEOPLE, MOST_PEOPLE),
        ("--seed", seed, 0, LARGEST_SEED),
    ):
        if not fewest <= value <= most:
            raise WrongSizeError(f"{option} : {value} ne convient pas, donnez un nombre de {fewest} à {most}.")
    needed = PEOPLE_PER_HOST * _hosts_for(missions)
    if volunteers < needed:
        raise WrongSizeError(
            f"--volunteers : {volunteers} personnes ne suffisent pas à {missions} missions et à leurs structures, "
            f"il en faut au moins {needed}."
        )


def _hosts_for(missions: int) -> int:
    """How many organisations share so many missions, beside the named ones."""
    return max(missions // MISSIONS_PER_HOST, 4)


@dataclass
class Demonstration:
    """One demonstration being made. ``hosts`` is how many organisations share the missions; 0: as many as there would be."""

    missions: int
    volunteers: int
    seed: int
    say: Progress
    hosts: int = 0
    story: Story = field(default_factory=Story)
    grants: list[Grant] = field(default_factory=list)
    referents: list[Referent] = field(default_factory=list)
    memberships: list[NetworkMembership] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    publics: list[Model] = field(default_factory=list)
    agreements: list[Model] = field(default_factory=list)
    crew: named.Cast = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.seed)  # noqa: S311 -- imaginary people, not secrets
        self.now = timezone.localtime(timezone=timezone.get_default_timezone()).replace(hour=0, minute=0, second=0, microsecond=0)
        self.pen = Pen(self.rng)
        self.atlas = Atlas()

    def write(self) -> dict[str, int]:
        """Imagine and write everything. Returns the counts; the caller holds the transaction."""
        registry = Registry(self.rng, self.now.date(), self.now, make_password(DEMO_PASSWORD))
        registry.ids = iter(reserve(Person, self.volunteers + len(named.officer_texts())))
        crew, hosts = self._organisations(registry)
        self.crew = crew
        crowd = self._volunteers(registry, crew, hosts)
        self.say(f"{len(hosts)} structures et {len(registry.persons)} personnes imaginées…")
        lives = self._missions(crew, hosts)
        self.say(f"{len(lives)} missions imaginées…")
        participations = self._participations(lives, crowd)
        self.say(f"{len(participations)} participations imaginées, écriture…")
        return self._write(registry, [host.organisation for host in hosts], lives, participations)

    def _organisations(self, registry: Registry) -> tuple[named.Cast, list[Host]]:
        """The named organisations, then invented ones all over the country."""
        count = self.hosts or _hosts_for(self.missions)
        ids = reserve(Organisation, count + 3)
        crew = named.cast(registry, self.atlas, self.now, ids)
        hosts = list(crew.hosts.values())
        founder = Founder(self.rng, self.now, {host.organisation.name for host in hosts})
        for place, pk in zip(self._sites(count), ids[len(hosts) :], strict=True):
            organisation, domains, facts = founder.invent(place, pk)
            team = [registry.anybody(place, in_charge=True) for _ in range(1 + (self.rng.random() < SECOND_MANAGER))]
            hosts.append(Host(organisation, place, team[0], domains, team, facts))
        self.agreements = describe(hosts)
        for host in hosts:
            self._open(host)
        return crew, hosts

    def _sites(self, count: int) -> list[Place]:
        """Where the organisations are: in proportion to the people, but overseas is never forgotten.

        When there are enough, every department has one: those without take the place of one where there are most.
        """
        everywhere = [code for code in self.atlas.departments if code not in OVERSEAS]
        wanted = [*OVERSEAS, *(everywhere if count >= ENOUGH_FOR_ALL * len(everywhere) else ())] if not self.hosts else []
        sites = [self.atlas.anywhere(self.rng) for _ in range(count)]
        counts = Counter(place.department for place in sites)
        for code in wanted:
            if counts[code]:
                continue
            most = max(counts, key=lambda department: (counts[department], department not in wanted, department))
            position = next(at for at, place in enumerate(sites) if place.department == most)
            sites[position] = self.atlas.near(self.rng, code)
            counts[most] -= 1
            counts[code] += 1
        return sites

    def _open(self, host: Host) -> None:
        """The organisation was registered by its first manager; colleagues came at once."""
        organisation, at = host.organisation, host.organisation.created_at
        role = role_key(Role.VOLUNTEER)
        self.story.tell(organisation, "organisations.organisation.open", at, role=role, actor=host.manager.pk)
        self.grants += [grant(person, Role.MANAGER, organisation) for person in host.team]
        self.grants += [grant(person, Role.MISSION_TUTOR, organisation) for person in host.tutors]

    def _volunteers(self, registry: Registry, crew: named.Cast, hosts: Sequence[Host]) -> Crowd:
        """Everybody else: three in four live in the department of an organisation."""
        helpers = []
        while len(registry.persons) < self.volunteers:
            near = self.rng.choice(hosts).place.department if self.rng.random() < 0.75 else ""  # noqa: PLR2004 -- three in four
            helpers.append(registry.anybody(self.atlas.near(self.rng, near) if near else self.atlas.anywhere(self.rng)))
        for key, roles in crew.roles.items():
            self.grants += [grant(crew.people[key], Role(role)) for role in roles]
        officers = named.officers(registry, self.atlas)
        head = officers[named.SUPERVISOR]
        self.grants.append(networks.heads(head))
        self.memberships = networks.memberships(hosts, head, self.story, self.now)
        for referent, departments in named.posts(officers):
            self.referents.append(referent)
            self.grants += [over(referent.person, department) for department in departments]
        adults = [person for person in helpers if registry.is_adult(person)]
        self.grants += [grant(person, Role.VOLUNTEER) for person in adults]
        return Crowd(adults, registry.homes)

    def _missions(self, crew: named.Cast, hosts: list[Host]) -> list[Lived]:
        """The missions of the named organisations, then those of all others."""
        domains = {domain.key: (domain, rules_in_force(domain.pk)) for domain in Domain.objects.filter(key__in=domain_texts())}
        operator = crew.people[named.OPERATOR]
        tutors = frozenset(person.pk for host in hosts for person in host.tutors)
        chronicler = Chronicler(self.rng, self.pen, self.story, self.now, operator, domains, tutors)
        plans: list[Plan] = named.plans(crew, self.now.date())
        others = hosts[len(crew.hosts) :]
        plans += self._one_for_each_department(others)[: self.missions - len(plans)]
        while len(plans) < self.missions:
            host = self.rng.choice(others)
            elsewhere = host.acts_elsewhere and self.rng.random() < 0.35  # noqa: PLR2004 -- one in three in the department
            place = self.atlas.near(self.rng, host.place.department) if elsewhere else host.place
            plans.append(plan(self.rng, host, place, self.now.date()))
        lives = []
        for planned, pk in zip(plans, reserve(Mission, len(plans)), strict=True):
            lived, contacts = chronicler.write(planned, pk)
            lives.append(lived)
            self.contacts += contacts
        self.publics = self._publics(lives)
        return lives

    def _one_for_each_department(self, hosts: Sequence[Host]) -> list[Plan]:
        """An open mission of the first organisation of each department."""
        first = {host.place.department: host for host in reversed(hosts)}
        return [
            plan(self.rng, first[code], first[code].place, self.now.date(), moment=Moment.UPCOMING)
            for code in sorted(first)
        ]  # fmt: skip

    def _participations(self, lives: Sequence[Lived], crowd: Crowd) -> list[Participation]:
        """Who proposed their help, in the order in which they did."""
        limit = int(value_of(AGE_LIMIT_ON_SITE))
        applications = Applications(self.rng, self.pen, self.story, self.now)
        written: list[tuple[Participation, Lived]] = []
        for lived in lives:
            planned, first_day = lived.plan, lived.plan.starts or self.now.date()
            states = list(planned.people.elements())
            without = {person.pk for person, _ in planned.known}
            drawn = crowd.draw(
                self.rng, planned.place.department, len(states), first_day=max(first_day, self.now.date() - timedelta(days=200)),
                limit=0 if planned.presence == Presence.REMOTE else limit, without=without,
            )  # fmt: skip
            chosen = [*planned.known, *zip(drawn, states, strict=False)]
            written += [(applications.write(lived, person, ParticipationState(state)), lived) for person, state in chosen]
        written.sort(key=lambda pair: pair[0].created_at)
        number([participation for participation, _ in written])
        for participation, lived in written:
            applications.tell(lived, participation)
        return [participation for participation, _ in written]

    def _write(
        self, registry: Registry, organisations: list[Organisation], lives: list[Lived], participations: list[Participation]
    ) -> dict[str, int]:
        """Send everything to the database, and let it count anew for its plans."""
        missions = [lived.mission for lived in lives]
        slots, bookings = slots_for(self.seed, lives, participations, self.now)
        kept = Keepsakes(self.crew, lives, participations, self.story, self.now)
        keepsakes = kept.lived_rows()
        remarks = self.story.bind()
        links = (self.publics, self.agreements)
        for unnumbered in (registry.accounts, registry.addresses, self.grants, self.referents, self.contacts, *links, remarks):
            number(unnumbered)
        for address, account in zip(registry.addresses, registry.accounts, strict=True):
            address.user_id = account.pk
        tables: list[Sequence[Model]] = [
            registry.persons, registry.accounts, registry.addresses, organisations, self.grants, self.referents,
            self.memberships, missions,
            self.contacts, *links, participations, slots, bookings, *keepsakes, self.story.entries, remarks,
        ]  # fmt: skip
        written = {type(rows[0])._meta.label_lower: copy_in(rows) for rows in tables if rows}
        with connection.cursor() as cursor:
            for rows in filter(None, tables):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(type(rows[0])._meta.db_table)}")
        rebuild_search()
        kept.afterwards()
        write_cases(self.referents[0].person, self.now)
        ask_recheck(actor=SERVICE)  # the worker looks through what was written around the services (R53)
        self.say(
            f"Démonstration chargée : {len(organisations)} structures, {len(missions)} missions, "
            f"{len(registry.persons)} personnes, {len(participations)} participations."
        )
        return written

    def _publics(self, lives: Sequence[Lived]) -> list[Model]:
        """Whom each mission serves; a public that the operator has taken off the list is left out."""
        served = dict(Public.objects.values_list("key", "pk"))
        through = Mission.publics.through
        return [
            through(mission_id=lived.mission.pk, public_id=served[key])
            for lived in lives
            for key in lived.publics
            if key in served
        ]  # fmt: skip
