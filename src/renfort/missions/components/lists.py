"""The rows of an organisation's lists, with the columns that a person chose (R17, R32).

A page shows twenty: what is the same in each of them (addresses, words) is made once for the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.forms import BoundField, ChoiceField
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from renfort.kernel.actions import actions_of
from renfort.kernel.actors import Actor
from renfort.kernel.rules import Text
from renfort.kernel.templatetags.ui import button, esc, gauge, icon, number, period_words, phone, relative_time
from renfort.missions.components.contact import reach
from renfort.missions.components.rows import mission_badge, participation_badge, place_of
from renfort.missions.components.slots import slots_cell
from renfort.missions.enums import ListKind, MissionState
from renfort.missions.models import Mission, Participation, Slot
from renfort.missions.rules import contact_is_open, runs
from renfort.missions.selectors.mission import places_offered, places_taken
from renfort.missions.services.mission import CLOSED
from renfort.missions.workflow import PARTICIPATION

ONLINE = (MissionState.PUBLISHED, MissionState.ENDED)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that may be shown. ``sort``: the word by which the address sorts by it."""

    key: str
    label: Text
    usual: bool = True
    sort: str = ""


COLUMNS: dict[str, tuple[Column, ...]] = {
    ListKind.MISSIONS: (
        Column("domaine", gettext_lazy("Domaine"), usual=False),
        Column("dates", gettext_lazy("Dates"), sort="debut"),
        Column("ville", gettext_lazy("Ville")),
        Column("places", gettext_lazy("Places"), sort="places"),
        Column("statut", gettext_lazy("Statut")),
        Column("responsable", gettext_lazy("Responsable"), usual=False),
        Column("cree", pgettext_lazy("colonne", "Créée"), usual=False, sort="cree"),
    ),
    ListKind.PARTICIPATIONS: (
        Column("mission", gettext_lazy("Mission"), sort="mission"),
        Column("dates", gettext_lazy("Dates"), usual=False),
        Column("ville", gettext_lazy("Ville"), usual=False),
        Column("statut", gettext_lazy("Statut")),
        Column("age", gettext_lazy("Âge"), usual=False),
        Column("cree", gettext_lazy("Créé le"), sort="cree"),
    ),
}


def columns_of(kind: str, chosen: Sequence[str] | None) -> list[Column]:
    """The columns to show, in their order; the usual ones when nothing is chosen."""
    return [column for column in COLUMNS[kind] if (column.usual if chosen is None else column.key in chosen)]


def heading(label: object, sort: str, query: QueryDict, *, possible: bool = True) -> SafeString:
    """A column's ``<th>``: a link that sorts, then the other way round; plain words where the list cannot be sorted by it."""
    if not sort or not possible:
        return mark_safe(f'<th scope="col">{esc(label)}</th>')  # noqa: S308 -- escaped
    now = query.get("tri", "")
    asked = query.copy()
    for gone in ("page", "volet"):
        asked.pop(gone, None)
    asked["tri"] = f"-{sort}" if now == sort else sort
    order = {sort: "ascending", f"-{sort}": "descending"}.get(now)
    said = f' aria-sort="{order}"' if order else ""
    mark = {"ascending": "↑", "descending": "↓"}.get(order or "", "↕")
    return mark_safe(  # noqa: S308 -- escaped
        f'<th scope="col"{said}><a href="?{esc(asked.urlencode())}">{esc(label)} '
        f'<span class="sort-mark" aria-hidden="true">{mark}</span></a></th>'
    )


def filter_field(field: BoundField) -> SafeString:
    """One field of the filters. The fields of every list page: written at a fifth of what a template of each costs."""
    name, value = field.html_name, field.value()
    label, key = esc(field.label), esc(field.id_for_label)
    if isinstance(field.field, ChoiceField):
        chosen = "" if value is None else str(value)
        options = "".join(
            f'<option value="{esc(code)}"{" selected" if str(code) == chosen else ""}>{esc(words)}</option>'
            for code, words in cast("list[tuple[str, str]]", field.field.choices)
        )
        control = f'<select name="{name}" id="{key}">{options}</select>'
    else:
        kind = field.field.widget.input_type
        shown = "" if value is None else esc(value)
        control = f'<input type="{kind}" name="{name}" id="{key}" value="{shown}" maxlength="100">'
    wrong = "".join(f'<p class="error">{esc(error)}</p>' for error in field.errors)
    return mark_safe(  # noqa: S308 -- escaped
        f'<div class="field"><label class="field-label" for="{key}">{label}</label>{control}{wrong}</div>'
    )


def age_on(day: date, born: date) -> int:
    """Whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_words(born: date | None) -> str:
    """« 36 ans »."""
    if born is None:
        return ""
    years = age_on(timezone.localdate(), born)
    return ngettext("%(n)s an", "%(n)s ans", years) % {"n": years}


@dataclass(slots=True)
class Place:
    """Where the rows stand: the list's address, what it asks, and the row whose panel is open."""

    path: str
    query: str = ""
    opened: int | None = None

    def row(self, pk: int, tick: str = "") -> str:
        """The beginning of a row."""
        current = ' aria-current="true"' if pk == self.opened else ""
        return f'<tr data-row="{pk}"{current}>{tick}'

    def link(self, pk: int, words: object) -> str:
        """What opens a row: its page, or its panel where there is a script."""
        return f'<a href="{self.path}{pk}/" data-panel="{self.path}{pk}/volet/">{esc(words)}</a>'

    @property
    def back(self) -> str:
        """The list as it is, with the panel that is open."""
        return f"{self.path}?{self.query}" if self.query else self.path


class MissionRows:
    """Rows of « Missions »."""

    def __init__(self, columns: Iterable[Column], place: Place, actor: Actor, *, csrf: str) -> None:
        self.columns, self.place, self.actor, self.csrf = list(columns), place, actor, csrf
        self.labels = {column.key: esc(column.label) for column in self.columns}
        self.more = esc(_("Actions"))
        self.words = {key: esc(text) for key, text in {
            "edit": _("Modifier"), "view": _("Visualiser"), "copy": _("Dupliquer"), "history": _("Historique"),
            "link": _("Copier le lien"), "copied": _("Lien copié"),
        }.items()}  # fmt: skip
        self.cells: Mapping[str, Callable[[Mission], str]] = {
            "domaine": lambda mission: self._plain("domaine", mission.domain.short),
            "dates": lambda mission: self._plain("dates", period_words(starts_on=mission.starts_on, ends_on=mission.ends_on)),
            "ville": lambda mission: self._plain("ville", place_of(mission)),
            "places": lambda mission: f"<td>{gauge(taken=places_taken(mission), total=places_offered(mission))}</td>",
            "statut": lambda mission: f'<td class="cell-first"><div class="badges">{mission_badge(mission)}</div></td>',
            "responsable": lambda mission: self._plain("responsable", mission.responsible.full_name),
            "cree": lambda mission: (
                f'<td class="cell-tight" data-label="{self.labels["cree"]}">'
                f"{relative_time(at=mission.created_at, zone=mission.zone)}</td>"
            ),
        }

    def _plain(self, key: str, words: object) -> str:
        return f'<td data-label="{self.labels[key]}">{esc(words)}</td>'

    def __call__(self, mission: Mission) -> SafeString:
        """One row."""
        below = "" if "domaine" in self.labels else f'<span class="soft">{esc(mission.domain.short)}</span>'
        cells = "".join(self.cells[column.key](mission) for column in self.columns)
        return mark_safe(  # noqa: S308 -- every part is escaped
            f'{self.place.row(mission.pk)}<th scope="row" class="row-title">'
            f"{self.place.link(mission.pk, mission.title)}{below}</th>"
            f'{cells}<td class="cell-tight cell-more">{self._menu(mission)}</td></tr>'
        )

    def _menu(self, mission: Mission) -> str:
        """« Modifier / Visualiser / Dupliquer / Historique / Copier le lien »: a menu that opens without a script."""
        page, words = f"{self.place.path}{mission.pk}/", self.words
        is_public = mission.state in ONLINE
        shown = mission.get_absolute_url() if is_public else f"{page}apercu/"
        can_edit = mission.state not in CLOSED and runs(self.actor, mission)
        items = [] if not can_edit else [f'<a class="nav-link" href="{page}modifier/">{words["edit"]}</a>']
        items.append(f'<a class="nav-link" href="{esc(shown)}">{words["view"]}</a>')
        if duplicate := duplicate_url(mission):
            items.append(
                f'<form method="post" action="{esc(duplicate)}">'
                f'<input type="hidden" name="csrfmiddlewaretoken" value="{self.csrf}">'
                f'<button type="submit" class="nav-link">{words["copy"]}</button></form>'
            )
        items.append(f'<a class="nav-link" href="{page}#histoire">{words["history"]}</a>')
        if is_public:
            items.append(
                f'<button type="button" class="nav-link" data-copy="{esc(shown)}" data-copied="{words["copied"]}" hidden>'
                f'{words["link"]} <span role="status"></span></button>'
            )
        inside = "".join(f"<li>{item}</li>" for item in items)
        return (
            f'<details class="drop drop-row"><summary>{icon("more")}'
            f'<span class="sr">{self.more} {esc(mission.title)}</span></summary>'
            f'<div class="drop-body"><ul>{inside}</ul></div></details>'
        )


def duplicate_url(mission: Mission) -> str:
    """Where « Dupliquer » is sent; "" where a site has no such address."""
    try:
        return reverse("missions:mission-duplicate", args=[mission.organisation_id, mission.pk])
    except NoReverseMatch:
        return ""


class ParticipationRows:
    """Rows of « Participations », each with a box to tick and the answers that can be given now."""

    def __init__(
        self, columns: Iterable[Column], place: Place, actor: Actor, slots: Mapping[int, Sequence[Slot]] | None = None
    ) -> None:
        self.columns, self.place, self.actor, self.slots = list(columns), place, actor, slots or {}
        self.labels = {column.key: esc(column.label) for column in self.columns}
        self.choose = esc(_("Choisir"))
        self.back = QueryDict(mutable=True)
        self.back["retour"] = place.back
        self.tail = f"?{self.back.urlencode()}"
        self.cells: Mapping[str, Callable[[Participation], str]] = {
            "mission": lambda each: f"<td>{esc(each.mission.title)}{slots_cell(self.slots.get(each.pk, []))}</td>",
            "dates": lambda each: self._plain(
                "dates", period_words(starts_on=each.mission.starts_on, ends_on=each.mission.ends_on)
            ),
            "ville": lambda each: self._plain("ville", place_of(each.mission)),
            "statut": lambda each: f'<td class="cell-tight cell-first">{participation_badge(each)}</td>',
            "age": lambda each: self._plain("age", age_words(each.person.birth_date) if contact_is_open(each) else "–"),
            "cree": lambda each: (
                f'<td class="cell-tight cell-after">{relative_time(at=each.created_at, zone=each.mission.zone)}</td>'
            ),
        }

    def _plain(self, key: str, words: object) -> str:
        return f'<td data-label="{self.labels[key]}">{esc(words)}</td>'

    def __call__(self, participation: Participation) -> SafeString:
        """One row."""
        pk, person = participation.pk, participation.person
        tick = (
            f'<td class="cell-tick"><label><input type="checkbox" name="ligne" value="{pk}.{participation.version}" form="choix">'
            f'<span class="sr">{self.choose} {esc(person.full_name)}</span></label></td>'
        )
        cells = "".join(self.cells[column.key](participation) for column in self.columns)
        return mark_safe(  # noqa: S308 -- every part is escaped
            f'{self.place.row(pk, tick)}<th scope="row" class="row-title">'
            f"{self.place.link(pk, person.full_name)}{reach(participation)}</th>"
            f'{cells}<td class="cell-tight">{self._answers(participation)}</td></tr>'
        )

    def _answers(self, participation: Participation) -> str:
        page, answers, why = f"{self.place.path}{participation.pk}/", "", ""
        for action in actions_of(PARTICIPATION, participation, self.actor, lambda path: f"{page}{path}/{self.tail}"):
            if action.name not in ("accept", "refuse"):
                continue
            if not action.refusals:
                answers += button(
                    label=action.label, url=action.url, tone=action.tone, size="small", hint=participation.person.full_name
                )
            elif action.name == "accept":
                why = f'<span class="soft why">{esc(action.refusals[0])}</span>'
        return f'<div class="answers">{answers}</div>{why}' if answers else ""


def results_words(count: int, places: int | None) -> str:
    """« 23 missions · 57 places disponibles »: what the list holds, in one sentence."""
    words = ngettext("%(n)s mission", "%(n)s missions", count) % {"n": number(count)}
    if places is None:
        return words
    free = ngettext("%(n)s place disponible", "%(n)s places disponibles", places) % {"n": number(places)}
    return f"{words} · {free}"


def facts_of_mission(mission: Mission) -> list[tuple[Any, Any]]:
    """What the panel of a mission says (R18)."""
    from_to = (_("Début"), mission.starts_on), (_("Fin"), mission.ends_on)
    return [
        (_("Département"), f"{mission.department.code} - {mission.department.name}"),
        (_("Type"), mission.kind_label),
        (_("Format"), mission.format_label),
        *from_to,
        (
            _("Lieu"),
            ", ".join(filter(None, (mission.address, f"{mission.postcode} {mission.city}".strip()))) or place_of(mission),
        ),
        (_("Responsable"), mission.responsible.full_name),
        (_("Téléphone"), phone(mission.responsible.mobile_phone)),
        (_("Volontaires au plus"), number(mission.places)),
    ]
