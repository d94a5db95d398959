"""From one raw record to a checked payload: which fields were null, which are not known, which cannot be read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from psa_evidence.records import SourceRef, Unread
from psa_evidence.spi import RawRecord
from psa_evidence_connectwise.payloads import Payload

P = TypeVar("P", bound=Payload)


class Broken(Exception):  # noqa: N818
    """The record cannot be read at all; the message says why, without quoting it."""


@dataclass(slots=True)
class Reading:
    """Collects what could not be read on the way.

    `zones` are the PSA's time zone setups: id to IANA zone, None where the setup names none that is known.
    """

    unread: list[Unread] = field(default_factory=list)
    zones: dict[str, str | None] = field(default_factory=dict)

    def miss(self, source: SourceRef, ticket_id: str | None, reason: str) -> None:
        self.unread.append(Unread(source=source, ticket_id=ticket_id, reason=reason))

    def broken(self, raw: RawRecord, problem: Broken) -> None:
        self.miss(bare_source(raw), ticket_of(raw), str(problem))


def bare_source(raw: RawRecord) -> SourceRef:
    return SourceRef(raw.kind, raw.id, raw.sha256)


def parse(raw: RawRecord) -> dict[str, Any]:
    """The JSON object of a record. Raises Broken."""
    try:
        value = json.loads(raw.body)
    except (ValueError, RecursionError):
        raise Broken("not JSON") from None
    if not isinstance(value, dict):
        raise Broken("not a JSON object")
    if b"\\ud" in raw.body or b"\\uD" in raw.body:
        value = _printable(value)
    return value  # type: ignore[no-any-return]


def read(raw: RawRecord, model: type[P], reading: Reading) -> tuple[P, SourceRef]:
    """The payload, and the reference that its record bears. A field that cannot be read is listed and left out.

    Raises Broken when nothing is left to read.
    """
    row = parse(raw)
    source = source_of(raw, row, model)
    try:
        return model.model_validate(row), source
    except ValidationError as error:
        wrong = sorted({str(item["loc"][0]) for item in error.errors(include_url=False, include_input=False)})
    if "id" in wrong:
        raise Broken("no usable id")
    for name in wrong:
        reading.miss(source, ticket_of(raw), f"field {name} cannot be read")
        row.pop(name, None)
    try:
        return model.model_validate(row), source
    except ValidationError:
        raise Broken("fields cannot be read") from None


def source_of(raw: RawRecord, row: dict[str, Any], model: type[Payload]) -> SourceRef:
    """`nulls` and `unknown` are names of top-level fields, in the order of the alphabet."""
    nulls = tuple(sorted(name for name, value in row.items() if value is None)) if None in row.values() else ()
    return SourceRef(raw.kind, raw.id, raw.sha256, nulls, _unknown(tuple(row), model))


def ticket_of(raw: RawRecord) -> str | None:
    """The ticket a record is or hangs on."""
    if raw.kind == "ticket":
        return raw.id
    return parent_of(raw, "ticket")


def parent_of(raw: RawRecord, kind: str) -> str | None:
    """The id of the parent, when it is of `kind`."""
    before, _, after = (raw.parent or "").partition("/")
    return after if before == kind and after else None


@cache
def _known(model: type[Payload]) -> frozenset[str]:
    return frozenset(info.alias or name for name, info in model.model_fields.items())


@lru_cache(maxsize=4096)
def _unknown(names: tuple[str, ...], model: type[Payload]) -> tuple[str, ...]:
    return tuple(sorted(set(names) - _known(model)))


def _printable(value: Any) -> Any:
    """Lone surrogates are legal in JSON and in no encoding: shown as their escape, never dropped."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, list):
        return [_printable(item) for item in value]
    if isinstance(value, dict):
        return {_printable(name): _printable(item) for name, item in value.items()}
    return value
