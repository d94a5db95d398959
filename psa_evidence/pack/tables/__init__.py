"""The tables of a pack: every row of the report and more, as text ready to write, each with its exhibit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.tables.business import agreements, invoices, opportunities
from psa_evidence.pack.tables.clock import attainment, breaches, calendar_days, differences, sla_results
from psa_evidence.pack.tables.intervals import sla_intervals
from psa_evidence.pack.tables.service import history, messages, tickets, time_entries
from psa_evidence.pack.tables.sources import sources
from psa_evidence.pack.tables.whole import (
    findings,
    lacking,
    natives,
    population,
    population_rows,
    record_changes,
    unread,
)
from psa_evidence.spi import DataTable

__all__ = ["population_rows", "tables"]

_ALL: Final[tuple[Callable[[Dossier], DataTable], ...]] = (
    sla_results, sla_intervals, attainment, breaches, differences, calendar_days, findings, population, tickets,
    messages, time_entries, history,
    agreements, opportunities, invoices, unread, lacking, record_changes, natives, sources,
)  # fmt: skip


def tables(dossier: Dossier) -> tuple[DataTable, ...]:
    """All tables in a fixed order. Empty text means: not recorded, or does not apply."""
    return tuple(make(dossier) for make in _ALL)
