"""The workbook read back by openpyxl, which had no part in writing it."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
import xlsxwriter

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import DataTable, Pagination, Silent
from psa_evidence_tables.exporter import TablesExporter
from psa_evidence_tables.limits import Limits, fitted, units
from psa_evidence_tables.typed import value

WHERE = Pagination(exhibits={"ticket/1": ("MSP000001", "MSP000002")}, parts={}, exhibit_pages=2, report_pages=1)
KINDS = ("text", "integer", "decimal", "seconds", "datetime", "date", "boolean")
COLUMNS = tuple((kind, f"A {kind}") for kind in KINDS)


@pytest.fixture
def write(tmp_path, make_pack, make_ticket):
    def run(*tables, limits=None, folder="one"):
        content = replace(make_pack(make_ticket(1)), tables=tables)
        (tmp_path / folder).mkdir()
        exporter = TablesExporter(limits)
        exporter.export(content, tmp_path / folder, pagination=WHERE, manifest=None, progress=Silent())
        return tmp_path / folder / "Evidence tables.xlsx"

    return run


def table(*rows, name="things", **more):
    return DataTable(**{"name": name, "title": "Things", "columns": COLUMNS, "rows": rows, "types": KINDS, **more})


def sheet(path, name="things"):
    return openpyxl.load_workbook(path)[name]


def test_each_value_has_its_type(write):
    row = ("00123", "-42", "1234.5", "86400", "2026-03-02T14:00:05Z", "2026-03-02", "yes")
    found = sheet(write(table(row)))
    cells = [cell.value for cell in found[2]]
    assert cells == ["00123", -42, 1234.5, 86400, dt.datetime(2026, 3, 2, 14, 0, 5), dt.datetime(2026, 3, 2), True]  # noqa: DTZ001
    assert [cell.data_type for cell in found[2]] == ["s", "n", "n", "n", "d", "d", "b"]
    assert found["E2"].number_format == 'yyyy-mm-dd hh:mm:ss"Z"'
    assert found["F2"].number_format == "yyyy-mm-dd"
    assert [cell.value for cell in found[1]][4] == "datetime (UTC)"


@pytest.mark.parametrize(
    "row",
    [
        ("1", "007", "1e999", "1.5", "2026-03-02 14:00", "02.03.2026", "maybe"),
        ("12345678901234567890", "12345678901234567", "1.2345678901234567", "+-1", "2026-13-02T14:00:05Z", "1899-12-31",
         "Yes"),
        ("1", "１２", "1,5", "", "1900-01-01T00:00:00Z", "2026-02-30", "TRUE"),
    ],
    ids=["other shapes", "too long", "impossible"],
)  # fmt: skip
def test_what_does_not_read_as_its_type_stays_text_digit_for_digit(write, row):
    assert [cell.value for cell in sheet(write(table(row)))[2]] == [text or None for text in row]


@pytest.mark.parametrize("text", ["=1+1", "+cmd|'/C calc'!A0", "@SUM(1)", "-1+1", "\t=1", "\ufeff=1", " =1", "＝1"])
def test_no_cell_is_a_formula_and_editing_it_makes_none(write, text):
    path = write(table((text, *[""] * 6)))
    cell = sheet(path)["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix
    inside = zipfile.ZipFile(path)
    assert not any(b"<f>" in inside.read(name) for name in inside.namelist())


def test_an_address_is_no_link(write):
    path = write(table(("https://evil.example/x", *[""] * 6)))
    names = zipfile.ZipFile(path).namelist()
    assert not any("rels" in name and "sheet" in name for name in names)
    assert sheet(path)["A2"].hyperlink is None


def test_heads_are_frozen_and_filtered(write):
    found = sheet(write(table(("a", "1", "2", "3", "", "", ""), ("b", "1", "2", "3", "", "", ""))))
    assert found.freeze_panes == "B2"
    assert found.auto_filter.ref == "A1:G3"
    assert found.column_dimensions["E"].width > 20


def test_every_row_names_its_bates_page(write):
    first, second = ("a", *[""] * 6), ("b", *[""] * 6)
    found = sheet(write(table(first, second, exhibits=("ticket/1", None))))
    assert [found["H1"].value, found["H2"].value, found["H3"].value] == ["bates", "MSP000001", None]


def test_rows_without_a_bates_number_are_counted_and_the_column_says_why(write):
    first, second = ("a", *[""] * 6), ("b", *[""] * 6)
    book = openpyxl.load_workbook(write(table(first, second, exhibits=("ticket/1", None))))
    about = [[c.value for c in row] for row in book["About this workbook"]]
    [head] = [row for row in about if "Rows without a Bates number" in row]
    line = next(row for row in about if row[0] == "things")
    assert line[head.index("Rows without a Bates number")] == "1"
    [meaning] = [row[3].value for row in book["Columns explained"] if row[1].value == "bates"]
    assert "empty where no exhibit shows its record" in meaning


def test_a_text_too_long_for_a_cell_is_cut_and_says_where_the_whole_is(write):
    long = "naïve 😀 " * 6000
    path = write(table(("short", *[""] * 6), (long, *[""] * 6)))
    kept = sheet(path)["A3"].value
    assert units(kept) <= 32767
    assert kept.endswith(f"[CUT HERE: {len(long):,} characters in all; the whole text is in tables/things.csv, row 2]")
    assert long.startswith(kept[: kept.index(" [CUT HERE")])
    about = [[c.value for c in row] for row in openpyxl.load_workbook(path)["About this workbook"]]
    assert next(r for r in about if r[0] == "things")[3] == "1"
    whole = (path.parent / "things.csv").read_text("utf-8-sig")
    assert long in whole


def test_rows_beyond_a_sheet_are_said(write):
    rows = tuple((str(n), *[""] * 6) for n in range(10))
    path = write(table(*rows), limits=Limits(rows=8))
    assert sheet(path).max_row == 8
    about = [[c.value for c in row] for row in openpyxl.load_workbook(path)["About this workbook"]]
    line = next(r for r in about if r[0] == "things")
    assert line[2] == "10"
    assert "a sheet holds 7 rows; the last 3 are only in tables/things.csv" in line[5]


def test_a_surrogate_pair_is_never_cut_in_two():
    for room in range(150, 170):
        kept, cut = fitted("x😀" * 200, Limits(characters=room), "tables/t.csv", 1)
        assert cut
        assert units(kept) <= room
        kept.encode()


def test_every_column_of_every_sheet_is_explained(write):
    path = write(table(("a", *[""] * 6), exhibits=("ticket/1",)), table(name="other"))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["About this workbook", "Columns explained", "things", "other"]
    said = [[c.value for c in row] for row in book["Columns explained"]]
    assert said[0] == ["Sheet", "Column", "Type", "Meaning"]
    wanted = {(name, cell.value) for name in ("things", "other") for cell in book[name][1]}
    assert {(row[0], row[1]) for row in said[1:]} == wanted
    assert all(row[2] and row[3] for row in said[1:])


def test_long_and_like_names_get_sheets_of_their_own(write):
    names = ["a" * 40, "a" * 41, "about", "x"]
    book = openpyxl.load_workbook(write(*(table(name=n) for n in names)))
    assert len(book.sheetnames) == 6
    assert all(len(name) <= 31 for name in book.sheetnames)


def test_hostile_texts_come_back(write, hostile_texts, naughty_strings):
    texts = [t for t in (*hostile_texts, *naughty_strings) if t]
    found = sheet(write(table(*((text, *[""] * 6) for text in texts))))
    for number, text in enumerate(texts, 2):
        back = re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), found.cell(number, 1).value)
        wanted = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" else c for c in text)
        assert back.replace("\r\n", "\n").replace("\r", "\n") == wanted.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("text", ["<r><t>bold</t></r>", "<r>&</r>", "<r></r></is></c></row>", " a "])
def test_a_text_is_never_markup(write, text):
    path = write(table((text, *[""] * 6), ("next", *[""] * 6)))
    assert [cell.value for cell in sheet(path)["A"]][1:] == [text, "next"]


def test_cells_are_what_the_library_would_write_itself(write, tmp_path):
    """Of what it writes right: numbers, instants, days, yes and no, texts with spaces and controls."""
    rows = [
        ("plain text", "-42", "1234.5", "86400", "2026-03-02T14:00:05Z", "2026-03-02", "yes"),
        (' 5 < 6 & "7"_x0041_\x01\ttab\n', "007", "-0.000125", "0", "1901-01-01T00:00:00Z", "1999-12-31", "no"),
        ("", "", "1e-7", "", "2024-02-29T23:59:59Z", "", "maybe"),
    ]
    kinds = dict(zip(KINDS, rows[0], strict=True))
    with xlsxwriter.Workbook(str(tmp_path / "other.xlsx"), {"constant_memory": True}) as book:
        other = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, (kind, text) in enumerate(zip(kinds, row, strict=True)):
                found = value(text, kind)
                if isinstance(found, bool):
                    other.write_boolean(number, place, found)
                elif isinstance(found, dt.date):
                    other.write_datetime(number, place, found, book.add_format())
                elif text:
                    (other.write_string if isinstance(found, str) else other.write_number)(number, place, found)
    wanted = zipfile.ZipFile(tmp_path / "other.xlsx").read("xl/worksheets/sheet1.xml").decode()
    made = zipfile.ZipFile(write(table(*rows))).read("xl/worksheets/sheet3.xml").decode()

    def cells(xml):
        return re.findall(r"<c .*?</c>", re.sub(r' (s|r)="\w+"', "", xml), re.DOTALL)

    assert cells(made)[len(KINDS) :] == cells(wanted)


def test_two_builds_give_the_same_bytes_and_no_time_of_the_building(write):
    row = ("00123", "-42", "1234.5", "86400", "2026-03-02T14:00:05Z", "2026-03-02", "yes")
    one, two = write(table(row)), write(table(row), folder="two")
    assert one.read_bytes() == two.read_bytes()
    inside = zipfile.ZipFile(one)
    assert {info.date_time for info in inside.infolist()} == {(1980, 1, 31, 0, 0, 0)}
    assert b"2026-03-02T14:00:00Z" in inside.read("docProps/core.xml")


def test_types_that_are_not_one_for_each_column_are_refused(write):
    with pytest.raises(EvidenceError, match="types"):
        write(table(types=("text",)))
