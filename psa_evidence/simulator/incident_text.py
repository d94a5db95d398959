"""An event of the incident log in the prose of an audit trail. The sentences are made up: the vendor publishes none."""

from __future__ import annotations

from psa_evidence.simulator.incident_log import IncidentLog, stamp
from psa_evidence.simulator.store import Row

SHOWN = {
    "incident_state": "Status",
    "priority": "Priority",
    "impact": "Impact",
    "urgency": "Severity",
    "assignment_group": "Team",
    "assigned_to": "Owner",
    "category": "Type",
    "subcategory": "Subtype",
    "u_symptom": "Symptom",
    "location": "Site",
    "caller_id": "Contact",
    "contact_type": "Source",
    "cmdb_ci": "Configuration",
    "problem_id": "Problem",
    "rfc": "Change request",
    "vendor": "Vendor",
    "knowledge": "Knowledge flag",
    "u_priority_confirmation": "Priority confirmation",
    "reopen_count": "Reopen count",
}
"""Columns whose changes an audit trail shows, and their names on the screen. Closing fields are not among them: the
log carries them on every line, also before they could be known."""
_COLUMNS = tuple(SHOWN)


def entry(log: IncidentLog, number: int, event: int, *, first: bool, member: str) -> Row:
    """The one audit entry of an event."""
    if first:
        text, subtype = _created(log, number, event), "Record"
    else:
        changes = log.changed(_COLUMNS, event)
        text = " ".join(_sentence(SHOWN[c], log.word(c, event - 1), log.word(c, event)) for c in changes)
        text = text or "Ticket updated."
        subtype = SHOWN[changes[0]] if changes else "Record"
    return {
        "text": text,
        "enteredDate": stamp(log.minute("sys_updated_at", event)),
        "enteredBy": member,
        "auditType": "Resource" if subtype == "Owner" else "Ticket",
        "auditSubType": subtype,
        "auditSource": "Member",
    }


def _created(log: IncidentLog, number: int, event: int) -> str:
    status, priority = log.word("incident_state", event), log.word("priority", event)
    return f'Ticket #{number} created with status "{status or ""}" and priority "{priority or ""}".'


def _sentence(name: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f'{name} has been set to "{new}".'
    if new is None:
        return f'{name} "{old}" has been removed.'
    return f'{name} has been changed from "{old}" to "{new}".'
