"""Words of this pack, and the statuses and priorities of the PSA: what they mean to the clock, when they changed."""

from __future__ import annotations

from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import Priority, Status
from psa_evidence.spi import Column, Facts, Heading, Part, Table

WORDS = (
    ("Activity", "A call, meeting, letter or e-mail that the PSA keeps outside tickets, or beside one."),
    ("Addition", "A service or product that is billed with an agreement, from a day to a day."),
    ("Agreement", "What the PSA bills and counts under; it is no contract, and says no more than its fields."),
    ("Attainment", "Met targets as a share of those judged (met or missed); shown with numerator and denominator."),
    (
        "Bates number",
        "A number on every page. Exhibits and report each have a range of their own, with their own prefix.",
    ),
    ("Capture", "One run that fetched records from the PSA, with every HTTP exchange kept."),
    (
        "Contract reading",
        "The clock by what the matter file states, else by the PSA's settings; a person responds.",
    ),
    ("Digest", "SHA-256 of a file: another file with the same digest is not known to be possible to make."),
    ("Exhibit", "A record shown whole, with all that hangs on it."),
    ("Key", "The account by which the PSA's API was read; what it may not see is not here."),
    (
        "Matter file",
        "What whoever prepared this pack entered: parties, period, contract terms. It is no record of the PSA.",
    ),
    ("Native", "The bytes of a record as the PSA sent them."),
    ("Not determined", "No verdict, because the records leave it open; counted beside met and missed."),
    ("Open time", "Time within the calendar's hours, holidays taken out."),
    ("Pause", "Time in a status that stops the clock of a stage."),
    ("Plan", "The stage that ends when a plan of resolution is recorded."),
    ("Population", "The tickets that figures are made of: of this client, entered in the period."),
    ("Promised share", "The share of judged tickets that is to meet a target; whose promise it is stands with it."),
    ("Provider", "The managed service provider (MSP), whose PSA these records come from; 'msp' marks its side."),
    ("PSA", "Professional services automation: the provider's ticket, time and billing system."),
    ("PSA's own figure", "What the PSA itself recorded for a stage; copied, not computed."),
    ("Reading", "One of three ways to run the clock: the contract's, the strict one, the PSA's own figure."),
    ("Resolution", "The stage that ends when a ticket is recorded as resolved."),
    ("Response", "The stage that ends with the first response; by whom depends on the reading."),
    ("Seal", "The digest over all records of a capture, which the next seal names."),
    ("Strict reading", "The clock with no pause honoured."),
)

MEANINGS: Final = (
    "What the PSA takes a status for. NotResponded: not answered yet. Responded: answered, by whomever; the contract "
    "reading asks for a person's act. ResolutionPlan: a plan is made, work goes on. "
    "Resolved: done. NoEscalation: the clock stands still. Where the matter file states pauses, they govern the "
    "contract reading."
)

CHANGED: Final = (
    "Last changed is what the record says of any of its fields; what a field was before shows only where two captures "
    "differ."
)


def part(dossier: Dossier, number: int) -> Part:
    used = {t.status_id for t in dossier.population.tickets} | {
        i for c in dossier.records.changes if c.field == "status" for i in (c.old_id, c.new_id)
    }
    statuses = Table(
        columns=(
            Column(title="Board", width=0.8), Column(title="Status", width=1.3),
            Column(title="Meaning to the clock", width=1.1), *_changes(dossier),
        ),
        rows=tuple(
            (dossier.board_name(s.board_id), s.name, wording.text(s.escalation), *_changed(dossier, s))
            for s in dossier.records.statuses if s.id in used
        ),
        caption=f"Statuses that tickets of this pack were in, as set when captured. {MEANINGS} {CHANGED}",
        empty="No status of these tickets is described by the captured settings.",
    )  # fmt: skip
    priorities = Table(
        columns=(
            Column(title="Order", align="right", width=0), Column(title="Priority", width=1.4),
            Column(title="Level", width=0.8), *_changes(dossier),
        ),
        rows=tuple(
            (wording.NONE if p.sort is None else str(p.sort), p.name, wording.text(p.level), *_changed(dossier, p))
            for p in sorted(dossier.records.priorities, key=lambda p: (p.sort is None, p.sort or 0, p.name))
        ),
        empty="No priority was captured.",
    )  # fmt: skip
    return Part(
        id="glossary", number=number, title="Glossary", page_kind="B",
        blocks=(
            Facts(rows=WORDS), Heading(text="Statuses"), statuses, Heading(text="Priorities"), priorities,
        ),
    )  # fmt: skip


def _changes(dossier: Dossier) -> tuple[Column, ...]:
    """Of one capture alone nothing can be compared."""
    last = Column(title="Last changed", width=1.9)
    return (last,) if len(dossier.captures) < 2 else (last, Column(title="Between captures", width=1.5))


def _changed(dossier: Dossier, setting: Status | Priority) -> tuple[str, ...]:
    """When the record says it was last edited and by whom, and how it differed from one capture to the next."""
    by = f" by {setting.updated_by}" if setting.updated_by else ""
    last = f"{wording.local(setting.updated_at, dossier.zone)}{by}" if setting.updated_at else wording.NONE
    if len(dossier.captures) < 2:
        return (last,)
    rows = [row for row in dossier.record_changes if row.key == setting.source.key]
    told = [f"{r.field or r.what}: {r.old or '-'} to {r.new or '-'}, seen {wording.utc(r.after)[:10]}" for r in rows]
    return last, "\n".join(told) or "no change seen"
