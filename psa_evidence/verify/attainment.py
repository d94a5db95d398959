"""Step 9.5: attainment.csv counts the results, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sized
from typing import Final
from zoneinfo import ZoneInfo

from psa_evidence.verify import months, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.report import Checklist, counted

ATTAINMENT: Final = "data/tables/attainment.csv"
MAX_GROUPS: Final = 2_000_000
PAUSED: Final = "paused"
"""Whatever the verdict: those whose clock a pause stopped."""
COUNTED: Final = ("met", "missed", "not_determined", "no_target", "excluded")

Group = tuple[str, str, str, str, str]
"""Agreement, priority, stage, reading, verdict as the table names it, or `paused`."""


def check_attainment(
    bag: Bag, checks: Checklist, groups: Mapping[Group, Counter[months.Months]], zone: ZoneInfo | None
) -> None:
    """Step 9.5. `groups` says how many results of each group were entered in which months, those of `zone` where it is
    known."""
    stated: dict[Group, Counter[str]] = {}
    number = 0
    columns = ("agreement", "priority", "stage", "month", "reading", "n", *COUNTED)
    says_paused = False
    try:
        for number, row in enumerate(tables.rows(bag, ATTAINMENT, columns, ("judged", PAUSED)), 1):
            counts = {name: tables.whole(row[name]) for name in COUNTED}
            subject = f"row {number:,}"
            if min(counts.values()) < 0 or sum(counts.values()) != tables.whole(row["n"]):
                checks.fail("9.5", "n is not the sum of its parts", subject)
            if "judged" in row and tables.whole(row["judged"]) != counts["met"] + counts["missed"]:
                checks.fail("9.5", "judged is not met and missed", subject)
            if says_paused := PAUSED in row:
                counts[PAUSED] = tables.whole(row[PAUSED])
                if not 0 <= counts[PAUSED] <= tables.whole(row["n"]):
                    checks.fail("9.5", "more paused than there are", subject)
            for name, n in counts.items():
                if n:
                    group = row["agreement"], row["priority"], row["stage"], row["reading"], name
                    stated.setdefault(group, Counter())[row["month"]] += n
            _bounded(stated)
    except Unreadable as error:
        checks.fail("9.5", str(error), ATTAINMENT)
        return
    for group in sorted(stated.keys() | groups.keys()):
        *where, verdict = group
        if verdict == PAUSED and not says_paused:  # packs of older versions do not count them
            continue
        told, results = stated.get(group, Counter()), groups.get(group, Counter())
        if told.total() != results.total():
            words = f"{verdict}: states {told.total():,}; the results have {results.total():,}"
            checks.fail("9.5", words, ", ".join(where))
        elif not months.can_be(told, results):
            checks.fail("9.5", f"{verdict}: the results have as many, but in other months", ", ".join(where))
    of = f"those of {zone.key}" if zone else "those of some time zone on earth"
    checks.settle("9.5", f"{counted(number, 'row')} count what the results say; months are {of}")


def _bounded(groups: Sized) -> None:
    if len(groups) > MAX_GROUPS:
        raise Unreadable(f"more than {MAX_GROUPS:,} different rows")
