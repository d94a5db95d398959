"""Rows as they are written: the Bates column added, cells that a spreadsheet would execute disarmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import ColumnType, DataTable, Pagination

BATES = "bates"
BATES_MEANING = (
    "First Bates number of the exhibit that proves the row; empty where no exhibit shows its record, or many records "
    "stand behind it"
)


def columns(table: DataTable) -> tuple[tuple[str, str], ...]:
    """Name and meaning of every column written, the Bates column last."""
    return (*table.columns, (BATES, BATES_MEANING)) if table.exhibits is not None else table.columns


class Lines(Sized, Iterable[tuple[str, ...]]):
    """The rows of a table, Bates number last when the table names exhibits: empty where a row has none. They are made
    whenever somebody goes through them: a long table is never held whole.

    Raises EvidenceError when there is not an exhibit for each row, and while they are gone through when a row is not as
    wide as the table, or its exhibit has no pages.
    """

    def __init__(self, table: DataTable, pagination: Pagination | None) -> None:
        self._table, self._pagination = table, pagination
        proofs = table.exhibits
        if proofs is not None and len(proofs) != len(table.rows):
            raise EvidenceError(f"Table {table.name}: {len(table.rows)} rows, but exhibits for {len(proofs)}.")

    def __len__(self) -> int:
        return len(self._table.rows)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        table, proofs = self._table, self._table.exhibits
        for number, row in enumerate(table.rows):
            if len(row) != len(table.columns):
                raise EvidenceError(
                    f"Table {table.name}, row {number + 1}: {len(row)} cells in {len(table.columns)} columns."
                )
            yield row if proofs is None else (*row, _bates(table.name, number, proofs[number], self._pagination))


def without_page(table: DataTable) -> int:
    """How many rows cite no page."""
    return len(table.rows) if table.exhibits is None else table.exhibits.count(None)


def types_of(table: DataTable) -> tuple[ColumnType, ...]:
    """The type of every column written. Raises EvidenceError when there is not one for each."""
    text: ColumnType = "text"
    kinds = table.types or (text,) * len(table.columns)
    if len(kinds) != len(table.columns):
        raise EvidenceError(f"Table {table.name}: {len(kinds)} types for {len(table.columns)} columns.")
    return (*kinds, text) if table.exhibits is not None else kinds


def _bates(table: str, number: int, exhibit: str | None, pagination: Pagination | None) -> str:
    if exhibit is None:
        return ""
    if pagination is None or exhibit not in pagination.exhibits:
        raise EvidenceError(
            f"Table {table}, row {number + 1}: its exhibit has no pages.",
            next_step="Number the pages of the same content before the tables are written.",
        )
    return pagination.exhibits[exhibit][0]
