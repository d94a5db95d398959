"""One pace for the whole process, however many sources and loops are open."""

from __future__ import annotations

import threading

BURST_SECONDS = 4.0
"""Requests of this many seconds may go at once after a rest; the limit a minute is kept within it."""


class Limiter:
    """Generic cell rate: `reserve` says how long the caller must wait. Times are seconds of a steady clock."""

    def __init__(self, per_minute: int) -> None:
        self._interval = 60.0 / per_minute if per_minute > 0 else 0.0
        self._lock = threading.Lock()
        self._due = 0.0
        self._paused_until = 0.0

    def reserve(self, now: float) -> float:
        """Take the next place; return the seconds to wait for it."""
        if not self._interval and now >= self._paused_until:
            return 0.0
        with self._lock:
            due = max(self._due, now)
            wait = max(0.0, due - BURST_SECONDS - now, self._paused_until - now)
            self._due = due + self._interval
            return wait

    def pause(self, until: float) -> None:
        """The server asked for silence: nobody starts before `until`."""
        with self._lock:
            self._paused_until = max(self._paused_until, until)


_limiters: dict[tuple[str, int], Limiter] = {}
_guard = threading.Lock()


def shared_limiter(host: str, per_minute: int) -> Limiter:
    """The process's limiter for a host at this pace."""
    with _guard:
        return _limiters.setdefault((host, per_minute), Limiter(per_minute))
