"""The calendar that the matter file states, held against those that the PSA's settings name for the tickets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.terms import calendar_zone, contract_terms
from psa_evidence.sla import BusinessHours, compare_calendars
from psa_evidence.sla.choosing import CalendarBook, CalendarHistory
from psa_evidence.sla.comparison import CalendarComparison


def calendar_differences(dossier: Dossier) -> tuple[tuple[str, CalendarComparison], ...]:
    """For each calendar of the PSA that a ticket of the population would be counted on: its name, and the comparison.

    The contract's calendar is the first of the two. Empty when the matter file states no hours. The PSA's calendars
    are those captured last; the period is the matter's.
    """
    terms = contract_terms(dossier.matter)
    if terms is None or terms.calendar is None:
        return ()
    ours = terms.calendar
    return tuple(
        (name, compare_calendars(ours, hours, start=dossier.matter.first_day, end=dossier.matter.last_day))
        for name, hours in _of_the_psa(dossier)
    )


def _of_the_psa(dossier: Dossier) -> Iterator[tuple[str, BusinessHours]]:
    terms = contract_terms(dossier.matter)
    if terms is None:
        return
    history = CalendarHistory([(dossier.as_of, dossier.records)])
    book = CalendarBook(dossier.records, terms, calendar_zone(dossier.matter), history)
    by_agreement = {a.id: a.sla_id for a in dossier.records.agreements}
    seen: set[str] = set()
    for ticket in dossier.population.tickets:
        sla_id = ticket.sla_id or by_agreement.get(ticket.agreement_id or "")
        choice = book.of_the_psa(sla_id, ticket.client_id)
        if choice.hours is not None and choice.name is not None and choice.name not in seen:
            seen.add(choice.name)
            yield choice.name, choice.hours


def opening(periods: tuple[tuple[datetime, datetime], ...]) -> str:
    """`08:00-17:00, 18:00-20:00` of one local day, midnight at its end as 24:00, or `closed`."""
    return (
        ", ".join(f"{a:%H:%M}-{'24:00' if b.date() > a.date() else format(b, '%H:%M')}" for a, b in periods) or "closed"
    )
