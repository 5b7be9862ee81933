"""Tables that people send: .csv in any of its dialects, .xlsx, text pasted from a spreadsheet (P6, P11).

Read once, into rows of texts, never computed and never kept: a cell is what its author saw, and what is asked of it is said by
whoever reads it. Whatever is sent costs no more than the limits below: a workbook is unpacked no further than they reach, its
XML knows neither entities nor document types. No library: the one that writes workbooks here does not read them
(docs/adr/0032-imports.md).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import IO, Any, Final
from xml.parsers import expat

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
MOST_UNPACKED = 40_000_000  # octets of the XML of a workbook
MOST_ELEMENTS = 1_500_000  # of the XML of a workbook: the largest table that is allowed has so many
PIECE = 65_536
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


def read_table(data: bytes, *, most: int = MOST_ROWS) -> Table:
    """The table of a file, whatever its name says; ``most`` lines at most.

    Raises:
        UnreadableError: it is no table, or larger than allowed; the sentence says which.
    """
    if len(data) > MOST_OCTETS:
        raise UnreadableError(_("Ce fichier est trop lourd : 5 Mo au plus. Envoyez-le en plusieurs fois."))
    if data.startswith(ZIP):
        return _table(_workbook(data), "xlsx", most)
    if data.startswith(OLE):
        raise UnreadableError(_("Ce classeur est dans l'ancien format .xls : enregistrez-le en .xlsx ou en .csv."))
    if data.startswith(PDF):
        raise UnreadableError(_("C'est un PDF : envoyez le tableau en .xlsx ou en .csv."))
    return _table(_lines(_decoded(data)), "csv", most)


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
def _table(lines: Iterable[tuple[int, list[str]]], kind: str, most: int) -> Table:
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
        if text > MOST_TEXT:
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
DATE_FORMATS = frozenset({14, 15, 16, 17, 22, 27, 30, 36, 45, 50, 57})  # the built-in ones that show a day
DATE_LETTERS = re.compile(r"[dmyDMY]")
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
REFERENCE = re.compile(r"([A-Z]{1,3})\d+")
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 -- a spreadsheet's days have no zone


def _too_large() -> str:
    return _("Ce classeur est trop volumineux une fois ouvert : envoyez-le en plusieurs fois.")


class _Budget:
    """What may still be unpacked of a workbook."""

    def __init__(self, octets: int, elements: int) -> None:
        self.left, self.elements = octets, elements

    def element(self) -> None:
        """One more element was heard: millions that say nothing cost as much as those that do."""
        self.elements -= 1
        if self.elements < 0:
            raise UnreadableError(_too_large())

    def pieces(self, file: IO[bytes]) -> Iterator[bytes]:
        while piece := file.read(PIECE):
            self.left -= len(piece)
            if self.left < 0:
                raise UnreadableError(_too_large())
            yield piece


def _workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The lines of the first sheet that is shown.

    Raises:
        UnreadableError: it is no workbook, is damaged or protected, or unpacks to too much.
    """
    damaged = _("Ce classeur ne s'ouvre pas : il est abîmé ou protégé. Enregistrez-le à nouveau en .xlsx, ou en .csv.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            if MAIN not in book.namelist():
                raise UnreadableError(_unknown_file())
            budget = _Budget(MOST_UNPACKED, MOST_ELEMENTS)
            target = _first_sheet(book, budget)
            shared = _shared_strings(book, budget)
            dates = _date_styles(book, budget)
            yield from _sheet(book, target, budget, shared, dates)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, expat.ExpatError, KeyError, RuntimeError, NotImplementedError, EOFError):
        raise UnreadableError(damaged) from None
    except (OSError, ValueError, OverflowError, zipfile.zlib.error):  # type: ignore[attr-defined]  # the module that it unpacks with
        raise UnreadableError(damaged) from None


class _Xml:
    """A document read as it comes, without entities, without a document type. ``names`` are bare of their space."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse

    def _refuse(self, *_said: Any) -> None:
        raise UnreadableError(_unknown_file())

    def read(self, book: zipfile.ZipFile, name: str, budget: _Budget) -> None:
        with book.open(name) as file:
            for piece in budget.pieces(file):
                self.parser.Parse(piece, False)
            self.parser.Parse(b"", True)


def _elements(book: zipfile.ZipFile, name: str, budget: _Budget) -> list[tuple[str, dict[str, str]]]:
    """Every element of a small document, in order, with its attributes by bare name."""
    found: list[tuple[str, dict[str, str]]] = []
    xml = _Xml()

    def start(tag: str, attributes: dict[str, str]) -> None:
        budget.element()
        if len(found) < MOST_ROWS:
            found.append((_bare(tag), {_bare(key): value for key, value in attributes.items()}))

    xml.parser.StartElementHandler = start
    xml.read(book, name, budget)
    return found


def _bare(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _first_sheet(book: zipfile.ZipFile, budget: _Budget) -> str:
    sheets = [attributes for tag, attributes in _elements(book, MAIN, budget) if tag == "sheet"]
    shown = next((each for each in sheets if each.get("state", "visible") == "visible"), None)
    if shown is None:
        raise UnreadableError(_("Ce classeur n'a pas de feuille : il est vide."))
    for _tag, link in _elements(book, "xl/_rels/workbook.xml.rels", budget):
        if link.get("Id") == shown.get("id") and shown.get("id"):
            target = link.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return "xl/worksheets/sheet1.xml"


def _shared_strings(book: zipfile.ZipFile, budget: _Budget) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in book.namelist():
        return []
    strings: list[str] = []
    parts: list[str] = []
    state = {"text": False, "sound": 0}
    xml = _Xml()

    def start(tag: str, _attributes: dict[str, str]) -> None:
        budget.element()
        bare_tag = _bare(tag)
        if bare_tag == "si":
            parts.clear()
        state["text"] = bare_tag == "t" and not state["sound"]
        state["sound"] += bare_tag == "rPh"  # how a Japanese word is pronounced is not what it says

    def end(tag: str) -> None:
        bare_tag = _bare(tag)
        state["text"] = False
        state["sound"] -= bare_tag == "rPh"
        if bare_tag == "si":
            strings.append("".join(parts))

    def words(text: str) -> None:
        if state["text"]:
            parts.append(text)

    xml.parser.StartElementHandler, xml.parser.EndElementHandler, xml.parser.CharacterDataHandler = start, end, words
    xml.read(book, name, budget)
    return strings


def _date_styles(book: zipfile.ZipFile, budget: _Budget) -> set[int]:
    """The numbers of the styles that show a number as a day."""
    name = "xl/styles.xml"
    if name not in book.namelist():
        return set()
    own: dict[int, str] = {}
    styles: set[int] = set()
    inside, place = False, 0
    for tag, said in _elements(book, name, budget):
        if tag == "numFmt":
            own[int(said.get("numFmtId", "0"))] = QUOTED.sub("", said.get("formatCode", ""))
        elif tag == "cellXfs":
            inside = True
        elif tag in ("cellStyles", "dxfs", "tableStyles"):
            inside = False
        elif tag == "xf" and inside:
            shown = int(said.get("numFmtId", "0"))
            if shown in DATE_FORMATS or DATE_LETTERS.search(own.get(shown, "")):
                styles.add(place)
            place += 1
    return styles


def _sheet(
    book: zipfile.ZipFile, name: str, budget: _Budget, shared: list[str], dates: set[int]
) -> Iterator[tuple[int, list[str]]]:
    """The lines of one sheet, as they are unpacked: who stops reading stops the unpacking."""
    reader = _SheetReader(shared, dates, budget)
    with book.open(name) as file:
        for piece in budget.pieces(file):
            reader.xml.parser.Parse(piece, False)
            yield from reader.taken()
        reader.xml.parser.Parse(b"", True)
        yield from reader.taken()


class _SheetReader:
    """Hears the XML of a sheet, and gives whole lines. A computed cell says what it showed; else its formula."""

    def __init__(self, shared: list[str], dates: set[int], budget: _Budget) -> None:
        self.shared, self.dates, self.budget = shared, dates, budget
        self.ready: list[tuple[int, list[str]]] = []
        self.place = self.column = 0
        self.cells: list[str] = []
        self.kind, self.style, self.element = "", 0, ""
        self.said: dict[str, list[str]] = {}
        self.xml = _Xml()
        parser = self.xml.parser
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = self.start, self.end, self.words

    def taken(self) -> list[tuple[int, list[str]]]:
        lines, self.ready = self.ready, []
        return lines

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.budget.element()
        self.element = tag.rpartition(" ")[2]
        if self.element == "row":
            said = attributes.get("r", "")
            self.place = int(said) if said.isdecimal() else self.place + 1
            self.cells, self.column = [], 0
        elif self.element == "c":
            found = REFERENCE.fullmatch(attributes.get("r", ""))
            self.column = _column(found[1]) if found else self.column + 1
            self.kind = attributes.get("t", "n")
            style = attributes.get("s", "0")
            self.style = int(style) if style.isdecimal() else 0
            self.said = {"v": [], "t": [], "f": []}

    def words(self, text: str) -> None:
        if self.element in self.said:
            self.said[self.element].append(text)

    def end(self, tag: str) -> None:
        element = tag.rpartition(" ")[2]
        self.element = ""
        if element == "c":
            if self.column <= MOST_COLUMNS + 1:
                self.cells.extend([""] * (self.column - len(self.cells)))
                self.cells[self.column - 1] = self._cell()
            elif self._cell():
                self.cells.extend(["…"] * (MOST_COLUMNS + 1))  # told as too many by whoever counts them
        elif element == "row":
            self.ready.append((self.place, self.cells[: MOST_COLUMNS + 1]))

    def _cell(self) -> str:
        value = "".join(self.said.get("v", ()))
        if self.kind == "inlineStr":
            return "".join(self.said.get("t", ()))
        if self.kind == "s":
            return self.shared[int(value)] if value.isdecimal() and int(value) < len(self.shared) else ""
        if self.kind == "b":
            return _("oui") if value == "1" else _("non")
        if self.kind == "n":
            return _number(value, is_day=self.style in self.dates) if value else self._formula()
        return value or self._formula()

    def _formula(self) -> str:
        formula = "".join(self.said.get("f", ()))
        return f"={formula}" if formula else ""


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place


def _number(value: str, *, is_day: bool) -> str:
    """« 33000 » for 33000.0, all digits of a SIRET, « 04/03/2027 » for a day."""
    try:
        exact = Decimal(value)
    except InvalidOperation:
        return value
    if not exact.is_finite() or abs(exact.adjusted()) > 20:  # noqa: PLR2004 -- digits: no cell holds so many
        return value
    if is_day and 0 < exact < 2_958_466:  # noqa: PLR2004 -- the year 10,000
        moment = EPOCH + timedelta(days=float(exact))
        return moment.strftime("%d/%m/%Y") if exact == int(exact) else moment.strftime("%d/%m/%Y %H:%M")
    return str(int(exact)) if exact == exact.to_integral_value() else str(exact.normalize())


def counted_rows(rows: int) -> str:
    """« 1 940 lignes »."""
    return ngettext("%(n)s ligne", "%(n)s lignes", rows) % {"n": number(rows)}
