"""The workbook beside the CSV tables, read as far as its cells go (ECMA-376-1, SpreadsheetML): row by row, bounded.

A cell holds a text in line, a number or a yes or no. What a spreadsheet would compute, look up or fetch is refused:
nothing in a pack's workbook is a formula.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Final
from xml.parsers import expat

from psa_evidence.verify.container import BLOCK, BOMB_FLOOR, MAX_RATIO, Unreadable

MAX_MEMBERS: Final = 10_000
MAX_UNPACKED: Final = 16 << 30
"""Bytes: a million rows of a kilobyte in each of sixteen sheets."""
MAX_CELL: Final = 1 << 20
"""Characters of one cell. A spreadsheet holds 32,767."""
MAX_CELLS: Final = 20_000
"""Of one row. A spreadsheet has 16,384 columns."""
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_PLACE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")

Cell = tuple[str, str]
"""`text`, `number` or `boolean`, and what stands in it."""


class Workbook:
    """`sheets` maps names to members of the file, in their order. Raises Unreadable."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise Unreadable("not a workbook (XLSX)") from error
        entries = self._zip.infolist()
        total, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
        bomb = total > BOMB_FLOOR and total > MAX_RATIO * max(packed, 1)
        if len(entries) > MAX_MEMBERS or total > MAX_UNPACKED or bomb:
            raise Unreadable("a workbook that unpacks to more than is read")
        if len({entry.filename for entry in entries}) != len(entries):
            raise Unreadable("a workbook with a part that stands twice")
        links: dict[str, str] = {}
        self.sheets: dict[str, str] = {}
        for name, attributes in self._elements(_LINKS):
            if name.endswith("Relationship"):
                links[attributes.get("Id", "")] = attributes.get("Target", "")
        for name, attributes in self._elements(_BOOK):
            if name.endswith(":sheet"):
                member = links.get(next((v for k, v in attributes.items() if k.endswith(":id")), ""), "")
                title = attributes.get("name", "")
                if not member or title in self.sheets:
                    raise Unreadable("a workbook with a sheet that is not there, or stands twice")
                self.sheets[title] = f"xl/{member}" if not member.startswith("/") else member[1:]

    def rows(self, sheet: str) -> Iterator[tuple[int, dict[int, Cell]]]:
        """Number of each row that has cells, from 1, and its cells by column, from 0. Raises Unreadable."""
        reader = _Rows()
        for block in self._blocks(self.sheets[sheet]):
            reader.feed(block)
            yield from reader.taken()
        reader.feed(b"", last=True)
        yield from reader.taken()

    def _elements(self, member: str) -> list[tuple[str, dict[str, str]]]:
        found: list[tuple[str, dict[str, str]]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if len(found) > MAX_MEMBERS:
                raise Unreadable("a workbook with too many parts")
            found.append((name, attributes))

        parser = _parser()
        parser.StartElementHandler = start
        for block in self._blocks(member):
            _fed(parser, block, last=False)
        _fed(parser, b"", last=True)
        return found

    def _blocks(self, member: str) -> Iterator[bytes]:
        try:
            with self._zip.open(member) as file:
                while block := file.read(BLOCK):
                    yield block
        except KeyError as error:
            raise Unreadable("a workbook of which a part is missing") from error
        except Exception as error:  # a damaged member raises what its decompressor likes
            raise Unreadable("a workbook that is damaged") from error


class _Rows:
    """Collects the cells of whole rows while the XML of a sheet is fed to it."""

    def __init__(self) -> None:
        self._parser = _parser()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._rows: list[tuple[int, dict[int, Cell]]] = []
        self._row, self._cells = 0, dict[int, Cell]()
        self._column: int | None = None
        self._kind, self._parts, self._size, self._within = "", list[str](), 0, False

    def feed(self, block: bytes, *, last: bool = False) -> None:
        _fed(self._parser, block, last=last)

    def taken(self) -> list[tuple[int, dict[int, Cell]]]:
        rows, self._rows = self._rows, []
        return rows

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            place = _PLACE.fullmatch(attributes.get("r", ""))
            if place is None or self._column is not None:
                raise Unreadable("a cell without a place")
            self._at(int(place[2]))
            self._column = _column(place[1])
            self._kind = {"inlineStr": "text", "n": "number", "b": "boolean"}.get(attributes.get("t", "n"), "")
            self._parts, self._size = [], 0
            if not self._kind:
                raise Unreadable("a cell whose value stands elsewhere, or is computed")
        elif name in {"t", "v"}:
            self._within = self._column is not None
        elif name == "f":
            raise Unreadable("a formula")

    def _at(self, row: int) -> None:
        if row < self._row:
            raise Unreadable("rows out of order")
        if row > self._row:
            self._done()
            self._row = row

    def _text(self, text: str) -> None:
        if self._within:
            self._size += len(text)
            if self._size > MAX_CELL:
                raise Unreadable("a cell over the limit")
            self._parts.append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in {"t", "v"}:
            self._within = False
        elif name == "c" and self._column is not None:
            if self._column in self._cells or len(self._cells) > MAX_CELLS:
                raise Unreadable("a cell that stands twice")
            text = "".join(self._parts)
            if self._kind == "text":
                text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
            self._cells[self._column] = (self._kind, text)
            self._column = None
        elif name == "sheetData":
            self._done()

    def _done(self) -> None:
        if self._cells:
            self._rows.append((self._row, self._cells))
        self._cells = {}


def _parser() -> expat.XMLParserType:
    """Names of elements with their namespace; UTF-8, whatever the document says of itself; and nothing of a document
    type: entities are how XML bombs are made."""

    def refuse(*_: object) -> None:
        raise Unreadable("XML with a document type")

    parser = expat.ParserCreate("utf-8", ":")
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _fed(parser: expat.XMLParserType, block: bytes, *, last: bool) -> None:
    try:
        parser.Parse(block, last)
    except expat.ExpatError as error:
        raise Unreadable("not XML") from error


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
