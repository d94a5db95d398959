"""Changes in the order in which they happened, with ids for the names: on the board of that time, as they chain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from psa_evidence.records import Change

Records = Mapping[str, Iterable[Any]]


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


def in_order(changes: list[Change], records: Records) -> list[Change]:
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
    found.sort(key=lambda one: (one.at, entry_order(one.ticket_id, "")))  # stable: keeps the chain within a second
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


def entry_order(ticket: str, entry: str) -> tuple[int, str, str]:
    """Tickets by number, then lines by id."""
    return (int(ticket) if ticket.isascii() and ticket.isdecimal() and len(ticket) < 30 else -1, ticket, entry)
