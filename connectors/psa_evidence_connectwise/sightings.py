"""What can be said of a raw row before anybody interprets it: whose it is and when it was."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from psa_evidence.records import Kind
from psa_evidence.spi import Sighting

Row = dict[str, Any]

WHEN: dict[str, tuple[str, ...]] = {
    "activity": ("dateStart", "_info.dateEntered"),
    "addition": ("effectiveDate", "_info.dateEntered"),
    "agreement": ("startDate", "_info.dateEntered"),
    "campaign": ("startDate", "_info.dateEntered"),
    "client": ("_info.dateEntered", "dateAcquired"),
    "configuration": ("installationDate", "_info.dateEntered"),
    "contact": ("_info.dateEntered",),
    "document": ("createdOnDate", "_info.dateEntered", "_info.lastUpdated"),
    "holiday": ("date",),
    "history": ("enteredDate",),
    "invoice": ("date", "_info.dateEntered"),
    "note": ("timeStart", "dateCreated", "_info.dateEntered", "_info.lastUpdated"),
    "opportunity": ("_info.dateEntered", "dateBecameLead"),
    "opportunity_note": ("_info.dateEntered", "_info.lastUpdated"),
    "payment": ("paymentDate", "_info.dateEntered"),
    "schedule_entry": ("dateStart", "_info.dateEntered"),
    "survey_result": ("_info.dateEntered", "_info.lastUpdated"),
    "ticket": ("dateEntered", "_info.dateEntered"),
    "time_entry": ("timeStart", "dateEntered"),
}
"""Where each kind says when it happened; the first that can be read counts."""
_WHEN = {kind: tuple(path.partition(".")[::2] for path in paths) for kind, paths in WHEN.items()}


_NUMBER = re.compile("0|[1-9][0-9]{0,18}")
LARGEST_ID = 2**63 - 1
"""The API's ids have 32 bits; ids are remembered in 64."""


def row_id(row: object) -> int | None:
    """The row's own id; None when it has none that can be one. One that came as text is read when it is written as a
    number is, so that no two texts mean the same."""
    return number_of(row.get("id")) if isinstance(row, dict) else None


def number_of(value: object) -> int | None:
    """An id as JSON gives it."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_ID else None


def reference_id(row: Row, name: str) -> str | None:
    """The id inside a reference such as `company`."""
    inner = row_id(row.get(name))
    return None if inner is None else str(inner)


def last_updated(row: Row) -> str:
    """`_info.lastUpdated` as the PSA wrote it, empty when absent: the basis of incremental work."""
    info = row.get("_info")
    value = info.get("lastUpdated") if isinstance(info, dict) else None
    return value if isinstance(value, str) else ""


def moment(value: object) -> datetime | None:
    """An instant, UTC. A time without zone is UTC, as the API documents. None when it cannot be read."""
    if not isinstance(value, str) or len(value) < 10:
        return None
    try:
        parsed = datetime.fromisoformat(value)
        if parsed.year < 1900:
            return None  # the vendor's "never" is the year 1
        if parsed.tzinfo is UTC:
            return parsed
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def sighting(
    kind: Kind,
    row: Row,
    start: int,
    end: int,
    *,
    name: str,
    client: str | None,
    parent: str | None = None,
) -> Sighting:
    at: datetime | None = None
    for outer, inner in _WHEN.get(kind, ()):
        value = row.get(outer)
        if inner:
            value = value.get(inner) if isinstance(value, dict) else None
        at = moment(value)
        if at is not None:
            break
    return Sighting(
        kind=kind, id=name, start=start, end=end, client=client, parent=parent, at=at,
        updated_at=moment(last_updated(row)),
    )  # fmt: skip


def note_id(row: Row) -> str | None:
    """The list allNotes merges three tables: a time entry's note may bear the same number as a ticket note."""
    number = row_id(row)
    if number is None:
        return None
    prefix = {"TimeEntryNote": "time-", "MeetingNote": "meeting-"}.get(str(row.get("noteType")), "")
    return f"{prefix}{number}"


_compact = json.JSONEncoder(separators=(",", ":")).encode
HISTORY_FIELDS = ("enteredDate", "enteredBy", "auditType", "auditSubType", "auditSource", "text")


class HistoryIds:
    """Ids for the audit lines of one ticket, which the PSA gives none.

    `<ticket>-<16 hex of SHA-256 over the line's fields>`, with `-2`, `-3` for identical lines in order received.
    """

    def __init__(self, ticket: str) -> None:
        self._ticket = ticket
        self._seen: Counter[str] = Counter()

    def next(self, row: Row) -> str:
        text = _compact([row.get(name) for name in HISTORY_FIELDS])
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        self._seen[digest] += 1
        count = self._seen[digest]
        return f"{self._ticket}-{digest}" if count == 1 else f"{self._ticket}-{digest}-{count}"
