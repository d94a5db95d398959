"""Steps 9.4 to 9.7: the tables of the clock follow from each other, and their tickets are the tickets of the pack.

Whether a figure follows from the records is for an expert with the natives; here it is shown that no table says other
than the rows under it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sized
from dataclasses import dataclass, field
from typing import Final

from psa_evidence.format import Manifest
from psa_evidence.verify import clock, months, names, tables
from psa_evidence.verify.attainment import ATTAINMENT, PAUSED, Group, check_attainment
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.clock import Result
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.differences import Differences
from psa_evidence.verify.report import Checklist, counted
from psa_evidence.verify.terms import TERMS, Terms, terms_of

RESULTS: Final = "data/tables/sla_results.csv"
BREACHES: Final = "data/tables/breaches.csv"
TICKETS: Final = "data/tables/tickets.csv"
UNREAD: Final = "data/tables/unread.csv"
CHECKS: Final = ("9.4", "9.5", "9.6", "9.7")
MAX_TICKETS: Final = 2_000_000
"""Also different rows of attainment, and missed rows: what is kept to be compared."""

NO_AGREEMENT: Final = "(no agreement)"
NO_PRIORITY: Final = "(no priority)"
_SAME: Final = (
    "ticket", "stage", "reading", "priority", "target_seconds", "elapsed_seconds", "due_at", "met_at", "reason",
)  # fmt: skip
_ALL_RESULTS: Final = (1 << len(clock.STAGES) * len(clock.READINGS)) - 1


@dataclass(slots=True)
class _Found:
    """What one reading of the results leaves to be compared with. `tickets` maps an id to its agreement and, where the
    table has it, its time of entry, `seen` to a bit for each stage and reading, `entered` to the time of entry in the
    results, `excluded` to how many of its results are excluded."""

    tickets: dict[str, tuple[str, str]] = field(default_factory=dict)
    excluded: Counter[str] = field(default_factory=Counter)
    seen: dict[str, int] = field(default_factory=dict)
    entered: dict[str, str] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)
    groups: dict[Group, Counter[months.Months]] = field(default_factory=dict)
    missed: Counter[tuple[str, ...]] = field(default_factory=Counter)
    differences: Differences = field(default_factory=Differences)
    rows: int = 0


def check_tables(bag: Bag, checks: Checklist, manifest: Manifest) -> None:
    """Steps 9.4 to 9.7. A pack that holds none of the four tables claims nothing here; one that holds some must hold
    them all."""
    held = [path for path in (RESULTS, ATTAINMENT, BREACHES, TICKETS) if path in bag.container.files]
    if not held:
        for check in CHECKS:
            checks.settle(check, "the pack holds no table of the clock: nothing to compute again")
        return
    found = _Found()
    try:
        found.terms = terms_of(bag)
    except Unreadable as error:
        checks.fail("9.5", str(error), TERMS)
    _tickets(bag, checks, found)
    readable = _results(bag, checks, manifest, found)
    if readable:
        check_attainment(bag, checks, found.groups, found.terms.zone)
        _breaches(bag, checks, found)
    else:
        checks.skip(("9.5", "9.6"), "the results cannot be read (9.4)")
    _natives(bag, checks, manifest, found)


def _tickets(bag: Bag, checks: Checklist, found: _Found) -> None:
    try:
        for row in tables.rows(bag, TICKETS, ("ticket",), ("agreement", "entered_at")):
            if row["ticket"] in found.tickets:
                checks.fail("9.7", "stands twice among the tickets", row["ticket"])
            found.tickets[row["ticket"]] = row.get("agreement", "") or NO_AGREEMENT, row.get("entered_at", "")
            _bounded(found.tickets)
    except Unreadable as error:
        checks.fail("9.7", str(error), TICKETS)


def _results(bag: Bag, checks: Checklist, manifest: Manifest, found: _Found) -> bool:
    """Step 9.4; whether all rows could be read."""
    try:
        for result in _read_results(bag):
            _take(checks, result, found)
    except Unreadable as error:
        checks.fail("9.4", str(error), RESULTS)
        return False
    for ticket in sorted(found.tickets.keys() | found.seen.keys()):
        if found.seen.get(ticket, 0) != _ALL_RESULTS:
            checks.fail("9.4", "has not one result for each stage and reading", f"ticket {ticket}")
        if ticket not in found.tickets:
            checks.fail("9.4", "has results and does not stand among the tickets", f"ticket {ticket}")
    for ticket, number in sorted(found.excluded.items()):
        if number != len(clock.STAGES) * len(clock.READINGS):
            checks.fail("9.4", "some of its results are excluded, and others are not", f"ticket {ticket}")
    for reading in clock.READINGS:
        stated, number = manifest.counts.get(f"missed_{reading}"), _number(found, reading, "missed")
        if stated is not None and stated != number:
            checks.fail("9.4", f"the manifest states {stated:,}; {number:,} results are missed", f"missed_{reading}")
    words = ", ".join(
        f"{_number(found, reading, 'missed'):,} missed by the {reading} reading" for reading in clock.READINGS
    )
    left = sum(_number(found, reading, "not_determined") for reading in clock.READINGS[1:])
    words += f"; {left:,} not determined by contract and strict reading" if left else ""
    words += f"; {counted(len(found.excluded), 'ticket')} excluded" if found.excluded else ""
    checks.settle("9.4", f"{counted(found.rows, 'verdict')} follow from target, elapsed, due, met and reason; {words}")
    return True


def _read_results(bag: Bag) -> Iterator[Result]:
    for row in tables.rows(bag, RESULTS, clock.COLUMNS, ("paused_seconds",)):
        yield clock.result_of(row)


def _take(checks: Checklist, result: Result, found: _Found) -> None:
    place = clock.STAGES.index(result.stage) * len(clock.READINGS) + clock.READINGS.index(result.reading)
    subject = f"ticket {result.ticket}, {result.stage}, {result.reading}"
    if found.seen.get(result.ticket, 0) >> place & 1:
        checks.fail("9.4", "stands twice", subject)
    found.seen[result.ticket] = found.seen.get(result.ticket, 0) | 1 << place
    if problem := result.problem(shared=found.terms.shared):
        checks.fail("9.4", problem, subject)
    agreement, entered = found.tickets.get(result.ticket, (NO_AGREEMENT, ""))
    if result.entered_at != (found.entered.setdefault(result.ticket, entered or result.entered_at)):
        checks.fail("9.4", "entered_at is not that of the ticket", subject)
    group = agreement, result.priority or NO_PRIORITY, result.stage, result.reading, result.verdict.replace(" ", "_")
    entry = months.months_of(result.entered_at, found.terms.zone)
    found.groups.setdefault(group, Counter())[entry] += 1
    if result.paused:
        found.groups.setdefault((*group[:4], PAUSED), Counter())[entry] += 1
    if result.verdict == "missed":
        found.missed[_key(result)] += 1
    elif result.verdict == "excluded":
        found.excluded[result.ticket] += 1
    found.differences.take(result)
    found.rows += 1
    _bounded(found.seen)
    _bounded(found.groups)
    _bounded(found.missed)


def _breaches(bag: Bag, checks: Checklist, found: _Found) -> None:
    stated: Counter[tuple[str, ...]] = Counter()
    try:
        for row in tables.rows(bag, BREACHES, (*_SAME, "overrun_seconds")):
            target, elapsed = tables.maybe(row["target_seconds"]), tables.maybe(row["elapsed_seconds"])
            key = tuple(row[name] for name in _SAME)
            overrun = None if target is None or elapsed is None else elapsed - target
            if tables.maybe(row["overrun_seconds"]) != overrun:
                checks.fail("9.6", "overrun is not elapsed minus target", _subject(key))
            stated[key] += 1
            _bounded(stated)
    except Unreadable as error:
        checks.fail("9.6", str(error), BREACHES)
        return
    for key in sorted((found.missed - stated).keys()):
        checks.fail("9.6", "missed by the results, and not among the breaches as they have it", _subject(key))
    for key in sorted((stated - found.missed).keys()):
        checks.fail("9.6", "among the breaches, and not missed by the results as they have it", _subject(key))
    words = found.differences.check(bag, checks)
    checks.settle("9.6", f"the missed results and the breaches are the same {counted(stated.total(), 'row')}; {words}")


def _natives(bag: Bag, checks: Checklist, manifest: Manifest, found: _Found) -> None:
    """Step 9.7."""
    shown = {record.id for record in manifest.records if record.kind == "ticket"}
    listed = {_id(ticket, shown) for ticket in found.tickets}
    for ticket in sorted(listed - shown):
        checks.fail("9.7", "stands in the tables and has no native in the pack", f"ticket {ticket}")
    unread = set()
    if UNREAD in bag.container.files:
        try:
            unread = {row["record"] for row in tables.rows(bag, UNREAD, ("record",))}
        except Unreadable as error:
            checks.fail("9.7", str(error), UNREAD)
    for ticket in sorted(shown - listed):
        if f"ticket/{ticket}" not in unread:
            checks.fail("9.7", "is in the pack and in no table: neither read nor said not to be", f"ticket {ticket}")
    stated, number = manifest.counts.get("tickets", len(found.tickets)), len(found.tickets)
    if stated != number:
        checks.fail("9.7", f"the manifest states {stated:,}; the table has {number:,}", "tickets")
    words = f"{counted(len(listed), 'ticket')} of the tables; each is a record of the pack"
    if left_out := sorted(shown - listed):
        some = ", ".join(map(names.shown, left_out[:5])) + (" ..." if len(left_out) > 5 else "")
        words += f". No figure counts {counted(len(left_out), 'ticket')} that the pack says could not be read: {some}"
    checks.settle("9.7", words)


def _id(cell: str, shown: set[str]) -> str:
    """The id, without the apostrophe that keeps a spreadsheet from running a cell."""
    bare = cell.removeprefix("'")
    return bare if bare in shown else cell


def _number(found: _Found, reading: str, verdict: str) -> int:
    return sum(n.total() for (_, _, _, *key), n in found.groups.items() if key == [reading, verdict])


def _key(result: Result) -> tuple[str, ...]:
    seconds = ("" if n is None else str(n) for n in (result.target, result.elapsed))
    return (result.ticket, result.stage, result.reading, result.priority, *seconds, result.due_at, result.met_at,
            result.reason)  # fmt: skip


def _subject(key: tuple[str, ...]) -> str:
    return f"ticket {key[0]}, {key[1]}, {key[2]}"


def _bounded(kept: Sized) -> None:
    if len(kept) > MAX_TICKETS:
        raise Unreadable(f"more than {MAX_TICKETS:,} different rows")
