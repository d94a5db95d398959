"""Rows of a worksheet that need no parser are read as an XML parser reads them, and what is not plain is left to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.verify import worksheet
from psa_evidence.verify.container import Unreadable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><cols><col min="1"/></cols><sheetData>'
TAIL = '</sheetData><autoFilter ref="A1:C9"/></worksheet>'
PLAIN = [
    (
        '<row r="1"><c r="A1" s="1" t="inlineStr"><is><t>ticket</t></is></c>'
        '<c r="C1" s="1" t="inlineStr"><is><t>at</t></is></c></row>'
    ),
    (
        '<row r="2"><c r="A2" s="2" t="inlineStr"><is><t xml:space="preserve"> a &lt;b&gt; &amp;lt; _x000D_\né </t>'
        '</is></c><c r="B2" s="3"><v>45596.78439814815</v></c><c r="AB2" s="4" t="b"><v>1</v></c></row>'
    ),
    '<row r="12"><c r="A12" s="2" t="inlineStr"><is><t></t></is></c><c r="B12" s="4"><v>-1.5E-07</v></c></row>',
    '<row r="13"></row>',
    '<row r="14"><c r="A14" s="2" t="inlineStr"><is><t>ticket</t></is></c></row>',
]
READ = [
    (1, {0: ("text", "ticket"), 2: ("text", "at")}),
    (2, {0: ("text", " a <b> &lt; \r\né "), 1: ("number", "45596.78439814815"), 27: ("boolean", "1")}),
    (12, {0: ("text", ""), 1: ("number", "-1.5E-07")}),
    (14, {0: ("text", "ticket")}),
]


def read(xml, size=1 << 20):
    data = xml if isinstance(xml, bytes) else xml.encode()
    try:
        return list(iter(worksheet.Sheet(data[at : at + size] for at in range(0, len(data), size)).next, None))
    except Unreadable as error:
        return str(error)


def parsed(xml):
    """What an XML parser alone reads, to which the whole is given."""
    reader = worksheet._Parsed()
    try:
        reader.feed(xml if isinstance(xml, bytes) else xml.encode(), last=True)
    except Unreadable as error:
        return str(error)
    return list(reader.rows)


def fed_to_the_parser(monkeypatch, xml, size=1 << 20):
    pieces = []
    real = worksheet.fed

    def fed(reader, block, *, last):
        pieces.append(bytes(block))
        real(reader, block, last=last)

    monkeypatch.setattr(worksheet, "fed", fed)
    assert isinstance(read(xml, size), list)
    return b"".join(pieces).decode()


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
def test_plain_rows_are_what_a_parser_reads(size):
    xml = HEAD + "".join(PLAIN) + TAIL
    assert read(xml, size) == READ == parsed(xml)


@pytest.mark.parametrize("size", [1, 64, 1 << 20])
def test_plain_rows_are_not_parsed_and_others_are(monkeypatch, size):
    odd = '<row r="15" spans="1:2"><c t="inlineStr" r="A15"><is><t>&#65;</t></is></c></row>'
    after = '<row r="16"><c r="A16" s="2" t="inlineStr"><is><t>ticket</t></is></c></row>'
    xml = HEAD + "".join(PLAIN) + odd + after + TAIL
    assert fed_to_the_parser(monkeypatch, xml, size) == HEAD + odd + TAIL


@pytest.mark.parametrize("size", [1, 64, 1 << 20])
@pytest.mark.parametrize("limit", [0, 40, 140])
def test_what_is_longer_than_a_plain_row_may_be_is_parsed(monkeypatch, limit, size):
    monkeypatch.setattr(worksheet, "MAX_PLAIN", limit)
    xml = HEAD + "".join(PLAIN) + TAIL
    assert read(xml, size) == READ
    assert fed_to_the_parser(monkeypatch, xml, size).count("<row") >= 1


def test_a_row_without_an_end_is_not_collected_beyond_the_limit(monkeypatch):
    monkeypatch.setattr(worksheet, "MAX_PLAIN", 100)
    longest = []

    def blocks():
        yield (HEAD + '<row r="1">').encode()
        for _ in range(100):
            longest.append(len(sheet._waiting))
            yield b" " * 10
        yield (PLAIN[0].removeprefix('<row r="1">') + TAIL).encode()

    sheet = worksheet.Sheet(blocks())
    assert sheet.next() == READ[0]
    assert max(longest) in range(91, 112)


@pytest.mark.parametrize("begin", ["<!--", "<!--</row>", "<![CDATA[", "<?a ", "<c r='A15'>", "<row r='15'><c r='A15'>"])
def test_what_only_looks_like_rows_is_none_in_whatever_blocks_it_comes(begin):
    looks = '<row r="20"><c r="A20" s="2"><v>1</v></c></row>'
    blocks = [HEAD + "".join(PLAIN) + begin, looks, looks + looks, looks, "-->" + TAIL]
    whole = "".join(blocks)
    try:
        found = list(iter(worksheet.Sheet(block.encode() for block in blocks).next, None))
    except Unreadable as error:
        found = str(error)
    assert found == parsed(whole)


@pytest.mark.parametrize(
    "row",
    [
        '<row r="15"><c r="A14" s="2"><v>1</v></c></row>',  # another row than its own
        '<row r="15"><c r="a15" s="2"><v>1</v></c></row>',
        '<row r="15"><c r="AAAA15" s="2"><v>1</v></c></row>',
        '<row r="15"><c r="15" s="2"><v>1</v></c></row>',
        '<row r="15"><c r="A015" s="2"><v>1</v></c></row>',
        '<row r="15"><c r="A15" s="2"><v>1</v></c><c r="A15" s="2"><v>1</v></c></row>',
        '<row r="15"><c r="A15" s="2"><f>1+1</f><v>2</v></c></row>',
        '<row r="15"><c r="A15" s="2" t="s"><v>2</v></c></row>',
        '<row r="15">words<c r="A15" s="2"><v>2</v></c></row>',
        '<row r="15"><c r="A15" s="2"><v>2</v></c>words</row>',
        '<row r="15"><c r="A15" s="2" t="inlineStr"><is><t>]]></t></is></c></row>',
        '<row r="15"><c r="A15" s="2" t="inlineStr"><is><t>&nbsp;</t></is></c></row>',
        '<row r="15"><c r="A15" s="2" t="inlineStr"><is><t>\x07</t></is></c></row>',
        '<row r="15"><c r="A15" s="2" t="inlineStr"><is><t>\uffff</t></is></c></row>',
        '<row r="15"><c r="A15" s="2" t="inlineStr"><is><t>a\r\nb</t></is></c></row>',
        '<row r="14"><c r="B14" s="2"><v>1</v></c></row>',  # the row before goes on
        '<row r="3"><c r="B3" s="2"><v>1</v></c></row>',
        '<!--<row r="15"><c r="A15" s="2"><v>1</v></c></row><row r="16"><c r="A16" s="2"><v>1</v></c></row>-->',
        '<!--</row>--><row r="15"><c r="A15" s="2"><v>1</v></c></row><row r="16"><c r="A16" s="2"><v>1</v></c></row>',
        '<![CDATA[<row r="15"></row><row r="16"><c r="A16" s="2"><v>1</v></c></row>]]>',
        '<?a <row r="15"></row><row r="16"><c r="A16" s="2"><v>1</v></c></row>?>',
        '<x><row r="15"></row><row r="16"><c r="A16" s="2"><v>1</v></c></row></x>',
        '<c r="A15"><row r="15"></row><row r="16"><c r="A16" s="2"><v>1</v></c></row></c>',
        '<row r="15"><row r="16"></row><row r="17"><c r="A17" s="2"><v>1</v></c></row></row>',
        '<row r="19"></row><row r="15"><c r="A15" s="2"><v>1</v></c></row>',  # a row without cells has no place
        '</sheetData><sheetData><row r="15"><c r="A15" s="2"><v>1</v></c></row>',
        '<row r="15"><c r="A15" s="2"><v>1</v></c></row ><row r="16"><c r="A16" s="2"><v>1</v></c></row>',
    ],
)
def test_what_is_not_plain_is_what_a_parser_says_it_is(row):
    xml = HEAD + "".join(PLAIN) + row + TAIL
    assert read(xml) == parsed(xml)
    xml = HEAD + row + "".join(PLAIN) + TAIL
    assert read(xml) == parsed(xml)


def test_bytes_that_are_not_utf_8_are_refused():
    xml = (HEAD + PLAIN[0] + TAIL).encode().replace(b"ticket", b"tick\xff")
    assert read(xml) == parsed(xml) == "not XML"


@pytest.mark.parametrize(
    "head", ["<!--<sheetData>", "<![CDATA[<sheetData>", "<c r='A1'><sheetData>", "<sheetData><sheetData>"]
)
def test_rows_do_not_begin_where_a_parser_sees_none(head):
    xml = HEAD.replace("<sheetData>", head) + "".join(PLAIN) + TAIL
    assert read(xml) == parsed(xml)


def test_limits_are_those_of_the_parser(monkeypatch):
    monkeypatch.setattr(worksheet, "MAX_CELLS", 2)
    assert read(HEAD + "".join(PLAIN) + TAIL) == parsed(HEAD + "".join(PLAIN) + TAIL) == READ
    monkeypatch.setattr(worksheet, "MAX_CELLS", 1)
    assert read(HEAD + PLAIN[1] + TAIL) == parsed(HEAD + PLAIN[1] + TAIL) == "a cell that stands twice"
    long = HEAD + PLAIN[0].replace("ticket", "x" * (worksheet.MAX_CELL + 1)) + TAIL
    assert read(long) == parsed(long) == "a cell over the limit"


_SIGNS = st.sampled_from([
    "<!--", "-->", "<![CDATA[", "]]>", "</row>", '<row r="2">', '<row r="13">', '<c r="B2" s="1"><v>1</v></c>',
    "&amp;", "&lt", "&#65;", "_x000D_", "</sheetData>", "<sheetData>", "<?a ", "?>", "\x00", "\r\n", " ", "<t>",
    "</c>", "<f>1</f>", "é", "\ufffe", '"', "<", ">", "</row >", "<x>", "</x>", "\x85", *PLAIN,
])  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, 1_200), st.integers(0, 12), _SIGNS), max_size=4), st.sampled_from([5, 90, 5_000])
)
def test_a_sheet_with_anything_in_it_reads_as_a_parser_reads_it(changes, size):
    xml = HEAD + "".join(PLAIN) + TAIL
    for at, gone, sign in changes:
        xml = xml[:at] + sign + xml[at + gone :]
    assert read(xml, size) == parsed(xml)


TWO = (
    "<is><t>not </t></is><is><t>met</t></is>", "<v>not </v><is><t>met</t></is>", "<is><t>not </t><t>met</t></is>",
    "<is><r><t>not </t></r><r><t>met</t></r></is>", "<is><rPh><t>not </t></rPh><t>met</t></is>",
    '<is><y:t xmlns:y="y">not </y:t><t>met</t></is>', '<is><t>not <y:b xmlns:y="y"/>met</t></is>',
)  # fmt: skip


@pytest.mark.parametrize("value", TWO)
def test_a_cell_of_which_programs_show_different_parts_is_refused(value):
    """Whoever joins all texts reads `not met`, and a spreadsheet shows `met`."""
    row = f'<row r="1"><c r="A1" s="2" t="inlineStr">{value}</c></row>'
    with pytest.raises(Unreadable, match=r"something else|another value"):
        list(iter(worksheet.Sheet([f"{HEAD}{row}</sheetData></worksheet>".encode()]).next, None))


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1"><c r="A1" t="n"><is><t>1</t></is></c></row>', '<c r="A1" t="n"><v>1</v></c>',
        '<row r="1"><c r="A1" t="n"><v>1</v><v>2</v></c></row>', '<row r="1"><y:c xmlns:y="y" r="A1"/></row>',
        '<row r="1"><c r="A1" t="n"><v>1</v></c><extLst/></row>', '<y:row xmlns:y="y" r="1"/>',
        '<row r="1"><row r="2"/></row>', '<row r="1"><c r="A1" t="b"><v>1</v><is/></c></row>',
    ],
)  # fmt: skip
def test_rows_with_what_only_some_programs_read_are_refused(row):
    with pytest.raises(Unreadable, match=r"something else|another value"):
        list(iter(worksheet.Sheet([f"{HEAD}{row}</sheetData></worksheet>".encode()]).next, None))


@pytest.mark.parametrize("first", ["", "<v></v>", "<v>1</v>"])
@pytest.mark.parametrize("second", ["", "<v></v>", "<v>2</v>"])
def test_a_cell_that_stands_twice_is_refused_though_one_is_empty(first, second):
    """One program shows the first, another the last."""
    row = f'<row r="1"><c r="A1">{first}</c><c r="A1">{second}</c></row>'
    with pytest.raises(Unreadable, match="stands twice"):
        list(iter(worksheet.Sheet([f"{HEAD}{row}</sheetData></worksheet>".encode()]).next, None))


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (f"{HEAD}</sheetData><sheetData></sheetData></worksheet>", "two places"),
        (f'<worksheet xmlns="{MAIN}"><extLst><sheetData></sheetData></extLst></worksheet>', "another than a sheet's"),
        (f'{HEAD}</sheetData><y:AlternateContent xmlns:y="y"/></worksheet>', "alternative contents"),
        (f'<?xml version="1.0" encoding="ISO-8859-1"?><worksheet xmlns="{MAIN}"/>', "not in UTF-8"),
    ],
)  # fmt: skip
def test_a_sheet_that_can_be_read_in_two_ways_is_refused(xml, why):
    with pytest.raises(Unreadable, match=why):
        list(iter(worksheet.Sheet([xml.encode()]).next, None))


def test_rows_of_another_namespace_are_none():
    row = '<row r="1"><c r="A1" s="2" t="inlineStr"><is><t>ticket</t></is></c></row>'
    xml = f'<worksheet xmlns="y"><sheetData>{row}</sheetData></worksheet>'
    assert list(iter(worksheet.Sheet([xml.encode()]).next, None)) == []
    strict = xml.replace('"y"', '"http://purl.oclc.org/ooxml/spreadsheetml/main"')
    xml = f'<?xml version="1.0" encoding="utf-8"?>{strict}'
    assert list(iter(worksheet.Sheet([xml.encode()]).next, None)) == [(1, {0: ("text", "ticket")})]


def passed(xml, told, size=1 << 20):
    """What the reader gives where it is told beforehand how rows are written: numbers of those that were so, and the
    others with their cells."""
    data = xml if isinstance(xml, bytes) else xml.encode()
    sheet = worksheet.Sheet(data[at : at + size] for at in range(0, len(data), size))
    found, last = [], 0
    try:
        while True:
            number = next((n for n in sorted(told) if n > last and sheet.passes(n, told[n])), None)
            if number is None:
                row = sheet.next()
                if row is None:
                    return found
                number = row[0]
                found.append(row)
            else:
                found.append(number)
            last = number
    except Unreadable as error:
        return str(error)


TOLD = {number: PLAIN[at].removesuffix("</row>").encode() for number, at in ((1, 0), (2, 1), (12, 2), (14, 4))}


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
def test_rows_that_are_as_told_are_passed_and_after_any_other_row_again(monkeypatch, size):
    xml = HEAD + "".join(PLAIN) + TAIL
    assert passed(xml, TOLD, size) == [1, 2, 12, (14, {0: ("text", "ticket")})]  # 13, without cells, is read
    assert passed(xml.replace(PLAIN[3], ""), TOLD, size) == [1, 2, 12, 14]
    assert passed(xml.replace(PLAIN[3], ""), {n: TOLD[n] for n in (1, 12, 14)}, size) == [1, READ[1], 12, 14]
    assert passed(xml, {}, size) == READ
    assert fed_to_the_parser(monkeypatch, xml, size) == HEAD + TAIL


def test_a_row_is_passed_only_below_those_before():
    twice = HEAD + PLAIN[1] + PLAIN[1] + TAIL
    sheet = worksheet.Sheet([twice.encode()])
    assert sheet.passes(2, TOLD[2])
    assert not sheet.passes(2, TOLD[2])
    assert not sheet.passes(1, TOLD[2])
    with pytest.raises(Unreadable, match="twice"):
        worksheet.Sheet([twice.encode()]).next()


def test_a_row_that_goes_on_is_not_passed_over():
    """The cells that follow belong to the row before."""
    more = '<row r="9"><c r="AC2" s="1"><v>5</v></c></row>'
    sheet = worksheet.Sheet([(HEAD + PLAIN[1] + more + PLAIN[2] + TAIL).encode()])
    assert sheet.next() == (2, READ[1][1] | {28: ("number", "5")})
    assert sheet.next() == READ[2]
    assert sheet.next() is None


def test_how_a_plain_row_was_written_is_told_of_that_row_only():
    odd = '<row r="15"><c t="inlineStr" r="A15"><is><t>&#65;</t></is></c></row>'
    sheet = worksheet.Sheet([(HEAD + PLAIN[0] + odd + TAIL).encode()])
    _, cells = sheet.next()
    assert sheet.plainly(cells) == TOLD[1]
    assert sheet.plainly(dict(cells)) == b""
    _, cells = sheet.next()
    assert cells == {0: ("text", "A")}
    assert sheet.plainly(cells) == b""


def test_a_row_longer_than_is_read_plainly_is_not_passed(monkeypatch):
    monkeypatch.setattr(worksheet, "MAX_PLAIN", len(TOLD[1]) - 1)
    assert not worksheet.Sheet([(HEAD + PLAIN[0] + TAIL).encode()]).passes(1, TOLD[1])
    monkeypatch.setattr(worksheet, "MAX_PLAIN", len(TOLD[1]))
    assert worksheet.Sheet([(HEAD + PLAIN[0] + TAIL).encode()]).passes(1, TOLD[1])


@given(
    st.lists(st.tuples(st.integers(0, 1_200), st.integers(0, 12), _SIGNS), max_size=4), st.sampled_from([5, 90, 5_000])
)
def test_rows_that_are_passed_are_those_that_a_parser_reads(changes, size):
    xml = HEAD + "".join(PLAIN) + TAIL
    for at, gone, sign in changes:
        xml = xml[:at] + sign + xml[at + gone :]
    found, whole = passed(xml, TOLD, size), parsed(xml)
    if isinstance(found, str) or isinstance(whole, str):
        # a row that goes on below itself is found either way: as cells twice, or as one row more
        assert whole in {str(found), "a cell that stands twice"}
        return
    cells = dict(READ)
    told = [(row, cells[row]) if isinstance(row, int) else row for row in found]
    merged = {}
    for number, more in told:
        merged.setdefault(number, {}).update(more)
    assert list(merged.items()) == whole


def test_what_stands_before_the_rows_is_no_cell():
    sheet = worksheet.Sheet([(HEAD.replace("<cols>", '<c r="B2"><v>1</v></c><cols>') + PLAIN[0] + TAIL).encode()])
    assert sheet.passes(1, TOLD[1])
    assert sheet.next() is None
