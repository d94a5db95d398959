"""What a role that lacks a permission looks like in `/system/mySecurity`."""

from __future__ import annotations

from psa_evidence.simulator.store import Row

_WORDS = {
    "company/companies": "company maint",
    "company/configurations": "config",
    "company/contacts": "contact",
    "finance/agreements": "agreement",
    "finance/invoices": "invoic",
    "marketing/campaigns": "campaign",
    "sales/activities": "activit",
    "sales/opportunities": "opportunit",
    "schedule/entries": "schedul",
    "service/tickets": "service ticket",
    "system/members": "member",
    "time/entries": "time entr",
}
"""Lists, and a word in the name of the function that guards them."""


def without(row: Row, denied: tuple[str, ...]) -> Row:
    """The permission's row with `inquireLevel` None when it guards a denied path."""
    name = str(row.get("moduleFunctionName", "")).lower()
    for path, word in _WORDS.items():
        if word in name and any(path == d or path.startswith(d + "/") for d in (x.strip("/").lower() for x in denied)):
            return {**row, "inquireLevel": "None"}
    return row
