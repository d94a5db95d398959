"""The records of a population put together by ticket, in one pass over each kind."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from typing import Final

from psa_evidence.records import Change, Message, RecordSet, TimeEntry
from psa_evidence.sla.instants import seconds_of

_FIELD_WORD: Final = re.compile(r"\b(status|priority|board|owner|agreement|sla|merge|deletion)\b")


class ByTicket:
    """Each mapping is from a ticket's id to what belongs to it, in the order of the records."""

    def __init__(self, records: RecordSet) -> None:
        self.statuses: dict[str, list[Change]] = {}
        self.priorities: dict[str, list[Change]] = {}
        self.endings: dict[str, list[Change]] = {}
        """Changes that say that a ticket was deleted or merged."""
        self.messages: defaultdict[str, list[Message]] = defaultdict(list)
        self.work: defaultdict[str, list[TimeEntry]] = defaultdict(list)
        self._first: dict[str, datetime] = {}
        self._group_changes(records)
        for message in records.messages:
            self.messages[message.ticket_id].append(message)
        for entry in records.time_entries:
            if entry.ticket_id is not None:
                self.work[entry.ticket_id].append(entry)
        self._unread: defaultdict[tuple[str, str], list[int | None]] = defaultdict(list)
        self._note_unread(records)

    def began(self, ticket_id: str) -> int | None:
        """When the history of a ticket, its changes of status left aside, begins; None when it has no other."""
        first = self._first.get(ticket_id)
        if ticket_id in self.priorities:
            changed = min(change.at for change in self.priorities[ticket_id])
            first = changed if first is None or changed < first else first
        return None if first is None else seconds_of(first)

    def unread(self, ticket_id: str, field: str) -> list[int | None]:
        """The times of lines of the history that were not understood and may have changed a field."""
        return self._unread.get((ticket_id, field), []) if self._unread else []

    def _group_changes(self, records: RecordSet) -> None:
        statuses, priorities, endings, first = self.statuses, self.priorities, self.endings, self._first
        for change in records.changes:
            field, ticket_id = change.field, change.ticket_id
            if field == "status":
                group = statuses
            elif field == "priority":
                group = priorities
            else:
                if ticket_id not in first or change.at < first[ticket_id]:
                    first[ticket_id] = change.at
                if field not in ("deleted", "merged"):
                    continue
                group = endings
            together = group.get(ticket_id)
            if together is None:
                group[ticket_id] = [change]
            else:
                together.append(change)
        for entry in records.history:
            at = entry.at
            if at is not None:
                ticket_id = entry.ticket_id
                if ticket_id not in first or at < first[ticket_id]:
                    first[ticket_id] = at

    def _note_unread(self, records: RecordSet) -> None:
        if not records.unread:
            return
        times = {entry.source.key: entry.at for entry in records.history}
        for unread in records.unread:
            if unread.ticket_id is not None and unread.source.kind == "history":
                at = times.get(unread.source.key)
                for field in _may_concern(unread.reason):
                    self._unread[unread.ticket_id, field].append(None if at is None else seconds_of(at))


def _may_concern(reason: str) -> list[str]:
    """The fields that a line not understood may have changed: those its reason names, or all when it names none."""
    named = set(_FIELD_WORD.findall(reason.lower()))
    return [field for field in ("status", "priority") if not named or field in named]
