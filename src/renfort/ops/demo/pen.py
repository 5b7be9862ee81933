"""Writes what a mission of the demonstration says: title, comment and times of one activity, put together from sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from renfort.missions.models import Mission
from renfort.missions.models.reasons import Reason
from renfort.ops.demo.haste import in_haste
from renfort.ops.demo.places import Place
from renfort.ops.demo.times import When, is_remote, is_timely, names_a_day, when
from renfort.ops.demo.words import capital, domain_texts, filled, texts
from renfort.organisations.selectors.decisions import offered_reasons

TITLE_LENGTH = Mission._meta.get_field("title").max_length or 80
SHORTEST, LONGEST = 300, 1200  # of a comment, in characters
MOST_ALIKE = 5  # so many missions at most share one comment
ONE_HASTY_IN, ENOUGH_OWN = 10, 3
OWN_FIRST = 0.6  # how often a sentence of the activity comes before one of the domain, when there is one
# How a title ends, by weight
ENDINGS = {"nothing": 22, "time": 24, "place": 30, "manner": 9, "season": 7, "time and place": 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a mission is about."""

    domain: str
    remote: bool
    recurring: bool
    place: Place
    organisation: str
    we: str = "notre association"  # how the organisation speaks of itself
    activities: tuple[str, ...] = ()  # the only ones it proposes; empty: whatever anybody may
    starts: date | None = None
    ends: date | None = None
    today: date
    bare: bool = False  # nobody has written a comment yet


@dataclass(frozen=True, slots=True)
class Page:
    """What was written; ``publics`` by key."""

    title: str
    description: str
    schedule: str
    publics: tuple[str, ...]


@dataclass
class Pen:
    """Writes; remembers comments, so that few missions share one, and who was in haste: one in each ten."""

    rng: Random
    used: Counter[str] = field(default_factory=Counter)
    haste: list[bool] = field(default_factory=list)
    reasons: dict[type[Reason], list[str]] = field(default_factory=dict)

    def write(self, subject: Subject) -> Page:
        """All that a mission says; one in ten has typing errors or capitals, in its title, its comment or both."""
        domain = domain_texts()[subject.domain]
        activity = {"slots": domain["slots"], **self._activity(subject)}
        base = self._fill(self.rng.choice(self._titles(activity, recurring=subject.recurring)), subject)
        times = when(
            self.rng, base, activity, recurring=subject.recurring, starts=subject.starts, ends=subject.ends
        )  # fmt: skip
        title = self._title(base, times, subject)
        description = "" if subject.bare else self._comment(activity, times, subject)
        if self._is_hasty():
            title, description = self._in_haste(title, description)
        publics = self.rng.sample(activity["publics"], min(len(activity["publics"]), self.rng.choice((1, 1, 2))))
        return Page(title, description, times.schedule, tuple(publics))

    def detail(self, name: str) -> str:
        """One of the sentences that go with a mission besides its comment."""
        return str(self.rng.choice(texts("details")[name]))

    def reason(self, model: type[Reason]) -> str:
        """The key of one of the operator's reasons."""
        if model not in self.reasons:
            self.reasons[model] = [each.key for each in offered_reasons(model)]
        return self.rng.choice(self.reasons[model])

    def address(self) -> str:
        """A number and a street."""
        return f"{self.rng.randint(1, 90)}{self.detail('suffixes')} {self.detail('streets')}"

    def _activity(self, subject: Subject) -> dict[str, Any]:
        """What is done: something that suits the place, the presence and the format."""
        presence, rhythm = "remote" if subject.remote else "on_site", "recurring" if subject.recurring else "one_off"
        fitting = [
            activity
            for activity in domain_texts()[subject.domain]["activity"]
            if activity.get("presence", "on_site") == presence
            and rhythm in activity.get("formats", (rhythm,))
            and activity.get("town", 0) <= subject.place.population
        ]
        own = [activity for activity in fitting if activity["key"] in subject.activities]
        reserved = [activity for activity in own if activity.get("reserved")]
        if reserved and self.rng.random() < 0.6:  # noqa: PLR2004 -- mostly what only they do
            return self.rng.choice(reserved)
        return self.rng.choice(own or [activity for activity in fitting if not activity.get("reserved")])

    def _titles(self, activity: dict[str, Any], *, recurring: bool) -> list[str]:
        return [title for title in activity["titles"] if recurring or not names_a_day(title)]

    def _fill(self, text: str, subject: Subject) -> str:
        we = subject.we
        return filled(text, subject.place, self.rng, organisation=subject.organisation, we=we, We=capital(we))

    def _title(self, base: str, times: When, subject: Subject) -> str:
        """The title with its ending, at most 79 characters: a doubled letter must fit."""
        kind = self.rng.choices(list(ENDINGS), weights=list(ENDINGS.values()))[0]
        time, place = ("" if is_timely(base) else times.title), self._place(base, subject)
        ending = {
            "time": time, "place": place, "manner": self._manner(subject), "season": self._season(base, subject),
            "time and place": f"{time} {place}".strip(),
        }.get(kind, "")  # fmt: skip
        for title in (f"{base} {self._fill(ending, subject)}".strip().replace(" ,", ","), base):
            if len(title) < TITLE_LENGTH:
                return title
        return base[: TITLE_LENGTH - 1]

    def _place(self, base: str, subject: Subject) -> str:
        common = texts("common")
        if subject.remote:
            return "" if is_remote(base) else str(self.rng.choice(common["remote_places"]))
        in_town = subject.place.is_town and self.rng.random() < 0.4  # noqa: PLR2004 -- in towns, quarters too
        ending = str(self.rng.choice(common["town_places" if in_town else "places"]))
        return f", {ending}" if ending == "{quarter}" else ending

    def _manner(self, subject: Subject) -> str:
        return f"– {self.rng.choice(texts('common')['remote_manners' if subject.remote else 'manners'])}"

    def _seasons(self, subject: Subject) -> list[dict[str, Any]]:
        """The seasons in which the mission begins."""
        month = (subject.starts or subject.today).month
        return [
            season
            for season in texts("seasons")["season"]
            if month in season["months"]
            and subject.domain in season["domains"]
            and not (season.get("mainland") and subject.place.is_overseas)
        ]

    def _season(self, base: str, subject: Subject) -> str:
        titles = [title for season in self._seasons(subject) for title in season["titles"]]
        return str(self.rng.choice(titles)) if titles and not is_timely(base) else ""

    def _comment(self, activity: dict[str, Any], times: When, subject: Subject) -> str:
        """A comment that at most four others share."""
        while True:
            text = self._fitting(activity, times, subject)
            self.used[text] += 1
            if self.used[text] <= MOST_ALIKE:
                return text

    def _fitting(self, activity: dict[str, Any], times: When, subject: Subject) -> str:
        """A comment of a fitting length, of the first shape that gives one."""
        for _ in range(20):
            text = self._draft(str(self.rng.choice(texts("common")["shapes"])), activity, times, subject)
            if SHORTEST <= len(text) <= LONGEST:
                return text
        return text[:LONGEST]

    def _draft(self, shape: str, activity: dict[str, Any], times: When, subject: Subject) -> str:
        """A comment of one shape."""
        paragraphs = [
            " ".join(filter(None, (self._piece(name, activity, times, subject) for name in paragraph.split())))
            for paragraph in shape.split("¶")
        ]
        common = texts("common")
        if self.rng.random() < 0.06:  # noqa: PLR2004 -- a few greet
            paragraphs.insert(0, self.rng.choice(common["greetings"]))
        if self.rng.random() < 0.06:  # noqa: PLR2004 -- a few sign
            paragraphs.append(self._fill(self.rng.choice(common["signatures"]), subject))
        return "\n\n".join(filter(None, (paragraph.strip() for paragraph in paragraphs)))

    def _piece(self, name: str, activity: dict[str, Any], times: When, subject: Subject) -> str:
        """What stands for one word of a shape."""
        rng, common, domain = self.rng, texts("common"), domain_texts()[subject.domain]
        if name in ("tasks", "list"):
            return self._tasks(activity, subject, listed=name == "list")
        if name == "when":
            return str(rng.choice(common["whens"])).format(when=times.said) if times.said else ""
        if name == "context":
            return self._fill(self._context(domain, activity, subject), subject)
        source, pool = {
            "aim": (activity, "aims"),
            "served": (domain, "served"),
            "use": (domain, "uses"),
            "needed": (common, "needed"),
            "means": (common, "means"),
            "close": (common, "closes"),
        }[name]
        own = activity.get(pool, [])
        choices = (
            own
            if self._prefers(own)
            else source[pool] + source.get(f"{pool}_remote" if subject.remote else f"{pool}_on_site", [])
        )
        return self._fill(str(rng.choice(choices)), subject)

    def _context(self, domain: dict[str, Any], activity: dict[str, Any], subject: Subject) -> str:
        draw = self.rng.random()
        if subject.place.is_overseas and draw < 0.3:  # noqa: PLR2004 -- nearly one in three says so
            return str(self.rng.choice(texts("overseas")["contexts"]))
        seasonal = [context for season in self._seasons(subject) for context in season["contexts"]]
        if seasonal and draw > 0.85:  # noqa: PLR2004 -- one in seven
            return str(self.rng.choice(seasonal))
        own = activity.get("contexts", [])
        return str(self.rng.choice(own if self._prefers(own) else domain["contexts"]))

    def _prefers(self, own: list[str]) -> bool:
        """Whether a sentence of the activity's own is taken rather than one of the domain: always when there are enough."""
        return len(own) >= ENOUGH_OWN or (bool(own) and self.rng.random() < OWN_FIRST)

    def _tasks(self, activity: dict[str, Any], subject: Subject, *, listed: bool) -> str:
        """Two to four tasks in a row, or three or four in a list."""
        count = self.rng.randint(3, 4) if listed else self.rng.randint(2, 4)
        tasks = [self._fill(task, subject) for task in self.rng.sample(activity["tasks"], count)]
        if not listed:
            return " ".join(tasks)
        common = texts("common")
        bullet = self.rng.choice(common["bullets"])
        lines = [f"{bullet}v{task[1:].removesuffix('.')}" for task in tasks]
        return f"{self.rng.choice(common['lists'])}\n" + " ;\n".join(lines) + "."

    def _is_hasty(self) -> bool:
        """One in each ten, not one in ten on average: few missions have their share too."""
        if not self.haste:
            self.haste = [number == 0 for number in range(ONE_HASTY_IN)]
            self.rng.shuffle(self.haste)
        return self.haste.pop()

    def _in_haste(self, title: str, description: str) -> tuple[str, str]:
        draw = self.rng.random()
        if draw < 0.7 or not description:  # noqa: PLR2004 -- seven in ten in the title
            title = in_haste(self.rng, title)[:TITLE_LENGTH]
        if draw > 0.5 and description:  # noqa: PLR2004 -- one in two in the comment
            description = in_haste(self.rng, description)
        return title, description
