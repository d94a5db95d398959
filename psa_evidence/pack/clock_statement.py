"""The clock of a ticket's stages, second by second: intervals that add up to the figure, and a strip of the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import STAGES, Dossier
from psa_evidence.records import SourceRef, Ticket
from psa_evidence.sla.results import Interval, StageResult
from psa_evidence.spi import Block, Column, Heading, Paragraph, Strip, StripSegment, Table

READINGS: Final = ("psa", "contract", "strict")
READING_NAME: Final = {"psa": "PSA's own figure", "contract": "contract reading", "strict": "strict reading (no pause)"}
MAX_SEGMENTS: Final = 400
"""A bar of more pieces shows nothing; the table of intervals has all."""
_STATES: Final = 2
"""A bar that looks the same from end to end shows nothing either."""
_BOTH: Final = "contract and strict reading"

_CLOSED: Final = "; outside opening hours"
_SHORT: Final = 60
"""A reason of so many characters is printed in each row: it takes two lines at most."""
_ABOVE: Final = "as above"

_Ground = tuple[str, SourceRef | None]
_NOTHING: Final[_Ground] = ("", None)

_Clock = tuple[StageResult, Sequence[Interval]]


def clock_statement(dossier: Dossier, ticket: Ticket) -> tuple[Block, ...]:
    """Verdicts of all stages and readings, then what they rest on under the contract reading, and the intervals."""
    sla = dossier.sla[ticket.id]
    results = [sla.result(stage, "contract") for stage in STAGES]
    clocks = [(result, result.intervals) for result in results]
    bases = {_basis(result) for result in results}
    shared = [note for note in results[0].notes if all(note in other.notes for other in results)]
    blocks: list[Block] = [Heading(text=f"Clock statement of ticket {ticket.id}"), _verdicts(dossier, sla.results)]
    if len(bases) == 1 and (basis := bases.pop()):
        blocks.append(Paragraph(text=f"All stages: {basis}.", style="small"))
    blocks.extend(Paragraph(text=f"All stages: {note}", style="small") for note in shared)
    for result, intervals in clocks:
        blocks.extend(_stage(dossier, result, intervals, told_basis=not bases, told=shared))
    blocks.extend(_intervals_of(dossier, [clock for clock in clocks if clock[1]]))
    if sla.differences:
        blocks.append(Heading(text="Where the PSA's figure differs", level=3))
        blocks.extend(
            Paragraph(
                text=f"{d.stage}: the PSA's figure says {d.psa_verdict}, the computation says {d.our_verdict}"
                + (f", {wording.duration(d.seconds)} apart (computation minus PSA)" if d.seconds is not None else "")
                + f". Likely cause: {d.cause}"
            )
            for d in sla.differences
        )
    return tuple(blocks)


def _verdicts(dossier: Dossier, results: Sequence[StageResult]) -> Table:
    """A row for each stage and reading; one for both readings of the contract where they give the same."""
    rows: list[tuple[str, ...]] = []
    for result in results:
        row = (
            result.stage, READING_NAME[result.reading], result.verdict, _span(result.target_seconds or None),
            _span(result.elapsed_seconds), _span(result.paused_seconds), _at(dossier, result, "due"),
            _at(dossier, result, "met"),
        )  # fmt: skip
        if rows and (rows[-1][0], rows[-1][1]) == (row[0], READING_NAME["contract"]) and rows[-1][2:] == row[2:]:
            rows[-1] = (row[0], _BOTH, *row[2:])
        else:
            rows.append(row)
    both = " The contract reading and the strict one, which knows no pause, stand in one row where they give the same."
    return Table(
        columns=(
            Column(title="Stage", width=0), Column(title="Reading", width=1.4), Column(title="Verdict", width=0),
            Column(title="Target", align="right", width=0), Column(title="Elapsed", align="right", width=0),
            Column(title="Paused", align="right", width=0), Column(title="Due", width=0),
            Column(title="Met", width=0),
        ),
        rows=tuple(rows),
        caption="Times of open hours on the calendar, to the second. The PSA's figure is copied, not computed."
        + (both if any(row[1] == _BOTH for row in rows) else ""),
    )  # fmt: skip


def _stage(
    dossier: Dossier, result: StageResult, intervals: Sequence[Interval], *, told_basis: bool, told: Sequence[str]
) -> list[Block]:  # fmt: skip
    """Verdict and reason of a stage, without what was `told` of all of them, and its strip."""
    basis = "" if told_basis else _basis(result)
    blocks: list[Block] = [
        Heading(text=f"{result.stage.capitalize()}: {result.verdict}", level=3),
        Paragraph(text=_reason(dossier, result) + (f" ({basis})" if basis else "")),
        *(Paragraph(text=note, style="small") for note in result.notes if note not in told),
    ]
    if (strip := _strip(result, intervals)) is not None:
        blocks.append(strip)
    return blocks


def _reason(dossier: Dossier, result: StageResult) -> str:
    """The due instant of the reason in local time too."""
    due = wording.utc(result.due_at)
    return result.reason.replace(due, f"{due} ({_at(dossier, result, 'due')})", 1) if due else result.reason


def _basis(result: StageResult) -> str:
    return "; ".join(
        f"{name} {value}" for name, value in (
            ("priority", result.priority), ("policy", result.policy), ("calendar", result.calendar)) if value
    )  # fmt: skip


def _intervals_of(dossier: Dossier, clocks: Sequence[_Clock]) -> list[Block]:
    """Every interval of every stage, each until the next begins. Stages that run through the same ones share a table,
    with a sum where each ends."""
    blocks: list[Block] = []
    for together in _together(clocks):
        longest = max((intervals for _, intervals in together), key=len)
        ends: dict[int, list[str]] = {}
        for result, intervals in together:
            ends.setdefault(len(intervals), []).append(result.stage)
        rows: list[tuple[str, ...]] = []
        total, above = 0, _NOTHING
        for place, interval in enumerate(longest, 1):
            total += interval.seconds
            rows.append((
                wording.local(interval.start, dossier.zone), interval.state, wording.duration(interval.seconds),
                *_grounds(interval, above),
            ))  # fmt: skip
            above = _ground(interval)
            if ended := ", ".join(ends.get(place, ())):
                rows.append((
                    wording.local(interval.end, dossier.zone), "sum", wording.duration(total), f"{total:,} seconds",
                    f"end of {ended}",
                ))  # fmt: skip
                above = _NOTHING
        stages = ", ".join(result.stage for result, _ in together)
        blocks += [
            Heading(text=f"Intervals: {stages}", level=3),
            Table(
                columns=(
                    Column(title="From", width=0), Column(title="State", width=0),
                    Column(title="Counted", align="right", width=0), Column(title="Why"), Column(title="Record"),
                ),
                rows=tuple(rows),
                caption=f"Contract reading; {_intervals(len(longest))} without gap: each lasts until the instant in "
                "the next row. A sum is that of all intervals above it.",
            ),
        ]  # fmt: skip
    return blocks


def _ground(interval: Interval) -> _Ground:
    """Why the clock ran or stood, hours aside, and the record that says so."""
    return interval.why.removesuffix(_CLOSED), interval.source


def _grounds(interval: Interval, above: _Ground) -> tuple[str, str]:
    """Reason and record. A long reason that is that of the row above is not printed at every night again: that a row
    is outside opening hours its state says."""
    if len(above[0]) > _SHORT and _ground(interval) == above:
        return _ABOVE, _ABOVE
    return interval.why, interval.source.key if interval.source else "-"


def _together(clocks: Sequence[_Clock]) -> list[list[_Clock]]:
    """Stages in groups: of two in a group, one begins with all the intervals of the other."""
    groups: list[list[_Clock]] = []
    for clock in clocks:
        for group in groups:
            if all(_begin_alike(clock[1], other) for _, other in group):
                group.append(clock)
                break
        else:
            groups.append([clock])
    return groups


def _begin_alike(one: Sequence[Interval], other: Sequence[Interval]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _strip(result: StageResult, intervals: Sequence[Interval]) -> Strip | None:
    segments: list[StripSegment] = []
    for interval in intervals:
        segments.extend(_cut(interval, result))
    if len(segments) > MAX_SEGMENTS or len({segment.state for segment in segments}) < _STATES:
        return None
    marks = [(at, name) for at, name in ((result.due_at, "due"), (result.met_at, "met")) if at is not None]
    marks = [m for m in marks if segments[0].start <= m[0] <= segments[-1].end]
    return Strip(
        segments=tuple(segments), marks=tuple(marks),
        caption=f"The {result.stage} clock, contract reading. Illustration; the table of intervals governs.",
    )  # fmt: skip


def _cut(interval: Interval, result: StageResult) -> list[StripSegment]:
    """An interval as segments: what was counted after the due instant is `over`."""
    due = result.due_at
    if interval.end <= interval.start:
        return []
    state: Literal["counted", "paused", "closed"] = interval.state
    if state != "counted" or due is None or interval.end <= due:
        return [StripSegment(start=interval.start, end=interval.end, state=state)]
    if interval.start >= due:
        return [StripSegment(start=interval.start, end=interval.end, state="over")]
    return [
        StripSegment(start=interval.start, end=due, state="counted"),
        StripSegment(start=due, end=interval.end, state="over"),
    ]


def _span(seconds: int | None) -> str:
    return "-" if seconds is None else wording.duration(seconds)


def _at(dossier: Dossier, result: StageResult, which: Literal["due", "met"]) -> str:
    at = result.due_at if which == "due" else result.met_at
    return "-" if at is None else wording.local(at, dossier.zone)


def _intervals(count: int) -> str:
    return "1 interval" if count == 1 else f"{count} intervals"
