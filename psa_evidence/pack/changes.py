"""What changed in the records between captures, row by row: the vault's comparison with what the typed records know
of it (who, when, merges)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal

from psa_evidence.pack.wording import NONE, utc
from psa_evidence.records import Change, RecordSet, SourceRef
from psa_evidence.vault import BackDated, Drift, FieldChange, Hidden, RecordVersion, Step, Tombstone

What = Literal["edited", "volatile", "merged", "vanished", "returned", "back-dated"]
"""`back-dated`: first captured after a complete capture that its own time precedes and that did not hold it.
`volatile`: a field that the PSA moves by itself."""

MARGIN = timedelta(minutes=10)
"""The PSA's clock and ours may differ by so much when an audit line is laid between two captures."""

SHOWN_DETAILS = 3
"""Of one resource, what the capture states of so many refusals is shown."""

LONG = 240
"""Characters printed of one value; the table has all, and the page says how many there are."""
NATIVES = "data/natives/"

TRAIL = "audit trail"
LAST_UPDATE = "the record's own last update"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """`field` is a JSON pointer; `old` and `new` are JSON text, empty where there was none. `before` and `after` are
    when the two states were captured, with the seals they are under (0: none). `source` says where `who` and `at`
    come from, empty when neither is recorded. `native_before` and `native_after` are the files of the two versions,
    empty where there is none."""

    what: What
    kind: str
    id: str
    client: str | None
    field: str = ""
    old: str = ""
    new: str = ""
    who: str = NONE
    at: str = NONE
    source: str = ""
    before: datetime | None = None
    after: datetime | None = None
    seal_before: int = 0
    seal_after: int = 0
    note: str = ""
    native_before: str = ""
    native_after: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.id}"


Natives = Mapping[tuple[str, str, int, str], str]
"""Kind, id, seal and digest of a version as the vault holds it -> its file in the pack."""


def change_rows(drift: Drift, records: RecordSet, natives: Natives = MappingProxyType({})) -> tuple[ChangeRow, ...]:
    """Every changed field, merge, vanished, returned and back-dated record, with the files of the two versions."""
    known = _Known.of(records)
    rows: list[ChangeRow] = []
    for step in drift.steps:
        made = [*_merge_of(step, known), *_edited(step, known)]
        before, after = natives.get(_version(step.before), ""), natives.get(_version(step.after), "")
        rows += (replace(row, native_before=before, native_after=after) for row in made)
    stones = [(stone, list(_gone(stone, known))) for stone in drift.vanished]
    for stone, made in [*stones, *((stone, [_returned(stone)]) for stone in drift.returned)]:
        last = natives.get((stone.kind, stone.id, stone.last.seal, stone.last.sha256), "")
        rows += (replace(row, native_before=last) for row in made)
    for found in drift.back_dated:
        rows.append(replace(_back_dated(found, known), native_after=natives.get(_version(found.version), "")))
    return tuple(rows)


def _version(version: RecordVersion) -> tuple[str, str, int, str]:
    return (version.kind, version.id, version.seal, version.sha256)


def shortened(text: str) -> str:
    """A value as it is printed."""
    if not text:
        return "(absent)"
    return text if len(text) <= LONG else f"{text[:LONG]}\u2026 ({len(text):,} characters; whole in the table)"


def file_words(path: str) -> str:
    """The file of a version below data/natives, as it is printed."""
    return path.removeprefix(NATIVES) or "not in this pack"


def hidden_words(hidden: Hidden) -> str:
    """What was refused, how much of it the vault holds all the same, and what the capture states of the refusal."""
    kinds = [kind for kind in hidden.kinds if kind != hidden.what]
    of = f" ({', '.join(kinds)})" if kinds else ""
    held = "" if hidden.known is None else f"; {hidden.known:,} in the vault all the same"
    more = len(hidden.details) - SHOWN_DETAILS
    said = "; ".join(hidden.details[:SHOWN_DETAILS]) + (f"; and {more:,} more" if more > 0 else "")
    return f"{hidden.what}{of}: {said or 'no permission'}{held}"


@dataclass(frozen=True, slots=True)
class _Known:
    """What typed records say: understood changes by ticket, merges (ticket -> into which), entries by record."""

    changes: Mapping[str, list[Change]]
    merges: Mapping[str, tuple[str, Change | None]]
    entered: Mapping[str, tuple[datetime, str]]

    @classmethod
    def of(cls, records: RecordSet) -> _Known:
        changes: dict[str, list[Change]] = {}
        merges: dict[str, tuple[str, Change | None]] = {
            t.id: (t.merged_into_id, None) for t in records.tickets if t.merged_into_id is not None
        }
        for change in records.changes:
            changes.setdefault(change.ticket_id, []).append(change)
            if change.field == "merged" and change.new is not None:
                merged = change.ticket_id if change.new != change.ticket_id else change.old
                if merged is not None:
                    merges[merged] = (change.new, change)
        entered = {}
        for one in fields(records):
            group = getattr(records, one.name)
            for record in group if isinstance(group, tuple) else ():
                at, source = getattr(record, "entered_at", None), getattr(record, "source", None)
                if isinstance(at, datetime) and isinstance(source, SourceRef):
                    entered[source.key] = (at, getattr(record, "entered_by", None) or NONE)
        return cls(changes, merges, entered)


def _edited(step: Step, known: _Known) -> Iterator[ChangeRow]:
    if not step.comparable:
        yield ChangeRow(
            what="edited", note="the bytes differ; they cannot be compared field by field", **_between(step)
        )
    for change in step.fields:
        at, who, source = _who(step, change, known)
        yield ChangeRow(
            what="edited", field=change.pointer, old=change.old or "", new=change.new or "", at=at, who=who,
            source=source, note=_absent(change), **_between(step),
        )  # fmt: skip
    for change in step.volatile:
        yield ChangeRow(
            what="volatile", field=change.pointer, old=change.old or "", new=change.new or "", note=_absent(change),
            **_between(step),
        )  # fmt: skip


def _absent(change: FieldChange) -> str:
    return "field added" if change.old is None else "field removed" if change.new is None else ""


def _who(step: Step, change: FieldChange, known: _Known) -> tuple[str, str, str]:
    """Time, person and where that is said: the audit trail before the record's own word."""
    name = change.pointer.split("/")[1].casefold() if change.pointer else ""
    if step.after.kind == "ticket":
        lines = [
            line for line in known.changes.get(step.after.id, ())
            if line.field == name and step.before.captured_at - MARGIN <= line.at <= step.after.captured_at + MARGIN
        ]  # fmt: skip
        if lines:
            last = max(lines, key=lambda line: line.at)
            return utc(last.at), last.by or NONE, TRAIL
    if step.editor is None and step.edited_at is None:
        return NONE, NONE, ""
    return step.edited_at or NONE, step.editor or NONE, LAST_UPDATE


def _merge_of(step: Step, known: _Known) -> Iterator[ChangeRow]:
    """A ticket that was merged into another between the two captures."""
    target, line = known.merges.get(step.after.id, ("", None)) if step.after.kind == "ticket" else ("", None)
    told = line is not None and step.before.captured_at - MARGIN <= line.at <= step.after.captured_at + MARGIN
    if target and (told or any("merged" in change.pointer.casefold() for change in step.fields)):
        yield ChangeRow(what="merged", **_merged(step.after.id, target, line if told else None), **_between(step))


def _gone(stone: Tombstone, known: _Known) -> Iterator[ChangeRow]:
    target, line = known.merges.get(stone.id, ("", None)) if stone.kind == "ticket" else ("", None)
    if target:
        yield ChangeRow(what="merged", **_merged(stone.id, target, line), **_of(stone))
    limited = f" of client {', '.join(stone.absence.clients)}" if stone.absence.clients else ""
    where = f" below {stone.absence.parent}" if stone.absence.parent else ""
    yield ChangeRow(
        what="vanished",
        note=f"not among the {stone.absence.listed:,} listed{limited}{where}",
        **_of(stone),
    )


def _merged(ticket: str, target: str, line: Change | None) -> dict[str, Any]:
    who = {} if line is None else {"who": line.by or NONE, "at": utc(line.at), "source": TRAIL}
    return {"old": ticket, "new": target, "note": f"into ticket/{target}", **who}


def _returned(stone: Tombstone) -> ChangeRow:
    return ChangeRow(what="returned", note="was not listed, and was captured again later", **_of(stone))


def _back_dated(found: BackDated, known: _Known) -> ChangeRow:
    version: RecordVersion = found.version
    at, by = known.entered.get(f"{version.kind}/{version.id}", (None, NONE))
    return ChangeRow(
        what="back-dated", kind=version.kind, id=version.id, client=version.client, old=utc(version.at), new="",
        who=by, at=utc(at) if at else NONE, source="its own time of entry" if at else "",
        before=found.earlier.started_at, after=version.captured_at, seal_after=version.seal,
        note=f"its own time {utc(version.at)} precedes capture {found.earlier.id}, which was complete without it",
    )  # fmt: skip


def _between(step: Step) -> dict[str, Any]:
    return {
        "kind": step.after.kind, "id": step.after.id, "client": step.after.client, "before": step.before.captured_at,
        "after": step.after.captured_at, "seal_before": step.before.seal, "seal_after": step.after.seal,
    }  # fmt: skip


def _of(stone: Tombstone) -> dict[str, Any]:
    return {
        "kind": stone.kind, "id": stone.id, "client": stone.client, "before": stone.last.at,
        "after": stone.absence.at, "seal_before": stone.last.seal,
    }  # fmt: skip
