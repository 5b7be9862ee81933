"""The demonstration's organisations: real kinds, invented names, real communes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db.models import Model
from django.utils.text import slugify

from renfort.kernel.actors import HeldRole
from renfort.ops.demo.places import Place
from renfort.ops.demo.words import filled, texts
from renfort.organisations.enums import OrganisationState, Programme, Role, ScopeKind
from renfort.organisations.models import Agreement, Grant, Organisation, OrganisationType
from renfort.people.models import Person

ASSOCIATION, PUBLIC = "association", "public"  # keys of legal statuses
NUMBERS, STRIDE = 100_000, 7_919  # SIREN numbers to give, and a step that comes round to each of them
NEARBY = 0.02  # degrees: within some two kilometres of the town hall
NAME_LENGTH = Organisation._meta.get_field("name").max_length or 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a directory would say of an organisation (R5): keys of lists, numbers that belong to nobody, a site under .example."""

    kind: str
    status: str
    type: str = ""
    subtype: str = ""
    agreement: str = ""  # « agrément », of an association
    siret: str = ""
    rna: str = ""
    website: str = ""
    where: str = ""  # « school », « residence »: all that it does happens there
    we: str = "notre association"
    activities: tuple[str, ...] = ()  # the only ones it proposes


@dataclass(slots=True)
class Host:
    """An organisation with whom it takes to run it."""

    organisation: Organisation
    place: Place
    manager: Person
    domains: list[str]
    team: list[Person]
    facts: Facts
    tutors: list[Person] = field(default_factory=list)

    @property
    def acts_elsewhere(self) -> bool:
        """Whether its missions may be in other communes: not those of a town hall, a school, a hospital or a home."""
        return not self.facts.where and self.facts.status != PUBLIC


def role_key(role: Role, *, organisation: int | None = None) -> str:
    """A role as the history writes it, on an organisation or on the platform."""
    kind = ScopeKind.PLATFORM if organisation is None else ScopeKind.ORGANISATION
    programme = Programme.PLATFORM if role == Role.OPERATOR else Programme.RESERVE
    scope = "" if organisation is None else str(organisation)
    return HeldRole(programme=programme.value, role=role.value, scope_kind=kind.value, scope=scope).key


def grant(person: Person, role: Role, organisation: Organisation | None = None) -> Grant:
    """A role held since the person or the organisation came."""
    programme = Programme.PLATFORM if role == Role.OPERATOR else Programme.RESERVE
    kind = ScopeKind.PLATFORM if organisation is None else ScopeKind.ORGANISATION
    return Grant(
        person=person,
        programme=programme.value,
        role=role.value,
        scope_kind=kind.value,
        scope="" if organisation is None else str(organisation.pk),
        organisation=organisation,
        valid_from=person.created_at if organisation is None else organisation.created_at,
    )


def over(person: Person, department: str) -> Grant:
    """The role of a referent over a department, held since the person came (R50)."""
    return Grant(
        person=person,
        programme=Programme.RESERVE.value,
        role=Role.REFERENT.value,
        scope_kind=ScopeKind.DEPARTMENT.value,
        scope=department,
        department_id=department,
        valid_from=person.created_at,
    )


def beside(rng: Random, place: Place) -> tuple[float, float]:
    """A point near the town hall, so that a map does not pile all of a commune on one spot."""
    return (
        round(place.latitude + rng.uniform(-NEARBY, NEARBY), 5),
        round(place.longitude + rng.uniform(-NEARBY, NEARBY), 5),
    )


def describe(hosts: Iterable[Host]) -> list[Model]:
    """Write on each organisation what the directory says of it. Returns its agreements, to be written with it. Two queries."""
    types = dict(OrganisationType.objects.values_list("key", "pk"))
    agreements = dict(Agreement.objects.values_list("key", "pk"))
    held: list[Model] = []
    for host in hosts:
        organisation, facts = host.organisation, host.facts
        organisation.type_id, organisation.subtype_id = types.get(facts.type), types.get(facts.subtype)
        organisation.siret, organisation.rna, organisation.website = facts.siret, facts.rna, facts.website
        if facts.agreement:
            links = Organisation.agreements.through
            held.append(links(organisation_id=organisation.pk, agreement_id=agreements[facts.agreement]))
    return held


def facts_of(kind: str, name: str, ordinal: int) -> Facts:
    """What the directory would say of the organisation number ``ordinal`` (from 0) of that name and kind.

    Raises:
        StopIteration: for an unknown kind.
    """
    said = next(each for each in texts("organisations")["kind"] if each["key"] == kind)
    number = ordinal * STRIDE % NUMBERS
    return Facts(
        kind=kind,
        status=said["status"],
        type=said.get("type", ""),
        agreement=said.get("agreement", ""),
        subtype=said.get("subtype", ""),
        siret=siret(number, 1 + ordinal // NUMBERS),
        rna=f"W000{number:06}" if said["status"] == ASSOCIATION else "",
        website=f"https://{slugify(name)[:50].strip('-')}.example" if ordinal % 5 else "",
        where=said.get("where", ""),
        we=said["we"],
        activities=tuple(said.get("activities", ())),
    )


def siret(number: int, establishment: int) -> str:
    """A SIRET that passes Luhn's rule and belongs to nobody: Insee has never given a SIREN that begins with 000."""
    siren = f"000{number:05}"
    siren += _check_digit(siren)
    return (said := f"{siren}{establishment:04}") + _check_digit(said)


def _check_digit(digits: str) -> str:
    """The digit that makes the whole a multiple of ten when every second digit, from the right, is doubled (Luhn)."""
    total = sum(sum(divmod(int(digit) * (2 - position % 2), 10)) for position, digit in enumerate(reversed(digits)))
    return str(-total % 10)


@dataclass
class Founder:
    """Invents organisations: kinds that fit the size of the commune, names that are not taken."""

    rng: Random
    now: datetime
    taken: set[str] = field(default_factory=set)

    def invent(self, place: Place, pk: int) -> tuple[Organisation, list[str], Facts]:
        """An organisation of some kind at a place, with the domains of its missions and what the directory would say of it."""
        kind, name = self._named(place)
        facts = facts_of(kind["key"], name, len(self.taken))
        self.taken.add(name)
        latitude, longitude = beside(self.rng, place)
        details = texts("details")
        organisation = Organisation(
            state=OrganisationState.VALIDATED,
            pk=pk,
            name=name,
            legal_status_id=kind["status"],
            description=self._described(kind, place),
            address=f"{self.rng.randint(1, 90)}{self.rng.choice(details['suffixes'])} {self.rng.choice(details['streets'])}",
            postcode=self.rng.choice(place.postcodes),
            city=place.city,
            commune_id=place.code,
            department_id=place.department,
            latitude=latitude,
            longitude=longitude,
            created_at=self.now - timedelta(days=self.rng.randint(280, 400), minutes=self.rng.randint(0, 1000)),
        )
        return organisation, list(kind["domains"]), facts

    def _named(self, place: Place) -> tuple[dict[str, Any], str]:
        """A kind, and a name that nobody has: another one is drawn until it is so."""
        kinds = [kind for kind in texts("organisations")["kind"] if kind.get("town", 0) <= place.population]
        weights = [kind["share"] for kind in kinds]
        for _ in range(40):
            kind = self.rng.choices(kinds, weights=weights)[0]
            name = self._filled(self.rng.choice(kind["names"]), place)
            for said in (name, f"{name} ({place.city})"):
                if said not in self.taken and len(said) <= NAME_LENGTH and not (said != name and place.city in name):
                    return kind, said
        return kind, f"{name} n° {len(self.taken)}"  # a very large demonstration, or all of it in one commune

    def _described(self, kind: dict[str, Any], place: Place) -> str:
        """Two or three lines."""
        says_more = kind["status"] == ASSOCIATION and not kind.get("where")
        more = self.rng.choice(texts("organisations")["more"]) if says_more else ""
        return self._filled(f"{self.rng.choice(kind['descriptions'])} {more}".strip(), place)

    def _filled(self, text: str, place: Place) -> str:
        said = texts("organisations")
        return filled(
            text,
            place,
            self.rng,
            flower=self.rng.choice(said["flowers"]),
            patron=self.rng.choice(said["patrons"]),
            quarter=self.rng.choice(said["quarters"]),
            network=self.rng.choice(said["networks"]),
        )
