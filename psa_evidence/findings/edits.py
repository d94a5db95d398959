"""Notes and time entries that were updated after they were made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import Final

from psa_evidence.findings.statement import Finding, Statement
from psa_evidence.findings.words import count, span, when
from psa_evidence.records import Message, RecordSet, TimeEntry, said_once

SAVING: Final = timedelta(seconds=60)
"""A PSA stamps the update of a new record seconds after its creation."""


def edits(records: RecordSet, *, zone: tzinfo) -> Finding:
    """Every note and time entry that the records show to have been updated more than a minute after it was made."""
    every: tuple[Message | TimeEntry, ...] = (*said_once(records), *records.time_entries)
    changed = [statement for item in every for statement in _edit(item, zone)]
    examined = len(every)
    dated = sum(_made(item) is not None and item.updated_at is not None for item in every)
    unknown = examined - dated
    summary = Statement(
        text="No note or time entry is shown by these records."
        if not every
        else f"Of {count(examined, 'note or time entry', 'notes and time entries')}, {len(changed):,} "
        f"{'was' if len(changed) == 1 else 'were'} updated more than a minute after being made; "
        f"{dated - len(changed):,} {'was' if dated - len(changed) == 1 else 'were'} not"
        + (f"; of {unknown:,} the records do not show both times." if unknown else "."),
        sources=tuple(s for statement in changed for s in statement.sources),
    )
    return Finding(
        id="edits",
        title="Notes and time changed afterwards",
        question="Were notes or time entries changed after they were made?",
        statements=(summary, *changed),
        examined=examined,
        limits="The PSA keeps the time of the last update only: what a record said before, and how often it was "
        "changed, is not shown by these records unless an earlier capture holds it. A time entry that the PSA lists "
        "among the notes as well is examined once, as the time entry.",
    )


def _made(item: Message | TimeEntry) -> datetime | None:
    """When it was typed in. The time of a note on work is that of the work, and says nothing of its making."""
    if isinstance(item, Message) and item.entered_at is None and not item.from_time_entry:
        return item.at
    return item.entered_at


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
