"""What a host project says, field by field: as a version keeps it, and what changed between two (S5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from renfort.civic_service.enums import Domain
from renfort.civic_service.models import HostProject, ProjectVersion

LABELS: dict[str, Any] = {  # lazy texts, as the fields of the form take them
    "title": gettext_lazy("Titre de la mission"),
    "domain": gettext_lazy("Domaine"),
    "aim": gettext_lazy("Objectif d'intérêt général"),
    "tasks": gettext_lazy("Ce que fait le volontaire"),
    "audience": gettext_lazy("Public rencontré"),
    "setting": gettext_lazy("Préparation et accompagnement"),
    "place": gettext_lazy("Lieu de la mission"),
    "first_on": gettext_lazy("Premier jour souhaité"),
    "months": gettext_lazy("Durée en mois"),
    "weekly_hours": gettext_lazy("Heures par semaine"),
    "weekly_days": gettext_lazy("Jours par semaine"),
    "takes_minors": gettext_lazy("Ouvert aux mineurs"),
    "minors_support": gettext_lazy("Accompagnement renforcé des mineurs"),
    "is_reachable": gettext_lazy("Accessible en transports en commun"),
    "is_accessible": gettext_lazy("Accessible aux personnes à mobilité réduite"),
    "asked": gettext_lazy("Volontaires demandés"),
    "lead": gettext_lazy("Référent"),
    "tutor": gettext_lazy("Tuteur"),
    "co_tutor": gettext_lazy("Cotuteur"),
}  # in the order in which they are read
ON = "on_"  # before the name of a field on which a case manager says something
COMPULSORY = (
    "title", "domain", "aim", "tasks", "audience", "setting", "place", "first_on", "months", "weekly_hours", "weekly_days",
    "lead", "tutor",
)  # fmt: skip
PEOPLE = ("lead", "tutor", "co_tutor")
TICKS = ("takes_minors", "is_reachable", "is_accessible")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two filings say differently, in words; "" where one of them said nothing."""

    name: str
    label: str
    before: str
    after: str


def facts_of(project: HostProject) -> dict[str, Any]:
    """The project as plain values by the names of its fields: people by number, so that a version holds nobody's name."""
    found: dict[str, Any] = {}
    for name in LABELS:
        value = getattr(project, f"{name}_id" if name in PEOPLE else name)
        found[name] = value.isoformat() if isinstance(value, date) else value
    return found


def in_words(name: str, value: Any, names: Mapping[int, str]) -> str:
    """One plain value as a person reads it; "" for nothing said."""
    if value in (None, ""):
        return ""
    if name == "first_on":
        return date_format(date.fromisoformat(str(value)))
    if name == "months":
        return ngettext("%(n)s mois", "%(n)s mois", int(value)) % {"n": value}
    if name in TICKS:
        return _("oui") if value else _("non")
    if name == "domain":
        return str(Domain(value).label) if value in Domain.values else str(value)
    if name in PEOPLE:
        return names.get(int(value), _("une personne qui n'est plus là"))
    return str(value)


def people_of(project: HostProject) -> dict[int, str]:
    """Who is named in a project, by number; no query when they were loaded with it."""
    return {each.pk: each.full_name for each in (project.lead, project.tutor, project.co_tutor) if each is not None}


def said(facts: Mapping[str, Any], names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Every field with its words, in the order of the form. ``names``: of people by number. No query."""
    return [(str(label), in_words(name, facts.get(name), names)) for name, label in LABELS.items()]


def differences(before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[int, str]) -> list[Difference]:
    """What changed from one filing to another, in the order of the form. ``names``: of people by number. No query."""
    return [
        Difference(name, str(LABELS[name]), in_words(name, before.get(name), names), in_words(name, after.get(name), names))
        for name in LABELS
        if before.get(name) != after.get(name)
    ]


def versions_of(project: HostProject) -> list[ProjectVersion]:
    """What was filed, the first filing first. One query."""
    return list(project.versions.all())


def changes_since(project: HostProject, versions: list[ProjectVersion], names: Mapping[int, str]) -> list[Difference]:
    """What the project says now that its last filing did not: what a correction has mended so far. No query."""
    return differences(versions[-1].facts, facts_of(project), names) if versions else []


def remarks_in(texts: Mapping[str, str]) -> dict[str, str]:
    """The remarks of a request for corrections among its words, by the names of the fields, in the order of the form."""
    return {name: texts[f"{ON}{name}"] for name in LABELS if texts.get(f"{ON}{name}")}


def words_in(texts: Mapping[str, str]) -> list[str]:
    """The words of a step as they are read: each remark after the label of its field."""
    plain = [text for name, text in texts.items() if text and not name.startswith(ON)]
    on = [_("%(field)s\u00a0: %(value)s") % {"field": LABELS[name], "value": text} for name, text in remarks_in(texts).items()]
    return [*plain, *on]
