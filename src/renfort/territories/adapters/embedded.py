"""Addresses by the communes that the package ships: no network, no street is known, every commune is (R6)."""

from __future__ import annotations

from renfort.territories.enums import PlaceKind
from renfort.territories.models import Commune, FormerName
from renfort.territories.selectors import communes_matching, understand_place
from renfort.territories.selectors.addresses import (
    LONGEST_ADDRESS,
    MOST,
    Suggestion,
    Suggestions,
    city_of,
    departments_of_postcode,
    usual_postcodes,
)
from renfort.territories.selectors.communes import (
    EXACT,
    Found,
    communes_of_postcode,
    department_around,
    find,
)
from renfort.territories.selectors.typed import Reading, Typed, is_street, readings, take_apart
from renfort.territories.selectors.wording import read, words

SOURCE = "communes"
BEGINNING = 2  # the last tier of `find` that is no guess at a spelling


class EmbeddedCommunes:
    """The default service: finds the commune at the end of a typed address and keeps the street as it was typed."""

    def suggest(self, text: str) -> Suggestions:
        """Return the communes that the address may lie in, each with the street. At most six queries."""
        typed = take_apart(text)
        if typed.postcode:
            rows = _with_postcode(typed)
        elif typed.before:
            rows = _without_postcode(typed.before)
        else:
            rows = []
        return Suggestions(rows[:MOST])


def _with_postcode(typed: Typed) -> list[Suggestion]:
    street, name = typed.before, typed.after
    own = communes_of_postcode(typed.postcode)
    if not name:
        street, own = _strip_name(street, own)
    if name:
        own = communes_matching(f"{typed.postcode} {name}", limit=MOST)
        here = departments_of_postcode(typed.postcode) if len(own) > 1 else []
        own = [each for each in own if each.department_id in here] or own  # a CEDEX says at least the department
    cities = {each.parent_id for each in own}
    own = [each for each in own if each.pk not in cities]  # 75011 is Paris 11e, not Paris
    if own:
        return _rows(street, own, postcode=typed.postcode)
    around = department_around(typed.postcode)  # a CEDEX, or a typing error
    if around and street:
        named, found = _named(f"{street} {around.code}")
        if found:
            return _rows(named.street, [each.commune for each in found], postcode=typed.postcode)
    return [_only_department(around.code, around.name, street, typed.postcode)] if around else []


def _strip_name(street: str, communes: list[Commune]) -> tuple[str, list[Commune]]:
    """Take the commune's name off the end of the street: « 12 rue du Hamel, Bordeaux (33800) »."""
    for commune in communes:
        for name in {words(city_of(commune)), commune.sort_name}:
            count = len(name.split())
            kept = street.split()
            for cut in range(len(kept), max(len(kept) - count - 1, -1), -1):
                if words(" ".join(kept[cut:])) == name:
                    own = [each for each in communes if name in (words(city_of(each)), each.sort_name)]
                    return " ".join(kept[:cut]).strip(" ,;:-–—()/"), own
    return street, communes


def _without_postcode(text: str) -> list[Suggestion]:
    first: list[Suggestion] = []
    wording = read(text)
    if not is_street(text) or (wording.department and not wording.name):
        place = understand_place(text)
        if place and place.kind is PlaceKind.DEPARTMENT:
            first = [_only_department(place.department_codes[0], place.label)]
    if first and not wording.name:
        return first
    named, found = _named(text)
    if found:
        return first + _rows(named.street, [each.commune for each in found])
    street, _, last = text.rpartition(",")
    if is_street(text) and not street:
        return first
    within = understand_place(last) if street else None
    if within and within.kind is PlaceKind.DEPARTMENT:  # « Mata-Utu, Wallis-et-Futuna »
        return [_only_department(within.department_codes[0], within.label, street.strip())]
    return first + _rows(street.strip(), communes_matching(last, limit=MOST))


def _named(text: str) -> tuple[Reading, list[Found]]:
    """The reading whose place is a commune's whole name, else the beginning of one. Three queries at most."""
    tried = [(reading, read(reading.place)) for reading in readings(text)]
    tried = [(reading, wording) for reading, wording in tried if wording.name]
    known = _known({spelling for _, wording in tried for spelling in wording.spellings})
    for reading, wording in tried:
        if known.intersection(wording.spellings):
            found = find(wording, limit=MOST)
            hinted = [each for each in found if each.hinted]
            if hinted or not (wording.within or wording.department):
                best = [each for each in hinted or found if each.tier == EXACT]
                return reading, best if best and reading.street else (hinted or found)
    for reading, wording in tried[-1:] if is_street(text) else tried[:1]:  # the last word is still being typed
        if found := [each for each in find(wording, limit=MOST) if each.tier <= BEGINNING]:
            return reading, found
    return Reading("", ""), []


def _known(keys: set[str]) -> set[str]:
    """Which of these sort keys are names of communes, official or former. One query."""
    official = Commune.objects.filter(sort_name__in=keys).values_list("sort_name")
    return {name for (name,) in official.union(FormerName.objects.filter(sort_name__in=keys).values_list("sort_name"))}


def _rows(street: str, communes: list[Commune], *, postcode: str = "") -> list[Suggestion]:
    communes, street = communes[:MOST], street[:LONGEST_ADDRESS]
    usual = {} if postcode else usual_postcodes([each.pk for each in communes])
    return [_row(street, each, postcode or usual.get(each.pk, "")) for each in communes]


def _row(street: str, commune: Commune, postcode: str) -> Suggestion:
    place = f"{postcode} {city_of(commune)}".strip()
    return Suggestion(
        label=f"{street}, {place}" if street else place,
        detail=f"{commune.department.name} ({commune.department_id})",
        address=street,
        postcode=postcode,
        city=city_of(commune),
        commune=commune.pk,
        department=commune.department_id,
        latitude=commune.latitude,
        longitude=commune.longitude,
        source=SOURCE,
    )


def _only_department(code: str, name: str, street: str = "", postcode: str = "") -> Suggestion:
    return Suggestion(
        label=", ".join(filter(None, (street[:LONGEST_ADDRESS], f"{postcode} {name}".strip()))),
        detail=code,
        address=street[:LONGEST_ADDRESS],
        postcode=postcode,
        city="",
        commune="",
        department=code,
        latitude=None,
        longitude=None,
        source=SOURCE,
    )
