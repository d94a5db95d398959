"""Step 8.5: which pages an exhibit has, by the list of Bates numbers, and that the rows of the tables cite the first
page of the exhibit in which the manifest places their record. What stands on that page is not looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from psa_evidence.format import Manifest
from psa_evidence.verify import copied, names, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.pdf import IN_PACK, LEDGER
from psa_evidence.verify.report import Checklist, counted

CHECK: Final = "8.5"
MAX_EXHIBITS: Final = 1_000_000
NATIVES: Final = "natives"
TICKETS: Final = "tickets"
"""Each ticket of the tables has an exhibit of its own."""
OF_TICKETS: Final = ("sla_results", "sla_intervals", "breaches", "differences")
"""Tables whose rows are of the ticket in their column `ticket`."""
_BATES: Final = "bates"


def check_cited_pages(bag: Bag, checks: Checklist, manifest: Manifest, labels: Sequence[str]) -> None:
    """Step 8.5. `labels` are those of all pages, in order; none where a PDF could not be read."""
    first: Mapping[str, str] = {}
    if LEDGER in bag.container.files:
        try:
            first = _first_pages(bag, checks, labels)
        except Unreadable as error:
            checks.fail(CHECK, str(error), LEDGER)
            return
        for pageless in sorted({r.exhibit for r in manifest.records if r.exhibit} - first.keys()):
            checks.fail(CHECK, "holds records of the manifest, and has no pages in the list of Bates numbers", pageless)
    exhibits, cited = _Exhibits(manifest), 0
    taken: dict[str, str] = {}
    for name in (NATIVES, *copied.TABLES, *OF_TICKETS):
        if (path := f"data/tables/{name}.csv") not in bag.container.files:
            continue
        try:
            for of, page in _cites(bag, name, path):
                exhibit = exhibits.of(name, of)
                if name == TICKETS and first and exhibit is not None:
                    if not exhibit:
                        checks.fail(CHECK, "has no exhibit", f"ticket {of}")
                    elif taken.setdefault(exhibit, of) != of:
                        checks.fail(CHECK, f"is in the exhibit of ticket {names.shown(taken[exhibit])}", f"ticket {of}")
                meant = first.get(exhibit or "", "")
                cited += bool(page)
                if page not in {meant, meant and f"'{meant}"}:
                    checks.fail(CHECK, f"{name}: does not cite the first page of the exhibit of its record", of)
        except Unreadable as error:
            checks.fail(CHECK, str(error), path)
    words = f"{counted(len(first), 'exhibit')} in the list of Bates numbers; {counted(cited, 'row')} of tables"
    checks.settle(CHECK, f"{words}, each citing the first page of the exhibit of its record")


def _cites(bag: Bag, name: str, path: str) -> Iterator[tuple[str, str]]:
    """Of what each row is, and the page that it cites; none in a table without that column. Raises Unreadable."""
    column = "native" if name == NATIVES else copied.TABLES[name][1] if name in copied.TABLES else "ticket"
    for row in tables.rows(bag, path, (column,), (_BATES,)):
        if _BATES not in row:
            return
        yield row[column], row[_BATES]


class _Exhibits:
    """In which exhibit the manifest places what a row is of; of a record with several versions the newest says it."""

    def __init__(self, manifest: Manifest) -> None:
        self._natives = {record.native: record.exhibit or "" for record in manifest.records}
        by_age = sorted(manifest.records, key=lambda record: (record.seal, record.index))
        self._records = {(record.kind, record.id): record.exhibit or "" for record in by_age}

    def of(self, name: str, cell: str) -> str | None:
        """Empty where the manifest places it in none; None where it has no such record."""
        if name == NATIVES:
            return self._natives.get(cell)
        kind = copied.TABLES[name][0] if name in copied.TABLES else "ticket"
        if (kind, cell) not in self._records and cell.startswith("'"):  # an id that a spreadsheet must not run
            cell = cell[1:]
        return self._records.get((kind, cell))


def _first_pages(bag: Bag, checks: Checklist, labels: Sequence[str]) -> Mapping[str, str]:
    """Exhibit to the number of its first page, of those in this pack. Raises Unreadable."""
    first: dict[str, str] = {}
    ranges: list[tuple[int, int, str]] = []
    places = {label: place for place, label in enumerate(labels)}
    for row in tables.rows(bag, LEDGER, ("first", "last", "exhibit", "state")):
        exhibit = row["exhibit"]
        if row["state"] != IN_PACK:
            continue
        if exhibit in first:
            checks.fail(CHECK, "stands twice in the list of Bates numbers", exhibit)
        first[exhibit] = row["first"].removeprefix("'")
        if len(first) > MAX_EXHIBITS:
            raise Unreadable(f"more than {MAX_EXHIBITS:,} exhibits")
        begins, ends = (places.get(row[end].removeprefix("'")) for end in ("first", "last"))
        if labels and (begins is None or ends is None or ends < begins):
            checks.fail(CHECK, "its pages in the list of Bates numbers are not pages of the PDFs", exhibit)
        elif begins is not None and ends is not None:
            ranges.append((begins, ends, exhibit))
    _follow(checks, labels, sorted(ranges))
    return first


def _follow(checks: Checklist, labels: Sequence[str], ranges: list[tuple[int, int, str]]) -> None:
    """No page belongs to two exhibits, and between two there is none of no exhibit, but for pages of the report."""
    of_exhibits = {_prefix(labels[begins]) for begins, _, _ in ranges}
    at = 0
    for begins, ends, exhibit in ranges:
        if begins < at:
            checks.fail(CHECK, "has a page that belongs to another exhibit too", exhibit)
        elif any(_prefix(label) in of_exhibits for label in labels[at:begins]):
            checks.fail(CHECK, "before it there are pages of no exhibit", exhibit)
        at = max(at, ends + 1)
    if any(_prefix(label) in of_exhibits for label in labels[at:]):
        checks.fail(CHECK, "behind the last exhibit there are pages of none", labels[-1])


def _prefix(label: str) -> str:
    return label.rstrip("0123456789")
