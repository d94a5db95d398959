"""How wide the columns of a table are: none narrower than its longest word, none wider than its longest line.

Widths of texts are in units of the type's size. Between these bounds a column gets what its author asked for; where
`careful` is asked, width is then moved to where it saves lines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import permutations

from psa_evidence_pdf.advances import about
from psa_evidence_pdf.printable import around_marks

INSET = 3
"""Points left and right of a cell's text; the template has the same."""
_DIGIT = 0.565
_PADDING = 2 * INSET + 0.5
"""Points left and right of a cell's text, and a little room."""
_LONG_WORD = 26 * _DIGIT
"""A longer word (a digest, an address) is broken rather than given the whole table."""
_LONG_LINE = 28 * _DIGIT
_LEAST = 1e-3
"""Of a weight: a smaller one says nothing more, and dividing by it would leave the numbers there are."""
_LOOKED_AT = 32
"""Of more words or lines of a column, those with the most characters are measured: the widest is among them."""
_HEADS = 1 << 10
"""Titles of columns whose width is kept: they come again in exhibit after exhibit."""
_ROWS = 24
"""Of a table, evenly taken, that are wrapped on trial."""
_STEPS = (0.08, 0.03, 0.01)
"""Of the table's width, that are moved from one column to another on trial."""
_MOVES = 30
_SPACE = 0.3
_UNITS = re.compile(
    r"\d+ (?:d|h|min|s)\b(?: \d+ (?:h|min|s)\b)*|\d %|\d [A-Z]{3}\b|\d\d:\d\d [+-]\d\d:\d\d|[\d,]+/[\d,]+"
)
"""Durations, shares, amounts, times with their offset: what is not torn apart in a narrow column."""


def settled(
    texts: Sequence[Sequence[str]],
    heads: Sequence[str],
    weights: Sequence[float],
    *,
    size: float,
    width: float,
    careful: bool = False,
) -> list[float]:
    """The width of every column in points; together they are `width`.

    `texts` is column by column what stands in it, `weights` what its author asked for (0: as wide as its content).
    Where the longest words do not fit side by side, the widest columns give way. With `careful` rows are wrapped on
    trial, and width goes to where it makes the table less high.
    """
    return fitted(texts, heads, weights, sizes=(size,), width=width, careful=careful)[1]


def fitted(
    texts: Sequence[Sequence[str]],
    heads: Sequence[str],
    weights: Sequence[float],
    *,
    sizes: Sequence[float],
    width: float,
    otherwise: float | None = None,
    careful: bool = False,
) -> tuple[float, list[float]]:
    """The first of `sizes` at which every column holds its longest line, else `otherwise` (none: the first of all), and
    the widths."""
    ems: list[tuple[float, float]] = []
    for column, head, weight in zip(texts, heads, weights, strict=True):
        word, line = _measured(column, whole=careful)
        head_word, head_line = _head(head)
        least = min(max(word, head_word), _LONG_WORD)
        most = max(line, head_line, least)
        if weight <= 0:
            least = most = max(least, min(most, _LONG_LINE))
        ems.append((least, most))
    shares = [max(weight, _LEAST) if weight > 0 else 1.0 for weight in weights]
    size = next((size for size in sizes if sum(high for _, high in _bounds(ems, size)) <= width), otherwise or sizes[0])
    bounds = _bounds(ems, size)
    if sum(low for low, _ in bounds) >= width:
        return size, _cut([low for low, _ in bounds], width)
    found = _spread(shares, bounds, width)
    if careful and sum(high for _, high in bounds) > width:
        found = _lower(found, bounds, texts, size)
    return size, found


def _lower(
    widths: Sequence[float], bounds: Sequence[tuple[float, float]], texts: Sequence[Sequence[str]], size: float
) -> list[float]:
    """Like `widths`, but with width moved between columns as long as that makes the table less high."""
    best = list(widths)
    columns = [_Wrapped(column[:: -(-len(column) // _ROWS) or 1], size) for column in texts]
    movable = [place for place, (low, high) in enumerate(bounds) if high > low]
    height = _height([column.lines(points) for column, points in zip(columns, best, strict=True)])
    for step in (share * sum(widths) for share in _STEPS):
        for _ in range(_MOVES):
            lines = [column.lines(points) for column, points in zip(columns, best, strict=True)]
            found: tuple[int, int, int, float] | None = None
            for giver, taker in permutations(movable, 2):
                moved = min(step, best[giver] - bounds[giver][0], bounds[taker][1] - best[taker])
                if moved <= _LEAST:
                    continue
                tried = list(lines)
                tried[giver] = columns[giver].lines(best[giver] - moved)
                tried[taker] = columns[taker].lines(best[taker] + moved)
                if (then := _height(tried)) < (found[0] if found else height):
                    found = (then, giver, taker, moved)
            if found is None:
                break
            height, giver, taker, moved = found
            best[giver] -= moved
            best[taker] += moved
    return best


def _height(lines: Sequence[Sequence[int]]) -> int:
    """Of some rows, in lines."""
    return sum(map(max, zip(*lines, strict=True)))


class _Wrapped:
    """Cells of a column, wrapped on trial."""

    def __init__(self, texts: Sequence[str], size: float) -> None:
        self._size = size
        self._cells = [
            [[about(word) for word in _breakable(line).split(" ")] for line in text.split("\n")] for text in texts
        ]
        self._known: dict[float, list[int]] = {}

    def lines(self, points: float) -> list[int]:
        """How many each cell takes in a column so wide."""
        room = (points - _PADDING) / self._size
        known = round(room, 2)
        if known not in self._known:
            self._known[known] = [sum(_lines(words, room) for words in cell) for cell in self._cells]
        return self._known[known]


def _lines(words: Sequence[float], room: float) -> int:
    lines, at = 1, 0.0
    for word in words:
        if at and at + word > room:
            lines, at = lines + 1, 0.0
        lines += int(word // room) if word > room else 0
        at += word % room + _SPACE if word > room else word + _SPACE
    return lines


def _breakable(text: str) -> str:
    """With a space where a line may end within a word."""
    return around_marks(text.replace("/", "/ "))


def _one_word(found: re.Match[str]) -> str:
    """With a sign as wide as a space in its place."""
    return found[0].replace(" ", ",")


def _bounds(ems: Sequence[tuple[float, float]], size: float) -> list[tuple[float, float]]:
    return [(least * size + _PADDING, most * size + _PADDING) for least, most in ems]


def _cut(wanted: Sequence[float], width: float) -> list[float]:
    """Each as wide as wanted, but none wider than the one bound with which they are `width` together."""
    left = width
    for place, points in enumerate(sorted(wanted)):
        bound = left / (len(wanted) - place)
        if points >= bound:
            return [min(each, bound) for each in wanted]
        left -= points
    return list(wanted)


def _spread(shares: Sequence[float], bounds: Sequence[tuple[float, float]], width: float) -> list[float]:
    """`shares` times one factor, each kept within its bounds, so that the sum is `width`; when all columns hold their
    longest line, what is left over is shared out."""
    full = sum(high for _, high in bounds)
    if full <= width:
        spare = (width - full) / sum(shares)
        return [high + share * spare for share, (_, high) in zip(shares, bounds, strict=True)]
    pairs = list(zip(shares, bounds, strict=True))
    low, high = 0.0, width / min(shares)
    for _ in range(40):
        middle = (low + high) / 2
        if sum(min(max(share * middle, least), most) for share, (least, most) in pairs) < width:
            low = middle
        else:
            high = middle
    found = [min(max(share * high, least), most) for share, (least, most) in pairs]
    return [points * width / sum(found) for points in found]


def _measured(texts: Sequence[str], *, bold: bool = False, whole: bool = False) -> tuple[float, float]:
    """The longest word and the longest line of some texts. Of equally long ones the first are looked at: the order of a
    set is another in each run, and a pack must come out the same. With `whole` a number and its unit are one word."""
    together = "\n".join(texts)
    if whole:
        together = _UNITS.sub(_one_word, together)
    return _widest(_breakable(together).split(), bold=bold), _widest(together.split("\n"), bold=bold)


@lru_cache(maxsize=_HEADS)
def _head(title: str) -> tuple[float, float]:
    """The longest word and the longest line of a column's title."""
    return _measured([title], bold=True)


def _widest(texts: Iterable[str], *, bold: bool) -> float:
    longest: Collection[str] = dict.fromkeys(texts)
    if len(longest) > _LOOKED_AT:
        longest = nlargest(_LOOKED_AT, longest, key=_characters)
    return max([about(text, bold=bold) for text in longest], default=0.0)


def _characters(text: str) -> int:
    return len(text) if text.isascii() else 2 * len(text)
