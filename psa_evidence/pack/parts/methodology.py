"""How the figures are made, precisely enough for a witness to adopt, with a worked example from this pack."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.missed import misses
from psa_evidence.pack.parts import opening_hours
from psa_evidence.records import Ticket
from psa_evidence.sla.results import StageResult
from psa_evidence.spi import Block, Column, Heading, Paragraph, Part, Table

EXAMPLE_ROWS: Final = 16
"""Intervals printed of the worked example."""

READINGS = (
    ("PSA's own figure", "Copied from the PSA's ticket record. Nothing is computed."),
    ("Contract reading", ("The calendar, pauses and targets that the agreement or the matter file state, or else the "
    "PSA's "
     "settings; response is the first act of a person, not an automatic reply.")),
    ("Strict reading", "The same calendar and targets, and no pause is honoured: the clock runs in every status."),
)  # fmt: skip

STAGES_END = (
    (
        "response",
        (
            "The first act of a person at or after the entry: a message of the provider that the client could "
            "see, a time entry (its start), or a change into a status that counts as responded or more. An "
            "automatic reply is none, nor is an act of a workflow, of a program's key, or of an identity that the"
            " matter file names as automatic."
        ),
    ),
    ("plan", "The first status that counts as a resolution plan or as resolved."),
    (
        "resolution",
        (
            "The last entry into a resolved or closed status that held. Of a ticket that was reopened the time in"
            " between counts, also that in the resolved status."
        ),
    ),
)

RULES = (
    (
        "Elapsed time is the sum of open seconds between the ticket's entry and the instant a stage ended, or the"
        " date of the records when it did not; seconds in a pausing status are not counted. Whole seconds, "
        "nothing is rounded inside."
    ),
    (
        "A stage is met when elapsed seconds are at most the target's seconds. Missed is the opposite, also while"
        " it is still open. Overrun = elapsed - target. Due is the instant at which the target's open seconds are"
        " used up."
    ),
    (
        "Opening hours are local hours of the calendar's zone, turned into instants before anything is "
        "subtracted, so that a change of the clocks counts as it really passed. A span that ends at closing time "
        "is due at the close."
    ),
    (
        "Share met = met / (met + missed). Tickets not determined, without a target or excluded are counted "
        "beside it and never as met."
    ),
    (
        "Where the history does not determine the answer (a gap, a line that could not be read, no calendar) the "
        "verdict is 'not determined', with the reason."
    ),
    (
        "The targets, the calendar and the meaning of the statuses are those of the settings captured last before"
        " the ticket was entered. For a ticket entered before the first capture the earliest known settings are "
        "used: a change made before that capture is not seen."
    ),
)

PRIORITIES: Final = {
    "at stage end": "The target is that of the priority the ticket had when the stage ended.",
    "at entry": "The target is that of the priority at the ticket's entry, whatever it was changed to.",
    "each its share": "Where the priority changed, the parts of each priority's target that were used up are added; "
    "more than the whole is missed.",
}

OTHER_TICKETS: Final = (
    "A ticket that was merged into another, or deleted, is excluded from every stage and counted as such. A child "
    "ticket is judged by its own times like any other."
)


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block] = [
        Paragraph(
            text="Raw records were taken from the PSA over its API and kept as received. The figures were computed "
            f"from them by {dossier.software}, without judgement by a person, and can be computed again from the "
            "natives by the terms in data/terms.json: psa-evidence rebuild does so."
        ),
        Heading(text="Three readings"),
        Table(
            columns=(Column(title="Reading"), Column(title="What it is", width=3.5)),
            rows=READINGS,
        ),
        Heading(text="Rules"),
        Table(columns=(Column(title="Stage"), Column(title="Ends with", width=6)), rows=STAGES_END),
        *(Paragraph(text=rule) for rule in (*RULES, _priorities(dossier), OTHER_TICKETS)),
        Heading(text="Targets and calendars used"),
        _used(dossier),
        *opening_hours.blocks(dossier),
        Heading(text="Settings in force"),
        _settings(dossier),
        Heading(text="Worked example"),
        *_example(dossier),
    ]
    return Part(id="methodology", number=number, title="Methodology", page_kind="B", blocks=tuple(blocks))


def _priorities(dossier: Dossier) -> str:
    contract = dossier.matter.contract
    rule = PRIORITIES[(contract.priority_rule if contract is not None else None) or "at stage end"]
    return (
        f"{rule} The PSA's own figure is counted under the priority the ticket had when captured, so that a ticket can "
        "stand under two priorities."
    )


def _used(dossier: Dossier) -> Table:
    used: dict[tuple[str, str, str, str, str], int] = {}
    for _, r in dossier.stage_results("contract"):
        target = "no target" if not r.target_seconds else wording.duration(r.target_seconds)
        key = (r.policy or "none", r.calendar or "none", r.priority or wording.NONE, r.stage, target)
        used[key] = used.get(key, 0) + 1
    return Table(
        columns=(
            Column(title="Policy", width=1.5), Column(title="Calendar", width=1.5), Column(title="Priority", width=1.5),
            Column(title="Stage"), Column(title="Target", align="right"), Column(title="n", align="right", width=0.6),
        ),
        rows=tuple((*key, f"{n:,}") for key, n in sorted(used.items())),
        caption="n counts stages of tickets of the population. Which statuses stop a clock stands in the glossary.",
        empty="No ticket is in the population.",
    )  # fmt: skip


def _settings(dossier: Dossier) -> Table:
    """How many tickets each capture of the settings governs; captures that govern none stand in it too."""
    counts: Counter[tuple[datetime | None, bool]] = Counter(map(dossier.settings_of, dossier.population.tickets))
    keys = sorted({*counts, *((at, True) for at in dossier.settings_at)}, key=lambda key: (key[0] is not None, *key))
    return Table(
        columns=(
            Column(title="Settings captured", width=2), Column(title="Used for tickets entered", width=2),
            Column(title="n", align="right", width=0.6),
        ),
        rows=tuple(
            (
                wording.both(at, dossier.zone),
                "after that capture and before the next" if before else "before the first capture: earliest known",
                f"{counts[at, before]:,}",
            )
            for at, before in keys
        ),
        caption="n counts tickets of the population; data/tables/sla_results.csv names the settings of each row.",
    )  # fmt: skip


def _example(dossier: Dossier) -> list[Block]:
    chosen = _chosen(dossier)
    if chosen is None:
        return [Paragraph(text="No ticket with a computed stage is in the population; there is no example to work.")]
    ticket, result = chosen
    intervals = result.intervals
    counted = sum(i.seconds for i in intervals)
    target = result.target_seconds
    shown = intervals[:EXAMPLE_ROWS]
    words = [
        (
            f"Ticket {ticket.id}, {result.stage}, contract reading: entered "
            f"{wording.both(ticket.entered_at, dossier.zone)}."
        ),
        (
            f"Its clock statement has {wording.count(len(intervals), 'interval')}; the counted ones add up to "
            f"{counted:,} s = {wording.duration(counted)}."
        ),
    ]
    if target:
        relation = "more than" if counted > target else "at most"
        words.append(
            f"The target is {target:,} s = {wording.duration(target)}; {counted:,} is {relation} {target:,}"
            + (f", an overrun of {wording.duration(counted - target)}" if counted > target else "")
            + f". Verdict: {result.verdict}."
        )
    if result.verdict in ("met", "missed") and result.due_at is not None:
        words.append(f"Due: {wording.both(result.due_at, dossier.zone)}.")
    else:
        words.append(f"Reason: {result.reason}.")
    cite = dossier.cite(ticket.source)
    return [
        Paragraph(text=" ".join(words), cites=() if cite is None else (cite,)),
        Table(
            columns=(
                Column(title="From", width=1.6), Column(title="To", width=1.6), Column(title="State", width=0.8),
                Column(title="Why", width=2.4), Column(title="Seconds counted", align="right"),
            ),
            rows=(
                *(
                    (
                        wording.local(i.start, dossier.zone), wording.local(i.end, dossier.zone), i.state, i.why,
                        f"{i.seconds:,}",
                    )
                    for i in shown
                ),
                ("Sum of all", "", "", "", f"{counted:,}"),
            ),
            caption=f"{len(shown):,} of {wording.count(len(intervals), 'interval')}; the exhibit has all.",
        ),
    ]  # fmt: skip


def _chosen(dossier: Dossier) -> tuple[Ticket, StageResult] | None:
    """A missed stage with a computation, rather one with a pause, and short; else the first stage with one."""
    missed = [(len(m.result.intervals), m.ticket, m.result) for m in misses(dossier, "contract")]
    worked = [item for item in missed if item[0]]
    if worked:
        _, ticket, result = min(worked, key=lambda item: (item[0] > EXAMPLE_ROWS, not item[2].paused_seconds))
        return ticket, result
    return next(((t, r) for t, r in dossier.stage_results("contract") if r.intervals), None)
