"""Tables as files: .xlsx and .csv of any length, written row by row, with cells that can do no harm (P6).

The one place that knows the library behind .xlsx (docs/adr/0020-exports.md). Rows come in batches, each as its columns: cells
are made fit a column at a time, which costs a fraction of what cell by cell does, and nothing but the present batch is held.

Cells of people's own words: characters that XML does not know are removed, what a cell cannot hold is cut and says so. In .xlsx
a text is a text, whatever it begins with; in .csv, where the reader's program guesses, what it would take for a formula gets
an apostrophe in front.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from renfort.kernel.rules import Text

Batch = Sequence[Sequence[Any]]  # some rows, column by column
LONGEST = 32_767  # characters of a cell, in the units of UTF-16
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
FORMULA = tuple("=+-@\t\r\n＝＋－＠|%")  # what a spreadsheet may take for a formula or a command
SHEET_NAME, SHEET_LENGTH = re.compile(r"[\[\]:*?/\\]"), 31
FRENCH = 12  # characters of « +33 » and nine digits
FIRST_DAY = date(1900, 1, 1)  # the oldest that a sheet knows as a date


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    NUMBER = "number"  # int, float or None
    DAY = "day"  # date or None
    MOMENT = "moment"  # naive datetime in the zone of the place, or None
    TRUTH = "truth"  # bool or None
    PHONE = "phone"  # E.164 or ""


WIDTHS = {Kind.TEXT: 22.0, Kind.NUMBER: 10.0, Kind.DAY: 12.0, Kind.MOMENT: 17.0, Kind.TRUTH: 10.0, Kind.PHONE: 16.0}
PATTERNS = {Kind.DAY: "dd/mm/yyyy", Kind.MOMENT: "dd/mm/yyyy hh:mm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: ``key`` for ever, ``label`` in the reader's language, ``width`` in characters (0: as its kind has it)."""

    key: str
    label: Text
    kind: Kind = Kind.TEXT
    width: float = 0


# ── cells ─────────────────────────────────────────────────────────────────────────────────────────
def fit_text(value: Any) -> str | None:
    """A text as a cell can hold it: no character that XML does not know, no more than 32,767 units; None stays empty."""
    if value is None:
        return None
    text = UNFIT.sub("", str(value).replace("\r\n", "\n"))
    if len(text) * 2 > LONGEST and _units(text) > LONGEST:
        text = _cut(text)
    return text or None


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _cut(text: str) -> str:
    end = " " + _("[… texte coupé : une cellule contient 32 767 caractères au plus]")
    head = text.encode("utf-16-le")[: 2 * (LONGEST - _units(end))]
    return head.decode("utf-16-le", "ignore") + end


def harmless(value: str) -> str:
    """A text as it may stand in a .csv: what could be taken for a formula gets an apostrophe in front."""
    return "'" + value if value.startswith(FORMULA) or value.lstrip().startswith(FORMULA) else value


def phone_words(value: Any) -> str | None:
    """« 06 39 98 23 88 » for a French number, « 00 32 470… » for another country's: readable, and no formula either."""
    if not value:
        return None
    text = str(value)
    if len(text) == FRENCH and text.startswith("+33"):
        return f"0{text[3]} {text[4:6]} {text[6:8]} {text[8:10]} {text[10:]}"
    return fit_text("00" + text[1:] if text.startswith("+") else text)


def _fit_texts(cells: Sequence[Any]) -> Sequence[Any]:
    """A whole column of texts: looked at once, and changed cell by cell only when there is something to change."""
    try:
        joined = "".join(filter(None, cells))
    except TypeError:  # something that is not a text yet
        return [fit_text(cell) for cell in cells]
    is_short = len(joined) * 2 <= LONGEST or max(map(len, filter(None, cells))) * 2 <= LONGEST
    if is_short and (joined.isprintable() or ("\r" not in joined and not UNFIT.search(joined))):
        return cells
    return [fit_text(cell) for cell in cells]


def _fit_days(cells: Sequence[Any]) -> Sequence[Any]:
    """Days of a person's life may be older than any sheet: those are texts."""
    if min(filter(None, cells), default=FIRST_DAY) >= FIRST_DAY:
        return cells
    return [cell if cell is None or cell >= FIRST_DAY else cell.isoformat() for cell in cells]


def _fit_phones(cells: Sequence[Any]) -> Sequence[Any]:
    """A whole column of numbers; the French ones here, as most are."""
    return [
        f"0{cell[3]} {cell[4:6]} {cell[6:8]} {cell[8:10]} {cell[10:]}"
        if cell and len(cell) == FRENCH and cell[:3] == "+33"
        else phone_words(cell)
        for cell in cells
    ]


FITS: dict[Kind, Callable[[Sequence[Any]], Sequence[Any]]] = {
    Kind.TEXT: _fit_texts,
    Kind.PHONE: _fit_phones,
    Kind.DAY: _fit_days,
}


def fitted(columns: Sequence[Column], batches: Iterable[Batch]) -> Iterator[Iterable[Sequence[Any]]]:
    """The rows of each batch, with every cell fit for a file."""
    makers = [FITS.get(column.kind) for column in columns]
    for batch in batches:
        yield zip(*(make(cells) if make else cells for make, cells in zip(makers, batch, strict=True)), strict=True)


def headings(columns: Sequence[Column]) -> list[str]:
    """The labels, each different from the others: the library knows a column by its heading."""
    seen: dict[str, int] = {}
    labels = []
    for column in columns:
        label = fit_text(str(column.label)) or column.key
        seen[label] = seen.get(label, 0) + 1
        labels.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return labels


# ── files ─────────────────────────────────────────────────────────────────────────────────────────
def write_xlsx(path: Path, *, title: str, columns: Sequence[Column], batches: Iterable[Batch]) -> None:
    """Write a workbook of one sheet: typed cells, a bold header that stays in sight, filters on.

    Whatever ``batches`` raises while it is read is raised here; what was written so far is then no workbook.
    """
    from rustpy_xlsxwriter import Format, write_worksheet  # noqa: PLC0415 -- the worker alone needs it

    labels = headings(columns)

    def records() -> Iterator[dict[str, Any]]:
        is_empty = True
        for batch in fitted(columns, batches):
            for row in batch:
                is_empty = False
                yield dict(zip(labels, row))  # noqa: B905 -- as long as the columns: checked batch by batch
        if is_empty:
            yield dict.fromkeys(labels)  # without any row the library writes no header either

    formats = {
        label: Format().set_num_format(PATTERNS[column.kind])
        for label, column in zip(labels, columns, strict=True)
        if column.kind in PATTERNS
    }
    write_worksheet(
        records(),
        str(path),
        sheet_name=sheet_name(title),
        freeze_row=1,
        bold_headers=True,
        autofilter=True,
        column_widths=[column.width or WIDTHS[column.kind] for column in columns],
        column_formats=formats or None,
    )


def sheet_name(title: str) -> str:
    """A name that a sheet may have."""
    return SHEET_NAME.sub(" ", UNFIT.sub("", title)).strip("' ")[:SHEET_LENGTH].strip("' ") or "Export"


def write_csv(path: Path, *, columns: Sequence[Column], batches: Iterable[Batch]) -> None:
    """Write UTF-8 with a mark that Excel knows, separated as the reader's language expects it (« ; » in French)."""
    is_french = (get_language() or "fr").startswith("fr")
    makers = [_as_csv(column.kind, is_french=is_french) for column in columns]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";" if is_french else ",", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow([harmless(label) for label in headings(columns)])
        for batch in fitted(columns, batches):
            writer.writerows([make(cell) for make, cell in zip(makers, row, strict=True)] for row in batch)


def _as_csv(kind: Kind, *, is_french: bool) -> Callable[[Any], str]:
    yes, no = _("oui"), _("non")

    def text(value: Any) -> str:
        return harmless(value) if value else ""

    def number(value: Any) -> str:
        said = "" if value is None else str(value)
        return said.replace(".", ",") if is_french else said

    def moment(value: Any) -> str:
        if value is None:
            return ""
        return value.isoformat(" ", "minutes") if isinstance(value, datetime) else str(value)

    def truth(value: Any) -> str:
        return "" if value is None else yes if value else no

    makers: dict[Kind, Callable[[Any], str]] = {Kind.NUMBER: number, Kind.DAY: moment, Kind.MOMENT: moment, Kind.TRUTH: truth}
    return makers.get(kind, text)
