"""What the headers of an answer say: whether there is a next page, what time it is there, how long to wait."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LISTS = frozenset({"link", "content-encoding"})
"""Headers that may come in several lines, which mean one list (RFC 9110, 5.3)."""

_TARGET = re.compile(r"<[^>]*>")
_REL = re.compile(r"""\brel\s*=\s*("[^"]*"|'[^']*'|[^\s;,"']+)""", re.IGNORECASE)


def joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """By name in lower case; of a header that is no list the last line counts."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in LISTS and key in found else value
    return found


def has_next(link: str | None) -> bool:
    """Whether a Link header (RFC 8288) names a next page. Its target is never followed."""
    if not link:
        return False
    relations = (found[1].strip("\"'").lower().split() for found in _REL.finditer(_TARGET.sub("", link)))
    return any("next" in some for some in relations)


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """The PSA's own time, from the Date header."""
    return _instant(headers.get("date", ""))


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that the server asks to wait; None when it does not say. A date is read by the server's own clock, which
    may differ from ours (`now`)."""
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        return float(value)
    until = _instant(value)
    if until is None:
        return None
    return max(0.0, (until - (server_time(headers) or now)).total_seconds())


def _instant(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
