"""How the MSP set up its PSA: boards, statuses, priorities, SLAs, calendars. Data only; rows are made elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

from psa_evidence.simulator.world.clock import AllHours, Clock, DayOff, Hours
from psa_evidence.simulator.world.holidays import england_and_wales, united_states
from psa_evidence.simulator.world.instants import LONDON, LOS_ANGELES, NEW_YORK

Escalation = Literal["NotResponded", "Responded", "ResolutionPlan", "Resolved", "NoEscalation"]
BasedOn = Literal["AllHours", "MyCalendar", "Customer", "Custom"]


@dataclass(frozen=True, slots=True)
class Status:
    id: int
    board: int
    name: str
    escalation: Escalation
    closed: bool = False
    inactive: bool = False
    default: bool = False


@dataclass(frozen=True, slots=True)
class Priority:
    id: int
    name: str
    level: str
    color: str
    sort: int


@dataclass(frozen=True, slots=True)
class Target:
    """Hours of open time and the share of tickets (percent) that must meet them. 0 is no target."""

    respond: float
    plan: float
    resolve: float
    percents: tuple[int, int, int] = (90, 90, 85)


@dataclass(frozen=True, slots=True)
class Sla:
    id: int
    name: str
    based_on: BasedOn
    own: Target
    rows: dict[int, Target]
    """Priority id -> target that overrides `own`."""
    calendar: int | None = None

    def target(self, priority: int) -> Target:
        return self.rows.get(priority, self.own)


@dataclass(frozen=True, slots=True)
class Calendar:
    id: int
    name: str
    week: tuple[Hours, ...]
    holidays: int | None


SERVICE, MONITORING, CHANGES, PROJECTS = 1, 2, 3, 4
BOARDS = {SERVICE: "Service Desk", MONITORING: "Monitoring", CHANGES: "Changes & Onboarding", PROJECTS: "Projects"}
TEAMS = {SERVICE: "Service Desk Team", MONITORING: "NOC", CHANGES: "Engineering", PROJECTS: "Project Team"}

_STATUSES: dict[int, tuple[tuple[str, Escalation], ...]] = {
    SERVICE: (
        ("New", "NotResponded"),
        ("New (email)", "NotResponded"),
        ("Auto-acknowledged", "Responded"),
        ("Assigned", "Responded"),
        ("In Progress", "ResolutionPlan"),
        ("In Progress - Onsite", "ResolutionPlan"),
        ("Scheduled", "NoEscalation"),
        ("Waiting Client", "NoEscalation"),
        ("Waiting Vendor", "NoEscalation"),
        ("Client Updated", "ResolutionPlan"),
        ("Re-opened", "ResolutionPlan"),
        ("Resolved", "Resolved"),
        ("Closed", "Resolved"),
        ("Closed - No Response", "Resolved"),
        ("Merged", "Resolved"),
        ("On Hold (old)", "NoEscalation"),
    ),
    MONITORING: (
        ("New", "NotResponded"),
        ("Assigned", "Responded"),
        ("In Progress", "ResolutionPlan"),
        ("Escalated to Engineer", "NoEscalation"),
        ("Waiting Client", "NoEscalation"),
        ("Waiting Vendor", "NoEscalation"),
        ("Scheduled", "NoEscalation"),
        ("Client Updated", "ResolutionPlan"),
        ("Re-opened", "ResolutionPlan"),
        ("Resolved", "Resolved"),
        ("Closed", "Resolved"),
    ),
    CHANGES: (
        ("New", "NotResponded"),
        ("Assigned", "Responded"),
        ("In Progress", "ResolutionPlan"),
        ("Scheduled", "NoEscalation"),
        ("Waiting Client", "NoEscalation"),
        ("Waiting Vendor", "NoEscalation"),
        ("Client Updated", "ResolutionPlan"),
        ("Re-opened", "ResolutionPlan"),
        ("Resolved", "Resolved"),
        ("Closed", "Resolved"),
    ),
    PROJECTS: (
        ("New", "NotResponded"),
        ("In Progress", "ResolutionPlan"),
        ("Closed", "Resolved"),
    ),
}

MISMAPPED = "Escalated to Engineer"
"""On the Monitoring board this status is work by the MSP, yet somebody mapped it to "do not escalate": it pauses."""

STATUSES: dict[int, Status] = {}
STATUS_ID: dict[tuple[int, str], int] = {}
for _board, _list in _STATUSES.items():
    for _index, (_name, _escalation) in enumerate(_list):
        _status = Status(
            id=_board * 100 + _index + 1,
            board=_board,
            name=_name,
            escalation=_escalation,
            closed=_name in {"Closed", "Closed - No Response", "Merged"},
            inactive=_name.endswith("(old)"),
            default=_index == 0,
        )
        STATUSES[_status.id] = _status
        STATUS_ID[_board, _name] = _status.id

P1, P2, P3, P4 = 6, 8, 9, 11
PRIORITIES: dict[int, Priority] = {
    P1: Priority(P1, "Priority 1 - Critical", "Critical", "Red", 1),
    P2: Priority(P2, "Priority 2 - High", "High", "Orange", 2),
    P3: Priority(P3, "Priority 3 - Normal", "Medium", "Yellow", 3),
    P4: Priority(P4, "Priority 4 - Low", "Low", "Green", 4),
}

STANDARD, CLIENT_OFFICE, EXTENDED, UK_OFFICE = 1, 2, 3, 4
GOLD, SILVER, ROUND_CLOCK, NO_SLA, BLOCK = 1, 2, 3, 4, 5

_HIGH = (95, 95, 90)
SLAS: dict[int, Sla] = {
    GOLD: Sla(
        GOLD, "Gold", "MyCalendar", Target(8, 16, 40),
        {
            P1: Target(0.5, 2, 4, _HIGH), P2: Target(1, 4, 8, _HIGH),
            P3: Target(2, 8, 24, _HIGH), P4: Target(8, 16, 40, _HIGH),
        },
    ),
    SILVER: Sla(
        SILVER, "Silver", "Customer", Target(8, 24, 80),
        {P1: Target(1, 4, 8), P2: Target(2, 8, 16), P3: Target(4, 16, 40), P4: Target(8, 24, 80)},
    ),
    ROUND_CLOCK: Sla(
        ROUND_CLOCK, "24x7 Critical", "AllHours", Target(24, 48, 120),
        {P1: Target(0.25, 1, 4, _HIGH), P2: Target(0.5, 2, 8, _HIGH), P3: Target(4, 12, 48, _HIGH)},
    ),
    NO_SLA: Sla(NO_SLA, "No SLA", "MyCalendar", Target(0, 0, 0, (0, 0, 0)), {}),
    BLOCK: Sla(
        BLOCK, "Block Hours", "Custom", Target(8, 24, 0, (80, 80, 0)),
        {P1: Target(2, 6, 16, (80, 80, 80)), P2: Target(4, 12, 24, (80, 80, 80))}, EXTENDED,
    ),
}  # fmt: skip


def _week(opens: str, closes: str, *, saturday: tuple[str, str] | None = None) -> tuple[Hours, ...]:
    span = (time.fromisoformat(opens), time.fromisoformat(closes))
    weekend = (time.fromisoformat(saturday[0]), time.fromisoformat(saturday[1])) if saturday else None
    return (span, span, span, span, span, weekend, None)


CALENDARS: dict[int, Calendar] = {
    STANDARD: Calendar(STANDARD, "Harbourlight Standard", _week("08:00", "18:00"), 1),
    CLIENT_OFFICE: Calendar(CLIENT_OFFICE, "Client office hours 9 to 5:30", _week("09:00", "17:30"), 1),
    EXTENDED: Calendar(EXTENDED, "Extended, Saturday morning", _week("07:00", "20:00", saturday=("09:00", "13:00")), 1),
    UK_OFFICE: Calendar(UK_OFFICE, "UK office hours", _week("09:00", "17:30"), 2),
}

HOLIDAY_LISTS: dict[int, tuple[str, tuple[DayOff, ...]]] = {
    1: ("United States", tuple(united_states())),
    2: ("England and Wales", tuple(england_and_wales())),
}

SERVER_ZONE = NEW_YORK
ZONES: dict[str, ZoneInfo] = {
    "Eastern Standard Time": NEW_YORK,
    "Pacific Standard Time": LOS_ANGELES,
    "GMT Standard Time": LONDON,
}
"""The PSA's names of the time zones. Its calendars name none: a client's own calendar is read in the client's zone,
every other in the server's."""


@cache
def clock(calendar: int, zone: ZoneInfo) -> Clock:
    found = CALENDARS[calendar]
    days = HOLIDAY_LISTS[found.holidays][1] if found.holidays else ()
    return Clock(found.week, {day.day: day for day in days}, zone)


ALL_HOURS = AllHours()

SOURCES = {1: "Phone", 2: "Email", 3: "Portal", 4: "Monitoring", 5: "Onsite"}
WORK_TYPES = {1: "Remote Support", 2: "Onsite Support", 3: "After Hours", 4: "Project Work", 5: "Out of Scope"}
WORK_ROLES = {1: ("Technician", 145.0), 2: ("Engineer", 185.0), 3: ("Senior Engineer", 225.0)}


def clock_for(sla: int, client_calendar: int, client_zone: str) -> Clock:
    """The calendar that an SLA counts in, for one client."""
    policy = SLAS[sla]
    if policy.based_on == "AllHours":
        return ALL_HOURS
    if policy.based_on == "Customer":
        return clock(client_calendar, ZONES[client_zone])
    return clock(policy.calendar or STANDARD, SERVER_ZONE)


TYPE_NUMBERS = {
    name: number + 1
    for number, name in enumerate(
        ("Account", "Hardware", "Network", "Email", "Security", "Files", "Software", "Telephony", "Users", "Change",
         "Backup", "Patching", "Server", "Offboarding", "Billing", "Legal")
    )
}  # fmt: skip
"""Ticket types are few and known; each has its number on every board."""
