"""How a table is made: rows of text ready to write, each with the exhibit that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.on_disk import kept_rows
from psa_evidence.pack.tables.types import UTC, column_types
from psa_evidence.spi import DataTable

Row = tuple[tuple[str, ...], str | None]
Columns = tuple[tuple[str, str], ...]

__all__ = ["UTC", "Columns", "Row", "exhibit", "flag", "number", "table", "text_of"]


def table(name: str, title: str, columns: Columns, rows: Iterable[Row]) -> DataTable:
    """A table of the rows as they come."""
    exhibits: list[str | None] = []

    def noted() -> Iterator[tuple[str, ...]]:
        for row, shown in rows:
            exhibits.append(shown)
            yield row

    return DataTable(
        name=name,
        title=title,
        columns=columns,
        rows=kept_rows(noted()),
        exhibits=tuple(exhibits),
        types=column_types(name, columns),
    )


def exhibit(dossier: Dossier, key: str) -> str | None:
    """The id of the exhibit that shows the record of this key, if one does."""
    return dossier.exhibit_of.get(key)


def number(value: float | None) -> str:
    """Empty when there is none."""
    return "" if value is None else str(value)


def flag(value: bool | None) -> str:
    """`yes`, `no`, or empty when it is not recorded."""
    return "" if value is None else "yes" if value else "no"


def text_of(value: object) -> str:
    """A date or amount as text; empty when there is none."""
    return "" if value is None else str(value)
