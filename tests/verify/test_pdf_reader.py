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


PAGE = b"<</Type/Page/Resources 9 0 R/MediaBox[0 0 612.5 -7]/Tabs/S/Parent 2 0 R/Contents 8 0 R/Annots[7 0 R 8 0 R]>>"
KIDS = b"<</Type/Pages/Count 3/Kids[3 0 R 4 0 R 5 0 R]>>"


def file_of(*pages, kids=KIDS, more=(), gone=()):
    """A PDF of objects 1 (the catalogue), 2 (the page tree), 3 and so on."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate((b"<</Type/Catalog/Pages 2 0 R>>", kids, *pages, *more), 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    for number, place in enumerate(places, 1):
        out += b"%010d 00000 %b \n" % (place, b"f" if number in gone else b"n")
    return bytes(out) + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, at)


def counted(kind, data):
    try:
        return len(kind(io.BytesIO(data), strict=True).pages)
    except Exception as error:  # noqa: BLE001 - whatever pypdf raises
        return type(error)


def test_plain_pages_are_counted_without_being_read(monkeypatch):
    data = file_of(PAGE, PAGE, PAGE)
    assert counted(PdfReader, data) == 3
    asked, real = [], PdfReader.get_object
    monkeypatch.setattr(PdfReader, "get_object", lambda self, one: asked.append(one.idnum) or real(self, one))
    assert counted(Reader, data) == 3
    assert set(asked) == {1, 2}


@pytest.mark.parametrize("changed", [PAGE.replace(b"/S", b"\n/S"), PAGE.replace(b"/S", b"/S/Info<</A(b)>>")])
def test_a_page_that_is_written_otherwise_is_read_and_the_others_are_not(monkeypatch, changed):
    data = file_of(PAGE, changed, PAGE)
    assert counted(PdfReader, data) == 3
    asked, real = set(), PdfReader.get_object
    monkeypatch.setattr(PdfReader, "get_object", lambda self, one: asked.add(one.idnum) or real(self, one))
    assert counted(Reader, data) == 3
    assert asked == {1, 2, 4}


@pytest.mark.parametrize(
    "data",
    [
        file_of(PAGE, PAGE.replace(b"/Page", b"/Pages"), PAGE),
        file_of(PAGE, PAGE.replace(b"/Page/", b"/Pages/Type/Page/"), PAGE),
        file_of(PAGE, PAGE.replace(b"/Tabs/S", b"/Type/Pages"), PAGE),
        file_of(PAGE, PAGE.replace(b"/Tabs/S", b"/Kids[5 0 R]"), PAGE),
        file_of(
            PAGE, b"<</Type/Pages/Count 2/Kids[5 0 R 6 0 R]>>", PAGE, more=[PAGE], kids=KIDS.replace(b" 5 0 R", b"")
        ),
        file_of(PAGE, b"<</Type/Pages/Count 1/Kids[6 0 R]/X[1 2]>>", PAGE, more=[PAGE]),
        file_of(PAGE, PAGE, PAGE, kids=KIDS.replace(b"5", b"4")),
        file_of(PAGE, PAGE, PAGE, kids=KIDS.replace(b"5 0 R", b"5 1 R")),
        file_of(PAGE, PAGE, PAGE, kids=KIDS.replace(b"5 0 R", b"2 0 R")),
        file_of(PAGE, PAGE, PAGE, kids=KIDS.replace(b"5 0 R", b"9 0 R")),
        file_of(PAGE, PAGE, PAGE, kids=KIDS.replace(b"5 0 R", PAGE)),
        file_of(PAGE, PAGE, PAGE, kids=KIDS.replace(b"/Type/Pages", b"")),
        file_of(PAGE, PAGE, PAGE, kids=KIDS.replace(b"/Type/Pages", b"/Type/Page")),
        file_of(PAGE, PAGE, PAGE, kids=b"<</Type/Pages/Count 3>>"),
        file_of(PAGE, PAGE, PAGE, kids=b"<</Type/Pages/Count 3/Kids[]>>"),
        file_of(PAGE, PAGE, PAGE, kids=b"[1 2]"),
        file_of(PAGE, PAGE, PAGE, kids=b"<</Type/Pages/Kids 6 0 R>>", more=[b"[3 0 R 4 0 R]"]),
        file_of(PAGE, PAGE, PAGE, gone=[4]),
        file_of(PAGE, b"null", PAGE),
        file_of(PAGE, b"<<>>", PAGE),
        file_of(PAGE, b"[1]", PAGE),
        file_of(PAGE, PAGE.replace(b"/Type/Page", b""), PAGE),
        file_of(PAGE, PAGE, PAGE).replace(b"4 0 obj", b"7 0 obj"),
        file_of(PAGE, PAGE, PAGE).replace(b"\n4 0 obj", b"\n 4 0 obj"),
    ],
)
def test_pages_are_as_many_as_pypdf_says(data):
    assert counted(Reader, data) == counted(PdfReader, data)


_CHANGES = st.sampled_from([
    b"", b"/Type/Pages", b"/Type/Page", b"/Kids[3 0 R]", b"/Kids 3", b"4 0 R", b"1 R", b"[", b"]", b"<<", b">>", b"(",
    b")", b"%", b"\n", b" ", b"#", b"/", b"endobj", b"obj", b"0", b"null",
])  # fmt: skip


@given(st.lists(st.tuples(st.integers(9, 560), st.integers(0, 9), _CHANGES), max_size=3))
def test_a_page_tree_with_anything_in_it_has_as_many_pages_as_pypdf_says(changes):
    data = file_of(PAGE, PAGE, PAGE)
    for at, gone, sign in changes:
        data = data[:at] + sign + data[at + gone :]
    assert counted(Reader, data) == counted(PdfReader, data)


def test_so_many_pages_are_counted_here_at_most(monkeypatch):
    monkeypatch.setattr(pdf_reader, "_MOST", 2)
    reader = Reader(io.BytesIO(file_of(PAGE, PAGE, PAGE)), strict=True)
    assert (reader._plainly(), len(reader.pages)) == (0, 3)


def test_a_file_that_is_not_in_memory_is_left_to_pypdf(tmp_path):
    (tmp_path / "a.pdf").write_bytes(file_of(PAGE, PAGE, PAGE))
    with (tmp_path / "a.pdf").open("rb", buffering=0) as file:
        reader = Reader(file, strict=True)
        assert (reader._plainly(), len(reader.pages)) == (0, 3)
