"""What one audit line says: a change that is certain, or a field of which it is not certain."""

from __future__ import annotations

from dataclasses import dataclass

from psa_evidence.records import ChangeField


@dataclass(frozen=True, slots=True)
class Told:
    """`field` went from `old` (None when not told) to `new`."""

    field: ChangeField
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Unclear:
    """The line is about `field`, and how is not certain."""

    field: ChangeField
    reason: str
