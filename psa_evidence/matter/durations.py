"""Durations as people write them in a contract: `30 min`, `4 h`, `1 h 30 min`."""

from __future__ import annotations

import re
from typing import Final

ALLOWED: Final = "a duration such as '30 min', '4 h', '1 h 30 min'"

MAX_SECONDS: Final = 10 * 366 * 86_400
"""Ten years: no service promise is longer, and a slip of the finger is."""

_UNITS: Final = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
}  # fmt: skip
_PIECE: Final = re.compile(r"\s*(\d{1,7})\s*([a-z]+)\s*,?", re.IGNORECASE)


def seconds(text: str) -> int:
    """Whole seconds of open time. "Days" are refused: of how many hours is for the contract to say.

    Raises ValueError, naming what is allowed and never the text.
    """
    total, position = 0, 0
    while position < len(text):
        piece = _PIECE.match(text, position)
        if piece is None or piece[2].lower() not in _UNITS:
            raise ValueError(f"must be {ALLOWED}")
        total += int(piece[1]) * _UNITS[piece[2].lower()]
        position = piece.end()
    if not 0 < total <= MAX_SECONDS:
        raise ValueError(f"must be {ALLOWED}, more than nothing and at most ten years")
    return total
