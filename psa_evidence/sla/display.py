"""Durations and instants for people. The arithmetic never sees these."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=4096)
def duration(seconds: int) -> str:
    """`1:05:00`: hours, minutes and seconds, unrounded."""
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def instant(at: datetime) -> str:
    """`2026-03-02T09:15:00Z`, a fraction of a second cut off."""
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat()[:19] + "Z"
