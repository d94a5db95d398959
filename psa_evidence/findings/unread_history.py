"""Records, or parts of them, that could not be interpreted."""

from __future__ import annotations

from collections.abc import Sequence

from psa_evidence.findings.statement import Finding, Statement
from psa_evidence.findings.words import count
from psa_evidence.records import RecordSet, Unread
from psa_evidence.sla import TicketSla


def unread_history(records: RecordSet, results: Sequence[TicketSla]) -> Finding:
    """What could not be read, by ticket; adverse where it leaves a promise not determined."""
    undetermined = {
        result.ticket_id
        for result in results
        if any(r.verdict == "not determined" and r.reading == "contract" for r in result.results)
    }
    by_ticket: dict[str | None, list[Unread]] = {}
    for unread in records.unread:
        by_ticket.setdefault(unread.ticket_id, []).append(unread)
    statements = [
        Statement(
            text=_text(ticket_id, items, undetermined=ticket_id in undetermined),
            sources=tuple(dict.fromkeys(item.source for item in items)),
            adverse=ticket_id in undetermined,
            ticket_id=ticket_id,
        )
        for ticket_id, items in by_ticket.items()
    ]
    history = sum(unread.source.kind == "history" for unread in records.unread)
    told = {change.source.key for change in records.changes} | {unread.source.key for unread in records.unread}
    silent = sum(line.source.key not in told for line in records.history)
    summary = Statement(
        text=f"Of {count(len(records.history), 'line')} of history, {history:,} could not be read; {_silent(silent)}"
        f"{count(len(records.unread) - history, 'other record')} could not be read in full.",
        sources=(),
    )
    return Finding(
        id="unread-history",
        title="What could not be read",
        question="Which records could not be interpreted, and what depends on them?",
        statements=(summary, *statements),
        examined=len(records.history),
        limits="The PSA documents no wording for its history. Lines are quoted as received in the exhibits; a line "
        "that was not understood was not guessed at.",
    )


def _silent(lines: int) -> str:
    """Lines that are quoted and mean nothing to a figure: an exhibit gives no reading of them."""
    if not lines:
        return ""
    tell = "tells of no change that a figure rests on, such as an e-mail sent, and is" if lines == 1 else (
        "tell of no change that a figure rests on, such as an e-mail sent, and are"
    )  # fmt: skip
    return f"{lines:,} {tell} marked 'not read' in the exhibits; "


def _text(ticket_id: str | None, items: Sequence[Unread], *, undetermined: bool) -> str:
    reasons = "; ".join(dict.fromkeys(item.reason for item in items))
    where = f"Ticket {ticket_id}" if ticket_id is not None else "Records of no ticket"
    open_ = " A promise on this ticket is not determined." if undetermined else ""
    return f"{where}: {count(len(items), 'record or line', 'records or lines')} not read ({reasons}).{open_}"
