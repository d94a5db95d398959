"""Concordance DAT: byte 0x14 between fields, thorn around each, CRLF behind each line, UTF-8 with a byte order mark.

The format has no escapes. A line break in a value is written as the registered sign; a thorn, a 0x14 or a registered
sign in a value is replaced, and counted: the text files and natives have them as they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

BETWEEN: Final = "\x14"
AROUND: Final = "\u00fe"
LINE_BREAK: Final = "\u00ae"
END: Final = "\r\n"
BOM: Final = b"\xef\xbb\xbf"
_BREAKS: Final = re.compile(r"\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPECIAL: Final = re.compile(f"{_BREAKS.pattern}|[{BETWEEN}{AROUND}{LINE_BREAK}]")
"""What hardly any value holds."""
_REPLACED: Final = {BETWEEN: " ", AROUND: "th", LINE_BREAK: "(R)"}


@dataclass(frozen=True, slots=True)
class Written:
    """The file, and how many characters of values were replaced because the format uses them itself."""

    data: bytes
    replaced: int


def dat(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Written:
    """A file with a heading. What cannot be UTF-8 (a lone surrogate) is written as its escape."""
    replaced = 0
    lines = []
    for row in (head, *rows):
        cells = []
        for value in row:
            clean, count = _clean(value)
            replaced += count
            cells.append(f"{AROUND}{clean}{AROUND}")
        lines.append(BETWEEN.join(cells) + END)
    return Written(BOM + "".join(lines).encode("utf-8", errors="backslashreplace"), replaced)


def _clean(value: str) -> tuple[str, int]:
    if not _SPECIAL.search(value):
        return value, 0
    count = sum(value.count(character) for character in _REPLACED)
    if count:
        for character, other in _REPLACED.items():
            value = value.replace(character, other)
    return _BREAKS.sub(LINE_BREAK, value), count
