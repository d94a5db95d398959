"""The thirteen rules of docs/sla.md, each by its number."""

from dataclasses import replace
from datetime import timedelta

from psa_evidence.records import Goal, Member
from psa_evidence.sla import BusinessHours, ContractTerms

HOUR = 3600


def test_rule_1_a_span_that_ends_at_closing_time_is_due_at_the_close(desk, clock):
    desk.message(0.1)
    result = desk.judge().result("resolution", "contract")
    assert result.target_seconds == 8 * HOUR
    assert result.due_at == clock.at(8)


def test_rule_2_a_clock_change_counts_as_the_time_that_really_passed(desk, clock):
    desk.set(entered_at=clock.at(24 * 5))
    desk.put(history=(replace(desk.records.history[0], at=clock.at(24 * 5)),))
    desk.status(24 * 7 + 1, "Resolved")
    always = ContractTerms(calendar=BusinessHours.always("America/Chicago"))
    assert desk.judge(contract=always).result("resolution", "contract").elapsed_seconds == 49 * HOUR
    office = desk.judge().result("resolution", "contract")
    assert office.elapsed_seconds == 2 * HOUR


def test_rule_3_a_target_of_zero_or_none_is_no_target(desk):
    desk.message(3)
    for goal in (Goal(response=0), Goal()):
        policy = replace(desk.records.sla_policies[0], goal=goal)
        desk.put(sla_policies=(policy,))
        result = desk.judge().result("response", "contract")
        assert (result.verdict, result.due_at) == ("no target", None)
        assert result.reason == "no target is promised for this stage"


def test_rule_4_a_reversed_range_is_negative(clock):
    assert BusinessHours.always().elapsed(clock.at(2), clock.at(0)) == -2 * HOUR


def test_rule_5_nothing_is_rounded(desk):
    desk.message(2 + 1 / 3600)
    result = desk.judge().result("response", "contract")
    assert (result.verdict, result.elapsed_seconds) == ("missed", 2 * HOUR + 1)


def test_rule_6_business_days_are_not_business_hours(desk, clock):
    hours = BusinessHours(week=tuple(d for d in desk.records.calendars[0].week), zone="America/Chicago")
    assert hours.add_workdays(clock.at(2), 5) == clock.at(7 * 24 + 1)
    assert hours.add(clock.at(2), 40 * HOUR) == clock.at(7 * 24 + 1)
    assert hours.add_workdays(clock.at(10), 1) == clock.at(34)
    assert hours.add(clock.at(10), 8 * HOUR) == clock.at(32)


def test_rule_7_a_holiday_is_taken_from_the_psas_list(desk):
    desk.status(24, "In Progress")
    desk.status(24 * 3, "Resolved")
    assert desk.judge().result("resolution", "contract").elapsed_seconds == 16 * HOUR


def test_rule_8_only_what_the_policy_names_pauses(desk):
    desk.status(1, "Waiting")
    desk.status(3, "Resolved")
    assert desk.judge().result("resolution", "contract").elapsed_seconds == HOUR
    named = ContractTerms(pausing_statuses={"response": frozenset(), "resolution": frozenset({"waiting"})})
    assert desk.judge(contract=named).result("resolution", "contract").paused_seconds == 2 * HOUR
    none = ContractTerms(pausing_statuses={"resolution": frozenset()})
    assert desk.judge(contract=none).result("resolution", "contract").paused_seconds == 0
    desk.message(2)
    assert desk.judge(contract=none).result("response", "contract").paused_seconds == HOUR


def test_rule_9_created_in_a_pausing_status_is_paused_from_the_start(desk):
    desk.set(status_name="Waiting", status_id=desk.status_id("Waiting"))
    desk.status(5, "In Progress")
    desk.status(6, "Resolved")
    result = desk.judge().result("resolution", "contract")
    assert (result.elapsed_seconds, result.paused_seconds) == (HOUR, 5 * HOUR)
    assert result.intervals[0].state == "paused"


def test_rule_10_the_priority_at_the_stages_end_governs_unless_the_policy_says_otherwise(desk):
    desk.priority(1, "High", "Low")
    desk.status(5, "Resolved")
    end = desk.judge().result("resolution", "contract")
    assert (end.verdict, end.target_seconds, end.priority) == ("missed", 4 * HOUR, "High")
    assert any("Priority changed from 'Low' to 'High'" in note for note in end.notes)
    entry = desk.judge(contract=ContractTerms(priority_rule="entry")).result("resolution", "contract")
    assert (entry.verdict, entry.target_seconds, entry.priority) == ("met", 8 * HOUR, "Low")


def test_rule_10_each_priority_for_its_own_share(desk, clock):
    share = ContractTerms(priority_rule="share")
    desk.priority(4, "High", "Low")
    desk.status(6, "Resolved")
    result = desk.judge(contract=share).result("resolution", "contract")
    assert result.verdict == "met"
    assert result.due_at == clock.at(6)
    desk.status(6.5, "In Progress")
    desk.status(7, "Resolved")
    assert desk.judge(contract=share).result("resolution", "contract").verdict == "missed"


def test_rule_11_the_settings_captured_last_before_the_entry_are_in_force(desk, clock):
    desk.message(3)
    old = replace(desk.records.sla_policies[0], goal=Goal(response=4 * HOUR))
    before = replace(desk.all(), sla_policies=(old,))
    later = replace(desk.all(), sla_policies=(replace(old, goal=Goal(response=9 * HOUR)),))
    result = desk.judge(settings=((clock.at(-48), before), (clock.at(5), later))).result("response", "contract")
    assert (result.verdict, result.target_seconds) == ("met", 4 * HOUR)
    assert "captured 2026-02-28" in result.notes[-2]
    bare = desk.judge().result("response", "contract")
    assert (bare.verdict, bare.target_seconds) == ("missed", 2 * HOUR)
    assert any("those at capture are used" in note for note in bare.notes)


def test_rule_12_three_readings_stand_side_by_side(desk, clock):
    desk.status(0.2, "In Progress", by="robot")
    desk.status(0.5, "Waiting", automatic=True)
    desk.message(4)
    desk.psa(respond_minutes=12, responded_at=clock.at(0.2))
    judged = desk.judge()
    verdicts = {r.reading: (r.verdict, r.elapsed_seconds) for r in judged.results if r.stage == "response"}
    assert verdicts == {"psa": ("met", 720), "contract": ("met", HOUR // 2), "strict": ("missed", 4 * HOUR)}
    assert [r.reading for r in judged.results] == ["psa", "contract", "strict"] * 3


def test_rule_13_what_the_history_leaves_open_is_not_determined_with_the_reason(desk):
    desk.status(1, "In Progress")
    desk.status(20 * 24 - 1, "Resolved", old="Waiting")
    result = desk.judge().result("resolution", "contract")
    assert result.verdict == "not determined"
    assert "the history has a gap" in result.reason
    assert desk.judge().result("resolution", "strict").verdict == "missed"


def test_rule_13_does_not_hide_behind_a_gap_that_cannot_matter(desk):
    desk.status(1, "In Progress")
    desk.status(2, "Resolved", old="Waiting")
    assert desk.judge().result("resolution", "contract").verdict == "met"


def test_pausing_never_lengthens(desk):
    desk.status(1, "Waiting")
    desk.status(30, "Planned")
    desk.status(60, "Waiting")
    desk.status(100, "Resolved")
    judged = desk.judge()
    for stage in ("response", "plan", "resolution"):
        contract, strict = judged.result(stage, "contract"), judged.result(stage, "strict")
        assert contract.elapsed_seconds <= strict.elapsed_seconds
        assert contract.elapsed_seconds + contract.paused_seconds == strict.elapsed_seconds
        assert contract.due_at >= strict.due_at


def test_an_act_by_somebody_the_contract_calls_automatic_is_no_response(desk):
    desk.put(members=(*desk.records.members, Member(source=desk.ticket.source, id="9", identifier="bot", name="Bot")))
    desk.message(0.5, author="bot")
    desk.work(1, 1.5, member="bot")
    desk.work(3, 4)
    terms = ContractTerms(automatic_identities=frozenset({"BOT"}))
    assert desk.judge(contract=terms).result("response", "contract").elapsed_seconds == 3 * HOUR
    assert desk.judge().result("response", "contract").elapsed_seconds == HOUR // 2
    assert timedelta(hours=3).total_seconds() == 3 * HOUR


def test_a_status_or_priority_that_only_the_contract_names_is_said_to_be_unknown(desk):
    contract = ContractTerms(
        pausing_statuses={"resolution": frozenset({"waiting", "Waiting Clint"})},
        goals={"low": Goal(resolution=HOUR), "Hihg": Goal(resolution=HOUR), "*": Goal()},
    )
    notes = desk.judge(contract=contract).result("resolution", "contract").notes
    assert [note for note in notes if "show no such" in note] == [
        "The contract names 'Waiting Clint' as a status that stops the clock; these settings show no such status.",
        "The contract has targets for a priority 'Hihg'; these settings show no such priority.",
    ]
