"""When the stages of a ticket ended, with the bounds between which that lies when the records leave it open."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from psa_evidence.records import Ticket
from psa_evidence.sla.display import instant
from psa_evidence.sla.instants import instant_of, seconds_of
from psa_evidence.sla.meanings import Meaning, MeaningsOnBoard
from psa_evidence.sla.response import Answer
from psa_evidence.sla.timeline import NOTHING, History, Value


class End(NamedTuple):
    """`at` None: not seen to have ended. It did not end before `earliest`; when it ended, by `latest` at the latest
    (None: not known to have ended). `doubt` says why they differ."""

    at: int | None
    earliest: int | None
    latest: int | None
    doubt: str = ""
    notes: tuple[str, ...] = ()


class Course:
    """The status history of a ticket with what each status means. `doubts`, the history's or the settings', is None
    when there is none."""

    __slots__ = ("doubts", "history", "meanings")

    def __init__(self, history: History, meaning_of: MeaningsOnBoard) -> None:
        self.history = history
        self.meanings = meaning_of.each(history.values)
        self.doubts: list[str] | None = None
        if history.doubts is not None or not meaning_of.clear:
            own = history.doubts or [""] * len(self.meanings)
            doubts = [doubt or meaning.reason for doubt, meaning in zip(own, self.meanings, strict=True)]
            self.doubts = doubts if any(doubts) else None


def response_end(answer: Answer, course: Course, unseen: str) -> End:
    """The first human act; a doubtful act, or a gap in the history, before it makes it the latest possible one, and so
    do acts that the records may not show, because of `unseen` (empty: they show all)."""
    act, doubtful = answer
    earliest, doubt = None, ""
    if unseen:
        earliest, doubt = course.history.bounds[0], unseen
    elif doubtful is not None:
        earliest, doubt = doubtful.at, f"{doubtful.what} of {_at(doubtful.at)}: {doubtful.doubt}"
    if course.doubts is not None:
        for start, unsure in zip(course.history.bounds, course.doubts, strict=False):
            if unsure and (act is None or start < act.at):
                if earliest is None or start < earliest:
                    earliest, doubt = start, unsure
                break
    if act is None:
        return End(None, earliest, None, doubt)
    note = f"Response: {act.what}, {act.source.key}."
    return End(act.at, act.at if earliest is None else earliest, act.at, doubt, (note,))


def plan_end(course: Course) -> End:
    """The first status that means at least a resolution plan."""
    earliest, doubt = None, ""
    in_history = course.history.doubts
    for i, meaning in enumerate(course.meanings):
        if meaning.rank >= 2 and not (in_history and in_history[i]):
            at = course.history.bounds[i]
            return End(at, at if earliest is None else earliest, at, doubt)
        if course.doubts and course.doubts[i] and earliest is None:
            earliest, doubt = course.history.bounds[i], course.doubts[i]
    return End(None, earliest, None, doubt)


def resolution_end(course: Course, ticket: Ticket, until: int, meaning_of: Callable[[Value], Meaning]) -> End:
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
    doubts, bounds = course.doubts, course.history.bounds
    for i, meaning in enumerate(course.meanings):
        unsure = doubts[i] if doubts else ""
        if meaning.rank == 3:
            start = bounds[i]
            if not held:
                held, at, latest = True, start, start
                if earliest is None or _was_open(course.history.before(i), meaning_of):
                    earliest, doubt = start, ""
            elif latest is None and not unsure:
                latest = start
            if unsure:
                latest, doubt = None, doubt or unsure
        elif unsure:
            if held:
                latest, doubt = None, doubt or unsure
                held = False
                at = None
            elif earliest is None:
                earliest, doubt = bounds[i], unsure
        else:
            if held:
                start = bounds[i]
                notes.append(f"Reopened {_at(start)} after being resolved {_at(at or start)}: the clock goes on.")
            held, at, earliest, latest, doubt = False, None, None, None, ""
    if latest is None and doubt and ticket.closed and ticket.closed_at is not None:
        closed = seconds_of(ticket.closed_at)
        if earliest is not None and closed < earliest:
            words = "is before its history lets it be resolved: it bounds nothing."
            notes.append(f"The ticket's own closing time {_at(closed)} {words}")
        elif closed <= until:
            notes.append("The history does not show the resolution; the ticket's own closing time bounds it.")
            return End(closed if at is None else min(at, closed), earliest, closed, doubt, tuple(notes))
    return End(at, earliest, latest, doubt, tuple(notes))


def _was_open(before: Value, meaning_of: Callable[[Value], Meaning]) -> bool:
    if before == NOTHING:
        return False
    meaning = meaning_of(before)
    return meaning.rank < 3 and not meaning.reason


def _at(seconds: int) -> str:
    return instant(instant_of(seconds))
