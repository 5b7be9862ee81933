"""What a change of a mission changed, in words: for its history, for the volunteers told, for two who edit at once (R14).

An edit's event carries codes as (before, after); free words stand in erasable remarks named ``<field>:before`` and
``<field>:after``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.audit.selectors import Line, history_of
from renfort.kernel.templatetags.ui import hour_words, number, period_words
from renfort.missions.enums import Format, Presence, SlotShape
from renfort.missions.models import Domain, Mission, Public
from renfort.territories.selectors import departments

BEFORE, AFTER = ":before", ":after"
FREE_TEXT = {"title", "schedule", "description", "safety", "address", "contacts", "addresses", "prerequisites"}
TELLS = {  # to those who come: when, where, in which form (R14); a moved point or a department alone moves nobody
    "presence", "format", "starts_on", "ends_on", "schedule", "address", "postcode", "city", "addresses",
}  # fmt: skip
LABELS = {
    "domain_id": gettext_lazy("Domaine d'action"),
    "title": gettext_lazy("Titre"),
    "presence": gettext_lazy("Type de mission"),
    "format": gettext_lazy("Format de mission"),
    "places": gettext_lazy("Nombre de volontaires"),
    "starts_on": gettext_lazy("Date de début"),
    "ends_on": gettext_lazy("Date de fin"),
    "schedule": gettext_lazy("Horaires"),
    "slots": gettext_lazy("Créneaux"),
    "description": gettext_lazy("Commentaire par la structure"),
    "publics": gettext_lazy("Public bénéficiaire"),
    "safety": gettext_lazy("Sécurité et encadrement"),
    "prerequisites": gettext_lazy("Prérequis"),
    "conforms": gettext_lazy("Respect des règles du domaine"),
    "address": gettext_lazy("Adresse"),
    "postcode": gettext_lazy("Code postal"),
    "city": gettext_lazy("Ville"),
    "department_id": gettext_lazy("Département"),
    "point": gettext_lazy("Position sur la carte"),
    "addresses": gettext_lazy("Autres adresses"),
    "responsible_id": gettext_lazy("Responsable de la mission"),
    "deputies": gettext_lazy("Autres responsables"),
    "contacts": gettext_lazy("Contacts"),
}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what it was and what it is, in words."""

    name: str
    label: str
    before: str
    after: str


@dataclass(slots=True)
class Wording:
    """Codes in words. ``people``: those whom the reader may know by name. Two queries at most, and only when asked."""

    people: Mapping[int, str] = field(default_factory=dict)
    _domains: dict[str, str] | None = None
    _publics: dict[str, str] | None = None

    def of(self, name: str, value: Any) -> str:
        """One value of a field as a reader reads it; « – » for nothing, and for what the history no longer holds."""
        if value in (None, ""):
            return NOTHING
        text = str(value)
        if name in ("presence", "format"):
            choices = Presence if name == "presence" else Format
            return str(choices(text).label) if text in choices.values else text
        if name in ("starts_on", "ends_on"):
            return date_format(date.fromisoformat(text), "DATE_FORMAT")
        if name == "conforms":
            return _("oui") if text == "True" else _("non")
        if name == "domain_id":
            return self._domain(text)
        if name == "department_id":
            return next((str(each) for each in departments() if each.code == text), text)
        if name in ("responsible_id", "deputies"):
            unknown = _("quelqu'un qui a quitté l'équipe")
            return ", ".join(self.people.get(int(pk), unknown) for pk in text.split(","))
        if name == "slots":
            return "\n".join(_slot_words(line) for line in text.split("\n"))
        if name == "publics":
            return ", ".join(self._public(pk) for pk in text.split(","))
        return text

    def _domain(self, pk: str) -> str:
        if self._domains is None:
            self._domains = {str(domain.pk): domain.short for domain in Domain.objects.all()}
        return self._domains.get(pk, NOTHING)

    def _public(self, pk: str) -> str:
        if self._publics is None:
            self._publics = {str(public.pk): public.label for public in Public.objects.all()}
        return self._publics.get(pk, NOTHING)


def _slot_words(code: str) -> str:
    """« samedi 5 décembre · 9 h – 12 h · 2 places »: one line of ``services.slots.slots_code`` in words."""
    day, shape, starts, ends, places = code.split(" ")
    when = date.fromisoformat(day)
    hours = (
        f"{hour_words(datetime.fromisoformat(f'{day}T{starts}'))}\u00a0– {hour_words(datetime.fromisoformat(f'{day}T{ends}'))}"
        if shape == SlotShape.HOURS
        else str(SlotShape(shape).label).lower()
    )
    count = ngettext("%(n)s place", "%(n)s places", int(places)) % {"n": number(int(places))}
    return f"{period_words(starts_on=when, ends_on=when)} · {hours} · {count}"


def told(names: Iterable[str]) -> set[str]:
    """Which of these fields the volunteers who hold a place are told of (R14)."""
    return TELLS.intersection(names)


def both_sides(changes: Mapping[str, Any], texts: Mapping[str, str]) -> dict[str, tuple[Any, Any]]:
    """Each changed field with its two values, free words included; (None, None) where these were erased."""
    return {
        name: (texts.get(f"{name}{BEFORE}"), texts.get(f"{name}{AFTER}")) if name in FREE_TEXT else tuple(pair)
        for name, pair in changes.items()
        if name in LABELS
    }


def changes_of(line: Line, wording: Wording) -> list[Change]:
    """What one line of a mission's history changed, in the order of the form."""
    sides = both_sides(line.entry.changes, line.texts)
    return [
        Change(name, str(label), wording.of(name, sides[name][0]), wording.of(name, sides[name][1]))
        for name, label in LABELS.items()
        if name in sides
    ]


@dataclass(frozen=True, slots=True)
class Since:
    """What others saved after a version: each field with what it was then, the last who did it, and when."""

    was: Mapping[str, str | None]
    actor_id: int | None
    at: datetime | None


def changed_since(mission: Mission, version: int) -> Since:
    """What was saved after this version of a mission. Two queries."""
    was: dict[str, str | None] = {}
    actor_id, at = None, None
    for line in reversed(history_of(mission)):  # the oldest first: its « before » is what the reader had seen
        if int(line.entry.codes.get("version") or 0) <= version:
            continue
        actor_id, at = line.entry.actor_id, line.entry.at
        for name, (before, _after) in both_sides(line.entry.changes, line.texts).items():
            was.setdefault(name, before)
    return Since(was, actor_id, at)


def as_it_was(mission: Mission, changes: Mapping[str, Any], texts: Mapping[str, str]) -> Mission:
    """A mission with the dates, the place, the format and the hours of before; never to be saved.

    Its other addresses of before are the attribute ``addresses_were``, a text of lines; None when they did not change.
    """
    was: Any = copy(mission)
    was.addresses_were = None
    for name, (before, _after) in both_sides(changes, texts).items():
        if name in ("starts_on", "ends_on"):
            setattr(was, name, date.fromisoformat(before) if before else None)
        elif name == "addresses":
            was.addresses_were = before or ""
        elif name in TELLS:
            setattr(was, name, before or "")
    found: Mission = was
    return found
