"""When the stages of a ticket ended, with the bounds between which that lies when the records leave it open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from psa_evidence.records import Ticket
from psa_evidence.sla.display import instant
from psa_evidence.sla.instants import instant_of, seconds_of
from psa_evidence.sla.meanings import Meaning
from psa_evidence.sla.response import Answer
from psa_evidence.sla.timeline import NOTHING, Segment, Value


class End(NamedTuple):
    """`at` None: not seen to have ended. It did not end before `earliest`; when it ended, by `latest` at the latest
    (None: not known to have ended). `doubt` says why they differ."""

    at: int | None
    earliest: int | None
    latest: int | None
    doubt: str = ""
    notes: tuple[str, ...] = ()


class Step(NamedTuple):
    """A segment of the status history with what its status means; `doubt` is the history's or the settings'."""

    segment: Segment
    meaning: Meaning
    doubt: str


def response_end(answer: Answer, steps: Sequence[Step]) -> End:
    """The first human act; a doubtful act, or a gap in the history, before it makes it the latest possible one."""
    act, doubtful = answer
    earliest, doubt = (
        (doubtful.at, f"{doubtful.what} of {_at(doubtful.at)}: {doubtful.doubt}") if doubtful else (None, "")
    )
    for step in steps:
        start = step.segment.start
        if step.doubt and (act is None or start < act.at):
            if earliest is None or start < earliest:
                earliest, doubt = start, step.doubt
            break
    if act is None:
        return End(None, earliest, None, doubt)
    return End(
        act.at, act.at if earliest is None else earliest, act.at, doubt, (f"Response: {act.what}, {act.source.key}.",)
    )


def plan_end(steps: Sequence[Step]) -> End:
    """The first status that means at least a resolution plan."""
    earliest, doubt = None, ""
    for step in steps:
        if step.meaning.rank >= 2 and not step.segment.doubt:
            at = step.segment.start
            return End(at, at if earliest is None else earliest, at, doubt)
        if step.doubt and earliest is None:
            earliest, doubt = step.segment.start, step.doubt
    return End(None, earliest, None, doubt)


def resolution_end(steps: Sequence[Step], ticket: Ticket, until: int, meaning_of: Callable[[Value], Meaning]) -> End:
    """The last entry into a resolved or closed status that held.

    When a gap lies before it, the old value that the resolving line names shows that it was not resolved earlier;
    the ticket's own closing time bounds what the history does not show.
    """
    at: int | None = None
    earliest: int | None = None
    latest: int | None = None
    doubt = ""
    held = False
    notes: list[str] = []
    for step in steps:
        start = step.segment.start
        if step.meaning.rank == 3:
            if not held:
                held, at, latest = True, start, start
                if earliest is None or _was_open(step.segment.before, meaning_of):
                    earliest, doubt = start, ""
            elif latest is None and not step.doubt:
                latest = start
            if step.doubt:
                latest, doubt = None, doubt or step.doubt
        elif step.doubt:
            if held:
                latest, doubt = None, doubt or step.doubt
                held = False
                at = None
            elif earliest is None:
                earliest, doubt = start, step.doubt
        else:
            if held:
                notes.append(f"Reopened {_at(start)} after being resolved {_at(at or start)}: the clock goes on.")
            held, at, earliest, latest, doubt = False, None, None, None, ""
    if latest is None and doubt and ticket.closed and ticket.closed_at is not None:
        closed = seconds_of(ticket.closed_at)
        if closed <= until:
            notes.append("The history does not show the resolution; the ticket's own closing time bounds it.")
            return End(at if at is not None else closed, earliest, closed, doubt, tuple(notes))
    return End(at, earliest, latest, doubt, tuple(notes))


def _was_open(before: Value, meaning_of: Callable[[Value], Meaning]) -> bool:
    if before == NOTHING:
        return False
    meaning = meaning_of(before)
    return meaning.rank < 3 and not meaning.reason


def _at(seconds: int) -> str:
    return instant(instant_of(seconds))
