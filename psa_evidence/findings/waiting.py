"""How long the clock stood still, for whom by the status's own name, and what was recorded meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta, tzinfo
from typing import Final

from psa_evidence.findings.pauses import Pause, pauses, waited_for
from psa_evidence.findings.statement import Finding, Statement
from psa_evidence.findings.words import count, span, when
from psa_evidence.records import Message, RecordSet, Side
from psa_evidence.sla import TicketSla
from psa_evidence.sla.display import duration

ASKED_WITHIN: Final = timedelta(hours=1)
"""A question to the client is looked for from an hour before a pause to its end."""
HEEDED_WITHIN: Final = timedelta(hours=1)


def waiting(records: RecordSet, results: Sequence[TicketSla], *, zone: tzinfo) -> Finding:
    """Time in pausing statuses by side waited for, and pauses that the messages do not bear out."""
    statuses = {change.source.key: change.new for change in records.changes}
    messages: dict[str, list[Message]] = {}
    for message in records.messages:
        messages.setdefault(message.ticket_id, []).append(message)
    totals: dict[Side, int] = {}
    doubtful: list[Statement] = []
    counted = paused = 0
    for ticket in results:
        longest = next((r for r in ticket.results if r.stage == "resolution" and r.reading == "contract"), None)
        for pause in pauses(longest) if longest else ():
            status = statuses.get(pause.source.key) if pause.source else None
            side = waited_for(status or pause.why)
            counted += 1
            totals[side] = totals.get(side, 0) + pause.seconds
            if side == "client":
                doubtful += _unborne(ticket.ticket_id, pause, messages.get(ticket.ticket_id, []), zone)
        paused += (longest.paused_seconds or 0) if longest else 0
    summary = Statement(
        text=f"The clock stood still in {count(counted, 'pause')}, {duration(paused)} of opening "
        "hours in all." + _by_side(totals)
        if counted
        else "The clock stood still in no pause.",
        sources=(),
    )
    return Finding(
        id="waiting",
        title="Time the clock stood still",
        question="For how long was the clock paused, for whom, and do the messages bear the pauses out?",
        statements=(summary, *doubtful),
        examined=len(results),
        limits="Whom a status waits for is taken from its name alone; calls that were not recorded are not shown by "
        "these records.",
    )


def _by_side(totals: dict[Side, int]) -> str:
    shares = [_share(side, totals[side]) for side in sorted(totals)]
    return f" Around the clock: {'; '.join(shares)}." if shares else ""


def _share(side: Side, seconds: int) -> str:
    whom = {"client": "the client", "vendor": "a vendor", "msp": "the provider", "system": "a system"}.get(side)
    told = f"waiting for {whom}" if whom else "in statuses that name nobody"
    return f"{duration(seconds)} {told}"


def _unborne(ticket_id: str, pause: Pause, messages: Sequence[Message], zone: tzinfo) -> list[Statement]:
    """Pauses for the client without a question to him, or that went on after he had answered.

    What was written when a pause ended asked for nothing during it, and a note of work done is no question.
    """
    sources = () if pause.source is None else (pause.source,)
    found = []
    asked = [
        m for m in messages
        if m.at and m.side == "msp" and m.internal is not True and not m.from_time_entry
        and pause.start - ASKED_WITHIN <= m.at < pause.end
    ]  # fmt: skip
    if not asked:
        found.append(
            Statement(
                text=f"Ticket {ticket_id}: paused for the client from {when(pause.start, zone)} to "
                f"{when(pause.end, zone)}; no message to the client from an hour before it to its end is shown by "
                "these records (notes of time entries are none).",
                sources=sources,
                adverse=True,
                ticket_id=ticket_id,
                at=pause.start,
            )
        )
    answers = [m for m in messages if m.at and m.side == "client" and pause.start < m.at < pause.end]
    if answers and answers[0].at is not None and pause.end - answers[0].at > HEEDED_WITHIN:
        found.append(
            Statement(
                text=f"Ticket {ticket_id}: the client wrote {when(answers[0].at, zone)}; the clock stayed paused for "
                f"{span(pause.end - answers[0].at)} more, until {when(pause.end, zone)}.",
                sources=(*sources, answers[0].source),
                adverse=True,
                ticket_id=ticket_id,
                at=answers[0].at,
            )
        )
    return found
