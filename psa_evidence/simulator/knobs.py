"""What can be made to go wrong, and when. Everything follows from the seed and the number of the request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Knobs:
    """Shares are between 0 and 1 of the API requests; 0 turns a knob off, 1 hits every request."""

    seed: int = 7
    latency_ms: float = 0.0
    """From the request to the answer, the making of it included: a PSA's servers have processors of their own."""
    rate_limit: int = 0
    """Requests in one window, over which 429 is answered; 0 is no limit."""
    rate_window_s: float = 60.0
    server_error_share: float = 0.0
    cut_share: float = 0.0
    """The connection is closed in the middle of the body."""
    truncated_share: float = 0.0
    """A well-formed HTTP answer whose JSON stops half-way."""
    html_share: float = 0.0
    """A web page with status 200 where JSON is due."""
    repeated_page_share: float = 0.0
    """A list answers the rows of the page before once more."""
    lost_row_share: float = 0.0
    """One row of a page is left out; counts stay right."""
    change_every: int = 0
    """After every n-th page of a list its last row is edited."""
    delete_every: int = 0
    """After every n-th page of a list its first row is deleted, so that page numbers drift."""
    deny: tuple[str, ...] = ()
    """Paths (`finance/invoices`, `finance`) the key has no permission for: 403."""
    broken: tuple[str, ...] = ()
    """Paths, with the query as far as it is named, that are answered 500 for good (`service/tickets/17/allNotes`)."""
    clock_skew_s: int = 0
    """Added to the Date header."""
    hostile: bool = False
    """Hostile text is added to every free text."""
    upgrade_after: int = 0
    """After so many API requests the codebase is another one and the old answers 404; 0 is never."""

    def __post_init__(self) -> None:
        for name in ("server_error_share", "cut_share", "truncated_share", "html_share", "repeated_page_share"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} lies between 0 and 1")
        if not 0 <= self.lost_row_share <= 1 or min(self.latency_ms, self.rate_limit, self.upgrade_after) < 0:
            raise ValueError("a knob is out of its range")
        if self.rate_window_s <= 0 or min(self.change_every, self.delete_every) < 0:
            raise ValueError("a knob is out of its range")

    def hits(self, share: float, kind: str, number: int) -> bool:
        """Whether request `number` is one of the share that `kind` befalls."""
        if share <= 0:
            return False
        drawn = hashlib.blake2b(f"{self.seed}:{kind}:{number}".encode(), digest_size=4).digest()
        return int.from_bytes(drawn) < share * 2**32

    def with_changes(self, changes: dict[str, Any]) -> Self:
        """Checked copy; `ValueError` for an unknown name or a value of another kind."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in changes.items():
            if name not in values:
                raise ValueError(f"there is no knob {name!r}")
            values[name] = _like(values[name], value, name)
        return type(self)(**values)


def _like(old: object, new: object, name: str) -> object:
    if isinstance(old, tuple):
        if isinstance(new, (list, tuple)) and all(isinstance(item, str) for item in new):
            return tuple(new)
    elif isinstance(old, bool) or isinstance(new, bool):
        if type(old) is type(new):
            return new
    elif isinstance(old, float) and isinstance(new, (int, float)):
        return float(new)
    elif isinstance(new, type(old)):
        return new
    raise ValueError(f"knob {name!r} takes {type(old).__name__}")
