"""The chronology as dated facts, for programs that keep one: tickets, messages, activities, documents, missed targets,
statements."""

from __future__ import annotations

from collections.abc import Iterator

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.missed import misses
from psa_evidence.pack.parts.chronology import side, subject
from psa_evidence.spi import Event


def events(dossier: Dossier) -> tuple[Event, ...]:
    """By time, then by key. What has no time of its own is in the exhibits and tables, and no event."""
    made = [
        *_tickets(dossier), *_messages(dossier), *_activities(dossier), *_documents(dossier), *_missed(dossier),
        *_statements(dossier),
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda e: (e.at, e.key, e.topic, e.text)))


def _tickets(dossier: Dossier) -> Iterator[Event]:
    for t in dossier.population.tickets:
        people = tuple(n for n in (t.contact_name, t.entered_by) if n)
        exhibit = dossier.exhibit_of.get(t.source.key)
        if t.entered_at is not None:
            yield Event(
                at=t.entered_at, text=f"Ticket {t.id} was entered: {subject(t.summary)}", exhibit=exhibit,
                key=t.source.key, people=people, topic="ticket entered",
            )  # fmt: skip
        if t.closed_at is not None:
            yield Event(
                at=t.closed_at, text=f"Ticket {t.id} was closed, as the PSA records it.", exhibit=exhibit,
                key=t.source.key, topic="ticket closed",
            )  # fmt: skip


def _messages(dossier: Dossier) -> Iterator[Event]:
    for m in dossier.records.messages:
        if m.at is not None:
            yield Event(
                at=m.at, text=f"Ticket {m.ticket_id}, {wording.text(m.author)} wrote: {subject(m.text)}",
                exhibit=dossier.exhibit_of.get(m.source.key), key=m.source.key,
                people=(m.author,) if m.author else (), side=side(m), topic="message",
                to=(way := dossier.conveyed[m.source.key]).to, channel=way.channel,
            )  # fmt: skip


def _activities(dossier: Dossier) -> Iterator[Event]:
    """Calls, meetings, letters: what they were about is their name."""
    for a in dossier.records.activities:
        if a.starts_at is not None:
            yield Event(
                at=a.starts_at, text=f"{a.kind or 'Activity'}: {subject(a.name)}",
                exhibit=dossier.exhibit_of.get(a.source.key), key=a.source.key,
                people=tuple(name for name in (a.member, a.contact) if name), topic="activity",
            )  # fmt: skip


def _documents(dossier: Dossier) -> Iterator[Event]:
    """When a document came into the PSA, which need not be its own date."""
    for d in dossier.records.documents:
        if d.entered_at is not None:
            yield Event(
                at=d.entered_at, text=f"A document was added: {subject(d.title or wording.text(d.file_name))}",
                exhibit=dossier.exhibit_of.get(d.source.key), key=d.source.key,
                people=(d.entered_by,) if d.entered_by else (), topic="document added",
            )  # fmt: skip


def _missed(dossier: Dossier) -> Iterator[Event]:
    for miss in misses(dossier, "contract"):
        if miss.result.due_at is not None:
            yield Event(
                at=miss.result.due_at,
                text=f"Ticket {miss.ticket.id}: the {miss.result.stage} target was due and missed (contract reading).",
                exhibit=dossier.exhibit_of.get(miss.ticket.source.key), key=miss.ticket.source.key,
                topic="target missed",
            )  # fmt: skip


def _statements(dossier: Dossier) -> Iterator[Event]:
    for finding in dossier.findings:
        for s in finding.statements:
            if s.at is not None:
                exhibit = next((e for x in s.sources if (e := dossier.exhibit_of.get(x.key))), None)
                key = s.sources[0].key if s.sources else ""
                yield Event(at=s.at, text=s.text, exhibit=exhibit, key=key, topic=finding.title)
