"""Cells of a worksheet as SpreadsheetML (ECMA-376-1, 18.3.1.4): texts in line, numbers, instants, yes or no.

XlsxWriter's own way to a cell is made for workbooks in which anything can be changed later, and takes four times as
long; a pack has hundreds of thousands of cells. Its way also takes a text from `<r>` to `</r>` for markup, which a
text of a ticket must never be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
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
_REMEMBERED: Final = 20_000
"""Texts of one type of which the cells of a table are kept while it is written: some megabytes at most."""
_WRITTEN: Final = 200
"""Rows written at once."""


class Cells:
    """Makes the cells of one table. `letters` and `kinds` are those of its columns. `style_of` gives the number of a
    style, asked for when it is first needed; `quoted` stands for texts that must not become a formula when somebody
    edits them."""

    def __init__(
        self, style_of: Callable[[ColumnType | str], int], limits: Limits, file: str, letters: Sequence[str],
        kinds: Sequence[ColumnType],
    ) -> None:  # fmt: skip
        self._style_of = style_of
        self._limits = limits
        self._file = file
        self._most = limits.characters // 2
        known: dict[ColumnType, dict[str, str]] = {kind: {} for kind in kinds}
        self._columns = tuple(
            (place, f'<c r="{letter}', kind, known[kind])
            for place, (letter, kind) in enumerate(zip(letters, kinds, strict=True))
        )
        self.cut = 0
        """How many texts were cut so far."""

    def row(self, number: int, line: Sequence[str]) -> dict[int, str]:
        """The cells of the row `number` (from 0) by column; a text that is empty has none.

        Most texts of a table come again (instants, names, answers), so what is made of one is remembered.
        """
        made: dict[int, str] = {}
        for (place, begins, kind, known), text in zip(self._columns, line, strict=True):
            if text:
                rest = known.get(text)
                if rest is None:
                    rest, cut = self._rest(number, text, kind)
                    if cut:  # its words name the row
                        self.cut += 1
                    elif len(known) < _REMEMBERED:
                        known[text] = rest
                made[place] = f"{begins}{number + 1}{rest}"
        return made

    def _rest(self, row: int, text: str, kind: ColumnType) -> tuple[str, bool]:
        """A cell from behind its reference on, and whether its text was cut."""
        if kind != "text":
            found = value(text, kind)
            if not isinstance(found, str):
                shown = f"{_number(found):.16G}" if not isinstance(found, bool) else str(int(found))
                typed = ' t="b"' if isinstance(found, bool) else ""
                return f'" s="{self._style_of(kind)}"{typed}><v>{shown}</v></c>', False
        if len(text) <= self._most and _ORDINARY.fullmatch(text):
            return f'" s="{self._style_of("text")}" t="inlineStr"><is><t>{text}</t></is></c>', False
        kept, cut = fitted(plain(text), self._limits, self._file, row)
        return _text(kept, self._style_of("quoted" if is_armed(kept) else "text")), cut


def text_cell(column: str, row: int, text: str, style: int) -> str:
    """A text in the cell `column` (letters) and `row` (from 0); `plain` left of it only what XML can carry."""
    return f'<c r="{column}{row + 1}{_text(text, style)}'


def _text(text: str, style: int) -> str:
    inner = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", _ESCAPED.sub("_x005F_", text)).translate(_MARKUP)
    space = ' xml:space="preserve"' if inner[:1].isspace() or inner[-1:].isspace() else ""
    return f'" s="{style}" t="inlineStr"><is><t{space}>{inner}</t></is></c>'


def plain(text: str) -> str:
    """Without what XML 1.0 cannot carry, each such character as its escape; control characters are escaped later."""
    return _NOT_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def put_rows(sheet: Any, rows: Iterable[tuple[int, Mapping[int, str]]]) -> None:
    """Append rows (number from 0, cells by column, both rising) to a sheet of XlsxWriter in constant memory; a row
    without cells is none.

    These are attributes that the library does not promise to keep: a test reads the workbook back.
    """
    filled = ((number, list(cells), "".join(cells.values())) for number, cells in rows if cells)
    while some := list(islice(filled, _WRITTEN)):
        sheet.fh.write("".join(f'<row r="{number + 1}">{cells}</row>' for number, _, cells in some))
        first, last = min(places[0] for _, places, _ in some), max(places[-1] for _, places, _ in some)
        sheet.dim_rowmin = some[0][0] if sheet.dim_rowmin is None else sheet.dim_rowmin
        sheet.dim_rowmax = some[-1][0]
        sheet.dim_colmin = first if sheet.dim_colmin is None else min(sheet.dim_colmin, first)
        sheet.dim_colmax = last if sheet.dim_colmax is None else max(sheet.dim_colmax, last)


def _number(found: float | datetime | date) -> int | float:
    """An instant or a day as days since 1900, a year that spreadsheets take for a leap year (so from March 1900)."""
    if not isinstance(found, date):
        return found
    since = (found if isinstance(found, datetime) else datetime(found.year, found.month, found.day)) - _EPOCH  # noqa: DTZ001
    return since.days + since.seconds / _DAY + 1
