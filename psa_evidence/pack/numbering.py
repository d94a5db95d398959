"""Which record is shown in which exhibit. Ids: `T-` ticket, `A-` agreement, `O-` opportunity, `I-` invoice; lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from psa_evidence.records import Agreement, Invoice, Kind, Opportunity, RecordSet, Ticket
from psa_evidence.spi import RawRecord

SETTINGS: Final = "S-SETTINGS"
"""The one exhibit of the MSP's own settings: SLAs, targets, calendars, holidays, statuses, priorities."""

SETTINGS_KINDS: Final[frozenset[Kind]] = frozenset({
    "board", "calendar", "holiday", "holiday_list", "priority", "sla", "sla_target", "status", "system_info",
    "permission", "time_zone",
})  # fmt: skip

PREFIX: Final[Mapping[Kind, str]] = {"ticket": "T-", "agreement": "A-", "opportunity": "O-", "invoice": "I-"}

LISTS: Final[Mapping[Kind, str]] = {
    "configuration": "C-LIST", "activity": "Y-LIST", "survey_result": "V-LIST", "document": "D-LIST",
    "project": "P-LIST",
}  # fmt: skip
"""Kinds of which many say little, or that hang on the client: one exhibit shows all that stand on nothing else."""


def exhibit_map(records: RecordSet, raw: Iterable[RawRecord]) -> dict[str, str]:
    """Key of every record that an exhibit shows -> id of the exhibit."""
    shown: dict[str, str] = {}
    own: tuple[Iterable[Ticket | Agreement | Opportunity | Invoice], ...] = (
        records.tickets, records.agreements, records.opportunities, records.invoices,
    )  # fmt: skip
    for items in own:
        for item in items:
            shown[item.source.key] = f"{PREFIX[item.source.kind]}{item.id}"
    _hang(shown, ((m.source.key, f"ticket/{m.ticket_id}") for m in records.messages))
    _hang(shown, ((h.source.key, f"ticket/{h.ticket_id}") for h in records.history))
    _hang(shown, ((e.source.key, f"ticket/{e.ticket_id}") for e in records.time_entries))
    _hang(shown, ((s.source.key, f"ticket/{s.object_id}") for s in records.schedule_entries))
    _hang(shown, ((a.source.key, f"agreement/{a.agreement_id}") for a in records.additions))
    _hang(shown, ((p.source.key, f"invoice/{p.invoice_id}") for p in records.payments))
    _hang(shown, ((s.source.key, f"ticket/{s.ticket_id}") for s in records.survey_results))
    for survey in records.survey_results:
        shown.setdefault(survey.source.key, LISTS["survey_result"])
    for configuration in records.configurations:
        shown[configuration.source.key] = LISTS["configuration"]
    for document in records.documents:
        owner = f"{(document.record_type or '').casefold()}/{document.record_id}"
        for key in (document.source.key, f"attachment/{document.id}"):
            shown[key] = shown.get(owner, LISTS["document"])
    for project in records.projects:
        shown[project.source.key] = LISTS["project"]
    for phase in records.project_phases:
        shown[phase.source.key] = LISTS["project"]
    for project_ticket in records.project_tickets:
        shown[project_ticket.source.key] = LISTS["project"]
    for activity in records.activities:
        owners = (f"opportunity/{activity.opportunity_id}", f"ticket/{activity.ticket_id}")
        shown[activity.source.key] = next((shown[o] for o in owners if o in shown), LISTS["activity"])
    for record in raw:
        if record.kind in SETTINGS_KINDS:
            shown[record.key] = SETTINGS
        elif record.key not in shown and record.parent in shown:
            shown[record.key] = shown[record.parent]
    return shown


def _hang(shown: dict[str, str], pairs: Iterable[tuple[str, str]]) -> None:
    for key, owner in pairs:
        if owner in shown:
            shown[key] = shown[owner]
