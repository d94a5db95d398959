"""How much a worksheet holds, and how a text that is longer is cut: said in the cell, with where the whole stands."""

from __future__ import annotations

from dataclasses import dataclass

MAX_ROWS = 1_048_576
"""Rows of a worksheet, the heading among them (Microsoft's specification of Excel)."""
MAX_CHARACTERS = 32_767
"""Of a cell, counted as UTF-16 code units."""
_TAIL = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    rows: int = MAX_ROWS
    characters: int = MAX_CHARACTERS


def units(text: str) -> int:
    """UTF-16 code units, which is what a spreadsheet counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def fitted(text: str, limits: Limits, file: str, row: int) -> tuple[str, bool]:
    """The text, and whether it was cut. `row` counts rows of `file` from 1, its heading not counted."""
    if units(text) <= limits.characters:
        return text, False
    note = f" [CUT HERE: {len(text):,} characters in all; the whole text is in {file}, row {row:,}]"
    room = max(0, limits.characters - min(_TAIL, units(note)))
    kept = text[:room]
    while units(kept) > room:
        kept = kept[: len(kept) - max(1, (units(kept) - room) // 2)]
    return kept + note[: limits.characters - units(kept)], True
