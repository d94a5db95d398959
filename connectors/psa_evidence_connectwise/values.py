"""Values as the API writes them, to the model's units: instants, days, seconds."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator

from psa_evidence.records import Span
from psa_evidence_connectwise.sightings import moment

MAX_HOURS = Decimal(1_000_000)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?")
DAY = 86_400


def _instant(value: Any) -> datetime | None:
    if value is None or value == "":
        return None
    found = moment(value)
    if found is None and not (isinstance(value, str) and value.startswith("0001-")):
        raise ValueError("not a time")
    return found


def _day(value: Any) -> date | None:
    """The calendar day as written: the API sends days as midnight UTC, and no zone may move them."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value[:10])
        except ValueError:
            raise ValueError("not a day") from None
        return day if day.year > 1 else None
    raise ValueError("not a day")


Instant = Annotated[datetime | None, BeforeValidator(_instant)]
Day = Annotated[date | None, BeforeValidator(_day)]


def seconds(hours: float | None) -> int | None:
    """Hours as the API writes them (a decimal), to whole seconds, half to even. Raises ValueError out of range."""
    if hours is None:
        return None
    try:
        exact = Decimal(repr(hours))
    except InvalidOperation:
        raise ValueError("not a number of hours") from None
    if not exact.is_finite() or exact < 0 or exact > MAX_HOURS:
        raise ValueError("not a number of hours")
    return int((exact * 3600).to_integral_value(ROUND_HALF_EVEN))


def second_of_day(text: str) -> int:
    """`08:30:00`, `8:30 AM` or the time part of a date-time, to seconds after midnight. Raises ValueError."""
    bare = text.strip()
    if "T" in bare:
        bare = bare.partition("T")[2].rstrip("Z")
    match = _CLOCK.fullmatch(bare)
    if match is None:
        raise ValueError("not a time of day")
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        if not 1 <= hour <= 12:
            raise ValueError("not a time of day")
        hour = hour % 12 + (12 if match[4].lower() == "pm" else 0)
    found = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or found > DAY:
        raise ValueError("not a time of day")
    return found


def span(start: str | None, end: str | None) -> Span | None:
    """Open hours of one day; None is closed. An end before the start lies on the next day. Raises ValueError."""
    if not start and not end:
        return None
    if not start or not end:
        raise ValueError("a start without an end, or the reverse")
    first, last = second_of_day(start), second_of_day(end)
    if first == last:
        raise ValueError("start and end are the same")
    return Span(start=first, end=last if last > first else last + DAY)
