"""When the clock ran: calendars, the status history as intervals, three readings of each promise, attainment.

Pure integer seconds, no I/O; what every rule means stands in docs/sla.md.
"""

from psa_evidence.sla.attainment import Breach, attainment, breaches
from psa_evidence.sla.calendar import BusinessHours, NeverOpenError
from psa_evidence.sla.comparison import CalendarComparison, DifferingDay, DifferingSpan, compare_calendars
from psa_evidence.sla.evaluate import evaluate
from psa_evidence.sla.explain import result_to_dict, statement, strip_for_terminal, ticket_to_dict
from psa_evidence.sla.instants import local_instant
from psa_evidence.sla.opening import ClosedDay, Version
from psa_evidence.sla.results import (
    AttainmentRow,
    Difference,
    Interval,
    Reading,
    StageResult,
    TicketSla,
    Verdict,
)
from psa_evidence.sla.terms import ContractTerms

__all__ = [
    "AttainmentRow",
    "Breach",
    "BusinessHours",
    "CalendarComparison",
    "ClosedDay",
    "ContractTerms",
    "Difference",
    "DifferingDay",
    "DifferingSpan",
    "Interval",
    "NeverOpenError",
    "Reading",
    "StageResult",
    "TicketSla",
    "Verdict",
    "Version",
    "attainment",
    "breaches",
    "compare_calendars",
    "evaluate",
    "local_instant",
    "result_to_dict",
    "statement",
    "strip_for_terminal",
    "ticket_to_dict",
]
