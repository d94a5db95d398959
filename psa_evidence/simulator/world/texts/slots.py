"""What the templates' slots are filled with; one set for each ticket, so that its notes speak of the same things."""

from __future__ import annotations

import random

from psa_evidence.simulator.world.assets import code, names
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.dice import between, pick

_PRINTERS = ("HP M428 front desk", "Canon C3530", "Brother L6400 back office", "Ricoh IM C2500", "Zebra label printer")
_PLACES = ("the front office", "reception", "the back office", "meeting room 2", "the warehouse", "the second floor",
           "accounting", "the east wing")  # fmt: skip
_APPS = ("QuickBooks", "Dentrix", "Adobe Acrobat", "AutoCAD", "Sage 50", "Excel", "Teams", "Clio", "the label program")
_ERRORS = ("0x800704C9", "0x80070005", "691", "809", "0x8004010F", "0x80042306", "Event 1000", "-1073741819")
_FOLDERS = (
    "Finance",
    "HR",
    "Projects 2025",
    "Scans",
    "Board papers",
    "Quality",
    "Patients-archive",
    "Shared/Templates",
)
_ROLES = ("receptionist", "bookkeeper", "project manager", "analyst", "driver planner", "assistant")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_WHEN = ("yesterday", "this morning", "last Friday", "the weekend", "the update", "Monday")
_DOCUMENTS = ("the payroll", "the closing documents", "patient forms", "a tender", "shipping labels", "the audit file")
_DEADLINES = ("noon", "the 2 pm meeting", "tomorrow morning", "the end of the day", "a client who is waiting")


def slots(seed: int, rng: random.Random, client: Client) -> dict[str, str]:
    servers, desks = names(seed, client.index, code(client))
    return {
        "user": pick(rng, client.contacts[2:]).name,
        "boss": client.manager.name,
        "printer": pick(rng, _PRINTERS),
        "place": pick(rng, _PLACES),
        "app": pick(rng, _APPS),
        "server": pick(rng, servers),
        "device": pick(rng, desks),
        "error": pick(rng, _ERRORS),
        "folder": pick(rng, _FOLDERS),
        "drive": pick(rng, ("P:", "S:", "H:")),
        "role": pick(rng, _ROLES),
        "weekday": pick(rng, _DAYS),
        "when": pick(rng, _WHEN),
        "document": pick(rng, _DOCUMENTS),
        "deadline": pick(rng, _DEADLINES),
        "count": str(between(rng, 2, 23)),
        "clock": f"{between(rng, 0, 23):02d}:{between(rng, 0, 59):02d}",
        "case": f"CS{between(rng, 1000000, 9999999)}",
    }
