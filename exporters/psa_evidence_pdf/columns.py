"""How wide the columns of a table are: none narrower than its longest word, none wider than its longest line.

Widths of texts are in units of the type's size.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from heapq import nlargest

from psa_evidence_pdf.advances import about

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


def settled(
    texts: Sequence[Sequence[str]], heads: Sequence[str], weights: Sequence[float], *, size: float, width: float
) -> list[float]:
    """The width of every column in points; together they are `width`.

    `texts` is column by column what stands in it, `weights` what its author asked for (0: as wide as its content).
    Where the longest words do not fit side by side, the widest columns give way.
    """
    return fitted(texts, heads, weights, sizes=(size,), width=width)[1]


def fitted(
    texts: Sequence[Sequence[str]],
    heads: Sequence[str],
    weights: Sequence[float],
    *,
    sizes: Sequence[float],
    width: float,
) -> tuple[float, list[float]]:
    """The first of `sizes` at which every column holds its longest line, else the first of all, and the widths."""
    ems: list[tuple[float, float]] = []
    for column, head, weight in zip(texts, heads, weights, strict=True):
        word, line = _measured(column)
        head_word, head_line = _measured([head], bold=True)
        least = min(max(word, head_word), _LONG_WORD)
        most = max(line, head_line, least)
        if weight <= 0:
            least = most = max(least, min(most, _LONG_LINE))
        ems.append((least, most))
    shares = [max(weight, _LEAST) if weight > 0 else 1.0 for weight in weights]
    size = next((size for size in sizes if sum(high for _, high in _bounds(ems, size)) <= width), sizes[0])
    bounds = _bounds(ems, size)
    if sum(low for low, _ in bounds) >= width:
        return size, _cut([low for low, _ in bounds], width)
    return size, _spread(shares, bounds, width)


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


def _measured(texts: Sequence[str], *, bold: bool = False) -> tuple[float, float]:
    """The longest word and the longest line of some texts. Of equally long ones the first are looked at: the order of a
    set is another in each run, and a pack must come out the same."""
    together = "\n".join(texts)
    return _widest(together.split(), bold=bold), _widest(together.split("\n"), bold=bold)


def _widest(texts: Iterable[str], *, bold: bool) -> float:
    longest: Collection[str] = dict.fromkeys(texts)
    if len(longest) > _LOOKED_AT:
        longest = nlargest(_LOOKED_AT, longest, key=_characters)
    return max((about(text, bold=bold) for text in longest), default=0.0)


def _characters(text: str) -> int:
    return len(text) if text.isascii() else 2 * len(text)
