"""Time inside the world: whole seconds since 1970 (UTC); text only where a row is made."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
LONDON = ZoneInfo("Europe/London")

MINUTE = 60
HOUR = 3600
DAY = 86400


def utc(text: str) -> int:
    """`2026-10-31T17:00:00` in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def wall(text: str, zone: ZoneInfo = NEW_YORK, *, fold: int = 0) -> int:
    """`2026-03-04 09:15:30` as clocks on the wall show it; `fold=1` is the second 01:30 of an autumn night."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).timestamp())


def local(at: int, zone: ZoneInfo = NEW_YORK) -> datetime:
    return datetime.fromtimestamp(at, zone)


@lru_cache(maxsize=4096)
def _day(number: int) -> str:
    return datetime.fromtimestamp(number * DAY, UTC).strftime("%Y-%m-%d")


def iso(at: int) -> str:
    """As the API writes it: `2026-10-31T17:00:00Z`."""
    number, rest = divmod(at, DAY)
    minutes, second = divmod(rest, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_day(number)}T{hour:02d}:{minute:02d}:{second:02d}Z"


def day(at: int) -> str:
    """A date without a time as the API writes it: midnight UTC of the local (New York) date."""
    return f"{local(at):%Y-%m-%d}T00:00:00Z"


START = utc("2024-10-31T17:00:00")
"""The oldest ticket is not older than this."""
NOW = utc("2026-10-31T17:00:00")
"""Where the world's clock stands when it is made."""
