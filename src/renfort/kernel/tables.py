"""Tables that people send: .csv in any of its dialects, .xlsx, text pasted from a spreadsheet (P6, P11).

Read once, into rows of texts, never computed and never kept: a cell is what its author saw, and what is asked of it is said by
whoever reads it. Whatever is sent costs no more than the limits below: they are asked before a workbook is opened.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final

import openpyxl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from renfort.kernel.sentences import Sentence
from renfort.kernel.sheets import FORMULA, UNFIT
from renfort.kernel.templatetags.ui import number
from renfort.kernel.terms import plain

MOST_OCTETS = 5_000_000  # of a file
MOST_ROWS = 10_000
MOST_COLUMNS = 60
LONGEST_CELL = 5_000  # characters
MOST_TEXT = 6_000_000  # characters of a whole table
MOST_UNPACKED = 25_000_000  # octets of the XML of a workbook: some seconds of a processor at most
DELIMITERS = ";,\t"
ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
BLANKS = re.compile(r"[\s\u00a0\u202f\ufeff]+")


class UnreadableError(Sentence):
    """The table cannot be read; the sentence says what to do about it (422)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number as a spreadsheet shows it (the titles are line 1), its cells, as many as there are titles."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was sent: its titles, its lines that say something, and what it was read as: « csv », « xlsx »."""

    titles: list[str]
    rows: list[Row]
    format: str


def read_table(data: bytes, *, most: int = MOST_ROWS, times: int = 1) -> Table:
    """The table of a file, whatever its name says; ``most`` lines at most.

    ``times``: how many times the usual weight it may have, for what few people send and a whole country fills.

    Raises:
        UnreadableError: it is no table, or larger than allowed; the sentence says which.
    """
    if len(data) > MOST_OCTETS * times:
        raise UnreadableError(
            _("Ce fichier est trop lourd : %(most)d Mo au plus. Envoyez-le en plusieurs fois.")
            % {"most": MOST_OCTETS * times // 1_000_000}
        )
    if data.startswith(ZIP):
        return _table(_workbook(data, times), "xlsx", most, times)
    if data.startswith(OLE):
        raise UnreadableError(_("Ce classeur est dans l'ancien format .xls : enregistrez-le en .xlsx ou en .csv."))
    if data.startswith(PDF):
        raise UnreadableError(_("C'est un PDF : envoyez le tableau en .xlsx ou en .csv."))
    return _table(_lines(_decoded(data)), "csv", most, times)


def read_text(text: str, *, most: int = MOST_ROWS) -> Table:
    """The table of a text pasted into a form.

    Raises:
        UnreadableError: as ``read_table``.
    """
    return _table(_lines(text.lstrip("\ufeff")), "csv", most)


def bare(title: str) -> str:
    """A title without what people write differently: « Code Postal * » is « code postal »."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", plain(title)).split())


# ── rows of texts ─────────────────────────────────────────────────────────────────────────────────
def _table(lines: Iterable[tuple[int, list[str]]], kind: str, most: int, times: int = 1) -> Table:
    titles: list[str] = []
    rows: list[Row] = []
    text = 0
    for place, raw in lines:
        cells = [_clean(cell, place) for cell in raw]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise UnreadableError(
                _("La ligne %(line)s a plus de %(most)d colonnes : vérifiez le séparateur du fichier.")
                % {"line": number(place), "most": MOST_COLUMNS}
            )
        text += sum(map(len, cells))
        if text > MOST_TEXT * times:
            raise UnreadableError(_("Ce tableau contient trop de texte pour être lu en une fois : envoyez-le en plusieurs fois."))
        if not titles:
            titles = cells
            continue
        if len(rows) >= most:
            raise UnreadableError(
                _("Ce tableau a plus de %(most)s lignes : envoyez-le en plusieurs fois.") % {"most": number(most)}
            )
        rows.append(Row(place, cells))
    if not titles:
        raise UnreadableError(_("Ce tableau est vide."))
    if not rows:
        raise UnreadableError(_("Ce tableau n'a qu'une ligne de titres : ajoutez au moins une ligne."))
    width = max(len(titles), *(len(row.cells) for row in rows))
    for each in (titles, *(row.cells for row in rows)):
        each.extend([""] * (width - len(each)))
    return Table(titles, rows, kind)


def _clean(cell: str, place: int) -> str:
    if len(cell) > LONGEST_CELL:
        raise UnreadableError(
            _("Une cellule de la ligne %(line)s a plus de %(most)s caractères : raccourcissez-la, ou refermez ses guillemets.")
            % {"line": number(place), "most": number(LONGEST_CELL)}
        )
    text = UNFIT.sub("", cell).strip(" \t\r\n\u00a0\u202f\ufeff")
    # what a file of ours, or a careful author, put before a would-be formula
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1:].startswith(FORMULA) else text


# ── .csv ──────────────────────────────────────────────────────────────────────────────────────────
def _decoded(data: bytes) -> str:
    """UTF-8, what Windows calls Unicode, or what French spreadsheets still write (cp1252).

    Raises:
        UnreadableError: none of them.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise UnreadableError(_unknown_file()) from None
    if b"\0" in data:
        raise UnreadableError(_unknown_file())
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError(
        _("Les accents de ce fichier ne se lisent pas : enregistrez-le en « CSV UTF-8 » ou en .xlsx, puis recommencez.")
    )


def _unknown_file() -> str:
    return _("Ce fichier n'est pas un tableau que nous savons lire : envoyez un fichier .xlsx ou .csv.")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line with its number; the separator is the one that cuts the titles into the most columns."""
    if "\0" in text:
        raise UnreadableError(_unknown_file())
    delimiter = max(DELIMITERS, key=lambda each: _width(text, each))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    place = 0
    while True:
        place += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableError(
                _("La ligne %(line)s ne se lit pas : un guillemet n'est pas refermé, ou une cellule est beaucoup trop longue.")
                % {"line": number(place)}
            ) from None
        yield place, cells


def _width(text: str, delimiter: str) -> int:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return len(next((row for row in reader if any(cell.strip(DELIMITERS + " ") for cell in row)), []))
    except csv.Error:
        return 0


# ── .xlsx ─────────────────────────────────────────────────────────────────────────────────────────
MAIN: Final = "xl/workbook.xml"
TYPES = (b"<!DOCTYPE", b"<!ENTITY")  # no spreadsheet writes any; bombs do


def _workbook(data: bytes, times: int) -> Iterator[tuple[int, list[str]]]:
    """The lines of the first sheet that is shown, as they are unpacked: who stops reading stops the unpacking.

    Raises:
        UnreadableError: it is no workbook, is damaged or protected, or unpacks to too much.
    """
    try:
        _weigh(data, times)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        shown = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
        if shown is None:
            raise UnreadableError(_("Ce classeur n'a pas de feuille : il est vide."))
        shown.reset_dimensions()  # what the file says of its size is not to be believed
        for place, cells in enumerate(shown.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
            yield place, [_cell(each) for each in cells]
    except UnreadableError:
        raise
    except Exception as error:
        # whatever the library stumbles over in a stranger's file, the file is damaged: a sentence, never a fault of ours
        raise UnreadableError(
            _("Ce classeur ne s'ouvre pas : il est abîmé ou protégé. Enregistrez-le à nouveau en .xlsx, ou en .csv.")
        ) from error


def _weigh(data: bytes, times: int) -> None:
    """Refuse what is no workbook, unpacks to too much or brings definitions of its own. An archive gives no more than it says."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        if MAIN not in book.namelist():
            raise UnreadableError(_unknown_file())
        parts = [part for part in book.infolist() if part.filename.endswith((".xml", ".rels"))]
        if sum(part.file_size for part in parts) > MOST_UNPACKED * times:
            raise UnreadableError(_("Ce classeur est trop volumineux une fois ouvert : envoyez-le en plusieurs fois."))
        for part in parts:
            if any(word in book.read(part) for word in TYPES):
                raise UnreadableError(_unknown_file())


def _cell(value: Any) -> str:
    """What the author saw: « 33000 » for 33000.0, all digits of a SIRET, « 04/03/2027 » for a day, what a formula showed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004 -- beyond, no digit is sure
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}" if value.time() == time.min else f"{value:%d/%m/%Y %H:%M}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)


def counted_rows(rows: int) -> str:
    """« 1 940 lignes »."""
    return ngettext("%(n)s ligne", "%(n)s lignes", rows) % {"n": number(rows)}
