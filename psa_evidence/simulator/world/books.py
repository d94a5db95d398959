"""What the MSP's office keeps beside tickets: advice, contacts made, invoices, papers. Facts; rows are made elsewhere.

Ids are given by the order of time (`numbered`), so that moving time on never changes one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

Outcome = Literal["won", "lost", "open"]
Way = Literal["Call", "Email", "Meeting", "Letter"]


@dataclass(slots=True)
class Advice:
    """A recommendation to a client (an opportunity), and what became of it at `closed`."""

    client: int
    name: str
    at: int
    by: str
    contact: int
    kind: str
    text: str
    outcome: Outcome
    closed: int | None
    remarks: list[tuple[int, str, str]] = field(default_factory=list)
    """When, by whom, what: the notes of the opportunity."""
    expected: int = 0
    id: int = 0


@dataclass(slots=True)
class Touch:
    """A contact made (an activity); `closed` is when somebody ticked it off."""

    client: int
    name: str
    way: Way
    at: int
    minutes: int
    by: str
    contact: int
    text: str
    closed: int | None
    advice: Advice | None = None
    ticket: int | None = None
    agreement: int | None = None
    id: int = 0


@dataclass(slots=True)
class Bill:
    """An invoice. `paid` are payments: when, how much."""

    client: int
    at: int
    due: int
    total: float
    kind: Literal["Agreement", "Standard", "Miscellaneous"]
    agreement: int | None
    text: str
    paid: list[tuple[int, float]] = field(default_factory=list)
    ticket: int | None = None
    id: int = 0

    @property
    def number(self) -> str:
        return f"HL-{self.id:06d}"


@dataclass(slots=True)
class Meeting:
    """A calendar entry that belongs to an activity."""

    touch: Touch
    member: str
    acknowledged: bool = True
    id: int = 0


@dataclass(slots=True)
class Letter:
    """A document on a record that is no ticket."""

    record_type: str
    record: Advice | Bill | int
    at: int
    title: str
    file_name: str
    by: str
    words: tuple[str, ...]
    public: bool = False
    id: int = 0

    @property
    def record_id(self) -> int:
        return self.record if isinstance(self.record, int) else self.record.id


@dataclass(slots=True)
class Asset:
    """A configuration. `bought_from` None means: not through the MSP."""

    client: int
    name: str
    kind: str
    at: int
    by: str
    maker: str
    model: str
    bought_from: str | None
    notes: str = ""
    installed: int | None = None
    id: int = 0


@dataclass(slots=True)
class Books:
    """Everything told or generated, before ids are given."""

    advice: list[Advice] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    assets: list[Asset] = field(default_factory=list)

    def number_all(self) -> None:
        numbered(3001, self.advice, key=lambda item: item.at)
        numbered(7001, self.touches, key=lambda item: item.at)
        numbered(20001, self.bills, key=lambda item: item.at)
        numbered(901, self.meetings, key=lambda item: item.touch.at)
        numbered(501, self.letters, key=lambda item: item.at)
        numbered(6001, self.assets, key=lambda item: item.at)


Entry = TypeVar("Entry", Advice, Touch, Bill, Meeting, Letter, Asset)


def numbered(first: int, items: list[Entry], *, key: Callable[[Entry], int]) -> None:
    """Sorts by `key`, keeping the order of equals, and numbers from `first`."""
    items.sort(key=key)
    for number, item in enumerate(items, start=first):
        item.id = number
