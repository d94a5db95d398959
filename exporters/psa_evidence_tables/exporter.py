"""The exporter: one CSV file a table, one that explains every column, and a workbook of them all."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from itertools import chain
from pathlib import Path

from psa_evidence.errors import EvidenceError, StorageError
from psa_evidence.spi import (
    DataTable,
    ExportedFile,
    ExporterInfo,
    Material,
    PackContent,
    Pagination,
    Progress,
    disarmed,
)
from psa_evidence_tables.limits import Limits
from psa_evidence_tables.rows import Lines, columns
from psa_evidence_tables.workbook import FILE, write_workbook

_TASK = "tables"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_DICTIONARY = "columns"
_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(10))}


class TablesExporter:
    """`<name>.csv` for every table, `columns.csv` which says what each column means, and `Evidence tables.xlsx`.

    CSV is UTF-8 with a byte order mark and CRLF, so that spreadsheets read it right; every cell that would be run as a
    formula begins with an apostrophe, which is not part of the value. In the workbook numbers, instants and days have
    their types, and no cell is a formula. `limits` are those of worksheets.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    @property
    def info(self) -> ExporterInfo:
        return ExporterInfo(name="tables", title="Tables as CSV and a workbook", version=_version())

    def export(
        self,
        content: PackContent,
        folder: Path,
        *,
        pagination: Pagination | None,
        manifest: bytes | None,  # noqa: ARG002 - a table cannot carry one
        progress: Progress,
        material: Material | None = None,  # noqa: ARG002 - the tables are in the content
    ) -> tuple[ExportedFile, ...]:
        """Write the tables. Raises EvidenceError on a table that is not rectangular or has no safe name."""
        _check_names(content.tables)
        progress.start(_TASK, 2 * len(content.tables))
        try:
            written: list[ExportedFile] = []
            lines = {table.name: Lines(table, pagination) for table in content.tables}
            for table in content.tables:
                head = tuple(name for name, _ in columns(table))
                _write(folder / f"{table.name}.csv", chain([head], lines[table.name]))
                written.append(_file(f"{table.name}.csv"))
                progress.advance(_TASK)
            _write(folder / f"{_DICTIONARY}.csv", _dictionary(content))
            written.append(_file(f"{_DICTIONARY}.csv"))
            write_workbook(folder / FILE, content, lines, self._limits, lambda: progress.advance(_TASK))
            return (*written, ExportedFile(path=FILE, media_type=_WORKBOOK))
        finally:
            progress.finish(_TASK)


def _dictionary(content: PackContent) -> list[tuple[str, ...]]:
    head: tuple[str, ...] = ("table", "title", "column", "meaning")
    return [head] + [
        (table.name, table.title, name, meaning) for table in content.tables for name, meaning in columns(table)
    ]


def _check_names(tables: tuple[DataTable, ...]) -> None:
    names = [table.name for table in tables]
    for name in names:
        if not _NAME.fullmatch(name) or name in _RESERVED or name == _DICTIONARY or names.count(name) > 1:
            raise EvidenceError(f"A table cannot be called {name!r}: names are a-z, 0-9, - and _, each used once.")


def _write(path: Path, lines: Iterable[tuple[str, ...]]) -> None:
    try:
        with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as out:
            writer = csv.writer(out, lineterminator="\r\n")
            writer.writerows([disarmed(cell) for cell in line] for line in lines)
    except OSError as error:
        raise StorageError(f"{path.name} could not be written.", why=error.strerror or str(error)) from error


def _file(path: str) -> ExportedFile:
    return ExportedFile(path=path, media_type="text/csv")


def _version() -> str:
    try:
        return version("psa-evidence")
    except PackageNotFoundError:
        return "0"
