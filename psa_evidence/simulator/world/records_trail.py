"""Audit trails of records that are no tickets: made, changed, cancelled, sent."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from psa_evidence.simulator.world.refs import Row
from psa_evidence.simulator.world.trail import simple

_LISTS: Final = {
    "Agreement": "finance/agreements",
    "Company": "company/companies",
    "Contact": "company/contacts",
    "Opportunity": "sales/opportunities",
    "Configuration": "company/configurations",
    "Invoice": "finance/invoices",
    "Activity": "sales/activities",
    "ProjectTicket": "project/tickets",
    "Time": "time/entries",
    "Schedule": "schedule/entries",
}


class Rows(Protocol):
    def row(self, resource: str, row_id: int) -> Row | None: ...


def rows(world: Rows, record_type: str, record_id: int) -> list[Row] | None:
    """None when there is no such record, or no such type of record."""
    resource = _LISTS.get(record_type)
    row = world.row(resource, record_id) if resource else None
    if row is None:
        return None
    info = row["_info"]
    made, touched = _seconds(info["dateEntered"]), _seconds(info["lastUpdated"])
    lines = [(made, info["enteredBy"], f"{record_type} record created.", record_type, "Created")]
    if touched > made:
        lines.append((touched, info["updatedBy"], _change(record_type, row), record_type, "Updated"))
    return simple(lines)


def _change(record_type: str, row: Row) -> str:
    if record_type == "Agreement" and row.get("cancelledFlag"):
        return f"Agreement cancelled, effective {row['dateCancelled'][:10]}: {row['reasonCancelled']}."
    if record_type == "Opportunity":
        return f'Status has been changed from "Open" to "{row["status"]["name"]}".'
    if record_type == "Invoice":
        return f"Payment applied, balance {row['balance']:.2f}."
    return f"{record_type} record updated."


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
