"""Opening hours as people write them: `"08:00-17:00"`, or a list of such spans; `"22:00-06:00"` runs past midnight."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from psa_evidence.records import Span

DAY: Final = 86_400
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALLOWED: Final = "hours such as '08:00-17:00', or a list such as ['08:00-12:00', '13:00-17:00']"
_SPAN: Final = re.compile(r"\s*([01]?\d|2[0-4]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)\s*\Z")


def spans(value: object) -> tuple[Span, ...]:
    """Spans of one day in order, without overlap. Raises ValueError, naming what is allowed and never the text."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items) or len(items) > 24:
        raise ValueError(f"must be {ALLOWED}")
    result = sorted((_span(item) for item in items), key=lambda span: span.start)
    if any(a.end > b.start for a, b in pairwise(result)):
        raise ValueError("spans of one day must not overlap")
    return tuple(result)


def _span(text: str) -> Span:
    match = _SPAN.match(text)
    if match is None:
        raise ValueError(f"must be {ALLOWED}")
    start, end = (int(match[i]) * 3600 + int(match[i + 1]) * 60 for i in (1, 3))
    if start >= DAY or end > DAY or start == end:
        raise ValueError(f"must be {ALLOWED}; the last minute of a day is '24:00'")
    return Span(start=start, end=end if end > start else end + DAY)
