"""From raw records to typed ones. Nothing but the bytes counts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from psa_evidence.records import Client, Member, Message, RecordSet, SourceRef, Ticket, Unread
from psa_evidence.spi import RawRecord

FIELDS = {
    "client": {"id", "name", "code"},
    "member": {"id", "login", "name", "email"},
    "ticket": {"id", "customer", "title", "state", "priority", "opened", "closed", "updated", "agent"},
    "note": {"id", "text", "at", "author", "public"},
}
"""What is read; every other member is named as unknown."""


class Broken(Exception):  # noqa: N818
    """The record cannot be read."""


def interpret(raw: Iterable[RawRecord]) -> RecordSet:
    """What cannot be read is in `unread`; a record handed in twice is read once."""
    records = sorted({(one.kind, one.id, one.sha256): one for one in raw}.items())
    found: dict[str, list[Any]] = {"client": [], "member": [], "ticket": [], "note": []}
    unread = []
    for (kind, _, _), one in records:
        if kind not in FIELDS:
            continue
        try:
            row = _row(one)
            source = _source(one, row)
            found[kind].append(READERS[kind](one, row, source))
        except Broken as problem:
            ticket = one.id if kind == "ticket" else (one.parent or "").partition("/")[2] or None
            unread.append(Unread(source=SourceRef(one.kind, one.id, one.sha256), ticket_id=ticket, reason=str(problem)))
    return RecordSet(
        clients=_ordered(found["client"]), members=_ordered(found["member"]),
        tickets=_ordered(found["ticket"], "entered_at"), messages=_ordered(found["note"], "at"), unread=tuple(unread),
    )  # fmt: skip


def _client(one: RawRecord, row: dict[str, Any], source: SourceRef) -> Client:
    return Client(source=source, id=one.id, name=_text(row, "name"), identifier=_text(row, "code"))


def _member(one: RawRecord, row: dict[str, Any], source: SourceRef) -> Member:
    return Member(source=source, id=one.id, identifier=_text(row, "login"), name=_text(row, "name"),
                  email=_text(row, "email") or None)  # fmt: skip


def _ticket(one: RawRecord, row: dict[str, Any], source: SourceRef) -> Ticket:
    state = _text(row, "state")
    customer = row.get("customer")
    return Ticket(
        source=source, id=one.id, client_id=None if customer is None else str(customer), summary=_text(row, "title"),
        status_name=state or None, priority_name=_text(row, "priority") or None, owner=_text(row, "agent") or None,
        entered_at=_moment(row, "opened"), closed_at=_moment(row, "closed"), updated_at=_moment(row, "updated"),
        closed=state == "closed" if state else None,
    )  # fmt: skip


def _note(one: RawRecord, row: dict[str, Any], source: SourceRef) -> Message:
    public = row.get("public")
    return Message(
        source=source, id=one.id, ticket_id=(one.parent or "").partition("/")[2], text=_text(row, "text"),
        at=_moment(row, "at"), author=_text(row, "author") or None,
        internal=not public if isinstance(public, bool) else None,
    )  # fmt: skip


READERS = {"client": _client, "member": _member, "ticket": _ticket, "note": _note}


def _row(one: RawRecord) -> dict[str, Any]:
    try:
        row = json.loads(one.body)
    except (ValueError, RecursionError):
        raise Broken("The bytes are not JSON.") from None
    if not isinstance(row, dict) or str(row.get("id")) != one.id:
        raise Broken("The bytes are not this record.")
    return row


def _source(one: RawRecord, row: dict[str, Any]) -> SourceRef:
    nulls = tuple(sorted(name for name, value in row.items() if value is None))
    return SourceRef(one.kind, one.id, one.sha256, nulls, tuple(sorted(row.keys() - FIELDS[one.kind])))


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise Broken(f"The member {name!r} is not a text.")
    return value or ""


def _moment(row: dict[str, Any], name: str) -> datetime | None:
    text = _text(row, name)
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise Broken(f"The member {name!r} is not a time.") from None
    if found is not None and found.tzinfo is None:
        raise Broken(f"The time {name!r} has no offset.")
    return found.astimezone(UTC) if found else None


def _ordered(records: list[Any], when: str = "") -> tuple[Any, ...]:
    """By time, then id, numbers by number."""

    def order(one: Any) -> Any:
        at = getattr(one, when) if when else None
        number = int(one.id) if one.id.isascii() and one.id.isdecimal() and len(one.id) < 20 else -1
        return at is None, at or datetime.min.replace(tzinfo=UTC), number, one.id, one.source.sha256

    return tuple(sorted(records, key=order))
