"""Where the PSA's own figures or flags say otherwise than the computation."""

from __future__ import annotations

from collections.abc import Sequence

from psa_evidence.findings.statement import Finding, Statement
from psa_evidence.findings.words import count
from psa_evidence.records import RecordSet, Ticket
from psa_evidence.sla import Difference, TicketSla
from psa_evidence.sla.display import duration


def psa_disagreements(records: RecordSet, results: Sequence[TicketSla]) -> Finding:
    """Each stage whose verdict or figure differs, and each ticket flagged "in SLA" that missed a promise."""
    tickets = {ticket.id: ticket for ticket in records.tickets}
    found: list[Statement] = []
    stages = stated = differing = 0
    for result in results:
        ticket = tickets.get(result.ticket_id)
        if ticket is None:
            continue
        stages += len({item.stage for item in result.results})
        stated += sum(item.reading == "psa" and item.stated for item in result.results)
        differing += len(result.differences)
        found += [_difference(ticket, difference) for difference in result.differences]
        missed = [r.stage for r in result.results if r.reading == "contract" and r.verdict == "missed"]
        if ticket.psa.in_sla and missed:
            found.append(
                Statement(
                    text=f"The PSA flags ticket {ticket.id} as in SLA; by the contract reading it missed: "
                    f"{', '.join(missed)}.",
                    sources=(ticket.source,),
                    adverse=True,
                    ticket_id=ticket.id,
                    at=ticket.entered_at,
                )
            )
    summary = Statement(
        text=f"Of {count(stages, 'stage')} of {count(len(results), 'ticket')} the PSA gives a figure or a verdict for "
        f"{stated:,}; {differing:,} of them {'differs' if differing == 1 else 'differ'} from the computation. "
        + _flagged(found, differing),
        sources=(),
    )
    return Finding(
        id="psa-disagreements",
        title="The PSA's own figures",
        question="Where do the PSA's own SLA figures differ from the computation?",
        statements=(summary, *found),
        examined=stages,
        limits="How the PSA computes its figures is not documented by its maker; a likely cause is named only where "
        "the records bear it out. Tickets for which the PSA gives no figure cannot be compared.",
    )


def _flagged(found: Sequence[Statement], differing: int) -> str:
    flagged = len(found) - differing
    if not found:
        return "No ticket that missed a target bears the PSA's flag 'in SLA'."
    return (
        f"{count(flagged, 'ticket')} that missed a target {'bears' if flagged == 1 else 'bear'} the PSA's flag "
        f"'in SLA'. In {sum(s.adverse for s in found):,} of these {len(found):,} the PSA's word is more favourable to "
        "the provider."
    )


def _difference(ticket: Ticket, difference: Difference) -> Statement:
    if difference.seconds is None:
        apart = ""
    elif difference.seconds >= 0:
        apart = f" The computed figure is {duration(difference.seconds)} longer."
    else:
        apart = f" The computed figure is {duration(-difference.seconds)} shorter."
    return Statement(
        text=f"Ticket {ticket.id}, {difference.stage}: the PSA says {difference.psa_verdict}, the computation "
        f"{difference.our_verdict}.{apart} Likely cause: {difference.cause}.",
        sources=(ticket.source,),
        adverse=difference.psa_verdict == "met" and difference.our_verdict == "missed",
        ticket_id=ticket.id,
        at=ticket.entered_at,
    )
