"""The lists that the connector reads, as data. docs/connectwise.md is the same table for people: a test compares."""

from __future__ import annotations

from dataclasses import dataclass

from psa_evidence.records import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A list below each row of another: `service/boards/{id}/statuses`."""

    path: str
    kind: Kind
    client: str = ""
    """The reference that names the client; empty takes the parent's."""
    incremental: bool = False
    """Fetched again only when the parent was updated: the PSA updates the parent with the child."""
    monthly: bool = False
    """Incremental, and read anew in each calendar month (UTC): the PSA may change the child without the parent."""
    optional: bool = False
    """Not every version of the PSA has it: that it is not found is a fact about the PSA, not a loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A top-level list.

    `client` is the condition field that selects clients, empty for settings of the MSP; `period` the field that
    must lie in the scope's period; `incremental` lists are asked for changes only once a capture had them whole.
    """

    path: str
    kind: Kind
    client: str = ""
    period: str = ""
    incremental: bool = False
    children: tuple[Child, ...] = ()
    documents: str = ""
    """The recordType under which documents hang on these records."""
    counted: tuple[str, ...] = ()
    """Lists below each row of which the number alone is asked for (`…/{id}/<name>/count`)."""
    audit: str = ""
    """The type under which the audit trail knows these records."""
    optional: bool = False


SETUP = (
    Resource(path="system/members", kind="member", audit="Member"),
    Resource(path="system/apiMembers", kind="api_member", optional=True),
    Resource(path="system/timeZoneSetups", kind="time_zone"),
    Resource(path="service/boards", kind="board", children=(Child(path="statuses", kind="status"),)),
    Resource(path="service/priorities", kind="priority"),
    Resource(path="service/SLAs", kind="sla", children=(Child(path="priorities", kind="sla_target"),)),
    Resource(path="schedule/calendars", kind="calendar"),
    Resource(path="schedule/holidayLists", kind="holiday_list", children=(Child(path="holidays", kind="holiday"),)),
    Resource(path="time/workTypes", kind="work_type", optional=True),
    Resource(path="time/workRoles", kind="work_role", optional=True),
    Resource(path="company/companies/statuses", kind="client_status", optional=True),
    Resource(path="company/companies/types", kind="client_type", optional=True),
)
"""Settings of the MSP: fetched whole each time, because the PSA keeps no history of them."""

SINGLES: tuple[tuple[str, Kind], ...] = (
    ("system/info", "system_info"),
    ("system/myCompany/other", "my_company"),
)

BUSINESS = (
    Resource(
        path="company/companies", kind="client", client="id", documents="Company",
        children=(Child(path="sites", kind="site", monthly=True, optional=True),),
    ),
    Resource(path="company/contacts", kind="contact", client="company/id", incremental=True),
    Resource(
        path="finance/agreements", kind="agreement", client="company/id", documents="Agreement", audit="Agreement",
        children=(
            Child(path="additions", kind="addition"),
            Child(path="adjustments", kind="adjustment", monthly=True, optional=True),
            Child(path="worktypes", kind="agreement_work_type", monthly=True, optional=True),
            Child(path="workroles", kind="agreement_work_role", monthly=True, optional=True),
            Child(path="workTypeExclusions", kind="work_type_exclusion", monthly=True, optional=True),
            Child(path="workRoleExclusions", kind="work_role_exclusion", monthly=True, optional=True),
            Child(path="boardDefaults", kind="board_default", monthly=True, optional=True),
        ),
    ),
    Resource(
        path="finance/invoices", kind="invoice", client="company/id", period="date", incremental=True,
        children=(Child(path="payments", kind="payment", incremental=True),),
    ),
    Resource(
        path="sales/opportunities", kind="opportunity", client="company/id", documents="Opportunity",
        children=(Child(path="notes", kind="opportunity_note", incremental=True),),
    ),
    Resource(path="sales/activities", kind="activity", client="company/id", incremental=True),
    Resource(path="company/configurations", kind="configuration", client="company/id", incremental=True),
    Resource(
        path="service/surveys", kind="survey", optional=True,
        children=(Child(path="results", kind="survey_result", client="company", optional=True),),
    ),
    Resource(
        path="marketing/campaigns", kind="campaign", optional=True,
        counted=("emailsOpened", "linksClicked", "formsSubmitted"),
    ),
    Resource(
        path="project/projects", kind="project", client="company/id", optional=True,
        children=(Child(path="phases", kind="project_phase", optional=True),),
    ),
)  # fmt: skip
"""Agreements, configurations, advice: whole, whatever the period, because a promise is older than the quarrel."""

TICKETS = Resource(path="service/tickets", kind="ticket", client="company/id", incremental=True)
PROJECT_TICKETS = Resource(
    path="project/tickets", kind="project_ticket", client="company/id", incremental=True, optional=True
)
TIME = Resource(path="time/entries", kind="time_entry", client="company/id", period="timeStart", incremental=True)
SCHEDULE = Resource(path="schedule/entries", kind="schedule_entry", period="dateStart", incremental=True)
SECURITY = "system/mySecurity"
AUDIT = "system/audittrail"
