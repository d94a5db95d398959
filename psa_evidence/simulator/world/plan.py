"""The whole life of one ticket as it truly happened, past `now` too; views of it are cut at `now`.

Times are whole seconds UTC. Texts are left empty for ordinary tickets and written when somebody asks
(`texts.writer`); told stories carry theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from psa_evidence.simulator.world.settings import STATUSES, Status

Party = Literal["member", "contact", "system"]


@dataclass(slots=True)
class Step:
    """From `at` on the ticket stood in `status`; `by` is a member identifier or the name of an automaton."""

    at: int
    status: int
    by: str

    @property
    def meaning(self) -> Status:
        return STATUSES[self.status]


@dataclass(slots=True)
class Turn:
    """Priority, owner or board became `value`. The first of a list is what the ticket began with."""

    at: int
    value: int
    by: str


@dataclass(slots=True)
class Say:
    """A note. `who` is a member id, a contact id, or 0 for the system."""

    at: int
    party: Party
    who: int
    purpose: str
    text: str = ""
    internal: bool = False
    resolution: bool = False
    mailed: bool = False
    merged: bool = False
    entered_by: str = ""
    edited_at: int | None = None
    edited_text: str = ""


@dataclass(slots=True)
class Work:
    """A time entry: worked from `start` to `end`, typed in at `entered`."""

    start: int
    end: int
    member: int
    entered: int
    purpose: str
    notes: str = ""
    internal: str = ""
    deduct: float = 0.0
    billable: str = "Billable"
    work_type: int = 1
    changed_at: int | None = None
    changed_by: str = ""
    was_end: int | None = None
    """When the entry was corrected afterwards: the end that it first had."""

    @property
    def hours(self) -> float:
        return round((self.end - self.start) / 3600 - self.deduct, 2)


@dataclass(slots=True)
class Line:
    """An audit line that follows from nothing else."""

    at: int
    by: str
    text: str
    kind: str = "Ticket"
    sub: str = ""
    source: str = "Member"


@dataclass(slots=True)
class Paper:
    """A document on the ticket; `make` names how its bytes are made."""

    at: int
    title: str
    file_name: str
    by: str
    make: Literal["screenshot", "log", "letter"]
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    id: int
    index: int
    client: int
    contact: int
    kind: str
    summary: str
    source: int
    board: int
    entered: int
    entered_by: str
    agreement: int | None
    sla: int
    type_name: str
    steps: list[Step]
    priorities: list[Turn]
    owners: list[Turn] = field(default_factory=list)
    boards: list[Turn] = field(default_factory=list)
    says: list[Say] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    visit: tuple[int, int, int] | None = None
    """Scheduled start, end and member of a visit."""
    survey: tuple[int, int, str] | None = None
    """When answered, points (1 to 5), comment."""
    asset: int | None = None
    parent: int | None = None
    merged_into: int | None = None
    merged_at: int | None = None
    absorbed: bool = False
    """Another ticket was merged into this one."""
    flag_in_sla: bool | None = None
    """The PSA's flag when it is not what the PSA's own minutes say."""
    audit_from: int | None = None
    """The audit trail begins only here."""
    vague: frozenset[int] = frozenset()
    """Indexes of steps whose audit line names no value that can be read."""
    story: str | None = None

    def step_at(self, now: int) -> Step:
        current = self.steps[0]
        for step in self.steps:
            if step.at <= now:
                current = step
        return current

    def steps_until(self, now: int) -> list[Step]:
        return [step for step in self.steps if step.at <= now]


def value_at(turns: list[Turn], now: int) -> int | None:
    """What a list of turns had come to by `now`; None when it had not begun."""
    value = None
    for turn in turns:
        if turn.at <= now:
            value = turn.value
    return value
