"""Durations and instants for people. The arithmetic never sees these."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=4096)
def duration(seconds: int) -> str:
    """`2 h 05 min 09 s`, exact; hours are not turned into days."""
    sign, rest = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    parts = [f"{hours:,} h"] if hours else []
    if minutes or (hours and secs):
        parts.append(f"{minutes:02d} min" if hours else f"{minutes} min")
    if secs or not parts:
        parts.append(f"{secs:02d} s" if parts else f"{secs} s")
    return sign + " ".join(parts)


def quoted(name: str | None) -> str:
    """A name as received, in quotes: not as Python would write it, with escapes and quotes that depend on it."""
    return "none" if name is None else f"'{name}'"


def in_column(seconds: int) -> str:
    """`1:05:00`, for figures that stand below each other in print of one width."""
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def instant(at: datetime) -> str:
    """`2026-03-02T09:15:00Z`, a fraction of a second cut off."""
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat()[:19] + "Z"
