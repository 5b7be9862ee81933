"""A table that was sent, as its pages show it: figures, lines, progress."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.jobs.enums import ImportState, LineOutcome, WorkError
from renfort.jobs.models import Import, ImportLine
from renfort.kernel.imports import ImportKind, Standing
from renfort.kernel.tables import counted_rows
from renfort.kernel.templatetags.ui import badge, number

TONES = {Standing.READY: "success", Standing.OTHERWISE: "info", Standing.KNOWN: "neutral", Standing.WRONG: "danger"}
OUTCOME_TONES = {
    LineOutcome.DONE: "success",
    LineOutcome.LEFT: "warning",
    LineOutcome.FAILED: "danger",
    LineOutcome.NONE: "neutral",
}
STATE_TONES = {
    "draft": "warning",
    "waiting": "neutral",
    "running": "info",
    "done": "success",
    "failed": "danger",
    "stopped": "neutral",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One filter with how many lines it shows."""

    key: str
    label: str
    count: int
    active: bool


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line as the page shows it: what is wrong stands beside its column's name."""

    number: int
    title: str
    badge: SafeString
    problems: list[tuple[str, str, str]]  # column, what it says, sentence
    note: str
    url: str


def standing_label(kind: ImportKind, standing: str) -> str:
    """What the kind calls lines that can be done otherwise, else the usual word."""
    return str(kind.otherwise) if standing == Standing.OTHERWISE and kind.otherwise else str(Standing(standing).label)


def preview_tabs(kind: ImportKind, counts: Mapping[str, int], active: str) -> list[Tab]:
    """« Toutes », then each standing that has lines; « À corriger » first of them: it is what there is to do."""
    total = sum(counts.values())
    order = (Standing.WRONG, Standing.READY, Standing.OTHERWISE, Standing.KNOWN)
    tabs = [Tab("", _("Toutes les lignes"), total, active == "")]
    return tabs + [Tab(str(s), standing_label(kind, s), counts[s], active == s) for s in order if counts[s]]


def result_tabs(counts: Mapping[str, int], active: str) -> list[Tab]:
    """« Toutes », then each outcome that has lines."""
    tabs = [Tab("", _("Toutes les lignes"), sum(counts.values()), active == "")]
    for outcome in (LineOutcome.DONE, LineOutcome.LEFT, LineOutcome.FAILED, LineOutcome.NONE):
        key = str(outcome) or "undone"
        if counts[outcome]:
            tabs.append(Tab(key, str(outcome.label), counts[outcome], active == key))
    return tabs


def shown_lines(kind: ImportKind, imported: Import, lines: Iterable[ImportLine]) -> list[ShownLine]:
    """The lines of a page."""
    labels = {column.key: str(column.label) for column in kind.columns()}
    confirmed = imported.confirmed_at is not None
    return [_shown(kind, imported, line, labels, confirmed=confirmed) for line in lines]


def _shown(kind: ImportKind, imported: Import, line: ImportLine, labels: Mapping[str, str], *, confirmed: bool) -> ShownLine:
    def said(key: str) -> str:
        place = imported.matched.get(key)
        return line.cells[place][:80] if place is not None and place < len(line.cells) else ""

    if confirmed and (line.outcome or line.standing == Standing.READY):
        shown = badge(label=LineOutcome(line.outcome).label, tone=OUTCOME_TONES[LineOutcome(line.outcome)])
    else:
        shown = badge(label=standing_label(kind, line.standing), tone=TONES[Standing(line.standing)])
    return ShownLine(
        number=line.number,
        title=kind.title(line.values) or _("Ligne %(n)d") % {"n": line.number},
        badge=shown,
        problems=[(labels.get(key, ""), said(key), sentence) for key, sentence in line.problems],
        note=line.note,
        url=line.url,
    )


@dataclass(frozen=True, slots=True)
class ImportCard:
    """An import in the list of the place, and while it is carried out."""

    imported: Import
    title: str
    badge: SafeString
    words: str
    percent: int | None
    error: str

    @property
    def is_busy(self) -> bool:
        return self.imported.is_open


def import_card(imported: Import) -> ImportCard:
    """An import in words."""
    total = imported.total or 0
    stopping = imported.is_stopping
    label = _("Arrêt en cours") if stopping else str(ImportState(imported.state).label)
    running = imported.state == ImportState.RUNNING
    progress = _("%(done)s lignes sur %(total)s") % {"done": number(imported.done), "total": number(total)}
    return ImportCard(
        imported=imported,
        title=imported.name or _("Cellules collées"),
        badge=badge(label=label, tone=STATE_TONES[imported.state]),
        words=_("L'import attend son tour.")
        if imported.state == ImportState.WAITING
        else progress
        if running
        else counted_rows(total),
        percent=min(99, 100 * imported.done // total) if running and total else None,
        error=str(WorkError(imported.error).label) if imported.error else "",
    )


def aside_words(lines: int) -> str:
    """« 60 lignes laissées de côté »."""
    return ngettext("%(n)s ligne laissée de côté", "%(n)s lignes laissées de côté", lines) % {"n": number(lines)}
