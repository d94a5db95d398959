"""The SLA of a ticket: as the PSA figures it, and as the contract reads. Seconds of open time, whole.

The PSA takes the status of the moment for its stage, lets anything end a stage (a workflow too), keeps minutes and
forgets seconds. The contract counts from entry, stands still in a status that does not escalate, and for the
response asks for the first act of a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.clock import Clock
from psa_evidence.simulator.world.instants import local
from psa_evidence.simulator.world.plan import Plan, value_at
from psa_evidence.simulator.world.staff import AUTOMATA, BY_ID

STAGES = ("response", "plan", "resolution")
_RANK = {"NotResponded": 0, "Responded": 1, "ResolutionPlan": 2, "Resolved": 3}
_RUNNING = ("respond", "plan", "resolve")


@dataclass(frozen=True, slots=True)
class Span:
    """The ticket's clock between two instants: `counted` or `paused`, in the status named."""

    start: int
    end: int
    status: int
    paused: bool


@dataclass(slots=True)
class PsaFigures:
    """Minutes by stage (segments), instants at which a stage ended, goals."""

    minutes: list[int]
    ended: list[int | None]
    ended_by: list[str]
    goals: list[int | None]
    waiting: int
    before_waiting: int
    level: int
    text: str
    in_sla: bool


def spans(plan: Plan, until: int) -> list[Span]:
    """The statuses of the ticket from entry to `until`, without gap."""
    found = []
    steps = plan.steps_until(until)
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        end = min(following.at, until) if following else until
        if end > step.at:
            found.append(Span(step.at, end, step.status, step.meaning.escalation == "NoEscalation"))
    return found


def counted(clock: Clock, stretch: list[Span], until: int, *, honour: bool = True) -> tuple[int, int]:
    """Open seconds counted and paused up to `until`; `honour=False` counts through every pause."""
    run = wait = 0
    for span in stretch:
        seconds = clock.elapsed(span.start, min(span.end, until)) if span.start < until else 0
        if span.paused and honour:
            wait += seconds
        else:
            run += seconds
    return run, wait


def due(clock: Clock, stretch: list[Span], target: int, *, honour: bool = True) -> int | None:
    """When `target` seconds were or will be used up; None while the clock stands still for good."""
    left = target
    for span in stretch:
        if span.paused and honour:
            continue
        seconds = clock.elapsed(span.start, span.end)
        if seconds >= left:
            return clock.add(span.start, left)
        left -= seconds
    if not stretch or (stretch[-1].paused and honour):
        return None
    return clock.add(stretch[-1].end, left)


def goal_hours(plan: Plan, priority: int) -> tuple[float, float, float]:
    target = s.SLAS[plan.sla].target(priority)
    return target.respond, target.plan, target.resolve


def human_response(plan: Plan, now: int) -> int | None:
    """The first act of a person at the MSP that the client could see or that moved the ticket."""
    acts = [
        step.at
        for step in plan.steps
        if step.by not in AUTOMATA and _RANK.get(step.meaning.escalation, 0) >= 1 and step.at >= plan.entered
    ]
    acts += [
        say.at for say in plan.says if say.party == "member" and not say.internal and BY_ID[say.who].licence != "A"
    ]
    acts += [work.start for work in plan.works if work.entered <= now and work.start >= plan.entered]
    seen = [at for at in acts if at <= now]
    return min(seen) if seen else None


def stage_end(plan: Plan, stage: str, now: int) -> int | None:
    """When the contract's stage was over: plan at its first status, resolution at the last solving that held."""
    if stage == "response":
        return human_response(plan, now)
    steps = plan.steps_until(now)
    if stage == "plan":
        return next((step.at for step in steps if _RANK.get(step.meaning.escalation, 0) >= 2), None)
    end = None
    for step in steps:
        solved = step.meaning.escalation == "Resolved"
        if solved and end is None:
            end = step.at
        elif not solved:
            end = None
    return end


def psa(plan: Plan, clock: Clock, now: int) -> PsaFigures:
    """What the PSA would show at `now`."""
    minutes, ended, by = [0, 0, 0], [None, None, None], ["", "", ""]
    ends: list[int | None] = list(ended)
    seconds = [0, 0, 0]
    stage = waiting = before = 0
    stretch = spans(plan, now)
    for step in plan.steps_until(now):
        rank = _RANK.get(step.meaning.escalation)
        if rank is not None and rank > stage:
            for passed in range(stage, min(rank, 3)):
                ends[passed], by[passed] = step.at, step.by
            stage = rank
        elif rank is not None and stage == 3 and rank < 3:
            stage, ends[2], by[2] = 2, None, ""
        span = next((item for item in stretch if item.start == step.at and item.status == step.status), None)
        if span is None:
            continue
        open_seconds = clock.elapsed(span.start, span.end)
        if span.paused:
            waiting += open_seconds
        elif stage < 3:
            seconds[stage] += open_seconds
            before += open_seconds
    minutes = [value // 60 for value in seconds]
    priority = value_at(plan.priorities, now) or s.P3
    hours = goal_hours(plan, priority)
    goals = [due(clock, stretch, int(value * 3600)) if value else None for value in hours]
    fine = all(not value or sum(minutes[: n + 1]) <= value * 60 for n, value in enumerate(hours))
    current = plan.step_at(now).meaning.escalation
    return PsaFigures(minutes, ends, by, goals, waiting // 60, before // 60, stage * 5,
                      _text(stage, current, goals), fine)  # fmt: skip


def _text(stage: int, escalation: str, goals: list[int | None]) -> str:
    if stage == 3:
        return "Resolved"
    if escalation == "NoEscalation":
        return "Waiting"
    goal = goals[stage]
    if goal is None:
        return "No SLA"
    return f"{('Respond', 'Plan', 'Resolve')[stage]} by {_short(goal)}"


def _short(at: int) -> str:
    when = local(at)
    offset = when.strftime("%z")[:3]
    return f"{when:%a %m/%d} {when.hour % 12 or 12}:{when:%M %p} UTC{offset}"
