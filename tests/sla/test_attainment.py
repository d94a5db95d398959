from dataclasses import replace

from psa_evidence.records import Change, Goal
from psa_evidence.sla import ContractTerms, attainment, breaches, evaluate


def population(desk, clock):
    """Five tickets: met, missed, open, merged, without target."""
    desk.message(0.5)
    base = desk.all()
    ticket = base.tickets[0]
    tickets = (
        ticket,
        replace(ticket, id="8"),
        replace(ticket, id="9", entered_at=clock.at(24 * 19 + 23.9)),
        replace(ticket, id="10", merged_into_id="7"),
        replace(ticket, id="11", sla_id=None, agreement_id=None, agreement_name=None),
        replace(ticket, id="12", entered_at=None, priority_name=None),
    )
    return replace(base, tickets=tickets)


def test_the_classes_add_up_to_the_population_in_every_stage_and_reading(desk, clock):
    records = population(desk, clock)
    results = evaluate(records, as_of=clock.at(24 * 20))
    rows = attainment(records, results, time_zone="America/Chicago")
    for stage in ("response", "plan", "resolution"):
        for reading in ("psa", "contract", "strict"):
            part = [row for row in rows if (row.stage, row.reading) == (stage, reading)]
            assert sum(row.n for row in part) == len(records.tickets)
    for row in rows:
        assert row.n == row.met + row.missed + row.not_determined + row.no_target + row.excluded
    contract = [row for row in rows if (row.stage, row.reading) == ("response", "contract")]
    total = {name: sum(getattr(row, name) for row in contract) for name in ("met", "excluded", "no_target")}
    assert total == {"met": 1, "excluded": 1, "no_target": 1}


def test_the_month_is_that_of_the_entry_in_the_contracts_zone(desk, clock):
    desk.set(entered_at=clock.entered.replace(month=3, day=1, hour=3))
    results = evaluate(desk.all(), as_of=clock.at(99))
    for zone, month in (("UTC", "2026-03"), ("America/Chicago", "2026-02")):
        assert {row.month for row in attainment(desk.all(), results, time_zone=zone)} == {month}


def test_goals_are_the_settings_or_the_contracts_and_none_when_nothing_was_promised(desk, clock):
    results = evaluate(desk.all(), as_of=clock.at(99))
    rows = attainment(desk.all(), results, time_zone="UTC")
    assert {row.stage: row.goal_percent for row in rows} == {"response": 90, "plan": None, "resolution": None}
    terms = ContractTerms(goals={"*": Goal(response_percent=95)})
    rows = attainment(desk.all(), results, time_zone="UTC", contract=terms)
    goals = {row.reading: row.goal_percent for row in rows if row.stage == "response"}
    assert goals == {"psa": 90, "contract": 95, "strict": 95}


def test_of_rows_alike_the_one_without_a_goal_comes_first_and_the_others_by_their_goal(desk, clock):
    """SLAs of one agreement that promise another goal for the same priority and stage."""
    base = desk.all()
    ticket, policy = base.tickets[0], base.sla_policies[0]
    goals = {"a": Goal(), "b": Goal(response_percent=0), "c": Goal(response_percent=90)}
    policies = tuple(replace(policy, id=name, goal=goal) for name, goal in goals.items())
    tickets = tuple(replace(ticket, id=str(n), sla_id=name) for n, name in enumerate("cba"))
    records = replace(base, tickets=tickets, sla_policies=(*base.sla_policies, *policies))
    rows = attainment(records, evaluate(records, as_of=clock.at(99)), time_zone="UTC")
    found = [row.goal_percent for row in rows if (row.stage, row.reading) == ("response", "contract")]
    assert found == [None, 0, 90]


def test_every_missed_result_is_a_breach_the_contract_reading_first(desk, clock):
    desk.message(3)
    desk.status(0.2, "Waiting")
    desk.status(2, "Assigned")
    desk.status(99, "Resolved")
    desk.psa(respond_minutes=999, responded_at=clock.at(3))
    results = evaluate(desk.all(), as_of=clock.at(24 * 20))
    found = breaches(results)
    missed = [r for t in results for r in t.results if r.verdict == "missed"]
    assert len(found) == len(missed) >= 4
    order = [b.reading for b in found]
    assert order == sorted(order, key=["contract", "strict", "psa"].index)
    strict = next(b for b in found if (b.stage, b.reading) == ("response", "strict"))
    assert (strict.overrun_seconds, strict.due_at) == (3600, clock.at(2))


def test_the_results_whose_clock_a_pause_stopped_are_counted_whatever_their_verdict(desk, clock):
    """Five of one row: resolved in time and too late after a pause of the same length, the two without one, and one
    still open that waits."""
    base = desk.all()
    ticket, changes = base.tickets[0], []

    def lived(number, *steps):
        before = "New"
        for hours, status in steps:
            changes.append(
                Change(
                    source=clock.ref("history", len(changes) + 100), ticket_id=number, at=clock.at(hours),
                    field="status", old=before, new=status, new_id=desk.status_id(status), by="ann",
                )
            )  # fmt: skip
            before = status
        return replace(ticket, id=number, status_name=status, status_id=desk.status_id(status))

    tickets = (
        lived("1", (1, "Waiting"), (2, "Assigned"), (3, "Resolved")),
        lived("2", (1, "Waiting"), (2, "Assigned"), (24 * 9, "Resolved")),
        lived("3", (3, "Resolved")),
        lived("4", (24 * 9, "Resolved")),
        lived("5", (1, "Waiting")),
    )
    history = tuple(replace(base.history[0], id=each.id, ticket_id=each.id) for each in tickets)
    records = replace(base, tickets=tickets, changes=tuple(changes), history=history)
    rows = attainment(records, evaluate(records, as_of=clock.at(24 * 20)), time_zone="UTC")
    found = {row.reading: row for row in rows if row.stage == "resolution"}
    contract = found["contract"]
    assert (contract.n, contract.met, contract.missed, contract.not_determined) == (5, 2, 2, 1)
    assert {reading: row.paused for reading, row in found.items()} == {"psa": 0, "contract": 3, "strict": 0}


def test_the_overrun_of_a_breach_of_which_the_psa_gives_no_minutes_is_not_known(desk, clock):
    desk.psa(respond_by=clock.at(2))
    [breach] = [each for each in breaches([desk.judge()]) if each.reading == "psa"]
    assert (breach.stage, breach.due_at, breach.met_at, breach.overrun_seconds) == ("response", clock.at(2), None, None)
    assert breach.result.target_seconds
