"""What a verification says: a list of checks and the verdict that follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

from psa_evidence.verify.names import shown

Status = Literal["pass", "fail", "inconclusive", "not witnessed"]
Verdict = Literal["pass", "fail", "inconclusive"]

MAX_LISTED: Final = 50
"""Failures listed for one check. A pack with a million bad files needs a count, not a million lines."""

NO_WITNESS: Final = "Nothing here proves WHEN: no time-stamp authority has witnessed the seals."

NOT_YET: Final = "The time of some seals is not yet witnessed."
COVERAGE: Final = "10.6"
"""The check that names seals whose time is not yet witnessed while that of others is."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report. `id` is the number in the procedure (`3.2`), `subject` the file or record concerned,
    empty when it is the whole pack."""

    id: str
    status: Status
    detail: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict: `fail` when any check failed, else `inconclusive` when any is, else `pass`."""

    verdict: Verdict
    checks: tuple[Check, ...]

    @property
    def headline(self) -> str:
        """One or two sentences that claim no more than the checks do."""
        status = Counter(check.status for check in self.checks)
        if self.verdict == "fail":
            words = f"FAIL. What {counted(status['fail'], 'check')} asked for does not hold."
        elif self.verdict == "inconclusive":
            words = "INCONCLUSIVE. Nothing was found that does not hold, but not everything could be checked."
        else:
            words = "PASS. All parts agree with each other and with the seals."
        unwitnessed = {check.id for check in self.checks if check.status == "not witnessed"} - {PDF_SEAL}
        if unwitnessed - {COVERAGE}:
            return f"{words} {NO_WITNESS}"
        return f"{words} {NOT_YET}" if unwitnessed else words

    def as_json(self) -> dict[str, object]:
        return {
            "verdict": self.verdict,
            "checks": [
                {"id": check.id, "status": check.status, "detail": check.detail, "subject": check.subject}
                for check in self.checks
            ],
        }


def counted(number: int, thing: str) -> str:
    """`1 file`, `2,000 files`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


class Checklist:
    """Collects checks in the order they were made. Subjects are made harmless to show."""

    def __init__(self) -> None:
        self._checks: list[Check] = []
        self._failures: Counter[str] = Counter()

    def fail(self, check: str, detail: str, subject: str = "") -> None:
        self._failures[check] += 1
        if self._failures[check] <= MAX_LISTED:
            self._checks.append(Check(check, "fail", detail, shown(subject)))

    def settle(self, check: str, detail: str, status: Status = "pass") -> None:
        """Close a check: `status` when nothing failed under its number, else nothing, or how many are not listed."""
        if not self._failures[check]:
            self._checks.append(Check(check, status, detail))
        elif (more := self._failures[check] - MAX_LISTED) > 0:
            self._checks.append(Check(check, "fail", f"and {more:,} more of the same kind, not listed"))

    def skip(self, checks: tuple[str, ...], because: str) -> None:
        """Checks that could not be made; the reason is a failure under another number."""
        self._checks.extend(Check(check, "inconclusive", f"not checked: {because}") for check in checks)

    def rows(self) -> list[tuple[str, Status, str, str]]:
        """What was collected, for `add`."""
        return [(check.id, check.status, check.detail, check.subject) for check in self._checks]

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        """Checks that were made and settled elsewhere, under numbers that are not used here."""
        self._checks.extend(Check(number, cast(Status, status), *words) for number, status, *words in rows)

    def report(self) -> Report:
        statuses = {check.status for check in self._checks}
        verdict: Verdict = "pass"
        if "fail" in statuses or not self._checks:
            verdict = "fail"
        elif "inconclusive" in statuses:
            verdict = "inconclusive"
        ordered = sorted(self._checks, key=lambda check: [int(part) for part in check.id.split(".")])
        return Report(verdict, tuple(ordered))


PDF_SEAL: Final = "8.4"
"""The check that says whether the PDFs bear a seal; it speaks of their pages, not of the records."""
