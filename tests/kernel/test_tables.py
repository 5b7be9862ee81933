"""P6, P11: tables as people send them are read as their authors saw them; whatever else is sent is refused in a sentence."""

from __future__ import annotations

import csv
import datetime
import io
import time
import zipfile

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renfort.kernel.sheets import Column, write_csv, write_xlsx
from renfort.kernel.tables import MOST_COLUMNS, Table, UnreadableError, bare, read_table, read_text


def rows(table: Table) -> list[list[str]]:
    return [row.cells for row in table.rows]


def workbook(*lines: list[object], **sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for line in more:
            sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(**files: str) -> bytes:
    """A workbook written by hand: names with « __ » for « / »."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/") + ".xml", text)
    return file.getvalue()


BOOK = '<workbook xmlns="m"><sheets><sheet name="A" sheetId="1"/></sheets></workbook>'
RELS = "<Relationships/>"


def sheet_of(inside: str, before: str = "", **more: str) -> bytes:
    files = {"xl__workbook": BOOK, "xl__worksheets__sheet1": f'{before}<worksheet xmlns="m">{inside}</worksheet>', **more}
    file = io.BytesIO(zipped(**files))
    with zipfile.ZipFile(file, "a") as made:
        made.writestr("xl/_rels/workbook.xml.rels", RELS)
    return file.getvalue()


# ── .csv ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_dialect_of_french_spreadsheets_says_the_same(delimiter, encoding):
    text = delimiter.join(["Nom", "Ville"]) + "\r\n" + delimiter.join(["L’Été à Sète", "Saint-Étienne"]) + "\r\n"

    table = read_table(text.encode(encoding))

    assert (table.titles, rows(table)) == (["Nom", "Ville"], [["L’Été à Sète", "Saint-Étienne"]])


def test_lines_are_numbered_as_the_spreadsheet_shows_them():
    """Blank lines are passed over and counted; a line break inside quotes is no new line."""
    table = read_table(b'nom;ville\n;\nA;"deux\nlignes"\n\nB;x\n')

    assert [(row.number, row.cells) for row in table.rows] == [(3, ["A", "deux\nlignes"]), (5, ["B", "x"])]


def test_short_and_long_lines_are_as_wide_as_the_widest():
    table = read_table(b"a;b\n1\n1;2;3\n")

    assert (table.titles, rows(table)) == (["a", "b", ""], [["1", "", ""], ["1", "2", "3"]])


def test_a_pasted_table_is_read_like_a_file():
    assert rows(read_text("Nom\tVille\nLe Relais\tPau\n")) == [["Le Relais", "Pau"]]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "vide"),
        (b"\n\n;;\n\n", "vide"),
        (b"nom;ville\n", "ligne de titres"),
        (b'nom;ville\nA;B\n"C;D\nE;F\n', "La ligne 3 ne se lit pas"),
        (b"nom;ville\nA\0B;x\n", "pas un tableau"),
        (b"nom\n" + b"x" * 4_000_000, "La ligne 2 ne se lit pas"),
        (b"nom\n" + b"x" * 6_000, "Une cellule de la ligne 2"),
        (b"x" * 5_000_001, "trop lourd"),
        (b"\x81\x8d\x8f\nx\n", "accents"),
        (b";".join([b"x"] * (MOST_COLUMNS + 1)) + b"\ny\n", "colonnes"),
        (b"%PDF-1.7 \n", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        (b"PK\x03\x04 no zip", "ne s'ouvre pas"),
        (b"\xff\xfe\x00", "pas un tableau"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data, sentence):
    with pytest.raises(UnreadableError, match=sentence):
        read_table(data)


def test_more_lines_than_allowed_are_refused():
    with pytest.raises(UnreadableError, match="plus de 20 lignes"):
        read_table(b"a\n" + b"1\n" * 21, most=20)


@pytest.mark.parametrize("name", ["مرحبا بالعالم", "Le Relais 🎈", "\u202eeelc", "d’Ôrléans", "=1+1", "@x", "+33 6", "'=1+1"])
def test_what_we_write_for_mending_is_read_back(tmp_path, name):
    """The wrong lines are sent back as they were: nothing of the fence against formulas remains in them."""
    columns = [Column(key="a", label="Nom"), Column(key="b", label="B")]
    for write, path in ((write_csv, tmp_path / "x.csv"), (write_xlsx, tmp_path / "x.xlsx")):
        more = {"title": "x"} if write is write_xlsx else {}
        write(path, columns=columns, batches=[[[name], ["2"]]], **more)
        assert rows(read_table(path.read_bytes()))[0][0] in (name, name.lstrip("'"))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
@example(b'"')
@example(b"\xef\xbb\xbf")
@example(b"a;b\r\r\n\x0b;\x1f")
def test_whatever_is_sent_is_a_table_or_a_sentence(data):
    try:
        table = read_table(data)
    except UnreadableError as sentence:
        assert str(sentence)
    else:
        assert all(len(row.cells) == len(table.titles) for row in table.rows)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["C", "Z"])), min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_a_program_writes_is_read_as_it_was(lines):
    file = io.StringIO()
    csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows([["Un", "Deux", "Trois"], *lines])
    said = [line for line in lines if any(line)]
    if not said:
        return

    table = read_table(file.getvalue().encode())

    assert [[cell.removeprefix("'") for cell in row] for row in rows(table)] == [
        [cell.removeprefix("'") for cell in line] for line in said
    ]


# ── .xlsx ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_workbook_says_what_its_author_saw():
    table = read_table(
        workbook(
            ["Nom", "SIRET", "Né le", "Code postal", "Actif", "Heures"],
            ["Le Relais 🎈", 35600000000048, datetime.date(2027, 3, 4), 33000, True, 7.5],
        )
    )

    assert rows(table) == [["Le Relais 🎈", "35600000000048", "04/03/2027", "33000", "oui", "7.5"]]


def test_a_formula_is_never_computed():
    """What it showed when the file was saved; where nothing was saved, its own text."""
    shown = sheet_of('<sheetData><row><c t="str"><f>A1</f><v>vu</v></c></row><row><c><f>1+1</f></c></row></sheetData>')

    assert read_table(workbook(["a"], ["=1+1"])).rows[0].cells == ["=1+1"]
    assert (read_table(shown).titles, rows(read_table(shown))) == (["vu"], [["=1+1"]])


def test_the_first_sheet_that_is_shown_is_read():
    book = openpyxl.Workbook()
    book.active.sheet_state = "hidden"
    book.active.append(["no"])
    for line in (["Nom"], ["A"]):
        if line == ["Nom"]:
            sheet = book.create_sheet("Antennes")
        sheet.append(line)
    file = io.BytesIO()
    book.save(file)

    assert rows(read_table(file.getvalue())) == [["A"]]


def test_empty_columns_between_keep_their_place():
    assert rows(read_table(workbook(["a", None, "c"], ["1", None, "3"], [None, None, "x"]))) == [["1", "", "3"], ["", "", "x"]]


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(sheet_of("<sheetData>" + "<row/>" * 9_000_000 + "</sheetData>"), id="54 MB of nothing in 50 kB"),
        pytest.param(
            sheet_of("<sheetData><row><c t='inlineStr'><is><t>" + "x" * 45_000_000 + "</t></is></c></row></sheetData>"),
            id="one cell",
        ),
        pytest.param(
            sheet_of("<sheetData/>", xl__sharedStrings="<sst>" + "<si><t>x</t></si>" * 500_000 + "</sst>"), id="strings"
        ),
        pytest.param(sheet_of("<sheetData><row><c><v>&b;</v></c></row></sheetData>", BOMB), id="entities"),
        pytest.param(sheet_of("<sheetData><row><c>"), id="cut"),
        pytest.param(zipped(xl__workbook=BOOK), id="without a sheet"),
        pytest.param(zipped(word__document="<x/>"), id="another office"),
        pytest.param(sheet_of("<sheetData>" + "<row><c><v>1</v></c></row>" * 1_000_000 + "</sheetData>"), id="a million lines"),
        pytest.param(sheet_of('<sheetData><row><c r="XFD1"><v>1</v></c></row></sheetData>'), id="the last column"),
        pytest.param(workbook(["a"], ["x"])[:-200], id="a piece of a workbook"),
    ],
)
def test_a_hostile_workbook_costs_little_and_is_refused(data):
    started = time.process_time()

    with pytest.raises(UnreadableError):
        read_table(data)

    assert time.process_time() - started < 8
    assert len(data) < 2_000_000


def test_titles_are_compared_without_what_people_write_differently():
    assert bare(" Code Postal *") == bare("code-postal") == "code postal"
    assert bare("Prénom (contact)") == "prenom contact"
