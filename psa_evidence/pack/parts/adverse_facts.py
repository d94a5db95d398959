"""For counsel alone: every adverse statement in one place, and internal notes with words that are quoted in court."""

from __future__ import annotations

import re
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.missed import misses
from psa_evidence.pack.parts import agreements_in_force, named_records, recommendations, unlisted_numbers
from psa_evidence.pack.parts.cover import ADVERSE
from psa_evidence.pack.parts.finding_blocks import PLACED, QUESTIONS
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Part, Table

TITLE: Final = "Facts that hurt"
WORDS: Final = (
    "apologise", "apologize", "apologies", "sorry", "mistake", "my fault", "our fault", "my bad", "our error",
    "forgot", "forgotten", "overlooked", "should have", "failed to", "not done", "never done", "too late", "ignored",
    "not our problem", "blame", "cover ourselves", "backdate", "back-date",
)  # fmt: skip
"""Looked for as whole words in internal notes. What they mean in their place is for counsel to read."""

AROUND: Final = 120
"""Letters printed on either side of the word."""

SHOWN: Final = 200

OF_EACH: Final = 10
"""Statements of a question printed here; the part that the heading names has all."""

_WORD: Final = re.compile(r"\b(" + "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in WORDS) + r")\b", re.IGNORECASE)


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block] = [
        Paragraph(
            text="For counsel only: this part is in no other copy. The facts themselves, so far as a copy shows the "
            "records, stand in every copy; here they stand together.",
            style="notice",
        ),
        Heading(text="Internal notes with listed words"),
        _notes(dossier),
        Paragraph(text=f"Words looked for: {', '.join(WORDS)}. No other wording was looked for.", style="small"),
        Heading(text="Targets missed"),
        Paragraph(text=_missed(dossier), see=tuple({"breaches"} - set(dossier.matter.left_out_parts))),
        *_statements(dossier),
        *_elsewhere(dossier),
    ]
    return Part(id=ADVERSE, number=number, title=TITLE, page_kind="B", blocks=tuple(blocks), alone=True)


def _notes(dossier: Dossier) -> Table:
    texts = [(m.source, m.at, m.author, m.text) for m in dossier.records.messages if m.internal is True]
    texts += [(e.source, e.entered_at, e.member, e.internal_notes) for e in dossier.records.time_entries]
    rows: list[tuple[Cell, ...]] = [
        (
            dossier.cell(source), wording.local(at, dossier.zone), wording.text(author), match[1],
            _around(text, match),
        )
        for source, at, author, text in texts if (match := _WORD.search(text))
    ]  # fmt: skip
    return Table(
        columns=(
            Column(title="Exhibit"), Column(title="When", width=1.3), Column(title="Author"), Column(title="Word"),
            Column(title="In its place", width=3.5),
        ),
        rows=tuple(rows[:SHOWN]),
        caption=f"{min(len(rows), SHOWN):,} of {len(rows):,} shown.",
        empty="No internal note of these records has one of the words.",
    )  # fmt: skip


def _around(text: str, match: re.Match[str]) -> str:
    start, end = max(0, match.start() - AROUND), match.end() + AROUND
    return ("..." if start else "") + " ".join(text[start:end].split()) + ("..." if end < len(text) else "")


def _missed(dossier: Dossier) -> str:
    missed = misses(dossier, "contract")
    tickets = {m.ticket.id for m in missed}
    return (
        f"{wording.count(len(missed), 'target')} of {wording.count(len(tickets), 'ticket')} missed by the contract "
        "reading; the part on missed targets lists each."
    )


def _statements(dossier: Dossier) -> list[Block]:
    blocks: list[Block] = []
    for finding in dossier.findings:
        adverse = [s for s in finding.statements if s.adverse]
        if not adverse:
            continue
        where = PLACED.get(finding.id, QUESTIONS)
        shown = adverse[:OF_EACH]
        blocks += [
            Heading(text=finding.title),
            Paragraph(
                text=f"{wording.count(len(adverse), 'adverse statement')}. {finding.statements[0].text}",
                see=tuple({where} - set(dossier.matter.left_out_parts)),
            ),
            Table(
                columns=(
                    Column(title="When", width=1.3), Column(title="Statement", width=4.6),
                    Column(title="Proof", width=1.1),
                ),
                rows=tuple(
                    (
                        "-" if s.at is None else wording.local(s.at, dossier.zone), s.text,
                        next(iter(dossier.cites(s.sources)), "-"),
                    )
                    for s in shown
                ),
                caption=f"{len(shown):,} of {len(adverse):,} shown; all stand in data/tables/findings.csv.",
            ),
        ]  # fmt: skip
    if not blocks:
        blocks = [Paragraph(text="The questions examined found no adverse statement in these records.")]
    return blocks


def _elsewhere(dossier: Dossier) -> list[Block]:
    """What no question asks and another part says: numbers in no list, tickets under no agreement, waivers by name."""
    told = [*unlisted_numbers.sentence(dossier), *agreements_in_force.outside(dossier)]
    named = len(named_records.named(dossier, recommendations.REFUSALS))
    if named:
        text = (
            f"{wording.count(named, 'ticket, activity or document', 'tickets, activities and documents')} "
            f"{'has' if named == 1 else 'have'} a waiver or a refusal in the name; whether one was signed is for the "
            "record itself to show."
        )
        told.append(Paragraph(text=text, see=dossier.see("recommendations")))
    return [Heading(text="Said in other parts"), *told] if told else []
