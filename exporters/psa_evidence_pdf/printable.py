"""Text as it can be printed: what no font draws, or what would act instead of being seen, becomes its code point.

Nothing is dropped: a character that cannot be shown is printed as ‹U+1F600›. Controls, bidirectional overrides and
other invisible characters are printed so as well, because on paper they could turn the order of a text around.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from psa_evidence_pdf.coverage import masks

_PLAIN = re.compile(r"[\x20-\x7e\n]*")
_NEWLINE = re.compile(r"\r\n|\r")
_TAB = "    "
_JOINERS = {"\u200c", "\u200d"}
_INVISIBLE = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0}
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_MARKS = 4
"""Marks that one letter may bear. More would pile up over the lines around, and no script needs them."""
_SOFT_BREAK = 12
"""Longest piece of a long word without a sign after which people break."""
_SIGN = r"[/\\_=&?@|-]"
_BREAK_AFTER = re.compile(rf"{_SIGN}(?=[^/\\_=&?@|-]*\Z)")
"""The last sign of a stretch after which paths and addresses are broken, before they are torn anywhere."""
_MARK = re.compile(r"\u2039U\+[0-9A-F]{4,6}\u203a")
"""A code point as printed. It is no part of the word it stands in: a line may break before and after each."""

Pieces = str | list[str]
"""Text for the template: a string, or pieces between which a line may break."""


def printable(text: str) -> str:
    """`text` with line ends as LF, tabs as four spaces, and everything that cannot be seen as ‹U+XXXX›."""
    if text.isascii() and text.isprintable():
        return text
    text = _NEWLINE.sub("\n", text).replace("\t", _TAB) if ("\r" in text or "\t" in text) else text
    return text if _PLAIN.fullmatch(text) or all(map(_always_shown, set(text))) else _slow(text)


def one_line(text: str) -> str:
    """`printable`, on one line: for titles and bookmarks. A line end becomes a space."""
    return " ".join(printable(text).split("\n")).strip()


def pieces(text: str, longest: int) -> Pieces:
    """Printable text whose words longer than `longest` characters may be broken between the pieces returned, and whose
    code points may stand on lines of their own."""
    shown = printable(text)
    if not shown.isascii() and _MARK.search(shown):
        return [part for run in _around_marks(shown) for part in _shortened(run, longest)]
    cut = _shortened(shown, longest)
    return cut if len(cut) > 1 else shown


def around_marks(text: str) -> str:
    """Printable text with a space wherever a line may break at a code point: for measuring."""
    return text if text.isascii() else " ".join(_around_marks(text))


def _around_marks(shown: str) -> Iterator[str]:
    """The text in runs, each a code point or what stands between two."""
    done = 0
    for mark in _MARK.finditer(shown):
        if mark.start() > done:
            yield shown[done : mark.start()]
        done = mark.end()
        yield mark[0]
    if done < len(shown):
        yield shown[done:]


def _shortened(shown: str, longest: int) -> list[str]:
    if len(shown) <= longest or max(map(len, shown.split()), default=0) <= longest:
        return [shown]
    cut: list[str] = []
    done = 0
    for word in re.finditer(rf"\S{{{longest + 1},}}", shown):
        step = max(1, min(_SOFT_BREAK, longest // 3))
        reach = max(step, longest // 2)
        place = word.start()
        while word.end() - place > reach:
            sign = _BREAK_AFTER.search(shown[place : place + reach])
            place = _boundary(shown, place + (step if sign is None else sign.end()))
            if place >= word.end():
                break
            cut.append(shown[done:place])
            done = place
    return [*cut, shown[done:]]


def right_to_left(text: str) -> bool:
    """Whether the first strong character is of a right-to-left script (Unicode UAX 9, rule P2)."""
    if text.isascii():
        return False
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def code_point(character: str) -> str:
    return f"‹U+{ord(character):04X}›"


def _boundary(text: str, place: int) -> int:
    while place < len(text) and _extends(text[place]):
        place += 1
    return place


def _extends(character: str) -> bool:
    """Whether a character is drawn together with the one before it."""
    code = ord(character)
    return (
        unicodedata.category(character)[0] == "M"
        or 0x1160 <= code <= 0x11FF
        or 0x1F3FB <= code <= 0x1F3FF
        or character in _JOINERS
    )


@lru_cache(maxsize=1 << 14)
def _always_shown(character: str) -> bool:
    """Whether a character is printed as it is whatever stands beside it: most texts have no other."""
    unseen = unicodedata.category(character) in _UNSEEN or ord(character) in _INVISIBLE
    alone = not unseen and not _extends(character) and ord(character) in masks()
    return character == "\n" or alone


def _slow(text: str) -> str:
    covered = masks()
    out: list[str] = []
    drawn_by = 0  # the families that can draw the cluster so far; none after a code point, so that no mark joins it
    marks = 0
    for place, character in enumerate(text):
        if character == "\n":
            out.append(character)
            drawn_by = 0
            continue
        fonts = covered.get(ord(character), 0)
        if character in _JOINERS:
            fonts = fonts & drawn_by if _joins(text, place) else 0
        elif unicodedata.category(character) in _UNSEEN or ord(character) in _INVISIBLE:
            fonts = 0
        elif _extends(character):
            fonts &= drawn_by if marks < _MARKS else 0
        marks = marks + 1 if _extends(character) else 0
        out.append(character if fonts else code_point(character))
        drawn_by = fonts
    return "".join(out)


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands between letters of scripts that use it (Arabic, the Indic ones)."""
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return len(around) == 2 and all(0x600 <= ord(c) <= 0xDFF and unicodedata.category(c)[0] in "LM" for c in around)
