"""The first human act on a ticket: what counts as a response by the contract reading.

A message of the MSP that the client could see, a time entry, or a person's change into a status that means at least
"responded". Automatic replies, workflow and integration changes do not count, nor does anything before the entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from psa_evidence.records import Change, Member, Message, SourceRef, TimeEntry
from psa_evidence.sla.display import instant
from psa_evidence.sla.instants import seconds_of
from psa_evidence.sla.meanings import Meaning
from psa_evidence.sla.timeline import Value, value_of

_LATE: Final = timedelta(days=1)
"""A time entry that was written down later than this after the work says so where a response rests on it."""


class Act(NamedTuple):
    """`doubt` says why it is open whether it was a human response that the client could notice."""

    at: int
    what: str
    source: SourceRef
    doubt: str = ""


class Answer(NamedTuple):
    """The first certain act, and the first one in doubt when that is earlier."""

    act: Act | None
    doubtful: Act | None


Human = Literal["yes", "no", "unknown"]


class People:
    """Who is a person, by identifier or name as the records give it."""

    def __init__(self, members: Iterable[Member], automatic: frozenset[str]) -> None:
        self._automatic = {name.strip().casefold() for name in automatic}
        self._members: dict[str, Member] = {}
        self._known: dict[str | None, Human] = {None: "unknown"}
        for member in members:
            for name in (member.name, member.id, member.identifier):
                self._members[name.strip().casefold()] = member

    def human(self, who: str | None) -> Human:
        """A member that is no key and not named as automatic; `unknown` for nobody and for a stranger."""
        found = self._known.get(who)
        if found is None:
            found = self._known[who] = self._look_up(who or "")
        return found

    def _look_up(self, who: str) -> Human:
        name = who.strip().casefold()
        if name in self._automatic:
            return "no"
        member = self._members.get(name)
        if member is None:
            return "unknown"
        return "no" if member.api or member.identifier.strip().casefold() in self._automatic else "yes"


def first_answer(
    entered: int,
    messages: Iterable[Message],
    time_entries: Iterable[TimeEntry],
    status_changes: Iterable[Change],
    people: People,
    meaning_of: Callable[[Value], Meaning],
    until: int,
) -> Answer:
    """The first human act from `entered` to `until`."""
    certain: Act | None = None
    doubtful: Act | None = None
    seen: datetime | None = None

    def offer(when: datetime, what: str, source: SourceRef, doubt: str) -> None:
        nonlocal certain, doubtful, seen
        at = seconds_of(when)
        if not entered <= at <= until:
            return
        if doubt:
            if doubtful is None or at < doubtful.at:
                doubtful = Act(at, what, source, doubt)
        elif certain is None or at < certain.at:
            certain, seen = Act(at, what, source), when

    for message in messages:
        if message.at is None or message.internal is True or message.side not in ("msp", "unknown"):
            continue
        human = people.human(message.author)
        if human != "no":
            doubt = _message_doubt(message, human)
            offer(message.at, "message to the client", message.source, doubt)
    for entry in time_entries:
        if entry.started_at is not None and (human := people.human(entry.member)) != "no":
            doubt = "" if human == "yes" else "the records do not show that a person made the time entry"
            late = entry.entered_at is not None and entry.entered_at - (entry.ended_at or entry.started_at) > _LATE
            written = f", written down only {instant(entry.entered_at)}" if late and entry.entered_at else ""
            offer(entry.started_at, f"time entry{written}", entry.source, doubt)
    for change in status_changes:
        if seen is not None and change.at >= seen:
            continue
        if change.automatic or (human := people.human(change.by)) == "no":
            continue
        if meaning_of(value_of(change.new_id, change.new)).rank >= 1:
            doubt = "" if human == "yes" else "the records do not show that a person of the MSP changed the status"
            offer(change.at, "change of status", change.source, doubt)
    if doubtful is not None and certain is not None and doubtful.at >= certain.at:
        doubtful = None
    return Answer(certain, doubtful)


def _message_doubt(message: Message, human: Human) -> str:
    if message.side == "unknown":
        return "the records do not show on whose side the message's author stood"
    if message.internal is None:
        return "the records do not show whether the client could see the message"
    return "" if human == "yes" else "the records do not show that a person wrote it"
