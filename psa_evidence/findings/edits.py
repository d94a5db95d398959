"""Notes and time entries that were updated after they were made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Final

from psa_evidence.findings.statement import Finding, Statement
from psa_evidence.findings.words import count, span, when
from psa_evidence.records import Message, RecordSet, TimeEntry

SAVING: Final = timedelta(seconds=60)
"""A PSA stamps the update of a new record seconds after its creation."""


def edits(records: RecordSet, *, zone: tzinfo) -> Finding:
    """Every note and time entry that the records show to have been updated more than a minute after it was made."""
    changed = [statement for item in _all(records) for statement in _edit(item, zone)]
    examined = len(records.messages) + len(records.time_entries)
    dated = sum(_made(item) is not None and item.updated_at is not None for item in _all(records))
    summary = Statement(
        text=f"Of {count(examined, 'note or time entry', 'notes and time entries')}, {len(changed):,} show an update "
        f"more than a minute after they were made; {dated - len(changed):,} show none; of {examined - dated:,} the "
        "records do not show both times.",
        sources=tuple(s for statement in changed for s in statement.sources),
    )
    return Finding(
        id="edits",
        title="Notes and time changed afterwards",
        question="Were notes or time entries changed after they were made?",
        statements=(summary, *changed),
        examined=examined,
        limits="The PSA keeps the time of the last update only: what a record said before, and how often it was "
        "changed, is not shown by these records unless an earlier capture holds it.",
    )


def _all(records: RecordSet) -> tuple[Message | TimeEntry, ...]:
    return (*records.messages, *records.time_entries)


def _made(item: Message | TimeEntry) -> datetime | None:
    return item.at if isinstance(item, Message) else item.entered_at


def _edit(item: Message | TimeEntry, zone: tzinfo) -> Iterator[Statement]:
    made, updated = _made(item), item.updated_at
    if made is None or updated is None or updated - made <= SAVING:
        return
    what = "A note" if isinstance(item, Message) else "A time entry"
    by = f" by {item.updated_by}" if item.updated_by else ""
    yield Statement(
        text=f"{what} made {when(made, zone)} was last updated {when(updated, zone)}{by}, "
        f"{span(updated - made)} later.",
        sources=(item.source,),
        adverse=True,
        ticket_id=item.ticket_id,
        at=updated,
    )
