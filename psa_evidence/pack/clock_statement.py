"""The clock of a ticket's stages, second by second: intervals that add up to the figure, and a strip of the same."""

from __future__ import annotations

from typing import Final, Literal

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import STAGES, Dossier
from psa_evidence.records import Ticket
from psa_evidence.sla.results import Interval, StageResult
from psa_evidence.spi import Block, Column, Heading, Paragraph, Strip, StripSegment, Table

READINGS: Final = ("psa", "contract", "strict")
READING_NAME: Final = {"psa": "PSA's own figure", "contract": "contract reading", "strict": "strict reading (no pause)"}
MAX_SEGMENTS: Final = 400
"""A bar of more pieces shows nothing; the table below it has all."""


def clock_statement(dossier: Dossier, ticket: Ticket) -> tuple[Block, ...]:
    """Verdicts of all stages and readings, then each stage's intervals under the contract reading."""
    sla = dossier.sla[ticket.id]
    blocks: list[Block] = [
        Heading(text=f"Clock statement of ticket {ticket.id}"),
        Table(
            columns=(
                Column(title="Stage"), Column(title="Reading", width=1.4), Column(title="Verdict"),
                Column(title="Target", align="right"), Column(title="Elapsed", align="right"),
                Column(title="Paused", align="right"), Column(title="Due", width=1.7), Column(title="Met", width=1.7),
            ),
            rows=tuple(
                (
                    r.stage, READING_NAME[r.reading], r.verdict, _span(r.target_seconds), _span(r.elapsed_seconds),
                    _span(r.paused_seconds), _at(dossier, r, "due"), _at(dossier, r, "met"),
                )
                for r in sla.results
            ),
            caption="Times of open hours on the calendar, to the second. The PSA's figure is copied, not computed.",
        ),
    ]  # fmt: skip
    for stage in STAGES:
        result = sla.result(stage, "contract")
        blocks.extend(_stage(dossier, result))
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


def _stage(dossier: Dossier, result: StageResult) -> list[Block]:
    zone = dossier.zone
    basis = "; ".join(
        f"{name} {value}" for name, value in (
            ("priority", result.priority), ("policy", result.policy), ("calendar", result.calendar)) if value
    )  # fmt: skip
    blocks: list[Block] = [
        Heading(text=f"{result.stage.capitalize()}: {result.verdict}", level=3),
        Paragraph(text=result.reason + (f" ({basis})" if basis else "")),
        *(Paragraph(text=note, style="small") for note in result.notes),
    ]
    if not result.intervals:
        return blocks
    if (strip := _strip(result)) is not None:
        blocks.append(strip)
    total = sum(i.seconds for i in result.intervals)
    blocks.append(
        Table(
            columns=(
                Column(title="From", width=1.7), Column(title="To", width=1.7), Column(title="State", width=0.7),
                Column(title="Counted", align="right", width=1.1), Column(title="Why", width=1.8),
                Column(title="Record", width=1.3),
            ),
            rows=(
                *(
                    (
                        wording.local(i.start, zone), wording.local(i.end, zone), i.state,
                        wording.duration(i.seconds), i.why, i.source.key if i.source else "-",
                    )
                    for i in result.intervals
                ),
                ("Sum", "", "", wording.duration(total), f"{total:,} seconds", ""),
            ),
            caption=f"Contract reading of the {result.stage} stage; {_intervals(len(result.intervals))} without gap.",
        )
    )  # fmt: skip
    return blocks


def _strip(result: StageResult) -> Strip | None:
    segments: list[StripSegment] = []
    for interval in result.intervals:
        segments.extend(_cut(interval, result))
    if not segments or len(segments) > MAX_SEGMENTS:
        return None
    marks = [(at, name) for at, name in ((result.due_at, "due"), (result.met_at, "met")) if at is not None]
    marks = [m for m in marks if segments[0].start <= m[0] <= segments[-1].end]
    return Strip(
        segments=tuple(segments), marks=tuple(marks),
        caption=f"The {result.stage} clock, contract reading. Illustration; the table below it governs.",
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
