"""Ticket numbers: which are in the records, and what the ones between them say (by themselves, nothing)."""

from __future__ import annotations

from datetime import tzinfo

from psa_evidence.findings.statement import Finding, Statement
from psa_evidence.findings.words import count, when
from psa_evidence.records import RecordSet


def number_gaps(records: RecordSet, *, zone: tzinfo) -> Finding:
    """The range of ticket numbers, how many of it are here, and the deletions and merges that the history names."""
    numbers = sorted(int(t.id) for t in records.tickets if t.id.isascii() and t.id.isdigit())
    statements: list[Statement] = []
    if numbers:
        between = numbers[-1] - numbers[0] + 1 - len(set(numbers))
        statements.append(
            Statement(
                text=f"{count(len(numbers), 'ticket')} with numbers from {numbers[0]} to {numbers[-1]} are in these "
                f"records; {count(between, 'number')} between them are not. A PSA numbers the tickets of all clients, "
                "and other records too, from one sequence: by itself a number that is not here says nothing.",
                sources=tuple(ticket.source for ticket in records.tickets),
            )
        )
    else:
        statements.append(
            Statement(text="No ticket of these records has a number beside which another could be missing.", sources=())
        )
    statements += [
        Statement(
            text=f"The history of ticket {change.ticket_id} records its "
            f"{'deletion' if change.field == 'deleted' else 'merging'} {when(change.at, zone)}"
            f"{f' by {change.by}' if change.by else ''}.",
            sources=(change.source,),
            adverse=change.field == "deleted",
            ticket_id=change.ticket_id,
            at=change.at,
        )
        for change in records.changes
        if change.field in ("deleted", "merged")
    ]
    statements += [
        Statement(
            text=f"Ticket {ticket.id} was merged into ticket {ticket.merged_into_id}.",
            sources=(ticket.source,),
            ticket_id=ticket.id,
            at=ticket.entered_at,
        )
        for ticket in records.tickets
        if ticket.merged_into_id is not None
    ]
    return Finding(
        id="number-gaps",
        title="Ticket numbers",
        question="Are there ticket numbers that these records do not hold?",
        statements=tuple(statements),
        examined=len(records.tickets),
        limits="Which ticket a number outside these records belongs to, and whether it was deleted, is not shown by "
        "these records; earlier captures may hold tickets that were deleted since.",
    )
