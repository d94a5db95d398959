"""A stage's part of a ledger spelled out as intervals, whole or cut at each opening and closing."""

from __future__ import annotations

from collections.abc import Iterator

from psa_evidence.sla.instants import instant_of
from psa_evidence.sla.ledger import Account, Ledger
from psa_evidence.sla.results import Interval, State


class SpelledOut:
    """Makes the intervals when they are asked for. With `detailed` a counted one is as long as its seconds."""

    __slots__ = ("_account", "_detailed", "_ledger")

    def __init__(self, ledger: Ledger, account: Account, *, detailed: bool) -> None:
        self._ledger, self._account, self._detailed = ledger, account, detailed

    def intervals(self) -> tuple[Interval, ...]:
        ledger, account = self._ledger, self._account
        found: list[Interval] = []
        for i in range(account.last + 1):
            start = ledger.bounds[i]
            end = account.end if i == account.last else ledger.bounds[i + 1]
            found += self._detail(i, start, end) if self._detailed else [self._whole(i, start, end)]
        return tuple(found)

    def _whole(self, i: int, start: int, end: int) -> Interval:
        if self._ledger.paused[i]:
            return self._interval(i, start, end, "paused")
        seconds = self._ledger.table.elapsed(start, end)
        return self._interval(i, start, end, "counted" if seconds else "closed", seconds)

    def _detail(self, i: int, start: int, end: int) -> Iterator[Interval]:
        paused = self._ledger.paused[i]
        at = start
        for low, high in self._ledger.table.periods(start, end):
            if at < low:
                yield self._interval(i, at, low, "closed")
            yield self._interval(i, low, high, "paused" if paused else "counted", 0 if paused else high - low)
            at = high
        if at < end:
            yield self._interval(i, at, end, "closed")

    def _interval(self, i: int, start: int, end: int, state: State, seconds: int = 0) -> Interval:
        why, source = self._ledger.words(i)
        if state == "closed":
            why = f"{why}; outside opening hours"
        low, high = instant_of(start), instant_of(end)
        return Interval(start=low, end=high, state=state, seconds=seconds, why=why, source=source)
