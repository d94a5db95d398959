"""About how high blocks are when laid out: whether a part fits on the rest of a page. A bad guess costs no more than
that the part begins on another page than it might."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

from psa_evidence_pdf.advances import about
from psa_evidence_pdf.printable import Pieces

_LINE: Final = 1.3
"""From one line to the next, in units of the type's size."""
_TITLE: Final = 26.0
"""Points of a part's title and the space below it."""
_SIZES: Final = {"lead": 11.5, "small": 8.5, "fine": 6.5}
_CAPTION: Final = 8.0


def needed(nodes: Sequence[dict[str, Any]], width: float) -> float:
    """Points that a part of these nodes takes, its title with it, on lines `width` points wide."""
    return round(_TITLE + sum(_OF[node["k"]](node, width) for node in nodes), 1)


def _text(text: Pieces, size: float, width: float) -> float:
    whole = text if isinstance(text, str) else "".join(text)
    return size * _LINE * sum(math.ceil(about(line) * size / width) or 1 for line in whole.split("\n"))


def _heading(_: dict[str, Any], __: float) -> float:
    return 32.0


def _paragraph(node: dict[str, Any], width: float) -> float:
    size = _SIZES.get(node["s"], 10.0)
    cites = sum(25.0 for _ in node["c"]) * size / width
    around = 24.0 if node["s"] == "notice" else 8.0
    return around + sum(_text(text, size, width) for text in node["t"]) + math.ceil(cites) * size


def _facts(node: dict[str, Any], _: float) -> float:
    return 18.0 + sum((points or 12.0) + 4.5 for points in node["y"])


def _table(node: dict[str, Any], width: float) -> float:
    two: float = 2 * node["z"] * _LINE + 5
    caption = _text(node["c"], _CAPTION, width) + 8 if node["c"] else 0.0
    return 22.0 + sum(points or two for points in node["y"]) + caption + (0 if node["r"] else 15)


def _verbatim(node: dict[str, Any], width: float) -> float:
    return 30.0 + sum(_text(text["t"], 9.0, width) for text in node["p"])


def _strip(_: dict[str, Any], __: float) -> float:
    return 60.0


def _chart(node: dict[str, Any], width: float) -> float:
    return 60.0 + 13.0 * len(node["b"]) + _text(node["c"], _CAPTION, width)


_OF: Final[dict[str, Callable[[dict[str, Any], float], float]]] = {
    "h": _heading, "p": _paragraph, "f": _facts, "t": _table, "v": _verbatim, "s": _strip, "c": _chart,
}  # fmt: skip
