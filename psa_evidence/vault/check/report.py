"""What a check of a vault found, step by step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Severity = Literal["damaged", "healable", "note"]
"""`damaged`: bytes are not what was sealed or written, and only a copy can bring them back. `healable`: nothing sealed
is touched, and this program makes it good by itself. `note`: nothing is wrong, or nobody can know."""

SEVERITIES: Final[tuple[Severity, ...]] = ("damaged", "healable", "note")

Status = Literal["ok", "damaged", "healable", "not checked"]

MAX_FINDINGS: Final = 200
"""Findings kept of one step; the rest is counted."""

RESTORE: Final = "Restore it from a copy of the vault; do not edit it."
REINDEX: Final = "psa-evidence vault reindex"
ANY_RUN: Final = "psa-evidence vault check --heal, or the next command that opens the vault"


def many(number: int, thing: str) -> str:
    """`1 seal`, `2,000 seals`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`where` is a path below the vault, or empty. `remedy` says what to do."""

    step: int
    severity: Severity
    where: str
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the procedure. `detail` says what was looked at, with numbers; for `not checked`, why."""

    number: int
    title: str
    status: Status
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """`unchecked` says what this check cannot show, in words."""

    quick: bool
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...]

    @property
    def damaged(self) -> bool:
        return any(step.status == "damaged" for step in self.steps)

    @property
    def healable(self) -> bool:
        return any(finding.severity == "healable" for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        return {
            "quick": self.quick,
            "state": "damaged" if self.damaged else "healable" if self.healable else "ok",
            "steps": [{"step": s.number, "title": s.title, "status": s.status, "detail": s.detail} for s in self.steps],
            "findings": [
                {"step": f.step, "severity": f.severity, "where": f.where, "what": f.what, "remedy": f.remedy}
                for f in self.findings
            ],
            "not_shown": list(self.unchecked),
        }


@dataclass(slots=True)
class Findings:
    """Collects findings and closes steps."""

    found: list[Finding] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    counts: Counter[tuple[int, Severity]] = field(default_factory=Counter)

    def add(self, step: int, severity: Severity, where: str, what: str, remedy: str = "") -> None:
        self.counts[step, severity] += 1
        if self.counts[step, severity] <= MAX_FINDINGS:
            self.found.append(Finding(step=step, severity=severity, where=where, what=what, remedy=remedy))

    def damaged(self, step: int, where: str, what: str, remedy: str = RESTORE) -> None:
        self.add(step, "damaged", where, what, remedy)

    def close(self, step: int, title: str, detail: str) -> None:
        """The step was done; its status follows from what was found."""
        status: Status = "ok"
        for severity in SEVERITIES:
            if (more := self.counts[step, severity] - MAX_FINDINGS) > 0:
                what = f"and {more:,} more of the same step, not listed"
                self.found.append(Finding(step=step, severity=severity, where="", what=what))
        if self.counts[step, "damaged"]:
            status = "damaged"
        elif self.counts[step, "healable"]:
            status = "healable"
        self.steps.append(Step(number=step, title=title, status=status, detail=detail))

    def skip(self, step: int, title: str, why: str) -> None:
        self.steps.append(Step(number=step, title=title, status="not checked", detail=why))
