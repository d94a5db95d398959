"""To whom a message went and by what way, as far as the records say; who only has the list of notes cannot see it.

1. What came in: by the way its own record states (an e-mail connector, a portal), or, of the first message of a
   ticket that was entered with it, by the ticket's channel. What the client wrote came to the provider.
2. What went out: the audit trail says that an e-mail was sent, and to which address. The line is taken to be about the
   note that the same person entered last before it on the same ticket, no more than `WITHIN` earlier, unless that note
   is internal or tells what the client said. That the note's text was what was sent is not recorded.
3. Of anything else the records say neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from psa_evidence.pack.wording import NONE
from psa_evidence.records import HistoryEntry, Message, RecordSet, Ticket

WITHIN: Final = timedelta(seconds=60)
"""An e-mail is queued when a note is saved, a ticket saved with its first note; what is later is something else."""

PROVIDER: Final = "provider"
INTERNAL: Final = "internal"
"""To nobody but the provider's own people."""
E_MAIL: Final = "e-mail"


@dataclass(frozen=True, slots=True)
class Conveyed:
    """`to` and `channel` are NONE where the records do not say; `told_by` is the key of the record beside the message
    that does, empty when it is the message's own or none."""

    to: str = NONE
    channel: str = NONE
    told_by: str = ""


UNKNOWN: Final = Conveyed()


def conveyed(records: RecordSet) -> Mapping[str, Conveyed]:
    """By the key of the message."""
    tickets = {t.id: t for t in records.tickets}
    names = _names(records)
    mails: dict[str, list[HistoryEntry]] = {}
    for line in _mails_of(records):
        mails.setdefault(line[0], []).append(line[1])
    first = _first(records.messages)
    return {
        m.source.key: _of(m, tickets.get(m.ticket_id), first.get(m.ticket_id), mails.get(m.source.key, ()), names)
        for m in records.messages
    }


def _of(
    message: Message, ticket: Ticket | None, first: str | None, mails: Sequence[HistoryEntry], names: Mapping[str, str]
) -> Conveyed:  # fmt: skip
    if message.internal:
        return Conveyed(INTERNAL, message.channel or NONE)
    if mails and message.side != "client":
        addresses = dict.fromkeys(address for mail in mails for address in mail.mailed_to)
        to = ", ".join(dict.fromkeys(names.get(address, address) for address in addresses))
        return Conveyed(to, E_MAIL, mails[0].source.key)
    to = PROVIDER if message.side == "client" else NONE
    if message.channel is None and ticket is not None and ticket.channel and _began(message, ticket, first):
        return Conveyed(to, ticket.channel, ticket.source.key)
    return Conveyed(to, message.channel or NONE)


def _entered(message: Message) -> datetime | None:
    return message.entered_at or message.at


def _first(messages: Iterable[Message]) -> dict[str, str]:
    """The key of each ticket's first message by time of entry, where no other is as early."""
    times: dict[str, list[tuple[datetime, str]]] = {}
    for m in messages:
        if (at := _entered(m)) is not None:
            times.setdefault(m.ticket_id, []).append((at, m.source.key))
    earliest = {ticket: sorted(entered)[:2] for ticket, entered in times.items()}
    return {ticket: two[0][1] for ticket, two in earliest.items() if len(two) == 1 or two[0][0] < two[1][0]}


def _began(message: Message, ticket: Ticket, first: str | None) -> bool:
    at = _entered(message)
    return (
        first == message.source.key and at is not None and ticket.entered_at is not None
        and abs(at - ticket.entered_at) <= WITHIN
    )  # fmt: skip


def _mails_of(records: RecordSet) -> list[tuple[str, HistoryEntry]]:
    """Lines about e-mails with the key of the message that each is about, where there is one and no other."""
    written: dict[tuple[str, str], list[tuple[datetime, Message]]] = {}
    for m in records.messages:
        at = _entered(m)
        if at is not None and m.entered_by:
            written.setdefault((m.ticket_id, m.entered_by.casefold()), []).append((at, m))
    found = []
    for line in records.history:
        if not line.mailed_to or line.at is None or not line.by:
            continue
        before = [
            (at, m) for at, m in written.get((line.ticket_id, line.by.casefold()), ()) if at <= line.at <= at + WITHIN
        ]  # fmt: skip
        last = max((at for at, _ in before), default=None)
        nearest = [m for at, m in before if at == last]
        if len(nearest) == 1:
            found.append((nearest[0].source.key, line))
    return found


def _names(records: RecordSet) -> dict[str, str]:
    """The one contact or member who has an address."""
    owners: dict[str, set[str]] = {}
    for contact in records.contacts:
        for address in contact.emails:
            owners.setdefault(address.casefold(), set()).add(contact.name)
    for member in records.members:
        if member.email:
            owners.setdefault(member.email.casefold(), set()).add(member.name)
    return {address: name for address, people in owners.items() if len(people) == 1 for name in people if name}
