"""From the clause to the figure: what it promises, how that is measured, and what came out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from psa_evidence.matter import Contract, Term
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import STAGES, Dossier
from psa_evidence.pack.tally import of_rows
from psa_evidence.records import Stage
from psa_evidence.sla.results import AttainmentRow
from psa_evidence.spi import Block, Column, Heading, Paragraph, Table

NO_CONTRACT: Final = (
    "No clause of a contract was given: targets, hours, holidays and pauses are those of the PSA's settings."
)
_Row = tuple[str, str, str, str]

_MEASURED: Final[dict[Term, tuple[str, str]]] = {
    "time_zone": ("zone of the calendars", "their local hours are turned into instants in it"),
    "hours": ("business hours", "only seconds within them are counted"),
    "hours_from": ("business hours that changed", "each day counts by the hours in force on it"),
    "special_hours": ("hours of single dates", "they replace the hours of the weekday"),
    "holidays": ("holidays", "no second of them is counted"),
    "pauses": ("statuses that stop the clock", "seconds in them are not counted; the strict reading counts them"),
    "automatic": ("identities whose acts are automatic", "their acts are no response"),
    "priority_rule": ("which target governs when the priority changes", "the target is chosen by it"),
}
_RESULT_OF_TERMS: Final = "in every figure of the contract reading"


def clause_map(dossier: Dossier) -> list[Block]:
    """The table; without a contract in the matter file one line that says so."""
    contract = dossier.matter.contract
    if contract is None:
        return [Paragraph(text=NO_CONTRACT)]
    rows = [*_goals(dossier, contract), *_left_open(dossier, contract), *_terms(contract)]
    return [
        Heading(text="From clause to figure"),
        Paragraph(
            text="Clauses are those that the matter file names. Met / judged is by the contract reading; the formulas, "
            "the rows and each miss stand in:",
            see=dossier.see("methodology", "attainment", "breaches"),
        ),
        Table(
            columns=(
                Column(title="Clause", width=1), Column(title="What it promises", width=2),
                Column(title="How it is measured", width=2.4), Column(title="Result: met / judged", width=1.3),
            ),
            rows=tuple(rows),
            caption="Results of targets are sums of the rows 'By priority: contract reading'; 'any other priority' is "
            "each that no other row names.",
            empty="The matter file states no term that a figure rests on.",
        ),
    ]  # fmt: skip


def _goals(dossier: Dossier, contract: Contract) -> Iterator[_Row]:
    """A row for the targets of a priority that stand in one clause."""
    for name, goal in contract.goals:
        by_clause: dict[str, list[Stage]] = {}
        for stage in STAGES:
            if getattr(goal, stage) is not None:
                clause = contract.clauses.of_goal(name, stage)
                by_clause.setdefault(clause or wording.NO_CLAUSE, []).append(stage)
        for clause, stages in by_clause.items():
            promised = "; ".join(
                f"{stage} {_target(getattr(goal, stage), getattr(goal, f'{stage}_percent'))}" for stage in stages
            )
            yield (
                clause, f"{'any other priority' if name == '*' else name}: {promised}", _how(contract),
                _result(_rows(dossier, contract, name), stages),
            )  # fmt: skip


def _target(seconds: int, percent: int | None) -> str:
    return (wording.duration(seconds) if seconds else "no target") + (f" ({percent} %)" if percent is not None else "")


def _how(contract: Contract) -> str:
    calendar = "the hours of the matter file" if contract.week is not None else "the PSA's calendar"
    pauses = "the pauses of the matter file" if contract.pauses is not None else "the PSA's pauses"
    return f"open time of {calendar} from the entry to the stage's end, less {pauses}"


def _rows(dossier: Dossier, contract: Contract, name: str) -> list[AttainmentRow]:
    return [
        r for r in dossier.attainment
        if r.reading == "contract" and contract.goal_name(r.priority) == name
    ]  # fmt: skip


def _result(rows: list[AttainmentRow], stages: list[Stage]) -> str:
    told = []
    for stage in stages:
        tally = of_rows(r for r in rows if r.stage == stage)
        told.append(f"{stage} {tally.met:,}/{tally.judged:,}")
    return "\n".join(told)


def _left_open(dossier: Dossier, contract: Contract) -> Iterator[_Row]:
    """What was judged by a target of the PSA, since the matter file states none: one row for all of it."""
    stated = {(name, stage) for name, goal in contract.goals for stage in STAGES if getattr(goal, stage) is not None}
    rows = [
        r for r in dossier.attainment
        if r.reading == "contract" and r.met + r.missed and (contract.goal_name(r.priority), r.stage) not in stated
    ]  # fmt: skip
    if not rows:
        return
    by_priority: dict[str, set[str]] = {}
    for row in rows:
        by_priority.setdefault(row.priority, set()).add(row.stage)
    named = "; ".join(
        f"{priority}: {', '.join(s for s in STAGES if s in stages)}" for priority, stages in sorted(by_priority.items())
    )
    stages = [stage for stage in STAGES if any(r.stage == stage for r in rows)]
    yield wording.NO_CLAUSE, f"targets of the PSA's settings ({named})", _how(contract), _result(rows, stages)


def _terms(contract: Contract) -> Iterator[_Row]:
    stated: dict[Term, bool] = {
        "time_zone": contract.time_zone is not None, "hours": contract.week is not None,
        "hours_from": bool(contract.later), "special_hours": bool(contract.special),
        "holidays": contract.holidays is not None, "pauses": contract.pauses is not None,
        "automatic": bool(contract.automatic), "priority_rule": contract.priority_rule is not None,
    }  # fmt: skip
    for term, there in stated.items():
        if there:
            what, how = _MEASURED[term]
            yield contract.clauses.of_term(term) or wording.NO_CLAUSE, f"{what}, as above", how, _RESULT_OF_TERMS
