"""Words of a list, looked for in what people write, judged in their context (R53).

A term is written as an operator writes it: « fiche de paie », « rémunér* » (any ending), « # € par mois » (any number),
« "foi" » between quotation marks (this very word: no plural). Accents, capitals, hyphens, elisions, plurals, inclusive
endings and dots of abbreviations do not count. What stands in a short quotation is not said by the author, and what a word of
refusal precedes (« sans salaire ») or follows (« rémunération : aucune ») is not meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

NEAR, AFTER = 3, 2  # words between a refusal and what it refuses; between the word and the refusal that follows
QUOTATION = 120  # characters: longer, and it is no quotation but the text
EXCERPT = 200  # characters of the sentence that is shown
LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss", "’": "'", "‘": "'"}

TOKEN = re.compile(
    r"(?P<abbreviation>\b(?:[^\W\d_]\.){2,}[^\W\d_]?)"
    r"|(?P<number>\d+(?:[ .,]\d+)*)"
    r"|(?P<word>[^\W\d]+(?:[·•⋅‧][^\W\d]+)*(?:\((?:e|s|es|ne|nes)\)s?)*)"
    r"|(?P<euro>€)"
    r"|(?P<stop>[.!?\n…]+)"
    r"|(?P<pause>[,;:()\[\]–—]+)"
)
QUOTES = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"]*\"")
WRITTEN = re.compile(r"[^\W\d_]+\*?|\d+|#|€")
SENTENCE_END = re.compile(r"[.!?…](?=\s|$)|\n")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number or mark. ``start`` and ``end`` are places in the text as it was written."""

    kind: str  # "word", "number", "stop" (ends a sentence), "pause"
    word: str
    start: int
    end: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A term found: its number in the list, and where. ``text`` is what was written."""

    term: int
    start: int
    end: int
    text: str


@lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """A character as it is compared: lower case, no accent; "" for what cannot be seen."""
    if char in LIGATURES:
        return LIGATURES[char]
    decomposed = unicodedata.normalize("NFKD", char.lower())
    kept = "".join(each for each in decomposed if unicodedata.category(each) not in ("Mn", "Cf", "Cc") or each == "\n")
    return "".join(LIGATURES.get(each, each) for each in kept)


def plain(text: str) -> str:
    """The text as it is compared: no capitals, accents, invisible characters."""
    return "".join(map(_plain, text))


@lru_cache(maxsize=32)  # one text is looked through for several lists in a row
def tokens(text: str) -> tuple[Token, ...]:
    """The words and marks of a text, in order."""
    letters, places = [], []
    for place, char in enumerate(text):
        for letter in _plain(char):
            letters.append(letter)
            places.append(place)
    flat = "".join(letters)
    quoted = _quotations(flat)
    found = []
    for match in TOKEN.finditer(flat):
        kind, said = str(match.lastgroup), match.group()
        if kind == "abbreviation":
            kind, said = "word", said.replace(".", "")
        elif kind == "word":
            said = re.split(r"[·•⋅‧(]", said, maxsplit=1)[0]
        elif kind == "euro":
            kind, said = "word", "euros"
        inside = any(first < match.start() < last for first, last in quoted)
        found.append(Token(kind, said, places[match.start()], places[match.end() - 1] + 1, inside))
    return tuple(found)


def _quotations(flat: str) -> list[tuple[int, int]]:
    """Where something short is quoted; what is all in quotation marks is not quoted."""
    whole = len(flat.strip())
    return [
        match.span() for match in QUOTES.finditer(flat) if len(match.group()) <= QUOTATION and len(match.group()) < whole * 0.9
    ]


# ── terms ─────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Step:
    """One word of a term: its forms, the beginning of it, or any number."""

    forms: frozenset[str] = frozenset()
    beginning: str = ""
    number: bool = False

    def fits(self, token: Token) -> bool:
        if self.number:
            return token.kind == "number"
        if token.kind not in ("word", "number"):
            return False
        return token.word in self.forms or bool(self.beginning and token.word.startswith(self.beginning))


@lru_cache(maxsize=4096)
def steps(written: str) -> tuple[Step, ...]:
    """A term as it is looked for; () when nothing of it can be looked for."""
    exact = len(written) > 2 and written[0] in '"«“' and written[-1] in '"»”'  # noqa: PLR2004 -- the two marks
    return tuple(_step(each, exact) for each in WRITTEN.findall(unicodedata.normalize("NFC", written)))


def _step(written: str, exact: bool) -> Step:
    if written == "#":
        return Step(number=True)
    if written == "€":
        return Step(forms=frozenset({"euros", "euro"}))
    word = plain(written.rstrip("*"))
    if written.endswith("*"):
        return Step(beginning=word)
    if exact:
        return Step(forms=frozenset({word}))
    forms = {word, f"{word}s", f"{word}x"}
    if written.lower().endswith("é"):
        forms |= {f"{word}e", f"{word}es"}
    if word.endswith("al"):
        forms.add(f"{word[:-2]}aux")
    return Step(forms=frozenset(forms))


class Lexicon:
    """Terms to find, with the words that excuse them when they stand before or after. Made once for many texts."""

    def __init__(self, terms: Iterable[str], *, before: Iterable[str] = (), after: Iterable[str] = ()) -> None:
        self._terms = [steps(each) for each in terms]
        self._before, self._after = [steps(each) for each in before], [steps(each) for each in after]
        self._first: dict[str, list[int]] = defaultdict(list)
        self._loose: list[int] = []
        for number, term in enumerate(self._terms):
            if not term:
                continue
            if term[0].forms:
                for form in term[0].forms:
                    self._first[form].append(number)
            else:
                self._loose.append(number)

    def find(self, text: str) -> list[Match]:
        """The terms that the text says and means, in its order; the longest where several begin at one word."""
        said = tokens(text)
        found: list[Match] = []
        place, refused_until = 0, -1
        while place < len(said):
            term, length = self._at(said, place)
            if not length:
                place += 1
                continue
            last = place + length - 1
            if said[place].quoted and said[last].quoted:
                pass
            elif self._is_refused(said, place, last) or self._goes_on(said, place, refused_until):
                refused_until = last
            else:
                found.append(Match(term, said[place].start, said[last].end, text[said[place].start : said[last].end]))
            place = last + 1
        return found

    def _at(self, said: tuple[Token, ...], place: int) -> tuple[int, int]:
        best, length = 0, 0
        for number in [*self._first.get(said[place].word, ()), *self._loose]:
            term = self._terms[number]
            if len(term) > length and _fits(term, said, place):
                best, length = number, len(term)
        return best, length

    def _is_refused(self, said: tuple[Token, ...], first: int, last: int) -> bool:
        lowest = first
        while lowest > 0 and first - lowest < NEAR + 1 and said[lowest - 1].kind in ("word", "number"):
            lowest -= 1
        if any(_fits(term, said[:first], place) for place in range(lowest, first) for term in self._before if term):
            return True
        words = 0
        for place in range(last + 1, min(last + 2 + AFTER * 2, len(said))):
            if said[place].kind in ("word", "number"):
                if any(_fits(term, said, place) for term in self._after if term):
                    return True
                words += 1
            if words >= AFTER or (said[place].kind == "stop" and "?" not in said[place].word):
                return False
        return False

    @staticmethod
    def _goes_on(said: tuple[Token, ...], place: int, refused_until: int) -> bool:
        """« ni salaire, prime ou CDI »: what follows in the same breath is refused too."""
        between = said[refused_until + 1 : place]
        return refused_until >= 0 and len(between) <= NEAR and all(each.kind != "stop" for each in between)


def _fits(term: tuple[Step, ...], said: tuple[Token, ...], place: int) -> bool:
    return place + len(term) <= len(said) and all(step.fits(said[place + n]) for n, step in enumerate(term))


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence in which these characters stand, on one line, cut around them when it is long."""
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    first = max((each for each in ends if each <= start), default=0)
    last = min((each for each in ends if each >= end), default=len(text))
    if last - first > EXCERPT:
        room = max(0, (EXCERPT - (end - start)) // 2)
        cut_first, cut_last = max(first, start - room), min(last, end + room)
        left, right = "… " if cut_first > first else "", " …" if cut_last < last else ""
        return f"{left}{' '.join(text[cut_first:cut_last].split())}{right}"[: EXCERPT * 2]
    return " ".join(text[first:last].split())
