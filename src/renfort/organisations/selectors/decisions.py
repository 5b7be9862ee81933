"""What was decided about an organisation or a mission, by whom, with which reasons: all of it read in the history (R52, P3).

A decision's entry carries the keys of the reasons ticked (``motives``) as a code, the words as an erasable remark
(``reasons``), and one remark for each field that was commented (``on_<field>``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Model
from django.utils.translation import gettext as _

from renfort.audit.selectors import Line, history_of
from renfort.kernel.events import Plain
from renfort.kernel.lists import Listed
from renfort.organisations.models import CorrectionReason, DenialReason
from renfort.organisations.selectors.past_labels import labels_at
from renfort.organisations.selectors.perimeter import referents_of
from renfort.organisations.selectors.roles import operators
from renfort.people.models import Person

ON = "on_"  # before the name of a field that is commented
DECISIONS = ("validate", "review", "opine", "ask_correction", "refuse", "flag", "clear")
SAID = ("ask_correction", "resubmit", "refuse", "flag", "write")  # what may carry words of one side to the other


def offered_reasons(model: type[Listed]) -> list[Listed]:
    """The reasons of one of the operator's lists that are offered now, in the operator's order. One query."""
    return list(model.objects.filter(is_active=True).order_by("position", "id"))  # type: ignore[attr-defined]  # concrete


def motives_in_words(keys: str, at: datetime | None = None) -> list[str]:
    """The reasons ticked, in the reader's language, as they are called today or were at a given moment; one that is gone is
    left out. One query at most for each list, two for a moment."""
    wanted = [key for key in keys.split(",") if key]
    if not wanted:
        return []
    known: dict[str, str] = {}
    for model in (DenialReason, CorrectionReason):
        if at is None:
            known |= {each.key: each.label for each in model.objects.filter(key__in=wanted)}
        else:
            known |= {key: label for (key, _at), label in labels_at(model, [(key, at) for key in wanted]).items()}
    return [known[key] for key in wanted if key in known]


def reasons_in_words(codes: Mapping[str, Plain], texts: Mapping[str, str]) -> tuple[str, ...]:
    """The sentences of a decision for an e-mail: each reason ticked, then the words."""
    ticked = tuple(f"– {label}" for label in motives_in_words(str(codes.get("motives", ""))))
    return (*ticked, *((texts["reasons"],) if texts.get("reasons") else ()))


def comments_in(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    """The remarks on fields among these words: (field, remark)."""
    return [(name.removeprefix(ON), text) for name, text in texts.items() if name.startswith(ON) and text]


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of the exchange between an organisation and who decides. ``comments``: field → what was said of it."""

    verb: str
    at: datetime
    actor_id: int | None
    role: str
    motives: list[str] = field(default_factory=list)
    words: str = ""
    comments: dict[str, str] = field(default_factory=dict)

    @property
    def is_host(self) -> bool:
        """Whether it was the organisation that spoke."""
        return ":manager:" in self.role or ":mission_tutor:" in self.role or self.verb == "resubmit"


def exchange_of(lines: Iterable[Line]) -> list[Said]:
    """The exchange in the order in which it was said, from a history of which the newest line comes first."""
    return [_said(line) for line in reversed(list(lines)) if _verb(line) in SAID]


def asked_in(lines: Sequence[Line]) -> Said | None:
    """The last request for a correction, when the organisation has not answered it since by proposing anew."""
    for line in lines:
        if _verb(line) in ("resubmit", "validate", "review"):
            return None
        if _verb(line) == "ask_correction":
            return _said(line)
    return None


def _verb(line: Line) -> str:
    return line.entry.verb.rpartition(".")[2]


def _said(line: Line) -> Said:
    entry = line.entry
    comments = dict(comments_in(line.texts))
    words = line.texts.get("reasons") or line.texts.get("message") or ""
    motives = motives_in_words(str(entry.codes.get("motives", "")), entry.at)
    return Said(_verb(line), entry.at, entry.actor_id, entry.role, motives, words, comments)


def last_decision(obj: Model) -> Line | None:
    """The last decision about the object. Two queries."""
    return next((line for line in history_of(obj) if _verb(line) in DECISIONS), None)


def who_asked(obj: Model, department: str, domain_id: int | None = None) -> Person | None:
    """Who asked for the last correction, when that person may still decide about this department. Four queries."""
    if not obj.pk:
        return None
    asked = next((line.entry.actor_id for line in history_of(obj) if _verb(line) == "ask_correction"), None)
    if asked is None:
        return None
    for held in (referents_of(department, domain_id), operators()):
        if (found := held.filter(person_id=asked).first()) is not None:
            return found.person
    return None


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of these people, for those who decide. One query."""
    wanted = {pk for pk in ids if pk}
    return {person.pk: person.full_name for person in Person.objects.filter(pk__in=wanted)} if wanted else {}


def nobody() -> str:
    """What stands for somebody whose name is not to be found any more."""
    return _("quelqu'un de l'équipe")


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of « Ma structure »: what it was and what it is."""

    name: str
    before: str
    after: str


def corrected_since(lines: Sequence[Line]) -> list[Changed]:
    """What the organisation changed of itself since the last request for a correction, each field once; see missions' own."""
    since: list[Line] = []
    for line in lines:
        if _verb(line) == "ask_correction":
            break
        since.append(line)
    else:
        return []
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for line in reversed(since):
        if _verb(line) != "edit":
            continue
        for name, (before, after) in line.entry.changes.items():
            first.setdefault(name, str(before or line.texts.get(f"{name}:before") or ""))
            last[name] = str(after or line.texts.get(f"{name}:after") or "")
    return [Changed(name, first[name], last[name]) for name in first if first[name] != last[name]]
