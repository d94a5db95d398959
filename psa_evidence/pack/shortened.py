"""Names and summaries in tables of the report and its index: of long ones the beginning, and a note that says so.

The exhibit, the CSV tables and the native have them whole. ConnectWise allows 100 characters; other systems allow as
many as fill pages.
"""

from __future__ import annotations

import unicodedata
from typing import Final

MOST: Final = 160
"""Characters of a name or summary, as printed: as of an exhibit's title in the contents."""
CODE_POINT: Final = 9
"""Characters of `‹U+1F468›`."""
LINES: Final = 4
"""Lines of one; with more, line ends become blanks."""
NOTE: Final = "Of a text that ends in … the beginning is shown; the record has the whole."

_UNSEEN: Final = frozenset({"Cf", "Cs", "Co", "Cn"})
_JOINER: Final = "\u200d"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_JAMO: Final = range(0x1160, 0x1200)
_FLAGS: Final = range(0x1F1E6, 0x1F200)
"""Letters of which two make a flag."""


class Shortener:
    """For the cells of one table. `note` is for its caption: empty until something was shortened."""

    def __init__(self) -> None:
        self._cut = False

    def __call__(self, text: str) -> str:
        short = beginning(text)
        self._cut |= short.endswith("…") and short != text
        return short

    @property
    def note(self) -> str:
        return f" {NOTE}" if self._cut else ""


def beginning(text: str, most: int = MOST) -> str:
    """The text, or as much of it as fits in `most`, ended with an ellipsis: to the end of a word, and where that would
    leave less than half, to the end of what is read as one character."""
    if _room(text) <= most and text.count("\n") < LINES:
        return text
    line = " ".join(text.split())
    if _room(line) <= most:
        return line
    end, room = 0, most - 1
    while (room := room - _room(line[end])) >= 0:
        end += 1
    words, blank, _ = line[: end + 1].rpartition(" ")
    if blank and _room(words) >= most // 2:
        return f"{words}…"
    least = end // 2
    while end > least and _is_inside(line, end):
        end -= 1
    return f"{line[:end]}…"


def _room(text: str) -> int:
    """Characters as printed, about: what no font draws or nobody sees is printed as its code point."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(CODE_POINT if c > "\uffff" or unicodedata.category(c) in _UNSEEN else 1 for c in text)


def _is_inside(text: str, place: int) -> bool:
    """Whether what is read as one character stands on both sides of `place` (Unicode UAX 29, in the main)."""
    code = ord(text[place])
    if unicodedata.category(text[place])[0] == "M" or code in _SKIN_TONES or code in _JAMO:
        return True
    if _JOINER in text[place - 1 : place + 1]:
        return True
    before = 0
    while code in _FLAGS and place > before and ord(text[place - before - 1]) in _FLAGS:
        before += 1
    return before % 2 == 1
