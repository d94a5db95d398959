"""Step 9.9: the clock of every computed result, stretch by stretch, adds up, and begins and ends where records say.

What the hours of a calendar are, and which status stops the clock, is the engine's: `psa-evidence rebuild` runs it
again over the natives. Here nothing is known of either; a boundary cannot be moved to where no record of the ticket
bears it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Final

from psa_evidence.format import Manifest, Seal
from psa_evidence.verify import names, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.capture_times import began
from psa_evidence.verify.clock import READINGS, STAGES
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.documents import Documents, second_of
from psa_evidence.verify.population import Population
from psa_evidence.verify.reason import reason_of
from psa_evidence.verify.recomputed import MAX_TICKETS, RESULTS
from psa_evidence.verify.report import Checklist, counted
from psa_evidence.verify.tables import Row, is_instant, maybe, whole
from psa_evidence.verify.time_order import TOLERANCE

INTERVALS: Final = "data/tables/sla_intervals.csv"
CHECK: Final = "9.9"
MAX_STRETCHES: Final = 10_000
"""Of one result: as many changes of one ticket's status as nobody makes by hand."""
IN_DOUBT: Final = ", in doubt ("
"""In the reason of a stretch that begins where no record can be read."""
BELOW: Final = frozenset({"history", "note", "time_entry"})
"""Kinds that hang on a ticket: whether it is the one that their record names is looked at in 9.10."""
_RESULT: Final = (
    "ticket", "stage", "reading", "entered_at", "elapsed_seconds", "paused_seconds", "met_at",
)  # fmt: skip
_ABOUT_DUE: Final = ("target_seconds", "due_at", "verdict", "reason")
_STRETCH: Final = (
    "ticket", "stage", "reading", "from", "to", "counted_seconds", "paused_seconds", "closed_seconds", "why",
    "from_record", "to_record",
)  # fmt: skip
_STATES: Final = ("counted_seconds", "paused_seconds", "closed_seconds")


class _Wrong(Exception):  # noqa: N818
    """What does not hold of one result."""


@dataclass(frozen=True, slots=True)
class _Judging:
    """`as_of` in whole seconds since 1970. `absent` collects cited records that the pack has no native of, `uncited`
    instants for which none is cited; of these there may be as many as records or fields of records are withheld."""

    documents: Documents
    as_of: int
    tally: Counter[str]
    absent: dict[str, set[str]]
    uncited: set[tuple[str, int]]
    hidden: int

    def result(self, row: Row, stretches: list[Row], opened: dict[str, int]) -> None:
        """Raises _Wrong. `opened` maps the stages of the ticket to the open seconds of the contract reading."""
        elapsed, paused = maybe(row["elapsed_seconds"]), maybe(row["paused_seconds"])
        entered, met = second_of(row["entered_at"]), second_of(row["met_at"])
        if elapsed is None or not stretches:
            if stretches:
                raise _Wrong("stretches without elapsed_seconds")
            end = self.as_of if met is None else met
            if elapsed or paused or (elapsed is not None and entered is not None and entered < end):
                raise _Wrong("seconds that no stretch accounts for")
            return
        totals = Counter[str]()
        at = entered
        for number, stretch in enumerate(stretches, 1):
            low, high = (second_of(stretch[end]) if is_instant(stretch[end]) else None for end in ("from", "to"))
            if low is None or high is None or low != at:
                raise _Wrong("its stretches do not begin at entered_at, or leave a gap")
            seconds = {state: whole(stretch[state]) for state in _STATES}
            if min(seconds.values()) < 0 or sum(seconds.values()) != high - low or high == low:
                raise _Wrong(f"counted, paused and closed are not the length of the stretch from {stretch['from']}")
            totals.update(seconds)
            self._begins(row["ticket"], stretch, low, first=number == 1)
            at = high
        if (totals["counted_seconds"], totals["paused_seconds"]) != (elapsed, paused):
            raise _Wrong("the seconds of its stretches are not elapsed_seconds and paused_seconds")
        last = stretches[-1]
        if at != (self.as_of if met is None else met):
            raise _Wrong("its last stretch does not end at met_at, or when open at the date of the records")
        if met is not None:
            self._cited(row["ticket"], last["to_record"], met, "met_at")
        self._due(row, stretches, elapsed, at)
        opened_now = elapsed + totals["paused_seconds"]
        if row["reading"] == "strict":
            if totals["paused_seconds"] or opened_now != opened.get(row["stage"], opened_now):
                raise _Wrong("the two readings count other opening hours")
        else:
            opened[row["stage"]] = opened_now

    def _due(self, row: Row, stretches: list[Row], elapsed: int, end: int) -> None:
        """Raises _Wrong unless due_at can be the instant at which the target was, or would be, used up: as many seconds
        of the clock as that takes lie on either side of it. A target shared among priorities is not looked at."""
        target, said = maybe(row.get("target_seconds", "")), reason_of(row.get("reason", ""))
        if not target or said is None or said.apart is None or row.get("verdict") not in {"met", "missed"}:
            return
        if said.open_at is not None and second_of(said.open_at) != self.as_of:
            raise _Wrong("the reason says that it was open at another instant than the date of the records")
        due, left = second_of(row.get("due_at", "")), target
        if elapsed < target:
            if due is not None and due < end + target - elapsed:
                raise _Wrong("due_at is too early: what was left of the target fits not in between")
            return
        for stretch in stretches:
            seconds = whole(stretch["counted_seconds"])
            if left <= seconds:
                low, high = (second_of(stretch[name]) or 0 for name in ("from", "to"))
                if due is None or not low + left <= due <= high - (seconds - left):
                    raise _Wrong(f"due_at is not when the target was used up, in the stretch from {stretch['from']}")
                return
            left -= seconds

    def _begins(self, ticket: str, stretch: Row, second: int, *, first: bool) -> None:
        cited = stretch["from_record"]
        if first and cited.lstrip("'") != f"ticket/{ticket}".replace("/'", "/"):
            raise _Wrong("its first stretch does not rest on the ticket itself")
        if not cited and IN_DOUBT in stretch["why"]:
            self.tally["in doubt"] += 1
            return
        self._cited(ticket, cited, second, f"the beginning of the stretch from {stretch['from']}")

    def _cited(self, ticket: str, key: str, second: int, what: str) -> None:
        """Raises _Wrong unless the record of this key is the ticket or names it, and bears the instant."""
        kind, _, record = key.partition("/")
        if not key and self.hidden:
            self.uncited.add((ticket, second))
            if len(self.uncited) > self.hidden:
                raise _Wrong(f"{what} rests on no record, and more do than are withheld")
            self.tally["withheld"] += 1
            return
        if not record:
            raise _Wrong(f"{what} rests on no record")
        found = self.documents.of(kind, record)
        if not found:
            self.absent[kind].add(record)
            self.tally["withheld"] += 1
            if sum(map(len, self.absent.values())) > MAX_TICKETS:
                raise Unreadable(f"more than {MAX_TICKETS:,} records that are not in the pack")
            return
        plain = ticket.removeprefix("'")
        own = (kind, record) == ("ticket", plain)
        if not any(second in each.instants and (own or each.names(plain)) for each in found):
            if not all(each.whole for each in found):  # the name of its ticket may be among what is withheld
                self.tally["withheld"] += 1
            elif self._placed(kind, record, plain) and any(second in each.instants for each in found):
                self.tally["placed"] += 1
            else:
                raise _Wrong(f"{what} does not stand in the record that is cited: {key}")
            return
        self.tally["found"] += 1

    def _placed(self, kind: str, record: str, ticket: str) -> bool:
        """Whether the manifest alone says of a record whose ticket 9.10 looks for that it is of this ticket."""
        if kind not in BELOW:
            return False
        its = self.documents.exhibit("ticket", ticket)
        return its is not None and its == self.documents.exhibit(kind, record)


def check_intervals(
    bag: Bag, checks: Checklist, manifest: Manifest, documents: Documents, population: Population,
    seals: Mapping[int, Seal],
) -> None:  # fmt: skip
    """Step 9.9."""
    if RESULTS not in bag.container.files and INTERVALS not in bag.container.files:
        checks.settle(CHECK, "the pack holds no table of the clock: nothing to add up")
        return
    if (as_of := second_of(manifest.as_of)) is None:
        checks.fail(CHECK, "as_of of the manifest is no instant")
        return
    if problem := _beside_the_seals(as_of, manifest, seals):
        checks.fail(CHECK, f"as_of of the manifest, {names.shown(manifest.as_of)}, {problem}")
    hidden = sum(number for (_, name), number in population.items() if name == "withheld")
    hidden += sum(record.in_part for record in manifest.records)
    judging = _Judging(documents, as_of, Counter(), defaultdict(set), set(), hidden)
    try:
        results = _judged(bag, checks, judging)
    except Unreadable as error:
        checks.fail(CHECK, str(error), INTERVALS)
        return
    for kind, records in sorted(judging.absent.items()):
        if len(records) > population[kind, "withheld"]:
            for record in sorted(records):
                checks.fail(CHECK, "is cited for an instant, and has no native in the pack", f"{kind}/{record}")
    tally = judging.tally
    number = tally["placed"]
    placed = f"; {number:,} in records that name no ticket and stand in its exhibit" if number else ""
    checks.settle(
        CHECK,
        f"the stretches of {counted(results, 'result')} add up from entry to end; {counted(tally['found'], 'instant')} "
        f"at which they begin or end read in the records cited, {tally['withheld']:,} in records not or not wholly "
        f"shown, {tally['in doubt']:,} in doubt{placed}. Opening hours and pauses: psa-evidence rebuild computes them "
        "again",
        "inconclusive" if placed else "pass",
    )


def _beside_the_seals(as_of: int, manifest: Manifest, seals: Mapping[int, Seal]) -> str | None:
    """A clock that runs at `as_of` is judged by it: it is when the newest capture ended, whose seal says about when."""
    newest = seals.get(max((record.seal for record in manifest.records), default=0))
    if newest is None:
        return None  # 7.1 says so
    latest = max((at for seal in seals.values() if (at := second_of(seal.sealed_at)) is not None), default=as_of)
    if as_of > latest + TOLERANCE.total_seconds():
        return "is later than the newest seal: no record shows that time"
    first, ended = began(newest.capture), second_of(newest.sealed_at)  # ended before it began: a clock was set back
    if first is not None and ended is not None and as_of < min(first, ended):
        return "is earlier than the capture of the newest records"
    return None


def _judged(bag: Bag, checks: Checklist, judging: _Judging) -> int:
    """How many results there are. Raises Unreadable."""
    grouped = groupby(tables.rows(bag, INTERVALS, _STRETCH), key=_key)
    key, stretches = _next(grouped)
    results = 0
    ticket, opened = "", dict[str, int]()
    for row in tables.rows(bag, RESULTS, _RESULT, _ABOUT_DUE):
        if row["reading"] not in READINGS[1:] or row["stage"] not in STAGES:
            continue  # 9.4 says what is wrong
        if row["ticket"] != ticket:
            ticket, opened = row["ticket"], {}
        mine: list[Row] = []
        if key == _key(row):
            mine = stretches
            key, stretches = _next(grouped)
        results += 1
        try:
            judging.result(row, mine, opened)
        except _Wrong as wrong:
            if not mine and key is not None:
                checks.fail(
                    CHECK, "its stretches are not there, or not in the order of the results", ", ".join(_key(row))
                )
                return results
            checks.fail(CHECK, str(wrong), f"ticket {row['ticket']}, {row['stage']}, {row['reading']}")
    if key is not None:
        checks.fail(CHECK, "stretches of no result, or in another order than the results", ", ".join(key))
    return results


def _key(row: Row) -> tuple[str, ...]:
    return row["ticket"], row["stage"], row["reading"]


def _next(
    grouped: Iterator[tuple[tuple[str, ...], Iterator[Row]]],
) -> tuple[tuple[str, ...] | None, list[Row]]:
    for key, rows in grouped:
        mine = list(islice(rows, MAX_STRETCHES + 1))
        if len(mine) > MAX_STRETCHES:
            raise Unreadable(f"more than {MAX_STRETCHES:,} stretches of one result")
        return key, mine
    return None, []
