"""Recommendations and what the client answered, as recorded. Silence is not shown as refusal."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts import named_records
from psa_evidence.pack.parts.chronology import PRINTED, subject
from psa_evidence.pack.parts.finding_blocks import findings_in
from psa_evidence.pack.shortened import Shortener
from psa_evidence.records import Opportunity
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Part, Table

REFUSALS: Final = re.compile(
    r"\b(waive[dr]?s?|declin(?:e[ds]?|ing)|declination|refus(?:als?|e[ds]?|ing)|opt(?:ed|ing|s)?[- ]outs?|"
    r"acknowledg(?:e[ds]?|ements?|ments?|ing)|(?:accept(?:ance|ed|s)?|assum(?:ption|ed|es)) (?:of )?(?:the )?risks?|"
    r"risk accept(?:ance|ed))\b",
    re.IGNORECASE,
)
"""Words of a waiver in a ticket's type and summary, an activity's kind and name, a document's title and file name."""

_WORDS: Final = "waiver, decline, refusal, opt-out, acknowledgement, acceptance of risk, and their other forms"


def part(dossier: Dossier, number: int) -> Part:
    advice = dossier.records.opportunities
    blocks: list[Block]
    if not advice:
        blocks = [Paragraph(text="No recommendation or quote to this client is shown by these records.")]
    else:
        short = Shortener()
        rows: list[tuple[Cell, ...]] = [
            (
                dossier.cell(o.source), wording.local(o.entered_at, dossier.zone), _what(o, short),
                wording.text(o.contact), _answer(dossier, o), wording.local(o.closed_at, dossier.zone),
                _follow_ups(dossier, o),
            )
            for o in advice
        ]  # fmt: skip
        blocks = [
            Paragraph(
                text=f"{wording.count(len(advice), 'recommendation')} recorded before the end of the period. The "
                "answer is the "
                "PSA's status, not a signed statement of the client; 'no answer recorded' does not say that none was "
                "given. The PSA has no field for the risk that was stated, nor for whether an answer was signed, "
                "written or spoken: below each name stands how its notes begin, and beside it what was done after, "
                "by kind; what names a waiver stands at the end of this part."
            ),
            Table(
                columns=(
                    Column(title="Exhibit", width=0.9), Column(title="Entered"),
                    Column(title="What, and how its notes begin", width=3), Column(title="Contact", width=0.8),
                    Column(title="Answer as recorded", width=1.2), Column(title="Closed"),
                    Column(title="Activities, documents", width=1.3),
                ),
                rows=tuple(rows),
                caption=f"n = {len(rows):,}; the same rows stand in data/tables/opportunities.csv.{short.note}",
            ),
        ]  # fmt: skip
    blocks += findings_in(dossier, "recommendations", above=True)
    blocks += _refusals(dossier)
    return Part(
        id="recommendations", number=number, title="Recommendations and answers", page_kind="B", blocks=tuple(blocks)
    )


def _refusals(dossier: Dossier) -> list[Block]:
    """Records whose names speak of a waiver or a refusal; none says by its name that anybody signed."""
    rows = named_records.named(dossier, REFUSALS)
    blocks: list[Block] = [Heading(text="Waivers and refusals by name")]
    if not rows:
        text = f"No ticket, activity or document with one of these words is shown by these records: {_WORDS}."
        return [*blocks, Paragraph(text=text)]
    text = (
        f"Tickets, activities and documents in whose type or name one of these words stands: {_WORDS}. Whether anybody "
        "signed or sent one is for the record itself to show."
    )
    return [*blocks, Paragraph(text=text), named_records.table(rows)]


def _what(opportunity: Opportunity, short: Shortener) -> str:
    notes = subject(opportunity.notes, PRINTED) if opportunity.notes.strip() else "no notes"
    return f"{short(opportunity.name)}\n{notes}"


def _follow_ups(dossier: Dossier, opportunity: Opportunity) -> str:
    """Activities by kind, the last day of one, documents."""
    activities = dossier.activities.get(opportunity.id, ())
    papers = sum(
        d.record_id == opportunity.id and (d.record_type or "").casefold() == "opportunity"
        for d in dossier.records.documents
    )
    if not activities:
        return f"none recorded\n{wording.count(papers, 'document')}"
    kinds = Counter(a.kind or "no kind" for a in activities)
    last = max((a.starts_at for a in activities if a.starts_at is not None), default=None)
    until = "" if last is None else f"; last {last.astimezone(dossier.zone):%Y-%m-%d}"
    counted = ", ".join(f"{kind} {n:,}" for kind, n in sorted(kinds.items()))
    return f"{counted}{until}\n{wording.count(papers, 'document')}"


def _answer(dossier: Dossier, opportunity: Opportunity) -> str:
    if opportunity.won:
        return "accepted"
    if opportunity.lost:
        return f"declined: {opportunity.reason}" if opportunity.reason else "declined, no reason recorded"
    days = (dossier.as_of - opportunity.entered_at).days if opportunity.entered_at else 0
    after = f" after {wording.count(days, 'day')}" if days > 0 else ""
    return f"no answer recorded{after}" + (f" (status {opportunity.status})" if opportunity.status else "")
