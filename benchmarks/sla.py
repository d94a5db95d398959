"""Benchmark of the SLA arithmetic: `python benchmarks/sla.py [--tickets N]`; prints tables, writes nothing.

Calendar: one `elapsed` over a two-year span, weekdays 9 to 17 with holidays, the same 40 random spans for everybody,
median over the spans of the cost of one call. `businesstimedelta`, `business-duration` and pandas' CustomBusinessHour
are measured when they are installed; each line says on how many of the spans they agree with us.

Engine: tickets with ten status changes each, all stages and readings, one core, CPU time.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from itertools import pairwise
from pathlib import Path

from psa_evidence.records import (
    BusinessCalendar,
    Change,
    Digest,
    Goal,
    HistoryEntry,
    Holiday,
    Member,
    Message,
    PsaSla,
    RecordSet,
    SlaPolicy,
    SourceRef,
    Span,
    Status,
    SystemInfo,
    Ticket,
)
from psa_evidence.sla import BusinessHours, ClosedDay, evaluate

HOLIDAYS = [date(year, month, day) for year in range(2023, 2027) for month, day in ((1, 1), (5, 1), (7, 4), (12, 25))]
Elapsed = Callable[[datetime, datetime], float]


def ours() -> Elapsed:
    day = (Span(start=9 * 3600, end=17 * 3600),)
    hours = BusinessHours(
        week=(day,) * 5 + ((), ()), zone="UTC", closed=tuple(ClosedDay.on(day) for day in HOLIDAYS)
    )  # fmt: skip
    return hours.elapsed


def business_time_delta() -> Elapsed:
    import businesstimedelta  # noqa: PLC0415 - measured only when it is installed

    workday = businesstimedelta.WorkDayRule(
        start_time=clock(9), end_time=clock(17), working_days=[0, 1, 2, 3, 4]
    )  # fmt: skip
    off = businesstimedelta.HolidayRule(dict.fromkeys(HOLIDAYS, "holiday"))
    rules = businesstimedelta.Rules([workday, off])
    return lambda a, b: float(rules.difference(a, b).timedelta.total_seconds())


def business_duration() -> Elapsed:
    import pandas as pd  # noqa: PLC0415
    from business_duration import businessDuration  # noqa: PLC0415

    opening, closing = clock(9), clock(17)
    days = dict.fromkeys(HOLIDAYS, "holiday")

    def elapsed(a: datetime, b: datetime) -> float:
        hours = businessDuration(
            pd.Timestamp(a.replace(tzinfo=None)), pd.Timestamp(b.replace(tzinfo=None)), opening, closing,
            holidaylist=days, unit="sec",
        )  # fmt: skip
        return float(hours)

    return elapsed


def custom_business_hour() -> Elapsed:
    """Pandas counts periods; whole open minutes are the finest that a span of two years leaves bearable."""
    import pandas as pd  # noqa: PLC0415

    offset = pd.offsets.CustomBusinessHour(start="09:00", end="17:00", holidays=HOLIDAYS)

    def elapsed(a: datetime, b: datetime) -> float:
        a, b = a.replace(tzinfo=None), b.replace(tzinfo=None)
        first = pd.Timestamp(offset.rollforward(a))
        hours = pd.date_range(first, b, freq=offset)
        if not len(hours):
            return 0.0
        last = hours[-1]
        close = last.normalize() + timedelta(hours=17)
        return (len(hours) - 1) * 3600.0 + max((min(pd.Timestamp(b), close) - last).total_seconds(), 0.0)

    return elapsed


def spans(count: int) -> Iterator[tuple[datetime, datetime]]:
    rng = random.Random(7)
    for _ in range(count):
        start = datetime(2023, 2, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(300 * 1440))
        yield start, start + timedelta(days=730, minutes=rng.randrange(1440))


def cost(elapsed: Elapsed, cases: list[tuple[datetime, datetime]], repeat: int) -> float:
    """Median microseconds of one call."""
    times = []
    for a, b in cases:
        begun = time.perf_counter()
        for _ in range(repeat):
            elapsed(a, b)
        times.append((time.perf_counter() - begun) / repeat)
    return statistics.median(times) * 1e6


def calendars() -> None:
    cases = list(spans(40))
    mine = ours()
    expected = [mine(a, b) for a, b in cases]
    base = cost(mine, cases, 2000)
    print("one elapsed over two years, median of 40 spans")
    print(f"{'':28}{'microseconds':>14}{'times ours':>12}  agrees on")
    print(f"{'psa-evidence':28}{base:14.2f}{1.0:12.1f}")
    for name, make in (
        ("businesstimedelta", business_time_delta),
        ("business-duration", business_duration),
        ("pandas CustomBusinessHour", custom_business_hour),
    ):
        try:
            theirs = make()
        except ImportError:
            print(f"{name:28}{'not installed':>14}")
            continue
        agree = sum(abs(theirs(a, b) - want) < 1 for (a, b), want in zip(cases, expected, strict=True))
        took = cost(theirs, cases, 1)
        print(f"{name:28}{took:14.2f}{took / base:12.1f}  {agree} of {len(cases)}")
    print("\none elapsed of ours by length of the span")
    for days in (1, 30, 730, 7300):
        pairs = [(a, a + timedelta(days=days)) for a, _ in cases]
        for a, b in pairs:
            mine(a, b)
        print(f"{days:>8} days {cost(mine, pairs, 2000):10.2f} microseconds")


def ref(kind: str, number: int) -> SourceRef:
    return SourceRef(kind, str(number), Digest("0" * 64))  # type: ignore[arg-type]


NAMES = ("New", "Assigned", "In Progress", "Planned", "Waiting", "Resolved")
MEANINGS = ("NotResponded", "NotResponded", "Responded", "ResolutionPlan", "NoEscalation", "Resolved")


def records(tickets: int) -> RecordSet:
    rng = random.Random(1)
    day = (Span(start=9 * 3600, end=17 * 3600),)
    goal = Goal(response=3600, plan=4 * 3600, resolution=16 * 3600)
    entered = [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(500 * 86400)) for _ in range(tickets)]
    changes: list[Change] = []
    found: list[Ticket] = []
    for number, start in enumerate(entered):
        statuses = [0, *(rng.randrange(1, 5) for _ in range(9)), 5]
        at = start
        for old, new in pairwise(statuses):
            at += timedelta(seconds=rng.randrange(60, 36_000))
            changes.append(
                Change(
                    source=ref("history", len(changes)), ticket_id=str(number), at=at, field="status", old=NAMES[old],
                    new=NAMES[new], old_id=str(old), new_id=str(new), by="ann",
                )
            )  # fmt: skip
        found.append(
            Ticket(
                source=ref("ticket", number), id=str(number), client_id="1", summary="", board_id="1", priority_id="1",
                priority_name="Low", sla_id="1", entered_at=start, status_id="5", status_name="Resolved",
                psa=PsaSla(respond_minutes=20, plan_minutes=99, resolve_minutes=900, responded_at=start,
                           planned_at=start, resolved_at=at),
            )
        )  # fmt: skip
    return RecordSet(
        members=(Member(source=ref("member", 1), id="1", identifier="ann", name="Ann"),),
        statuses=tuple(
            Status(source=ref("status", i), id=str(i), board_id="1", name=name, escalation=meaning)  # type: ignore[arg-type]
            for i, (name, meaning) in enumerate(zip(NAMES, MEANINGS, strict=True))
        ),
        sla_policies=(
            SlaPolicy(source=ref("sla", 1), id="1", name="Gold", based_on="Custom", calendar_id="1", goal=goal),
        ),
        calendars=(
            BusinessCalendar(
                source=ref("calendar", 1), id="1", name="Office", week=(day,) * 5 + ((), ()), holiday_list_id="1"
            ),
        ),
        holidays=tuple(
            Holiday(source=ref("holiday", i), id=str(i), list_id="1", name="", day=off)
            for i, off in enumerate(HOLIDAYS)
        ),
        tickets=tuple(found),
        changes=tuple(changes),
        history=tuple(
            HistoryEntry(source=ref("history", -i), id="0", ticket_id=str(i), text="", at=at)
            for i, at in enumerate(entered)
        ),
        messages=tuple(
            Message(source=ref("note", i), id="0", ticket_id=str(i), text="", at=at + timedelta(minutes=20),
                    author="ann", side="msp", internal=False)
            for i, at in enumerate(entered)
        ),
        system=SystemInfo(source=ref("system_info", 0), version=None, cloud=None, time_zone="America/Chicago"),
    )  # fmt: skip


def engine(tickets: int) -> None:
    whole = records(tickets)
    print("\nall stages and readings of tickets with ten status changes each, one core")
    print(f"{'tickets':>10}{'CPU seconds':>14}{'microseconds each':>20}")
    for part in sorted({tickets // 10, tickets // 2, tickets}):
        some = replace(whole, tickets=whole.tickets[:part], changes=whole.changes[: part * 10],
                       history=whole.history[:part], messages=whole.messages[:part])  # fmt: skip
        begun = time.process_time()
        evaluate(some, as_of=datetime(2027, 1, 1, tzinfo=UTC))
        took = time.process_time() - begun
        print(f"{part:>10}{took:14.2f}{took / part * 1e6:20.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog=Path(__file__).name)
    parser.add_argument("--tickets", type=int, default=100_000)
    arguments = parser.parse_args()
    print(f"Python {sys.version.split()[0]}")
    calendars()
    engine(arguments.tickets)


if __name__ == "__main__":
    main()
