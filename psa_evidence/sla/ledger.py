"""The clock of a ticket as a ledger: stretches that are counted, paused or closed, and their running totals.

One ledger serves all stages that pause alike; a stage takes the part up to its end. Where the history leaves open
whether the clock ran, the seconds are counted and remembered as open, so that both bounds are known.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

from psa_evidence.sla.opentable import OpenTable


class Account(NamedTuple):
    """A stage's part of the ledger, in open seconds. `elapsed` includes `open_seconds`, which are in doubt.

    It ends at `end`, within the entry number `last` (-1 when it is empty), when the table counts `reading`.
    """

    elapsed: int
    paused: int
    open_seconds: int
    last: int
    end: int
    reading: int


_new: Final = tuple.__new__
"""Makes an Account without the call that its own constructor costs."""


class Ledger:
    """Entry i lasts from bound i to bound i + 1; bounds ascend. `counts` are the table's counts at the bounds.

    `paused[i]` is true when the clock stood still in entry i; `doubts[i]`, where not empty, why that is open.
    """

    __slots__ = ("_counts", "_doubtful", "_doubts", "_stood", "bounds", "paused", "table")

    def __init__(
        self, table: OpenTable, bounds: Sequence[int], counts: Sequence[int], paused: Sequence[bool | None],
        doubts: Sequence[str] | None,
    ) -> None:  # fmt: skip
        self.table, self.bounds, self.paused = table, bounds, paused
        self._counts, self._doubts = counts, doubts
        stood = self._stood = [0]
        """Open seconds up to each bound in which the clock stood still."""
        total = 0
        for i, stands in enumerate(paused):
            if stands:
                total += counts[i + 1] - counts[i]
            stood.append(total)
        self._doubtful: list[int] | None = None
        if doubts is not None:
            self._doubtful = [0]
            for i, doubt in enumerate(doubts):
                seconds = counts[i + 1] - counts[i] if doubt and not paused[i] else 0
                self._doubtful.append(self._doubtful[-1] + seconds)

    def upto(self, end: int) -> Account:
        """The account from entry to `end`."""
        bounds, counts = self.bounds, self._counts
        if end <= bounds[0]:
            return Account(0, 0, 0, -1, end, self.table.count(end))
        i = bisect_left(bounds, end, 1) - 1
        if end > bounds[-1]:
            i, end = len(bounds) - 2, bounds[-1]
        if end == bounds[i + 1]:
            now, paused = counts[i + 1], self._stood[i + 1]
        else:
            now, paused = self.table.count(end), self._stood[i]
            if self.paused[i]:
                paused += now - counts[i]
        doubtful = 0
        if self._doubtful is not None and self._doubts is not None:
            doubtful = self._doubtful[i] + (now - counts[i] if self._doubts[i] and not self.paused[i] else 0)
        return _new(Account, (now - counts[0] - paused, paused, doubtful, i, end, now))

    def due(self, target: int, met: int | None) -> int | None:
        """When `target` seconds (one at least) of a stage that ended at `met` (None: did not end) are used up.

        What stands still after the end moves nothing. None: never, or not while the clock stands still.
        """
        account = None if met is None else self.upto(met)
        if account is not None and account.elapsed < target:
            return self.table.reached(account.reading + target - account.elapsed, account.end)
        first = self._counts[0]
        counted = [now - first - paused for now, paused in zip(self._counts, self._stood, strict=True)]
        i = bisect_left(counted, target) - 1
        if i == len(self.paused) and self.paused[-1]:
            return None
        return self.table.reached(self._counts[i] + target - counted[i], self.bounds[i])

    def doubts(self, account: Account) -> tuple[str, ...]:
        """What leaves the account's seconds in doubt."""
        if self._doubts is None or not account.open_seconds:
            return ()
        return tuple(dict.fromkeys(doubt for doubt in self._doubts[: account.last + 1] if doubt))
