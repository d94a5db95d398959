"""The three stages of a ticket ready to be judged: which target governs, and what the statement says of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from psa_evidence.records import Ticket
from psa_evidence.sla.display import instant, quoted
from psa_evidence.sla.instants import instant_of
from psa_evidence.sla.policy import Governing
from psa_evidence.sla.readings import Case, Share
from psa_evidence.sla.stages import End
from psa_evidence.sla.terms import STAGES, PriorityRule
from psa_evidence.sla.timeline import NOTHING, History


class Judgement(NamedTuple):
    """From when (`as_of`, whole seconds since 1970) and by whose target all tickets are judged."""

    as_of: int
    rule: PriorityRule


def cases(
    ticket: Ticket, governing: Governing, policy: str | None, ends: Sequence[End], priorities: History, how: Judgement
) -> Iterator[Case]:
    """One for each stage; `policy` is the SLA's name, `ends` are those of the three, `priorities` the history of the
    ticket's priority."""
    choice = governing.choice
    bounds, values, doubts = priorities.bounds, priorities.values, priorities.doubts
    part, promised = -1, None
    for i, end in enumerate(ends):
        at = how.as_of if end.at is None else end.at
        found = 0
        if len(values) > 1 and how.rule != "entry":
            found = max(bisect_left(bounds, at, 0, len(values)) - 1, 0)
        if promised is None or found != part:
            part, value, doubt = found, values[found], doubts[found] if doubts else ""
            promised = governing.promised(value, doubtful=bool(doubt) or value == NOTHING)
        targets, notes = promised[i]
        shares: tuple[Share, ...] = ()
        if choice.changes:
            notes += tuple(note for second, note in choice.changes if bounds[0] < second < at)
        if len(values) > 1:
            notes += _notes(priorities, at, how.rule)
            if how.rule == "share":
                shares = _shares(governing, priorities, at, i)
        if end.notes:
            notes += end.notes
        yield Case(
            ticket.id, STAGES[i], value.name or ticket.priority_name, policy, choice.name, notes, targets,
            doubt or "the records do not name it", end, how.as_of, shares,
        )  # fmt: skip


def _shares(governing: Governing, priorities: History, at: int, stage: int) -> tuple[Share, ...]:
    shares = tuple(
        Share(part.end, governing.promised(part.value, doubtful=False)[stage].targets[0])
        for i, part in enumerate(priorities.segments)
        if part.start < at or i == 0
    )
    return shares if len(shares) > 1 else ()


def _notes(priorities: History, until: int, rule: PriorityRule) -> tuple[str, ...]:
    governs = {
        "stage end": "the target of the priority at the stage's end governs",
        "entry": "the target of the priority at entry governs",
        "share": "each priority's target counts for its own share",
    }[rule]
    return tuple(
        f"Priority changed from {quoted(a.value.name)} to {quoted(b.value.name)} {instant(instant_of(b.start))}: "
        f"{governs}."
        for a, b in pairwise(priorities.segments)
        if b.start < until and a.value.same(b.value) is not True
    )
