"""Rows of the workbook that are known without being read say what the reader says they do, and nothing is learnt that
was not read."""

from __future__ import annotations

import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.verify import readable, worksheet, written
from psa_evidence.verify.worksheet import Sheet

HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = b"</row>"
TAIL = b"</sheetData></worksheet>"
CELLS = {
    "text": '" s="2" t="inlineStr"><is><t>{}</t></is></c>',
    "space": '" s="2" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>',
    "value": '" s="3"><v>{}</v></c>',
    "yes": '" s="4" t="b"><v>{}</v></c>',
}


def row_of(number, *cells):
    """`cells` are (way, inner) or None; columns from A."""
    made = "".join(
        f'<c r="{chr(65 + at)}{number}{CELLS[cell[0]].format(cell[1])}' for at, cell in enumerate(cells) if cell
    )
    return f'<row r="{number}">{made}'.encode()


def read(row):
    """The cells of a row as the parser reads them."""
    return Sheet([HEAD + row + END + TAIL]).next()


def learnt(*rows):
    """After rows (line, cells) from the second on."""
    found = written.Written(len(rows[0][0]))
    for number, (line, cells) in enumerate(rows, 2):
        row = row_of(number, *cells)
        assert readable._same(line, read(row)[1], set())
        found.learn(line, row)
    return found


def test_nothing_is_known_before_a_row_was_read():
    assert written.Written(1).row(2, ["a"]) is None


def test_a_row_without_cells_is_none():
    assert learnt((["a"], [("text", "a")])).row(3, [""]) is None


def test_an_empty_cell_for_an_empty_text_teaches_nothing():
    found = learnt((["a", ""], [("text", "a"), ("text", "")]))
    assert found.row(3, ["b", ""]) == row_of(3, ("text", "b"))
    assert found.row(3, ["b", "c"]) is None


@pytest.mark.parametrize(
    ("line", "cell", "other", "expected"),
    [
        ("ticket", ("text", "ticket"), "another", ("text", "another")),
        ("ticket", ("text", "ticket"), "a & <b>\n\tc", ("text", "a &amp; &lt;b&gt;\n\tc")),
        ("ticket", ("text", "ticket"), " a", None),  # not known how spaces are kept
        (" a", ("space", " a"), "b\n", ("space", "b\n")),
        (" a", ("space", " a"), "b", None),
        ("7", ("value", "7"), "-12", ("value", "-12")),
        ("7", ("value", "7"), "0.50", None),
        ("7", ("value", "7"), "007", None),
        ("7", ("value", "7"), "1234567890123456", None),
        ("7", ("text", "7"), "0.50", ("text", "0.50")),
        ("0.50", ("value", "0.5"), "12.750", ("value", "12.75")),
        ("0.50", ("value", "0.50"), "12.750", None),  # right, and written in another way than is known
        (
            "2025-05-06T15:00:01Z",
            ("value", "45783.62501157408"),
            "2024-11-01T18:49:32Z",
            ("value", "45597.78439814815"),
        ),
        ("2025-05-06", ("value", "45783"), "2024-11-01", ("value", "45597")),
        ("2025-05-06", ("value", "45783"), "2024-11-31", None),
        ("2025-05-06", ("value", "45783"), "2024-11-01T24:00:00Z", None),
        ("yes", ("yes", "1"), "yes", ("yes", "1")),
        ("yes", ("yes", "1"), "no", None),
        ("a", ("text", "a"), "'=1+1", None),  # a cell has it without the apostrophe, or with it
        ("'=1+1", ("text", "=1+1"), "'=1+1", ("text", "=1+1")),  # the same again
        ("'=1+1", ("text", "=1+1"), "=1+1", None),
        ("a", ("text", "a"), "_x0007_", None),
        ("a", ("text", "a"), "\x07", None),
        ("a", ("text", "a"), "b\rc", None),
        ("a", ("text", "a"), "\ufffe", None),
        ("a", ("text", "a"), "\x85", None),
    ],
)
def test_a_text_is_written_as_one_of_its_kind_was(line, cell, other, expected):
    made = learnt(([line], [cell])).row(9, [other])
    assert made == (None if expected is None else row_of(9, expected))
    if made is not None:
        assert readable._same([other], read(made)[1], set())


def test_what_was_read_last_holds():
    """A column of numbers in which a text looks like one."""
    found = learnt((["7"], [("value", "7")]), (["a"], [("text", "a")]), (["0008"], [("text", "0008")]))
    assert found.row(9, ["9"]) == row_of(9, ("value", "9"))
    assert found.row(9, ["0009"]) == row_of(9, ("text", "0009"))
    found.learn(["12"], row_of(5, ("text", "12")))
    assert found.row(9, ["10"]) == row_of(9, ("text", "10"))
    assert found.row(9, ["7"]) == row_of(9, ("value", "7"))  # it was so, and may be so again


def test_columns_are_known_each_by_itself():
    found = learnt(
        (["7", "a", ""], [("text", "7"), ("text", "a"), None]), (["", "b", "7"], [None, ("text", "b"), ("value", "7")])
    )
    assert found.row(4, ["8", "", "9"]) == row_of(4, ("text", "8"), None, ("value", "9"))


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr(written, "MAX_KNOWN", 2)
    monkeypatch.setattr(written, "MAX_LENGTH", 3)
    found = learnt((["yes!"], [("text", "yes!")]))
    for text in ("abcd", "abc", "abd", "abe"):
        assert found.row(3, [text]) == row_of(3, ("text", text))
    assert list(found._columns[0].known) == ["abc", "abd"]


def test_a_row_of_more_columns_than_a_spreadsheet_has_is_not_made(monkeypatch):
    found = learnt((["a", "b"], [("text", "a"), ("text", "b")]))
    monkeypatch.setattr(written, "MAX_COLUMNS", 2)
    assert found.row(3, ["a", "b"])
    monkeypatch.setattr(written, "MAX_COLUMNS", 1)
    assert found.row(3, ["a", "b"]) is None


@pytest.mark.parametrize(
    ("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
)
def test_columns_have_the_letters_that_the_reader_knows(place, letters):
    assert written._letters(place) == letters
    assert worksheet._number(letters) == place


_TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.from_regex(written._KIND, fullmatch=True),
    st.sampled_from(
        ["yes", "no", "'=1", "=1", " a", "a ", "a\nb", "<&>", "_x0041_", "-0", "0.0", "1e5", "\ufeff", "]]>"]
    ),
)
_BEGUN = [
    ["ticket"], [" t"], ["7"], ["0.25"], ["2025-05-06T15:00:01Z"], ["2025-05-06"], ["yes"],
]  # fmt: skip
_WAYS = {
    "numbers": ["t", " t", "7", "0.25", "45783.62501157408", "45783", "1"],
    "texts": ["ticket", " t", "7", "0.25", "2025-05-06T15:00:01Z", "2025-05-06", "yes"],
}


@given(_TEXTS, st.booleans())
def test_whatever_is_made_reads_as_the_text(text, numbers):
    ways = ["text", "space", *(("value",) * 4 if numbers else ("text",) * 4), "yes" if numbers else "text"]
    inner = _WAYS["numbers" if numbers else "texts"]
    inner = ["ticket", " t", *inner[2:]]
    found = learnt(*((line, [(way, each)]) for line, way, each in zip(_BEGUN, ways, inner, strict=True)))
    row = found.row(50, [text])
    if row is not None:
        number, cells = read(row)
        assert number == 50
        assert readable._same([text], cells, set())
        assert worksheet._Plain().row(row) == (number, cells)  # and without a parser


def test_rows_of_a_workbook_of_ours_are_known_from_the_third_on(monkeypatch, tmp_path):
    """As the exporter writes them: the reader is asked for the heading and one row."""
    from psa_evidence_tables.cells import Cells, put_rows
    from psa_evidence_tables.limits import Limits

    lines = [
        [str(1000 + n), f"Text {n} & <more>", f"2025-05-{1 + n % 28:02}T10:00:{n % 60:02}Z", str(n), f"{n}.25"]
        for n in range(1, 500)
    ]
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx", {"constant_memory": True})
    sheet = book.add_worksheet("tickets")
    kinds = ("text", "text", "datetime", "integer", "decimal")
    cells = Cells({"text": 1, "datetime": 2, "integer": 3, "decimal": 4}.get, Limits(), "f", "ABCDE", kinds)
    put_rows(sheet, ((n, cells.row(n, line)) for n, line in enumerate(lines, 1)))
    book.close()
    with zipfile.ZipFile(tmp_path / "t.xlsx") as whole:
        xml = whole.read("xl/worksheets/sheet1.xml")
    reader, known = Sheet([xml]), written.Written(5)
    read_ = 0
    for number, line in enumerate(lines, 2):
        row = known.row(number, line)
        if row is None or not reader.passes(number, row):
            found = reader.next()
            assert found is not None
            assert found[0] == number
            assert readable._same(line, found[1], set())
            known.learn(line, reader.plainly(found[1]))
            read_ += 1
    assert reader.next() is None
    assert read_ == 1
