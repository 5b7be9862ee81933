"""How people write a place: read without the database.

« St Étienne », « 33070 Bordeaux cedex », « Paris 11ème », « Saint-Denis (Réunion) », « 33 - Gironde ». A name is turned
into what `public.sort_key` makes of the official one (decision 21), so that both can be compared.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 200  # an address at most: what follows cannot be a place
LONGEST_NAME = 60
ARTICLES = ("le ", "la ", "les ", "l ")
LETTERS = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o"})
SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
NICKNAMES = {
    "20": "corse",  # its code until 1976, and still its postcodes
    "paca": "provence alpes cote d azur",
    "idf": "ile de france",
    "aura": "auvergne rhone alpes",
    "polynesie": "polynesie francaise",
    "tahiti": "polynesie francaise",
    "wallis": "wallis et futuna",
}

CODE = re.compile(r"\d\d|2[ab]|97[1-8]|98[678]")
SPACED_POSTCODE = re.compile(r"\b(\d\d) (\d{3})\b")
POSTCODE = re.compile(r"(?:^|.* )(\d{5})(?: (.*)|$)")
CEDEX = re.compile(r"\bcedex\b(?: \d{1,2}\b)?")
DISTRICT = re.compile(r"(paris|lyon|marseille) (\d{1,2}) ?(?:er|e|eme|ieme|nd|nde)?(?: (?:arr|arrt|ardt|arrdt|arrondissement))?")
DISTRICTS = {"paris": 20, "lyon": 9, "marseille": 16}
KIND = re.compile(r"(?:departement|dept|dpt|region)(?: (?:de la|de l|de|du|des|d))? (?=\S)")


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A typed place, taken apart. `within` is what stands after a comma or in brackets (« Réunion »)."""

    name: str = ""
    postcode: str = ""
    department: str = ""
    within: str = ""
    code_first: bool = False  # « 33 - Gironde » names a department, « Mayenne (53) » a commune
    district: bool = False

    @property
    def spellings(self) -> tuple[str, ...]:
        """The sort keys that mean exactly this name: people leave out « Le » of Le Havre."""
        if not self.name:
            return ()
        full = (f"{self.name} ({self.within})",) if self.within else ()
        return (self.name, *(article + self.name for article in ARTICLES), *full)


def without_article(key: str) -> str:
    """Return a sort key without « le », « la », « les » or « l’ » in front."""
    for article in ARTICLES:
        if key.startswith(article):
            return key.removeprefix(article)
    return key


def words(text: str) -> str:
    """Return `text` in lower-case ASCII letters and digits, with single spaces: the alphabet of sort keys."""
    bare = unicodedata.normalize("NFKD", text.translate(LETTERS)).lower()
    bare = re.sub(r"\bs/", "sur ", bare)
    bare = "".join(char for char in bare if not unicodedata.combining(char))
    spaced = re.sub(r"[^a-z0-9]+", " ", bare).strip()
    return " ".join(SHORT.get(word, word) for word in spaced.split())


def read(text: str) -> Wording:
    """Return what a typed text says about a place; everything empty when it says nothing. Never raises."""
    text = text[:LONGEST]
    head, comma, tail = text.partition("(") if "(" in text else text.rpartition(",")
    whole = SPACED_POSTCODE.sub(r"\1\2", " ".join(CEDEX.sub(" ", words(text)).split()))
    if found := POSTCODE.fullmatch(whole):
        before = whole[: found.start(1)].strip()
        name = (found.group(2) or before).strip()
        return Wording(name=_name("" if name in ("f", "fr", "france") else name), postcode=found.group(1))

    within = ""
    if comma and words(head) and words(tail):
        whole, within = " ".join(CEDEX.sub(" ", words(head)).split()), words(tail)
        within = "" if within == "france" else within
    whole = NICKNAMES.get(whole, whole)
    whole = without_article(whole) if CODE.fullmatch(without_article(whole)) else KIND.sub("", whole, count=1)
    if re.fullmatch(r"[1-9]", whole):
        whole = f"0{whole}"
    if CODE.fullmatch(whole):
        return Wording(department=whole.upper())
    department = ""
    if CODE.fullmatch(within):
        department, within = within.upper(), ""
    if (found := DISTRICT.fullmatch(whole)) and 1 <= (number := int(found.group(2))) <= DISTRICTS[found.group(1)]:
        name = f"{found.group(1)} {number}{'er' if number == 1 else 'e'} arrondissement"
        return Wording(name=name, department=department, within=within, district=True)
    code_first = False
    if not department:
        first, _, rest = whole.partition(" ")
        start, _, last = whole.rpartition(" ")
        if start and CODE.fullmatch(last):
            department, whole = last.upper(), start
        elif rest and CODE.fullmatch(first):
            department, whole, code_first = first.upper(), rest, True
    return Wording(name=_name(whole), department=department, within=within[:LONGEST_NAME], code_first=code_first)


def _name(key: str) -> str:
    """Return a key cut to the longest name there can be."""
    return key[:LONGEST_NAME].strip()
