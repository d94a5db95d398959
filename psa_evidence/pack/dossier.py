"""All that a pack is made from, selected and judged; the parts, exhibits and tables only read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from psa_evidence.findings import Finding
from psa_evidence.format import Seal, Witness
from psa_evidence.matter import Matter, Population
from psa_evidence.pack.behind import Behind
from psa_evidence.pack.changes import ChangeRow
from psa_evidence.pack.conveyance import Conveyed, conveyed
from psa_evidence.pack.custody import CustodyLog
from psa_evidence.pack.natives import Native, natives_digest
from psa_evidence.pack.query_texts import QueryTexts
from psa_evidence.pack.settings_updated import SettingUpdated
from psa_evidence.pack.terms_file import SettingsOther
from psa_evidence.pack.unknown_names import UnknownName
from psa_evidence.pack.wording import NONE
from psa_evidence.records import (
    Activity,
    AttachedConfiguration,
    Change,
    Document,
    HistoryEntry,
    Kind,
    Lacking,
    Message,
    Payment,
    RecordSet,
    ScheduleEntry,
    SourceRef,
    Stage,
    SurveyResult,
    Task,
    Ticket,
    TimeAudit,
    TimeEntry,
    Unread,
)
from psa_evidence.sla.results import AttainmentRow, StageResult, TicketSla
from psa_evidence.spi import Cite, ClientName
from psa_evidence.vault import CaptureInfo, Drift

STAGES: tuple[Stage, ...] = ("response", "plan", "resolution")

T = TypeVar("T")

Entry = tuple[str, str, str, str]
"""Of the list of exhibits: id, title, key of the main record, its date."""


@dataclass(frozen=True, kw_only=True)
class Dossier:
    """`records` are in scope; they include the settings of the MSP.

    `natives` are those of the newest version of each record and of all earlier ones.
    `results` has one entry for each ticket of the population. `exhibit_of` says which exhibit shows a record;
    `exhibit_list` names them in order. `drift` is that of the
    pack's own records since each was first captured, `record_changes` its rows. `time_files`: time-stamp
    responses and what renewals cover, by their paths in the pack.
    """

    matter: Matter
    client: ClientName
    software: str
    vault: str
    as_of: datetime
    population: Population
    records: RecordSet
    results: tuple[TicketSla, ...]
    attainment: tuple[AttainmentRow, ...]
    findings: tuple[Finding, ...]
    natives: tuple[Native, ...]
    captured: Mapping[Kind, int]
    left_out: tuple[tuple[Kind, str, int], ...]
    withheld: tuple[tuple[Kind, str, int], ...] = ()
    captures: tuple[CaptureInfo, ...]
    seals: tuple[Seal, ...]
    witness: Witness = field(default_factory=Witness)
    time_files: Mapping[str, bytes] = field(default_factory=dict)
    custody: CustodyLog
    drift: Drift
    record_changes: tuple[ChangeRow, ...]
    exhibit_of: Mapping[str, str] = field(default_factory=dict)
    exhibit_list: tuple[Entry, ...] = ()
    unnamed: int = 0
    pdf_seal: str = "none"
    """The level of seal that is asked for on the PDFs."""
    has_tables: bool = True
    """Whether an exporter writes tables: without them nobody can compute the figures again (check 4.4)."""
    zone_data: str = ""
    """Edition of the time zone data that times were reckoned by; empty when it is not named."""
    psa: str = ""
    """Name of the source system in words; empty when only the connector's name is known."""
    copied: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the connector says of plain copies: `ticket.summary` to JSON pointers."""
    settings_at: tuple[datetime, ...] = ()
    """When each capture of the settings was complete, oldest first."""
    settings_other: SettingsOther = ()
    """Of each of these captures, what it knew of settings that were changed."""
    earlier_withheld: tuple[tuple[Kind, str, int], ...] = ()
    """Earlier versions of records in scope that are not shown, by kind and reason."""
    lacking: tuple[Lacking, ...] = ()
    """What the captures could not get of these tickets, or of records that they do not name."""
    unknown_names: tuple[UnknownName, ...] = ()
    """What the contract of the matter file names and nothing captured shows."""
    tickets_held: tuple[datetime, datetime] | None = None
    """The client's first and last ticket that any capture got, of whatever time."""
    settings_updated: tuple[SettingUpdated, ...] = ()
    """What the settings say of their last update."""
    queries: QueryTexts = field(default_factory=QueryTexts)
    """What the newest capture asked for."""
    behind: Behind = field(default_factory=Behind)
    """What this copy withholds, and what of its figures rests on that."""
    masked_quotes: int = 0
    """Quotations of the matter file, and parties, in which a term is masked."""

    @property
    def zone(self) -> ZoneInfo:
        return self.matter.zone

    def withholds(self, *kinds: Kind) -> int:
        """How many records of these kinds this copy withholds: what it does not show of them is not thereby absent."""
        return sum(n for kind, _, n in self.withheld if kind in kinds)

    def see(self, *parts: str) -> tuple[str, ...]:
        """Those of the parts that this report has: what another may lead to."""
        return tuple(part for part in parts if part not in self.matter.left_out_parts)

    @property
    def counsel(self) -> bool:
        """Whether this copy is counsel's, which alone says what speaks against the provider."""
        return self.matter.copy == "counsel"

    def cite(self, source: SourceRef | str, text: str = "") -> Cite | None:
        """The exhibit that shows a record (by reference or key), None when no exhibit of this pack does."""
        exhibit = self.exhibit_of.get(source if isinstance(source, str) else source.key)
        return None if exhibit is None else Cite(exhibit, text)

    def cell(self, source: SourceRef | str) -> Cite | str:
        """The same as a table cell: says so when there is no exhibit."""
        return self.cite(source) or "not in this pack"

    def ticket_cell(self, ticket_id: str | None) -> Cite | str:
        return "none" if ticket_id is None else self.cite(f"ticket/{ticket_id}") or f"ticket {ticket_id}"

    def cites(self, sources: Iterable[SourceRef]) -> tuple[Cite, ...]:
        """Exhibits of several records, each once, in their order."""
        found = {c.exhibit: c for s in sources if (c := self.cite(s)) is not None}
        return tuple(found.values())

    @cached_property
    def ticket(self) -> Mapping[str, Ticket]:
        return {t.id: t for t in self.records.tickets}

    @cached_property
    def sla(self) -> Mapping[str, TicketSla]:
        return {r.ticket_id: r for r in self.results}

    @cached_property
    def messages(self) -> Mapping[str, tuple[Message, ...]]:
        return _grouped((m.ticket_id, m) for m in self.records.messages)

    @cached_property
    def conveyed(self) -> Mapping[str, Conveyed]:
        """To whom and how a message went, by its key."""
        return conveyed(self.records)

    @cached_property
    def time_entries(self) -> Mapping[str, tuple[TimeEntry, ...]]:
        return _grouped((e.ticket_id, e) for e in self.records.time_entries if e.ticket_id is not None)

    @cached_property
    def history(self) -> Mapping[str, tuple[HistoryEntry, ...]]:
        return _grouped((h.ticket_id, h) for h in self.records.history)

    @cached_property
    def changes(self) -> Mapping[str, tuple[Change, ...]]:
        """Understood changes by the key of the history line they were read from."""
        return _grouped((c.source.key, c) for c in self.records.changes)

    @cached_property
    def unread(self) -> Mapping[str, tuple[Unread, ...]]:
        return _grouped((u.source.key, u) for u in self.records.unread)

    @cached_property
    def schedule(self) -> Mapping[str, tuple[ScheduleEntry, ...]]:
        return _grouped((s.object_id, s) for s in self.records.schedule_entries if s.object_id is not None)

    @cached_property
    def documents(self) -> Mapping[str, tuple[Document, ...]]:
        """By the id of the ticket they hang on."""
        return _grouped(
            (d.record_id, d) for d in self.records.documents
            if d.record_id is not None and (d.record_type or "").casefold() == "ticket"
        )  # fmt: skip

    @cached_property
    def payments(self) -> Mapping[str, tuple[Payment, ...]]:
        return _grouped((p.invoice_id, p) for p in self.records.payments)

    @cached_property
    def activities(self) -> Mapping[str, tuple[Activity, ...]]:
        """By the id of the opportunity they belong to."""
        return _grouped((a.opportunity_id, a) for a in self.records.activities if a.opportunity_id is not None)

    @cached_property
    def ticket_activities(self) -> Mapping[str, tuple[Activity, ...]]:
        """By the id of the ticket they belong to, unless an opportunity's exhibit shows them."""
        return _grouped(
            (a.ticket_id, a)
            for a in self.records.activities
            if a.ticket_id is not None and self.exhibit_of.get(a.source.key) == f"T-{a.ticket_id}"
        )

    @cached_property
    def tasks(self) -> Mapping[str, tuple[Task, ...]]:
        return _grouped((t.ticket_id, t) for t in self.records.tasks)

    @cached_property
    def attached(self) -> Mapping[str, tuple[AttachedConfiguration, ...]]:
        return _grouped((a.ticket_id, a) for a in self.records.attached)

    @cached_property
    def time_audits(self) -> Mapping[str, tuple[TimeAudit, ...]]:
        """By the id of the time entry."""
        return _grouped((a.time_entry_id, a) for a in self.records.time_audits)

    @cached_property
    def surveys(self) -> Mapping[str, tuple[SurveyResult, ...]]:
        return _grouped((s.ticket_id, s) for s in self.records.survey_results if s.ticket_id is not None)

    @cached_property
    def native(self) -> Mapping[str, Native]:
        """The newest of each record, by its key."""
        return {n.key: n for n in self.natives if n.is_newest}

    @cached_property
    def natives_digest(self) -> str:
        """Of the list of natives, which no file that names it changes: it can stand on the cover."""
        return natives_digest(self.natives)

    @cached_property
    def shown_by(self) -> Mapping[str, tuple[Native, ...]]:
        """Natives by the exhibit that shows them. No exhibit shows an earlier version."""
        return _grouped(
            (self.exhibit_of[n.key], n) for n in self.natives if n.is_newest and n.key in self.exhibit_of
        )  # fmt: skip

    @cached_property
    def earlier(self) -> tuple[Native, ...]:
        """Of the natives, those of earlier versions, of each record the last first."""
        return tuple(n for n in self.natives if not n.is_newest)

    @cached_property
    def _boards(self) -> Mapping[str, str]:
        return {b.id: b.name for b in self.records.boards}

    def board_name(self, board_id: str | None) -> str:
        return NONE if board_id is None else self._boards.get(board_id, f"id {board_id}")

    @cached_property
    def left_out_tickets(self) -> tuple[tuple[str, int], ...]:
        return tuple((reason, n) for kind, reason, n in self.left_out if kind == "ticket")

    def settings_of(self, ticket: Ticket) -> tuple[datetime | None, bool]:
        """When the settings used for a ticket were captured, and whether that was before its entry (rule 11)."""
        earlier = [at for at in self.settings_at if ticket.entered_at is not None and at <= ticket.entered_at]
        return (earlier[-1], True) if earlier else (next(iter(self.settings_at), None), False)

    def stage_results(self, reading: str) -> Iterable[tuple[Ticket, StageResult]]:
        """Each ticket and stage of one reading, in the order of the population."""
        for ticket in self.population.tickets:
            for result in self.sla[ticket.id].results:
                if result.reading == reading:
                    yield ticket, result


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}


def without_bytes(dossier: Dossier) -> Dossier:
    """The same when its natives and logs are written."""
    return replace(dossier, natives=tuple(replace(native, body=b"") for native in dossier.natives))


def without_records(dossier: Dossier) -> Dossier:
    """The same when the content is made: what the manifest says, of which the records themselves are no part."""
    return replace(
        dossier, records=RecordSet(), population=replace(dossier.population, tickets=()), results=(), attainment=(),
        findings=(), record_changes=(),
    )  # fmt: skip
