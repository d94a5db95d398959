"""What a PSA shows in two lists is one thing."""

from __future__ import annotations

from psa_evidence.records.recordset import RecordSet
from psa_evidence.records.service import Message


def said_once(records: RecordSet) -> tuple[Message, ...]:
    """The messages without those that only repeat a time entry which is among the records (its ticket and start)."""
    told = {(entry.ticket_id, entry.started_at) for entry in records.time_entries}
    return tuple(m for m in records.messages if not (m.from_time_entry and (m.ticket_id, m.at) in told))
