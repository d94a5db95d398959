"""The lists that the connector reads, as data. docs/connectwise.md is the same table for people."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A top-level list.

    `client` is the condition field that selects clients, empty for settings of the MSP; `period` the field that
    must lie in the scope's period; `incremental` lists are asked for changes only once a complete capture exists.
    """

    path: str
    kind: Kind
    client: str = ""
    period: str = ""
    incremental: bool = False
    children: tuple[Child, ...] = ()
    documents: str = ""
    """The recordType under which documents hang on these records."""


SETUP = (
    Resource(path="system/members", kind="member"),
    Resource(path="system/timeZoneSetups", kind="time_zone"),
    Resource(path="service/boards", kind="board", children=(Child(path="statuses", kind="status"),)),
    Resource(path="service/priorities", kind="priority"),
    Resource(path="service/SLAs", kind="sla", children=(Child(path="priorities", kind="sla_target"),)),
    Resource(path="schedule/calendars", kind="calendar"),
    Resource(path="schedule/holidayLists", kind="holiday_list", children=(Child(path="holidays", kind="holiday"),)),
)
"""Settings of the MSP: fetched whole each time, because the PSA keeps no history of them."""

SINGLES: tuple[tuple[str, Kind], ...] = (
    ("system/info", "system_info"),
    ("system/myCompany/other", "my_company"),
)

BUSINESS = (
    Resource(path="company/companies", kind="client", client="id", documents="Company"),
    Resource(path="company/contacts", kind="contact", client="company/id", incremental=True),
    Resource(
        path="finance/agreements", kind="agreement", client="company/id", documents="Agreement",
        children=(Child(path="additions", kind="addition"),),
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
        path="service/surveys", kind="survey",
        children=(Child(path="results", kind="survey_result", client="company"),),
    ),
)  # fmt: skip
"""Agreements, configurations, advice: whole, whatever the period, because a promise is older than the quarrel."""

TICKETS = Resource(path="service/tickets", kind="ticket", client="company/id", incremental=True)
TIME = Resource(path="time/entries", kind="time_entry", client="company/id", period="timeStart", incremental=True)
SCHEDULE = Resource(path="schedule/entries", kind="schedule_entry", period="dateStart", incremental=True)
SECURITY = "system/mySecurity"
