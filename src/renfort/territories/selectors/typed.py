"""How people write an address: the street, then the place, read without the database.

« 12 bis rue du Hamel 33800 Bordeaux », « Rue de l'Église, Saint-Étienne », « Bordeaux, 3 place Pey-Berland », « 5 place Gambetta
Paris 11 », « BP 40, 33070 Bordeaux cedex 9 ». The street is kept as it was typed; what the place means is `wording`'s work.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from renfort.territories.selectors.wording import LONGEST, words

MOST_WORDS = 8  # « Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson » has eight
SHORTEST = 3  # letters: a last word of one or two letters is rarely the commune of that name
WHOLE_POSTCODE = re.compile(r"(?<!\w)(\d{5})(?!\w)", re.ASCII)
SPACED_POSTCODE = re.compile(r"(?<!\w)(\d{2} \d{3})(?!\w)", re.ASCII)
BOX = re.compile(r"\b(?:b\.? ?p\.?|c\.? ?s\.?|tsa|bo[iî]te postale) ?(?:n ?°|no)? ?$", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")
EDGES = " ,;:-–—()/"
JOINING = {"de", "du", "des", "d", "la", "le", "les", "l", "et", "a", "au", "aux", "en", "sur", "sous"}
WAYS = frozenset(
    re.findall(
        r"\w+",
        """
        allee allees avenue av bd boulevard bld blvd carrefour chaussee chemin che chem cite clos cour cours domaine esplanade
        faubourg fg hameau impasse imp jardin lieu lieudit lot lotissement mail montee parc parvis passage pavillon place pl
        placette pont port promenade quai quartier residence res rond rte route rue ruelle sentier sente square sq traverse
        venelle villa voie zac za zi zone
        """,
    )
)
COUNTRY = ("f", "fr", "france")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a typed address: the street as typed, and what may be the place."""

    street: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A typed address, taken apart: what stands before and after the postcode; without one, `before` is all of it."""

    before: str = ""
    postcode: str = ""
    after: str = ""


def is_street(text: str) -> bool:
    """Whether a text reads like a street: it begins with a number, or says « rue », « place », « lieu-dit »…"""
    found = words(text).split()
    return bool(found) and (found[0][0].isdigit() or not WAYS.isdisjoint(found[:3]))


def take_apart(text: str) -> Typed:
    """Return the parts around the postcode, the last one that is no box (« BP 33070 » is none). Never raises."""
    flat = unicodedata.normalize("NFC", text.replace("\0", " "))[:LONGEST]
    flat = re.sub(r"\s*[\r\n]+\s*", ", ", flat.strip())
    flat = " ".join(flat.split()).strip(EDGES)
    for pattern in (WHOLE_POSTCODE, SPACED_POSTCODE):
        for found in reversed(list(pattern.finditer(flat))):
            if not BOX.search(flat[: found.start()]):
                before, after = flat[: found.start()].strip(EDGES), flat[found.end() :].strip(EDGES)
                return _around(before, found.group(1).replace(" ", ""), after)
    return Typed(before=flat)


def _around(before: str, postcode: str, after: str) -> Typed:
    """Put a street that follows the city in front: « 33800 Bordeaux, 12 rue du Hamel »."""
    city, _, rest = (part.strip(EDGES) for part in after.partition(","))
    if words(city) in COUNTRY:
        city = ""
    if not before and is_street(rest):
        before = rest
    elif not before and is_street(city):
        before, city = city, rest
    return Typed(before=before, postcode=postcode, after=city)


def readings(text: str) -> list[Reading]:
    """Return the ways to read an address without a postcode, the likeliest first: by its commas, then by its last words.

    A name that a way or a little word introduces (« rue de Bordeaux ») belongs to the street.
    """
    parts = [part for part in (each.strip(EDGES) for each in text.split(",")) if part]
    if len(parts) > 1 and words(parts[-1]) in COUNTRY:
        parts.pop()
    whole = ", ".join(parts)
    found = [] if is_street(whole) else [Reading("", whole)]
    if len(parts) > 2:  # noqa: PLR2004 -- a street, a commune and what it lies in
        found.append(Reading(", ".join(parts[:-2]), ", ".join(parts[-2:])))
    if len(parts) > 1:
        first, last = ", ".join(parts[:-1]), parts[-1]
        found.append(Reading(parts[-1], ", ".join(parts[:-1])) if is_street(last) else Reading(first, last))
    spans = [(each.start(), each.group()) for each in WORD.finditer(whole)]
    for index in range(max(1, len(spans) - MOST_WORDS), len(spans)):
        start, place = spans[index][0], whole[spans[index][0] :]
        if len(words(place)) < SHORTEST or words(place) in WAYS:
            continue
        before = [words(word) for _, word in spans[:index]]
        if before[-1] in WAYS and not _introduced(before[:-1]):  # « rue Saint-Denis », but « rue du Port Le Havre »
            continue
        if before[-1] not in JOINING:
            found.append(Reading(whole[:start].strip(EDGES), place))
        elif not _introduced(before):
            found.append(Reading(whole, place))  # « Mairie de Bordeaux »: the name belongs to both
    return found


def _introduced(before: list[str]) -> bool:
    """Whether the words before a name are a way and its little words: « 12 rue de la »."""
    while before and before[-1] in JOINING:
        before = before[:-1]
    return bool(before) and before[-1] in WAYS
