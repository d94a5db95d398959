"""The demo's matter file states what the simulated PSA is set up with: its contract reading is the PSA's too."""

from datetime import date

from psa_evidence.matter import parse, template
from psa_evidence.simulator.contract import CONTRACT
from psa_evidence.simulator.world import settings


def test_the_demos_contract_is_a_table_of_a_matter_file_with_the_targets_of_the_simulated_psa():
    head = template(
        name="Demo", client="Demo", connection="demo", since=date(2025, 11, 1), until=date(2026, 10, 31),
        time_zone="America/New_York",
    )  # fmt: skip
    contract = parse((head + CONTRACT).encode(), "dispute.toml").contract
    stated = {name: (goal.response, goal.plan, goal.resolution) for name, goal in contract.goals}
    gold = settings.SLAS[settings.GOLD]
    assert stated == {
        priority.name: tuple(
            int(hours * 3600) for hours in (target.respond, target.plan, target.resolve)
        )
        for number, priority in settings.PRIORITIES.items()
        for target in [gold.target(number)]
        if number in gold.rows
    }  # fmt: skip
    assert {clause for _, _, clause in contract.clauses.goals} == {"3, exhibit B"}
