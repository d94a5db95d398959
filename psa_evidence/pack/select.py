"""Which records a pack is made from. Every captured record stands in one class: included, withheld or out of scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

from psa_evidence.matter import Matter, Population, population
from psa_evidence.matter.selection import AFTER, BEFORE
from psa_evidence.records import REFERENCE_KINDS, Kind, RecordSet, SourceRef, Ticket, Unread
from psa_evidence.spi import RawRecord

OTHER_TICKET: Final = "hangs on a ticket that is out of scope"
NOT_IN_PERIOD: Final = "dated outside the period, and on no ticket in scope"
LIST_OF_CLIENTS: Final = "a list of all clients of the provider"
OTHER: Final = "on no record in scope"
UNREAD_TICKET: Final = "hangs on a ticket that could not be read"
OUTSIDE: Final = "outside the period, or on a ticket outside it"
ENTERED_OUTSIDE: Final = "entered outside the period"
"""Of a ticket, which hangs on nothing; other reasons of tickets are those of the population."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """`records` are what is in scope, `raw` the raw records in scope.

    captured = included + withheld + left out, for each kind. Nothing is withheld here: see `withheld`.
    """

    population: Population
    records: RecordSet
    raw: tuple[RawRecord, ...]
    captured: dict[Kind, int]
    left_out: tuple[tuple[Kind, str, int], ...]
    withheld: tuple[tuple[Kind, str, int], ...] = ()


def select(raw: Sequence[RawRecord], everything: RecordSet, *, matter: Matter, client: str) -> Selection:
    """Tickets of the client entered in the period, with all that hangs on them; the MSP's settings; the client's
    agreements, advice, configurations and invoices as far as they are dated before the period's end. A ticket that
    could not be read is in, since nobody can say that it is not meant: its record, and nothing that hangs on it."""
    people = population(
        everything, client=client, since=matter.since, until=matter.until, agreement=matter.agreement
    )  # fmt: skip
    scoped = _scoped(everything, people.tickets, matter, client)
    inside = set(_keys(scoped))
    lost = {u.source.key for u in unread_tickets(scoped)}
    left_out: Counter[tuple[Kind, str]] = Counter()
    typed = set(_keys(everything))
    placed = {p.ticket.source.key: ENTERED_OUTSIDE if p.reason in {BEFORE, AFTER} else p.reason for p in people.placed}
    included = []
    for record in raw:
        reason = placed.get(record.key) or _reason(record, inside, typed, client, lost)
        if reason:
            left_out[record.kind, reason] += 1
        else:
            included.append(record)
    return Selection(
        population=people,
        records=scoped,
        raw=tuple(included),
        captured=dict(sorted(Counter(r.kind for r in raw).items())),
        left_out=tuple((kind, reason, n) for (kind, reason), n in sorted(left_out.items())),
    )


def unread_tickets(records: RecordSet) -> tuple[Unread, ...]:
    """Tickets of which nothing could be read: no entry date, no verdict, no row but this one."""
    read = {t.id for t in records.tickets}
    return tuple(u for u in records.unread if u.source.kind == "ticket" and u.source.id not in read)


def _reason(record: RawRecord, inside: set[str], typed: set[str], client: str, lost: set[str]) -> str:
    """Why a raw record is left out; empty when it is in. `lost` are tickets that could not be read."""
    if record.kind == "client_list":
        return LIST_OF_CLIENTS
    if record.key in inside:
        return ""
    if record.parent in lost:
        return UNREAD_TICKET
    if record.kind == "attachment":
        return "" if f"document/{record.id}" in inside or (record.parent or "") in inside else OTHER_TICKET
    if record.key in typed:
        return OTHER_TICKET if (record.parent or "").startswith("ticket/") else NOT_IN_PERIOD
    if record.kind in REFERENCE_KINDS or record.parent in inside:
        return ""
    if record.parent is None and record.client == client:
        return ""
    return OTHER_TICKET if (record.parent or "").startswith("ticket/") else OTHER


def _scoped(everything: RecordSet, tickets: tuple[Ticket, ...], matter: Matter, client: str) -> RecordSet:
    ids = {t.id for t in tickets}
    until, first, last = matter.until, matter.first_day, matter.last_day

    def within(at: datetime | None) -> bool:
        return at is None or matter.since <= at < until

    invoices = tuple(
        i for i in everything.invoices if i.client_id in {client, None}
        and (i.issued_on is None or first <= i.issued_on <= last)
    )  # fmt: skip
    invoice_ids = {i.id for i in invoices}
    agreements = tuple(
        a for a in everything.agreements if a.client_id in {client, None} and (a.start is None or a.start <= last)
    )  # fmt: skip
    agreement_ids = {a.id for a in agreements}
    opportunities = tuple(
        o for o in everything.opportunities
        if o.client_id in {client, None} and (o.entered_at is None or o.entered_at < until)
    )  # fmt: skip
    opportunity_ids = {o.id for o in opportunities}
    time_entries = tuple(
        e for e in everything.time_entries
        if (e.ticket_id in ids if e.ticket_id is not None else e.client_id in {client, None} and within(e.started_at))
    )  # fmt: skip
    entries = {e.id for e in time_entries}
    projects = tuple(
        p for p in everything.projects if p.client_id in {client, None} and (p.starts_on is None or p.starts_on <= last)
    )  # fmt: skip
    project_tickets = tuple(
        t for t in everything.project_tickets
        if t.client_id in {client, None} and (t.entered_at is None or t.entered_at < until)
    )  # fmt: skip
    audited = {f"agreement/{i}" for i in agreement_ids} | {f"project_ticket/{t.id}" for t in project_tickets}
    papers = {("ticket", i) for i in ids} | {("opportunity", i) for i in opportunity_ids} | {
        ("agreement", i) for i in agreement_ids} | {("company", client), ("client", client)}  # fmt: skip
    inside = {("ticket", i) for i in ids}
    lost = {u.source.key for u in unread_tickets(everything)}
    return replace(
        everything,
        clients=tuple(c for c in everything.clients if c.id == client),
        contacts=tuple(c for c in everything.contacts if c.client_id in {client, None}),
        agreements=agreements,
        additions=tuple(a for a in everything.additions if a.agreement_id in agreement_ids),
        tickets=tickets,
        messages=tuple(m for m in everything.messages if m.ticket_id in ids),
        time_entries=time_entries,
        history=tuple(h for h in everything.history if h.ticket_id in ids),
        changes=tuple(c for c in everything.changes if c.ticket_id in ids),
        schedule_entries=tuple(s for s in everything.schedule_entries if ("ticket", s.object_id) in inside),
        documents=tuple(d for d in everything.documents if (_owner(d.record_type), d.record_id) in papers),
        invoices=invoices,
        payments=tuple(p for p in everything.payments if p.invoice_id in invoice_ids),
        opportunities=opportunities,
        activities=tuple(
            a for a in everything.activities
            if a.client_id in {client, None} and (
                a.ticket_id in ids or a.opportunity_id in opportunity_ids
                or (a.ticket_id is None and (a.starts_at is None or a.starts_at < until))
            )
        ),
        configurations=tuple(
            c for c in everything.configurations
            if c.client_id in {client, None} and (c.entered_at is None or c.entered_at < until)
        ),
        tasks=tuple(t for t in everything.tasks if t.ticket_id in ids),
        attached=tuple(a for a in everything.attached if a.ticket_id in ids),
        time_audits=tuple(a for a in everything.time_audits if a.time_entry_id in entries),
        adjustments=tuple(a for a in everything.adjustments if a.agreement_id in agreement_ids),
        rates=tuple(r for r in everything.rates if r.agreement_id in agreement_ids),
        exclusions=tuple(e for e in everything.exclusions if e.agreement_id in agreement_ids),
        sites=tuple(s for s in everything.sites if s.client_id in {client, None}),
        projects=projects,
        project_phases=tuple(p for p in everything.project_phases if p.project_id in {x.id for x in projects}),
        project_tickets=project_tickets,
        record_history=tuple(
            h for h in everything.record_history
            if h.of in audited
        ),
        survey_results=tuple(
            s for s in everything.survey_results
            if (s.ticket_id in ids if s.ticket_id is not None else s.client_id in {client, None} and within(s.at))
        ),
        unread=tuple(
            u for u in everything.unread if u.ticket_id is None or u.ticket_id in ids or u.source.key in lost
        ),
    )  # fmt: skip


def _owner(record_type: str | None) -> str:
    """On what kind of record a document hangs: PSAs write `Ticket`, `Company`, `Opportunity`, `Agreement`."""
    return (record_type or "").casefold()


def _keys(records: RecordSet) -> Iterable[str]:
    for field in fields(records):
        value: Any = getattr(records, field.name)
        for record in value if isinstance(value, tuple) else (value,):
            source = getattr(record, "source", None)
            if isinstance(source, SourceRef):
                yield source.key
