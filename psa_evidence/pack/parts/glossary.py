"""Words of this pack, and the statuses of the PSA with what each means to the clock."""

from __future__ import annotations

from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Column, Facts, Heading, Part, Table

WORDS = (
    ("Attainment", "Met targets as a share of those judged (met or missed); shown with numerator and denominator."),
    (
        "Bates number",
        "A number on every page. Exhibits and report each have a range of their own, with their own prefix.",
    ),
    ("Capture", "One run that fetched records from the PSA, with every HTTP exchange kept."),
    ("Contract reading", "The clock by the contract's calendar, pauses and first act of a person."),
    ("Digest", "SHA-256 of a file: another file with the same digest is not known to be possible to make."),
    ("Exhibit", "A record shown whole, with all that hangs on it."),
    ("Native", "The bytes of a record as the PSA sent them."),
    ("Not determined", "No verdict, because the records leave it open; counted beside met and missed."),
    ("Open time", "Time within the calendar's hours, holidays taken out."),
    ("Pause", "Time in a status that stops the clock of a stage."),
    ("Plan", "The stage that ends when a plan of resolution is recorded."),
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
    "NotResponded: no person has answered yet. Responded: answered. ResolutionPlan: a plan is made, work goes on. "
    "Resolved: done. NoEscalation: the clock stands still. Where the matter file states pauses, they govern the "
    "contract reading."
)


def part(dossier: Dossier, number: int) -> Part:
    used = {t.status_id for t in dossier.population.tickets} | {
        i for c in dossier.records.changes if c.field == "status" for i in (c.old_id, c.new_id)
    }
    table = Table(
        columns=(Column(title="Board"), Column(title="Status", width=1.5),
        Column(title="Meaning to the clock", width=1.5)),
        rows=tuple(
            (dossier.board_name(s.board_id), s.name, wording.text(s.escalation))
            for s in dossier.records.statuses if s.id in used
        ),
        caption=f"Statuses that tickets of this pack were in, as set when captured. {MEANINGS}",
        empty="No status of these tickets is described by the captured settings.",
    )  # fmt: skip
    return Part(
        id="glossary", number=number, title="Glossary", page_kind="B",
        blocks=(Facts(rows=WORDS), Heading(text="Statuses"), table),
    )  # fmt: skip
