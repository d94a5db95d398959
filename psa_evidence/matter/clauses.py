"""Which clause of the contract each term of the matter file is taken from. A clause is named, never read or judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from psa_evidence.records import Stage

Term = Literal[
    "time_zone", "hours", "hours_from", "special_hours", "holidays", "pauses", "automatic", "priority_rule"
]  # fmt: skip
"""Keys of `[contract]` that a clause may be stated for, beside its targets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """`terms` by the key of the term; `goals` by the name of the priority as the matter file writes it and the stage,
    only of targets that the matter file states."""

    terms: tuple[tuple[Term, str], ...] = ()
    goals: tuple[tuple[str, Stage, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.terms or self.goals)

    def of_term(self, term: Term) -> str | None:
        return dict(self.terms).get(term)

    def of_goal(self, name: str, stage: Stage) -> str | None:
        return next((clause for n, s, clause in self.goals if (n, s) == (name, stage)), None)
