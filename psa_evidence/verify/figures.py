"""Steps 9.1 and 9.2: the figures that the manifest states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from psa_evidence.format import Manifest, Seal
from psa_evidence.format.manifest import LAYOUT_COUNT
from psa_evidence.verify import names
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable, blocks
from psa_evidence.verify.native_table import check_table_of_natives
from psa_evidence.verify.report import Checklist, counted

_ELSEWHERE: Final = frozenset(
    {LAYOUT_COUNT, "captured", "withheld", "out_of_scope", "tickets", "missed_psa", "missed_contract", "missed_strict"}
)
"""Compared under 4.4, 9.3, 9.4 and 9.7."""
_NAMED: Final = re.compile(r"(table|log):([A-Za-z0-9_. -]{1,100})")


def check_counts(
    bag: Bag, checks: Checklist, manifest: Manifest, hidden: int, seals: Mapping[int, Seal]
) -> None:  # fmt: skip
    """Steps 9.1 and 9.2. `hidden` are the fields that natives withhold."""
    others = []
    if hidden and "withheld_fields" not in manifest.counts:
        checks.fail("9.1", f"natives withhold {counted(hidden, 'field')}, which the manifest does not state")
    if "natives" not in manifest.counts:
        checks.fail("9.1", "the manifest does not state how many natives there are")
    earlier = len(manifest.records) - len({(record.kind, record.id) for record in manifest.records})
    if earlier and "earlier_versions" not in manifest.counts:
        checks.fail("9.1", f"{counted(earlier, 'earlier version')} of records, which the manifest does not state")
    for name, stated in manifest.counts.items():
        if name == "earlier_versions":
            _compare(checks, "9.1", name, stated, earlier)
        elif name in {"natives", "records"}:
            _compare(checks, "9.1", name, stated, len(manifest.records))
        elif name == "withheld_fields":
            _compare(checks, "9.1", name, stated, hidden)
        elif match := _NAMED.fullmatch(name):
            path = f"data/{match[1]}s/{match[2]}.csv"
            try:
                _compare(checks, "9.2", name, stated, max(0, _rows(bag, path) - 1))
            except Unreadable as error:
                checks.fail("9.2", str(error), path)
        elif name not in _ELSEWHERE:
            others.append(names.shown(name))
    beside = f", of them {counted(earlier, 'earlier version')}" if earlier else ""
    words = f"{counted(len(manifest.records), 'native')}{beside}, {counted(hidden, 'field')} withheld, as stated"
    checks.settle("9.1", words)
    check_table_of_natives(bag, checks, manifest, seals)
    recounted = sum(1 for name in manifest.counts if _NAMED.fullmatch(name))
    words = f"{counted(recounted, 'stated figure')} of tables and logs counted again"
    checks.settle("9.2", words + (f"; stated only: {', '.join(others[:10])}" if others else ""))


def _compare(checks: Checklist, check: str, name: str, stated: int, found: int) -> None:
    if stated != found:
        checks.fail(check, f"the manifest states {stated:,}; there are {found:,}", name)


def _rows(bag: Bag, path: str) -> int:
    """Rows of a CSV file (RFC 4180), the heading included: a line end within quotes ends no row."""
    if path not in bag.container.files:
        raise Unreadable("missing")
    rows, quoted, last = 0, False, b""
    for block in blocks(bag.container, path):
        for number, piece in enumerate(block.split(b'"')):
            quoted ^= number > 0
            rows += 0 if quoted else piece.count(b"\n")
        last = block[-1:]
    if quoted:
        raise Unreadable("not CSV: a quote is not closed")
    return rows + (last not in {b"", b"\n"})
