"""Every question that was examined, with its answer and the part that has its rows; and the questions that have no part
of their own, with statements for and against."""

from __future__ import annotations

from psa_evidence.findings import Finding
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts.finding_blocks import NOTHING, PLACED, QUESTIONS, findings_in
from psa_evidence.spi import Block, Heading, Paragraph, Part


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block] = []
    for finding in dossier.findings:
        where = PLACED.get(finding.id, QUESTIONS)
        see = () if where == QUESTIONS or where in dossier.matter.left_out_parts else (where,)
        blocks += [
            Heading(text=finding.title, level=3),
            Paragraph(text=f"{finding.question} {_answer(finding)}", see=see),
        ]
    blocks += findings_in(dossier, QUESTIONS)
    if not blocks:
        blocks = [Paragraph(text="No question was examined.")]
    return Part(id=QUESTIONS, number=number, title="Questions examined", page_kind="B", blocks=tuple(blocks))


def _answer(finding: Finding) -> str:
    if not finding.statements:
        return NOTHING
    text, below = finding.statements[0].text, len(finding.statements) - 1
    return f"{text} {wording.count(below, 'statement')} on single records." if below else text
