"""A copy that withholds tickets, invoices and agreements says in each part that they are missing, not that there are
none: the other side would read 'no ticket was entered' as a statement of fact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from psa_evidence.matter import CopyRules, Rule
from psa_evidence.pack.content import content_of
from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts.scope import SUM, ticket_counts
from psa_evidence.pack.parts.withheld_beside import KINDS, counted
from psa_evidence.spi import Paragraph, Silent

ALL = Rule(reason="privilege", kinds=("ticket", "invoice", "payment", "agreement", "opportunity", "activity"))


@pytest.fixture
def copy(matter):
    def of(*rules):
        return replace(matter, copies=(("production", CopyRules(withhold=rules)),)).as_copy("production")

    return of


@pytest.fixture
def read(vault, connector):
    def run(matter):
        dossier = gather(matter, vault, connector, software="psa-evidence 0.test", progress=Silent()).dossier
        content = content_of(dossier, Silent())
        return dossier, {p.id: p for p in content.parts}

    return run


def said(part):
    return [b.text for b in part.blocks if isinstance(b, Paragraph)]


def test_tickets_that_are_withheld_are_counted_with_those_captured(read, copy):
    dossier, _ = read(copy(ALL))
    lines = dict(ticket_counts(dossier))
    assert lines["in the population"] == 0
    assert lines["withheld from this copy"] == dossier.withholds("ticket") > 0
    assert lines[SUM] == dossier.captured["ticket"]


def test_the_one_page_answer_says_that_tickets_and_agreements_are_withheld(read, copy):
    dossier, parts = read(copy(ALL))
    text = " ".join(said(parts["answer"]))
    assert f"{counted(dossier, 'ticket')} of the period among them" in text
    assert (
        f"No agreement with this client is shown by these records. This copy withholds {counted(dossier, 'agreement')}"
        in text
    )
    assert f": 0 of {counted(dossier, 'ticket')} entered in the period are shown." in text
    assert "Without a ticket no target was met or missed" not in text


@pytest.mark.parametrize("name", sorted(set(KINDS) - {"chronology"}))
def test_each_part_begins_with_what_is_withheld_of_its_kinds(read, copy, name):
    dossier, parts = read(copy(ALL))
    first = parts[name].blocks[0]
    assert first.text == f"Withheld from this copy, and not shown in this part: {counted(dossier, *KINDS[name])}."
    assert first.see == ("withheld",)


def test_what_rests_on_withheld_records_is_counted_below_the_question(read, copy):
    _, parts = read(copy(ALL))
    assert "1 further statement rests on records withheld from this copy." in said(parts["invoices"])


def test_a_copy_that_withholds_nothing_says_nothing_of_it(read, copy):
    dossier, parts = read(copy())
    assert not [
        text for part in parts.values() for text in said(part) if text.startswith("Withheld from this copy, and")
    ]
    assert "withheld from this copy" not in dict(ticket_counts(dossier))
    assert not [text for text in said(parts["answer"]) if "withholds" in text]


def test_the_build_does_not_say_that_no_ticket_was_entered(make, vault, copy):
    [warning] = [w for w in make(vault, matter=copy(ALL)).warnings if "ticket" in w]
    assert "of the period are withheld from this copy: the pack shows none." in warning


def test_a_name_and_a_value_of_a_shown_record_are_no_leak(make, empty_vault, new_psa, copy):
    """Of a withheld signature the last piece may begin inside a word: `...e, Account Manager` stands in the native of
    a member as `"title":"Account Manager"`."""
    psa = new_psa().story()
    piece = "x" * 24 + "e Account Manager of the Year"
    psa.rows = [
        (kind, id_, {**row, "text": piece} if (kind, id_) == ("note", "100200") else row, *rest)
        for kind, id_, row, *rest in psa.rows
    ]
    psa.add("member", {"id": 99, "identifier": "hw", "title": "Account Manager of the Year"})
    psa.fill(empty_vault)
    chosen = copy(Rule(reason="privilege", records=("note/100200",)))
    assert make(empty_vault, matter=chosen).folder.is_dir()


def test_what_a_shown_record_says_in_another_spelling_is_no_leak(make, empty_vault, new_psa, copy):
    psa = new_psa().story()
    psa.rows = [
        (kind, id_, {**row, "text": "Smith & Jones Holding"} if (kind, id_) == ("note", "100200") else row, *rest)
        for kind, id_, row, *rest in psa.rows
    ]
    psa.add("member", {"id": 99, "identifier": "hw", "title": "Smith &amp; Jones Holding"})
    psa.fill(empty_vault)
    chosen = copy(Rule(reason="privilege", records=("note/100200",)))
    assert make(empty_vault, matter=chosen).folder.is_dir()


def test_the_digest_of_a_shown_record_is_no_leak_of_a_withheld_one(make, empty_vault, new_psa, copy):
    """One device hangs on two tickets: the PSA sends the same bytes for both."""
    psa = new_psa().story()
    for ticket in ("ticket/1001", "ticket/1002"):
        psa.add("ticket_configuration", {"id": 55, "deviceIdentifier": "PC-55"}, id=f"{ticket[7:]}-55", client="10",
                parent=ticket)  # fmt: skip
    psa.fill(empty_vault)
    chosen = copy(Rule(reason="not relevant", records=("ticket/1001",)))
    assert make(empty_vault, matter=chosen).folder.is_dir()


def test_no_figure_of_a_ticket_that_is_withheld_itself_is_said_to_be_of_this_copy(read, copy):
    """What hangs on it goes with it: of tickets that are shown, nothing is withheld here."""
    dossier, parts = read(copy(Rule(reason="privilege", records=("ticket/1001",))))
    assert dossier.behind.records
    assert not [text for text in said(parts["withheld"]) if text.startswith("Behind the figures")]
    _, others = read(copy(Rule(reason="privilege", kinds=("note",))))
    [text] = [text for text in said(others["withheld"]) if text.startswith("Behind the figures")]
    assert "of this copy stand" in text
