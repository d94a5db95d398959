"""Step 9.13: the logs of what a pack does not show say what natives and population say.

`redaction.csv` counts withheld fields by native and reason; `privilege.csv` is the log that the other side reads: a row
for each record withheld, in full or in part. Who wrote a record, and what it is about, no file of the pack can tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from psa_evidence.format import Manifest
from psa_evidence.verify import names, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.population import EARLIER_WITHHELD, LOG, read_lines
from psa_evidence.verify.report import Checklist, counted
from psa_evidence.verify.versions import by_age

CHECK: Final = "9.13"
REDACTION: Final = "data/logs/redaction.csv"
PRIVILEGE: Final = "data/logs/privilege.csv"
MAX_ROWS: Final = 2_000_000
NO_RULE: Final = "its id cannot be a file name"
"""The reason in the population of what no rule of the copy withholds: the log has no row of it."""
IN_FULL: Final = "in full"
IN_PART: Final = "in part"
EARLIER: Final = "in full, an earlier version"

Reasons = Mapping[str, Counter[str]]
"""Native to how many of its fields are withheld for which reason."""
Kinds = Counter[tuple[str, str]]
"""How many records of a kind for a reason."""


def check_withheld_logs(bag: Bag, checks: Checklist, manifest: Manifest, reasons: Reasons) -> None:
    """`reasons` are those of the natives in part that hold (6.5)."""
    fields = _redaction(bag, checks, manifest, reasons)
    rows = _privilege(bag, checks, manifest, reasons)
    said = []
    if fields is not None:
        said.append(f"redaction.csv counts the {counted(fields, 'field')} that natives withhold")
    if rows is not None:
        said.append(f"privilege.csv has {counted(rows, 'row')}: what population and natives withhold")
    checks.settle(CHECK, "; ".join(said) or "the pack withholds nothing by a rule, and has no log of it")


def _redaction(bag: Bag, checks: Checklist, manifest: Manifest, reasons: Reasons) -> int | None:
    """How many fields, None when there is nothing to say."""
    if REDACTION not in bag.container.files:
        if reasons:
            words = f"missing; {counted(len(reasons), 'native')} of this pack withhold fields"
            checks.fail(CHECK, words, REDACTION)
        return None
    keys = {r.native: f"{r.kind}/{r.id}" for r in manifest.records}
    unjudged = {r.native for r in manifest.records if r.in_part} - reasons.keys()  # 5.1 and 6.5 name them
    meant = {(native, reason): number for native, found in reasons.items() for reason, number in found.items()}
    told: set[tuple[str, str]] = set()
    try:
        for row in _rows(bag, REDACTION, ("record", "native", "reason", "fields")):
            native = row["native"]
            place = next((p for p in ((native, row["reason"]), (native, row["reason"][1:])) if p in meant), None)
            if native in unjudged:
                continue
            if place is None or place in told or str(meant[place]) != row["fields"] or _key(row) != keys[native]:
                checks.fail(CHECK, "a row says other than the native of the fields that it withholds", row["record"])
            else:
                told.add(place)
    except Unreadable as error:
        checks.fail(CHECK, str(error), REDACTION)
        return None
    for native in sorted({native for native, _ in meant.keys() - told}):
        checks.fail(CHECK, "has not a row for each reason for which the native withholds fields", keys[native])
    return sum(meant.values())


def _privilege(bag: Bag, checks: Checklist, manifest: Manifest, reasons: Reasons) -> int | None:
    """How many rows, None when there is no log."""
    shown = {f"{r.kind}/{r.id}" for r in manifest.records}
    in_part = _in_part(manifest, reasons)
    try:
        withheld, earlier = _population(bag)
    except Unreadable:
        return None  # 9.3 says so
    if PRIVILEGE not in bag.container.files:
        if withheld or earlier:
            number = counted(withheld.total() + earlier.total(), "record")
            checks.fail(CHECK, f"missing; the population says that rules of the copy withhold {number}", PRIVILEGE)
        return None
    full: set[str] = set()
    part: set[tuple[str, str]] = set()
    found: dict[str, Kinds] = {IN_FULL: Counter(), EARLIER: Counter()}
    rows = 0
    try:
        for rows, row in enumerate(_rows(bag, PRIVILEGE, ("record", "kind", "withheld", "reason")), 1):
            how, key, reason = row["withheld"], _key(row), row["reason"]
            if how not in {IN_FULL, IN_PART, EARLIER} or not key.startswith(f"{row['kind']}/"):
                checks.fail(CHECK, f"row {rows:,} is none of this log: {names.shown(how)}", key)
            elif how == IN_FULL and (key in shown or key in full):
                words = "is in the pack" if key in shown else "stands twice"
                checks.fail(CHECK, f"said to be withheld in full, and {words}", key)
            elif how == IN_PART and key not in in_part:
                checks.fail(CHECK, "said to be withheld in part, and no native of it withholds a field", key)
            elif how == IN_PART and in_part[key] and in_part[key].isdisjoint({reason, reason.removeprefix("'")}):
                checks.fail(CHECK, "withheld in part for another reason than its natives give", key)
            elif how == EARLIER and key not in shown:
                checks.fail(CHECK, "said to be an earlier version of a record that is not in the pack", key)
            if how in found:
                found[how][row["kind"], reason] += 1
            if how == IN_FULL:
                full.add(key)
            elif how == IN_PART:
                part |= {(key, reason), (key, reason.removeprefix("'"))}
    except Unreadable as error:
        checks.fail(CHECK, str(error), PRIVILEGE)
        return None
    newest = {f"{r.kind}/{r.id}": reasons[r.native] for r, *_ in by_age(manifest).values() if r.native in reasons}
    for key in sorted({key for key, why in newest.items() for reason in why if (key, reason) not in part}):
        checks.fail(CHECK, "withheld in part, and not in the log with each reason", key)
    _compare(checks, IN_FULL, found[IN_FULL], withheld, frozenset())
    _compare(checks, EARLIER, found[EARLIER], earlier, {kind for kind, _ in found[IN_FULL]})
    return rows


def _in_part(manifest: Manifest, reasons: Reasons) -> dict[str, set[str]]:
    """Record to the reasons for which any of its versions withholds a field; none where one does not hold (6.5)."""
    found: dict[str, set[str]] = {}
    natives = [record for record in manifest.records if record.in_part]
    for record in natives:
        found.setdefault(f"{record.kind}/{record.id}", set()).update(reasons.get(record.native, ()))
    for record in natives:
        if record.native not in reasons:
            found[f"{record.kind}/{record.id}"].clear()
    return found


def _compare(
    checks: Checklist, how: str, found: Kinds, meant: Kinds, more: AbstractSet[str]
) -> None:  # fmt: skip
    """Of the kinds `more` the population may say more: versions of records that are withheld in full have no row."""
    for kind, reason in sorted(found.keys() | meant.keys()):
        rows, said = found[kind, reason], meant[kind, reason]
        if rows > said or (rows < said and kind not in more):
            checks.fail(CHECK, f"{how}, {names.shown(reason)}: {rows:,} rows; the population says {said:,}", kind)


def _population(bag: Bag) -> tuple[Kinds, Kinds]:
    """(kind, reason) of records, and of earlier versions, that rules withhold. Raises Unreadable."""
    withheld: Kinds = Counter()
    earlier: Kinds = Counter()
    for kind, name, reason, number in read_lines(bag, LOG):
        if number and name == "withheld" and reason != NO_RULE:
            withheld[kind, reason] += number
        elif number and name == EARLIER_WITHHELD and reason != NO_RULE:
            earlier[kind, reason] += number
    return withheld, earlier


def _rows(bag: Bag, path: str, columns: tuple[str, ...]) -> Iterator[tables.Row]:
    """Raises Unreadable."""
    for number, row in enumerate(tables.rows(bag, path, columns), 1):
        if number > MAX_ROWS:
            raise Unreadable(f"more than {MAX_ROWS:,} rows")
        yield row


def _key(row: tables.Row) -> str:
    return row["record"].removeprefix("'")
