"""The one-page answer is one page, and each of its sentences says where its proof stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from psa_evidence.matter import Contract
from psa_evidence.pack.content import content_of
from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts.one_page_answer import FEW_CITES, MAX_CITES
from psa_evidence.spi import Paragraph, Silent
from psa_evidence_pdf import PdfExporter

LONG = "Managed Services All-Inclusive with Extended Hours, On-Site Visits and Third-Party Software, Gold " * 3

UNLISTED = {"ticket_numbers_first": 1, "ticket_numbers_last": 9999, "ticket_numbers_in_no_list": 1234}


@pytest.fixture
def dossier(vault, connector, matter):
    contract = Contract(reference=LONG)
    return gather(
        replace(matter, contract=contract), vault, connector, software="psa-evidence 0.test", progress=Silent()
    ).dossier


def crowded(dossier):
    """Long names, many agreements of which none is shown to be in force, all captures partial, numbers in no list:
    everything that the page may have to say, said at length."""
    agreements = tuple(replace(a, name=LONG, start=None) for a in dossier.records.agreements * 9)
    records = replace(dossier.records, agreements=agreements)
    captures = tuple(replace(c, state="partial", facts={**c.facts, **UNLISTED}) for c in dossier.captures * 4)
    client = replace(dossier.client, name=LONG)
    findings = []
    for finding in dossier.findings:
        first = finding.statements[0]
        below = tuple(
            replace(first, adverse=True, sources=(t.source,)) for t in dossier.population.tickets
        )  # fmt: skip
        findings.append(replace(finding, statements=(first, *below)))
    return replace(dossier, records=records, captures=captures, client=client, findings=tuple(findings))


@pytest.mark.parametrize("paper", ["us-letter", "a4"])
@pytest.mark.parametrize("full", [False, True], ids=["plain", "crowded"])
def test_it_is_one_page(dossier, paper, full):
    content = content_of(crowded(dossier) if full else dossier, Silent())
    pages = PdfExporter().paginate(replace(content, paper=paper), Silent())
    first, last = pages.parts["answer"]
    assert first == last


def test_every_sentence_leads_to_its_rows_or_exhibits(dossier):
    content = content_of(crowded(dossier), Silent())
    answer = next(p for p in content.parts if p.id == "answer")
    parts = {p.id for p in content.parts}
    sentences = [b for b in answer.blocks if isinstance(b, Paragraph) and b.style != "notice"]
    assert len(sentences) > 12
    assert {"agreement then in force", "in no list of the PSA"} <= {
        words for s in sentences for words in ("agreement then in force", "in no list of the PSA") if words in s.text
    }
    for sentence in sentences:
        assert sentence.see or sentence.cites, sentence.text
        assert set(sentence.see) <= parts
        assert len(sentence.cites) <= max(MAX_CITES, FEW_CITES)


def test_it_leads_to_no_part_that_the_matter_leaves_out(dossier):
    dossier = replace(dossier, matter=replace(dossier.matter, left_out_parts=("breaches", "waiting")))
    content = content_of(dossier, Silent())
    led = {part for p in content.parts for b in p.blocks if isinstance(b, Paragraph) for part in b.see}
    assert led
    assert led <= {p.id for p in content.parts}
