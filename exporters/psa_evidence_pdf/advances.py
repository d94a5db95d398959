"""How many lines a text surely takes: then the height of a row is known, and its cells are laid out once, not twice.

The body face has no kerning, so a text is as wide as its characters together, and a line is filled with as many words
as it holds. Only where it may break is a matter of the typesetter's own rules; both what it surely may and what it
perhaps may is tried, and the number of lines is known where the two agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

CAP_HEIGHT: Final = 0.67089844
"""Of the body face, in units of the type's size: how high the typesetter takes a line to be."""
LEADING: Final = 0.5
"""Between the lines of a cell, in the same units; the template has the same."""
MANY: Final = 10**9
"""Lines of a text of which nothing is known."""
_FIRST: Final = 0x20
_REGULAR: Final = (
    293, 338, 334, 744, 563, 860, 700, 171, 376, 376, 500, 1000, 280, 320, 280, 491, 563, 563, 563, 563,
    563, 563, 563, 563, 563, 563, 280, 280, 1000, 1000, 1000, 486, 937, 674, 605, 627, 696, 584, 542, 695,
    744, 331, 485, 639, 531, 876, 722, 731, 580, 739, 649, 521, 600, 712, 667, 932, 634, 626, 576, 423,
    489, 423, 328, 335, 351, 509, 556, 466, 564, 491, 327, 525, 575, 304, 292, 535, 297, 851, 567, 544,
    560, 549, 392, 398, 340, 569, 529, 784, 510, 530, 462, 488, 354, 488, 834,
)  # fmt: skip
_BOLD: Final = (
    293, 340, 393, 742, 587, 894, 735, 176, 393, 393, 500, 1000, 318, 328, 318, 501, 587, 587, 587, 587,
    587, 587, 587, 587, 587, 587, 318, 318, 1000, 1000, 1000, 523, 937, 687, 639, 636, 724, 599, 560, 717,
    770, 360, 512, 683, 555, 904, 745, 757, 612, 757, 705, 537, 610, 730, 707, 967, 671, 663, 581, 548,
    494, 589, 341, 341, 375, 554, 598, 502, 609, 529, 348, 556, 626, 333, 325, 592, 333, 906, 625, 584,
    605, 603, 433, 446, 376, 620, 566, 842, 547, 567, 492, 496, 398, 496, 834,
)  # fmt: skip
"""Of the printable ASCII characters in the two cuts of the body face, in thousandths, rounded up."""


def _of_byte(advances: tuple[int, ...]) -> list[int]:
    return [0] * _FIRST + list(advances) + [0] * (256 - _FIRST - len(advances))


_OF_BYTE: Final = {False: _of_byte(_REGULAR), True: _of_byte(_BOLD)}
_CUT: Final = "…"
"""Behind what is shown of a longer text: less wide than four dots, and no line begins with it."""
_SIGN_LESS: Final = 0.6
"""By how much the signs around a code point are narrower than a square."""
_KNOWN: Final = 1 << 14
"""Texts whose width is kept: names, states and words come again in exhibit after exhibit."""
_SHORT: Final = 64
"""Characters of a text that is kept. What asks for a width looks at this itself: it is asked some hundred times for
each exhibit, and a function around it would take as long as it does."""
_AT_LEAST: Final = 0.99
_AT_MOST: Final = 1.001
"""What was rounded up, and what the typesetter may round."""
_SURE: Final = re.compile(r"(?<=[^\s(\[{]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z,.;]) (?=[\"'(])")
"""Spaces at which a line may break whatever stands around them (Unicode UAX 14 forbids some beside punctuation)."""
_ODD: Final = re.compile(r"\A | {2}| \Z|://|www\.")
"""Spaces that are not between words, and addresses, which the typesetter breaks as it likes."""
_PERHAPS: Final = re.compile(r"[0-9A-Za-z]+|[^0-9A-Za-z]")
"""Pieces within which no line is broken; between them it may be."""


def _summed(text: str, bold: bool) -> int | None:
    return sum(map(_OF_BYTE[bold].__getitem__, text.encode())) if text.isascii() and text.isprintable() else None


_kept = lru_cache(maxsize=_KNOWN)(_summed)


def width(text: str, size: float, *, bold: bool = False) -> float | None:
    """Points that `text` takes in type of `size`, rather too much; None when it is not printable ASCII."""
    taken = _kept(text, bold) if len(text) <= _SHORT else _summed(text, bold)
    return None if taken is None else taken * size * _AT_MOST / 1000


def about(text: str, *, bold: bool = False) -> float:
    """Roughly how wide `text` is, in units of the type's size: a character that is not ASCII is taken as a square, but
    for the signs around a code point."""
    taken = _kept(text, bold) if len(text) <= _SHORT else _summed(text, bold)
    if taken is not None:
        return taken * _AT_MOST / 1000
    plain = text.encode("ascii", "ignore")
    signs = (text.count("\u2039") + text.count("\u203a")) * _SIGN_LESS
    return sum(map(_OF_BYTE[bold].__getitem__, plain)) * _AT_MOST / 1000 + len(text) - len(plain) - signs


def on_one_line(text: str, size: float, room: float, *, bold: bool = False) -> bool:
    """Whether `text` surely fits on a line of `room` points; no, when it is not certain."""
    taken = width(text, size, bold=bold)
    return taken is not None and taken <= room


def lines(text: str, size: float, room: float, *, bold: bool = False) -> tuple[int, int]:
    """How many lines `text` takes at least and at most."""
    taken = _kept(text, bold) if len(text) <= _SHORT else _summed(text, bold)
    if taken is not None and taken * size * _AT_MOST / 1000 <= room:
        return 1, 1
    if taken is None and text.endswith(_CUT):
        whole = text[: -len(_CUT)]
        return lines(whole, size, room, bold=bold)[0], lines(f"{whole}....", size, room, bold=bold)[1]
    if taken is None and "\n" in text:
        return _together([lines(line, size, room, bold=bold) if line else (1, MANY) for line in text.split("\n")])
    if taken is None or _ODD.search(text):
        return 1, MANY
    most = _filled(_SURE.split(text), bold, room * 1000 / size / _AT_MOST, parted=True) or MANY
    widest = room * 1000 / size / _AT_LEAST
    if most == 2 and taken > widest:
        return 2, 2
    return _filled(_PERHAPS.findall(text), bold, widest), most


def _together(parts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Of the lines of a text that are parted in it."""
    return sum(low for low, _ in parts), min(MANY, sum(high for _, high in parts))


def height(count: int, size: float, leading: float = LEADING) -> float:
    """Points that `count` lines take, from the top of the first to the foot of the last."""
    return count * CAP_HEIGHT * size + (count - 1) * leading * size


def _filled(pieces: Iterable[str], bold: bool, room: float, *, parted: bool = False) -> int:
    """Lines that the pieces, in printable ASCII, fill, each put on the line begun when it fits there; spaces at the end
    of a line take no room. Of pieces `parted` by spaces one may be wider than a line and be broken inside: then 0, not
    known."""
    count, at = 1, 0
    space = _OF_BYTE[bold][_FIRST] if parted else 0
    for piece in pieces:
        own = (_kept(piece, bold) if len(piece) <= _SHORT else _summed(piece, bold)) or 0
        if parted and own > room:
            return 0
        if at and at + own > room and piece != " ":
            count += 1
            at = 0
        at += own + space
    return count
