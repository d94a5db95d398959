"""A matter: whose dispute, which period, which promises, which copy. Plain values; the file is read in `file.py`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from psa_evidence.matter.bates import default_prefix
from psa_evidence.matter.clauses import Clauses
from psa_evidence.matter.copies import ACCENT, PREFIX_ENDING, TITLE, Copy, CopyRules
from psa_evidence.matter.latin import latin
from psa_evidence.records import Goal, Span, Stage

Paper = Literal["us-letter", "a4"]
Mode = Literal["routine archive", "prepared at counsel's direction", "draft"]
Certificate = Literal[
    "fre-902-11", "fre-902-13", "fre-902-14", "notice", "declaration-1746", "cea-1995-s9", "bsa-63-a", "bsa-63-b",
    "custody-transfer", "foundation",
]  # fmt: skip
"""Drafts that the certificates exporter makes, by the name of their file."""
Profile = Literal["standard", "relativity", "doj-antitrust"]
"""Names of the load file's columns."""
PriorityRule = Literal["at entry", "at stage end", "each its share"]

MODE_MEANING: Final[dict[Mode, str]] = {
    "routine archive": "Made as part of a regular, scheduled practice, not for a particular dispute.",
    "prepared at counsel's direction": "Made at the direction of counsel for a particular matter; it summarises "
    "records that were kept in the ordinary course and is not itself such a record.",
    "draft": "A draft for internal review; not made as a routine record and not released by anybody.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A clause of the contract as quoted by whoever wrote the matter file; not read from the PSA."""

    clause: str
    text: str


class Yearly(NamedTuple):
    """A day of every year."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"{self.month:02d}-{self.day:02d} every year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What the contract itself says, where it differs from or adds to the PSA's SLA settings.

    `time_zone` is that of the calendars, the contract's own and the PSA's; `goals` by priority name; `week` is Monday
    first; `later` holds the weeks that followed, each with its first day; `special` the hours of single dates, which
    count also on a holiday; `holidays` and `yearly` are whole days, of one year and of every year; `pauses` names,
    per stage, the statuses that stop the clock. None leaves a point to the PSA's settings. `remedies` (credits too),
    `exclusions` and `client_duties` are quoted; `signature` says in words who signed; `currency` is that of amounts
    for which the PSA records none.
    """

    reference: str = ""
    time_zone: str | None = None
    goals: tuple[tuple[str, Goal], ...] = ()
    week: tuple[tuple[Span, ...], ...] | None = None
    later: tuple[tuple[date, tuple[tuple[Span, ...], ...]], ...] = ()
    special: tuple[tuple[date, tuple[Span, ...]], ...] = ()
    holidays: tuple[date, ...] | None = None
    yearly: tuple[Yearly, ...] = ()
    pauses: tuple[tuple[Stage, tuple[str, ...]], ...] | None = None
    automatic: tuple[str, ...] = ()
    priority_rule: PriorityRule | None = None
    clauses: Clauses = field(default_factory=Clauses)
    remedies: tuple[Promise, ...] = ()
    exclusions: tuple[Promise, ...] = ()
    client_duties: tuple[Promise, ...] = ()
    signature: str = ""
    currency: str = ""

    def goal_name(self, priority: str | None) -> str | None:
        """Which of `goals` governs a priority, found as the SLA engine finds it; None when none does."""
        wanted = (priority or "").strip().casefold()
        names = [name for name, _ in self.goals]
        own = next((name for name in names if name.strip().casefold() == wanted), None)
        return own if own is not None else next((name for name in names if name == "*"), None)

    def clause_of(self, priority: str | None, stage: Stage) -> str | None:
        """The clause of the target that governs; None where none is stated, or the PSA's target governs."""
        name = self.goal_name(priority)
        return None if name is None else self.clauses.of_goal(name, stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """How the load file is made: names of its columns, name of its volume, a PDF for each document or none."""

    profile: Profile = "standard"
    volume: str = "VOL001"
    images: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """`first_day` and `last_day` are days in `time_zone`, both inside the period. An empty `bates_prefix` leaves the
    prefix to be made of the client's name. `certificates` None is all of them. `copies` holds the rules of each copy
    that has some; `left_out_parts` are ids of parts that the report goes without."""

    name: str
    client: str
    connection: str
    first_day: date
    last_day: date
    time_zone: str
    agreement: str | None = None
    bates_prefix: str = ""
    copy: Copy = "counsel"
    paper: Paper = "us-letter"
    mode: Mode = "draft"
    legend: str = ""
    parties: tuple[tuple[str, str], ...] = ()
    contract: Contract | None = None
    promises: tuple[Promise, ...] = ()
    file_pages: int | None = None
    file_megabytes: int | None = None
    certificates: tuple[Certificate, ...] | None = None
    production: Production = Production()
    copies: tuple[tuple[Copy, CopyRules], ...] = ()
    left_out_parts: tuple[str, ...] = ()

    @property
    def rules(self) -> CopyRules:
        """Of this copy."""
        return dict(self.copies).get(self.copy, CopyRules())

    @property
    def copy_title(self) -> str:
        return self.rules.title or TITLE[self.copy]

    @property
    def accent(self) -> str:
        """`#rrggbb`."""
        return self.rules.accent or ACCENT[self.copy]

    def prefix(self, client: str) -> str:
        """Of this copy's Bates numbers; `client` is the client's name, for a matter that states no prefix."""
        own = self.bates_prefix or default_prefix(client)
        return self.rules.bates_prefix or own + PREFIX_ENDING[self.copy]

    def as_copy(self, copy: Copy) -> Matter:
        """The same matter as another copy, with the paper and the legend of that copy."""
        rules = dict(self.copies).get(copy, CopyRules())
        return replace(
            self, copy=copy, paper=rules.paper or self.paper,
            legend=self.legend if rules.legend is None else rules.legend,
        )  # fmt: skip

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def since(self) -> datetime:
        """The first instant of the period, UTC."""
        return datetime.combine(self.first_day, time(), self.zone).astimezone(UTC)

    @property
    def until(self) -> datetime:
        """The first instant after the period, UTC."""
        return datetime.combine(self.last_day + timedelta(days=1), time(), self.zone).astimezone(UTC)

    @property
    def slug(self) -> str:
        """The name as part of a folder's name: ASCII letters, digits and `-`, safe on every system."""
        return re.sub(r"[^A-Za-z0-9]+", "-", latin(self.name)).strip("-")[:40].rstrip("-") or "matter"
