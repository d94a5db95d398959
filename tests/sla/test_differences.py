import pytest

from psa_evidence.records import Goal
from psa_evidence.sla import ContractTerms

HOUR = 3600
SECOND = 1 / 3600
DATE = {"response": "responded_at", "plan": "planned_at", "resolution": "resolved_at"}


def cause(desk, stage="response", **more):
    return {d.stage: d for d in desk.judge(**more).differences}[stage]


def test_figures_that_agree_but_for_the_psas_cut_off_seconds_are_no_difference(desk, clock):
    desk.message(1 + 59 / 3600)
    desk.psa(respond_minutes=60, responded_at=clock.at(1 + 59 / 3600))
    assert desk.judge().differences == ()


def test_another_end_is_named_with_both_times(desk, clock):
    desk.status(0.2, "In Progress", by="robot")
    desk.message(3)
    desk.psa(respond_minutes=12, responded_at=clock.at(0.2))
    found = cause(desk)
    assert (found.psa_verdict, found.our_verdict, found.seconds) == ("met", "missed", 3 * HOUR - 720)
    assert found.cause.startswith("other end: the PSA ends the stage 2026-03-02T15:12:00Z")
    assert "nothing a person did" in found.cause


def test_time_around_the_clock_is_recognised(desk, clock):
    desk.status(24, "Resolved")
    desk.psa(respond_minutes=24 * 60, plan_minutes=0, resolve_minutes=0, resolved_at=clock.at(24))
    assert cause(desk, "resolution").cause.startswith("calendar:")


def test_pauses_that_the_psa_counted_are_recognised(desk, clock):
    desk.status(1, "Waiting")
    desk.status(4, "In Progress")
    desk.status(5, "Resolved")
    desk.put(sla_policies=desk.records.sla_policies)
    desk.status(25, "In Progress")
    desk.status(26, "Resolved")
    desk.psa(respond_minutes=0, plan_minutes=0, resolve_minutes=600, resolved_at=clock.at(26))
    assert cause(desk, "resolution").cause.startswith("status mapping:")


def test_a_contract_target_other_than_the_settings_is_recognised(desk, clock):
    desk.message(1)
    desk.psa(respond_minutes=60, responded_at=clock.at(1))
    terms = ContractTerms(goals={"*": Goal(response=HOUR // 2)})
    assert cause(desk, contract=terms).cause.startswith("another target: the PSA's settings say 2 h")


def test_a_difference_that_nothing_explains_says_so(desk, clock):
    desk.message(1)
    desk.psa(respond_minutes=7, responded_at=clock.at(1))
    assert cause(desk).cause == "not explained by these records"


def test_skipped_minutes_are_named(desk, clock):
    desk.message(1)
    desk.psa(respond_minutes=3, respond_skipped_minutes=4, responded_at=clock.at(1))
    assert cause(desk).cause == "skipped stage: the PSA counts 4 min as skipped"


def test_a_closing_taken_for_the_resolution_is_recognised(desk, clock):
    desk.status(2, "Resolved")
    desk.set(closed=True, closed_at=clock.at(6))
    desk.psa(respond_minutes=0, plan_minutes=0, resolve_minutes=360, resolved_at=clock.at(6))
    assert cause(desk, "resolution").cause.startswith("two-step close:")


def test_a_value_that_the_psa_did_not_bring_up_to_date_is_recognised(desk, clock):
    desk.message(1)
    desk.psa(respond_by=clock.at(2))
    assert cause(desk).cause.startswith("stale value:")


def test_a_date_before_the_entry_was_edited(desk, clock):
    desk.message(3)
    desk.psa(respond_minutes=0, responded_at=clock.at(-0.5))
    assert cause(desk).cause.startswith("edited date:")


def test_a_date_at_which_no_line_of_the_history_stands_was_edited(desk, clock):
    desk.status(1, "In Progress")
    desk.status(6, "Resolved")
    desk.psa(respond_minutes=60, plan_minutes=0, resolve_minutes=60, resolved_at=clock.at(2))
    assert cause(desk, "resolution").cause.startswith("edited date:")


def test_what_a_person_may_have_done_at_the_psas_time_is_not_denied(desk, clock):
    desk.message(1, author="zoe")
    desk.message(3)
    desk.psa(respond_minutes=60, responded_at=clock.at(1))
    assert cause(desk).cause.endswith("; the message to the client before that is in doubt")


@pytest.mark.parametrize(
    ("stage", "field", "more", "differs"),
    [("response", "respond", 0, False),
     ("response", "respond", 59, False), ("response", "respond", 60, True), ("plan", "plan", 119, False),
     ("plan", "plan", 120, True), ("resolution", "resolve", 179, False), ("resolution", "resolve", 180, True)],
)  # fmt: skip
def test_a_stage_may_lack_a_minute_for_each_of_its_segments(desk, clock, stage, field, more, differs):
    """The figures are those of the first hour; one second less is more than the PSA can have counted."""
    end = {"response": "In Progress", "plan": "Planned", "resolution": "Resolved"}[stage]
    desk.status(1 + more * SECOND, end)
    minutes = {"respond_minutes": 0, "plan_minutes": 0, "resolve_minutes": 0, f"{field}_minutes": 60}
    desk.psa(**minutes, **{DATE[stage]: clock.at(1 + more * SECOND)})
    found = {d.stage: d.seconds for d in desk.judge().differences}
    assert found.get(stage) == (more if differs else None)


def test_a_figure_larger_than_ours_by_a_second_differs(desk, clock):
    desk.message(1 - SECOND)
    desk.psa(respond_minutes=60, responded_at=clock.at(1 - SECOND))
    assert cause(desk).seconds == -1


@pytest.mark.parametrize(("later", "other"), [(59, False), (60, True)])
def test_an_end_a_minute_later_is_another(desk, clock, later, other):
    desk.message(1)
    desk.psa(respond_minutes=7, responded_at=clock.at(1 + later * SECOND))
    assert cause(desk).cause.startswith("other end: ") == other


def test_a_later_end_that_no_closing_explains_is_only_told(desk, clock):
    desk.status(2, "Resolved")
    desk.psa(respond_minutes=0, plan_minutes=0, resolve_minutes=360, resolved_at=clock.at(6))
    told = "the PSA ends the stage 2026-03-02T21:00:00Z, the records show 2026-03-02T17:00:00Z"
    assert cause(desk, "resolution").cause == f"other end: {told}"
    desk.set(closed=True, closed_at=clock.at(6 + SECOND))
    assert cause(desk, "resolution").cause == f"other end: {told}"


def test_an_end_at_the_entry_is_no_date_before_it(desk, clock):
    desk.message(3)
    desk.psa(respond_minutes=0, responded_at=clock.at(0))
    assert cause(desk).cause.startswith("other end: ")


def test_time_around_the_clock_is_recognised_where_we_see_no_end(desk, clock):
    desk.psa(respond_minutes=0, plan_minutes=0, resolve_minutes=300, resolved_at=clock.at(5))
    assert cause(desk, "resolution").cause.startswith("calendar:")


def test_time_left_out_by_a_reopening_is_named(desk, clock):
    desk.status(2, "Resolved")
    desk.status(3, "In Progress")
    desk.status(5, "Resolved")
    desk.psa(respond_minutes=0, plan_minutes=0, resolve_minutes=120, resolved_at=clock.at(5))
    assert cause(desk, "resolution").cause.startswith("reopened: ")


def test_what_we_cannot_tell_is_said_to_be_that(desk, clock):
    desk.status(7, "Odd", known=False)
    desk.status(25, "Resolved")
    desk.psa(respond_minutes=0, plan_minutes=0, resolve_minutes=300, resolved_at=clock.at(25))
    assert cause(desk, "resolution").cause == "not determined: the settings do not show a status 'Odd'"


def test_a_verdict_by_the_psas_goal_without_minutes_is_near_nothing(desk, clock):
    desk.message(3)
    desk.psa(responded_at=clock.at(3), respond_by=clock.at(4))
    found = cause(desk)
    assert (found.seconds, found.cause) == (None, "not explained by these records")


@pytest.mark.parametrize(("less", "near"), [(179, True), (180, False)])
def test_a_figure_less_than_three_minutes_shorter_is_near(desk, clock, less, near):
    desk.message(1 + less * SECOND)
    desk.psa(respond_minutes=60, responded_at=clock.at(1 + less * SECOND))
    terms = ContractTerms(goals={"*": Goal(response=HOUR // 2)})
    assert cause(desk, contract=terms).cause.startswith("another target: ") == near


def test_pauses_that_explain_nothing_are_not_named(desk, clock):
    desk.status(1, "Waiting")
    desk.status(4, "Resolved")
    desk.psa(respond_minutes=0, plan_minutes=0, resolve_minutes=20, resolved_at=clock.at(4))
    assert cause(desk, "resolution").cause == "not explained by these records"


def test_a_date_at_which_a_line_of_the_history_stands_was_not_edited(desk, clock):
    desk.status(1, "In Progress")
    desk.status(6, "Resolved")
    desk.psa(respond_minutes=60, plan_minutes=0, resolve_minutes=0, resolved_at=clock.at(1))
    assert cause(desk, "resolution").cause.startswith("other end: ")
