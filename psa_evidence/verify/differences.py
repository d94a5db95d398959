"""Step 9.6, `differences.csv`: where the PSA's own figure of a stage and the contract reading differ, as the results
have both. The likely cause in it is the engine's word."""

from __future__ import annotations

from itertools import islice
from typing import Final

from psa_evidence.verify import tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.clock import STAGES, Result
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.report import Checklist, counted

DIFFERENCES: Final = "data/tables/differences.csv"
CUT_OFF: Final = 60
"""Seconds. The PSA keeps whole minutes of as many segments as there are stages so far: up to so much less for each is
its own cutting off."""
MAX_DIFFERENCES: Final = 2_000_000
_JUDGED: Final = frozenset({"met", "missed"})
_COLUMNS: Final = (
    "ticket", "stage", "psa_verdict", "our_verdict", "seconds", "psa_seconds", "our_seconds", "psa_met_at",
    "our_met_at",
)  # fmt: skip


class Differences:
    """What the results, taken one after the other, say of both readings. Rows wait for the other reading of their
    stage: few, where the results of a ticket follow each other."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], Result] = {}
        self._expected: set[tuple[str, ...]] = set()

    def take(self, result: Result) -> None:
        """Raises Unreadable: more than are compared."""
        if result.reading == "strict":
            return
        other = self._waiting.pop((result.ticket, result.stage), None)
        if other is None or other.reading == result.reading:  # twice is for 9.4 to say
            self._waiting[result.ticket, result.stage] = result
        else:
            psa, ours = (other, result) if other.reading == "psa" else (result, other)
            if (row := _row(psa, ours)) is not None:
                self._expected.add(row)
        if len(self._waiting) + len(self._expected) > MAX_DIFFERENCES:
            raise Unreadable(f"more than {MAX_DIFFERENCES:,} stages to compare")

    def check(self, bag: Bag, checks: Checklist) -> str:
        """What was found, in words."""
        told: set[tuple[str, ...]] = set()
        try:
            for row in islice(tables.rows(bag, DIFFERENCES, _COLUMNS), MAX_DIFFERENCES):
                key = tuple(row.values())
                if key in told:
                    checks.fail("9.6", "stands twice among the differences", _subject(key))
                told.add(key)
        except Unreadable as error:
            checks.fail("9.6", str(error), DIFFERENCES)
            return ""
        for key in sorted(self._expected - told):
            checks.fail(
                "9.6", "the PSA and the contract reading differ, and no row says so as the results", _subject(key)
            )
        for key in sorted(told - self._expected):
            checks.fail("9.6", "among the differences, and not one as the results have it", _subject(key))
        return f"{counted(len(told), 'difference')} from the PSA's own figures"


def _row(psa: Result, ours: Result) -> tuple[str, ...] | None:
    """None where the two do not differ."""
    seconds = None
    if psa.elapsed is not None and ours.elapsed is not None and ours.met_at:
        seconds = ours.elapsed - psa.elapsed
    apart = seconds is not None and not 0 <= seconds < CUT_OFF * (1 + STAGES.index(psa.stage))
    if not apart and (psa.verdict == ours.verdict or not {psa.verdict, ours.verdict} <= _JUDGED):
        return None
    numbers = ("" if n is None else str(n) for n in (seconds, psa.elapsed, ours.elapsed))
    return (psa.ticket, psa.stage, psa.verdict, ours.verdict, *numbers, psa.met_at, ours.met_at)


def _subject(key: tuple[str, ...]) -> str:
    return f"ticket {key[0]}, {key[1]}"
