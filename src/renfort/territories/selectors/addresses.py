"""Addresses: the port through which they are suggested, and what a typed city, postcode and point mean together (R6, R11)."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.db.models import Max, Min
from django.utils.module_loading import import_string

from renfort.territories.models import Commune, Postcode
from renfort.territories.selectors.communes import (
    ALIKE,
    EXACT,
    communes_of_postcode,
    department_around,
    find,
    fits,
)
from renfort.territories.selectors.wording import Wording, read

MOST = 8
LONGEST_ADDRESS, LONGEST_CITY = 200, 100
DISTRICT = re.compile(r" \d+(?:er|e) Arrondissement$", re.IGNORECASE)
DISTRICTED = ("75056", "69123", "13055")  # Paris, Lyon, Marseille: many postcodes, none of them first
AROUND = 0.3  # degrees: some 30 km beyond the centres of a department's communes


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An address that a typed text may mean, with what fills the form's fields.

    `department` and `commune` are codes ("" for an unknown commune), latitude and longitude degrees (WGS 84). `source` says
    who knows it: « national » or « communes ».
    """

    label: str
    detail: str
    address: str
    postcode: str
    city: str
    commune: str
    department: str
    latitude: float | None
    longitude: float | None
    source: str

    def plain(self) -> dict[str, Any]:
        """The suggestion as JSON tells it."""
        return asdict(self)


class Suggestions(NamedTuple):
    """What a service answers. `answered` is False when the service that was asked is silent, and another answers for it."""

    rows: list[Suggestion]
    answered: bool = True


class AddressService(Protocol):
    """The port: who suggests addresses. Adapters stand in `territories.adapters`."""

    def suggest(self, text: str) -> Suggestions:
        """Return at most ``MOST`` suggestions, best first; never raises, never takes longer than two seconds."""
        ...


def suggest_addresses(text: str) -> Suggestions:
    """Return what the configured service suggests for a text being typed (R6)."""
    service: AddressService = import_string(settings.ADDRESS_SERVICE)()
    return service.suggest(text)


def city_of(commune: Commune) -> str:
    """Return what an envelope calls a commune: « Paris » for its 11th district."""
    return DISTRICT.sub("", commune.name)


def usual_postcodes(codes: list[str]) -> dict[str, str]:
    """Return the lowest postcode of each of these communes; none for a city with districts. One query."""
    found: dict[str, str] = {}
    for commune, code in Postcode.objects.filter(commune__in=codes).order_by("code").values_list("commune_id", "code"):
        found.setdefault(commune, code)
    return {commune: code for commune, code in found.items() if commune not in DISTRICTED}


def departments_of_postcode(code: str) -> list[str]:
    """Return the codes of the departments where a postcode is used, [] when nobody knows. At most two queries.

    By the data, not by its digits: 20xxx is in either Corsica, 97133 in Saint-Barthélemy, 48250 is Luc (48) and Laveyrune (07).
    """
    if communes := communes_of_postcode(code):
        return list(dict.fromkeys(each.department_id for each in communes))
    around = department_around(code) if code.isascii() and code.isdecimal() else None
    return [around.code] if around else []


def commune_named(city: str, *, postcode: str = "", department: str = "", hint: str = "") -> Commune | None:
    """Return the commune that a city's name means beside a postcode and a department, None when it is not sure.

    A name that no commune has is a village of the postcode's only commune.
    `hint` is the code of the commune that a suggestion gave: it decides between several, and is not believed otherwise.
    """
    name = read(city).name
    if not name:
        return None
    there = communes_of_postcode(postcode)
    near = [each for each in there if fits(each, name) >= ALIKE]
    parents = {each.parent_id for each in near}
    near = [each for each in near if each.pk not in parents]  # 75011 is Paris 11e, not Paris
    near = [each for each in near if each.department_id == department] or near
    if near:
        return next((each for each in near if each.pk == hint), max(near, key=lambda each: fits(each, name)))
    wording = read(city)
    where = Wording(name=name, department=department or wording.department, within=wording.within, district=wording.district)
    known = find(where, limit=MOST)
    exact = [each for each in known if each.tier == EXACT and (each.hinted or not department)]
    by_hint = [each.commune for each in exact if each.commune.pk == hint]
    if by_hint or len(exact) == 1:
        return (by_hint or [exact[0].commune])[0]
    return there[0] if len(there) == 1 and not exact else None  # « 98600 Mata-Utu »: a village of Uvea


def elsewhere(city: str, *, department: str) -> Commune | None:
    """Return the commune of this very name when there is just one, and it lies in another department."""
    wording = read(city)
    exact = [each.commune for each in find(Wording(name=wording.name), limit=2) if each.tier == EXACT]
    return exact[0] if len(exact) == 1 and exact[0].department_id != department else None


class Box(NamedTuple):
    """A rectangle on the map, in degrees."""

    south: float
    north: float
    west: float
    east: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether a point lies in it."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


def neighbourhoods(codes: set[str]) -> dict[str, Box]:
    """Return, by department, the rectangle around the centres of its communes and some 30 km beyond. One query."""
    corners = Commune.objects.filter(department__in=codes).values("department").order_by("department")
    found = corners.annotate(south=Min("latitude"), north=Max("latitude"), west=Min("longitude"), east=Max("longitude"))
    return {
        each["department"]: Box(each["south"] - AROUND, each["north"] + AROUND, each["west"] - AROUND, each["east"] + AROUND)
        for each in found
    }
