"""What a check is, what it finds, and how that is told: shared by the checks of organisations and of missions (R53)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from renfort.kernel.templatetags.ui import day_words
from renfort.kernel.terms import plain
from renfort.organisations.models.checks import Found

Words = str | Promise
SERIOUS = 60  # from this weight on, a finding is shown as a warning


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckKind:
    """One check. ``sentence`` explains what was found (%(words)s and the facts of the finding fill it), or is chosen by
    ``says`` among several. ``advice``: the same for the organisation, kindly, when it can mend it; "" when it is not told.

    ``list``: the list of words that it looks for; ``unit``: what its threshold counts, "" for none.
    """

    key: str
    about: str  # "mission", "organisation"
    title: Words
    sentence: Words
    says: Mapping[str, Words] = made(default_factory=dict)  # by the fact « case »
    advice: Words = ""
    list: str = ""
    unit: Words = ""


KINDS: dict[str, CheckKind] = {}


def register(*kinds: CheckKind) -> None:
    """Let the pages and lists know these checks."""
    KINDS.update({kind.key: kind for kind in kinds})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What a check finds in a text that is before it: pure, nothing is stored.

    ``fault``: the text at fault, when it is more than the excerpt; a changed one is another finding. ``word``: its number.
    """

    key: str
    field: str = ""
    words: str = ""
    excerpt: str = ""
    fault: str = ""
    word: int | None = None
    facts: Mapping[str, Any] = made(default_factory=dict)

    @property
    def print(self) -> str:
        """The text at fault in short: the same whatever capitals, accents, spaces and what stands around."""
        said = "\x1f".join((self.field, plain(self.words), " ".join(plain(self.fault or self.excerpt).split())))
        return hashlib.sha256(said.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found, as pages and lists show it. ``subject_id``: the mission or organisation; ``field``: its label."""

    pk: int
    subject_id: int
    key: str
    weight: int
    title: str
    sentence: str
    advice: str
    field: str
    words: str
    excerpt: str
    false_at: datetime | None = None

    @property
    def is_false(self) -> bool:
        """Whether somebody said that it is a false alarm."""
        return self.false_at is not None

    @property
    def is_serious(self) -> bool:
        return self.weight >= SERIOUS


FIELDS: dict[str, Words] = {}  # labels of the fields that findings name; each app adds its own


def standing(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those that are true now and that nobody called a false alarm."""
    return rows.filter(gone_at=None, false_at=None, made_by__is_active=True)


def as_findings(rows: QuerySet[Any]) -> dict[int, list[Finding]]:
    """What is true now, by its subject's number, heaviest first, false alarms last. One query."""
    found: dict[int, list[Finding]] = defaultdict(list)
    for row in rows.filter(gone_at=None, made_by__is_active=True).select_related("made_by"):
        if row.made_by.key in KINDS:
            one = as_finding(row)
            found[one.subject_id].append(one)
    return {pk: sorted(each, key=lambda one: (one.is_false, -one.weight, one.key, one.pk)) for pk, each in found.items()}


def as_finding(row: Found) -> Finding:
    """A stored row in words."""
    kind = KINDS[row.made_by.key]
    subject = getattr(row, f"{kind.about}_id")
    return _told(
        kind, pk=row.pk, subject_id=subject, weight=row.made_by.weight, field_=row.field, words=row.words,
        excerpt=row.excerpt, facts=row.facts, false_at=row.false_at,
    )  # fmt: skip


def told(hits: Iterable[Hit], weights: Mapping[str, int]) -> list[Finding]:
    """Hits in words, before anything is stored: for « essayer ce texte »."""
    found = [
        _told(
            KINDS[hit.key], pk=0, subject_id=0, weight=weights.get(hit.key, 0), field_=hit.field, words=hit.words,
            excerpt=hit.excerpt, facts=hit.facts, false_at=None,
        )
        for hit in hits
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.weight, one.key))


def _told(
    kind: CheckKind, *, pk: int, subject_id: int, weight: int, field_: str, words: str, excerpt: str,
    facts: Mapping[str, Any], false_at: datetime | None,
) -> Finding:  # fmt: skip
    filling = _Filling({"words": words}, **{name: _readable(name, value) for name, value in facts.items()})
    sentence = str(kind.says.get(str(facts.get("case", "")), kind.sentence))
    return Finding(
        pk=pk,
        subject_id=subject_id,
        key=kind.key,
        weight=weight,
        title=str(kind.title),
        sentence=sentence % filling,
        advice=str(kind.advice) % filling if kind.advice else "",
        field="" if (label := str(FIELDS.get(field_, ""))) == str(kind.title) else label,
        words=words,
        excerpt=excerpt,
        false_at=false_at,
    )


class _Filling(dict[str, str]):
    """What fills a sentence; a fact that an older row does not have is left open rather than failing the page."""

    def __missing__(self, key: str) -> str:
        return "…"


def _readable(name: str, value: Any) -> str:
    return day_words(date.fromisoformat(value)) if name.endswith("_on") and value else str(value)


Checker = Callable[..., list[Hit]]
