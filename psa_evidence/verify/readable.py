"""Step 9.11: what people open says what the files say that were checked: `custody.csv` the entries of the custody log,
the workbook the rows of the CSV tables."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Any, Final

from psa_evidence.format import FormatError, parse
from psa_evidence.format.log import is_link
from psa_evidence.verify import copied, names, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.logs import CUSTODY, MAX_LOG
from psa_evidence.verify.report import Checklist, counted
from psa_evidence.verify.seekable import seekable
from psa_evidence.verify.workbook import Workbook
from psa_evidence.verify.worksheet import Cell
from psa_evidence.verify.written import FIRST, Written

CHECK: Final = "9.11"
CUSTODY_TABLE: Final = "data/logs/custody.csv"
WORKBOOK: Final = "data/tables/Evidence tables.xlsx"
TABLES: Final = "data/tables/"
ABOUT: Final = frozenset({"About this workbook", "Columns explained"})
"""Sheets of words about the others."""
DICTIONARY: Final = "columns"
"""The table that names the tables and columns of the workbook; it stands there as words."""
KNOWN: Final = frozenset({*copied.TABLES, "sla_results", "sla_intervals", "attainment", "breaches", "population"})
"""Tables that no workbook leaves out."""
MAX_SHEET: Final = 1_048_576
"""Rows of a worksheet, the heading among them."""
MAX_TEXT: Final = 32_767
"""UTF-16 units of a cell; what is longer is cut, and says so."""
MAX_NAME: Final = 31
"""Characters of a sheet's name: a table with a longer one is not looked for."""
MAX_WRONG: Final = 1_000
"""Differing rows that are counted in one table."""
MAX_KNOWN: Final = 20_000
"""Short texts with their cells that are not compared again."""
_CUT: Final = " [CUT HERE: "
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
"""A number with zeros in front is an id: a spreadsheet would lose them."""
_NOT_XML: Final = re.compile("[\ufffe\uffff]")
_COLUMNS: Final = ("number", "at", "who", "action", "subject", "detail")


def check_readable(bag: Bag, checks: Checklist) -> None:
    """Step 9.11."""
    said = []
    if CUSTODY_TABLE in bag.container.files:
        try:
            said.append(f"custody.csv has {counted(_custody(bag, checks), 'row')}, as the log")
        except FormatError:
            said.append("the custody log cannot be read (7.4)")
        except Unreadable as error:
            checks.fail(CHECK, str(error), CUSTODY_TABLE)
    if WORKBOOK in bag.container.files:
        try:
            with seekable(bag, WORKBOOK) as file:
                said.append(_workbook(bag, checks, Workbook(file)))
        except Unreadable as error:
            checks.fail(CHECK, str(error), WORKBOOK)
    checks.settle(CHECK, "; ".join(said) or "the pack holds neither a workbook nor a table of the custody log")


def _custody(bag: Bag, checks: Checklist) -> int:
    """The rows are the entries that are shown, in their order. Raises Unreadable, FormatError."""
    rows, number = tables.rows(bag, CUSTODY_TABLE, _COLUMNS), 0
    for number, (entry, row) in enumerate(zip_longest(_shown(bag), rows), 1):
        if entry is None or row is None:
            checks.fail(CHECK, "has another number of rows than the log has entries that are shown", CUSTODY_TABLE)
            return number
        plain = {name: str(entry.get(name, "")) for name in _COLUMNS[:-1]}
        if any(row[name] not in {text, f"'{text}"} for name, text in plain.items()) or not _same_detail(
            row["detail"], entry.get("detail") or {}
        ):
            checks.fail(CHECK, "a row is not the entry of the log", f"custody entry {names.shown(plain['number'])}")
    return number


def _shown(bag: Bag) -> Iterator[dict[str, Any]]:
    if CUSTODY not in bag.container.files:  # then no row has an entry
        return
    for line in bag.read(CUSTODY, MAX_LOG).split(b"\n")[:-1]:
        entry = parse(line)
        if isinstance(entry, dict) and not is_link(entry, line):
            yield entry


def _same_detail(cell: str, detail: Any) -> bool:
    try:
        return bool(json.loads(cell.removeprefix("'")) == detail)
    except (ValueError, RecursionError):
        return False


def _workbook(bag: Bag, checks: Checklist, book: Workbook) -> str:
    """Raises Unreadable."""
    paths = [p for p in sorted(bag.container.files) if p.startswith(TABLES) and p.endswith(".csv")]
    files = {p.removeprefix(TABLES).removesuffix(".csv"): p for p in paths}
    named = {*KNOWN, *(row["table"] for row in tables.rows(bag, files[DICTIONARY], ("table",)))
             } if DICTIONARY in files else files.keys()  # fmt: skip
    long = [name for name in named if len(name) > MAX_NAME]
    compared = cells = 0
    for name, path in files.items():
        if name in book.sheets:
            compared += 1
            cells += _sheet(bag, checks, book, name, path)
        elif name in named and name != DICTIONARY and name not in long:
            checks.fail(CHECK, "has no sheet in the workbook", path)
    if not long:
        for sheet in sorted(book.sheets.keys() - files.keys() - ABOUT):
            checks.fail(CHECK, "a sheet of no table", f"{WORKBOOK}: {sheet}")
    words = f"the workbook says what {counted(compared, 'table')} say: {counted(cells, 'cell')}"
    return f"{words}; {counted(len(long), 'table')} with a long name not compared" if long else words


def _sheet(bag: Bag, checks: Checklist, book: Workbook, name: str, path: str) -> int:
    """How many cells of the table were compared. Raises Unreadable."""
    sheet = book.sheet(name)
    ahead: tuple[int, dict[int, Cell]] | None = None
    compared = wrong = 0
    known: set[tuple[str, Cell]] = set()
    written: Written | None = None
    for place, line in enumerate(tables.cells(bag, path), 1):
        if place > MAX_SHEET:
            break
        compared += len(line)
        if ahead is None:
            if written is not None and (row := written.row(place, line)) is not None and sheet.passes(place, row):
                continue
            ahead = sheet.next()
        mine: dict[int, Cell] = {}
        if ahead is not None and ahead[0] == place:
            mine, ahead = ahead[1], None
        if place == 1:
            same, written = _headed(line, mine), Written(len(line))
        elif (same := _same(line, mine, known)) and written is not None and (row := sheet.plainly(mine)):
            written.learn(line, row)
        if not same:
            wrong += 1
            if wrong > MAX_WRONG:
                break
            checks.fail(CHECK, f"its row {place:,} is not that of the table", f"{WORKBOOK}: {name}")
    if wrong <= MAX_WRONG and (ahead or sheet.next()):
        checks.fail(CHECK, "has more rows than the table", f"{WORKBOOK}: {name}")
    return compared


def _same(line: Sequence[str], cells: dict[int, Cell], known: set[tuple[str, Cell]]) -> bool:
    """Whether the cells of a row of the workbook say what a row of the CSV file does. `known` collects texts and cells
    that agree: instants and answers come again."""
    shown = 0
    for at, text in enumerate(line):
        if (cell := cells.get(at)) is None:
            if text:
                return False
            continue
        shown += 1
        if cell[1] == text and cell[0] == "text":
            continue
        if (both := (text, cell)) in known:
            continue
        if not _agrees(text, cell):
            return False
        if len(known) < MAX_KNOWN and len(text) <= MAX_NAME:
            known.add(both)
    return shown == len(cells)


def _headed(line: Sequence[str], cells: dict[int, Cell]) -> bool:
    same = all(cells.get(at, ("", ""))[1] in {name, f"{name} (UTC)"} for at, name in enumerate(line))
    return same and all(at < len(line) for at in cells)


def _agrees(text: str, cell: Cell) -> bool:
    """Whether a cell of the workbook says what a cell of the CSV file does."""
    kind, found = cell
    if kind == "boolean":
        return {"1": "yes", "0": "no"}.get(found) == text
    if kind == "number":
        return _is_number(text, found)
    plain = _NOT_XML.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)
    return any(found == each or _is_cut(found, each) for each in ({plain, plain[1:]} if plain[:1] == "'" else {plain}))


def _is_cut(found: str, text: str) -> bool:
    kept, mark, _ = found.rpartition(_CUT)
    return bool(mark) and len(text.encode("utf-16-le", "surrogatepass")) > 2 * MAX_TEXT and text.startswith(kept)


def _is_number(text: str, found: str) -> bool:
    """Instants and days are days since 30 December 1899, to the second."""
    try:
        value = float(found)
        if _INSTANT.fullmatch(text) or _DAY.fullmatch(text):
            since = datetime.fromisoformat(text).replace(tzinfo=None) - FIRST
            return abs(value - (since.days + since.seconds / 86_400)) < 0.5 / 86_400
        return _DECIMAL.fullmatch(text) is not None and math.isclose(value, float(text), rel_tol=1e-14, abs_tol=0.0)
    except (ValueError, OverflowError):
        return False
