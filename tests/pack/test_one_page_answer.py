"""The one-page answer is one page, and each of its sentences says where its proof stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from psa_evidence.matter import NO_DATE, OTHER_AGREEMENT, Contract
from psa_evidence.pack.content import content_of
from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import one_page_answer
from psa_evidence.pack.parts.one_page_answer import FEW_CITES, MAX_CITES
from psa_evidence.sla.results import StageResult
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
    captures = tuple(
        replace(c, state=state, facts={**c.facts, **UNLISTED})
        for c in dossier.captures
        for state in ("partial", "partial", "failed")
    )
    client = replace(dossier.client, name=LONG)
    findings = []
    for finding in dossier.findings:
        first = finding.statements[0]
        below = tuple(
            replace(first, adverse=True, sources=(t.source,)) for t in dossier.population.tickets
        )  # fmt: skip
        findings.append(replace(finding, statements=(first, *below)))
    return replace(
        dossier, records=records, captures=captures, client=client, findings=tuple(findings),
        matter=replace(dossier.matter, agreement=LONG),
        left_out=(("ticket", NO_DATE, 7), ("ticket", OTHER_AGREEMENT, 12)),
    )  # fmt: skip


@pytest.mark.parametrize("paper", ["us-letter", "a4"])
@pytest.mark.parametrize("full", [False, True], ids=["plain", "crowded"])
def test_it_is_one_page(dossier, paper, full):
    content = content_of(crowded(dossier) if full else dossier, Silent())
    pages = PdfExporter().paginate(replace(content, paper=paper), Silent())
    first, last = pages.parts["answer"]
    assert first == last


def test_a_capture_that_failed_is_not_said_to_have_missed_nothing(dossier):
    """It ended before it had asked: it has no list of what did not come."""
    failed = replace(dossier, captures=tuple(replace(c, state="failed") for c in dossier.captures))
    for one, early in ((dossier, False), (failed, True)):
        parts = {p.id: repr(p) for p in content_of(one, Silent()).parts}
        assert ("The captures record nothing that was asked for and did not come, and" in parts["answer"]) is not early
        assert ("As far as they got, the captures record 0 entries" in parts["answer"]) is early
        for part in ("answer", "scope"):
            assert ("The capture that failed ended before all was asked for" in parts[part]) is early


def test_an_sla_whose_targets_are_not_known_is_not_said_to_be_used(dossier):
    bare = tuple(
        r._replace(results=tuple(
            StageResult(x.ticket_id, x.stage, x.reading, "not determined", "x", x.priority, x.policy) for x in r.results
        )) for r in dossier.results
    )  # fmt: skip
    dossier = replace(dossier, matter=replace(dossier.matter, contract=None))
    for one, used in ((dossier, True), (replace(dossier, results=bare), False)):
        answer = next(repr(p) for p in content_of(one, Silent()).parts if p.id == "answer")
        assert "these tickets stand under the SLA 'Gold'" in answer
        assert ("whose targets are used" in answer) is used


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


@pytest.mark.parametrize("name", ["waiting", "late-entries", "edits", "declined-advice", "unpaid-invoices"])
def test_what_a_dispute_always_asks_is_answered_also_when_nothing_speaks_against_the_provider(dossier, name):
    """A met target may rest on pauses; records made at the time are told from others by when they were typed in."""
    quiet = tuple(
        replace(f, statements=tuple(replace(s, adverse=False) for s in f.statements)) for f in dossier.findings
    )  # fmt: skip
    [finding] = [f for f in quiet if f.id == name]
    blocks = one_page_answer.part(replace(dossier, findings=quiet), 2).blocks
    assert finding.statements[0].text in [b.text for b in blocks if isinstance(b, Paragraph)]
