"""What a pack says of lists that did not come: in its tables, its statement of completeness and its verdicts."""

import pytest

from psa_evidence.pack.content import content_of
from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts.completeness import SHOWN
from psa_evidence.spi import Below, Heading, Silent, Table

NOTES = "service/tickets/allNotes"


@pytest.fixture
def read(empty_vault, psa, connector, matter):
    """The dossier and content of a pack of a vault with these losses."""

    def run(*losses):
        psa.fill(empty_vault, missing=[(NOTES, "gave up", below) for below in losses])
        dossier = gather(matter, empty_vault, connector, software="psa-evidence 0.test", progress=Silent()).dossier
        return dossier, content_of(dossier, Silent())

    return run


def below(number):
    return Below(kind="note", parent=f"ticket/{number}", unit=f"service/tickets/{number}/allNotes")


def rows(content, name="lacking"):
    found = next(t for t in content.tables if t.name == name)
    return [row[:3] for row in found.rows]


def printed(content, title):
    """The table under a heading of the part on scope."""
    blocks = next(p for p in content.parts if p.id == "scope").blocks
    at = next((i for i, b in enumerate(blocks) if isinstance(b, Heading) and b.text == title), None)
    return None if at is None else next(b for b in blocks[at:] if isinstance(b, Table))


def test_lists_of_its_tickets_are_named_and_those_of_others_not(read):
    """1002 is answered late, 990 and 1999 lie outside the period, 1500 is another client's."""
    dossier, content = read(below(1002), below(990), below(1500), below(1999))
    assert rows(content) == [("1002", "note", "gave up")]
    shown = printed(content, "Lists that did not come")
    assert [row[1:3] for row in shown.rows] == [("note", "gave up")]
    response = dossier.sla["1002"].result("response", "contract")
    assert response.reason.startswith("the notes of this ticket did not come: gave up (capture ")
    assert response.verdict == "not determined"


def test_a_list_that_was_lost_whole_is_of_any_ticket(read):
    _, content = read(Below(kind="note"))
    assert rows(content) == [("", "note", "gave up")]
    assert printed(content, "Lists that did not come").rows[0][0] == "any record"


def test_without_a_loss_nothing_is_said(read):
    dossier, content = read()
    assert rows(content) == []
    assert printed(content, "Lists that did not come") is None
    assert dossier.sla["1002"].result("response", "contract").verdict == "missed"


def test_losses_that_say_the_same_are_one_line_with_their_number(read):
    _, content = read(*(below(number) for number in range(5000, 5000 + SHOWN * 2)))
    lines = printed(content, "What could not be had")
    assert [row[1:] for row in lines.rows] == [(NOTES, "gave up", "not known", f"({SHOWN * 2} times)")]


def test_targets_of_an_sla_that_did_not_come_are_named_with_it(read):
    """Whoever computes again needs to know: by the SLA's own targets the verdicts would be others."""
    dossier, content = read(Below(kind="sla_target", parent="sla/1", unit="service/SLAs/1/priorities"))
    assert rows(content) == [("sla/1", "sla_target", "gave up")]
    assert printed(content, "Lists that did not come").rows[0][:2] == ("sla/1", "SLA target")
    assert [one.parent for one in dossier.lacking] == ["sla/1"]
