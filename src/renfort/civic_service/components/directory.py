"""A reading of the directory, as its pages show it (S1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.civic_service.enums import (
    DirectoryAction,
    DirectoryDoor,
    DirectoryState,
    DirectoryThing,
    PostRole,
    SchoolNetwork,
    Source,
)
from renfort.civic_service.models import DirectoryRun
from renfort.kernel.rules import Text
from renfort.kernel.templatetags.ui import badge, day_words, number, phone

S = DirectoryState
TONES = {
    S.WAITING: "neutral", S.RUNNING: "info", S.HELD: "warning", S.DONE: "success", S.FAILED: "danger", S.STOPPED: "neutral",
    S.UNDONE: "neutral",
}  # fmt: skip
WORDS: Mapping[str, Text] = {
    "key": gettext_lazy("Clé dans l'annuaire"), "network": gettext_lazy("Réseau"), "uai": gettext_lazy("Code RNE (UAI)"),
    "name": gettext_lazy("Nom"), "managing_body": gettext_lazy("Nom exact de l'OGEC"), "address": gettext_lazy("Adresse"),
    "postcode": gettext_lazy("Code postal"), "city": gettext_lazy("Ville"), "department": gettext_lazy("Département"),
    "siret": gettext_lazy("SIRET"), "phone": gettext_lazy("Téléphone"), "email": gettext_lazy("Adresse e-mail"),
    "enrolment": gettext_lazy("Effectif"), "enrolment_year": gettext_lazy("Année de l'effectif"),
    "head": gettext_lazy("Chef d'établissement"), "first_name": gettext_lazy("Prénom"), "last_name": gettext_lazy("Nom"),
    "mobile_phone": gettext_lazy("Mobile"), "landline_phone": gettext_lazy("Téléphone fixe"),
    "left_on": gettext_lazy("Sortie du réseau"), "source": gettext_lazy("Origine"), "function": gettext_lazy("Fonction"),
}  # fmt: skip
CHOICES: Mapping[str, Any] = {"network": SchoolNetwork, "source": Source, "role": PostRole}
PHONES = ("phone", "mobile_phone", "landline_phone")


@dataclass(frozen=True, slots=True)
class Card:
    """One reading on a line of the list, or at the head of its page."""

    run: DirectoryRun
    title: str
    badge: SafeString
    words: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many of one kind; ``key`` filters the differences."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference in words: each field with before and after."""

    title: str
    action: str
    facts: list[tuple[str, str, str]]


def card(run: DirectoryRun) -> Card:
    """A reading in words."""
    door = DirectoryDoor(run.door)
    title = run.name if door == DirectoryDoor.FILE and run.name else str(door.label)
    if run.only:
        title = f"{title} · {run.only}"
    state = _("Arrêt en cours") if run.is_stopping else str(S(run.state).label)
    percent = min(99, 100 * run.done // run.total) if run.state == S.RUNNING and run.total else None
    return Card(run, title, badge(label=state, tone=TONES[S(run.state)]), _words(run), percent)


def _words(run: DirectoryRun) -> str:
    if run.state in (S.WAITING, S.RUNNING):
        return _("Vous pouvez quitter cette page : la lecture continue.")
    parts = [f"{each.label} : {number(each.count)}" for each in counts_of(run.counts)]
    if run.state == S.DONE and not parts:
        return _("Rien n'a changé.")
    return " · ".join(parts)


def counts_of(counts: Mapping[str, int]) -> list[Count]:
    """« Établissements, ajout : 12 », in the order of things."""
    found = []
    for thing in DirectoryThing:
        for action in DirectoryAction:
            if count := counts.get(f"{thing}.{action}"):
                found.append(Count(f"{thing}.{action}", _label(thing, action), count))
    return found


def _label(thing: DirectoryThing, action: DirectoryAction) -> str:
    return f"{thing.label}, {str(action.label).lower()}"


def differences(rows: Iterable[tuple[str, str, str, Mapping[str, Any], Mapping[str, Any]]]) -> list[Difference]:
    """Rows of (thing, action, label, before, after) in words."""
    return [
        Difference(label, _label(DirectoryThing(thing), DirectoryAction(action)), _facts(action, before, after))
        for thing, action, label, before, after in rows
    ]


def _facts(action: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    if action == DirectoryAction.END:
        return []
    shown = []
    for name, value in after.items():
        if name in WORDS and name not in ("head",):
            shown.append((str(WORDS[name]), _value(name, before.get(name)), _value(name, value)))
    return shown


def _value(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    if name in PHONES:
        return phone(str(value))
    if name == "left_on":
        return day_words(parse_date(str(value)))
    return str(value)
