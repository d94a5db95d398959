"""From a clause to what came of it: the contract's part, each miss with its clause and its credit, the index."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from psa_evidence.matter import Clauses, Contract, CopyRules, Promise, Rule
from psa_evidence.pack.clock_statement import clock_statement
from psa_evidence.pack.content import content_of
from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import attainment, breaches, contract, exhibit_index, glossary
from psa_evidence.pack.parts.clause_map import NO_CONTRACT
from psa_evidence.pack.tables import tables
from psa_evidence.records import Goal
from psa_evidence.spi import Cite, Paragraph, Silent, Table, Verbatim
from psa_evidence.vault import Vault

STATED = Contract(
    goals=(("Priority 1", Goal(response=3600, resolution=14400, response_percent=90)),),
    pauses=(("response", ()), ("plan", ()), ("resolution", ("Waiting on client",))),
    clauses=Clauses(
        terms=(("pauses", "B.4"),), goals=(("Priority 1", "response", "B.2"), ("Priority 1", "resolution", "B.3"))
    ),
    remedies=(Promise(clause="B.6", text="A credit of 5 % <b>on request</b>."),),
    currency="EUR",
)


@pytest.fixture(scope="module")
def read(matter, connector):
    def run(vault, stated=None, **more):
        chosen = replace(matter, contract=stated, **more)
        return gather(chosen, vault, connector, software="test", progress=Silent()).dossier

    return run


@pytest.fixture(scope="module")
def story(filled, tmp_path_factory):
    """The vault of the story, for all tests here: none of them writes to it."""
    return Vault.open(shutil.copytree(filled, tmp_path_factory.mktemp("story") / "vault"))


@pytest.fixture(scope="module")
def plain(story, read):
    """Of a matter without a contract."""
    return read(story)


@pytest.fixture(scope="module")
def stated(story, read):
    return read(story, STATED)


def table(part, *titles):
    """The first table of a part that has these columns, as dictionaries."""
    for block in part.blocks:
        if isinstance(block, Table) and {c.title for c in block.columns} >= set(titles):
            return [dict(zip((c.title for c in block.columns), row, strict=True)) for row in block.rows]
    return []


def every_row(part):
    """Of all tables of a part, as dictionaries."""
    return [
        dict(zip((c.title for c in block.columns), row, strict=True))
        for block in part.blocks if isinstance(block, Table) for row in block.rows
    ]  # fmt: skip


def said(part):
    return " ".join(block.text for block in part.blocks if isinstance(block, Paragraph))


def csv_of(dossier, name):
    (found,) = [one for one in tables(dossier) if one.name == name]
    return [dict(zip((c for c, _ in found.columns), row, strict=True)) for row in found.rows]


def test_a_clause_leads_to_what_came_of_it(stated):
    dossier = stated
    rows = table(contract.part(dossier, 6), "Clause", "How it is measured")
    by_clause = {row["Clause"]: row for row in rows}
    assert by_clause["B.2"]["What it promises"] == "Priority 1: response 1 h (90 %)"
    assert "less the pauses of the matter file" in by_clause["B.2"]["How it is measured"]
    for clause, stage in (("B.2", "response"), ("B.3", "resolution")):
        verdicts = [r.verdict for _, r in dossier.stage_results("contract") if r.stage == stage]
        assert by_clause[clause]["Result: met / judged"] == f"{stage} {verdicts.count('met')}/{len(verdicts)}"
    assert "statuses that stop the clock" in by_clause["B.4"]["What it promises"]
    open_ = by_clause["no clause stated"]
    assert open_["What it promises"] == "targets of the PSA's settings (Priority 1: plan)", "stated by nobody"


def test_each_judged_stage_stands_under_one_clause(story, stated, read):
    """Whichever way the matter file states its targets, the results of the map are all the results there are."""
    any_other = replace(STATED, goals=(("*", Goal(plan=60)),), clauses=Clauses())
    for dossier in (stated, read(story, any_other)):
        rows = table(contract.part(dossier, 6), "Clause", "How it is measured")
        judged = sum(
            int(line.rpartition("/")[2])
            for row in rows for line in row["Result: met / judged"].split("\n") if "/" in line
        )  # fmt: skip
        assert judged == sum(r.verdict in {"met", "missed"} for _, r in dossier.stage_results("contract"))


def test_a_term_without_a_clause_says_so(stated):
    """Clauses are no part of what is judged: the same results under none."""
    unnamed = replace(stated, matter=replace(stated.matter, contract=replace(STATED, clauses=Clauses())))
    rows = table(contract.part(unnamed, 6), "Clause", "How it is measured")
    assert {row["Clause"] for row in rows} == {"no clause stated"}


def test_without_a_contract_one_line_says_so(plain):
    part = contract.part(plain, 6)
    assert NO_CONTRACT in said(part)
    assert table(part, "Clause", "How it is measured") == []
    assert "quotes no clause on: remedies and credits, exclusions, duties of the client, other promises." in said(part)


def test_what_is_quoted_is_printed_as_it_was_typed_and_the_rest_is_said_to_lack(stated):
    part = contract.part(stated, 6)
    quoted = {block.label: block.text for block in part.blocks if isinstance(block, Verbatim)}
    assert quoted == {"Remedies and credits: clause B.6": "A credit of 5 % <b>on request</b>."}
    assert "quotes no clause on: exclusions, duties of the client, other promises." in said(part)


def test_amounts_bear_the_currency_of_the_record_or_else_the_one_stated(stated, psa, empty_vault, read):
    def told(dossier):
        block = next(b for b in contract.part(dossier, 6).blocks if isinstance(b, Table))
        return block.rows[0][-1], block.caption

    amount, caption = told(stated)
    assert amount == "1,000.00"
    assert "it records no currency; the matter file states EUR." in caption
    agreement = next(row for row in psa.rows if row[0] == "agreement")
    agreement[2]["currency"] = {"id": 7, "name": "US Dollar", "currencyCode": "USD"}
    psa.fill(empty_vault)
    dossier = read(empty_vault, STATED)
    assert told(dossier) == ("1,000.00 USD", "Amount and currency as the PSA records them.")
    assert csv_of(dossier, "agreements")[0]["currency"] == "USD"


@pytest.fixture
def with_paper(psa, empty_vault):
    """A signed agreement as the file's title has it; a second agreement without any paper."""
    psa.add("document", {
        "id": 90, "title": "MSA (signed)", "fileName": "msa.pdf", "size": 4,
        "_info": {"dateEntered": "2024-01-02T15:00:00Z", "enteredBy": "hwells"},
    }, client="10", parent="agreement/50")  # fmt: skip
    psa.add("attachment", b"%PDF", id="90", client="10", parent="document/90")
    psa.add("agreement", {
        "id": 51, "name": "Backup", "company": {"id": 10}, "startDate": "2024-01-01T00:00:00Z",
    }, client="10")  # fmt: skip
    psa.fill(empty_vault)
    return empty_vault


def test_documents_handed_over_have_their_digest_and_nobody_says_that_they_are_signed(with_paper, read):
    dossier = read(with_paper, replace(STATED, signature="signed by both on 2 January 2024"))
    part = contract.part(dossier, 6)
    (row,) = table(part, "Document and file", "SHA-256")
    assert row["Document and file"] == "MSA (signed)\nmsa.pdf"
    assert row["SHA-256"] == dossier.native["attachment/90"].sha256
    assert row["Signed"] == "not shown"
    assert isinstance(row["Exhibit"], Cite)
    assert row["Added"].endswith("by hwells")
    assert "No document of these agreements is shown: Backup." in said(part)
    assert "The matter file states: “signed by both on 2 January 2024”." in said(part)
    silent = replace(dossier, matter=replace(dossier.matter, contract=STATED))
    assert "does not state who signed" in said(contract.part(silent, 6))


def test_a_paper_that_a_copy_withholds_is_not_said_to_lack(with_paper, read):
    rules = CopyRules(withhold=(Rule(reason="not relevant", records=("document/90", "attachment/90")),))
    part = contract.part(read(with_paper, STATED, copy="production", copies=(("production", rules),)), 6)
    assert "No document of these agreements is in this copy" in said(part)
    assert "This copy withholds 2 documents or their bytes." in said(part)


def test_a_miss_names_its_clause_and_its_instants_in_both_zones(stated):
    dossier = stated
    rows = table(breaches.part(dossier, 8), "Cause as recorded then")
    row = next(r for r in rows if r["Ticket"] == "1002" and r["Stage, target"].startswith("response"))
    assert row["Stage, target"] == "response\n1 h\nclause B.2"
    assert row["Due, overrun"] == "2025-03-05 11:00:00 -05:00\n2025-03-05T16:00:00Z\n+40 min"
    assert "2025-03-05 11:40:00 -05:00 (2025-03-05T16:40:00Z)" in row["Cure: when and how met; credit"]
    in_csv = {(r["ticket"], r["stage"], r["reading"]): r["clause"] for r in csv_of(dossier, "breaches")}
    assert in_csv["1002", "response", "contract"] == in_csv["1002", "response", "strict"] == "B.2"
    assert in_csv["1002", "response", "psa"] == "", "the PSA's own figure is judged by the PSA's target"


def test_without_clauses_the_part_says_so_once(plain):
    part = breaches.part(plain, 8)
    assert "names no clause of a contract for these targets" in said(part)
    assert not any("clause" in row["Stage, target"] for row in table(part, "Cause as recorded then"))


def test_what_the_contract_reading_told_is_not_told_again(stated):
    """The strict reading misses the same target at the same instant: its cause and cure are those above."""
    part = breaches.part(stated, 8)
    (strict,) = [b for b in part.blocks if isinstance(b, Table) and b.caption.startswith("By the strict reading")]
    rows = {(row[1], row[2].split("\n")[0]): row for row in strict.rows}
    assert rows["1002", "response"][-2:] == ("as above", "as above")
    assert "as above" not in str(rows["1003", "resolution"][-2:]), "missed by the strict reading alone"


CREDITS = {
    "applied": {"type": "CreditMemo", "applyToType": "Ticket", "applyToId": 1002},
    "reference": {"type": "CreditMemo", "reference": "SLA credit, ticket #1002"},
    "comment": {"type": "Standard", "topComment": "We are sorry about 1002."},
}


@pytest.fixture
def credited(psa, empty_vault, read):
    def run(**more):
        psa.add("invoice", {
            "id": 41, "invoiceNumber": "CM-41", "company": {"id": 10}, "date": "2025-04-01T00:00:00Z", "total": -100.0,
            "currency": {"name": "Euro", "currencyCode": "EUR"}, **more,
        }, client="10", at=datetime.fromisoformat("2025-04-01T00:00:00+00:00"))  # fmt: skip
        psa.fill(empty_vault)
        return read(empty_vault, STATED)

    return run


@pytest.mark.parametrize("way", CREDITS)
def test_a_credit_that_names_the_ticket_stands_beside_its_misses(credited, way):
    dossier = credited(**CREDITS[way])
    part = breaches.part(dossier, 8)
    kind = CREDITS[way]["type"]
    words = f"{kind} CM-41 of 2025-04-01, -100.00 EUR (exhibit I-41)"
    rows = table(part, "Cause as recorded then")
    assert {row["Ticket"] for row in rows if words in row["Cure: when and how met; credit"]} == {"1002"}
    assert any(cite.exhibit == "I-41" for b in part.blocks if isinstance(b, Paragraph) for cite in b.cites)
    found = {(r["ticket"], r["credit"], r["credit_records"]) for r in csv_of(dossier, "breaches")}
    assert ("1002", words, "invoice/41") in found
    assert ("1003", "", "") in found
    assert any("no credit is recorded" in row["Cure: when and how met; credit"] for row in every_row(part))


@pytest.mark.parametrize(
    "more",
    [
        {"type": "CreditMemo", "reference": "Credit of 1002.50 for March"},
        {"type": "CreditMemo", "reference": "Ticket 10021"},
        {"type": "Standard", "reference": "Work on ticket 1002", "total": 100.0},
        {"type": "CreditMemo", "applyToType": "Project", "applyToId": 1002},
    ],
    ids=["an amount", "a longer number", "a bill", "another thing of the number"],
)
def test_what_only_looks_like_a_credit_for_the_ticket_is_none(credited, more):
    dossier = credited(**more)
    assert {r["credit"] for r in csv_of(dossier, "breaches")} == {""}
    assert "0 name a ticket of this part: for every target below no credit is recorded." in said(
        breaches.part(dossier, 8)
    )


def test_an_adjustment_may_be_a_credit(psa, empty_vault, read):
    psa.add("adjustment", {
        "id": 9, "agreementId": 50, "amount": 2.0, "description": "Two hours given back for 1002",
        "effectiveDate": "2025-04-02T00:00:00Z",
    }, client="10", parent="agreement/50")  # fmt: skip
    psa.fill(empty_vault)
    found = {r["credit"] for r in csv_of(read(empty_vault), "breaches") if r["ticket"] == "1002"}
    assert found == {"adjustment 9 of 2025-04-02, 2.00 in the units of Managed (exhibit A-50)"}


def test_a_copy_that_withholds_invoices_does_not_say_that_no_credit_is_recorded(story, read):
    rules = CopyRules(withhold=(Rule(reason="not relevant", kinds=("invoice",)),))
    dossier = read(story, STATED, copy="production", copies=(("production", rules),))
    told = said(breaches.part(dossier, 8))
    assert "for every target below no credit is shown by this copy." in told
    assert "This copy withholds 1 invoice or adjustment." in told


def test_attainment_counts_the_stages_that_were_paused_and_says_what_it_sums_up(plain):
    dossier = plain
    part = attainment.part(dossier, 7)
    rows = {(r["Stage"], r["Reading"]): r["paused"] for r in table(part, "Reading", "paused")}
    truth = sum(bool(r.paused_seconds) for _, r in dossier.stage_results("contract") if r.stage == "resolution")
    assert rows["resolution", "contract reading"] == str(truth) == "1"
    assert rows["resolution", "strict reading (no pause)"] == "0"
    in_csv = csv_of(dossier, "attainment")
    assert sum(int(r["paused"]) for r in in_csv if (r["stage"], r["reading"]) == ("resolution", "contract")) == truth
    named = next(b for b in part.blocks if isinstance(b, Paragraph) and b.text.startswith("FRE 1006 summary of 3"))
    assert [c.exhibit for c in named.cites] == ["T-1001", "T-1003"]
    assert named.cites[1].whole


def test_the_index_names_who_asked_who_typed_it_in_and_what_it_is_made_of(plain):
    dossier = plain
    content = content_of(dossier, Silent())
    part = next(p for p in content.parts if p.id == "exhibit-index")
    rows = {row["Exhibit, date"].split("\n")[0]: row for row in table(part, "Made by; records")}
    assert rows.keys() == {e.id for e in content.exhibits}
    assert rows["T-1001"]["Description, author"] == "Printer\nfor not recorded; entered by tbell"
    assert rows["T-1001"]["Exhibit, date"] == "T-1001\n2025-03-04"
    native = dossier.native["ticket/1001"]
    assert rows["T-1001"]["Native and its SHA-256"].split("\n")[0] == "ticket/1001.json"
    assert "".join(rows["T-1001"]["Native and its SHA-256"].split("\n")[1:]) == native.sha256
    assert rows["T-1001"]["Made by; records"].split("\n")[0] == "P C S X", "work of ours, a note of theirs"
    assert rows["A-50"]["Description, author"].endswith("\nentered by tbell")
    assert rows["A-50"]["Made by; records"].split("\n")[0] == "P S"
    marks = {mark for row in rows.values() for mark in row["Made by; records"].split("\n")[0].split()}
    assert marks <= {mark for mark, _, _ in exhibit_index.MADE_BY}


def test_the_index_counts_the_records_that_have_no_page(plain, empty_vault, read, new_psa):
    """A client and a member, whom no exhibit lays out: their rows in natives.csv cite nothing."""
    said = exhibit_index.part(plain, 9).blocks[-1].text
    rows = csv_of(plain, "natives")
    assert f"Of {len(rows):,} source records in this pack 2 stand in no exhibit (client 1, member 1)." in said
    assert "earlier versions" not in said
    table = next(t for t in content_of(plain, Silent()).tables if t.name == "natives")
    cited = dict(zip((row[0] for row in table.rows), table.exhibits, strict=True))
    assert sorted(key for key, exhibit in cited.items() if exhibit is None) == ["client/10", "member/5"]
    new_psa().story().fill(empty_vault)
    psa = new_psa().story()
    psa.rows = [
        (kind, id_, {**row, "summary": "Printer again"} if (kind, id_) == ("ticket", "1001") else row, *more)
        for kind, id_, row, *more in psa.rows
    ]
    psa.fill(empty_vault, start=datetime(2025, 8, 1, tzinfo=UTC))
    said = exhibit_index.part(read(empty_vault), 9).blocks[-1].text
    assert said.endswith("Nor does an exhibit show earlier versions of records; the pack brings 1.")


def test_the_glossary_says_when_a_status_and_a_priority_changed(psa, new_psa, empty_vault, read, start):
    stamped = {"lastUpdated": "2024-10-01T17:00:00Z", "updatedBy": "hwells"}
    for row in psa.rows:
        if row[0] in {"status", "priority"}:
            row[2]["_info"] = stamped
    psa.fill(empty_vault)
    once = glossary.part(read(empty_vault), 26)
    rows = {row["Status"]: row for row in table(once, "Status", "Last changed")}
    assert rows["New"]["Last changed"] == "2024-10-01 13:00:00 -04:00 by hwells"
    assert "Between captures" not in rows["New"], "one capture: nothing can be compared"
    assert [row["Priority"] for row in table(once, "Priority", "Last changed")] == ["Priority 1"]
    later = new_psa()
    later.rows = [
        (kind, id_, {**row, "escalationStatus": "Responded"} if (kind, id_) == ("status", "3") else row, *rest)
        for kind, id_, row, *rest in psa.rows
    ]
    later.fill(empty_vault, start=start + timedelta(days=30))
    rows = {row["Status"]: row for row in table(glossary.part(read(empty_vault), 26), "Status", "Last changed")}
    assert rows["New"]["Between captures"] == "no change seen"
    changed = rows["Waiting on client"]["Between captures"]
    assert changed == f'/escalationStatus: "NoEscalation" to "Responded", seen {date(2025, 7, 31)}'


def test_the_clock_statement_of_a_miss_gives_its_due_instant_in_both_zones(stated):
    blocks = clock_statement(stated, stated.ticket["1002"])
    told = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert any("due 2025-03-05T16:00:00Z (2025-03-05 11:00:00 -05:00)" in text for text in told)
