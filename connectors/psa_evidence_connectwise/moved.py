"""What may have changed while a list was read, so that it can be asked for again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from psa_evidence_connectwise.sightings import Row, last_updated, moment, row_id

MARGIN = timedelta(minutes=2)
"""Before the first answer of a list: a change takes time to show, and servers differ."""
MAX_MARKS = 100_000
"""Rows remembered with their last update; a list of which more changes while it is read never settles."""


@dataclass(slots=True)
class Marks:
    """The last updates of the rows that may have changed while the list was read.

    `began` is the PSA's own time at the first answer. A row that changes after it was read has its last update after
    `began`; where the PSA's rows live in another time than its Date header, it is not before the newest one seen.
    """

    began: datetime | None = None
    newest: datetime | None = None
    recent: dict[int, str] = field(default_factory=dict)
    at_newest: dict[int, str] = field(default_factory=dict)

    def note(self, row: Row) -> None:
        number, text = row_id(row), last_updated(row)
        when = moment(text)
        if number is None or when is None:
            return
        if self.newest is None or when > self.newest:
            self.newest, self.at_newest = when, {}
        if when == self.newest and len(self.at_newest) < MAX_MARKS:
            self.at_newest[number] = text
        if self.began is not None and when >= self.began - MARGIN and len(self.recent) < MAX_MARKS:
            self.recent[number] = text

    def start(self, server_time: datetime | None) -> None:
        if self.began is None:
            self.began = server_time or datetime.max.replace(tzinfo=UTC) - MARGIN

    def known(self, row: Row) -> bool:
        """Whether this version of the row was noted."""
        number, text = row_id(row), last_updated(row)
        return number is not None and text in {self.recent.get(number), self.at_newest.get(number)}

    @property
    def since(self) -> datetime | None:
        """From when on rows must be asked for again; None when no row said when it was updated."""
        if self.newest is None or self.began is None:
            return None
        return min(self.newest, self.began - MARGIN)
