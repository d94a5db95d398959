from psa_evidence.records import Goal
from psa_evidence.sla import ContractTerms

HOUR = 3600


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
