"""The clock of every stage as stretches without gap, from entry to the stage's end, each with the record that began it.

The engine's intervals are cut at each opening and closing. Here the nights of one stretch are added up: its counted,
paused and closed seconds are its length.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.tables.table import UTC, Row, exhibit, table
from psa_evidence.pack.wording import utc
from psa_evidence.records import SourceRef, Ticket
from psa_evidence.sla.results import Interval, StageResult
from psa_evidence.spi import DataTable

_CLOSED = "; outside opening hours"
_SECOND = timedelta(seconds=1)
Bearing = Mapping[datetime, str]
"""Whole seconds to the key of a record of the ticket that bears the instant."""


@dataclass(slots=True)
class _Stretch:
    start: datetime
    end: datetime
    why: str
    source: SourceRef | None
    seconds: dict[str, int] = field(default_factory=lambda: {"counted": 0, "paused": 0, "closed": 0})


def sla_intervals(dossier: Dossier) -> DataTable:
    columns = (
        ("ticket", "ticket id"), ("stage", "response, plan or resolution"), ("reading", "contract or strict"),
        ("from", UTC), ("to", UTC), ("counted_seconds", "open seconds that count"),
        ("paused_seconds", "open seconds in which the clock was paused"),
        ("closed_seconds", "seconds outside opening hours"), ("why", "why the clock ran or stood"),
        ("from_record", "key of the record that bears `from`; empty: none does, which the column why explains"),
        ("to_record", "of the last stretch: key of a record that bears `to`; empty: the date of the records"),
    )  # fmt: skip

    def rows() -> Iterator[Row]:
        for ticket in dossier.population.tickets:
            bearing = _bearing(dossier, ticket)
            shown_by = exhibit(dossier, ticket.source.key)
            for result in dossier.sla[ticket.id].results:
                for cells in _cells(result, bearing):
                    yield (ticket.id, result.stage, result.reading, *cells), shown_by

    return table("sla_intervals", "The clock of every stage, stretch by stretch", columns, rows())


def _cells(result: StageResult, bearing: Bearing) -> Iterator[tuple[str, ...]]:
    stretches = _stretches(result.intervals)
    for number, each in enumerate(stretches, 1):
        last = number == len(stretches) and result.met_at is not None
        counted, paused, closed = (str(each.seconds[state]) for state in ("counted", "paused", "closed"))
        yield (
            utc(each.start), utc(each.end), counted, paused, closed, each.why, bearing.get(each.start, ""),
            bearing.get(each.end, "") if last else "",
        )  # fmt: skip


def _stretches(intervals: tuple[Interval, ...]) -> list[_Stretch]:
    """Neighbours with one reason, opening hours aside, are one."""
    found: list[_Stretch] = []
    for interval in intervals:
        why = interval.why.removesuffix(_CLOSED) if interval.state == "closed" else interval.why
        if not found or (found[-1].why, found[-1].source) != (why, interval.source):
            found.append(_Stretch(interval.start, interval.end, why, interval.source))
        found[-1].end = interval.end
        found[-1].seconds[interval.state] += (interval.end - interval.start) // _SECOND
    return found


def _bearing(dossier: Dossier, ticket: Ticket) -> dict[datetime, str]:
    """A line of the history before another record, and the ticket itself before all."""
    found: dict[datetime, str] = {}

    def bears(at: datetime | None, source: SourceRef) -> None:
        if at is not None:
            found.setdefault(at.replace(microsecond=0), source.key)

    bears(ticket.entered_at, ticket.source)
    for line in dossier.history.get(ticket.id, ()):
        bears(line.at, line.source)
    for message in dossier.messages.get(ticket.id, ()):
        bears(message.at, message.source)
    for entry in dossier.time_entries.get(ticket.id, ()):
        for at in (entry.started_at, entry.ended_at, entry.entered_at):
            bears(at, entry.source)
    bears(ticket.closed_at, ticket.source)
    return found
