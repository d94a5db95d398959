"""How many requests may be under way at once: learnt from how quickly the PSA answers. One for a host and process."""

from __future__ import annotations

import threading

FIRST = 4
"""Requests under way at the beginning."""
LEAST = 2
SLOWER = 2.5
SLACK_SECONDS = 0.05
"""An answer that takes this many times the quickest of its kind, and this much longer, came from a busy server."""
FORGET = 1.0005
"""The quickest time fades by this with each answer: a server may become slower for good."""
SMOOTH = 0.1
SHRINK = 0.8
SHRINK_REFUSED = 0.5
KINDS = 512
"""Kinds of request whose quickest answer is remembered; there are some dozen."""


class Window:
    """Doubles with each round of quick answers until one is slow, then grows by one a round; slow answers, 429 and 5xx
    shrink it. Never over `most`. Times are seconds."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._size = float(min(FIRST, most))
        self._least = float(min(LEAST, most))
        self._lock = threading.Lock()
        self._under_way = 0
        self._steep = True
        self._strain = 0.0
        self._patience = 0
        self._best: dict[str, float] = {}
        self._quickest = float("inf")
        self.peak = 0

    @property
    def size(self) -> int:
        return int(self._size)

    def enter(self) -> bool:
        """Whether one more may start; the caller must `leave`."""
        with self._lock:
            if self._under_way >= int(self._size):
                return False
            self._under_way += 1
            self.peak = max(self.peak, self._under_way)
            return True

    def leave(self) -> None:
        with self._lock:
            self._under_way -= 1

    def answered(self, kind: str, seconds: float) -> None:
        """A good answer to a request of `kind` (those of one kind cost the server about the same)."""
        with self._lock:
            self._quickest = min(self._quickest, seconds)
            best = self._best.get(kind)
            if best is None:
                if len(self._best) < KINDS:
                    self._best[kind] = seconds
                if not _slow(seconds, self._quickest):  # of a new kind, but as quick as any
                    self._grow()
                return
            self._best[kind] = best = min(best * FORGET, seconds)
            slow = _slow(seconds, best)
            self._strain += SMOOTH * (float(slow) - self._strain)
            self._patience -= 1
            if self._strain > 0.5:
                if self._patience <= 0:
                    self._shrink(SHRINK)
            elif not slow:
                self._grow()

    def refused(self) -> None:
        """429, a server error or a time-out."""
        with self._lock:
            if self._patience <= 0:
                self._shrink(SHRINK_REFUSED)
            self._patience -= 1

    def _grow(self) -> None:
        if self._under_way >= int(self._size) - 1:  # no reason to when it is not filled
            self._size = min(float(self.most), self._size + (1.0 if self._steep else 1.0 / self._size))

    def _shrink(self, by: float) -> None:
        """Once a round at most: the answers under way were asked for before."""
        self._patience = max(self._under_way, int(self._size))
        self._size = max(self._least, self._size * by)
        self._steep = False


def _slow(seconds: float, best: float) -> bool:
    return seconds > best * SLOWER and seconds > best + SLACK_SECONDS


_windows: dict[tuple[str, int], Window] = {}
_guard = threading.Lock()


def shared_window(host: str, most: int) -> Window:
    """The process's window for a host with this limit."""
    with _guard:
        return _windows.setdefault((host, most), Window(most))
