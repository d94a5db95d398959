"""The three stages of a ticket ready to be judged: which target governs, and what the statement says of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from psa_evidence.records import Ticket
from psa_evidence.sla.display import instant, quoted
from psa_evidence.sla.instants import instant_of
from psa_evidence.sla.policy import Governing, Promised
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
            found = _part(priorities, at)
        if promised is None or found != part:
            part, value, doubt = found, values[found], doubts[found] if doubts else ""
            promised = governing.promised(value, doubtful=bool(doubt) or value == NOTHING)
        targets, notes = promised[i]
        why = ""
        shares: tuple[Share, ...] = ()
        if len(targets) > 1:
            why = f"the priority is not known: {doubt or 'the records do not name it'}"
        if choice.changes:
            notes += tuple(note for second, note in choice.changes if bounds[0] < second < at)
        if len(values) > 1:
            notes += _notes(priorities, at, how.rule)
            last = how.as_of if end.latest is None else end.latest
            if how.rule == "share":
                shares = _shares(governing, priorities, last, i)
            elif how.rule == "stage end" and end.earliest is not None and end.earliest < last:
                targets = tuple(dict.fromkeys((*targets, *_between(governing, priorities, end.earliest, last, i))))
                why = why or f"the priority changed while this stage may have ended: {end.doubt}"
        if end.notes:
            notes += end.notes
        yield Case(
            ticket.id, STAGES[i], value.name or ticket.priority_name, policy, choice.name, notes, targets, why, end,
            how.as_of, shares,
        )  # fmt: skip


def _part(priorities: History, at: int) -> int:
    """The segment that governs a stage which ends at an instant: a change in that very second comes too late."""
    return max(bisect_left(priorities.bounds, at, 0, len(priorities.values)) - 1, 0)


def _between(governing: Governing, priorities: History, first: int, last: int, stage: int) -> list[int | None]:
    """Every target that may govern a stage which ended at some instant from `first` to `last`."""
    parts = range(_part(priorities, first), _part(priorities, last) + 1)
    return [target for part in parts for target in _promised(governing, priorities, part)[stage].targets]


def _promised(governing: Governing, priorities: History, part: int) -> tuple[Promised, Promised, Promised]:
    value = priorities.values[part]
    doubtful = value == NOTHING or bool(priorities.doubts and priorities.doubts[part])
    return governing.promised(value, doubtful=doubtful)


def _shares(governing: Governing, priorities: History, last: int, stage: int) -> tuple[Share, ...]:
    """One for each segment up to the one that governs an end at `last`, when there are several."""
    shares = tuple(
        Share(priorities.bounds[part + 1], _promised(governing, priorities, part)[stage].targets)
        for part in range(_part(priorities, last) + 1)
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
