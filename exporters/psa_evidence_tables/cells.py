"""Cells of a worksheet as SpreadsheetML (ECMA-376-1, 18.3.1.4): texts in line, numbers, instants, yes or no.

XlsxWriter's own way to a cell is made for workbooks in which anything can be changed later, and takes four times as
long; a pack has hundreds of thousands of cells. Its way also takes a text from `<r>` to `</r>` for markup, which a
text of a ticket must never be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from psa_evidence.spi import ColumnType, is_armed
from psa_evidence_tables.limits import Limits, fitted
from psa_evidence_tables.typed import value

_ORDINARY: Final = re.compile(r"[A-Za-z0-9][^&<>_\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]*(?<!\s)")
"""A text that stands in XML as it is and that no spreadsheet could take for a formula."""
_NOT_XML: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ESCAPED: Final = re.compile("_(?=x[0-9a-fA-F]{4}_)")
"""What would read as an escape is escaped itself (ECMA-376-1, 22.4.2.4)."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f]")
_MARKUP: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_EPOCH: Final = datetime(1899, 12, 31)  # noqa: DTZ001 - spreadsheets know no zones
_DAY: Final = 60 * 60 * 24


class Cells:
    """Makes the cells of one table. `style_of` gives the number of a style, asked for when it is first needed;
    `quoted` stands for texts that must not become a formula when somebody edits them."""

    def __init__(self, style_of: Callable[[ColumnType | str], int], limits: Limits, file: str) -> None:
        self._style_of = style_of
        self._limits = limits
        self._file = file
        self._most = limits.characters // 2

    def cell(self, column: str, row: int, text: str, kind: ColumnType) -> tuple[str, bool]:
        """`text`, which is not empty, in the cell `column` (letters) and `row` (from 0); whether it was cut."""
        if kind != "text":
            found = value(text, kind)
            if not isinstance(found, str):
                shown = f"{_number(found):.16G}" if not isinstance(found, bool) else str(int(found))
                typed = ' t="b"' if isinstance(found, bool) else ""
                return f'<c r="{column}{row + 1}" s="{self._style_of(kind)}"{typed}><v>{shown}</v></c>', False
        if len(text) <= self._most and _ORDINARY.fullmatch(text):
            style = self._style_of("text")
            return f'<c r="{column}{row + 1}" s="{style}" t="inlineStr"><is><t>{text}</t></is></c>', False
        kept, cut = fitted(plain(text), self._limits, self._file, row)
        return text_cell(column, row, kept, self._style_of("quoted" if is_armed(kept) else "text")), cut


def text_cell(column: str, row: int, text: str, style: int) -> str:
    """A text of which `plain` left only what XML can carry."""
    inner = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", _ESCAPED.sub("_x005F_", text)).translate(_MARKUP)
    space = ' xml:space="preserve"' if inner[:1].isspace() or inner[-1:].isspace() else ""
    return f'<c r="{column}{row + 1}" s="{style}" t="inlineStr"><is><t{space}>{inner}</t></is></c>'


def plain(text: str) -> str:
    """Without what XML 1.0 cannot carry, each such character as its escape; control characters are escaped later."""
    return _NOT_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def put_row(sheet: Any, number: int, cells: Mapping[int, str]) -> None:
    """Append the row `number` (from 0) to a sheet of XlsxWriter in constant memory; a row without cells is none.

    These are attributes that the library does not promise to keep: a test reads the workbook back.
    """
    if not cells:
        return
    sheet.fh.write(f'<row r="{number + 1}">{"".join(cells.values())}</row>')
    sheet.dim_rowmin = number if sheet.dim_rowmin is None else sheet.dim_rowmin
    sheet.dim_rowmax = number
    sheet.dim_colmin = min(cells) if sheet.dim_colmin is None else min(sheet.dim_colmin, *cells)
    sheet.dim_colmax = max(cells) if sheet.dim_colmax is None else max(sheet.dim_colmax, *cells)


def _number(found: float | datetime | date) -> int | float:
    """An instant or a day as days since 1900, a year that spreadsheets take for a leap year (so from March 1900)."""
    if not isinstance(found, date):
        return found
    since = (found if isinstance(found, datetime) else datetime(found.year, found.month, found.day)) - _EPOCH  # noqa: DTZ001
    return since.days + since.seconds / _DAY + 1
