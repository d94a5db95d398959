"""What was promised: agreements and documents, the SLA targets used, the contract's terms beside the PSA's, clauses."""

from __future__ import annotations

from typing import Final

from psa_evidence.matter.hours import DAYS
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts import additions, agreements_in_force
from psa_evidence.pack.parts.calendars import calendar_blocks
from psa_evidence.pack.parts.clause_map import clause_map
from psa_evidence.pack.parts.contract_documents import documents, quoted
from psa_evidence.pack.settings_exhibit import goal_words, hours_words
from psa_evidence.pack.unknown_names import unknown_words
from psa_evidence.records import Goal, SlaPolicy
from psa_evidence.spi import Block, Cell, Column, Facts, Heading, Paragraph, Part, Table

NAMES: Final = tuple(day.capitalize() for day in DAYS)

CHANGED_PRIORITY: Final = {
    "at stage end": "the target of the priority at the stage's end",
    "at entry": "the target of the priority at entry",
    "each its share": "each priority's target for its share of the time",
}


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block] = [
        Heading(text="Agreements recorded in the PSA"),
        _agreements(dossier),
        *agreements_in_force.blocks(dossier),
        *additions.blocks(dossier),
        *documents(dossier),
        Heading(text="SLA targets in the PSA"),
        _targets(dossier),
        *_contract(dossier),
        *clause_map(dossier),
        *quoted(dossier),
    ]
    return Part(id="contract", number=number, title="Contract terms", page_kind="B", blocks=tuple(blocks))


def _agreements(dossier: Dossier) -> Table:
    names = {p.id: p.name for p in dossier.records.sla_policies}
    rows: list[tuple[Cell, ...]] = []
    for a in dossier.records.agreements:
        end = "open-ended" if a.open_ended and a.end is None else wording.day(a.end)
        state = wording.text(a.status)
        if a.cancelled:
            state += f", {'' if state.casefold() == 'cancelled' else 'cancelled '}{wording.day(a.cancelled_on)}"
        rows.append((
            dossier.cell(a.source), a.name, wording.text(a.type_name), wording.day(a.start), end, state,
            names.get(a.sla_id or "", wording.NONE), wording.money(a.bill_amount, a.currency),
        ))  # fmt: skip
    return Table(
        columns=(
            Column(title="Exhibit"), Column(title="Agreement", width=1.8), Column(title="Type", width=1.2),
            Column(title="From"), Column(title="To"), Column(title="Status", width=1.2), Column(title="SLA", width=1.2),
            Column(title="Amount", align="right"),
        ),
        rows=tuple(rows),
        caption=_amounts(dossier),
        empty="No agreement with this client is shown by these records.",
    )  # fmt: skip


def _amounts(dossier: Dossier) -> str:
    """What the amounts are in, where the PSA does not say so."""
    without = sum(1 for a in dossier.records.agreements if a.bill_amount is not None and not a.currency)
    if not without:
        return "Amount and currency as the PSA records them."
    contract = dossier.matter.contract
    stated = f"; the matter file states {contract.currency}" if contract is not None and contract.currency else ""
    return f"Amount as the PSA records it. For {wording.count(without, 'amount')} it records no currency{stated}."


def _policies(dossier: Dossier) -> list[SlaPolicy]:
    """SLAs that a ticket or an agreement in this pack names, else all that are default."""
    records = dossier.records
    named = {t.sla_id for t in records.tickets} | {a.sla_id for a in records.agreements}
    used = {r.policy for r in (x for _, x in dossier.stage_results("contract"))}
    return [p for p in records.sla_policies if p.id in named or p.name in used or p.default]


def _targets(dossier: Dossier) -> Table:
    names = {p.id: p.name for p in dossier.records.priorities}
    rows: list[tuple[Cell, ...]] = []
    for policy in _policies(dossier):
        rows.append((dossier.cell(policy.source), policy.name, "any other", *goal_words(policy.goal)))
        rows += [
            (dossier.cell(t.source), policy.name, names.get(t.priority_id, f"id {t.priority_id}"), *goal_words(t.goal))
            for t in dossier.records.sla_targets if t.sla_id == policy.id
        ]  # fmt: skip
    return Table(
        columns=(
            Column(title="Exhibit"), Column(title="SLA", width=1.5), Column(title="Priority", width=1.5),
            Column(title="Response"), Column(title="Plan"), Column(title="Resolution"),
        ),
        rows=tuple(rows),
        caption="Open time of the calendar; in brackets the share of tickets that is to meet it. As set when captured.",
        empty="No SLA that these tickets or agreements name was captured.",
    )  # fmt: skip


def _contract(dossier: Dossier) -> list[Block]:
    contract = dossier.matter.contract
    if contract is None:
        return []
    rows: list[tuple[str, Cell]] = [("Reference", contract.reference or "none given")]
    if contract.time_zone is not None:
        rows.append(("Time zone of the calendars", contract.time_zone))
    if contract.week is not None:
        rows += [
            (f"Hours, {day.capitalize()}", hours_words(spans)) for day, spans in zip(DAYS, contract.week, strict=True)
        ]
    for first, week in contract.later:
        rows += [
            (f"Hours from {first}, {day.capitalize()}", hours_words(spans))
            for day, spans in zip(DAYS, week, strict=True)
        ]
    rows += [(f"Hours on {day}", hours_words(spans)) for day, spans in contract.special]
    if contract.holidays is not None:
        rows.append(("Holidays", ", ".join(str(d) for d in (*contract.holidays, *contract.yearly)) or "none"))
    for stage, statuses in contract.pauses or ():
        rows.append((f"Statuses that pause {stage}", ", ".join(statuses) or "none"))
    if contract.automatic:
        rows.append(("Acts by these are automatic", ", ".join(contract.automatic)))
    if contract.priority_rule is not None:
        rows.append(("When the priority changes", CHANGED_PRIORITY[contract.priority_rule]))
    blocks: list[Block] = [
        Heading(text="Terms stated by the matter file"),
        Paragraph(
            text="These were entered by whoever prepared the matter, not read from the PSA. They govern the contract "
            "reading."
        ),
        Facts(rows=tuple(rows)),
    ]
    if dossier.unknown_names:
        blocks.append(Paragraph(text=unknown_words(dossier.unknown_names), style="notice"))
    if contract.goals:
        blocks.append(_compared(dossier, contract.goals))
    return blocks + calendar_blocks(dossier)


def _compared(dossier: Dossier, goals: tuple[tuple[str, Goal], ...]) -> Table:
    """The contract's targets beside the PSA's for the same priority, row by row."""
    ids = {p.name.casefold(): p.id for p in dossier.records.priorities}
    rows: list[tuple[Cell, ...]] = []
    for priority, goal in goals:
        name = "any other" if priority == "*" else priority
        rows.append(("contract", name, *goal_words(goal, none="not stated: as in the PSA"), ""))
        for policy in _policies(dossier):
            target = next(
                (
                    t.goal for t in dossier.records.sla_targets
                    if t.sla_id == policy.id and t.priority_id == ids.get(priority.casefold())
                ),
                policy.goal,
            )  # fmt: skip
            same = all(
                ours is None or ours == theirs
                for ours, theirs in (
                    (goal.response, target.response), (goal.plan, target.plan), (goal.resolution, target.resolution)
                )
            )  # fmt: skip
            rows.append((f"PSA: {policy.name}", name, *goal_words(target), "same" if same else "differs"))
    return Table(
        columns=(
            Column(title="Source", width=1.5), Column(title="Priority", width=1.5), Column(title="Response"),
            Column(title="Plan"), Column(title="Resolution"), Column(title="Compared", width=0.8),
        ),
        rows=tuple(rows),
    )  # fmt: skip
