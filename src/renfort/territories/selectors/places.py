"""What a volunteer types in the one box « Où ? » (R17, R54, P2)."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from difflib import get_close_matches

from renfort.territories.enums import PlaceKind
from renfort.territories.models import Commune, Department
from renfort.territories.selectors.communes import (
    ALIKE,
    EXACT,
    beside_cedex,
    by_postcode,
    department_around,
    find,
    fits,
)
from renfort.territories.selectors.departments import departments
from renfort.territories.selectors.wording import Wording, read, without_article

CLOSE = 0.85  # for departments: « girond », « pyrenees atlantique »
SHORTEST = 3  # fewer letters mean a place only when they are its whole name (Eu, Us, Y)
PARIS = "75"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place that was understood.

    `commune_codes` is empty for a department or a region: `department_codes` says it all. A city with districts
    brings theirs. `label` is shown, and understood again as the same place.
    """

    kind: PlaceKind
    label: str
    commune_codes: tuple[str, ...]
    department_codes: tuple[str, ...]
    latitude: float
    longitude: float


def understand_place(text: str) -> Place | None:
    """Return the place that a text most probably means, None when it means none. At most two queries.

    A postcode, a department's code or name, a region, a commune; a name shared by a department and a commune
    (« Mayenne ») is the department unless its code follows (« Mayenne 53 »), but « Paris » is the city.
    """
    wording = read(text)
    if wording.postcode:
        return _from_postcode(wording)
    if wording.name:
        return _from_name(wording, departments())
    if wording.department:
        return next((_department(each) for each in departments() if each.code == wording.department), None)
    return None


def _from_name(wording: Wording, everything: list[Department]) -> Place | None:
    """Return the surest of: a department or region, a commune, one spelt nearly so, the beginning of a commune."""
    bare = without_article(wording.name)
    if wording.code_first or not (wording.department or wording.within):
        territory = _territory(bare, everything, within=wording.department)
        if territory is not None and territory.department_codes != (PARIS,):
            return territory
    found = find(wording, limit=1)
    if found and found[0].tier == EXACT:
        return _commune(found[0].commune, districts=found[0].districts)
    if not wording.within:
        names = {without_article(each.sort_name) for each in everything}
        names |= {without_article(each.region.sort_name) for each in everything if each.region}
        for near in get_close_matches(bare, sorted(names), n=1, cutoff=CLOSE):
            if close := _territory(near, everything, within=wording.department):
                return close
    return _commune(found[0].commune, districts=found[0].districts) if found and len(wording.name) >= SHORTEST else None


def _territory(name: str, everything: list[Department], *, within: str) -> Place | None:
    """Return the department or region of this name (without article), the department first."""
    for each in everything:
        if without_article(each.sort_name) == name and within in ("", each.code):
            return _department(each)
    members = [each for each in everything if each.region and without_article(each.region.sort_name) == name]
    if not members or within or members[0].region is None:
        return None
    return Place(
        kind=PlaceKind.REGION,
        label=members[0].region.name,
        commune_codes=(),
        department_codes=tuple(each.code for each in members),
        latitude=statistics.fmean(each.latitude for each in members),
        longitude=statistics.fmean(each.longitude for each in members),
    )


def _department(department: Department) -> Place:
    """Return a department as a place."""
    return Place(
        kind=PlaceKind.DEPARTMENT,
        label=department.name,
        commune_codes=(),
        department_codes=(department.code,),
        latitude=department.latitude,
        longitude=department.longitude,
    )


def _commune(commune: Commune, *, districts: tuple[str, ...] = ()) -> Place:
    """Return a commune as a place, with its districts if it has some."""
    return Place(
        kind=PlaceKind.COMMUNE,
        label=label_of(commune),
        commune_codes=(commune.code, *districts),
        department_codes=(commune.department_id,),
        latitude=commune.latitude,
        longitude=commune.longitude,
    )


def label_of(commune: Commune) -> str:
    """Return how a commune is shown: « Bordeaux (33) », « Paris 11e (75) »."""
    return f"{commune.name.removesuffix(' arrondissement')} ({commune.department_id})"


def _from_postcode(wording: Wording) -> Place | None:
    """Return the commune that a name beside a postcode means, the postcode's area, or where a CEDEX belongs."""
    communes = by_postcode(wording)
    if not communes:
        if wording.name and (found := find(beside_cedex(wording), limit=1)):
            return _commune(found[0].commune, districts=found[0].districts)
        around = department_around(wording.postcode) if not wording.name else None
        return _department(around) if around else None
    best = communes[0]
    if wording.name and fits(best, wording.name) >= ALIKE:
        return _commune(best)
    if wording.name:
        elsewhere = find(Wording(name=wording.name, department=best.department_id), limit=1)
        if elsewhere and elsewhere[0].tier == EXACT and elsewhere[0].hinted:
            return _commune(elsewhere[0].commune, districts=elsewhere[0].districts)
    return _area(wording.postcode, communes)


def _area(postcode: str, communes: list[Commune]) -> Place:
    """Return a postcode as a place: its communes, without the city when a district of it has the code."""
    cities = {each.parent_id for each in communes}
    own = [each for each in communes if each.code not in cities]
    weights = [each.population + 1 for each in own]
    return Place(
        kind=PlaceKind.POSTCODE,
        label=postcode,
        commune_codes=tuple(each.code for each in own),
        department_codes=tuple(dict.fromkeys(each.department_id for each in own)),
        latitude=statistics.fmean((each.latitude for each in own), weights),
        longitude=statistics.fmean((each.longitude for each in own), weights),
    )
