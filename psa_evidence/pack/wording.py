"""Figures and instants as words: one way to write each, in the report, the exhibits and the tables."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from psa_evidence.findings.words import percent
from psa_evidence.sla.display import duration as _duration

_SECONDS, _MINUTES = len("2025-03-04T09:12:05"), len("2025-03-04T09:12:05-05:00")
"""Of an instant in ISO 8601: as far as its seconds, and as far as the minutes of its offset."""
NONE = "not recorded"
UNKNOWN = "not known"
NO_CLAUSE = "no clause stated"
_INITIALS: Final = frozenset(("api", "msp", "pdf", "po", "psa", "sla", "tls", "url", "utc"))
"""Words of names that are written in capitals."""
LARGEST: Final = 1e15
"""Of an amount or of hours: from here on two decimals are no longer told apart."""
SHORT: Final = 16
"""Digits of a digest in its short form: 64 bits, which nobody meets by chance and everybody can compare by eye."""


def utc(at: datetime | None) -> str:
    """ISO 8601 in UTC with `Z`, to the second; empty when there is none. For tables and for computing."""
    if at is None:
        return ""
    there = at if at.tzinfo is UTC else at.astimezone(UTC)
    return f"{there.isoformat(timespec='seconds')[:_SECONDS]}Z"


def local(at: datetime | None, zone: ZoneInfo) -> str:
    """`2025-03-04 09:12:05 -05:00`: the zone's wall clock with its offset, which makes it an instant."""
    if at is None:
        return NONE
    text = at.astimezone(zone).isoformat(" ", "seconds")
    return f"{text[:_SECONDS]} {text[_SECONDS:_MINUTES]}"


def both(at: datetime | None, zone: ZoneInfo) -> str:
    """Local time with offset, and UTC."""
    return NONE if at is None else f"{local(at, zone)} ({utc(at)})"


def day(value: date | None) -> str:
    return NONE if value is None else value.isoformat()


def duration(seconds: int | None) -> str:
    """`2 h 05 min 09 s`, exact; hours are not turned into days."""
    return UNKNOWN if seconds is None else _duration(seconds)


def hours(value: float | None) -> str:
    """Hours as the PSA records them, two decimals."""
    return NONE if value is None else _amount(value, f"{value:,.2f}")


def money(value: float | None, currency: str | None = None) -> str:
    return NONE if value is None else f"{_amount(value, f'{value:,.2f}')}{' ' + currency if currency else ''}"


def _amount(value: float, text: str) -> str:
    """The text, or for what no ledger holds the number as short as it can be written: it may have 300 digits."""
    return text if abs(value) < LARGEST else repr(value)


def yes(value: bool | None) -> str:
    return NONE if value is None else "yes" if value else "no"


def text(value: str | None) -> str:
    return value or NONE


def short(digest: str) -> str:
    """The first digits of a digest in hexadecimal."""
    return digest[:SHORT]


def count(number: int, one: str, many: str = "") -> str:
    """`1 ticket`, `0 tickets`, `1,204 tickets`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def named(name: str) -> str:
    """A kind of record, or a field, as words: `sla_target` is `SLA target`."""
    return " ".join(word.upper() if word in _INITIALS else word for word in name.split("_"))


def share(part: int, whole: int) -> str:
    """A percentage to one decimal, rounded half up and never up to 100 or down to 0; a dash when there is no whole."""
    return percent(part, whole) or "-"
