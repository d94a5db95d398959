"""Bates numbers: one for every page, never reused. Exhibits and the report about them have ranges of their own."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import count
from typing import Final

from psa_evidence.matter.latin import latin

PREFIX: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}\Z")
PREFIX_ALLOWED: Final = (
    "letters, digits, '-' and '_' only (plain ASCII, no spaces), beginning with a letter or digit, "
    "at most 20 characters; for example 'ACME-'"
)
DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """Where the two ranges of a pack begin; `digits` is the least width, a longer number is printed whole."""

    prefix: str
    digits: int = DIGITS
    first_exhibit_page: int = 1
    first_report_page: int = 1

    def __post_init__(self) -> None:
        if not PREFIX.match(self.prefix):
            raise ValueError(f"a Bates prefix must be {PREFIX_ALLOWED}")
        if not 4 <= self.digits <= 10 or self.first_exhibit_page < 1 or self.first_report_page < 1:
            raise ValueError("Bates numbers have 4 to 10 digits and begin at 1 or later")

    def exhibit(self, page: int) -> str:
        """The number printed on exhibit page `page`, counted from `first_exhibit_page`."""
        return f"{self.prefix}{page:0{self.digits}d}"

    def report(self, page: int) -> str:
        return f"{self.prefix}R-{page:0{self.digits}d}"


def default_prefix(client: str, taken: Collection[str] = ()) -> str:
    """A prefix made of the first letters of a client's name, `CLIENT-` when it has no plain letters; `CLIENT2-` and so
    on when it is `taken` by another matter."""
    letters = "".join(c for c in latin(client).upper() if c.isascii() and c.isalnum())[:6] or "CLIENT"
    return next(made for n in count(1) if (made := f"{letters}{n if n > 1 else ''}-") not in taken)
