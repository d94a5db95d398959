"""Cells of a CSV file, and what a spreadsheet would run in them: one rule for every file that we write."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_ARMED: Final = re.compile(r"[\t\r\n]|[\s\x00-\x1f\x7f-\xa0\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠]")
"""Spreadsheets pass over space, byte order marks and what cannot be seen before they look for a formula."""


def is_armed(cell: str) -> bool:
    """Whether a spreadsheet could run the cell as a formula. A number is none."""
    return _ARMED.match(cell) is not None and not _NUMBER.fullmatch(cell)


def disarmed(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula, with an apostrophe before it; numbers stay numbers."""
    if cell[:1].isalnum():  # nearly all of them, and no letter or digit begins a formula
        return cell
    return "'" + cell if is_armed(cell) else cell
