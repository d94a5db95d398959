"""The quicker way through a PDF's tables of objects leads to what pypdf finds itself."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from psa_evidence.verify import pdf_reader
from psa_evidence.verify.pdf_reader import Reader

NONE, GONE, FREE = "0000000000 65535 f", "0000000003 00001 f", "0000000003 00000 f"


def line(number, generation=0, place=16):
    return f"{number * 100 + place:010} {generation:05} n"


def lines(first, last, place=16):
    return [line(number, place=place) for number in range(first, last)]


def older(first, last):
    """Lines of a table that was written before: the objects stood elsewhere."""
    return lines(first, last, place=17)


def table(*sections, end=" \n", head="\n", trailer="trailer\n<</Size 9>>\n"):
    parts = [f"{first} {len(each)}\n" + "".join(f"{one}{end}" for one in each) for first, each in sections]
    return ("ref" + head + "".join(parts) + trailer).encode()


def read(kind, *tables):
    """The tables of objects after a few cross-reference tables were read, the newest first, and where reading ended."""
    told = SimpleNamespace(xref={}, xref_free_entry={}, strict=True)
    reader = object.__new__(kind)
    vars(reader).update(vars(told))
    ends = []
    for data in tables:
        stream = io.BytesIO(data)
        try:
            reader._read_standard_xref_table(stream)
        except Exception as error:  # noqa: BLE001 - whatever pypdf raises
            return type(error), str(error)
        ends.append(stream.read())
    return reader.xref, reader.xref_free_entry, ends


AT_ONCE = [
    [table((0, [NONE, *lines(1, 9)]))],
    [table((0, [NONE, *lines(1, 9)]), end="\r\n", head=" \n")],
    [table((0, [NONE, *lines(1, 9)]), end=" \r")],
    [table((0, [NONE]), (5, lines(5, 7)), (9, [line(9)])), table((0, [NONE]), (10, older(10, 12)))],
    [table((0, [NONE, *lines(1, 4, place=9_999_999_099)]))],
]
"""After its first line each section is taken as a whole."""
EACH = [
    [table((0, [NONE]), (5, lines(5, 7)), (9, [line(9)])), table((0, [NONE, *older(1, 12)]))],
    [table((0, [NONE, line(1), line(2, 3), GONE, line(4)])), table((0, [NONE, *older(1, 12)]))],
    [table((0, [NONE])), table((0, [NONE, GONE, *lines(2, 5)])), table((0, [NONE, *older(1, 5)]))],
    [table((0, [line(0)]), (2, lines(2, 4)))],
    [table((0, []), (2, lines(2, 4)))],
    [table((0, [NONE, line(1), FREE, line(3)])), table((0, [NONE, *older(1, 5)]))],
    *([table((0, [NONE, line(1), line(2, other), line(3)]))] for other in (1, 10, 100, 1_000, 10_000, 11_111)),
    [table((0, [NONE, line(1, 11_111)]))],
]
PLAIN = AT_ONCE + EACH
ODD = [
    [table((3, lines(3, 5)))],
    [table((0, [NONE, *lines(1, 3)]), end="\n")],
    [table((0, [NONE, *lines(1, 3)]), end=" \r\n")],
    [table((0, [NONE, *lines(1, 3)]), end=" x")],
    [table((0, [NONE, *lines(1, 3)]), end="x\n")],
    [table((0, [NONE, *lines(1, 3)]), trailer="% words\ntrailer\n<<>>")],
    [table((0, [NONE, "00000x0016 00000 n"]))],
    [table((0, [NONE, "0000_00016 00000 n"]))],
    [table((0, [NONE, "000000016  00000 n"]))],
    [table((0, [NONE, "0000000016 00000 x"]))],
    [table((0, [NONE, *lines(1, 3)]))[:-40]],
    [table((0, [NONE, *lines(1, 3)])).replace(b"0 3", b"0 9999999999")],
    [table((0, [NONE, *lines(1, 3)]), trailer="")],
    [b"xyz\n0 1\n" + NONE.encode()],
]


@pytest.mark.parametrize("tables", PLAIN)
def test_plain_tables_are_read_at_once_and_as_pypdf_reads_them(tables, monkeypatch):
    expected = read(PdfReader, *tables)
    monkeypatch.setattr(PdfReader, "_read_standard_xref_table", None)  # not asked
    assert read(Reader, *tables) == expected
    assert isinstance(expected[0], dict)


@pytest.mark.parametrize("tables", AT_ONCE)
def test_a_section_in_which_all_is_in_use_is_taken_as_a_whole(tables, monkeypatch):
    one_by_one, real = [], Reader._take_each
    monkeypatch.setattr(
        Reader, "_take_each", lambda self, first, lines: one_by_one.append(len(lines)) or real(self, first, lines)
    )
    read(Reader, *tables)
    assert set(one_by_one) <= {0, 20}


@pytest.mark.parametrize("tables", ODD)
def test_other_tables_are_left_to_pypdf(tables, monkeypatch):
    assert read(Reader, *tables) == read(PdfReader, *tables)
    monkeypatch.setattr(PdfReader, "_read_standard_xref_table", lambda *_: 1 / 0)
    assert read(Reader, *tables)[0] is ZeroDivisionError


@given(
    st.lists(st.tuples(st.sampled_from(PLAIN), st.integers(0, 300), st.sampled_from([b"", b"f", b"1", b" ", b"\n"])))
)
def test_a_table_with_anything_in_it_is_read_as_pypdf_reads_it(changed):
    tables = []
    for (first, *_), at, sign in changed:
        tables.append(first[:at] + sign + first[at + 1 :])
    assert read(Reader, *tables) == read(PdfReader, *tables)


def test_the_library_still_reads_tables_by_the_method_that_is_replaced(monkeypatch):
    called, real, out = [], pdf_reader._sections, io.BytesIO()
    monkeypatch.setattr(pdf_reader, "_sections", lambda stream: called.append(1) or real(stream))
    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(100, 100)
    writer.write(out)
    reader = Reader(out, strict=True)
    assert called
    assert (len(reader.pages), reader.xref) == (3, PdfReader(out, strict=True).xref)


class _Unlooked(dict):
    """What is known already of many objects; nobody goes through all of it for each short section."""

    def __iter__(self):
        raise AssertionError


def test_many_short_sections_are_not_each_compared_with_all_that_is_known():
    reader = object.__new__(Reader)
    known = _Unlooked.fromkeys(range(100, 200), 7)
    vars(reader).update(xref={0: known}, xref_free_entry={0: {}, 65535: {}}, strict=True)
    reader._read_standard_xref_table(io.BytesIO(table((0, [NONE]), (98, lines(98, 102)), (300, lines(300, 303)))))
    assert {n: known[n] for n in (98, 99, 100, 101, 300, 302)} == {
        98: 9816, 99: 9916, 100: 7, 101: 7, 300: 30016, 302: 30216,
    }  # fmt: skip
