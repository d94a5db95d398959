"""How a row of a table is written in the workbook, learnt from rows that were read: rows that are written so, byte for
byte, need not be read.

Nothing is taken on trust: a way of writing is learnt from a cell that was read and agreed with its text, and holds for
texts for which `worksheet` reads the same again. A row that is written otherwise is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

FIRST: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no zones
"""Instants and days are days since."""
MAX_KNOWN: Final = 4_000
"""Texts of a column whose cells are remembered,"""
MAX_LENGTH: Final = 100
"""and characters of the longest."""
MAX_COLUMNS: Final = 16_384
"""Of a spreadsheet; their letters are three at most."""
_KIND: Final = re.compile(
    r"(?P<instant>\d{4}-\d\d-\d\d(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ)?)|(?P<whole>0|-?[1-9]\d{0,14})"
    r"|(?P<decimal>-?(?:0|[1-9]\d{0,9})\.\d{1,6})",
    re.ASCII,
)
_SIMPLE: Final = re.compile("[A-Za-z0-9][^&<>_\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]*")
"""A text that stands in XML as it is."""
_ODD: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_x")
"""Signs that stand in a cell in another way than in XML."""
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_CELL: Final = re.compile(
    r'(?P<reference><c r="[A-Z]{1,3})[1-9][0-9]{0,6}'
    r'(?P<begin>" s="[0-9]{1,5}"(?: t="inlineStr"><is><t(?: xml:space="preserve")?>|(?: t="b")?><v>))'
    r"(?P<inner>[^<]*)(?P<end></t></is>|</v>)"
)
_CELL_END: Final = "</c>"


class _Unknown(Exception):  # noqa: N818 - not an error
    """How a text is written."""


@dataclass(slots=True)
class _Column:
    """`begin` of a cell before the number of its row. `known` has by text what stands behind the number; `numbers` and
    `texts` by the kind of a text what stands before and behind what it becomes, as a number or as it is."""

    begin: str
    known: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)

    def rest(self, text: str) -> str:
        """Raises _Unknown."""
        kind = _kind(text) if self.numbers else ""
        if (way := self.numbers.get(kind)) is not None:
            inner = _number(kind, text)
        elif (way := self.texts.get(_space(text))) is not None:
            inner = _text(text)
        else:
            raise _Unknown
        return self.remember(text, f"{way[0]}{inner}{way[1]}")

    def remember(self, text: str, rest: str) -> str:
        if len(text) <= MAX_LENGTH and len(self.known) < MAX_KNOWN:
            self.known[text] = rest
        return rest


class Written:
    """The rows of one table."""

    def __init__(self, width: int) -> None:
        self._columns = [_Column(f'<c r="{_letters(place)}') for place in range(width)]
        self._quick = [(column.begin, column.known.get, column.rest) for column in self._columns]

    def row(self, number: int, line: Sequence[str]) -> bytes | None:
        """The XML of the row with these texts, without its end tag; None when it has no cells, or it is not known how
        one of them is written."""
        if len(line) > MAX_COLUMNS:
            return None
        try:
            cells = [
                f"{begin}{number}{known(text) or rest(text)}"
                for (begin, known, rest), text in zip(self._quick, line, strict=True)
                if text
            ]
        except _Unknown:
            return None
        return f'<row r="{number}">{"".join(cells)}'.encode() if cells else None

    def learn(self, line: Sequence[str], row: bytes) -> None:
        """The plain `row`, without its end tag, was read and says what `line` does."""
        pieces = row.decode().partition(">")[2].split(_CELL_END)
        found = {cell["reference"]: cell for piece in pieces if (cell := _CELL.fullmatch(piece)) is not None}
        for column, text in zip(self._columns, line, strict=True):
            if (cell := found.get(column.begin)) is not None and text:
                _learn(column, text, cell["begin"], cell["inner"], cell["end"] + _CELL_END)


def _learn(column: _Column, text: str, begin: str, inner: str, end: str) -> None:
    kind = _kind(text)
    with suppress(_Unknown):
        if begin.endswith("<v>"):
            if inner == _number(kind, text):
                column.numbers[kind] = begin, end
        elif inner == _text(text):
            column.numbers.pop(kind, None)
            column.texts[_space(text)] = begin, end
    column.remember(text, f"{begin}{inner}{end}")


def _kind(text: str) -> str:
    found = _KIND.fullmatch(text)
    return "" if found is None else found.lastgroup or ""


def _space(text: str) -> str:
    """Cells whose text has space at an end are written in a way of their own."""
    return "space" if text[0].isspace() or text[-1].isspace() else ""


def _text(text: str) -> str:
    if _SIMPLE.fullmatch(text):
        return text
    if text[0] == "'" or _ODD.search(text):
        raise _Unknown
    return text.translate(_MARKUP)


def _number(kind: str, text: str) -> str:
    if kind == "whole":
        return text
    if kind == "decimal":
        return f"{float(text):.16G}"
    if kind == "instant":
        seconds = int(text[11:13]) * 3_600 + int(text[14:16]) * 60 + int(text[17:19]) if len(text) > 10 else 0
        return f"{_days(text[:10]) + seconds / 86_400 + 1:.16G}"
    raise _Unknown


@lru_cache
def _days(day: str) -> int:
    """Since 31 December 1899: one is added later, as those do who take 1900 for a leap year. Raises _Unknown."""
    try:
        return (datetime.fromisoformat(day) - FIRST).days - 1
    except ValueError:
        raise _Unknown from None


def _letters(place: int) -> str:
    """Of a column, from 0."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(65 + letter) + letters
    return letters
