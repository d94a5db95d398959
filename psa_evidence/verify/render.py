"""The report for people: a plain table, 80 columns wide."""

from __future__ import annotations

import textwrap
from typing import Final

from psa_evidence.verify.report import Check, Report

WIDTH: Final = 80
STEPS: Final = {
    1: "Container",
    2: "Tag manifest",
    3: "Payload manifest",
    4: "Manifest of the pack",
    5: "Natives",
    6: "Proofs",
    7: "Seals",
    8: "PDF",
    9: "Figures",
    10: "Time",
}
_MARKS: Final = {"pass": "pass", "fail": "FAIL", "inconclusive": "open", "not witnessed": "none"}
_INDENT: Final = " " * 14


def render(report: Report) -> str:
    """Steps with their checks, then the headline. Ends without a line end."""
    lines: list[str] = []
    step = 0
    for check in report.checks:
        if (number := int(check.id.split(".")[0])) != step:
            step = number
            lines.append(f"{step:>2}  {STEPS[step]}")
        lines += _check(check)
    lines += ["", *textwrap.wrap(report.headline, WIDTH)]
    return "\n".join(lines)


def _check(check: Check) -> list[str]:
    text = f"{check.subject}: {check.detail}" if check.subject else check.detail
    first = f"    {check.id:<4}  {_MARKS[check.status]}"
    wrapped = textwrap.wrap(text, WIDTH - len(_INDENT) - 2, break_on_hyphens=False) or [""]
    return [f"{first}  {wrapped[0]}", *(f"{_INDENT}  {line}" for line in wrapped[1:])]
