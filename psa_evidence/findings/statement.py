"""A finding and its statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psa_evidence.records import SourceRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One fact in neutral words with the records that show it. `adverse` facts speak against the MSP."""

    text: str
    sources: tuple[SourceRef, ...]
    adverse: bool = False
    ticket_id: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer to one question: the first statement sums up `examined` records; `limits` says what cannot be seen."""

    id: str
    title: str
    question: str
    statements: tuple[Statement, ...]
    examined: int
    limits: str
