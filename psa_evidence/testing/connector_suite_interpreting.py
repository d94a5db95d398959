"""Interpretation: pure, the same in any order and process, and never surprised by what bytes hold."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from psa_evidence.records import RecordSet, SourceRef
from psa_evidence.spi import RawRecord
from psa_evidence.testing.conformance import Nonconformance, needs, require
from psa_evidence.testing.connector_suite_fetching import as_served
from psa_evidence.testing.hostile import DAMAGE, HUGE, TEXTS
from psa_evidence.testing.pure import elsewhere, fingerprint
from psa_evidence.testing.recording import raw
from psa_evidence.testing.subject import Subject

UNKNOWN = "zzConformanceKit"
"""A member that no PSA has."""
DEEP = 4
"""How deep into records texts are replaced and looked for."""


class InterpretTests(Subject):
    """Rules 5, 11, 12, 13, 14."""

    def test_reads_what_it_fetched(self) -> None:
        records = self._interpret(self._raws())
        require(not records.unread, 12, f"Of its own undamaged records it cannot read {list(records.unread[:3])}.")
        there = {(one.kind, one.id, one.sha256) for one in self._raws()}
        typed = list(sources(records))
        require(typed, 12, "Nothing of what was fetched became a typed record.")
        for source in typed:
            require(
                (source.kind, source.id, source.sha256) in there, 5,
                f"A typed record names the source {source.key}, which is none of the raw records.",
            )  # fmt: skip

    def test_order_and_repetition_change_nothing(self) -> None:
        raws = self._raws()
        first = fingerprint(self._interpret(raws))
        shuffled = list(raws)
        random.Random(20260301).shuffle(shuffled)  # noqa: S311 - the same order every time
        for what, other in {
            "a second time": raws, "in reverse": raws[::-1], "in another order": shuffled, "each one twice": raws * 2,
        }.items():  # fmt: skip
            self._same(first, fingerprint(self._interpret(other)), f"Read {what}")

    def test_another_process_reads_the_same_and_touches_nothing(self) -> None:
        raws = self._raws()
        here = fingerprint(self._interpret(raws))
        for seed, zone, watched in ((1, "UTC", False), (4242, "Pacific/Kiritimati", True)):
            found = elsewhere(self.target, raws, seed=seed, zone=zone, watched=watched)
            require(not found["error"], 11, f"In another process: {found['error']}.")
            self._same(here, found["fields"], f"With hash seed {seed} and the zone {zone}")
            require(
                not found["touched"], 11, f"While interpreting it used {', '.join(found['touched'][:5])}.",
                "times come from the records; what else it needs it may hold as constants",
            )  # fmt: skip

    def test_unknown_fields_are_named(self) -> None:
        silent = self._silent("kit", "unknown")
        require(
            not silent, 13, f"A field {UNKNOWN!r} was added; these records do not name it as unknown: {silent[:5]} "
            f"({len(silent)} in all).", "SourceRef(..., unknown=(names of members that you do not read,))",
        )  # fmt: skip

    def test_nulls_are_named(self) -> None:
        """What was null and what was absent differ in a dispute; only `nulls` tells them apart."""
        silent = self._silent(None, "nulls")
        require(
            not silent, 13, f"A member {UNKNOWN!r} was null; these records do not name it in `nulls`: {silent[:5]} "
            f"({len(silent)} in all).", "SourceRef(..., nulls=(names of members that were null,))",
        )  # fmt: skip

    def _silent(self, value: str | None, names: str) -> list[str]:
        """Keys of the records that do not name a new member with this value in `SourceRef.<names>`."""
        changed = []
        for one in self._raws():
            row = _object(one.body)
            changed.append(one if row is None else _with(one, {**row, UNKNOWN: value}))
        kinds = {one.kind for one in changed if UNKNOWN.encode() in one.body}
        needs(kinds, "no raw record is a JSON object.")
        found = sources(self._interpret(changed))
        return sorted({s.key for s in found if s.kind in kinds and UNKNOWN not in getattr(s, names)})

    def test_text_comes_out_as_it_went_in(self) -> None:
        needs(self.texts, "`texts` is empty.")
        for kind, member in self.texts.items():
            some = [one for one in self._raws() if one.kind == kind and member in (_object(one.body) or {})]
            needs(some, f"no {kind} of the fake server has the member {member!r}.")
            for name, text in {**TEXTS, "a million characters": HUGE}.items():
                changed = _with(some[0], {**(_object(some[0].body) or {}), member: text})
                others = [one for one in self._raws() if one is not some[0]]
                records = self._interpret([changed, *others])
                require(
                    any(text == value for value in _texts_of(records, changed)), 14,
                    f"{kind}.{member} was the text {name!r} ({text[:40]!r}); no field of the typed record has it.",
                    "hand texts on as they are: no strip, no cleaning, no cutting",
                )  # fmt: skip

    def test_every_text_replaced_at_once_does_no_harm(self) -> None:
        for name, text in TEXTS.items():
            changed = []
            for one in self._raws():
                row = _object(one.body)
                changed.append(one if row is None else _with(one, _replaced(row, text, DEEP)))
            self._interpret(changed, f"every text was {name!r}")

    def test_damaged_bytes_are_unread_not_an_error(self) -> None:
        first: dict[str, RawRecord] = {}
        for one in self._raws():
            first.setdefault(one.kind, one)
        for name, body in DAMAGE.items():
            damaged = [
                raw(one.kind, one.id, body, client=one.client, parent=one.parent) for one in first.values()
            ]  # fmt: skip
            records = self._interpret(damaged, f"the bytes were {name!r}")
            if name in {"nothing", "half an object", "not UTF-8", "zeros", "a web page"}:
                typed = {s.key for s in sources(self._interpret([*first.values()]))}
                unread = {one.source.key for one in records.unread}
                swallowed = sorted(one.key for one in damaged if one.key in typed and one.key not in unread)
                require(not swallowed, 12, f"The bytes of {swallowed[:5]} were {name!r}; they are not in `unread`.")

    def test_no_records_give_an_empty_set(self) -> None:
        empty = self._interpret([])
        require(not list(sources(empty)), 11, "Out of no records came some.")

    def _raws(self) -> list[RawRecord]:
        found = self.whole().memory.raws()
        if not found:  # changed bytes may be why the connector could mark nothing: then that is the defect
            as_served(self.whole())
        lost = [(one.resource, one.reason) for one in self.whole().memory.lost[:5]]
        require(found or not lost, 6, f"Nothing went wrong, yet nothing was marked; called missing: {lost}.",
                "hand `keep` the body as it came from the line, and mark the records in it after decoding")  # fmt: skip
        needs(found, "nothing was fetched.")
        return found

    def _interpret(self, raws: Sequence[RawRecord], when: str = "") -> RecordSet:
        try:
            found = self.connector.interpret(iter(raws))
        except Exception as error:
            what = f"When {when}, interpret" if when else "interpret"
            raise Nonconformance(
                12, f"{what} raised {type(error).__name__}: {str(error)[:200]}", "put the record into RecordSet.unread"
            ) from error
        require(isinstance(found, RecordSet), 11, f"interpret returned a {type(found).__name__}, not a RecordSet.")
        return found

    def _same(self, one: dict[str, str], other: dict[str, str], when: str) -> None:
        differing = sorted(name for name in one if one[name] != other.get(name))
        require(not differing, 11, f"{when}, these fields of the RecordSet differ: {', '.join(differing)}.",
                "sort by what is in the records, never by their order, by sets or by hash")  # fmt: skip


def sources(records: RecordSet) -> Iterator[SourceRef]:
    """The sources of all typed records; not those of `unread`."""
    for one in dataclasses.fields(records):
        if one.name == "unread":
            continue
        value = getattr(records, one.name)
        for record in value if isinstance(value, tuple) else (value,):
            source = getattr(record, "source", None)
            if isinstance(source, SourceRef):
                yield source


def _texts_of(records: RecordSet, of: RawRecord) -> Iterator[str]:
    for one in dataclasses.fields(records):
        value = getattr(records, one.name)
        for record in value if isinstance(value, tuple) else (value,):
            source = getattr(record, "source", None)
            if isinstance(source, SourceRef) and source.sha256 == of.sha256 and one.name != "unread":
                for part in dataclasses.fields(record):
                    inner = getattr(record, part.name)
                    yield from (inner,) if isinstance(inner, str) else ()


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _with(one: RawRecord, row: Any) -> RawRecord:
    body = json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return raw(one.kind, one.id, body, client=one.client, parent=one.parent)


def _replaced(value: Any, text: str, depth: int) -> Any:
    if isinstance(value, str):
        return text
    if depth and isinstance(value, dict):
        return {name: _replaced(inner, text, depth - 1) for name, inner in value.items()}
    if depth and isinstance(value, list):
        return [_replaced(inner, text, depth - 1) for inner in value]
    return value
