"""The demonstration's organisations: real kinds, invented names, real communes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from renfort.kernel.actors import HeldRole
from renfort.ops.demo.places import Place
from renfort.ops.demo.words import filled, texts
from renfort.organisations.enums import Programme, Role, ScopeKind
from renfort.organisations.models import Grant, Organisation
from renfort.people.models import Person

NEARBY = 0.02  # degrees: within some two kilometres of the town hall
NAME_LENGTH = Organisation._meta.get_field("name").max_length or 200


@dataclass(slots=True)
class Host:
    """An organisation with whom it takes to run it."""

    organisation: Organisation
    place: Place
    manager: Person
    domains: list[str]
    team: list[Person] = field(default_factory=list)

    @property
    def role(self) -> str:
        """The manager's role as the history writes it."""
        return role_key(Role.MANAGER, organisation=self.organisation.pk)


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


def beside(rng: Random, place: Place) -> tuple[float, float]:
    """A point near the town hall, so that a map does not pile all of a commune on one spot."""
    return (
        round(place.latitude + rng.uniform(-NEARBY, NEARBY), 5),
        round(place.longitude + rng.uniform(-NEARBY, NEARBY), 5),
    )


def invent(rng: Random, place: Place, now: datetime, taken: set[str], pk: int) -> tuple[Organisation, list[str]]:
    """An organisation of some kind at a place, whose name is not ``taken`` there, with the domains of its missions."""
    content = texts("organisations")
    kind = rng.choices(content["kind"], weights=[kind["share"] for kind in content["kind"]])[0]
    name = filled(
        rng.choice(kind["names"]),
        place,
        rng,
        flower=rng.choice(content["flowers"]),
        person=rng.choice(content["people"]),
        quarter=rng.choice(content["quarters"]),
    )
    if name in taken:
        name = f"{name} · {place.city}" if f"{name} · {place.city}" not in taken else f"{name} · {place.city} {len(taken)}"
    taken.add(name)
    latitude, longitude = beside(rng, place)
    organisation = Organisation(
        pk=pk,
        name=name[:NAME_LENGTH],
        legal_status_id=kind["legal_status"],
        description=rng.choice(kind["descriptions"]),
        address=f"{rng.randint(1, 90)} {rng.choice(texts('common')['streets'])}",
        postcode=rng.choice(place.postcodes),
        city=place.city,
        commune_id=place.code,
        department_id=place.department,
        latitude=latitude,
        longitude=longitude,
        created_at=now - timedelta(days=rng.randint(280, 400), minutes=rng.randint(0, 1000)),
    )
    return organisation, list(kind["domains"])
