"""The tables of a pack: every row of the report and more, as text ready to write, each with its exhibit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.missed import Miss, misses
from psa_evidence.pack.wording import utc
from psa_evidence.records import Ticket
from psa_evidence.spi import DataTable

Row = tuple[tuple[str, ...], str | None]
Columns = tuple[tuple[str, str], ...]

_UTC: Final = "UTC, ISO 8601 with Z"


def tables(dossier: Dossier) -> tuple[DataTable, ...]:
    """All tables in a fixed order. Empty text means: not recorded, or does not apply."""
    return tuple(make(dossier) for make in _ALL)


def _table(name: str, title: str, columns: Columns, rows: Iterable[Row]) -> DataTable:
    made = list(rows)
    return DataTable(
        name=name, title=title, columns=columns, rows=tuple(r for r, _ in made), exhibits=tuple(e for _, e in made)
    )


def _id(dossier: Dossier, key: str) -> str | None:
    return dossier.exhibit_of.get(key)


def _num(value: float | None) -> str:
    return "" if value is None else str(value)


def _flag(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def sla_results(dossier: Dossier) -> DataTable:
    columns = (
        ("ticket", "ticket id"), ("entered_at", _UTC), ("priority", "priority whose target governs"),
        ("stage", "response, plan or resolution"), ("reading", "psa: the PSA's own figure; contract; strict: no pause"),
        ("target_seconds", "target, open seconds"), ("elapsed_seconds", "open seconds, pauses taken out"),
        ("paused_seconds", "open seconds in which the clock was paused"), ("due_at", _UTC), ("met_at", _UTC),
        ("verdict", "met, missed, not determined, no target, excluded"), ("reason", "why the verdict is what it is"),
        ("policy", "SLA used"), ("calendar", "calendar used"),
        ("settings", f"when the settings used were captured; {_UTC}"),
        ("settings_known", "before entry: captured before the ticket was entered; earliest known: after it"),
    )  # fmt: skip
    rows = (
        (
            (
                t.id, utc(t.entered_at), r.priority or "", r.stage, r.reading, _num(r.target_seconds),
                _num(r.elapsed_seconds), _num(r.paused_seconds), utc(r.due_at), utc(r.met_at), r.verdict, r.reason,
                r.policy or "", r.calendar or "", *_settings(dossier, t),
            ),
            _id(dossier, t.source.key),
        )
        for t in dossier.population.tickets for r in dossier.sla[t.id].results
    )  # fmt: skip
    return _table("sla_results", "Every ticket, stage and reading", columns, rows)


def _settings(dossier: Dossier, ticket: Ticket) -> tuple[str, str]:
    at, before = dossier.settings_of(ticket)
    return ("", "") if at is None else (utc(at), "before entry" if before else "earliest known")


def breaches(dossier: Dossier) -> DataTable:
    columns = (
        ("ticket", "ticket id"), ("stage", "response, plan or resolution"), ("reading", "psa, contract or strict"),
        ("priority", "priority whose target governs"), ("target_seconds", "open seconds"),
        ("elapsed_seconds", "open seconds"), ("overrun_seconds", "elapsed minus target, open seconds"),
        ("due_at", _UTC), ("met_at", f"{_UTC}; empty: not met by the date of the records"), ("reason", "why"),
    )  # fmt: skip

    def row(miss: Miss) -> Row:
        r = miss.result
        return (
            (
                miss.ticket.id, r.stage, r.reading, r.priority or "", _num(r.target_seconds), _num(r.elapsed_seconds),
                _num(miss.overrun), utc(r.due_at), utc(r.met_at), r.reason,
            ),
            _id(dossier, miss.ticket.source.key),
        )  # fmt: skip

    rows = [row(m) for reading in ("contract", "psa", "strict") for m in misses(dossier, reading)]
    return _table("breaches", "Every missed target, under every reading", columns, rows)


def attainment(dossier: Dossier) -> DataTable:
    columns = (
        ("agreement", "agreement of the ticket"), ("priority", "priority whose target governs"),
        ("stage", "response, plan or resolution"), ("month", "month of entry in the contract's zone"),
        ("reading", "psa, contract or strict"), ("n", "met + missed + not determined + no target + excluded"),
        ("met", ""), ("missed", ""), ("not_determined", ""), ("no_target", ""), ("excluded", ""),
        ("goal_percent", "the share that was promised"),
    )  # fmt: skip
    rows = (
        (
            (
                a.agreement, a.priority, a.stage, a.month, a.reading, str(a.n), str(a.met), str(a.missed),
                str(a.not_determined), str(a.no_target), str(a.excluded), _num(a.goal_percent),
            ),
            None,
        )
        for a in dossier.attainment
    )  # fmt: skip
    return _table("attainment", "Attainment", columns, rows)


def tickets(dossier: Dossier) -> DataTable:
    columns = (
        ("ticket", "ticket id"), ("summary", "as recorded"), ("board", ""), ("status", "when captured"),
        ("priority", "when captured"), ("type", ""), ("contact", ""), ("owner", ""), ("channel", ""),
        ("agreement", ""), ("entered_at", _UTC), ("entered_by", ""), ("closed_at", _UTC), ("closed", "yes or no"),
        ("parent", "ticket id"), ("merged_into", "ticket id"), ("actual_hours", "hours, the PSA's figure"),
        ("psa_in_sla", "the PSA's own flag"), ("psa_sla_status", "the PSA's own words"),
    )  # fmt: skip
    rows = (
        (
            (
                t.id, t.summary, dossier.board_name(t.board_id), t.status_name or "", t.priority_name or "",
                t.type_name or "", t.contact_name or "", t.owner or "", t.channel or "", t.agreement_name or "",
                utc(t.entered_at), t.entered_by or "", utc(t.closed_at), _flag(t.closed), t.parent_id or "",
                t.merged_into_id or "", _num(t.actual_hours), _flag(t.psa.in_sla), t.psa.status or "",
            ),
            _id(dossier, t.source.key),
        )
        for t in dossier.population.tickets
    )  # fmt: skip
    return _table("tickets", "Tickets of the population", columns, rows)


def time_entries(dossier: Dossier) -> DataTable:
    columns = (
        ("time_entry", "id"), ("ticket", "ticket id"), ("member", ""), ("started_at", _UTC), ("ended_at", _UTC),
        ("hours", "the PSA's figure"), ("work_type", ""), ("billing", ""), ("entered_at", f"typed in; {_UTC}"),
        ("entered_by", ""), ("updated_at", _UTC), ("updated_by", ""), ("notes", "as recorded"),
        ("internal_notes", "as recorded"),
    )  # fmt: skip
    rows = (
        (
            (
                e.id, e.ticket_id or "", e.member or "", utc(e.started_at), utc(e.ended_at), _num(e.hours),
                e.work_type or "", e.billable or "", utc(e.entered_at), e.entered_by or "", utc(e.updated_at),
                e.updated_by or "", e.notes, e.internal_notes,
            ),
            _id(dossier, e.source.key),
        )
        for e in dossier.records.time_entries
    )  # fmt: skip
    return _table("time_entries", "Time entries", columns, rows)


def messages(dossier: Dossier) -> DataTable:
    columns = (
        ("note", "id"), ("ticket", "ticket id"), ("at", _UTC), ("author", ""),
        ("side", "msp, client, vendor, system or unknown"), ("internal", "yes: never shown to the client"),
        ("resolution", "yes or no"), ("updated_at", _UTC), ("updated_by", ""), ("text", "as recorded"),
    )  # fmt: skip
    rows = (
        (
            (
                m.id, m.ticket_id, utc(m.at), m.author or "", m.side, _flag(m.internal), _flag(m.resolution),
                utc(m.updated_at), m.updated_by or "", m.text,
            ),
            _id(dossier, m.source.key),
        )
        for m in dossier.records.messages
    )  # fmt: skip
    return _table("messages", "Notes and e-mails", columns, rows)


def history(dossier: Dossier) -> DataTable:
    columns = (
        ("line", "id"), ("ticket", "ticket id"), ("at", _UTC), ("by", ""), ("type", ""), ("subtype", ""),
        ("text", "as recorded"), ("read_as", "field, old and new value; empty: not understood"),
    )  # fmt: skip
    rows = (
        (
            (
                h.id, h.ticket_id, utc(h.at), h.by or "", h.audit_type or "", h.audit_subtype or "", h.text,
                "; ".join(f"{c.field}: {c.old or ''} -> {c.new or ''}" for c in dossier.changes.get(h.source.key, ())),
            ),
            _id(dossier, h.source.key),
        )
        for h in dossier.records.history
    )  # fmt: skip
    return _table("history", "Audit trail, every line", columns, rows)


def findings(dossier: Dossier) -> DataTable:
    columns = (
        ("finding", "id of the question"), ("question", ""), ("at", _UTC), ("ticket", "ticket id"),
        ("adverse", "yes: speaks against the provider"), ("statement", ""), ("records", "keys of the source records"),
    )  # fmt: skip
    rows = (
        (
            (
                f.id, f.question, utc(s.at), s.ticket_id or "", _flag(s.adverse), s.text,
                " ".join(x.key for x in s.sources),
            ),
            next((e for x in s.sources if (e := _id(dossier, x.key))), None),
        )
        for f in dossier.findings for s in f.statements
    )  # fmt: skip
    return _table("findings", "Questions and statements", columns, rows)


def differences(dossier: Dossier) -> DataTable:
    columns = (
        ("ticket", "ticket id"), ("stage", ""), ("psa_verdict", ""), ("our_verdict", ""),
        ("seconds", "computed minus the PSA's"), ("cause", "likely cause"),
    )  # fmt: skip
    rows = (
        (
            (d.ticket_id, d.stage, d.psa_verdict, d.our_verdict, _num(d.seconds), d.cause),
            _id(dossier, f"ticket/{d.ticket_id}"),
        )
        for r in dossier.results for d in r.differences
    )  # fmt: skip
    return _table("differences", "Where the PSA's figures differ", columns, rows)


def population(dossier: Dossier) -> DataTable:
    columns = (
        ("kind", "kind of record"), ("class", "captured = included + withheld + out of scope"), ("reason", ""),
        ("number", ""),
    )  # fmt: skip
    return _table("population", "Population", columns, (((*row,), None) for row in population_rows(dossier)))


def population_rows(dossier: Dossier) -> list[tuple[str, str, str, str]]:
    """Kind, class, reason, number: for each kind `captured` and the classes that add up to it."""
    rows: list[tuple[str, str, str, str]] = []
    for kind, captured in dossier.captured.items():
        out = [(reason, n) for k, reason, n in dossier.left_out if k == kind]
        held = [(reason, n) for k, reason, n in dossier.withheld if k == kind]
        included = captured - sum(n for _, n in out) - sum(n for _, n in held)
        rows += [(kind, "captured", "", str(captured)), (kind, "included", "", str(included))]
        rows += [(kind, "withheld", reason, str(n)) for reason, n in held]
        rows += [(kind, "out of scope", reason, str(n)) for reason, n in out]
    return rows


def invoices(dossier: Dossier) -> DataTable:
    columns = (
        ("invoice", "id"), ("number", ""), ("type", ""), ("issued_on", "date"), ("due_on", "date"), ("total", ""),
        ("paid", ""), ("balance", ""), ("currency", ""), ("status", ""), ("payments", "amount on date"),
    )  # fmt: skip
    rows = (
        (
            (
                i.id, i.number, i.kind or "", _num_date(i.issued_on), _num_date(i.due_on), _num(i.total), _num(i.paid),
                _num(i.balance), i.currency or "", i.status or "",
                "; ".join(f"{_num(p.amount)} on {_num_date(p.paid_on)}" for p in dossier.payments.get(i.id, ())),
            ),
            _id(dossier, i.source.key),
        )
        for i in dossier.records.invoices
    )  # fmt: skip
    return _table("invoices", "Invoices and payments", columns, rows)


def _num_date(value: object) -> str:
    return "" if value is None else str(value)


def opportunities(dossier: Dossier) -> DataTable:
    columns = (
        ("opportunity", "id"), ("name", ""), ("contact", ""), ("status", ""), ("stage", ""), ("won", ""), ("lost", ""),
        ("reason", ""), ("entered_at", _UTC), ("closed_at", _UTC), ("notes", "as recorded"),
    )  # fmt: skip
    rows = (
        (
            (
                o.id, o.name, o.contact or "", o.status or "", o.stage or "", _flag(o.won), _flag(o.lost),
                o.reason or "", utc(o.entered_at), utc(o.closed_at), o.notes,
            ),
            _id(dossier, o.source.key),
        )
        for o in dossier.records.opportunities
    )  # fmt: skip
    return _table("opportunities", "Recommendations and quotes", columns, rows)


def agreements(dossier: Dossier) -> DataTable:
    columns = (
        ("agreement", "id"), ("name", ""), ("type", ""), ("start", "date"), ("end", "date"), ("open_ended", ""),
        ("cancelled", ""), ("cancelled_on", "date"), ("cancel_reason", ""), ("status", ""), ("sla", "SLA id"),
        ("amount", ""),
    )  # fmt: skip
    rows = (
        (
            (
                a.id, a.name, a.type_name or "", _num_date(a.start), _num_date(a.end), _flag(a.open_ended),
                _flag(a.cancelled), _num_date(a.cancelled_on), a.cancel_reason or "", a.status or "", a.sla_id or "",
                _num(a.bill_amount),
            ),
            _id(dossier, a.source.key),
        )
        for a in dossier.records.agreements
    )  # fmt: skip
    return _table("agreements", "Agreements", columns, rows)


def unread(dossier: Dossier) -> DataTable:
    columns = (("record", "key"), ("ticket", "ticket id"), ("reason", "why it could not be read"))
    rows = (
        ((u.source.key, u.ticket_id or "", u.reason), _id(dossier, u.source.key)) for u in dossier.records.unread
    )  # fmt: skip
    return _table("unread", "Records and lines not read", columns, rows)


def natives(dossier: Dossier) -> DataTable:
    columns = (
        ("record", "key"), ("native", "path in this pack"), ("sha256", "digest of the bytes as received"),
        ("bytes", ""), ("parent", "key of the record it hangs on"), ("capture", ""), ("captured_at", _UTC),
        ("exhibit", "exhibit that shows it"),
    )  # fmt: skip
    rows = (
        (
            (
                n.key, n.path, n.sha256, str(n.size), n.parent or "", n.capture, utc(n.captured_at),
                _id(dossier, n.key) or "",
            ),
            _id(dossier, n.key),
        )
        for n in dossier.natives
    )  # fmt: skip
    return _table("natives", "Source records in this pack", columns, rows)


def record_changes(dossier: Dossier) -> DataTable:
    columns = (
        ("what", "edited, merged, vanished, returned or back-dated"), ("record", "key"),
        ("field", "JSON pointer (RFC 6901)"), ("old", "JSON text; empty: absent. Back-dated: the record's own time"),
        ("new", "JSON text; empty: absent"), ("who", "not recorded: nothing says so"), ("at", "when; as it is said"),
        ("source", "what says who and when"), ("captured_before", _UTC), ("captured_after", _UTC),
        ("seal_before", "0: none"), ("seal_after", "0: none"), ("note", ""),
    )  # fmt: skip
    rows = (
        (
            (
                c.what, c.key, c.field, c.old, c.new, c.who, c.at, c.source, utc(c.before), utc(c.after),
                str(c.seal_before), str(c.seal_after), c.note,
            ),
            _id(dossier, c.key),
        )
        for c in dossier.record_changes
    )  # fmt: skip
    return _table("record_changes", "Changes to the records since they were first captured", columns, rows)


_ALL: Final[tuple[Callable[[Dossier], DataTable], ...]] = (
    sla_results, attainment, breaches, differences, findings, population, tickets, messages, time_entries, history,
    agreements, opportunities, invoices, unread, record_changes, natives,
)  # fmt: skip
