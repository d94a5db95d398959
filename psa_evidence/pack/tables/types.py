"""Which type each column has. A column that is not named here, and whose meaning does not say so, is text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from psa_evidence.spi import ColumnType

UTC: Final = "UTC, ISO 8601 with Z"
DATE: Final = "date"

_NAMED: Final[Mapping[ColumnType, frozenset[str]]] = {
    "integer": frozenset({
        "attainment.n", "attainment.met", "attainment.missed", "attainment.not_determined", "attainment.no_target",
        "attainment.excluded", "attainment.paused", "natives.bytes", "population.number", "record_changes.seal_before",
        "record_changes.seal_after", "natives.version", "natives.versions",
    }),
    "decimal": frozenset({
        "agreements.amount", "attainment.goal_percent", "invoices.balance", "invoices.paid", "invoices.total",
        "tickets.actual_hours", "time_entries.hours",
    }),
    "boolean": frozenset({
        "agreements.cancelled", "agreements.open_ended", "findings.adverse", "messages.internal",
        "messages.resolution", "opportunities.lost", "opportunities.won", "tickets.closed", "tickets.psa_in_sla",
    }),
}  # fmt: skip
"""`table.column`; ids are text, however many digits they have."""


def column_types(table: str, columns: tuple[tuple[str, str], ...]) -> tuple[ColumnType, ...]:
    """One type for each (name, meaning)."""
    return tuple(_type(f"{table}.{name}", meaning) for name, meaning in columns)


def _type(column: str, meaning: str) -> ColumnType:
    if UTC in meaning:
        return "datetime"
    if meaning == DATE:
        return "date"
    if column.endswith((".seconds", "_seconds")):
        return "seconds"
    return next((kind for kind, named in _NAMED.items() if column in named), "text")
