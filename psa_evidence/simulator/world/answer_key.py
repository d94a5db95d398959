"""The truth about a world, as JSON. The product never reads it; tests compare with it.

    {
      "format": "simulator-answer-key/1",
      "seed", "now", "zone":        how the world was made; calendars are read in `zone`, but for a
                                    client's own calendar (SLA based on Customer), read in the client's zone
      "msp", "main_client":         the MSP's name; id and name of the party to the main dispute
      "counts":                     rows by resource at `now`
      "deleted_tickets":            ids that were service tickets and are gone
      "project_ticket_ids":         ids in the same range that belong to project tickets
      "clients": {company id: {"name", "sla", "calendar", "zone", "agreements": [ids], "tickets": n}}
      "stories": {name: {...}}      ids involved and what is true; each has its own fields and a `note`
      "tickets": {ticket id: {
          "client", "entered", "story",
          "sla", "priority_at_entry", "priority_at_end": id that governs the resolution (or stands at `now`),
          "statuses": [[from, until, status id, "counted" | "paused"], ...]   gapless from entry to `now`
          "automatic": [instants of status changes by an automaton]
          "response" | "plan" | "resolution": {
              "met_at": instant or null,
              "target_seconds": whole seconds, null when nothing was promised,
              "elapsed_seconds", "paused_seconds": open seconds from entry to `met_at` (or `now`),
              "strict_seconds": the same when no pause is honoured,
              "due_at": when the target is used up, by the pauses up to `met_at`; null while standing still,
              "contract", "strict": "met" | "missed" | "not determined" | "no target" | "excluded",
              "overrun_seconds": elapsed - target, when missed by the contract reading
          }}}
    }

Verdicts follow the contract: the calendar of the SLA, the pauses of the statuses as mapped in the PSA, the first act
of a person as response, the priority at the stage's end. A merged ticket is excluded. `not determined` is a stage that
still runs within its target, or whose history cannot be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psa_evidence.simulator.world import numbering, sla
from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.instants import iso
from psa_evidence.simulator.world.plan import Plan, Turn
from psa_evidence.simulator.world.staff import AUTOMATA, MSP_NAME

if TYPE_CHECKING:
    from psa_evidence.simulator.world.world import World


def answer_key(world: World) -> dict[str, Any]:
    now = int(world.now.timestamp())
    plans = [world.tickets.plan(index) for index in world.tickets.indexes(now)]
    return {
        "format": "simulator-answer-key/1",
        "seed": world.seed,
        "now": iso(now),
        "zone": s.SERVER_ZONE.key,
        "msp": MSP_NAME,
        "main_client": {"id": world.clients[0].id, "name": world.clients[0].name},
        "counts": {resource: world.count(resource) for resource in sorted(world.resources())},
        "deleted_tickets": sorted(numbering.ticket_id(index) for index in world.tickets.deleted),
        "project_ticket_ids": [row["id"] for row in world.rows("project/tickets")],
        "clients": {str(client.id): _client(world, client, plans) for client in world.clients},
        "stories": {name: truth() for name, truth in sorted(world.cast.truths.items())},
        "tickets": {str(plan.id): ticket(plan, world.clients[plan.client], now) for plan in plans},
    }


def _client(world: World, client: Client, plans: list[Plan]) -> dict[str, Any]:
    return {
        "name": client.name,
        "sla": s.SLAS[client.sla].name,
        "calendar": s.CALENDARS[client.calendar].name,
        "zone": s.ZONES[client.zone].key,
        "agreements": [item.id for item in world.agreements if item.client is client],
        "tickets": sum(1 for plan in plans if plan.client == client.index),
    }


def ticket(plan: Plan, client: Client, now: int) -> dict[str, Any]:
    """The truth about one ticket."""
    solved = sla.stage_end(plan, "resolution", now)
    found: dict[str, Any] = {
        "client": client.id,
        "entered": iso(plan.entered),
        "story": plan.story,
        "sla": s.SLAS[plan.sla].name,
        "priority_at_entry": plan.priorities[0].value,
        "priority_at_end": _governing(plan.priorities, now if solved is None else solved),
        "statuses": [
            [iso(span.start), iso(span.end), span.status, "paused" if span.paused else "counted"]
            for span in sla.spans(plan, now)
        ],
        "automatic": [iso(step.at) for step in plan.steps_until(now)[1:] if step.by in AUTOMATA],
    }
    for number, stage in enumerate(sla.STAGES):
        found[stage] = _stage(plan, client, stage, number, now)
    return found


def _governing(priorities: list[Turn], end: int) -> int:
    """The priority that stood just before `end`."""
    return next((turn.value for turn in reversed(priorities) if turn.at < end), priorities[0].value)


def _stage(plan: Plan, client: Client, stage: str, number: int, now: int) -> dict[str, Any]:
    clock = s.clock_for(plan.sla, client.calendar, client.zone)
    met = sla.stage_end(plan, stage, now)
    end = now if met is None else met
    stretch = sla.spans(plan, end)
    target = int(sla.goal_hours(plan, _governing(plan.priorities, end))[number] * 3600)
    run, paused = sla.counted(clock, stretch, end)
    strict, _ = sla.counted(clock, stretch, end, honour=False)
    verdict, plain = _verdict(target, run, met), _verdict(target, strict, met)
    if plan.merged_into is not None and plan.merged_at is not None and plan.merged_at <= now:
        verdict = plain = "excluded"
    elif target and not _readable(plan, stage, met):
        verdict = "not determined"
        plain = plain if stage == "resolution" and plan.audit_from is None else "not determined"
    due = sla.due(clock, stretch, target) if target else None
    found: dict[str, Any] = {
        "met_at": None if met is None else iso(met),
        "target_seconds": target or None,
        "elapsed_seconds": run,
        "paused_seconds": paused,
        "strict_seconds": strict,
        "due_at": None if due is None else iso(due),
        "contract": verdict,
        "strict": plain,
    }
    if verdict == "missed":
        found["overrun_seconds"] = run - target
    return found


def _verdict(target: int, seconds: int, met: int | None) -> str:
    if not target:
        return "no target"
    if seconds > target:
        return "missed"
    return "met" if met is not None else "not determined"


def _readable(plan: Plan, stage: str, met: int | None) -> bool:
    """Whether the audit trail lets anybody follow this stage to its end."""
    if plan.audit_from is not None:
        return False
    end = plan.steps[-1].at if met is None else met
    return stage == "response" or not any(plan.steps[index].at < end for index in plan.vague)
