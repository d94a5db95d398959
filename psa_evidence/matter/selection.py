"""The population of a matter: every captured record stands in exactly one class, and the classes add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from psa_evidence.records import RecordSet, Ticket

Class = Literal["included", "withheld", "out of scope"]

BEFORE: Final = "entered before the period"
AFTER: Final = "entered after the period"
NO_DATE: Final = "no entry date that could be read"
OTHER_CLIENT: Final = "belongs to another client"
OTHER_AGREEMENT: Final = "under another agreement, or none"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one ticket stands, and why. `reason` is empty for an included one."""

    ticket: Ticket
    placed: Class
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Tickets in scope, in the order of the record set, and those that are not, with the reason."""

    tickets: tuple[Ticket, ...]
    placed: tuple[Placed, ...]

    @property
    def captured(self) -> int:
        return len(self.placed)

    def count(self, placed: Class) -> int:
        return sum(1 for p in self.placed if p.placed == placed)

    def reasons(self) -> tuple[tuple[str, int], ...]:
        """Reasons for which tickets are left out, with their numbers; they add up to captured - included."""
        counts: dict[str, int] = {}
        for p in self.placed:
            if p.placed != "included":
                counts[p.reason] = counts.get(p.reason, 0) + 1
        return tuple(sorted(counts.items()))


def population(
    records: RecordSet, *, client: str, since: datetime, until: datetime, agreement: str | None = None
) -> Population:
    """Tickets of `client` (PSA id) entered in `since <= entered_at < until`; of one agreement when it is named.

    A ticket without an entry date cannot be placed in time; it is out of scope, with that reason, never dropped.
    """
    placed = []
    for ticket in records.tickets:
        reason = _reason(ticket, client, since, until, agreement)
        placed.append(Placed(ticket, "out of scope" if reason else "included", reason))
    return Population(tickets=tuple(p.ticket for p in placed if not p.reason), placed=tuple(placed))


def _reason(ticket: Ticket, client: str, since: datetime, until: datetime, agreement: str | None) -> str:
    if ticket.client_id is not None and ticket.client_id != client:
        return OTHER_CLIENT
    if ticket.entered_at is None:
        return NO_DATE
    if ticket.entered_at < since:
        return BEFORE
    if ticket.entered_at >= until:
        return AFTER
    if agreement is not None and (ticket.agreement_name or "").casefold() != agreement.casefold():
        return OTHER_AGREEMENT
    return ""
