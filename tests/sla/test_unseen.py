"""Lists of single tickets that did not come: no verdict rests on their being empty, and none is lost that does not."""

from datetime import UTC, datetime

import pytest

from psa_evidence.records import Goal, Lacking
from psa_evidence.sla.calendar import BusinessHours
from psa_evidence.sla.terms import ContractTerms

CAPTURE = "20260401T020000Z-connectwise"
NOTES = f"the notes of this ticket did not come: gave up (capture {CAPTURE})"


def lacking(kind, parent="ticket/7", reason="gave up"):
    return (Lacking(parent=parent, kind=kind, reason=reason, capture=CAPTURE, at=datetime(2026, 4, 1, 2, tzinfo=UTC)),)


def verdicts(ticket, reading="contract"):
    return {stage: ticket.result(stage, reading).verdict for stage in ("response", "plan", "resolution")}


@pytest.fixture
def late(desk):
    """Answered, planned and resolved an hour and more too late."""
    desk.status(3, "In Progress")
    desk.status(5, "Planned")
    desk.status(30, "Resolved")
    return desk


@pytest.mark.parametrize("reading", ["contract", "strict"])
def test_a_response_may_stand_in_notes_that_did_not_come(late, reading):
    assert set(verdicts(late.judge(), reading).values()) == {"missed"}
    judged = late.judge(lacking=lacking("note"))
    assert verdicts(judged, reading) == {"response": "not determined", "plan": "missed", "resolution": "missed"}
    assert judged.result("response", reading).reason == NOTES


def test_a_response_may_stand_in_time_entries_that_did_not_come(late):
    result = late.judge(lacking=lacking("time_entry", None, "no permission")).result("response", "contract")
    assert result.verdict == "not determined"
    assert result.reason == f"some time entries did not come: no permission (capture {CAPTURE})"


def test_an_open_ticket_without_its_notes_is_not_missed(desk):
    assert desk.judge().result("response", "contract").verdict == "missed"
    result = desk.judge(lacking=lacking("note")).result("response", "contract")
    assert (result.verdict, result.reason) == ("not determined", NOTES)


def test_what_was_met_by_what_came_stays_met(desk):
    desk.message(1)
    desk.status(2, "Planned")
    desk.status(3, "Resolved")
    for kind in ("note", "time_entry", "history"):
        assert set(verdicts(desk.judge(lacking=lacking(kind))).values()) >= {"met"}
        assert desk.judge(lacking=lacking(kind)).result("response", "contract").verdict == "met"
    assert set(verdicts(desk.judge(lacking=lacking("note"))).values()) == {"met"}


@pytest.mark.parametrize("other", [lacking("note", "ticket/77"), lacking("note", "project_ticket/7"), lacking("task")])
def test_another_tickets_notes_and_other_lists_change_nothing(late, other):
    assert late.judge(lacking=other) == late.judge()


def test_pauses_and_ends_may_stand_in_a_history_that_did_not_come(late):
    judged = late.judge(lacking=lacking("history"))
    assert set(verdicts(judged).values()) == {"not determined"}
    why = f"the history of this ticket did not come: gave up (capture {CAPTURE})"
    assert judged.result("resolution", "contract").reason == f"the priority is not known: {why}"
    late.put(priorities=(), sla_targets=())
    judged = late.judge(lacking=lacking("history"))
    assert {judged.result(stage, "contract").reason for stage in ("response", "plan", "resolution")} == {why}


def test_a_closing_time_still_bounds_a_history_that_did_not_come(desk, clock):
    """Resolved by then at the latest, and that is in time by every target: whatever was not seen."""
    desk.set(closed=True, closed_at=clock.at(3), status_name="Resolved", status_id=desk.status_id("Resolved"))
    desk.put(history=())
    judged = desk.judge(lacking=lacking("history"))
    assert judged.result("resolution", "contract").verdict == "met"
    assert judged.result("plan", "contract").verdict == "not determined"


READINGS = ("psa", "contract", "strict")
EVERY = [(stage, reading) for stage in ("response", "plan", "resolution") for reading in READINGS]
NO_ROWS = f"its SLA's targets by priority did not come: no permission (capture {CAPTURE})"


@pytest.mark.parametrize("parent", ["sla/1", None])
def test_targets_by_priority_that_did_not_come_are_not_those_of_the_sla(late, parent):
    """High has an hour, the SLA by itself two: a response after an hour and a half would be met by the wrong one."""
    late.set(priority_id="1", priority_name="High")
    late.put(sla_targets=())
    for reading in READINGS:
        judged = late.judge(lacking=lacking("sla_target", parent, "no permission"))
        assert set(verdicts(judged, reading).values()) == {"not determined"}
        assert judged.result("response", reading).reason == NO_ROWS
        assert judged.result("response", reading).target_seconds is None


@pytest.mark.parametrize("parent", ["sla/2", "sla/1"])
def test_targets_that_an_earlier_capture_brought_or_of_another_sla_judge_as_before(late, parent):
    if parent == "sla/2":
        late.put(sla_targets=())
    before = {reading: verdicts(late.judge(), reading) for reading in READINGS}
    judged = late.judge(lacking=lacking("sla_target", parent, "no permission"))
    assert {reading: verdicts(judged, reading) for reading in READINGS} == before
    assert before["contract"]["response"] == "missed"


def test_an_sla_that_the_settings_do_not_show_is_not_one_without_targets(late):
    late.set(sla_id="9", sla_name="Platinum")
    for reading in READINGS:
        judged = late.judge()
        assert set(verdicts(judged, reading).values()) == {"not determined"}
        said = "the settings do not show the SLA 'Platinum' that governs the ticket"
        assert judged.result("plan", reading).reason == said
        assert [(each.stage, each.reading) for each in judged.results] == EVERY  # each once: the rows are counted
    late.set(sla_id=None, sla_name=None, agreement_id=None)
    assert set(verdicts(late.judge()).values()) <= {"no target", "not determined"}
    assert late.judge().result("plan", "psa").verdict == "no target"


def test_targets_of_the_contract_need_none_of_the_settings(late):
    late.set(sla_id="9", sla_name="Platinum")
    terms = ContractTerms(goals={"*": Goal(response=7200)}, calendar=BusinessHours.always())
    judged = late.judge(contract=terms)
    assert judged.result("response", "contract").verdict == "missed"
    assert judged.result("resolution", "contract").verdict == "not determined"
    late.put(sla_policies=())
    assert late.judge(contract=terms).result("response", "strict").verdict == "missed"


def test_a_target_of_the_contract_for_one_priority_does_not_state_that_of_another(late):
    late.set(sla_id="9", sla_name="Platinum")
    terms = ContractTerms(goals={"High": Goal(response=7200)}, calendar=BusinessHours.always())
    assert late.judge(contract=terms).result("response", "contract").verdict == "not determined"
    late.set(priority_id="1", priority_name="High")
    assert late.judge(contract=terms).result("response", "contract").verdict == "missed"
