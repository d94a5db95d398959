"""Whether an agreement was in force when a ticket was entered, by the days that the PSA records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import Agreement, Ticket

IN_FORCE: Final = "the agreement it names was in force"
OVER: Final = "the agreement it names was not in force: before its first day, or after its end or cancellation"
NOT_SHOWN: Final = "whether the agreement it names was in force is not shown"
ANOTHER: Final = "it names none; an agreement of this client was in force"
NOBODY_KNOWS: Final = "it names none; whether an agreement was in force is not shown"
NONE: Final = "it names none, and no agreement of this client was in force"
STANDINGS: Final = (IN_FORCE, OVER, NOT_SHOWN, ANOTHER, NOBODY_KNOWS, NONE)
"""In the order in which they are shown; each ticket has one."""


def in_force(agreement: Agreement, day: date) -> bool | None:
    """First and last day included; the earlier of end and cancellation is the last. None where the records leave it
    open: no first day, no last day without being open-ended, or cancelled without a day."""
    lasts = [last for last in (agreement.end, agreement.cancelled_on) if last is not None]
    if any(day > last for last in lasts) or (agreement.start is not None and day < agreement.start):
        return False
    open_end = bool(agreement.open_ended) and not agreement.cancelled
    known_end = agreement.cancelled_on is not None or (not agreement.cancelled and (bool(lasts) or open_end))
    return True if agreement.start is not None and known_end else None


def standing(dossier: Dossier, ticket: Ticket) -> str:
    """One of STANDINGS, by the ticket's day of entry in the matter's zone and the agreements that this copy shows."""
    day = None if ticket.entered_at is None else ticket.entered_at.astimezone(dossier.zone).date()
    agreements = {a.id: a for a in dossier.records.agreements}
    if ticket.agreement_id is not None or ticket.agreement_name is not None:
        named = agreements.get(ticket.agreement_id or "")
        held = None if named is None or day is None else in_force(named, day)
        return NOT_SHOWN if held is None else IN_FORCE if held else OVER
    if dossier.withholds("agreement"):
        return NOBODY_KNOWS
    return _any(None if day is None else in_force(a, day) for a in agreements.values())


def _any(held: Iterable[bool | None]) -> str:
    found = set(held)
    return ANOTHER if True in found else NOBODY_KNOWS if None in found else NONE
