"""What a status means to the clock: known by id before name, on its board, and what pauses which stage."""

from dataclasses import replace

import pytest

from psa_evidence.sla import ContractTerms
from psa_evidence.sla.meanings import Meanings
from psa_evidence.sla.timeline import Value

HOUR = 3600


def ids(desk):
    return {status.name: status.id for status in desk.records.statuses}


def test_a_status_is_known_by_its_id_else_by_its_name(desk):
    on = Meanings(desk.records.statuses, None).on("1")
    known = ids(desk)
    assert on(Value(known["Resolved"], "Done and dusted")).rank == 3
    assert on(Value(known["Planned"], "Resolved")).rank == 2
    assert on(Value("99", "Resolved")).rank == on(Value(None, " resolved ")).rank == 3
    assert on(Value("99", None)).reason == "the settings do not show a status '99'"
    assert on(Value("99", "Odd")).reason == "the settings do not show a status 'Odd'"
    assert on.clear is False


def test_a_closed_status_of_no_meaning_runs_and_resolves(desk):
    [*others, last] = desk.records.statuses
    for closed, pauses, rank in ((True, (False,) * 3, 3), (False, (None,) * 3, 0)):
        bare = replace(last, escalation=None, closed=closed)
        meaning = Meanings([*others, bare], None).on("1")(Value(last.id, last.name))
        assert (meaning.pauses, meaning.rank, meaning.closed) == (pauses, rank, closed)
        assert meaning.reason == f"the settings do not say what status '{last.name}' means to the clock"


def test_boards_that_differ_leave_a_name_open_unless_the_board_is_known(desk):
    planned = next(status for status in desk.records.statuses if status.name == "Planned")
    other = replace(planned, id="77", board_id="2", escalation="NoEscalation")
    meanings = Meanings([*desk.records.statuses, other], None)
    value = Value(None, "Planned")
    assert [meanings.on(board)(value).escalation for board in ("1", "2", "3")] == [
        "ResolutionPlan",
        "NoEscalation",
        None,
    ]
    assert meanings.on("3")(value).reason == "boards differ in what status 'Planned' means"


@pytest.mark.parametrize(
    ("pausing", "paused"),
    [
        ({}, (3, 3, 3)),
        ({"response": {"Waiting"}, "plan": {"waiting"}, "resolution": {"Waiting "}}, (2, 2, 2)),
        ({"response": set(), "plan": {"Waiting"}, "resolution": {"Waiting", "Assigned"}}, (0, 2, 3)),
        ({"plan": set()}, (2, 0, 2)),
    ],
)
def test_each_stage_stands_still_in_the_statuses_that_pause_it(desk, pausing, paused):
    """Two hours waiting and one assigned; nobody answers."""
    desk.status(1, "Waiting", automatic=True)
    desk.status(3, "Assigned", automatic=True)
    desk.status(4, "New", automatic=True)
    terms = ContractTerms(pausing_statuses={stage: frozenset(names) for stage, names in pausing.items()} or None)
    found = desk.judge(hours=5, contract=terms)
    seconds = [found.result(stage, "contract").paused_seconds for stage in ("response", "plan", "resolution")]
    assert seconds == [HOUR * hours for hours in (paused if pausing else (2, 2, 2))]


def test_a_ticket_whose_only_status_is_not_known_is_in_doubt_by_every_reading(desk):
    desk.set(status_name="Odd", status_id=None)
    for reading in ("contract", "strict"):
        result = desk.judge().result("resolution", reading)
        assert (result.verdict, "status 'Odd'" in result.reason) == ("not determined", True)
