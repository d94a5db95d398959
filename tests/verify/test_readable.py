"""Check 9.11 on a workbook and a custody table made here: what a spreadsheet may write, what nobody may, the bounds."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import datetime
from types import SimpleNamespace

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.format import canonical
from psa_evidence.format.log import entry_digest, link
from psa_evidence.verify import readable, workbook, worksheet, written
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.hashing import Hashed
from psa_evidence.verify.report import Checklist

ROWS = [
    ["ticket", "at", "hours", "closed", "day", "text"],
    ["1001", "2025-05-06T15:00:01Z", "0.25", "yes", "2025-05-06", "'=1+1"],
    ["0007", "", "-3", "no", "1899-01-01", "line\r\nend \ufffe _x000D_ \x07"],
    ["", "", "", "", "", ""],
    ["8", "2025-05-06T15:00:01Z", "1e3", "yes", "", "é" * 40_000],
]
CELLS = [
    ["ticket", "at (UTC)", "hours", "closed", "day", "text"],
    ["1001", datetime(2025, 5, 6, 15, 0, 1), 0.25, True, datetime(2025, 5, 6), "=1+1"],  # noqa: DTZ001
    ["0007", None, -3, False, "1899-01-01", "line\r\nend \\ufffe _x000D_ \x07"],
    [],
    ["8", "2025-05-06T15:00:01Z", 1000, True, None, "é" * 30_000 + " [CUT HERE: 40,000 characters]"],
]


def book(cells=CELLS, name="tickets", more=()):
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False}
    with xlsxwriter.Workbook(out, options) as made:
        made.add_worksheet("About this workbook").write_string(0, 0, "words")
        sheet = made.add_worksheet(name)
        for each in more:
            made.add_worksheet(each)
        for row, line in enumerate(cells):
            for column, cell in enumerate(line):
                if isinstance(cell, datetime):
                    sheet.write_datetime(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell)
    return out.getvalue()


def csv_of(rows):
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return "".join(line + "\r\n" for line in quoted).encode("utf-8-sig")


def bag_of(files):
    """A bag as far as the check looks into it."""
    found = SimpleNamespace(files={path: len(data) for path, data in files.items()})
    found.open = lambda path: io.BytesIO(files[path])
    return Bag(found, {p: Hashed({"sha256": hashlib.sha256(d).hexdigest()}, len(d)) for p, d in files.items()})


def judged(files):
    checks = Checklist()
    readable.check_readable(bag_of(files), checks)
    return [(c.status, c.detail, c.subject) for c in checks.report().checks]


def workbook_of(data, rows=ROWS, **more):
    return judged({readable.WORKBOOK: data, "data/tables/tickets.csv": csv_of(rows), **more})


def test_numbers_instants_and_cut_texts_are_what_the_csv_says():
    [(status, detail, _)] = workbook_of(book())
    assert (status, detail) == ("pass", "the workbook says what 1 table say: 30 cells")


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [(0, 0, "other"), (1, 0, "1002"), (1, 0, None), (1, 1, datetime(2025, 5, 6, 15, 0, 2)), (1, 2, 0.26), (1, 3, False),  # noqa: DTZ001
     (1, 4, datetime(2025, 5, 7)), (1, 5, "=1+2"), (2, 1, "x"), (3, 2, "x"), (4, 5, "é" * 30_000), (1, 6, "beside"),  # noqa: DTZ001
     (4, 5, "è" * 30_000 + " [CUT HERE: 40,000 characters]"), (5, 0, "more"), (2, 0, 7), (2, 6, "beside"),
     (0, 6, "beside")],
)  # fmt: skip
def test_a_cell_that_says_something_else_is_found(row, column, value):
    cells = [list(line) for line in CELLS] + [[]]
    cells[row] += [None] * (column + 1 - len(cells[row]))
    cells[row][column] = value
    status, detail, subject = workbook_of(book(cells))[0]
    assert status == "fail"
    assert subject == f"{readable.WORKBOOK}: tickets"
    assert ("more rows" in detail) == (row == 5)


def test_a_sheet_that_is_missing_or_of_no_table_is_found():
    assert [d for _, d, _ in workbook_of(book(name="other"))] == ["has no sheet in the workbook", "a sheet of no table"]
    columns = csv_of([["table"], ["tickets"]])
    extra = {"data/tables/columns.csv": columns, "data/tables/mine.csv": csv_of([["a"], ["b"]])}
    assert workbook_of(book(), **extra)[0][0] == "pass"  # of another exporter
    assert workbook_of(book(more=["mine"]), **extra)[0][0] == "fail"  # in the workbook, and empty there


@pytest.mark.parametrize(("letters", "missing"), [(31, True), (32, False)])
def test_a_table_is_looked_for_unless_its_name_is_too_long_for_a_sheet(letters, missing):
    name = "n" * letters
    found = workbook_of(book(), **{
        "data/tables/columns.csv": csv_of([["table"], ["tickets"], [name]]), f"data/tables/{name}.csv": csv_of([["a"]]),
    })  # fmt: skip
    assert found[0][1] == ("has no sheet in the workbook" if missing else found[0][1])
    assert (found[0][0] == "fail") == missing
    assert ("1 table with a long name not compared" in found[-1][1]) != missing


@pytest.mark.parametrize(("length", "fits"), [(readable.MAX_TEXT, True), (readable.MAX_TEXT + 1, False)])
def test_only_a_text_that_is_too_long_for_a_cell_is_cut(length, fits):
    text = "é" * length
    cut = [["text"], ["é" * 10 + " [CUT HERE: 40,000 characters]"]]
    assert workbook_of(book(cut), [["text"], [text]])[0][0] == ("fail" if fits else "pass")


@pytest.mark.parametrize(("wrong", "said"), [(1, 2), (2, 3), (3, 2)])
def test_so_many_differing_rows_are_counted_and_then_no_more_is_said(monkeypatch, wrong, said):
    """One more row than the table has follows the differing ones."""
    monkeypatch.setattr(readable, "MAX_WRONG", 2)
    rows = [["a"], *[["x"]] * 3]
    cells = [["a"], *[["y"]] * wrong, *[["x"]] * (3 - wrong), ["more"]]
    details = [detail for _, detail, _ in workbook_of(book(cells), rows)]
    assert len(details) == said
    assert ("has more rows than the table" in details) == (wrong < 3)


def changed(data, old, new):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as found, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in found.namelist():
            made.writestr(name, found.read(name).replace(old, new))
    return out.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"<is><t>1001", b"<f>1</f><is><t>1001", "a formula"),
        (b'r="A2" t="inlineStr"', b'r="A2" t="s"', "stands elsewhere"),
        (b'r="A2" t="inlineStr"', b'r="A2" t="str"', "computed"),
        (b'r="B2"', b'r="A2"', "stands twice"),
        (b'r="A3"', b'r="A1"', "out of order"),
        (b'r="A2"', b'r="2A"', "without a place"),
        (b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet ', "document type"),
        (b"</sheetData>", b"", "something else"),
        (b"</worksheet>", b"", "not XML"),
        (b"</workbook>", b"", "not XML"),
        (b'name="tickets"', b'name="About this workbook"', "stands twice"),
        (b'Target="worksheets/sheet2.xml"', b'Target="worksheets/sheet9.xml"', "is not there"),
        (b'Target="worksheets/sheet2.xml"', b'Target="worksheets/sheet1.xml"', "stands twice"),
        (b'Id="rId2" Type', b'Id="rId1" Type', "a link that stands twice"),
        (b'Target="worksheets/sheet2.xml"', b'TargetMode="External" Target="worksheets/sheet2.xml"', "leads out"),
        (b"relationships/worksheet", b"relationships/chartsheet", "is not there"),
        (b' r:id="rId2"', b"", "is not there"),
        (b' r:id="rId2"', b' y:id="rId2" xmlns:y="y"', "is not there"),
        (b'sheetId="2"', b'sheetId="2" state="hidden"', "hidden"),
        (b"<workbookPr ", b'<workbookPr date1904="1" ', "counts its days"),
        (b"<workbookPr ", b'<workbookPr date1904="true" ', "counts its days"),
        (b"<sheets>", b'<sheets><y:AlternateContent xmlns:y="y"/>', "alternative contents"),
        (b'Target="xl/workbook.xml"', b'Target="docProps/app.xml"', "another part"),
        (b"relationships/officeDocument", b"relationships/extended-properties", "another part"),
        (b'Id="rId2"', b'Id="rId99"', "is not there"),
        (b"<is><t>1001", b"<is><t>" + b"x" * (worksheet.MAX_CELL + 1), "over the limit"),
    ],
)
def test_a_workbook_in_another_form_is_refused(old, new, why):
    data = changed(book(), old, new)
    [(status, detail, subject)] = workbook_of(data)
    assert (status, subject) == ("fail", readable.WORKBOOK)
    assert why in detail


@pytest.mark.parametrize("number", [b"much", b"1e999", b""])
def test_a_number_that_is_none_is_found(number):
    [(status, detail, _)] = workbook_of(changed(book(), b"<v>0.25</v>", b"<v>" + number + b"</v>"))
    assert (status, detail) == ("fail", "its row 2 is not that of the table")


@pytest.mark.parametrize(
    ("kind", "found", "text"), [("n", b"0007", "0007"), ("n", b"text", "text"), ("b", b"1", "1"), ("b", b"yes", "yes")]
)
def test_only_in_a_text_the_same_signs_say_the_same(kind, found, text):
    """A spreadsheet shows 7, an error, TRUE."""
    cell = b'<c r="A2" t="%s"><v>%s</v></c>' % (kind.encode(), found)
    data = changed(book([["a"], ["1"]]), b'<c r="A2" t="inlineStr"><is><t>1</t></is></c>', cell)
    assert workbook_of(data, [["a"], ["1"]])[0][0] == "fail"
    assert workbook_of(data, [["a"], [text]])[0][0] == "fail"


LINES = [["ticket", "text"], *[[str(1000 + n), f"Text {n % 3} & more"] for n in range(2, 11)]]
WRITTEN = [
    f'<row r="{n}"><c r="A{n}" s="1" t="inlineStr"><is><t>{line[0]}</t></is></c>'
    f'<c r="B{n}" s="1" t="inlineStr"><is><t>{line[1].replace("&", "&amp;")}</t></is></c></row>'
    for n, line in enumerate(LINES, 1)
]


class Counted(worksheet.Sheet):
    """`read` has the numbers of the rows that were asked for, None of the end."""

    def __init__(self, rows):
        super().__init__([f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>".encode()])
        self.read = []

    def next(self):
        found = super().next()
        self.read.append(found and found[0])
        return found


def compared(rows, lines=LINES):
    """What is wrong with a sheet of these rows, how many cells were compared, and which rows were read."""
    checks, sheet = Checklist(), Counted(rows)
    book = SimpleNamespace(sheet=lambda _: sheet)
    cells = readable._sheet(bag_of({"t": csv_of(lines)}), checks, book, "t", "t")
    return [check.detail for check in checks.report().checks], cells, sheet.read


def test_of_rows_that_are_written_alike_the_heading_and_one_are_read():
    assert compared(WRITTEN) == ([], 20, [1, 2, None])
    odd = WRITTEN[4].replace('<row r="5">', '<row r="5" spans="1:2">')
    assert compared([*WRITTEN[:4], odd, *WRITTEN[5:]]) == ([], 20, [1, 2, 5, None])


def test_a_row_that_says_something_else_teaches_nothing():
    lines = [["a"], ["x"], ["x"], ["x"]]
    rows = [
        f'<row r="{n}"><c r="A{n}" s="1" t="inlineStr"><is><t>{t}</t></is></c></row>' for n, t in enumerate("ayyx", 1)
    ]
    wrong = ["its row 2 is not that of the table", "its row 3 is not that of the table"]
    assert compared(rows, lines) == (wrong, 4, [1, 2, 3, 4, None])


@pytest.mark.parametrize(
    ("row", "old", "new"),
    [
        (6, "1006", "1007"), (6, "&amp; more", "&amp;  more"), (10, "1010", "1001"),
        (6, "</row>", '<c r="C6" s="1"><v>1</v></c></row>'), (6, WRITTEN[5], '<row r="6"></row>'),
        (6, "1006</t></is></c>", "1006</t></is></c></row><row r='6'><c r='C6'><v>1</v></c>"),
    ],
)  # fmt: skip
def test_among_rows_that_are_not_read_one_that_differs_is_found(row, old, new):
    rows = [*WRITTEN[: row - 1], WRITTEN[row - 1].replace(old, new), *WRITTEN[row:]]
    assert rows != WRITTEN
    wrong, cells, _ = compared(rows)
    assert (wrong, cells) == ([f"its row {row} is not that of the table"], 20)


def test_rows_that_are_missing_or_more_are_found_behind_rows_that_are_not_read():
    gone = [f"its row {row} is not that of the table" for row in (5, 6)]
    assert compared([*WRITTEN[:4], *WRITTEN[6:]]) == (gone, 20, [1, 2, 7, None])
    assert compared(WRITTEN[:9])[0] == ["its row 10 is not that of the table"]
    assert compared(WRITTEN, LINES[:9])[0] == ["has more rows than the table"]


_ODD = st.sampled_from([
    ("100", "101"), ("Text", "text"), ("</row>", ""), ("</row>", "</row ><!-- -->"), ("<is>", "<is><!-- -->"),
    ('t="inlineStr"', 't="n"'), ('s="1"', 's="2"'), ("<row ", '<row spans="1:2" '), ("<c ", "<!--<c "),
    ("</c></row>", "</c>--></row>"), ("</c><c", "</c></row><row r='7'><c"), ('r="B', 'r="C'), ('<row r="', '<row r="1'),
    ("</row>", "</row></sheetData><sheetData>"), ("more", ""), ("&amp;", "&#38;"), ("&amp;", "&amp;amp;"),
    ("<t>", '<t xml:space="preserve">'),
])  # fmt: skip


@given(
    st.lists(st.integers(0, 9), max_size=14), st.lists(st.tuples(st.integers(0, 9), _ODD), max_size=4), st.booleans()
)
def test_rows_that_are_not_read_are_judged_as_if_they_were(order, changes, in_order):
    rows = list(WRITTEN)
    for at, (old, new) in changes:
        rows[at] = rows[at].replace(old, new)
    if not in_order:
        rows = [rows[at] for at in order]

    def right():
        try:
            return not compared(rows)[0]
        except Unreadable:
            return False

    found = right()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(written.Written, "row", lambda *_: None)
        assert right() == found


def test_rows_that_no_worksheet_has_are_not_looked_for_there(monkeypatch):
    monkeypatch.setattr(readable, "MAX_SHEET", 2)
    rows = [["a"], ["x"], ["y"]]
    for cells, status in (([["a"], ["x"]], "pass"), ([["a"], ["y"]], "fail"), (rows, "fail")):
        assert workbook_of(book(cells), rows)[0][0] == status


def test_what_stands_between_the_parts_of_a_cell_is_none_of_its_text():
    data = changed(changed(book(), b"1001</t>", b"1001</t>\n"), b"<v>0.25</v>", b"<v>0.25</v> ")
    assert workbook_of(data)[0][0] == "pass"


def test_the_limits_of_a_workbook_are_met_to_the_part_and_the_character(monkeypatch):
    data, longest = book([["ticket"], ["x" * 40]]), 40
    parts = len(zipfile.ZipFile(io.BytesIO(data)).namelist())
    unpacked = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist())
    limits = ((worksheet, "MAX_CELL", longest), (workbook, "MAX_MEMBERS", parts), (workbook, "MAX_UNPACKED", unpacked))
    for module, name, limit in limits:
        for less, status in ((0, "pass"), (1, "fail")):
            with monkeypatch.context() as bounded:
                bounded.setattr(module, name, limit - less)
                assert workbook_of(data, [["ticket"], ["x" * 40]])[0][0] == status


def test_columns_go_on_beyond_z():
    names = [[f"c{number}" for number in range(60)], ["x"] * 60]
    assert workbook_of(book(names), names)[0][1] == "the workbook says what 1 table say: 120 cells"


def test_a_part_that_stands_twice_is_refused():
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as made, pytest.warns(UserWarning, match="Duplicate name"):
        made.writestr("xl/workbook.xml", "<workbook/>")
    assert workbook_of(out.getvalue())[0][1] == "a workbook with a part that stands twice"


def test_a_part_that_is_damaged_or_ends_too_early_is_refused():
    data = bytearray(book())
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        at = found.getinfo("xl/worksheets/sheet2.xml").header_offset
    data[at + 60] ^= 0xFF
    assert workbook_of(bytes(data))[0][1] == "a workbook that is damaged"
    assert workbook_of(changed(book(), b"</worksheet>", b""))[0][1] == "not XML"


def test_so_many_parts_are_named_at_most(monkeypatch):
    data = changed(book(), b"</Relationships>", b"<x/>" * 100 + b"</Relationships>")
    monkeypatch.setattr(workbook, "MAX_MEMBERS", 90)
    assert workbook_of(data)[0][1] == "a workbook with too many parts"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no workbook at all"])
def test_what_is_no_workbook_is_refused(data):
    assert workbook_of(data) == [("fail", "not a workbook (XLSX)", readable.WORKBOOK)]


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(workbook, "BOMB_FLOOR", 1_000)
    monkeypatch.setattr(workbook, "MAX_RATIO", 2)
    with pytest.raises(Unreadable, match="unpacks to more"):
        workbook.Workbook(io.BytesIO(changed(book(), b"1001", b"1" * 30_000)))


def log_of(*entries):
    lines, previous = [], None
    for number, entry in enumerate(entries, 1):
        whole = {**entry, "number": number, "previous": previous, "salt": "0" * 64}
        line = canonical(whole)
        lines.append(link(line, whole) if entry["action"] == "accessed" else line)
        previous = entry_digest(line, whole)
    return b"".join(line + b"\n" for line in lines)


def test_the_table_of_the_custody_log_has_the_entries_that_are_shown():
    common = {"at": "2025-05-06T15:00:00Z", "subject": "=x", "who": "Ann"}
    detail = {"records": 3, "state": "complete"}
    log = log_of({"action": "captured", "detail": detail, **common}, {"action": "accessed", **common},
                 {"action": "sealed", **common})  # fmt: skip
    head = ["number", "at", "who", "action", "subject", "detail"]
    rows = [["1", "2025-05-06T15:00:00Z", "Ann", "captured", "'=x", json.dumps(detail)],
            ["3", "2025-05-06T15:00:00Z", "Ann", "sealed", "'=x", "{}"]]  # fmt: skip

    def of(rows):
        return judged({readable.CUSTODY: log, readable.CUSTODY_TABLE: csv_of([head, *rows])})

    assert of(rows) == [("pass", "custody.csv has 2 rows, as the log", "")]
    for row in (0, 1):
        for place in range(6):
            other = [list(line) for line in rows]
            other[row][place] = "[" if place == 5 else "9"
            [(status, words, subject)] = of(other)
            assert (status, words) == ("fail", "a row is not the entry of the log")
            assert subject == f"custody entry {(1, 3)[row]}"
    for other in (rows[:1], [*rows, rows[1]], []):
        assert [w for _, w, _ in of(other)] == ["has another number of rows than the log has entries that are shown"]


def test_a_custody_log_or_table_that_cannot_be_read_is_said():
    log, table = (
        log_of({"action": "sealed", "who": "Ann"}),
        csv_of([["number", "at", "who", "action", "subject", "detail"]]),
    )
    unread = "the custody log cannot be read (7.4)"
    assert judged({readable.CUSTODY: log[1:], readable.CUSTODY_TABLE: table}) == [("pass", unread, "")]
    [(status, _, subject)] = judged({readable.CUSTODY: log, readable.CUSTODY_TABLE: b"number\r\n"})
    assert (status, subject) == ("fail", readable.CUSTODY_TABLE)


@pytest.mark.parametrize(("rows", "status"), [(0, "pass"), (1, "fail")])
def test_rows_of_a_custody_log_that_the_pack_does_not_hold_are_found(rows, status):
    table = csv_of(
        [["number", "at", "who", "action", "subject", "detail"], *[["1", "", "Ann", "sealed", "", "{}"]] * rows]
    )
    assert judged({readable.CUSTODY_TABLE: table})[0][0] == status
    assert rows or "custody.csv has 0 rows" in judged({readable.CUSTODY_TABLE: table})[0][1]
    assert judged({readable.CUSTODY: b""})[0][:2] == (
        "pass", "the pack holds neither a workbook nor a table of the custody log"
    )  # fmt: skip


@pytest.mark.parametrize(
    "name", ["xl/drawings/drawing1.xml", "xl/vbaProject.bin", "xl/worksheets/sheet3.xml", "xl/Workbook.xml", "x"]
)
def test_a_workbook_with_a_part_that_a_plain_one_does_not_have_is_refused(name):
    out = io.BytesIO(book())
    with zipfile.ZipFile(out, "a") as more:
        more.writestr(name, "<x/>")
    [(status, detail, _)] = workbook_of(out.getvalue())
    assert status == "fail"
    assert "a part that a plain one does not have" in detail or "not among its sheets" in detail


def test_an_id_of_another_namespace_leads_nowhere():
    """A program that takes the first attribute called `id` compares another sheet than a spreadsheet opens."""
    both = changed(book(), b' r:id="rId2"', b' y:id="rId2" r:id="rId1" xmlns:y="y"')
    [(status, detail, _)] = workbook_of(both)
    assert (status, "stands twice" in detail) == ("fail", True)


@pytest.mark.parametrize(
    "old", [b'<Relationship Id="rId2"', b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDo']
)
def test_a_link_of_another_namespace_leads_nowhere(old):
    """A spreadsheet passes it over."""
    data = changed(book(), old, old.replace(b"<Relationship", b'<y:Relationship xmlns:y="y"'))
    assert workbook_of(data)[0][0] == "fail"


def test_what_is_no_link_may_stand_among_links():
    assert workbook_of(changed(book(), b"</Relationships>", b"<x/><x/></Relationships>"))[0][0] == "pass"


def test_a_workbook_without_one_of_its_parts_is_refused():
    for missing in ("_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"):
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(book())) as found, zipfile.ZipFile(out, "w") as made:
            for name in found.namelist():
                if name != missing:
                    made.writestr(name, found.read(name))
        assert workbook_of(out.getvalue())[0][:2] == ("fail", "a workbook of which a part is missing")


def test_a_part_may_be_named_from_the_root():
    data = changed(book(), b'Target="worksheets/', b'Target="/xl/worksheets/')
    assert workbook_of(data)[0][0] == "pass"


@pytest.mark.parametrize(("floor", "ratio", "bomb"), [(0, 1, False), (0, 0, True), (1 << 30, 0, False)])
def test_a_workbook_is_a_bomb_when_it_is_large_and_grows_too_much(monkeypatch, floor, ratio, bomb):
    """One that is not packed at all."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book())) as found, zipfile.ZipFile(out, "w") as made:
        for name in found.namelist():
            made.writestr(name, found.read(name))
        total = sum(entry.file_size for entry in found.infolist())
    monkeypatch.setattr(workbook, "BOMB_FLOOR", floor)
    monkeypatch.setattr(workbook, "MAX_RATIO", ratio)
    assert (workbook_of(out.getvalue())[0][1] == "a workbook that unpacks to more than is read") == bomb
    monkeypatch.setattr(workbook, "BOMB_FLOOR", total)
    assert workbook_of(out.getvalue())[0][0] == "pass"
