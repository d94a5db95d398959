"""Check 4.4: what every pack of its layout has is there. What lies beside it is no matter of this check.

A pack that states no layout is older than the first that does. It may lack some of this honestly, and whoever takes the
statement away may say so of any pack: then the check is inconclusive and names what is not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Final

from psa_evidence.format import Manifest
from psa_evidence.format.manifest import LAYOUT, LAYOUT_COUNT
from psa_evidence.verify import copied, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.report import Checklist, counted

CHECK: Final = "4.4"
FILES: Final = (
    "data/HOW TO VERIFY.txt", "data/VERIFY.html", "data/logs/bates.csv", "data/logs/custody.csv",
    "data/logs/custody.jsonl", "data/logs/population.csv", "data/terms.json",
)  # fmt: skip
FOLDER: Final = "data/tables/"
WORKBOOK: Final = f"{FOLDER}Evidence tables.xlsx"
TABLES: Final = (
    *copied.TABLES, "attainment", "breaches", "calendar_differences", "columns", "differences", "findings", "lacking",
    "natives", "population", "record_changes", "sla_intervals", "sla_results", "sources", "unread",
)  # fmt: skip
COLUMNS: Final = {
    **dict.fromkeys((*copied.TABLES, "sla_results", "sla_intervals", "breaches", "differences"), ("bates",)),
    "natives": ("exhibit", "versions", "version", "capture", "captured_at", "bates"),
    "attainment": ("judged", "paused"),
    "record_changes": ("captured_before", "captured_after"),
}  # fmt: skip
"""Columns that older layouts may lack; the other checks ask for the rest."""
MAX_NAMED: Final = 5


def check_complete(bag: Bag, checks: Checklist, manifest: Manifest) -> None:
    """`manifest` is the one that was read."""
    layout = manifest.counts.get(LAYOUT_COUNT)
    if layout is not None and layout != LAYOUT:
        checks.fail(CHECK, f"the pack states layout {layout:,}, which this procedure does not know")
        return
    missing = list(_missing(bag, manifest))
    has_tables = any(path.startswith(FOLDER) for path in bag.container.files)
    if layout is None:
        if missing or not has_tables:
            named = ", ".join([*([] if has_tables else [FOLDER]), *(path for path, _ in missing)][:MAX_NAMED])
            words = "the pack states no layout, as packs before layout 5, and has not all that later ones have: "
            checks.settle(CHECK, words + named, "inconclusive")
            return
        checks.settle(CHECK, "the pack states no layout, as packs before layout 5, and has what later ones have")
        return
    for path, words in missing:
        checks.fail(CHECK, words, path)
    if not has_tables:
        checks.settle(CHECK, "the pack has no tables: none of its figures can be computed again", "inconclusive")
        return
    number = counted(len(FILES) + len(TABLES) + 1, "file")
    checks.settle(CHECK, f"all of the {number} and the seals that every pack of layout {LAYOUT} has are there")


def _missing(bag: Bag, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Path, and what is wrong with it."""
    held = bag.container.files
    wanted = [*FILES]
    if any(path.startswith(FOLDER) for path in held):
        wanted += [*(f"{FOLDER}{name}.csv" for name in TABLES), WORKBOOK]
    for path in wanted:
        if path not in held:
            yield path, "missing: every pack of this layout has it"
    for name, columns in COLUMNS.items():
        path = f"{FOLDER}{name}.csv"
        for column in set(columns) - _heading(bag, path) if path in held else ():
            yield path, f"its column {column} is missing: every pack of this layout has it"
    numbers = {seal.number for seal in manifest.seals}
    first = next(number for number in count(1) if number not in numbers)
    if numbers and first <= max(numbers):
        yield f"seals/{first:06d}.json", "missing: a pack of this layout has all seals up to its newest"


def _heading(bag: Bag, path: str) -> set[str]:
    """The columns; none where they cannot be read, of which other checks tell."""
    try:
        return set(next(tables.cells(bag, path)))
    except (Unreadable, StopIteration):
        return set()
