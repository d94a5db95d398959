"""Instants as the vault writes them: ISO 8601, UTC, with Z; microseconds only where there are some."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

Clock = Callable[[], datetime]
"""Gives an aware datetime in UTC."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def system_clock() -> datetime:
    """The machine's clock. Only the edge of the program hands it in."""
    return datetime.now(UTC)


def stamp(at: datetime) -> str:
    here = at if at.tzinfo is UTC else at.astimezone(UTC)
    return f"{here.isoformat()[: -len('+00:00')]}Z"


def optional_stamp(at: datetime | None) -> str | None:
    return None if at is None else stamp(at)


def instant(text: str) -> datetime:
    """Raises ValueError when the text is not an instant with a zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return at.astimezone(UTC)


def optional_instant(text: str | None) -> datetime | None:
    return None if text is None else instant(text)


def microseconds(at: datetime) -> int:
    """Since 1970, exactly; what the catalogue sorts by."""
    return (at - EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    return EPOCH + timedelta(microseconds=value)
