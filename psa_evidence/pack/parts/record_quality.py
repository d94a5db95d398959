"""Record quality, before anybody asks: late entries, edits, gaps, unread lines, dates that cannot be right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import Final

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts import unlisted_numbers
from psa_evidence.pack.parts.finding_blocks import findings_in
from psa_evidence.records import SourceRef, TimeEntry
from psa_evidence.spi import Block, Column, Heading, Part, Table

MARGIN: Final = timedelta(minutes=1)
"""The PSA stamps the parts of one act some seconds apart."""

SHOWN: Final = 200
"""Rows printed of a long list; the CSV has all, and the page says so."""


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block] = [
        *findings_in(dossier, "record-quality"),
        *unlisted_numbers.blocks(dossier),
        Heading(text="Dates and durations that cannot be right"),
        _anomalies(dossier),
        Heading(text="Records and lines that could not be read"),
        _unread(dossier),
    ]
    return Part(id="record-quality", number=number, title="Record quality", page_kind="B", blocks=tuple(blocks))


def lag(entry: TimeEntry) -> timedelta | None:
    """How long after the work ended (or began, when no end is recorded) the entry was typed in."""
    worked = entry.ended_at or entry.started_at
    return None if worked is None or entry.entered_at is None else entry.entered_at - worked


def _more(hours: float, between: timedelta) -> bool:
    """Whether more than a minute is recorded beside what the clock gave. A deduction makes hours fewer, never more."""
    return between >= timedelta(0) and hours * 3600 > between.total_seconds() + MARGIN.total_seconds()


def _anomalies(dossier: Dossier) -> Table:
    found = chain(
        _of_time_entries(dossier), _of_tickets(dossier), _of_messages(dossier), _of_agreements(dossier)
    )  # fmt: skip
    return Table(
        columns=(Column(title="Exhibit"), Column(title="What the record says", width=4)),
        rows=tuple((dossier.cell(source), what) for source, what in found),
        empty="No date or duration that cannot be right is shown by these records.",
    )


def _of_time_entries(dossier: Dossier) -> Iterator[tuple[SourceRef, str]]:
    for e in dossier.records.time_entries:
        name = f"time entry {e.id}"
        if e.started_at and e.ended_at and e.ended_at < e.started_at:
            yield e.source, f"{name} ends before it begins"
        if e.hours is not None and e.hours < 0:
            yield e.source, f"{name} records negative hours"
        if (gap := lag(e)) is not None and gap < -MARGIN:
            yield e.source, f"{name} was typed in before the work ended"
        if e.started_at and e.ended_at and e.hours is not None and _more(e.hours, e.ended_at - e.started_at):
            yield e.source, f"{name} records more hours than lie between its times"
        if e.ended_at and e.ended_at > dossier.as_of:
            yield e.source, f"{name} ends after the date of these records"
        if e.entered_at and e.entered_at > dossier.as_of + MARGIN:
            yield e.source, f"{name} was typed in after the date of these records"


def _of_tickets(dossier: Dossier) -> Iterator[tuple[SourceRef, str]]:
    for t in dossier.population.tickets:
        if t.closed_at and t.entered_at and t.closed_at < t.entered_at:
            yield t.source, f"ticket {t.id} is closed before it was entered"
        for done, at in (("entered", t.entered_at), ("closed", t.closed_at)):
            if at and at > dossier.as_of + MARGIN:
                yield t.source, f"ticket {t.id} is {done} after the date of these records"


def _of_messages(dossier: Dossier) -> Iterator[tuple[SourceRef, str]]:
    for m in dossier.records.messages:
        ticket = dossier.ticket.get(m.ticket_id)
        if m.at and m.at > dossier.as_of:
            yield m.source, f"note {m.id} is dated after the date of these records"
        elif m.at and ticket and ticket.entered_at and m.at < ticket.entered_at - MARGIN:
            yield m.source, f"note {m.id} is dated before its ticket was entered"


def _of_agreements(dossier: Dossier) -> Iterator[tuple[SourceRef, str]]:
    for a in dossier.records.agreements:
        if a.start and a.end and a.end < a.start:
            yield a.source, f"agreement {a.id} ends before it begins"


def _unread(dossier: Dossier) -> Table:
    unread = dossier.records.unread
    return Table(
        columns=(Column(title="Exhibit"), Column(title="Record", width=1.5), Column(title="Reason", width=3)),
        rows=tuple((dossier.cell(u.source), u.source.key, u.reason) for u in unread[:SHOWN]),
        caption=f"{min(len(unread), SHOWN):,} of {len(unread):,} shown; all stand in data/tables/unread.csv."
        if unread
        else "",
        empty="Every captured record in scope was read.",
    )
