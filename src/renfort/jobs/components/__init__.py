"""One file on the page of downloads, as safe HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.jobs.enums import FileFormat, Purpose, WorkError, WorkState
from renfort.jobs.models import Export
from renfort.kernel.exports import EXPORT_KINDS
from renfort.kernel.templatetags.ui import number

S = WorkState
TONES = {S.WAITING: "neutral", S.RUNNING: "info", S.DONE: "success", S.FAILED: "danger", S.STOPPED: "neutral"}


@dataclass(frozen=True, slots=True)
class Card:
    """What the page shows of one file. ``percent`` is None when nothing is to be measured."""

    export: Export
    title: str
    state: str
    tone: str
    progress: str
    percent: int | None
    facts: list[tuple[str, str]]
    error: str
    may_fetch: bool
    is_new: bool

    @property
    def is_busy(self) -> bool:
        return self.export.is_open


def export_card(export: Export, *, may_fetch: bool, is_new: bool) -> Card:
    """A file in words. ``may_fetch``: the role in which it was asked for is still held."""
    kind = EXPORT_KINDS.get(export.kind)
    is_there = export.state == S.DONE and export.removed_at is None and (export.expires_at or timezone.now()) > timezone.now()
    return Card(
        export=export,
        title=str(kind.label) if kind else export.kind,
        state=_state(export, is_there),
        tone="neutral" if export.state == S.DONE and not is_there else TONES[S(export.state)],
        progress=_progress(export),
        percent=_percent(export),
        facts=_facts(export),
        error=str(WorkError(export.error).label) if export.error else "",
        may_fetch=may_fetch and is_there,
        is_new=is_new,
    )


def _state(export: Export, is_there: bool) -> str:
    if export.is_stopping:
        return _("Arrêt en cours")
    if export.state == S.DONE:
        return _("Prêt") if is_there else _("Supprimé")
    return str(S(export.state).label)


def _percent(export: Export) -> int | None:
    if export.state != S.RUNNING or not export.total:
        return None
    return min(99, 100 * export.done // export.total)


def _progress(export: Export) -> str:
    total = export.total or 0
    if export.state == S.WAITING:
        return _("Le fichier attend son tour.")
    if export.state != S.RUNNING:
        return ""
    if export.done >= total:
        return _("Les lignes sont écrites, le fichier est mis en forme…")
    return _("%(done)s lignes sur %(total)s") % {"done": number(export.done), "total": number(total)}


def _facts(export: Export) -> list[tuple[str, str]]:
    rows = export.done if export.state == S.DONE else export.total or 0
    items: list[tuple[str, Any]] = [
        (_("Contenu"), ngettext("%(n)s ligne", "%(n)s lignes", rows) % {"n": number(rows)}),
        (_("Format"), f".{FileFormat(export.format).value}"),
        (_("Raison"), " · ".join(filter(None, (str(Purpose(export.purpose).label), export.purpose_words)))),
    ]
    if export.size:
        items.append((_("Taille"), size_words(export.size)))
    return items


def size_words(octets: int) -> str:
    """« 12 ko », « 3,4 Mo »."""
    if octets < 1_000_000:  # noqa: PLR2004 -- one megabyte
        return _("%(n)s\u00a0ko") % {"n": number(max(1, octets // 1000))}
    return _("%(n)s\u00a0Mo") % {"n": number(round(octets / 1_000_000, 1))}
