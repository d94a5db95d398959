"""Audit lines: every one kept, those about a tracked field read into changes, the unclear ones listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from psa_evidence.records import Change, HistoryEntry, SourceRef
from psa_evidence.spi import RawRecord
from psa_evidence_connectwise.audit_names import Names, names
from psa_evidence_connectwise.audit_prose import Told, Unclear, read_line
from psa_evidence_connectwise.history_order import entry_order, in_order
from psa_evidence_connectwise.machines import is_machine
from psa_evidence_connectwise.reading import Broken, Reading, bare_source, parent_of, parse
from psa_evidence_connectwise.sightings import HISTORY_FIELDS, moment

KNOWN = frozenset(HISTORY_FIELDS)
REMEMBERED = 20_000
"""Readings of lines kept for identical ones; audit texts repeat."""

ADDRESS = re.compile(r"[^\s\"'<>(),;:@]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
MAX_MAIL_TEXT = 4000
"""Characters of a line in which addresses are looked for."""

Records = Mapping[str, Iterable[Any]]


def read_history(raws: list[RawRecord], records: Records, reading: Reading) -> tuple[list[HistoryEntry], list[Change]]:
    """All entries and all changes, each ordered by time, then ticket and id; changes of one second as they chain."""
    known = known_names(records)
    machines = frozenset(member.identifier.casefold() for member in records.get("members", ()) if member.api)
    entries: list[HistoryEntry] = []
    changes: list[Change] = []
    remembered: dict[tuple[str, str, str, str], list[Told | Unclear]] = {}
    for raw in raws:
        try:
            entry, text = _entry(raw, reading)
        except Broken as problem:
            reading.broken(raw, problem)
            continue
        entries.append(entry)
        about = (
            text,
            entry.audit_type or "",
            entry.audit_subtype or "",
            entry.ticket_id if entry.ticket_id in text else "",
        )
        told = remembered.get(about)
        if told is None:
            told = read_line(text, about[1], about[2], entry.ticket_id, known)
            if len(remembered) < REMEMBERED:
                remembered[about] = told
        if not told:
            continue
        automatic = is_machine(entry.by, entry.audit_source) or (entry.by or "").casefold() in machines
        for one in told:
            if isinstance(one, Unclear):
                reading.miss(entry.source, entry.ticket_id, one.reason)
            elif entry.at is None:
                reading.miss(entry.source, entry.ticket_id, f"a change of {one.field} without a time")
            else:
                changes.append(
                    Change(
                        source=entry.source, ticket_id=entry.ticket_id, at=entry.at, field=one.field, old=one.old,
                        new=one.new, by=entry.by, automatic=automatic,
                    )
                )  # fmt: skip
    entries.sort(
        key=lambda one: (
            one.at is None,
            one.at or datetime.max.replace(tzinfo=UTC),
            entry_order(one.ticket_id, one.id),
            one.source.sha256,
        )
    )
    return entries, in_order(changes, records)


def _entry(raw: RawRecord, reading: Reading) -> tuple[HistoryEntry, str]:
    row = parse(raw)
    ticket = parent_of(raw, "ticket")
    if ticket is None:
        raise Broken("names no ticket")
    nulls = tuple(sorted(name for name, value in row.items() if value is None))
    unknown = tuple(sorted(set(row) - KNOWN)) if not row.keys() <= KNOWN else ()
    source = SourceRef("history", raw.id, raw.sha256, nulls, unknown) if nulls or unknown else bare_source(raw)
    texts: dict[str, str | None] = {}
    for name in HISTORY_FIELDS:
        value = row.get(name)
        if value is not None and not isinstance(value, str):
            reading.miss(source, ticket, f"field {name} cannot be read")
            value = None
        texts[name] = value
    at = moment(texts["enteredDate"])
    if at is None and texts["enteredDate"]:
        reading.miss(source, ticket, "field enteredDate cannot be read")
    text = texts["text"] or ""
    return HistoryEntry(
        source=source, id=raw.id, ticket_id=ticket, text=text, at=at, by=texts["enteredBy"],
        audit_type=texts["auditType"], audit_subtype=texts["auditSubType"], audit_source=texts["auditSource"],
        mailed_to=_mailed_to(text) if _is_mail(texts["auditType"], texts["auditSubType"]) else (),
    ), text  # fmt: skip


def _is_mail(kind: str | None, subtype: str | None) -> bool:
    """A line about an e-mail that went out. The API lists no subtypes; one that is not about sending is left."""
    return kind is not None and kind.casefold() == "email" and (not subtype or subtype.casefold() == "sent")


def _mailed_to(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(address.casefold() for address in ADDRESS.findall(text[:MAX_MAIL_TEXT])))


def known_names(records: Records) -> Names:
    members = list(records.get("members", ()))
    return names({
        "status": [one.name for one in records.get("statuses", ()) if one.name.strip()],
        "priority": [one.name for one in records.get("priorities", ()) if one.name.strip()],
        "board": [one.name for one in records.get("boards", ()) if one.name.strip()],
        "owner": [name for one in members for name in (one.identifier, one.name) if name.strip()],
        "agreement": [one.name for one in records.get("agreements", ()) if one.name.strip()],
        "sla": [one.name for one in records.get("sla_policies", ()) if one.name.strip()],
    })  # fmt: skip
