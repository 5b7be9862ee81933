"""The checks of missions (R53): pure functions over a snapshot of what a mission says. No query, no list of words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from renfort.kernel.reachable import hides, host_of, is_of, ways
from renfort.kernel.terms import sentence_around, tokens
from renfort.missions.checks import kinds as k
from renfort.organisations.checks.kinds import Hit
from renfort.organisations.checks.lists import Settings
from renfort.organisations.enums import WordList

MORNING = 5  # hours before this one are of the night
EVENING = 18  # from here on, an end before the start is of the next day
MEANS = 3  # letters from which a word says something
HOUR = r"(?P<{0}>[01]?\d|2[0-4])\s?(?:h(?:eures?)?\s?(?P<{0}m>[0-5]\d)?|:(?P<{0}c>[0-5]\d))"
BARE_HOUR = r"(?P<{0}>[01]?\d|2[0-4])\s?(?:h(?:eures?)?\s?(?P<{0}m>[0-5]\d)?|:(?P<{0}c>[0-5]\d))?"
RANGE = re.compile(rf"(?<!\d){BARE_HOUR.format('a')}\s?(?:à|-|–|—|jusqu['’]à|et|/)\s?{HOUR.format('b')}(?!\d)", re.IGNORECASE)
LASTING = re.compile(r"\s?(?:par|chaque|/|de trajet|de route)\b", re.IGNORECASE)  # « 2 à 3 h par semaine » is how long, not when
AT_NIGHT = re.compile(r"[^.\n]{0,12}\b(?:du matin|nuit)\b", re.IGNORECASE)
SINGLE = re.compile(
    rf"(?<![\d])(?:à|dès|vers|jusqu['’]à)\s{HOUR.format('a')}(?!\d)(?P<late>\s(?:du soir|du matin))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """Another mission of the same organisation, at the same place and time, with nearly the same title."""

    pk: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionText:
    """A mission as the checks read it. ``domain`` is a key, ``today`` the date where it takes place."""

    title: str
    description: str
    today: date
    safety: str = ""
    schedule: str = ""
    prerequisites: Sequence[str] = ()
    domain: str = ""
    domains: Mapping[str, str] = field(default_factory=dict)  # names by key
    is_remote: bool = False
    is_one_off: bool = True
    is_shown: bool = False  # online already: having begun is no fault
    starts_on: date | None = None
    ends_on: date | None = None
    twins: Sequence[Twin] = ()

    @property
    def public(self) -> Iterator[tuple[str, str]]:
        """The fields that anybody can read, with their text."""
        yield from (("title", self.title), ("description", self.description), ("safety", self.safety))
        yield from (("schedule", self.schedule), ("prerequisites", "\n".join(self.prerequisites)))


def check_mission(said: MissionText, settings: Settings) -> list[Hit]:
    """Everything that the checks find in a mission; what is said twice in the same words is found once."""
    hits = [
        *_domain(said, settings),
        *_safety(said, settings),
        *_length(said, settings),
        *_dates(said, settings),
        *_hours(said, settings),
        *_words(said, settings, k.NIGHT, WordList.NIGHT),
        *_words(said, settings, k.PAY, WordList.PAY),
        *_ways(said, settings),
        *_twins(said),
    ]
    return list({(hit.key, hit.print): hit for hit in hits}.values())


def _domain(said: MissionText, settings: Settings) -> Iterable[Hit]:
    """Nothing of the domain's own vocabulary, and several words of another's: a word alone proves nothing."""
    own = settings.words(WordList.DOMAIN, said.domain)
    if not own.rows:
        return
    text = f"{said.title}.\n{said.description}"
    if own.find(text):
        return
    best: tuple[int, str, list[str]] = (0, "", [])
    for scope in settings.scopes(WordList.DOMAIN):
        found = settings.words(WordList.DOMAIN, scope).find(text)
        different = {row.pk: match.text for row, match in found}
        if scope != said.domain and len(different) > best[0]:
            best = (len(different), scope, list(different.values()))
    if best[0] and best[0] >= settings.threshold(k.DOMAIN):
        names = said.domains
        facts = {"domain": names.get(said.domain, said.domain), "other": names.get(best[1], best[1])}
        yield Hit(key=k.DOMAIN, field="domain", words=", ".join(best[2][:4])[:200], fault=f"{said.domain} {text}", facts=facts)


def _safety(said: MissionText, settings: Settings) -> Iterable[Hit]:
    if said.is_remote:
        return
    if not said.safety.strip():
        yield Hit(key=k.SAFETY, field="safety", fault="missing")
        return
    hollow = [match for _row, match in settings.words(WordList.HOLLOW).find(said.safety)]
    kept = [
        each
        for each in tokens(said.safety)
        if each.kind == "word" and len(each.word) >= MEANS and not any(match.start <= each.start < match.end for match in hollow)
    ]
    if len(kept) < settings.threshold(k.SAFETY):
        words = " ".join(said.safety.split())[:200]
        yield Hit(key=k.SAFETY, field="safety", words=words, excerpt=words, facts={"case": "hollow"})


def _length(said: MissionText, settings: Settings) -> Iterable[Hit]:
    length = len(" ".join(said.description.split()))
    if length < settings.threshold(k.SHORT):
        yield Hit(key=k.SHORT, field="description", fault=said.description, facts={"n": length})


def _dates(said: MissionText, settings: Settings) -> Iterable[Hit]:
    starts, ends = said.starts_on, said.ends_on
    if starts is None or ends is None:
        return
    facts = {"start_on": starts.isoformat(), "end_on": ends.isoformat()}
    fault = f"{starts} {ends}"
    if not said.is_shown and ends < said.today:
        yield Hit(key=k.PAST, field="dates", fault=fault, facts={**facts, "case": "over"})
    elif not said.is_shown and said.is_one_off and starts < said.today:
        yield Hit(key=k.PAST, field="dates", fault=fault, facts=facts)
    days, most = (ends - starts).days + 1, settings.threshold(k.LONG)
    if most and days > most:
        yield Hit(key=k.LONG, field="dates", fault=fault, facts={**facts, "n": days})


def _hours(said: MissionText, settings: Settings) -> Iterable[Hit]:
    """What the hours written in words say: « de 23 h à 5 h » is of the night, « de 17 h à 9 h » is a slip."""
    night = settings.threshold(k.NIGHT) or 24
    for name, text in (("schedule", said.schedule), ("description", said.description)):
        ranges = list(RANGE.finditer(text))
        for match in ranges:
            start, end = _hour(match, "a"), _hour(match, "b")
            if LASTING.match(text, match.end()) or (max(start, end) < MORNING and not AT_NIGHT.match(text, match.end())):
                continue
            hit = Hit(
                key=k.NIGHT,
                field=name,
                words=" ".join(match.group().split()),
                excerpt=sentence_around(text, *match.span()),
            )
            overnight = end < start and start >= EVENING
            if (overnight and end > 0) or start >= night or end > night or start < MORNING:
                if not (start == 0 and end == 24):  # noqa: PLR2004 -- « 0 h – 24 h »: at any time
                    yield hit
            elif 0 < end < start:
                yield Hit(key=k.HOURS, field=name, words=hit.words, excerpt=hit.excerpt)
        for match in SINGLE.finditer(text):
            hour = _hour(match, "a")
            lasts = hour < MORNING and not match["late"] and match.group().lower().startswith("jusqu")
            if lasts or any(match.start() < each.end() and each.start() < match.end() for each in ranges):
                continue
            if (hour > night or hour < MORNING) and not (match["late"] or "").endswith("soir") and hour > 0:
                yield Hit(
                    key=k.NIGHT, field=name, words=" ".join(match.group().split()), excerpt=sentence_around(text, *match.span())
                )


def _hour(match: re.Match[str], name: str) -> float:
    return int(match[name]) + int(match[f"{name}m"] or match[f"{name}c"] or 0) / 60


def _words(said: MissionText, settings: Settings, key: str, list_: str) -> Iterable[Hit]:
    words = settings.words(list_)
    for name, text in said.public:
        for row, match in words.find(text):
            yield Hit(
                key=key,
                field=name,
                words=match.text[:200],
                excerpt=sentence_around(text, match.start, match.end),
                word=row.pk,
            )


def _ways(said: MissionText, settings: Settings) -> Iterable[Hit]:
    """How to reach somebody, where everybody reads it. A link that hides where it leads is another matter."""
    hosts = settings.words(WordList.LINKS).rows
    for name, text in said.public:
        for way in ways(text):
            words, excerpt = way.text[:200], sentence_around(text, way.start, way.end)
            if way.kind != "link":
                yield Hit(key=k.CONTACT, field=name, words=words, excerpt=excerpt)
                continue
            host = host_of(way.text)
            row = next((each for each in hosts if is_of(host, each.words.strip().lower())), None)
            if row is not None or hides(way.text):
                yield Hit(key=k.HIDDEN, field=name, words=words, excerpt=excerpt, word=row.pk if row else None)
            else:
                yield Hit(key=k.LINK, field=name, words=words, excerpt=excerpt)


def _twins(said: MissionText) -> Iterable[Hit]:
    for twin in said.twins:
        fault = f"{twin.pk} {twin.title} {said.title} {said.starts_on} {said.ends_on}"
        yield Hit(key=k.TWIN, field="title", words=said.title, fault=fault, facts={"other": twin.title, "other_id": twin.pk})
