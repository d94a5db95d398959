"""A calendar month in a zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from psa_evidence.errors import ConfigurationError

FOLDER = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """`YYYY-MM`. Raises ConfigurationError."""
        if not FOLDER.fullmatch(text):
            raise ConfigurationError(f"{text!r} is not a month", next_step="write it as YYYY-MM, for instance 2026-10")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def last_closed(cls, now: datetime, zone: str) -> Month:
        """The month before the one that `now` lies in, in `zone`."""
        end = now.astimezone(ZoneInfo(zone)).date().replace(day=1) - timedelta(days=1)
        return cls(end.year, end.month)

    @property
    def following(self) -> Month:
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return self.following.first_day - timedelta(days=1)

    def closed(self, now: datetime, zone: str) -> bool:
        """Whether the month is over at `now` in `zone`."""
        return now.astimezone(ZoneInfo(zone)).date() > self.last_day

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


MOST_DUE = 24
"""A computer that was off for longer is asked month by month."""


def months_due(archive: Path, last: Month) -> list[Month]:
    """The months to archive, oldest first: those after the newest that has a folder in `archive`, up to `last`.

    Without any folder, and where the newest is `last` or later, `last` alone; at most the newest MOST_DUE.
    """
    names = [entry.name for entry in archive.iterdir() if entry.is_dir()] if archive.is_dir() else []
    there = [Month.parse(name) for name in names if FOLDER.fullmatch(name)]
    if not there or max(there) >= last:
        return [last]
    due = [max(there).following]
    while due[-1] < last:
        due.append(due[-1].following)
    return due[-MOST_DUE:]
