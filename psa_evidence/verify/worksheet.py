"""The cells of a worksheet (ECMA-376-1, SpreadsheetML), row by row, bounded.

A cell holds a text in line, a number or a yes or no. What a spreadsheet would compute, look up or fetch is refused:
nothing in a pack's workbook is a formula. So is whatever else stands among the rows: one program reads a second text
of a cell, an element of another namespace or an alternative content as part of the cell, another passes it over.

XML allows the same cell to be written in many ways, and an XML parser (expat) reads them all. A workbook has hundreds
of thousands of cells, nearly all written in one plain way, which needs no parser: such rows are read as they stand,
the rest by expat. Both ways lead to the same cells or to the same refusal.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from typing import Final
from xml.parsers import expat

from psa_evidence.verify.container import Unreadable

MAX_CELL: Final = 1 << 20
"""Characters of one cell. A spreadsheet holds 32,767."""
MAX_CELLS: Final = 20_000
"""Of one row. A spreadsheet has 16,384 columns."""
MAX_PLAIN: Final = MAX_CELL
"""Bytes of a row, or of what stands before the rows, that is read without a parser."""
_PLACE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BEGIN, _END = b"<sheetData>", b"</row>"
MAIN: Final = frozenset(
    {"http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"}
)
"""Namespaces of SpreadsheetML: as all programs write it, and that of its strict form."""
_ROWS: Final = "sheetData"
_AMONG_ROWS: Final = frozenset({(_ROWS, "row"), ("row", "c"), ("c", "is"), ("is", "t"), ("c", "v")})
"""An element and the one within it."""
_SIGN: Final = r"[^<>&\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]"
_TEXT: Final = rf"{_SIGN}*(?:&(?:amp|lt|gt);{_SIGN}*)*"
_CELL: Final = re.compile(
    r'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})" s="[0-9]{1,5}"'
    rf'(?: t="inlineStr"><is><t(?: xml:space="preserve")?>({_TEXT})</t></is>|( t="b")?><v>([0-9.E+-]+)</v>)</c>'
)
"""Letters and number of a plain cell, its text, whether it is a yes or no, its value."""
_ROW: Final = re.compile(rf'<row r="([1-9][0-9]{{0,6}})">(?:{re.sub(r"[(](?![?])", "(?:", _CELL.pattern)})*')
"""Of plain cells and nothing else, up to its end tag."""

Cell = tuple[str, str]
"""`text`, `number` or `boolean`, and what stands in it."""


class Sheet:
    """Reads the XML of a sheet from `blocks` of it, row by row."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._parsed, self._plain = _Parsed(), _Plain()
        self._rows: list[bytes] = []
        """Of the block at hand, without their end tags, the next one last; only while rows are read as they stand."""
        self._waiting = b""
        self._begun, self._between, self._over = False, True, False
        self._read: tuple[bytes, tuple[int, dict[int, Cell]] | None] = b"", None
        self._given: tuple[bytes, dict[int, Cell]] = b"", {}

    def next(self) -> tuple[int, dict[int, Cell]] | None:
        """Number of the next row that has cells, from 1, and its cells by column, from 0; None after the last. Raises
        Unreadable."""
        parsed = self._parsed
        while not parsed.rows:
            if self._at_hand():
                self._take()
                # a row ends where another begins; to whom asks for this one the next may then be told
                if parsed.cells and self._at_hand() and self._is_next(self._rows[-1]):
                    parsed.done()
            elif self._over:
                return None
            else:
                self._more()
        return parsed.rows.popleft()

    def passes(self, number: int, row: bytes) -> bool:
        """Whether the next row is this one, byte for byte, without its end tag; it is then not read. `row` must be one
        that is plain and has this number and cells. Raises Unreadable."""
        parsed = self._parsed
        if not self._at_hand() or self._rows[-1] != row or len(row) > MAX_PLAIN:
            return False
        if parsed.rows or parsed.cells or number <= parsed.row:
            return False
        self._rows.pop()
        parsed.row = number
        return True

    def plainly(self, cells: dict[int, Cell]) -> bytes:
        """How the row with these cells, the last that was plain, was written, without its end tag; else nothing."""
        return self._given[0] if self._given[1] is cells else b""

    def _at_hand(self) -> bool:
        """Whether there is a row of the block that may be plain."""
        while not self._rows and self._between and not self._over:
            self._more()
        return bool(self._rows)

    def _is_next(self, row: bytes) -> bool:
        found = self._found(row)
        return found is not None and found[0] > self._parsed.row

    def _found(self, row: bytes) -> tuple[int, dict[int, Cell]] | None:
        if self._read[0] is not row:
            self._read = row, self._plain.row(row)
        return self._read[1]

    def _take(self) -> None:
        """Read the next row of the block, as it stands or with the parser."""
        row, parsed = self._rows.pop(), self._parsed
        found = self._found(row)
        if found is not None and found[0] > parsed.row:
            parsed.put(*found)
            self._given = row, found[1]
            return
        parsed.feed(row + _END)
        if not parsed.is_between_rows():
            self._between = False
            parsed.feed(_END.join((*reversed(self._rows), self._waiting)))
            self._rows, self._waiting = [], b""

    def _more(self) -> None:
        """Go on to the next block, when nothing of the one before is left but the begin of a row."""
        parsed = self._parsed
        if self._between and len(self._waiting) > MAX_PLAIN:
            self._between = False
        block = next(self._blocks, None)
        self._over = block is None
        self._waiting += block or b""
        if self._between and not self._begun and not self._over:
            head, begin, rest = self._waiting.partition(_BEGIN)
            if begin:
                self._begun = True
                parsed.feed(head + begin)
                self._between, self._waiting = parsed.is_between_rows(), rest
        if self._between and self._begun and not self._over:
            *rows, self._waiting = self._waiting.split(_END)
            self._rows = rows[::-1]
        elif not self._between or self._over:
            parsed.feed(self._waiting, last=self._over)
            self._waiting = b""


class _Plain:
    """Reads rows that are written in the plain way."""

    def __init__(self) -> None:
        self._columns: dict[str, int] = {}

    def row(self, xml: bytes) -> tuple[int, dict[int, Cell]] | None:
        """Number and cells of a row without its end tag; None when it is written otherwise."""
        try:
            whole = xml.decode() if len(xml) <= MAX_PLAIN else ""
        except UnicodeDecodeError:
            return None
        if (found := _ROW.fullmatch(whole)) is None:
            return None
        number, cells, columns, so_far = found[1], dict[int, Cell](), self._columns, 0
        for letters, row, text, boolean, value in _CELL.findall(whole):
            if (column := columns.get(letters)) is None:
                column = columns[letters] = _number(letters)
            if value:
                cells[column] = ("boolean" if boolean else "number", value)
            else:
                cells[column] = ("text", _unescaped(_marked(text) if "&" in text else text))
            so_far += 1
            if row != number or len(text) > MAX_CELL:
                return None
        return (int(number), cells) if len(cells) == so_far <= MAX_CELLS else None


class _Parsed:
    """Collects the cells of whole rows: of XML that is fed to it, and of rows that others have read. `row` is the
    number of the row at which it stands, `cells` are those that it has so far."""

    def __init__(self) -> None:
        self._parser = parser()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self.rows: deque[tuple[int, dict[int, Cell]]] = deque()
        """Those that are whole."""
        self.row, self.cells = 0, dict[int, Cell]()
        self._column: int | None = None
        self._kind, self._parts, self._size, self._values = "", list[str](), 0, 0
        self._within: list[str] = []
        """The element of the rows and those within it, in which the parser stands."""
        self._fed = self._depth = 0
        self._between: tuple[int, int] | None = None

    def feed(self, xml: bytes, *, last: bool = False) -> None:
        self._fed += len(xml)
        fed(self._parser, xml, last=last)

    def put(self, number: int, cells: dict[int, Cell]) -> None:
        """A row read elsewhere, below the one at which the reader stands. One without cells stands nowhere: to the
        parser a row is where its cells say."""
        if cells:
            self._at(number)
            self.cells = cells

    def is_between_rows(self) -> bool:
        """Whether what was fed ends, for the parser too, where a row of the sheet may begin."""
        return self._column is None and self._between == (self._depth, self._fed)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = local_name(name)
        self._depth += 1
        if not self._within:
            self._outside(name)
            return
        if name == "f":
            raise Unreadable("a formula")
        if (self._within[-1], name) not in _AMONG_ROWS:
            raise Unreadable("rows with something else than cells of one text, number, or yes or no")
        self._within.append(name)
        if name == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            if place is None:
                raise Unreadable("a cell without a place")
            self._at(int(place[2]))
            self._column = _number(place[1])
            self._kind = {"inlineStr": "text", "n": "number", "b": "boolean"}.get(attributes.get("t", "n"), "")
            self._parts, self._size, self._values = [], 0, 0
            if not self._kind:
                raise Unreadable("a cell whose value stands elsewhere, or is computed")
        elif name in {"is", "t", "v"}:
            self._values += name != "is"
            if self._values > 1 or (name != "v") != (self._kind == "text"):
                raise Unreadable("a cell with another value than one of its kind")

    def _outside(self, name: str) -> None:
        """Before and behind the rows."""
        if name == _ROWS:
            if self._between is not None or self._depth != 2:
                raise Unreadable("a sheet with rows in two places, or in another than a sheet's")
            self._between = (self._depth, self._parser.CurrentByteIndex + len(_BEGIN))
            self._within.append(name)

    def _at(self, row: int) -> None:
        if row < self.row:
            raise Unreadable("rows out of order")
        if row > self.row:
            self.done()
            self.row = row

    def _text(self, text: str) -> None:
        if self._within and self._within[-1] in {"t", "v"}:
            self._size += len(text)
            if self._size > MAX_CELL:
                raise Unreadable("a cell over the limit")
            self._parts.append(text)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if not self._within:
            return
        name = self._within.pop()
        if name == "c" and self._column is not None:
            if self._column in self.cells or len(self.cells) > MAX_CELLS:
                raise Unreadable("a cell that stands twice")
            text = "".join(self._parts)
            self.cells[self._column] = (self._kind, _unescaped(text) if self._kind == "text" else text)
            self._column = None
        elif name == "row" and self._between is not None:
            self._between = (self._between[0], self._parser.CurrentByteIndex + len(_END))
        elif name == _ROWS:
            self.done()

    def done(self) -> None:
        """The row at which it stands has no more cells."""
        if self.cells:
            self.rows.append((self.row, self.cells))
        self.cells = {}


def parser() -> expat.XMLParserType:
    """Names of elements with their namespace; UTF-8, of which the document says nothing else; and nothing of a document
    type: entities are how XML bombs are made."""

    def refuse(*_: object) -> None:
        raise Unreadable("XML with a document type")

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() != "utf-8":
            raise Unreadable("XML that says it is not in UTF-8")

    made = expat.ParserCreate("utf-8", ":")
    made.StartDoctypeDeclHandler = refuse
    made.XmlDeclHandler = declared
    return made


def local_name(name: str) -> str:
    """The name of an element of SpreadsheetML; of one of another namespace, whatever it is called, its whole name,
    which is none of ours. Raises Unreadable: it stands for several contents, of which a program takes one."""
    namespace, _, local = name.rpartition(":")
    if local == "AlternateContent":
        raise Unreadable("XML with alternative contents")
    return local if namespace in MAIN else name


def fed(reader: expat.XMLParserType, block: bytes, *, last: bool) -> None:
    """Raises Unreadable."""
    try:
        reader.Parse(block, last)
    except expat.ExpatError as error:
        raise Unreadable("not XML") from error


def _marked(text: str) -> str:
    """The signs that are markup in XML."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _unescaped(text: str) -> str:
    """Characters that XML cannot carry stand as `_x0007_` (ECMA-376-1, 22.4.2.4)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _number(letters: str) -> int:
    """The place of a column, from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
