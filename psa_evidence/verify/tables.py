"""Tables and logs of a pack, read row by row (RFC 4180, UTF-8): bounded, and the very bytes that were hashed."""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable, blocks

MAX_TABLE: Final = 2 << 30
"""Bytes of one table: nine rows of 200 bytes for each of a million tickets."""
MAX_ROW: Final = 64 << 20
"""Characters of one row. A message of a ticket is the longest cell."""
MAX_COLUMNS: Final = 1_000

csv.field_size_limit(max(csv.field_size_limit(), MAX_ROW))  # one for the process; rows are bounded before it

_WHOLE: Final = re.compile(r"0|-?[1-9]\d{0,17}", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)

Row = dict[str, str]


def rows(bag: Bag, path: str, columns: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[Row]:
    """The rows below the heading, of each the cells of `columns` and of those of `optional` that are there.

    Raises Unreadable, when it is asked for the next row: missing, too large, not UTF-8, not CSV, a column that is not
    there or stands twice, a row with another number of cells than the heading.
    """
    lines = cells(bag, path)
    places = _places(next(lines), columns, optional)
    for line in lines:
        yield {name: line[place] for name, place in places.items()}


def cells(bag: Bag, path: str) -> Iterator[list[str]]:
    """All rows, the heading first, of the same number of cells. Raises Unreadable likewise."""
    width = 0
    try:
        for number, line in enumerate(csv.reader(_lines(bag, path), strict=True), 1):
            if number == 1:
                width = len(line)
            elif len(line) != width:
                raise Unreadable(f"row {number:,} has another number of cells than the heading")
            yield line
    except csv.Error as error:
        raise Unreadable("not CSV") from error
    if not width:
        raise Unreadable("has no heading")


def _places(heading: list[str], columns: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, int]:
    if len(heading) > MAX_COLUMNS:
        raise Unreadable(f"more than {MAX_COLUMNS:,} columns")
    places = {}
    for name in (*columns, *optional):
        found = [place for place, cell in enumerate(heading) if cell == name]
        if len(found) == 1:
            places[name] = found[0]
        elif found or name in columns:
            raise Unreadable(f"its column {name} {'stands twice' if found else 'is missing'}")
    return places


def _lines(bag: Bag, path: str) -> Iterator[str]:
    """Lines with their ends. Raises Unreadable when the file is not, to its end, the one that was hashed."""
    if path not in bag.container.files:
        raise Unreadable("missing")
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="strict")
    digest, size = hashlib.sha256(), 0
    row, quoted, rest = 0, False, ""
    try:
        for block in blocks(bag.container, path):
            digest.update(block)
            size += len(block)
            if size > MAX_TABLE:
                raise Unreadable(f"over the limit of {MAX_TABLE:,} bytes")
            *lines, rest = (rest + decoder.decode(block)).split("\n")
            for line in lines:
                quoted ^= line.count('"') % 2 == 1
                row += len(line) + 1
                if row > MAX_ROW:
                    raise Unreadable(f"a row over the limit of {MAX_ROW:,} characters")
                yield line + "\n"
                row = row if quoted else 0
            if row + len(rest) > MAX_ROW:
                raise Unreadable(f"a row over the limit of {MAX_ROW:,} characters")
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Unreadable("not UTF-8") from error
    if rest:
        yield rest
    bag.settle(path, digest.hexdigest())


def is_instant(cell: str) -> bool:
    """Whether it is an instant as our tables write them, in UTC and in whole seconds: so they sort by time."""
    if _INSTANT.fullmatch(cell) is None:
        return False
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return False
    return True


def whole(cell: str) -> int:
    """A whole number of either sign, up to 18 digits, in its one spelling. Raises Unreadable."""
    if _WHOLE.fullmatch(cell) is None:
        raise Unreadable("a number that is none")
    return int(cell)


def maybe(cell: str) -> int | None:
    """None for an empty cell. Raises Unreadable."""
    return whole(cell) if cell else None
