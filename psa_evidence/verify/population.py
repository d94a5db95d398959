"""Step 9.3: captured = included + withheld + out of scope, for every kind of record, and as the manifest states it."""

from __future__ import annotations

from collections import Counter
from typing import Final

from psa_evidence.format import Manifest
from psa_evidence.verify import names, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.report import Checklist, counted

LOG: Final = "data/logs/population.csv"
TABLE: Final = "data/tables/population.csv"
CAPTURED: Final = "captured"
CLASSES: Final = ("included", "withheld", "out of scope")
EARLIER: Final = "earlier version"
EARLIER_WITHHELD: Final = "earlier version withheld"
_BESIDE: Final = (EARLIER, EARLIER_WITHHELD)
"""Versions of records that are counted once, by the newest."""
MAX_LINES: Final = 1_000_000
"""Rows: a kind, a class and a reason each."""
_COLUMNS: Final = ("kind", "class", "reason", "number")
_STATED: Final = {"captured": CAPTURED, "withheld": "withheld", "out_of_scope": "out of scope"}

Population = Counter[tuple[str, str]]
"""(kind, class) to number of records."""


def check_population(bag: Bag, checks: Checklist, manifest: Manifest) -> Population:
    """Step 9.3. What the log says, as far as it could be read."""
    found: Population = Counter()
    try:
        lines = read_lines(bag, LOG)
        found = _added(checks, lines)
        if TABLE in bag.container.files and sorted(read_lines(bag, TABLE)) != sorted(lines):
            checks.fail("9.3", "other rows than the log of the population", TABLE)
    except Unreadable as error:
        checks.fail("9.3", str(error), LOG)
        return found
    shown = Counter(kind for kind, _ in {(record.kind, record.id) for record in manifest.records})
    earlier = Counter(record.kind for record in manifest.records) - shown
    for kind in sorted({kind for kind, _ in found} | shown.keys()):
        parts = sum(found[kind, name] for name in CLASSES)
        if (kind, CAPTURED) not in found or (kind, "included") not in found:
            checks.fail("9.3", "the log does not say how many were captured and included", kind)
        elif parts != found[kind, CAPTURED]:
            words = f"captured {found[kind, CAPTURED]:,}; included, withheld and out of scope add up to {parts:,}"
            checks.fail("9.3", words, kind)
        if shown[kind] != found[kind, "included"]:
            checks.fail("9.3", f"included {found[kind, 'included']:,}; the manifest has {shown[kind]:,} records", kind)
        if earlier[kind] != found[kind, EARLIER]:
            words = f"earlier versions {found[kind, EARLIER]:,}; the manifest has {earlier[kind]:,}"
            checks.fail("9.3", words, kind)
    totals = {name: sum(n for (_, each), n in found.items() if each == name) for name in (CAPTURED, *CLASSES)}
    for name, of in _STATED.items():
        stated = manifest.counts.get(name, totals[of])
        if stated != totals[of]:
            checks.fail("9.3", f"the manifest states {stated:,}; the log adds up to {totals[of]:,}", name)
    checks.settle(
        "9.3",
        f"{counted(totals[CAPTURED], 'record')} captured = {totals['included']:,} included + {totals['withheld']:,} "
        f"withheld + {totals['out of scope']:,} out of scope; it adds up for every kind"
        + (f". Besides {counted(earlier.total(), 'earlier version')} of these records" if earlier else ""),
    )
    return found


def read_lines(bag: Bag, path: str) -> list[tuple[str, str, str, int]]:
    """Kind, class, reason and number of each row. Raises Unreadable."""
    lines = []
    for row in tables.rows(bag, path, _COLUMNS):
        if (number := tables.whole(row["number"])) < 0:
            raise Unreadable("a number below nothing")
        lines.append((row["kind"], row["class"], row["reason"], number))
        if len(lines) > MAX_LINES:
            raise Unreadable(f"more than {MAX_LINES:,} rows")
    return lines


def _added(checks: Checklist, lines: list[tuple[str, str, str, int]]) -> Population:
    found: Population = Counter()
    seen = set()
    for kind, name, reason, number in lines:
        if name not in {CAPTURED, *CLASSES, *_BESIDE}:
            checks.fail("9.3", f"a class that there is not: {names.shown(name)}", kind)
        elif (kind, name, reason) in seen or (name in {CAPTURED, "included", EARLIER} and (kind, name) in found):
            checks.fail("9.3", f"{name} stands twice in the log", kind)
        else:
            found[kind, name] += number
        seen.add((kind, name, reason))
    return found
