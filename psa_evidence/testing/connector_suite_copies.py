"""Rule 16: what a connector names as plain copies are copies. By it a verifier compares tables with records."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from psa_evidence.format.json_pointer import Nothing, resolve
from psa_evidence.records import RecordSet, SourceRef
from psa_evidence.spi import RawRecord
from psa_evidence.testing.conformance import require
from psa_evidence.testing.subject import Subject

TICKET = "ticket_id"
"""Where no member says on which ticket a record hangs, its parent may."""


class CopyTests(Subject):
    """Rule 16."""

    def test_plain_copies_are_what_the_records_say(self) -> None:
        """Of everything fetched, each field named in `ConnectorInfo.copied` is what the first pointer gives."""
        raws = self.whole().memory.raws()
        bodies = {(one.kind, one.id, one.sha256): one for one in raws}
        typed = list(_records(self.connector.interpret(iter(raws))))
        for name, pointers in self.connector.info.copied:
            kind, _, attribute = name.partition(".")
            mine = [one for one in typed if one.source.kind == kind]
            having = [one for one in mine if hasattr(one, attribute.partition(".")[0])]
            require(having or not mine, 16, f"No typed record of the kind {kind} has the field {attribute!r}.")
            for record in having:
                source: SourceRef = record.source
                said = _attribute(record, attribute)
                held = _first(bodies[source.kind, source.id, source.sha256], pointers)
                require(
                    _same(said, held) or (attribute == TICKET and held is None), 16,
                    f"{name} of {source.key} is {said!r}; {' or '.join(pointers)} gives {held!r}.",
                    "name only members that are copied as they are, in the order in which they are looked at",
                )  # fmt: skip


def _records(records: RecordSet) -> Iterator[Any]:
    for one in dataclasses.fields(records):
        value = getattr(records, one.name)
        for record in value if isinstance(value, tuple) and one.name != "unread" else ():
            if hasattr(record, "source"):
                yield record


def _attribute(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = getattr(record, name, None)
    return record


def _first(raw: RawRecord, pointers: tuple[str, ...]) -> Any:
    """The first value that is there and not empty; None when there is none."""
    body = json.loads(raw.body)
    for value in (resolve(body, pointer) for pointer in pointers):
        if value is not Nothing and value is not None and value != "":
            return value
    return None


def _same(said: Any, held: Any) -> bool:
    if said is None or said == "":
        return held is None
    if isinstance(said, datetime):
        at = datetime.fromisoformat(held) if isinstance(held, str) else None
        return at is not None and (at if at.tzinfo else at.replace(tzinfo=UTC)) == said
    if isinstance(said, date):
        return isinstance(held, str) and held[:10] == said.isoformat()
    if isinstance(said, (bool, float)):
        return bool(said == held)
    return str(said) == (held if isinstance(held, str) else str(held))
