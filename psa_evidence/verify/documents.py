"""Natives read as JSON, for the checks that compare tables with them. Nothing is known here of any PSA: a member is
found by its pointer, an instant by its form."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from psa_evidence.format import Disclosed, FormatError, Manifest, ManifestRecord
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.commitments import MAX_DISCLOSED
from psa_evidence.verify.container import Unreadable

MAX_NATIVE: Final = 16 << 20
"""Bytes: what is larger commits to no fields, and is no record with members."""
MAX_WALKED: Final = 200_000
"""Values of one native that are looked at."""
REMEMBERED: Final = 4_096
"""Natives that stay parsed: those of one ticket are asked for one after the other."""

_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_PARTS: Final = re.compile(r"[^A-Za-z0-9]+")
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Document:
    """`value` is the JSON value of a native, None when it is none; `whole` is false where fields of it are withheld."""

    id: str
    value: Any
    whole: bool

    @cached_property
    def _scalars(self) -> frozenset[str]:
        return frozenset(str(scalar) for scalar in _walk(self.value))

    @cached_property
    def instants(self) -> frozenset[int]:
        """Every text that is an instant, in whole seconds since 1970; one without a zone is in UTC."""
        return frozenset(second for text in self._scalars if (second := second_of(text)) is not None)

    def names(self, record: str) -> bool:
        """Whether the id of another record stands in this one: as a value, or between the signs of its own id. Where it
        mostly stands is looked at first: in a member, or one level below."""
        outer = self.value.values() if isinstance(self.value, dict) else ()
        return (
            any(_is_id(value, record) for value in outer)
            or self.id_names(record)
            or any(_is_id(v, record) for within in outer if isinstance(within, dict) for v in within.values())
            or record in self._scalars
        )

    def id_names(self, record: str) -> bool:
        """Whether the id of another record stands between the signs of this one's own id."""
        return record in _PARTS.split(self.id)


class Documents:
    """The natives of a pack by kind and id; of a record with several versions, that of the newest."""

    def __init__(self, bag: Bag, manifest: Manifest) -> None:
        self._bag = bag
        self._newest: dict[tuple[str, str], ManifestRecord] = {}
        for record in manifest.records:
            before = self._newest.setdefault((record.kind, record.id), record)
            if (before.seal, before.index) <= (record.seal, record.index):
                self._newest[record.kind, record.id] = record
        self._read: OrderedDict[tuple[str, str], list[Document]] = OrderedDict()

    def of(self, kind: str, record: str) -> list[Document]:
        """Empty when the pack has no native of the record."""
        key = (kind, record)
        if (found := self._read.get(key)) is not None:
            return found
        shown = self._newest.get(key)
        found = [] if shown is None else [self._document(shown)]
        self._read[key] = found
        if len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
        return found

    def has(self, kind: str, record: str) -> bool:
        """Whether the record is one of the pack."""
        return (kind, record) in self._newest

    def exhibit(self, kind: str, record: str) -> str | None:
        """In which exhibit the manifest places a record; None when in none, or when it has no such record."""
        shown = self._newest.get((kind, record))
        return None if shown is None else shown.exhibit

    @cached_property
    def exhibits_of_tickets(self) -> frozenset[str]:
        return frozenset(r.exhibit for (kind, _), r in self._newest.items() if kind == "ticket" and r.exhibit)

    def ids(self, kind: str) -> Iterator[str]:
        """Ids of the records of a kind."""
        return (record for each, record in self._newest if each == kind)

    def _document(self, record: ManifestRecord) -> Document:
        path = record.native
        try:
            if record.in_part:
                disclosed = Disclosed.read(self._bag.read(path, MAX_DISCLOSED))
                return Document(record.id, json.loads(disclosed.shown()), not disclosed.withheld())
            body = self._bag.kept.get(path)
            value = json.loads(self._bag.read(path, MAX_NATIVE) if body is None else body)
            return Document(record.id, value, whole=True)
        except (Unreadable, FormatError, ValueError, RecursionError):
            return Document(record.id, None, whole=True)


def second_of(text: str) -> int | None:
    """An instant (ISO 8601, date and time) in whole seconds since 1970, fractions cut off; None when it is none."""
    if not 16 <= len(text) <= 35 or _INSTANT.fullmatch(text) is None:
        return None
    try:
        at = datetime.fromisoformat(text)
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    since = at - _START
    return since.days * 86_400 + since.seconds


def _is_id(value: Any, record: str) -> bool:
    return bool(value == record) if type(value) is str else type(value) is int and str(value) == record


def _walk(value: Any) -> Iterator[Any]:
    """Texts and numbers, however deep they stand, up to a bound."""
    waiting, seen = [value], 0
    while waiting and seen < MAX_WALKED:
        here = waiting.pop()
        seen += 1
        if isinstance(here, dict):
            waiting.extend(here.values())
        elif isinstance(here, list):
            waiting.extend(here)
        elif isinstance(here, (str, int, float)) and not isinstance(here, bool):
            yield here
