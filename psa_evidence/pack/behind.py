"""What stands behind the figures of a copy and is not shown in it: counted, lest a part be taken for the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from psa_evidence.findings import Finding, Statement
from psa_evidence.pack.tally import of_verdicts
from psa_evidence.records import SourceRef
from psa_evidence.sla import TicketSla
from psa_evidence.spi import RawRecord


@dataclass(frozen=True, slots=True)
class Behind:
    """`log` is the log of what is withheld. `records` counts withheld records by the ticket of this copy they hang on;
    `tickets` are the results of withheld tickets in words; `statements` counts those that rest on withheld records;
    `changed` are tickets whose verdicts would be others with the fields that are withheld."""

    log: tuple[tuple[str, ...], ...] = ()
    records: Mapping[str, int] = field(default_factory=dict)
    tickets: tuple[str, ...] = ()
    statements: int = 0
    changed: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()


def records_behind(raw: Sequence[RawRecord], withheld: Collection[str]) -> dict[str, int]:
    """Ticket id -> how many withheld records hang on it, directly or on what hangs on it."""
    parents = {record.key: record.parent for record in raw}
    counts: Counter[str] = Counter()
    for key in withheld:
        at, seen = parents.get(key), {key}
        while at is not None and at not in seen:
            if at.startswith("ticket/"):
                counts[at.removeprefix("ticket/")] += 1
                break
            seen.add(at)
            at = parents.get(at)
    return dict(sorted(counts.items()))


def ticket_words(results: Sequence[TicketSla]) -> tuple[str, ...]:
    """A sentence for each stage of withheld tickets, by the contract reading."""
    made = []
    for stage in ("response", "plan", "resolution"):
        verdicts = [r.verdict for t in results for r in t.results if r.stage == stage and r.reading == "contract"]
        if verdicts:
            tally = of_verdicts(verdicts)
            made.append(
                f"{stage.capitalize()} of the withheld tickets: {tally.met:,} met, {tally.missed:,} missed, "
                f"{tally.not_determined:,} not determined, {tally.no_target:,} without a target, "
                f"{tally.excluded:,} excluded; they are in no other figure of this copy."
            )
    return tuple(made)


def changed(whole: Sequence[TicketSla], shown: Sequence[TicketSla]) -> tuple[str, ...]:
    """Ids of tickets whose verdicts differ between the two."""
    before = {t.ticket_id: [r.verdict for r in t.results] for t in whole}
    return tuple(
        t.ticket_id for t in shown
        if t.ticket_id in before and before[t.ticket_id] != [r.verdict for r in t.results]
    )  # fmt: skip


def findings_without(findings: Sequence[Finding], withheld: Collection[str]) -> tuple[tuple[Finding, ...], int]:
    """Findings made of all records, without the statements that rest on withheld ones; and how many those are.

    The first statement sums up and stays, with its sources that are shown.
    """
    made, lost = [], 0
    for finding in findings:
        first, rest = finding.statements[:1], finding.statements[1:]
        kept = tuple(s for s in rest if not _rests_on(s, withheld))
        lost += len(rest) - len(kept)
        head = tuple(replace(s, sources=_shown(s.sources, withheld)) for s in first)
        more: tuple[Statement, ...] = ()
        if len(kept) < len(rest):
            more = (
                Statement(
                    text=_further(len(rest) - len(kept)),
                    sources=(), adverse=any(s.adverse for s in rest if _rests_on(s, withheld)),
                ),
            )  # fmt: skip
        made.append(replace(finding, statements=(*head, *kept, *more)))
    return tuple(made), lost


def _further(lost: int) -> str:
    rest = "1 further statement rests" if lost == 1 else f"{lost:,} further statements rest"
    return f"{rest} on records withheld from this copy."


def _rests_on(statement: Statement, withheld: Collection[str]) -> bool:
    return f"ticket/{statement.ticket_id}" in withheld or any(s.key in withheld for s in statement.sources)


def _shown(sources: Sequence[SourceRef], withheld: Collection[str]) -> tuple[SourceRef, ...]:
    return tuple(s for s in sources if s.key not in withheld)
