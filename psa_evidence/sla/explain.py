"""The clock statement of a result: every interval with its reason, adding up; as lines, as a strip, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from psa_evidence.sla.display import duration, in_column, instant
from psa_evidence.sla.results import Difference, Interval, StageResult, TicketSla

COUNTED, PAUSED, CLOSED, DUE = "█", "░", "·", "|"
LEGEND = f"{COUNTED} counted  {PAUSED} paused  {CLOSED} closed  {DUE} due"


def strip_for_terminal(result: StageResult, width: int) -> str:
    """The stage as `width` cells from entry to its end (or the due time, when later): what most of a cell's time was.

    The due time's cell shows `|`. Empty when the result has no intervals. A counted interval that was not cut at each
    opening shows as counted, nights included.
    """
    if not result.intervals or width < 1:
        return ""
    start = result.intervals[0].start
    end = result.intervals[-1].end
    due = result.due_at
    if due is not None and due > end and result.verdict != "missed":
        end = due
    total = max((end - start).total_seconds(), 1.0)
    cells = [dict.fromkeys((COUNTED, PAUSED, CLOSED), 0.0) for _ in range(width)]
    marks = {"counted": COUNTED, "paused": PAUSED, "closed": CLOSED}
    for interval in result.intervals:
        low = (interval.start - start).total_seconds() * width / total
        high = (interval.end - start).total_seconds() * width / total
        for i in range(int(low), min(width, int(high) + 1)):
            cells[i][marks[interval.state]] += max(0.0, min(high, i + 1) - max(low, i))
    drawn = [max(cell, key=lambda mark: cell[mark]) if any(cell.values()) else " " for cell in cells]
    if due is not None and start <= due <= end:
        drawn[min(width - 1, int((due - start).total_seconds() * width / total))] = DUE
    return "".join(drawn)


def statement(result: StageResult, *, time_zone: str = "UTC") -> tuple[str, ...]:
    """Lines to check with a pencil: the intervals in `time_zone`, their seconds, the running total, the verdict."""
    zone = ZoneInfo(time_zone)
    lines = [f"{result.stage}, {result.reading} reading: {result.verdict}. {_sentence(result.reason)}"]
    if result.calendar:
        lines.append(f"calendar: {result.calendar}; times in {time_zone}")
    total = 0
    for interval in result.intervals:
        total += interval.seconds
        counted = in_column(interval.seconds) if interval.state == "counted" else "-"
        source = f"  [{interval.source.key}]" if interval.source else ""
        lines.append(
            f"{_local(interval.start, zone)}  {_local(interval.end, zone)}  {interval.state:<7} {counted:>11} "
            f"{in_column(total):>11}  {interval.why}{source}"
        )
    if result.intervals:
        lines.append(f"counted in all {duration(total)} ({total} s); target {_target(result)}")
    if result.due_at is not None:
        lines.append(f"due {_local(result.due_at, zone)}")
    if result.met_at is not None:
        lines.append(f"ended {_local(result.met_at, zone)}")
    lines += result.notes
    return tuple(lines)


def _sentence(text: str) -> str:
    first = text.partition(" ")[0]
    return (text if first[1:] != first[1:].lower() else text[:1].upper() + text[1:]) + "."


def _local(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}"


def _target(result: StageResult) -> str:
    return f"{duration(result.target_seconds)} ({result.target_seconds} s)" if result.target_seconds else "none"


def ticket_to_dict(ticket: TicketSla) -> dict[str, Any]:
    """Plain data for JSON: times in UTC ISO 8601 with `Z`, seconds as integers."""
    return {
        "ticket": ticket.ticket_id,
        "results": [result_to_dict(result) for result in ticket.results],
        "differences": [_difference(difference) for difference in ticket.differences],
    }


def result_to_dict(result: StageResult) -> dict[str, Any]:
    """One result as plain data."""
    return {
        "ticket": result.ticket_id,
        "stage": result.stage,
        "reading": result.reading,
        "verdict": result.verdict,
        "reason": result.reason,
        "priority": result.priority,
        "policy": result.policy,
        "calendar": result.calendar,
        "target_seconds": result.target_seconds,
        "elapsed_seconds": result.elapsed_seconds,
        "paused_seconds": result.paused_seconds,
        "due_at": _time(result.due_at),
        "met_at": _time(result.met_at),
        "intervals": _intervals(result.intervals),
        "notes": list(result.notes),
    }


def _intervals(intervals: Sequence[Interval]) -> list[dict[str, Any]]:
    return [
        {
            "start": instant(interval.start),
            "end": instant(interval.end),
            "state": interval.state,
            "seconds": interval.seconds,
            "why": interval.why,
            "source": interval.source.key if interval.source else None,
        }
        for interval in intervals
    ]


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "stage": difference.stage,
        "psa_verdict": difference.psa_verdict,
        "our_verdict": difference.our_verdict,
        "seconds": difference.seconds,
        "cause": difference.cause,
    }


def _time(at: datetime | None) -> str | None:
    return None if at is None else instant(at.astimezone(UTC))
