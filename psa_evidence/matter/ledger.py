"""The ledger of Bates numbers of a matter: a number once given to pages stays with them, and is given to no others.

An exhibit whose pages say the same as when they were issued keeps its numbers. One that changed, or is new, gets
numbers behind all that were ever given under its prefix; the old ones stay with the old pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """Pages that have numbers: `first` to `first + pages - 1` under `prefix`; `content` is the digest of what they
    say."""

    prefix: str
    exhibit: str
    content: str
    first: int
    pages: int

    @property
    def last(self) -> int:
        return self.first + self.pages - 1

    def entry(self) -> dict[str, Any]:
        """As a line of the ledger."""
        return {
            "prefix": self.prefix, "exhibit": self.exhibit, "content": self.content, "first": self.first,
            "pages": self.pages,
        }  # fmt: skip

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Issued:
        """Raises ValueError for a line that is not one of ours."""

        def text(name: str) -> str:
            value = entry.get(name)
            if not isinstance(value, str):
                raise ValueError(f"the text {name} is missing")  # noqa: TRY004 - one error for a line that is wrong
            return value

        def number(name: str) -> int:
            value = entry.get(name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(f"the number {name} is missing")
            return value

        return cls(
            prefix=text("prefix"), exhibit=text("exhibit"), content=text("content"), first=number("first"),
            pages=number("pages"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that was issued in a matter, oldest first."""

    issued: tuple[Issued, ...] = ()

    def of(self, prefix: str) -> tuple[Issued, ...]:
        return tuple(item for item in self.issued if item.prefix == prefix)

    def next(self, prefix: str) -> int:
        """The first number that was never given."""
        return max((item.last for item in self.of(prefix)), default=0) + 1

    def kept(self, prefix: str, exhibits: Mapping[str, str]) -> dict[str, Issued]:
        """`exhibits` are id -> digest of the content. Those that keep their numbers, the lowest first.

        Where the same content was issued twice, which happens when it changed and changed back, the later numbers
        count.
        """
        found = {i.exhibit: i for i in self.of(prefix) if exhibits.get(i.exhibit) == i.content}
        return {i.exhibit: i for i in sorted(found.values(), key=lambda i: i.first)}

    def gaps(self, prefix: str, shown: Iterable[Issued]) -> tuple[Issued, ...]:
        """What was issued and is not among `shown`, by number."""
        there = {(item.first, item.pages) for item in shown}
        return tuple(sorted((i for i in self.of(prefix) if (i.first, i.pages) not in there), key=lambda i: i.first))


def read(entries: Sequence[Mapping[str, Any]]) -> Ledger:
    """The ledger from its lines. Raises ValueError when one is not ours, or gives a number twice."""
    ledger = Ledger(tuple(Issued.read(entry) for entry in entries))
    highest: dict[str, int] = {}
    for item in ledger.issued:
        if item.first <= highest.get(item.prefix, 0):
            raise ValueError("a number is given twice")
        highest[item.prefix] = item.last
    return ledger
