"""A calendar month in a zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from psa_evidence.errors import ConfigurationError


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """`YYYY-MM`. Raises ConfigurationError."""
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
            raise ConfigurationError(f"{text!r} is not a month", next_step="write it as YYYY-MM, for instance 2026-10")
        return cls(int(text[:4]), int(text[5:]))

    @classmethod
    def last_closed(cls, now: datetime, zone: str) -> Month:
        """The month before the one that `now` lies in, in `zone`."""
        end = now.astimezone(ZoneInfo(zone)).date().replace(day=1) - timedelta(days=1)
        return cls(end.year, end.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        following = date(self.year + self.month // 12, self.month % 12 + 1, 1)
        return following - timedelta(days=1)

    def closed(self, now: datetime, zone: str) -> bool:
        """Whether the month is over at `now` in `zone`."""
        return now.astimezone(ZoneInfo(zone)).date() > self.last_day

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"
