"""How wide the columns of a table are: none narrower than its longest word, none wider than its longest line.

Widths of characters are those of the body face, rounded up to a few classes, in units of the type's size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nlargest

_NARROW_ONES = b"ijl.,;:'|!()[]/ -"
_WIDE_ONES = b"ABCDEFGHJKLMNOPQRSTUVWXYZmw%@&_+=<>~"
_NARROW, _WIDE, _OTHER, _FOREIGN = 0.34, 0.72, 0.565, 1.0
_BOLD = 1.07
_PADDING = 8.5
"""Points left and right of a cell's text, and a little room."""
_LONG_WORD = 26 * _OTHER
"""A longer word (a digest, an address) is broken rather than given the whole table."""
_LONG_LINE = 28 * _OTHER
_LEAST = 1e-3
"""Of a weight: a smaller one says nothing more, and dividing by it would leave the numbers there are."""
_LOOKED_AT = 3
"""Of the longest words and lines of a column: the widest is among those with the most characters."""


def settled(
    texts: Sequence[Sequence[str]], heads: Sequence[str], weights: Sequence[float], *, size: float, width: float
) -> list[float]:
    """The width of every column in points; together they are `width`.

    `texts` is column by column what stands in it, `weights` what its author asked for (0: as wide as its content).
    Where the longest words do not fit side by side, the widest columns give way.
    """
    bounds: list[tuple[float, float]] = []
    for column, head, weight in zip(texts, heads, weights, strict=True):
        word, line = _measured(column)
        head_word, head_line = _measured([head])
        least = min(max(word, head_word * _BOLD), _LONG_WORD)
        most = max(line, head_line * _BOLD, least)
        if weight <= 0:
            least = most = max(least, min(most, _LONG_LINE))
        bounds.append((least * size + _PADDING, most * size + _PADDING))
    if sum(low for low, _ in bounds) >= width:
        return _cut([low for low, _ in bounds], width)
    return _spread([max(weight, _LEAST) if weight > 0 else 1.0 for weight in weights], bounds, width)


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


def _measured(texts: Sequence[str]) -> tuple[float, float]:
    """The longest word and the longest line of some texts. Of equally long ones the first are looked at: the order of a
    set is another in each run, and a pack must come out the same."""
    together = "\n".join(texts)
    return _widest(dict.fromkeys(together.split())), _widest(dict.fromkeys(together.split("\n")))


def _widest(texts: Iterable[str]) -> float:
    return max(map(_em, nlargest(_LOOKED_AT, texts, key=_characters)), default=0.0)


def _characters(text: str) -> int:
    return len(text) if text.isascii() else 2 * len(text)


def _em(text: str) -> float:
    if not text.isascii():
        return sum(_em(c) if c.isascii() else _FOREIGN for c in text)
    ascii_ = text.encode("ascii")
    narrow, wide = (len(text) - len(ascii_.translate(None, those)) for those in (_NARROW_ONES, _WIDE_ONES))
    return narrow * _NARROW + wide * _WIDE + (len(text) - narrow - wide) * _OTHER
