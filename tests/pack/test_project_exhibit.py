"""Work within projects has pages of its own: it is in the pack, and in no figure of the report."""

from __future__ import annotations

import pytest

from psa_evidence.pack.exhibits import exhibits
from psa_evidence.pack.gather import gather
from psa_evidence.pack.parts import services
from psa_evidence.spi import Cite, Facts, Silent


@pytest.fixture
def dossier(vault, matter, connector, psa):
    def run(*, with_project=True):
        if with_project:
            psa.add("project", {
                "id": 300, "name": "Renewal", "company": {"id": 10}, "status": {"name": "Open"}, "actualHours": 8.5,
            }, client="10")  # fmt: skip
            psa.add("project_phase", {
                "id": 301, "projectId": 300, "description": "Delivery"
            }, client="10", parent="project/300")  # fmt: skip
            psa.add("project_ticket", {
                "id": 1600, "summary": "Move the server", "company": {"id": 10}, "project": {"id": 300},
                "_info": {"dateEntered": "2025-03-09T15:00:00Z"},
            }, client="10")  # fmt: skip
            psa.add("project_note", {"id": 9, "text": "Done"}, client="10", parent="project_ticket/1600")
        psa.fill(vault)
        return gather(matter, vault, connector, software="test", progress=Silent()).dossier

    return run


def projects_of(dossier):
    facts = next(b for b in services.part(dossier, 10).blocks if isinstance(b, Facts))
    return dict(facts.rows)["Projects"]


def test_a_project_its_phases_tickets_and_what_hangs_on_them_stand_in_one_exhibit(dossier):
    made = dossier()
    [shown] = [e for e in exhibits(made) if e.id == "P-LIST"]
    assert [s.key for s in shown.sources] == ["project/300", "project_phase/301", "project_ticket/1600"]
    assert "project_note/9" in repr(shown.blocks)
    assert {n.key for n in made.shown_by["P-LIST"]} == {*(s.key for s in shown.sources), "project_note/9"}


def test_the_part_on_services_says_that_their_hours_are_in_no_figure(dossier):
    cell = projects_of(dossier())
    assert isinstance(cell, Cite)
    assert cell.exhibit == "P-LIST"
    assert "Their hours, 8.50 by the PSA's own sum over 1 project, are in no figure above" in cell.text


def test_without_a_project_there_is_no_exhibit(dossier):
    made = dossier(with_project=False)
    assert all(e.id != "P-LIST" for e in exhibits(made))
    assert projects_of(made) == "0 projects, 0 phases, 0 project tickets shown by these records"
