"""The workbook: a sheet for each table, one about them all, one that explains every column.

Written row by row in constant memory, with fixed times, so that the same tables give the same bytes. Nothing in it is a
formula or a link: every text is written as a text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from psa_evidence.errors import StorageError
from psa_evidence.spi import ColumnType, DataTable, PackContent
from psa_evidence_tables.cells import Cells, plain, put_rows, text_cell
from psa_evidence_tables.explained import COLUMN_HEAD, about, column_rows, head_of
from psa_evidence_tables.limits import Limits, fitted
from psa_evidence_tables.rows import Lines, types_of
from psa_evidence_tables.sheets import ABOUT, COLUMNS, sheet_names, widths

FILE = "Evidence tables.xlsx"

_FORMATS: dict[ColumnType, str] = {
    "text": "@", "integer": "#,##0", "seconds": "#,##0", "decimal": "#,##0.00##",
    "datetime": 'yyyy-mm-dd hh:mm:ss"Z"', "date": "yyyy-mm-dd", "boolean": "General",
}  # fmt: skip
"""As numbers and instants are shown. Instants are in UTC, which the Z after them says."""

_OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "default_date_format": _FORMATS["datetime"],
}  # fmt: skip


def write_workbook(
    path: Path, content: PackContent, lines: Mapping[str, Lines], limits: Limits,
    step: Callable[[], None],
) -> None:  # fmt: skip
    """`lines` are the rows of every table. `limits` are those of worksheets; smaller ones serve tests. `step` is called
    once a table.

    Raises EvidenceError on a table that has not a type for each column, StorageError.
    """
    for table in content.tables:
        types_of(table)
    try:
        with TemporaryDirectory(prefix="psa-evidence-") as scratch:
            Workbook(path, scratch, limits).write(content, lines, step)
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise StorageError(f"{path.name} could not be written.", why=why) from error


class Workbook:
    """One workbook while it is written."""

    def __init__(self, path: Path, scratch: str, limits: Limits) -> None:
        self._limits = limits
        self._book: Any = xlsxwriter.Workbook(str(path), {**_OPTIONS, "tmpdir": scratch})
        self._styles: dict[str, Any] = {
            "head": self._book.add_format(
                {"bold": True, "bg_color": "#E4E4E4", "bottom": 1, "text_wrap": True, "valign": "top"}
            ),
            "wrapped": self._book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
            **{kind: self._book.add_format({"num_format": f, "valign": "top"}) for kind, f in _FORMATS.items()},
            "quoted": self._book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True}),
        }
        self._numbers: dict[str, int] = {}

    def write(self, content: PackContent, lines: Mapping[str, Lines], step: Callable[[], None]) -> None:
        made_at = content.as_of.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        self._book.set_properties({
            "title": "Evidence tables", "subject": plain(content.cover.matter), "author": "psa-evidence",
            "created": made_at, "comments": "",
        })  # fmt: skip
        names = sheet_names(t.name for t in content.tables)
        sheet_of = {n: self._book.add_worksheet(s) for n, s in ((ABOUT, ABOUT), (COLUMNS, COLUMNS), *names.items())}
        cut: dict[str, int] = {}
        for table in content.tables:
            cut[table.name] = self._table(sheet_of[table.name], table, lines[table.name])
            step()
        self._texts(
            sheet_of[ABOUT], about(content, names, lines, cut, self._limits), (26, 46, 12, 14, 14, 80), listed=False
        )
        self._texts(sheet_of[COLUMNS], [COLUMN_HEAD, *column_rows(content, names)], (28, 22, 14, 90), listed=True)
        self._book.close()

    def _table(self, sheet: Any, table: DataTable, lines: Lines) -> int:
        """Writes a sheet; the number of cells whose text was cut."""
        kinds = types_of(table)
        head = head_of(table)
        most = min(len(lines), self._limits.rows - 1)
        for place, width in enumerate(widths(head, kinds, islice(lines, most))):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(most, 1), len(head) - 1)
        letters = [xl_col_to_name(place) for place in range(len(head))]
        top = {n: text_cell(letters[n], 0, title, self._style("head")) for n, title in enumerate(head)}
        cells = Cells(self._style, self._limits, f"tables/{table.name}.csv", letters, kinds)
        below = ((number, cells.row(number, line)) for number, line in enumerate(islice(lines, most), 1))
        put_rows(sheet, chain([(0, top)], below))
        return cells.cut

    def _style(self, name: str) -> int:
        """The number of a style in the workbook."""
        if name not in self._numbers:
            self._numbers[name] = self._styles[name]._get_xf_index()  # noqa: SLF001 - the library tells it nowhere else
        return self._numbers[name]

    def _texts(
        self, sheet: Any, lines: Sequence[tuple[str, ...]], wide: Sequence[int], *, listed: bool
    ) -> None:  # fmt: skip
        """A sheet of words. Of a `listed` one the first line is the head of a list; elsewhere `#` marks a heading."""
        for place, width in enumerate(wide):
            sheet.set_column(place, place, width)
        if listed:
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(len(lines) - 1, 1), len(lines[0]) - 1)
        rows = []
        for number, line in enumerate(lines):
            heading = number == 0 if listed else line[0].startswith("# ")
            made = {}
            for place, text in enumerate(line):
                kept, _ = fitted(plain(text.removeprefix("# ")), self._limits, f"sheet {sheet.name}", number)
                if kept:
                    style = self._style("head" if heading else "wrapped")
                    made[place] = text_cell(xl_col_to_name(place), number, kept, style)
            rows.append((number, made))
        put_rows(sheet, rows)
