"""What a capture will cost, told in advance by connectors that can count without fetching."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from psa_evidence.spi.connector import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One resource: how many records the PSA counts (None: it did not say) and how many requests they take.

    `estimated`: the requests follow from what usually hangs on such records. `problem` is one of MISSING_REASONS.
    """

    resource: str
    records: int | None
    requests: int
    estimated: bool = False
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A first capture of a scope. `seconds` at the pace that the answers to the counting itself suggest.

    `tickets` are those in scope, None when they could not be counted.
    """

    lines: tuple[Planned, ...]
    seconds: float
    tickets: int | None

    @property
    def requests(self) -> int:
        return sum(line.requests for line in self.lines)


@runtime_checkable
class Planner(Protocol):
    """A `Source` that can plan."""

    async def plan(self, scope: Scope) -> Plan:
        """Count what `scope` holds. Raises AuthenticationError, UnreachableError, TransientError."""
