"""Which promise and which settings govern: rows over the SLA's goal, the contract over both, and which capture."""

from dataclasses import fields, replace

import pytest

from psa_evidence.records import Goal
from psa_evidence.sla import ContractTerms, attainment
from psa_evidence.sla.targets import TargetBook

HOUR = 3600
PARTS = [field.name for field in fields(Goal)]


@pytest.mark.parametrize("part", PARTS)
def test_each_part_of_a_row_goes_before_that_of_the_sla(desk, part):
    [row], [policy] = desk.records.sla_targets, desk.records.sla_policies
    desk.put(
        sla_targets=(replace(row, goal=Goal(**{part: 7})),),
        sla_policies=(replace(policy, goal=Goal(**{each: 50 + i for i, each in enumerate(PARTS)})),),
    )
    found = TargetBook(desk.records, ContractTerms()).targets("1", "1", None)
    assert found.goal == found.psa_goal == Goal(**{each: 50 + i for i, each in enumerate(PARTS)} | {part: 7})


def test_a_priority_is_known_by_its_id_or_by_its_name(desk):
    book = TargetBook(desk.records, ContractTerms(goals={"High": Goal(plan=60)}))
    for known in (("1", None), (None, " high"), ("1", "High")):
        assert book.targets("1", *known).goal == Goal(
            response=HOUR, plan=60, resolution=4 * HOUR, response_percent=90
        ), known
    assert book.targets("1", None, None).goal.resolution == book.targets("1", "2", None).goal.resolution == 8 * HOUR
    assert book.targets("1", "99", "High").goal.plan == 60
    assert book.targets("9", "1", "High").psa_goal == Goal()


def test_all_targets_of_a_stage_come_smallest_first(desk):
    rows = desk.records.sla_targets
    times = (9 * HOUR, 0, 7 * HOUR, 8 * HOUR, 60)
    ids = [str(number) for number in range(10, 15)]
    desk.put(
        priorities=tuple(replace(desk.records.priorities[0], id=i, name=f"P{i}") for i in ids),
        sla_targets=tuple(
            replace(rows[0], priority_id=i, goal=Goal(resolution=time)) for i, time in zip(ids, times, strict=True)
        ),
    )
    assert TargetBook(desk.records, ContractTerms()).all_targets("1", "resolution") == tuple(sorted(times))


def test_the_name_of_the_sla_is_told_where_the_agreement_brings_it(desk):
    desk.set(sla_id=None, sla_name=None)
    assert desk.judge().result("response", "contract").policy == "Gold"


def settings(desk, clock, *captured):
    """Captures of the settings: hours after the entry, and the target of the response in hours."""
    [policy] = desk.records.sla_policies
    return tuple(
        (clock.at(at), replace(desk.all(), sla_policies=(replace(policy, goal=Goal(response=hours * HOUR)),)))
        for at, hours in captured
    )


@pytest.mark.parametrize(
    ("captured", "hours", "note"),
    [
        (((-72, 9), (-24, 4)), 4, "Targets and calendar are those of the settings captured 2026-03-01."),
        (((-24, 4), (-72, 9)), 4, "Targets and calendar are those of the settings captured 2026-03-01."),
        (((-72, 9), (0, 4)), 4, "Targets and calendar are those of the settings captured 2026-03-02."),
        (((-72, 9), (1, 4)), 9, "Targets and calendar are those of the settings captured 2026-02-27."),
        (((1, 4), (48, 9)), 4, ("No settings captured before this ticket was entered are at hand: the earliest "
         "known ones, captured 2026-03-02, are used.")),
        ((), 2, "No settings captured before this ticket was entered are at hand: those at capture are used."),
    ],
)  # fmt: skip
def test_the_last_settings_before_the_entry_are_in_force_else_the_earliest(desk, clock, captured, hours, note):
    result = desk.judge(settings=settings(desk, clock, *captured)).result("response", "contract")
    assert result.target_seconds == hours * HOUR
    assert [each for each in result.notes if "settings captured" in each] == [note]


def test_a_ticket_without_an_entry_has_the_goals_of_the_earliest_settings(desk, clock):
    [policy] = desk.records.sla_policies
    earlier = tuple(
        (clock.at(at), replace(desk.all(), sla_policies=(replace(policy, goal=Goal(response_percent=percent)),)))
        for at, percent in ((-24, 60), (24, 70))
    )
    desk.set(entered_at=None)
    rows = attainment(desk.all(), [desk.judge()], time_zone="UTC", settings=earlier)
    assert {row.goal_percent for row in rows if row.stage == "response"} == {60}
