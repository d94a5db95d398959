"""Words of this pack, and the statuses of the PSA with what each means to the clock."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Column, Facts, Heading, Part, Table

WORDS = (
    ("Attainment", "The share of judged tickets that met a target; always shown with numerator and denominator."),
    ("Bates number", "A number on every page of the exhibits, unique and in one row."),
    ("Capture", "One run that fetched records from the PSA, with every HTTP exchange kept."),
    ("Contract reading", "The clock by the contract's calendar, pauses and first act of a person."),
    ("Digest", "SHA-256 of a file: another file with the same digest is not known to be possible to make."),
    ("Exhibit", "A record shown whole, with all that hangs on it."),
    ("Native", "The bytes of a record as the PSA sent them."),
    ("Open time", "Time within the calendar's hours, holidays taken out."),
    ("Pause", "Time in a status that stops the clock of a stage."),
    ("Plan", "The stage that ends when a plan of resolution is recorded."),
    ("PSA", "Professional services automation: the provider's ticket, time and billing system."),
    ("Resolution", "The stage that ends when a ticket is recorded as resolved."),
    ("Response", "The stage that ends with the first response; by whom depends on the reading."),
    ("Seal", "The digest over all records of a capture, which the next seal names."),
    ("Strict reading", "The clock with no pause honoured."),
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
        caption="Statuses that tickets of this pack were in, as set when captured.",
        empty="No status of these tickets is described by the captured settings.",
    )  # fmt: skip
    return Part(
        id="glossary", number=number, title="Glossary", page_kind="B",
        blocks=(Facts(rows=WORDS), Heading(text="Statuses"), table),
    )  # fmt: skip
