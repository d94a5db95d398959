"""What an incident log's PSA promises: statuses with their meaning for the clock, priorities, SLAs and their hours."""

from __future__ import annotations

from psa_evidence.simulator.store import Row

STATUSES: tuple[tuple[str, str, bool], ...] = (
    ("New", "NotResponded", False),
    ("Active", "Responded", False),
    ("Awaiting User Info", "NoEscalation", False),
    ("Awaiting Vendor", "NoEscalation", False),
    ("Awaiting Problem", "NoEscalation", False),
    ("Awaiting Evidence", "NoEscalation", False),
    ("Resolved", "Resolved", False),
    ("Closed", "Resolved", True),
    ("-100", "Responded", False),
)
"""Name, meaning for the SLA clock, closed. `-100` is rubbish in the log; it neither pauses nor stops a clock here."""

PRIORITIES = (
    ("1 - Critical", "Critical"),
    ("2 - High", "High"),
    ("3 - Moderate", "Medium"),
    ("4 - Low", "Low"),
)

_TARGETS = {
    "Business hours": ((0.5, 2.0, 4.0), (1.0, 4.0, 8.0), (4.0, 8.0, 27.0), (8.0, 18.0, 45.0)),
    "Around the clock": ((0.25, 1.0, 4.0), (0.5, 2.0, 8.0), (2.0, 8.0, 48.0), (4.0, 24.0, 96.0)),
}
SLAS = tuple(_TARGETS)


def sla_of(company: int) -> int:
    """Every fifth client is served around the clock."""
    return 2 if company % 5 == 0 else 1


def sla_reference(company: int) -> Row:
    return {"id": sla_of(company), "name": SLAS[sla_of(company) - 1]}


def statuses(board: int, board_name: str) -> list[Row]:
    """The statuses of a board; ids are the board's own."""
    return [
        {
            "id": board * 100 + n,
            "name": name,
            "board": {"id": board, "name": board_name},
            "sortOrder": n,
            "displayOnBoard": not closed,
            "inactive": False,
            "closedStatus": closed,
            "defaultFlag": n == 1,
            "escalationStatus": meaning,
        }
        for n, (name, meaning, closed) in enumerate(STATUSES, 1)
    ]


def sla_priorities(sla: int) -> list[Row]:
    name = SLAS[sla - 1]
    return [
        {
            "id": sla * 10 + n,
            "priority": {"id": n, "name": PRIORITIES[n - 1][0]},
            "respondHours": respond,
            "respondPercent": 95,
            "planWithin": plan,
            "planWithinPercent": 95,
            "resolutionHours": resolve,
            "resolutionPercent": 90,
            "sla": {"id": sla, "name": name},
        }
        for n, (respond, plan, resolve) in enumerate(_TARGETS[name], 1)
    ]


def sla_row(n: int) -> Row:
    respond, plan, resolve = _TARGETS[SLAS[n - 1]][2]
    return {
        "id": n,
        "name": SLAS[n - 1],
        "defaultFlag": n == 1,
        "basedOn": "MyCalendar" if n == 1 else "AllHours",
        "applicationOrder": n,
        "respondHours": respond,
        "respondPercent": 95,
        "planWithin": plan,
        "planWithinPercent": 95,
        "resolutionHours": resolve,
        "resolutionPercent": 90,
        "_info": {"lastUpdated": "2016-01-01T00:00:00Z", "updatedBy": "setup"},
    }


def priority_row(n: int) -> Row:
    name, level = PRIORITIES[n - 1]
    return {"id": n, "name": name, "sortOrder": n, "defaultFlag": n == 3, "level": level}
