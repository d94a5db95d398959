"""Tickets under no agreement that was in force are counted and said, wherever the figures hold them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from psa_evidence.matter import Contract
from psa_evidence.pack import in_force
from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import additions, agreements_in_force, attainment, one_page_answer
from psa_evidence.records import Agreement, Digest, Goal, SourceRef
from psa_evidence.spi import Silent, Table

DAY = date(2025, 4, 1)
EARLY, LATE = date(2025, 1, 1), date(2025, 12, 31)


@pytest.mark.parametrize(
    ("more", "held"),
    [
        ({"start": EARLY, "end": LATE}, True),
        ({"start": DAY, "end": DAY}, True),
        ({"start": EARLY, "open_ended": True}, True),
        ({"start": EARLY, "open_ended": True, "cancelled": True, "cancelled_on": DAY}, True),
        ({"start": date(2025, 4, 2), "end": LATE}, False),
        ({"start": EARLY, "end": date(2025, 3, 31)}, False),
        ({"start": EARLY, "end": LATE, "cancelled": True, "cancelled_on": date(2025, 3, 31)}, False),
        ({"open_ended": True, "cancelled": True, "cancelled_on": date(2025, 3, 31)}, False),
        ({"start": EARLY}, None),
        ({"end": LATE}, None),
        ({"start": EARLY, "end": LATE, "cancelled": True}, None),
        ({"start": EARLY, "open_ended": True, "cancelled": True}, None),
    ],
)
def test_an_agreement_is_in_force_by_its_recorded_days(more, held):
    source = SourceRef("agreement", "1", Digest("0" * 64))
    agreement = Agreement(source=source, id="1", client_id="10", name="Gold", **more)
    assert in_force.in_force(agreement, DAY) is held


@pytest.fixture
def dossier(vault, matter, connector, psa):
    """The agreement 50 ends on 2 April; a ticket after it, one that names none, one that names an unknown one."""
    for kind, id_, row, *_ in psa.rows:
        if (kind, id_) == ("agreement", "50"):
            row["endDate"] = "2025-04-02T00:00:00Z"
    psa.ticket(1004, "2025-04-03T14:00:00+00:00")
    psa.ticket(1005, "2025-03-03T14:00:00+00:00", agreement=None)
    psa.ticket(1006, "2025-05-03T14:00:00+00:00", agreement=None)
    psa.ticket(1007, "2025-03-03T14:00:00+00:00", agreement={"id": 60, "name": "Of nobody"})
    psa.add("addition", {
        "id": 500, "agreementId": 50, "product": {"id": 1, "identifier": "Backup"}, "description": "Backup of servers",
        "quantity": 2.0, "effectiveDate": "2025-01-01T00:00:00Z", "cancelledDate": "2025-02-01T00:00:00Z",
    }, client="10", parent="agreement/50")  # fmt: skip
    psa.fill(vault)
    return gather(matter, vault, connector, software="test", progress=Silent()).dossier


def table(blocks):
    return next(b for b in blocks if isinstance(b, Table))


def test_every_ticket_stands_in_one_class_and_the_classes_add_up(dossier):
    rows = table(agreements_in_force.blocks(dossier)).rows
    assert {row[0]: row[1] for row in rows} == {
        in_force.IN_FORCE: "3", in_force.OVER: "1", in_force.NOT_SHOWN: "1", in_force.ANOTHER: "1", in_force.NONE: "1",
        "all": "7",
    }  # fmt: skip
    for column in (2, 3, 4):
        *parts, whole = [tuple(map(int, row[column].split("/"))) for row in rows]
        assert tuple(map(sum, zip(*parts, strict=True))) == whole


def test_the_answer_says_what_its_figures_hold_beyond_agreements_in_force(dossier):
    said = [b.text for b in one_page_answer.part(dossier, 2).blocks if hasattr(b, "text")]
    [sentence] = [text for text in said if "agreement then in force" in text]
    assert sentence.startswith("4 of 7 tickets are not shown to have been entered under an agreement then in force")


def test_and_nothing_when_all_were(dossier):
    day = {a.id: replace(a, end=None, open_ended=True) for a in dossier.records.agreements}
    tickets = tuple(t for t in dossier.population.tickets if t.agreement_id == "50")
    whole = replace(
        dossier, records=replace(dossier.records, agreements=tuple(day.values())),
        population=replace(dossier.population, tickets=tickets),
    )  # fmt: skip
    assert agreements_in_force.outside(whole) == []


def test_additions_are_listed_with_their_days(dossier):
    [row] = table(additions.blocks(dossier)).rows
    assert (row[0].exhibit, *row[1:]) == ("A-50", "Backup of servers", "2", "2025-01-01", "2025-02-01")


def test_without_additions_a_line_says_so(dossier):
    bare = replace(dossier, records=replace(dossier.records, additions=()))
    assert table(additions.blocks(bare)).empty == "No addition to these agreements is shown by these records."


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (None, "Promised share: that of the SLA in the PSA; the matter file states none."),
        (95, "Promised share: the matter file's where it states one, else that of the SLA in the PSA."),
    ],
)
def test_whose_promise_a_share_is_is_said(dossier, percent, words):
    goals = (("Priority 1", Goal(response=7200, response_percent=percent)),)
    stated = replace(dossier, matter=replace(dossier.matter, contract=Contract(goals=goals)))
    assert attainment.share_words(stated) == words
