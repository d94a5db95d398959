"""Time that was typed in more than a day after the work."""

from __future__ import annotations

from datetime import timedelta, tzinfo
from typing import Final

from psa_evidence.findings.statement import Finding, Statement
from psa_evidence.findings.words import count, percent, span, when
from psa_evidence.records import RecordSet

PROMPT: Final = timedelta(hours=24)


def late_entries(records: RecordSet, *, zone: tzinfo) -> Finding:
    """Each entry typed in more than 24 hours after the work ended, and the share typed in within 24 hours."""
    late: list[Statement] = []
    prompt = []
    unknown = 0
    for entry in records.time_entries:
        worked = entry.ended_at or entry.started_at
        if worked is None or entry.entered_at is None:
            unknown += 1
        elif entry.entered_at - worked <= PROMPT:
            prompt.append(entry.source)
        else:
            late.append(
                Statement(
                    text=f"Work that ended {when(worked, zone)} was entered {when(entry.entered_at, zone)}, "
                    f"{span(entry.entered_at - worked)} later.",
                    sources=(entry.source,),
                    adverse=True,
                    ticket_id=entry.ticket_id,
                    at=entry.entered_at,
                )
            )
    dated = len(prompt) + len(late)
    share = percent(len(prompt), dated)
    summary = Statement(
        text=f"{len(prompt):,} of {count(dated, 'time entry', 'time entries')} with both times were entered within "
        f"24 hours of the work{f' ({share})' if share else ''}, {len(late):,} later."
        if dated
        else "No time entry of these records has both times.",
        sources=tuple(prompt),
    )
    lacking = f" {count(unknown, 'entry lacks', 'entries lack')} one of the two times." if unknown else ""
    return Finding(
        id="late-entries",
        title="Time entered late",
        question="When was the time typed in, compared with when the work was done?",
        statements=(summary, *late),
        examined=len(records.time_entries),
        limits="When the work was done is what the entry itself says." + lacking,
    )
