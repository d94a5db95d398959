"""Many ids in little memory: 8 bytes each where a set takes sixty."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator

STRAYS = 4096
"""Ids out of order that are kept in a set before they are sorted in."""


class IdSet:
    """Ids of 64 bits, mostly added in ascending order. Iterates in ascending order."""

    def __init__(self) -> None:
        self._run = array("q")
        self._strays: set[int] = set()

    def __len__(self) -> int:
        return len(self._run) + len(self._strays)

    def __contains__(self, number: int) -> bool:
        at = bisect_left(self._run, number)
        return (at < len(self._run) and self._run[at] == number) or number in self._strays

    def __iter__(self) -> Iterator[int]:
        self._settle()
        return iter(self._run)

    @property
    def highest(self) -> int:
        """0 when there is none."""
        return self._run[-1] if self._run else 0

    @property
    def lowest(self) -> int:
        self._settle()
        return self._run[0] if self._run else 0

    def add(self, number: int) -> bool:
        """False when it was there already."""
        if not self._run or number > self._run[-1]:
            self._run.append(number)
            return True
        if number in self:
            return False
        self._strays.add(number)
        if len(self._strays) >= STRAYS:
            self._settle()
        return True

    def _settle(self) -> None:
        if self._strays:
            self._run = array("q", sorted((*self._run, *self._strays)))
            self._strays.clear()
