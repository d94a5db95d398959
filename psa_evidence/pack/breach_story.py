"""Why a target was missed, as the records of that time say it, and when and how it was met afterwards; its clause.

Nothing is weighed and nothing inferred. The cause is the last word of the provider that was recorded while the stage
ran: an internal note or the notes of a time entry before a message to the client, since they say what was being done.
What bears the instant of the stage's end is how it was met, and a cause only when nothing stands before it. A time
entry counts when it was typed in within a day of the stage's end; what was written later was not recorded then. The
message that opened the ticket says what was asked for and is none, whoever sent it (a monitoring program, say).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.missed import Miss
from psa_evidence.records import Change, SourceRef

NO_CAUSE: Final = "no cause shown by these records"
NOT_CURED: Final = "not met by the records' date"
TYPED_IN_TIME: Final = timedelta(days=1)
SHOWN: Final = 280
"""Characters of a text that a table shows; the exhibit and the CSV hold it whole."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A text of the time: when (UTC), what kind of record, the text, which record. `rank`: the higher the sooner."""

    at: datetime
    what: str
    text: str
    source: SourceRef
    rank: int


@dataclass(frozen=True, slots=True)
class BreachStory:
    """`status` is the change into the status in which the target ran out; None when the records show none."""

    cause: Recorded | None
    status: Change | None
    cure: str
    cured_by: SourceRef | None


def story_of(dossier: Dossier, miss: Miss) -> BreachStory:
    """Cause, status when due, and cure of one missed stage."""
    result = miss.result
    end = result.met_at or dossier.as_of
    begun = miss.ticket.entered_at
    texts = [one for one in _texts(dossier, miss) if begun is not None and begun <= one.at <= end]
    changes = [c for c in _status_changes(dossier, miss.ticket.id) if result.due_at is None or c.at <= result.due_at]
    cure, source = _cure(dossier, miss)
    return BreachStory(
        cause=max(texts, key=lambda one: (one.at < end, one.rank, one.at), default=None),
        status=changes[-1] if changes and changes[-1].new else None,
        cure=cure,
        cured_by=source,
    )


def clause_of(dossier: Dossier, miss: Miss) -> str | None:
    """The clause that the matter file states for the target; the PSA's own figure is judged by the PSA's target."""
    contract = dossier.matter.contract
    if contract is None or miss.result.reading == "psa":
        return None
    return contract.clause_of(miss.result.priority, miss.result.stage)


def cause_words(dossier: Dossier, story: BreachStory) -> str:
    """For a table of the report: the text, shortened and said to be, with its record and time; the status when due."""
    status = status_words(dossier, story)
    return text_words(dossier, story) + (f"; {status}" if status else "")


def status_words(dossier: Dossier, story: BreachStory) -> str:
    if story.status is None:
        return ""
    return f"status when due: {story.status.new} (since {wording.local(story.status.at, dossier.zone)})"


def text_words(dossier: Dossier, story: BreachStory) -> str:
    if story.cause is None:
        return NO_CAUSE
    text = " ".join(story.cause.text.split())
    if len(text) > SHOWN:
        text = text[:SHOWN].rstrip() + " [...] (whole in the exhibit)"
    return f"“{text}” ({story.cause.what} {story.cause.source.id}, {wording.local(story.cause.at, dossier.zone)})"


def _texts(dossier: Dossier, miss: Miss) -> Iterator[Recorded]:
    end = miss.result.met_at or dossier.as_of
    for message in dossier.messages.get(miss.ticket.id, ()):
        if message.at == miss.ticket.entered_at:
            continue
        if message.at is not None and message.side == "msp" and message.text.strip() and not message.from_time_entry:
            what = "internal note" if message.internal else "message"
            yield Recorded(message.at, what, message.text, message.source, 2 if message.internal else 1)
    for entry in dossier.time_entries.get(miss.ticket.id, ()):
        typed = entry.entered_at or entry.ended_at or entry.started_at
        text = entry.notes.strip() or entry.internal_notes.strip()
        if entry.started_at is not None and typed is not None and text and typed <= end + TYPED_IN_TIME:
            yield Recorded(entry.started_at, "time entry", text, entry.source, 2)


def _status_changes(dossier: Dossier, ticket: str) -> list[Change]:
    return [
        change
        for line in dossier.history.get(ticket, ())
        for change in dossier.changes.get(line.source.key, ())
        if change.field == "status"
    ]


def _cure(dossier: Dossier, miss: Miss) -> tuple[str, SourceRef | None]:
    """When it was met, and by what record that bears the same instant."""
    met = miss.result.met_at
    if met is None:
        return NOT_CURED, None
    words = wording.both(met, dossier.zone)
    if miss.result.reading == "psa":
        return f"{words}, the PSA's date", miss.ticket.source
    for change in reversed(_status_changes(dossier, miss.ticket.id)):
        if change.at == met and miss.result.stage != "response":
            return f"{words}, status {change.new} by {wording.text(change.by)}", change.source
    for message in dossier.messages.get(miss.ticket.id, ()):
        if message.at == met:
            return f"{words}, message by {wording.text(message.author)} (note {message.id})", message.source
    for entry in dossier.time_entries.get(miss.ticket.id, ()):
        if entry.started_at == met:
            return f"{words}, work begun by {wording.text(entry.member)} (time entry {entry.id})", entry.source
    for change in _status_changes(dossier, miss.ticket.id):
        if change.at == met:
            return f"{words}, status {change.new} by {wording.text(change.by)}", change.source
    return words, None
