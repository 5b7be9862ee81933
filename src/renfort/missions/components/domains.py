"""The history of a domain, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from renfort.missions.selectors.domains import DomainChange

PAST = {
    "add": gettext_lazy("Domaine ajouté"),
    "edit": gettext_lazy("Domaine modifié"),
    "rules": gettext_lazy("Nouvelles règles"),
    "move": gettext_lazy("Ordre changé"),
    "close": gettext_lazy("Domaine fermé"),
    "open": gettext_lazy("Domaine ouvert"),
}
FIELDS = {
    "label_fr": gettext_lazy("phrase en français"),
    "label_en": gettext_lazy("phrase en anglais"),
    "short_fr": gettext_lazy("nom court en français"),
    "short_en": gettext_lazy("nom court en anglais"),
    "objective_fr": gettext_lazy("objectif en français"),
    "objective_en": gettext_lazy("objectif en anglais"),
    "description_fr": gettext_lazy("description en français"),
    "description_en": gettext_lazy("description en anglais"),
    "illustration": gettext_lazy("illustration"),
    "remote_allowed": gettext_lazy("à distance"),
    "is_sensitive": gettext_lazy("sensible"),
    "minimum_age": gettext_lazy("âge minimal"),
    "age_limit_on_site": gettext_lazy("âge limite en présentiel"),
    "rules_fr": gettext_lazy("règles en français"),
    "rules_en": gettext_lazy("règles en anglais"),
    "statement_fr": gettext_lazy("déclaration en français"),
    "statement_en": gettext_lazy("déclaration en anglais"),
}


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field, from what to what."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of the history; ``restorable``: it can be undone."""

    pk: int
    what: str
    fields: list[ChangedField]
    at: datetime
    who: str
    restorable: bool


def change_rows(changes: Iterable[DomainChange], names: dict[int, str]) -> list[ChangeRow]:
    """The history of a domain as the page shows it."""
    return [
        ChangeRow(
            each.pk,
            str(PAST.get(each.verb, each.verb)),
            [
                ChangedField(str(FIELDS[name]), _said(before), _said(after))
                for name, (before, after) in each.changes.items()
                if name in FIELDS and each.verb != "add"
            ],
            each.at,
            names.get(each.by or 0, ""),
            each.verb == "edit",
        )
        for each in changes
    ]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    return "–" if value is None or value == "" else str(value)
