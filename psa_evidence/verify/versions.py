"""Step 9.12: what record_changes.csv says of versions of records is what their natives say, and nothing is left out.

The newest version of a record is the one in the last of its seals, furthest in it; the others are earlier versions.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from psa_evidence.format import Disclosed, FormatError, Manifest, ManifestRecord, Seal
from psa_evidence.format.compare import IncomparableError, compare, value_at
from psa_evidence.format.json_pointer import steps
from psa_evidence.verify import names, tables
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.capture_times import is_within
from psa_evidence.verify.commitments import MAX_DISCLOSED
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.documents import MAX_NATIVE
from psa_evidence.verify.population import EARLIER_WITHHELD, Population
from psa_evidence.verify.report import Checklist, counted

TABLE: Final = "data/tables/record_changes.csv"
COUNT: Final = "earlier_versions"
CHECK: Final = "9.12"
MAX_ROWS: Final = 2_000_000
WITHHELD: Final = "withheld: "
"""With which the note of a row begins that does not say what changed."""

_COLUMNS: Final = ("what", "record", "field", "old", "new", "seal_before", "seal_after", "note")
_FILES: Final = ("native_before", "native_after")
_TIMES: Final = ("captured_before", "captured_after")
_COMPARED: Final = frozenset({"edited", "volatile"})
_WHAT: Final = frozenset({*_COMPARED, "merged", "vanished", "returned", "back-dated"})

Pair = tuple[str, str]
"""Natives of a version and of the one after it."""
Versions = tuple[ManifestRecord, ManifestRecord]
"""A version and the one after it."""
Said = dict[str, tuple[str, str]]
"""Pointer to old and new as JSON text, empty where it was absent."""


def by_age(manifest: Manifest) -> dict[tuple[str, str], list[ManifestRecord]]:
    """The versions of each record (kind, id), the newest first."""
    found: dict[tuple[str, str], list[ManifestRecord]] = {}
    for record in manifest.records:
        found.setdefault((record.kind, record.id), []).append(record)
    for versions in found.values():
        if len(versions) > 1:
            versions.sort(key=lambda r: (r.seal, r.index), reverse=True)
    return found


@dataclass(slots=True)
class _Stated:
    """What the table says of pairs of versions. `reduced` are pairs of which a row does not say what changed."""

    changes: dict[Pair, Said] = field(default_factory=dict)
    reduced: set[Pair] = field(default_factory=set)
    volatile: Counter[str] = field(default_factory=Counter)


def check_versions(
    bag: Bag, checks: Checklist, manifest: Manifest, population: Population, seals: Mapping[int, Seal]
) -> None:  # fmt: skip
    """Step 9.12. `seals` are those that could be read."""
    if COUNT not in manifest.counts:
        _check_older(bag, checks)
        return
    versions = by_age(manifest)
    pairs = {(b.native, a.native): (b, a) for each in versions.values() for a, b in pairwise(each)}
    if TABLE not in bag.container.files:
        if pairs:
            checks.fail(CHECK, "earlier versions of records are in the pack, and no table says what changed", TABLE)
        checks.settle(CHECK, "the pack holds one version of each record, and no table of changes")
        return
    stated = _Stated()
    try:
        _read(bag, checks, manifest, population, pairs, stated, seals)
    except Unreadable as error:
        checks.fail(CHECK, str(error), TABLE)
        return
    compared = sum(_compare(bag, checks, pair, stated) for pair in pairs.values())
    natives = {record.native: record for record in manifest.records}
    for pair in stated.changes:
        if pair not in pairs:  # two of one seal: what the rows say must be so all the same
            _compare(bag, checks, (natives[pair[0]], natives[pair[1]]), stated)
    words = (
        f"{counted(len(pairs), 'earlier version')}, each compared with the next; "
        f"{counted(compared, 'difference')} that natives show, all in the table, and no other"
    )
    if stated.volatile:
        moved = ", ".join(f"{names.shown(p)} ({n:,})" for p, n in sorted(stated.volatile.items())[:5])
        words += f". The PSA is said to move by itself: {moved}{' ...' if len(stated.volatile) > 5 else ''}"
    if stated.reduced:
        words += f". Of {counted(len(stated.reduced), 'change')} the table does not say all: fields are withheld"
    checks.settle(CHECK, words)


def _check_older(bag: Bag, checks: Checklist) -> None:
    """A pack that does not state how many earlier versions it has: of a layout that brings none."""
    edits = 0
    try:
        if TABLE in bag.container.files:
            edits = sum(1 for row in tables.rows(bag, TABLE, ("what",)) if row["what"] == "edited")
    except Unreadable as error:
        checks.fail(CHECK, str(error), TABLE)
    if edits:
        words = "the pack brings no earlier versions of records, as packs of older versions: {} cannot be compared"
        checks.settle(CHECK, words.format(counted(edits, "change")), "inconclusive")
    else:
        checks.settle(CHECK, "the pack holds one version of each record and states no edit")


def _read(
    bag: Bag, checks: Checklist, manifest: Manifest, population: Population, pairs: dict[Pair, Versions],
    stated: _Stated, seals: Mapping[int, Seal],
) -> None:  # fmt: skip
    """Raises Unreadable."""
    natives = {record.native: record for record in manifest.records}
    for number, row in enumerate(tables.rows(bag, TABLE, (*_COLUMNS, *_FILES), _TIMES), 1):
        if number > MAX_ROWS:
            raise Unreadable(f"more than {MAX_ROWS:,} rows")
        subject = f"row {number:,}, {row['record']}"
        if row["what"] not in _WHAT:
            checks.fail(CHECK, f"a sort of change that there is not: {names.shown(row['what'])}", subject)
            continue
        before, after = (_named(checks, row, side, natives, population, subject) for side in ("before", "after"))
        for name, version in zip(_TIMES, (before, after), strict=True):
            seal = seals.get(version.seal) if version is not None else None
            if seal is not None and name in row and not is_within(row[name], seal):
                checks.fail(CHECK, f"{name} is not a time of the capture under seal {seal.number}", subject)
        if row["what"] not in _COMPARED:
            continue
        if "0" in (row["seal_before"], row["seal_after"]):
            checks.fail(CHECK, "says what changed between versions of which one is under no seal", subject)
            continue
        reduced = not row["field"] and not row["old"] and not row["new"] and row["note"].startswith(WITHHELD)
        if before is None or after is None:
            if not reduced:
                checks.fail(CHECK, "says what changed in a version that is not in the pack", subject)
            continue
        pair = (before.native, after.native)
        if pair not in pairs and (before.seal != after.seal or before is after):
            checks.fail(CHECK, "the two versions do not follow each other", subject)
            continue
        if reduced:
            stated.reduced.add(pair)
            if not (before.in_part or after.in_part):
                checks.fail(CHECK, "withholds what changed between versions that the pack shows whole", subject)
            continue
        said = stated.changes.setdefault(pair, {})
        if row["field"] in said:
            checks.fail(CHECK, f"a second row of the field {names.shown(row['field'])}", subject)
        said[row["field"]] = (row["old"], row["new"])
        if row["what"] == "volatile":
            stated.volatile[row["field"]] += 1


def _named(
    checks: Checklist, row: tables.Row, side: str, natives: dict[str, ManifestRecord], population: Population,
    subject: str,
) -> ManifestRecord | None:  # fmt: skip
    """The version that the row names, None when it names none or a wrong one."""
    path, seal = row[f"native_{side}"], tables.whole(row[f"seal_{side}"])
    record = natives.get(path)
    key = row["record"].removeprefix("'")
    if not path:
        if seal and not population[key.partition("/")[0], EARLIER_WITHHELD]:
            checks.fail(CHECK, f"names no native of the version under seal {seal}, and none is withheld", subject)
        return None
    if record is None or f"{record.kind}/{record.id}" != key or record.seal != seal:
        checks.fail(CHECK, f"{names.shown(path)} is not a version of this record under seal {seal}", subject)
        return None
    return record


def _compare(bag: Bag, checks: Checklist, pair: Versions, stated: _Stated) -> int:
    """How many differences the two natives show."""
    before, after = pair
    subject = f"{after.kind}/{after.id}, seal {after.seal}"
    try:
        old, new = (_Version.read(bag, record) for record in pair)
    except (Unreadable, FormatError) as error:
        checks.fail(CHECK, str(error), subject)
        return 0
    said = stated.changes.get((before.native, after.native), {})
    shown = _differences(old, new)
    for pointer in sorted(shown.keys() | said.keys()):
        name = names.shown(pointer) or "(the whole record)"
        if not (old.tells(pointer) and new.tells(pointer)):
            if pointer in said and not _agrees_in_part(said[pointer], pointer, old, new):
                checks.fail(CHECK, f"says other than the natives of {name}", subject)
        elif pointer not in said:
            checks.fail(CHECK, f"the versions differ in {name}, which no row says", subject)
        elif pointer not in shown:
            checks.fail(CHECK, f"a row says that {name} changed, and the natives do not differ in it", subject)
        elif not all(_is(cell, text) for cell, text in zip(said[pointer], shown[pointer], strict=True)):
            checks.fail(CHECK, f"says other than the natives of {name}", subject)
    return len(shown)


@dataclass(frozen=True, slots=True)
class _Version:
    """`body` is the JSON of what is shown; `whole` is false where fields are withheld, `members` are then those that
    are shown."""

    body: bytes
    whole: bool
    members: frozenset[str]

    @classmethod
    def read(cls, bag: Bag, record: ManifestRecord) -> _Version:
        """Raises Unreadable, FormatError."""
        path = record.native
        if not record.in_part:
            kept = bag.kept.get(path)
            return cls(bag.read(path, MAX_NATIVE) if kept is None else kept, whole=True, members=frozenset())
        disclosed = Disclosed.read(bag.read(path, MAX_DISCLOSED))
        body = disclosed.shown()
        return cls(body, whole=not disclosed.withheld(), members=frozenset(json.loads(body)))

    def tells(self, pointer: str) -> bool:
        """Whether the member is shown, or would be if it were there."""
        return self.whole or _member(pointer) in self.members


def _member(pointer: str) -> str:
    return next(iter(steps(pointer)), "")


def _differences(old: _Version, new: _Version) -> Said:
    """As far as both show it. Bytes that cannot be compared differ as a whole, with nothing said of how."""
    try:
        changes = compare(old.body, new.body)
    except IncomparableError:
        return {} if old.body == new.body else {"": ("", "")}
    return {c.pointer: (c.old or "", c.new or "") for c in changes if old.tells(c.pointer) and new.tells(c.pointer)}


def _agrees_in_part(said: tuple[str, str], pointer: str, old: _Version, new: _Version) -> bool:
    """Of a member that one of the two withholds: what the row says of the other is there."""
    try:
        texts = [value_at(v.body, pointer) or "" if v.tells(pointer) else None for v in (old, new)]
    except IncomparableError:
        return False
    return all(text is None or _is(cell, text) for cell, text in zip(said, texts, strict=True))


def _is(cell: str, text: str) -> bool:
    printed = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return cell in {printed, f"'{printed}"}
