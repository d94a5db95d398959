"""Instants as whole seconds since 1970-01-01T00:00:00Z, which is what the engine counts in, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

DAY: Final = 86_400
START: Final = datetime(1970, 1, 1, tzinfo=UTC)


def seconds_of(at: datetime) -> int:
    """Whole seconds since 1970, a fraction cut off. `at` must be aware."""
    since = at - START
    return since.days * DAY + since.seconds


@lru_cache(maxsize=4096)
def instant_of(seconds: int) -> datetime:
    """The instant in UTC. Remembered, because a ticket's instants are asked for again and again."""
    return START + timedelta(seconds=seconds)


def local_instant(local: datetime, zone: str) -> datetime:
    """The instant of a naive local time: moved on when a clock change skips it, the first when it happens twice.

    So RFC 5545, section 3.3.5, reads a local time.
    """
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
