"""Names of worksheets (31 characters, each once) and widths of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from psa_evidence.spi import ColumnType

ABOUT = "About this workbook"
COLUMNS = "Columns explained"
_LONGEST = 31
_SAMPLE = 200
"""Rows looked at for the width of a column; a longer text further down is wrapped by nobody and lost to none."""
_NARROW, _WIDE = 8, 60
_FIXED: dict[ColumnType, int] = {"datetime": 21, "date": 12, "boolean": 9}


def sheet_names(tables: Iterable[str]) -> dict[str, str]:
    """Table -> sheet. Names are compared without regard to case, as spreadsheets do."""
    taken = {ABOUT.casefold(), COLUMNS.casefold()}
    names: dict[str, str] = {}
    for table in tables:
        name = table[:_LONGEST]
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{table[: _LONGEST - len(str(number)) - 1]}~{number}"
        taken.add(name.casefold())
        names[table] = name
    return names


def widths(head: Sequence[str], types: Sequence[ColumnType], rows: Iterable[Sequence[str]]) -> list[int]:
    """In characters, between narrow and wide."""
    found = []
    looked_at = list(islice(rows, _SAMPLE))
    for place, (title, kind) in enumerate(zip(head, types, strict=True)):
        if kind in _FIXED:
            found.append(max(_FIXED[kind], len(title) + 4))
            continue
        longest = max((_line(row[place]) for row in looked_at), default=0)
        found.append(min(_WIDE, max(_NARROW, len(title) + 4, longest + 2)))
    return found


def _line(text: str) -> int:
    return max((len(line) for line in text[:2000].splitlines()), default=0)
