"""Audit lines: every one kept, those about a tracked field read into changes, the unclear ones listed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from psa_evidence.records import Change, HistoryEntry, SourceRef
from psa_evidence.spi import RawRecord
from psa_evidence_connectwise.audit_names import Names, names
from psa_evidence_connectwise.audit_prose import Told, Unclear, read_line
from psa_evidence_connectwise.machines import is_machine
from psa_evidence_connectwise.reading import Broken, Reading, bare_source, parent_of, parse
from psa_evidence_connectwise.sightings import HISTORY_FIELDS, moment

KNOWN = frozenset(HISTORY_FIELDS)
REMEMBERED = 20_000
"""Readings of lines kept for identical ones; audit texts repeat."""

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
            _order(one.ticket_id, one.id),
            one.source.sha256,
        )
    )
    return entries, _resolved(changes, records)


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
    ), text  # fmt: skip


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


@dataclass(slots=True)
class _Ids:
    """Ids by name, in lower case. Status names repeat from board to board."""

    boards: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    priorities: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    statuses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    on_board: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    @staticmethod
    def one(of: Mapping[Any, set[str]], key: Any) -> str | None:
        found = of.get(key)
        return next(iter(found)) if found is not None and len(found) == 1 else None

    def status(self, name: str | None, board: str | None) -> str | None:
        if name is None:
            return None
        lowered = name.casefold()
        return self.one(self.statuses, lowered) or (self.one(self.on_board, (board, lowered)) if board else None)


def _resolved(changes: list[Change], records: Records) -> list[Change]:
    """Ids for names. A status is looked up on the board that the ticket was on at that time."""
    ids = _Ids()
    for one in records.get("boards", ()):
        ids.boards[one.name.strip().casefold()].add(one.id)
    for one in records.get("priorities", ()):
        ids.priorities[one.name.strip().casefold()].add(one.id)
    for one in records.get("statuses", ()):
        ids.statuses[one.name.strip().casefold()].add(one.id)
        ids.on_board[(one.board_id, one.name.strip().casefold())].add(one.id)
    now_on: dict[str, set[str | None]] = defaultdict(set)
    for one in records.get("tickets", ()):
        now_on[one.id].add(one.board_id)
    of_ticket: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        of_ticket[change.ticket_id].append(change)
    found: list[Change] = []
    for ticket, some in of_ticket.items():
        boards = now_on.get(ticket, set())
        found.extend(_of_ticket(_chained(some), ids, next(iter(boards)) if len(boards) == 1 else None))
    found.sort(key=lambda one: (one.at, _order(one.ticket_id, "")))  # stable: keeps the chain within a second
    return found


def _of_ticket(changes: list[Change], ids: _Ids, board: str | None) -> list[Change]:
    """From the newest back: a board change tells the board before it."""
    found: list[Change] = []
    at = len(changes)
    while at:
        start = at - 1
        while start and changes[start - 1].at == changes[at - 1].at:
            start -= 1
        group = changes[start:at]
        before = board
        for change in reversed(group):
            if change.field == "board":
                before = ids.one(ids.boards, (change.old or "").casefold())
        for change in reversed(group):
            if change.field == "status":
                change = replace(  # noqa: PLW2901
                    change, old_id=ids.status(change.old, before), new_id=ids.status(change.new, board)
                )
            elif change.field in {"board", "priority"}:
                table = ids.boards if change.field == "board" else ids.priorities
                change = replace(  # noqa: PLW2901
                    change,
                    old_id=ids.one(table, (change.old or "").casefold()),
                    new_id=ids.one(table, (change.new or "").casefold()),
                )
            found.append(change)
        board, at = before, start
    found.reverse()
    return found


def _chained(changes: list[Change]) -> list[Change]:
    """In order of time; within one second, each field's changes so that one begins where the last one ended."""
    changes = sorted(changes, key=_within)
    ordered: list[Change] = []
    last: dict[str, str | None] = {}
    at = 0
    while at < len(changes):
        end = at + 1
        while end < len(changes) and changes[end].at == changes[at].at:
            end += 1
        group = changes[at:end]
        while group:
            pick = 0
            if len(group) > 1:
                pick = next(
                    (i for i, one in enumerate(group) if one.old is not None and one.old == last.get(one.field)),
                    next((i for i, one in enumerate(group) if not _follows(one, group)), 0),
                )
            one = group.pop(pick)
            last[one.field] = one.new
            ordered.append(one)
        at = end
    return ordered


def _follows(one: Change, group: list[Change]) -> bool:
    """Whether another change of the group ends where this one begins."""
    return one.old is not None and any(
        other is not one and other.field == one.field and other.new == one.old and other.old != one.new
        for other in group
    )


_RANK = {"created": 0, "board": 1, "status": 2, "merged": 8, "deleted": 9}


def _within(change: Change) -> tuple[Any, ...]:
    return (change.at, _RANK.get(change.field, 5), change.source.id, change.old or "", change.new or "")


def _order(ticket: str, entry: str) -> tuple[int, str, str]:
    return (int(ticket) if ticket.isascii() and ticket.isdecimal() and len(ticket) < 30 else -1, ticket, entry)
