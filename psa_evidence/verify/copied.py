"""Step 9.10: the plain columns of the tables are read from the natives again, by the pointers of sources.csv.

Which columns are plain is part of the format; where the records have them only the connector knew, and the pack states.
A pack cannot make the check smaller: every line of `COLUMNS` must be there when its table is.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from psa_evidence.verify import names, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.belonging import RULE, TICKETS, Belonging
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.documents import Document, Documents
from psa_evidence.verify.pointers import NotJudged, Untold, agrees, is_pointer
from psa_evidence.verify.population import Population
from psa_evidence.verify.recomputed import MAX_TICKETS
from psa_evidence.verify.report import Checklist, counted

SOURCES: Final = "data/tables/sources.csv"
UNREAD: Final = "data/tables/unread.csv"
MAX_LINES: Final = 10_000
CHECK: Final = "9.10"

TABLES: Final = {
    "tickets": ("ticket", "ticket"),
    "messages": ("note", "note"),
    "time_entries": ("time_entry", "time_entry"),
    "history": ("history", "line"),
    "agreements": ("agreement", "agreement"),
    "opportunities": ("opportunity", "opportunity"),
    "invoices": ("invoice", "invoice"),
}
"""Kind of the records of a table, and the column with their ids."""

_RULES: Final = {
    "text": (
        "tickets.summary", "tickets.status", "tickets.priority", "tickets.type", "tickets.contact", "tickets.owner",
        "tickets.channel", "tickets.agreement", "tickets.entered_by", "tickets.parent", "tickets.merged_into",
        "tickets.psa_sla_status", "messages.author", "messages.updated_by", "messages.text", "time_entries.member",
        "time_entries.work_type", "time_entries.billing", "time_entries.entered_by", "time_entries.updated_by",
        "time_entries.notes", "time_entries.internal_notes", "history.by", "history.type", "history.subtype",
        "history.text", "agreements.name", "agreements.type", "agreements.cancel_reason", "agreements.status",
        "agreements.sla", "agreements.currency", "opportunities.name", "opportunities.contact", "opportunities.status",
        "opportunities.stage", "invoices.number", "invoices.type", "invoices.currency", "invoices.status",
    ),
    "instant": (
        "tickets.entered_at", "tickets.closed_at", "messages.at", "messages.updated_at", "time_entries.started_at",
        "time_entries.ended_at", "time_entries.entered_at", "time_entries.updated_at", "history.at",
        "opportunities.entered_at", "opportunities.closed_at",
    ),
    "day": (
        "agreements.start", "agreements.end", "agreements.cancelled_on", "invoices.issued_on", "invoices.due_on",
    ),
    "decimal": (
        "tickets.actual_hours", "time_entries.hours", "agreements.amount", "invoices.total", "invoices.paid",
        "invoices.balance",
    ),
    "yes or no": (
        "tickets.closed", "tickets.psa_in_sla", "messages.resolution", "agreements.open_ended",
        "agreements.cancelled",
    ),
    RULE: tuple(f"{table}.ticket" for table in TICKETS),
}  # fmt: skip
COLUMNS: Final = {column: rule for rule, named in _RULES.items() for column in named}
"""`table.column` to the rule by which its cells are made."""

Pointers = dict[str, tuple[str, ...]]


def check_copied(bag: Bag, checks: Checklist, documents: Documents, population: Population) -> None:
    """Step 9.10."""
    held = _held(bag)
    if not held:
        checks.settle(CHECK, "the pack holds no table with plain columns: nothing to read again")
        return
    try:
        pointers = _pointers(bag, checks)
    except Unreadable as error:
        checks.fail(CHECK, str(error), SOURCES)
        return
    wanted = [column for column in COLUMNS if column.partition(".")[0] in held]
    for column in wanted:
        if COLUMNS[column] == RULE:
            pointers.setdefault(column, ())  # packs of layout 3 do not say it
        elif column not in pointers:
            checks.fail(CHECK, "the pack does not say of which member of the records it is a copy", column)
    unread = _unread(bag, checks)
    tally: Counter[str] = Counter()
    unsaid: set[str] = set()
    silent: list[tuple[str, int]] = []
    untold: set[str] = set()
    for name in held:
        table = _Table(name, pointers, unread, documents)
        try:
            table.check(bag, checks, documents, population, tally)
        except Unreadable as error:
            checks.fail(CHECK, str(error), f"data/tables/{name}.csv")
        unsaid |= table.unsaid
        untold |= table.untold
        silent += table.silent
    number = sum(1 for column in wanted if pointers.get(column))
    words = (
        f"{counted(tally['cell'], 'cell')} of {counted(number, 'plain column')} in {counted(len(held), 'table')} read "
        f"again from the natives; {tally['not judged']:,} not told by what the natives show"
    )
    if untold:
        words += f"; the members named have no value of the kind that stands in {', '.join(sorted(untold)[:5])}"
    if silent:
        rows = [f"{counted(number, 'row')} of {column}" for column, number in silent]
        words += f"; no record says what stands in {', '.join(rows)}"
    if unsaid:
        words += f"; the pack names no source of {len(unsaid):,}: {', '.join(sorted(unsaid)[:5])}"
    checks.settle(CHECK, words, "inconclusive" if silent or unsaid or untold else "pass")


def check_none_is_missing(bag: Bag, checks: Checklist, documents: Documents) -> None:
    """Of step 9.10: a pack with some of the tables has one for each kind of which it has records."""
    held = _held(bag)
    for name, (kind, _) in TABLES.items():
        if held and name not in held and (records := sum(1 for _ in documents.ids(kind))):
            words = f"missing, and {counted(records, 'record')} of the kind {kind} are in the pack"
            checks.fail(CHECK, words, f"data/tables/{name}.csv")


def _held(bag: Bag) -> list[str]:
    return [name for name in TABLES if f"data/tables/{name}.csv" in bag.container.files]


def _pointers(bag: Bag, checks: Checklist) -> Pointers:
    """`table.column` to the pointers in their order; none where the connector named none. Raises Unreadable."""
    found: Pointers = {}
    for number, row in enumerate(tables.rows(bag, SOURCES, ("table", "column", "kind", "pointer", "rule")), 1):
        column, pointer = f"{row['table']}.{row['column']}", row["pointer"]
        if number > MAX_LINES:
            raise Unreadable(f"more than {MAX_LINES:,} rows")
        if column not in COLUMNS:
            checks.fail(CHECK, "no plain column of this format", names.shown(column))
        elif (row["kind"], row["rule"]) != (TABLES[row["table"]][0], COLUMNS[column]):
            checks.fail(CHECK, "is said to come from another kind of record, or by another rule", column)
        elif pointer and not is_pointer(pointer):
            checks.fail(CHECK, "its source is no JSON pointer", column)
        elif column in found and (not pointer or not found[column]):
            checks.fail(CHECK, "is said to have a source, and to have none", column)
        else:
            found[column] = (*found.get(column, ()), *([pointer] if pointer else ()))
    return found


def _unread(bag: Bag, checks: Checklist) -> frozenset[str]:
    if UNREAD not in bag.container.files:
        return frozenset()
    try:
        return frozenset(row["record"] for row in tables.rows(bag, UNREAD, ("record",)))
    except Unreadable as error:
        checks.fail(CHECK, str(error), UNREAD)
        return frozenset()


class _Table:
    """One table, row by row. `unsaid` are columns without a source in which something stands; `untold` those in which
    something stands of which the source says nothing; `silent` one with a source that some records do not have, and of
    how many rows."""

    def __init__(self, name: str, pointers: Pointers, unread: frozenset[str], documents: Documents) -> None:
        self.name = name
        self.kind, self.key = TABLES[name]
        self.unsaid: set[str] = set()
        self.untold: set[str] = set()
        self.silent: list[tuple[str, int]] = []
        own = {c.partition(".")[2]: p for c, p in pointers.items() if c.startswith(f"{name}.")}
        self._hangs = Belonging(name, self.kind, own.pop("ticket"), documents) if name in TICKETS else None
        self._plain = [(column, p, COLUMNS[f"{name}.{column}"]) for column, p in own.items() if p]
        self._without = [column for column, p in own.items() if not p]
        self._unread = unread

    def check(
        self, bag: Bag, checks: Checklist, documents: Documents, population: Population, tally: Counter[str]
    ) -> None:
        """Raises Unreadable."""
        seen: set[str] = set()
        columns = (self.key, *(column for column, _, _ in self._plain), *self._without)
        columns += ("ticket",) if self._hangs is not None else ()
        for row in tables.rows(bag, f"data/tables/{self.name}.csv", columns):
            record = row[self.key]
            found = documents.of(self.kind, record)
            if not found and record.startswith("'"):
                record = record[1:]
                found = documents.of(self.kind, record)
            if record in seen:
                checks.fail(CHECK, f"{self.name}: a second row of one record", f"{self.kind}/{record}")
            seen.add(record)
            if len(seen) > MAX_TICKETS:
                raise Unreadable(f"more than {MAX_TICKETS:,} rows")
            self.unsaid |= {f"{self.name}.{column}" for column in self._without if row[column]}
            if not found:
                checks.fail(CHECK, f"{self.name}: a row without a record", f"{self.kind}/{record}")
                continue
            wrong = min((self._differing(row, each, tally) for each in found), key=len)
            listed = f"{self.kind}/{record}" in self._unread
            for column in wrong:
                if not listed or row[column]:
                    checks.fail(CHECK, f"{self.name}: {column} is not what the record says", f"{self.kind}/{record}")
            if self._hangs is not None and (row["ticket"] or not listed):
                self._judge_ticket(self._hangs, row["ticket"], found[0], checks, tally)
        if self._hangs is not None:
            for record in self._hangs.astray():
                checks.fail(CHECK, f"{self.name}: its ticket does not stand in the record", f"{self.kind}/{record}")
            if len(self._hangs.absent) > population["ticket", "withheld"]:
                for ticket in sorted(self._hangs.absent):
                    checks.fail(CHECK, f"{self.name}: a row of a ticket that is not in the pack", f"ticket/{ticket}")
            tally["cell"] += self._hangs.told
            self.unsaid |= {f"{self.name}.ticket"} if self._hangs.unsaid else set()
            self.silent += [(f"{self.name}.ticket", self._hangs.silent)] if self._hangs.silent else []
        for record in documents.ids(self.kind):
            if record not in seen and f"{self.kind}/{record}" not in self._unread:
                checks.fail(CHECK, f"{self.name}: a record without a row", f"{self.kind}/{record}")

    def _judge_ticket(
        self, hangs: Belonging, cell: str, document: Document, checks: Checklist, tally: Counter[str]
    ) -> None:
        try:
            if problem := hangs.problem(cell, document):
                checks.fail(CHECK, f"{self.name}: {problem}", f"{self.kind}/{document.id}")
        except NotJudged as error:
            self._passed_over("ticket", cell, error, tally)

    def _passed_over(self, column: str, cell: str, error: NotJudged, tally: Counter[str]) -> None:
        tally["not judged"] += 1
        if cell and isinstance(error, Untold):
            self.untold.add(f"{self.name}.{column}")

    def _differing(self, row: tables.Row, document: Document, tally: Counter[str]) -> list[str]:
        """The columns whose cells are not what the record says."""
        wrong = []
        for column, pointers, rule in self._plain:
            try:
                if not agrees(row[column], document, pointers, rule):
                    wrong.append(column)
                tally["cell"] += 1
            except NotJudged as error:
                self._passed_over(column, row[column], error, tally)
        return wrong
