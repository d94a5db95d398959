"""A selection of records, typed and in a fixed order."""

from __future__ import annotations

from dataclasses import dataclass

from psa_evidence.records.business import (
    Activity,
    Configuration,
    Document,
    Invoice,
    Opportunity,
    Payment,
    Permission,
    SystemInfo,
)
from psa_evidence.records.details import (
    AgreementAdjustment,
    AgreementExclusion,
    AgreementRate,
    AttachedConfiguration,
    Project,
    ProjectPhase,
    ProjectTicket,
    RecordHistory,
    Site,
    Task,
    TimeAudit,
)
from psa_evidence.records.parties import Client, Contact, Member
from psa_evidence.records.promises import (
    Agreement,
    AgreementAddition,
    BusinessCalendar,
    Holiday,
    SlaPolicy,
    SlaTarget,
)
from psa_evidence.records.service import (
    Board,
    Change,
    HistoryEntry,
    Message,
    Priority,
    ScheduleEntry,
    Status,
    SurveyResult,
    Ticket,
    TimeEntry,
    Unread,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSet:
    """What a connector read from raw records. Each tuple is ordered by time, then id (numeric ids by number).

    `history` holds every audit line; `changes` those that were understood; `unread` names what was not, and
    any raw record that could not be interpreted.
    """

    clients: tuple[Client, ...] = ()
    contacts: tuple[Contact, ...] = ()
    members: tuple[Member, ...] = ()
    boards: tuple[Board, ...] = ()
    statuses: tuple[Status, ...] = ()
    priorities: tuple[Priority, ...] = ()
    sla_policies: tuple[SlaPolicy, ...] = ()
    sla_targets: tuple[SlaTarget, ...] = ()
    calendars: tuple[BusinessCalendar, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    additions: tuple[AgreementAddition, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    messages: tuple[Message, ...] = ()
    time_entries: tuple[TimeEntry, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    changes: tuple[Change, ...] = ()
    schedule_entries: tuple[ScheduleEntry, ...] = ()
    documents: tuple[Document, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    opportunities: tuple[Opportunity, ...] = ()
    activities: tuple[Activity, ...] = ()
    configurations: tuple[Configuration, ...] = ()
    survey_results: tuple[SurveyResult, ...] = ()
    tasks: tuple[Task, ...] = ()
    attached: tuple[AttachedConfiguration, ...] = ()
    time_audits: tuple[TimeAudit, ...] = ()
    adjustments: tuple[AgreementAdjustment, ...] = ()
    rates: tuple[AgreementRate, ...] = ()
    exclusions: tuple[AgreementExclusion, ...] = ()
    sites: tuple[Site, ...] = ()
    projects: tuple[Project, ...] = ()
    project_phases: tuple[ProjectPhase, ...] = ()
    project_tickets: tuple[ProjectTicket, ...] = ()
    record_history: tuple[RecordHistory, ...] = ()
    system: SystemInfo | None = None
    permissions: tuple[Permission, ...] = ()
    unread: tuple[Unread, ...] = ()
