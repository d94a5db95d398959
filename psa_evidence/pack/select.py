"""Which records a pack is made from. Every captured record stands in one class: included, withheld or out of scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
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
    lost = {u.source.key for u in unread_tickets(everything)}
    records = replace(
        everything,
        tickets=tickets,
        unread=tuple(
            u for u in everything.unread if u.ticket_id is None or u.ticket_id in ids or u.source.key in lost
        ),
    )  # fmt: skip
    records = _of_the_client(records, matter, client)
    return _on_records(_on_tickets(records, matter, client), client)


def _of_the_client(records: RecordSet, matter: Matter, client: str) -> RecordSet:
    """What names the client, or nobody, and is not dated after the period; invoices also not before it."""
    until, first, last = matter.until, matter.first_day, matter.last_day

    def theirs(named: str | None) -> bool:
        return named is None or named == client

    def before(at: datetime | None) -> bool:
        return at is None or at < until

    def begun(day: date | None) -> bool:
        return day is None or day <= last

    return replace(
        records,
        clients=tuple(c for c in records.clients if c.id == client),
        contacts=tuple(c for c in records.contacts if theirs(c.client_id)),
        sites=tuple(s for s in records.sites if theirs(s.client_id)),
        agreements=tuple(a for a in records.agreements if theirs(a.client_id) and begun(a.start)),
        invoices=tuple(
            i for i in records.invoices if theirs(i.client_id) and (i.issued_on is None or first <= i.issued_on <= last)
        ),
        opportunities=tuple(o for o in records.opportunities if theirs(o.client_id) and before(o.entered_at)),
        configurations=tuple(c for c in records.configurations if theirs(c.client_id) and before(c.entered_at)),
        projects=tuple(p for p in records.projects if theirs(p.client_id) and begun(p.starts_on)),
        project_tickets=tuple(t for t in records.project_tickets if theirs(t.client_id) and before(t.entered_at)),
        activities=tuple(a for a in records.activities if theirs(a.client_id)),
    )


def _on_tickets(records: RecordSet, matter: Matter, client: str) -> RecordSet:
    """What hangs on a ticket in scope. Time entries, activities and survey results on no ticket are in as far as they
    are the client's and of the period, activities also from before it or on an opportunity in scope."""
    ids = {t.id for t in records.tickets}
    opportunities = {o.id for o in records.opportunities}

    def free(named: str | None, at: datetime | None) -> bool:
        return named in {client, None} and (at is None or matter.since <= at < matter.until)

    return replace(
        records,
        messages=tuple(m for m in records.messages if m.ticket_id in ids),
        history=tuple(h for h in records.history if h.ticket_id in ids),
        changes=tuple(c for c in records.changes if c.ticket_id in ids),
        tasks=tuple(t for t in records.tasks if t.ticket_id in ids),
        attached=tuple(a for a in records.attached if a.ticket_id in ids),
        schedule_entries=tuple(s for s in records.schedule_entries if s.object_id in ids),
        time_entries=tuple(
            e for e in records.time_entries
            if (e.ticket_id in ids if e.ticket_id is not None else free(e.client_id, e.started_at))
        ),
        survey_results=tuple(
            s for s in records.survey_results
            if (s.ticket_id in ids if s.ticket_id is not None else free(s.client_id, s.at))
        ),
        activities=tuple(
            a for a in records.activities
            if a.ticket_id in ids or a.opportunity_id in opportunities
            or (a.ticket_id is None and (a.starts_at is None or a.starts_at < matter.until))
        ),
    )  # fmt: skip


def _on_records(records: RecordSet, client: str) -> RecordSet:
    """What hangs on another record in scope than a ticket; documents on any, and on the client's own."""
    tickets, agreements, invoices, opportunities, projects, entries = (
        {record.id for record in kind}
        for kind in (
            records.tickets, records.agreements, records.invoices, records.opportunities, records.projects,
            records.time_entries,
        )
    )  # fmt: skip
    papers = {
        "ticket": tickets, "opportunity": opportunities, "agreement": agreements, "company": {client},
        "client": {client},
    }  # fmt: skip
    audited = {f"agreement/{i}" for i in agreements} | {f"project_ticket/{t.id}" for t in records.project_tickets}
    return replace(
        records,
        additions=tuple(a for a in records.additions if a.agreement_id in agreements),
        adjustments=tuple(a for a in records.adjustments if a.agreement_id in agreements),
        rates=tuple(r for r in records.rates if r.agreement_id in agreements),
        exclusions=tuple(e for e in records.exclusions if e.agreement_id in agreements),
        payments=tuple(p for p in records.payments if p.invoice_id in invoices),
        project_phases=tuple(p for p in records.project_phases if p.project_id in projects),
        time_audits=tuple(a for a in records.time_audits if a.time_entry_id in entries),
        documents=tuple(d for d in records.documents if d.record_id in papers.get(_owner(d.record_type), ())),
        record_history=tuple(h for h in records.record_history if h.of in audited),
    )


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
