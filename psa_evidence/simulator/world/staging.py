"""Gives each told ticket its place in the queue: the number that a ticket coming in at that moment would get."""

from __future__ import annotations

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.arrival import Arrivals
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.numbering import ticket_id
from psa_evidence.simulator.world.plan import Plan
from psa_evidence.simulator.world.stories.cast import Cast
from psa_evidence.simulator.world.tickets import AgreementOn


def stage(cast: Cast, arrivals: Arrivals, tickets: int, agreement_on: AgreementOn) -> dict[int, Plan]:
    """Plans by index. Raises ValueError when there are fewer tickets than stories."""
    scripts = sorted(cast.scripts, key=lambda script: script.plan.entered)
    if len(scripts) > tickets:
        raise ValueError(f"a world needs at least {len(scripts)} tickets for its stories")
    placed: dict[int, Plan] = {}
    last = -1
    for number, script in enumerate(scripts):
        plan = script.plan
        wanted = arrivals.count(plan.entered - 1)
        last = min(max(wanted, last + 1), tickets - (len(scripts) - number))
        plan.index, plan.id = last, ticket_id(last)
        client = cast.clients[plan.client]
        plan.agreement = agreement_on(client, plan.entered)
        plan.sla = sla_of(client, plan.agreement)
        placed[last] = plan
    for script in scripts:
        if script.into is not None:
            script.plan.merged_into = script.into.id
    return placed


def sla_of(client: Client, agreement: int | None) -> int:
    """Without an agreement nothing is promised."""
    return s.NO_SLA if agreement is None else client.sla
