"""Pauses as people know them: from the status that stopped the clock to its end, over nights and weekends.

The clock statement divides a pause at every closing time; counted so, one pause of a week would look like five.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psa_evidence.records import Side, SourceRef
from psa_evidence.sla import StageResult

_NAMES: Final[tuple[tuple[Side, re.Pattern[str]], ...]] = (
    ("client", re.compile(r"client|customer|user|contact|caller|requestor|requester", re.IGNORECASE)),
    ("vendor", re.compile(r"vendor|supplier|third.?party|3rd.?party|carrier|manufacturer|parts?\b", re.IGNORECASE)),
    ("msp", re.compile(r"internal|technician|engineer|schedul|dispatch", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """From `start` to `end` (UTC) one status stopped the clock; `open_seconds` of it were opening hours.

    `end` is the last open instant of it: a status left at night ends its pause at the close before.
    """

    start: datetime
    end: datetime
    open_seconds: int
    why: str
    source: SourceRef | None

    @property
    def seconds(self) -> int:
        """Around the clock."""
        return int((self.end - self.start).total_seconds())


def pauses(result: StageResult) -> tuple[Pause, ...]:
    """The pauses of a stage: paused intervals of one status, joined where only closed hours lie between them."""
    found: list[Pause] = []
    running = False
    for interval in result.intervals:
        if interval.state == "closed":
            continue
        if interval.state == "paused":
            held = int((interval.end - interval.start).total_seconds())
            start = interval.start
            if running and (found[-1].why, found[-1].source) == (interval.why, interval.source):
                last = found.pop()
                start, held = last.start, held + last.open_seconds
            found.append(
                Pause(start=start, end=interval.end, open_seconds=held, why=interval.why, source=interval.source)
            )
        running = interval.state == "paused"
    return tuple(found)


def waited_for(status: str | None) -> Side:
    """The side that a pausing status names in its own name; `unknown` when it names none, or several."""
    named = {side for side, pattern in _NAMES if status and pattern.search(status)}
    if len(named) > 1 and "msp" in named:
        named.discard("msp")
    return named.pop() if len(named) == 1 else "unknown"
