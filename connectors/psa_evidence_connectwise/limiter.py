"""One pace for the whole process, however many sources and loops are open: requests a minute, learnt from 429."""

from __future__ import annotations

import threading

BURST_SECONDS = 4.0
"""Requests of this many seconds may go at once after a rest; the limit a minute is kept within it."""
ENOUGH_TO_LEARN = 20
"""Fewer requests than this before a 429 say more about others who use the same limit than about the limit."""
CAUTION = 0.95
"""The share of the rate that was refused which is tried next."""
RECOVERY_SECONDS = 30.0
FIRST_RAISE = 0.02
LARGEST_RAISE = 0.25
"""After so long without a 429 the learnt pace is raised by the first share, then by twice that and so on up to the
largest, until the configured pace is reached: a limit that holds is met seldom, one that is gone is left quickly."""


class Limiter:
    """Generic cell rate: `reserve` says how long the caller must wait. Times are seconds of a steady clock."""

    def __init__(self, per_minute: int) -> None:
        self._wanted = 60.0 / per_minute if per_minute > 0 else 0.0
        self._interval = self._wanted
        self._lock = threading.Lock()
        self._due = 0.0
        self._paused_until = 0.0
        self._episode: float | None = None
        self._admitted = 0
        self._raised_at = 0.0
        self._raise = FIRST_RAISE

    @property
    def per_minute(self) -> float | None:
        """The pace in force; None when there is none."""
        return 60.0 / self._interval if self._interval else None

    def reserve(self, now: float) -> float:
        """Take the next place; return the seconds to wait for it."""
        with self._lock:
            self._admitted += 1
            if self._episode is None:
                self._episode = now
            if self._interval != self._wanted and now - self._raised_at >= RECOVERY_SECONDS:
                self._interval = max(self._wanted, self._interval / (1 + self._raise))
                self._raise = min(LARGEST_RAISE, self._raise * 2)
                self._raised_at = now
            if not self._interval and now >= self._paused_until:
                return 0.0
            due = max(self._due, now)
            wait = max(0.0, due - BURST_SECONDS - now, self._paused_until - now)
            self._due = due + self._interval
            return wait

    def pause(self, until: float) -> None:
        """The server asked for silence: nobody starts before `until`."""
        with self._lock:
            self._paused_until = max(self._paused_until, until)

    def refused(self, now: float, pause: float) -> None:
        """A 429 came, and `pause` seconds of silence follow: what was sent since the last one was too much."""
        with self._lock:
            if now < self._paused_until or self._episode is None:
                self._paused_until = max(self._paused_until, now + pause)
                return  # an answer to a request of the same burst
            seconds = max(now - self._episode + pause, 0.05)
            if self._admitted >= ENOUGH_TO_LEARN:
                self._interval = max(self._wanted, seconds / (self._admitted * CAUTION))
                self._due = now + pause + BURST_SECONDS  # no burst: it would be refused again
            self._paused_until = now + pause
            self._episode, self._admitted, self._raised_at = now + pause, 0, now + pause
            self._raise = FIRST_RAISE


_limiters: dict[tuple[str, int], Limiter] = {}
_guard = threading.Lock()


def shared_limiter(host: str, per_minute: int) -> Limiter:
    """The process's limiter for a host at this pace."""
    with _guard:
        return _limiters.setdefault((host, per_minute), Limiter(per_minute))
