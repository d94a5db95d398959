"""The sheets in words: what the workbook is, how many rows each table has, by which query, what a column means."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from datetime import UTC, datetime
from typing import Final

from psa_evidence.spi import ColumnType, DataTable, PackContent, RunFacts
from psa_evidence_tables.limits import Limits
from psa_evidence_tables.rows import columns, types_of, without_page

COLUMN_HEAD: Final = ("Sheet", "Column", "Type", "Meaning")
TYPE_WORDS: Final[dict[ColumnType, str]] = {
    "text": "text", "integer": "whole number", "seconds": "seconds", "decimal": "number",
    "datetime": "instant, UTC", "date": "day", "boolean": "TRUE or FALSE",
}  # fmt: skip
_HEAD: Final = ("# Sheet", "Table", "Rows (n)", "Cells cut", "Rows without a Bates number", "What it holds")


_WORDS: Final = (
    (
        "Kind of page",
        (
            "B, a summary of source records. A row names the first Bates page of the exhibit that proves it. Rows "
            "that are computed from many records (attainment, population) name none, and can be recomputed from the "
            "other sheets; nor do rows of records that no exhibit shows: the sheet 'natives' names the file of each."
        ),
    ),
    ("Time", "Instants are in UTC, as the Z after them says. Months and days are counted in the zone of the matter."),
    ("Empty cell", "Not recorded, or does not apply."),
    (
        "Texts",
        (
            "As recorded. Nothing in this workbook is a formula or a link. The CSV files in this folder hold the same "
            "rows whole; where a cell was cut here, it says so, and the CSV file governs."
        ),
    ),
    ("Numbers", "A number of more than fifteen digits is kept as text, because a spreadsheet would round it."),
)


def head_of(table: DataTable) -> tuple[str, ...]:
    """Titles of the columns; an instant's says that it is in UTC."""
    return tuple(
        f"{name} (UTC)" if kind == "datetime" else name
        for (name, _), kind in zip(columns(table), types_of(table), strict=True)
    )


def about(
    content: PackContent, names: Mapping[str, str], lines: Mapping[str, Sized], cut: Mapping[str, int],
    limits: Limits,
) -> list[tuple[str, ...]]:  # fmt: skip
    """Lines of the first sheet."""
    run = content.run
    said: list[tuple[str, ...]] = [
        ("# Evidence tables", ""),
        ("Matter", content.cover.matter),
        ("Copy", content.copy),
        ("Records as of", _instant(content.as_of)),
    ]
    if run is not None:
        said += [("Query", _query(run)), ("Software", run.software)]
    said += [
        *((label, text) for label, text in _WORDS),
        ("Time zone of the matter", content.time_zone),
        ("", ""),
        _HEAD,
    ]
    for table in content.tables:
        n = len(lines[table.name])
        counts = (f"{n:,}", f"{cut[table.name]:,}", f"{without_page(table):,}")
        said.append((names[table.name], table.title, *counts, _note(table, n, cut, limits)))
    return said


def column_rows(content: PackContent, names: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Sheet, column, type, meaning; for every column of every table."""
    return [
        (names[table.name], title, TYPE_WORDS[kind], meaning or name.replace("_", " "))
        for table in content.tables
        for title, (name, meaning), kind in zip(head_of(table), columns(table), types_of(table), strict=True)
    ]


def _query(run: RunFacts) -> str:
    scope = f"under the agreement {run.agreement}" if run.agreement else "under any agreement"
    return (
        f"Tickets of the client {run.client} (id {run.client_id}), {scope}, entered from {_instant(run.since)} to "
        f"before {_instant(run.until)}, and the records that hang on them. The sheet 'population' counts what is out."
    )


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"


def _note(table: DataTable, n: int, cut: Mapping[str, int], limits: Limits) -> str:
    said = [f"The same rows as tables/{table.name}.csv."]
    over = n - (limits.rows - 1)
    if over > 0:
        said.append(
            f"CUT: a sheet holds {limits.rows - 1:,} rows; the last {over:,} are only in tables/{table.name}.csv."
        )
    if cut[table.name]:
        said.append(
            f"CUT: {cut[table.name]:,} cells held more than {limits.characters:,} characters; each says so, and the "
            f"whole text is in tables/{table.name}.csv."
        )
    return " ".join(said)
