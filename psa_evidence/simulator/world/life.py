"""How an ordinary ticket goes: came in, was answered, worked on, waited for, solved, closed."""

from __future__ import annotations

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.clients import Client, Contact
from psa_evidence.simulator.world.clock import Clock
from psa_evidence.simulator.world.dice import between, dice, pick, skewed, weighted
from psa_evidence.simulator.world.instants import DAY, HOUR, MINUTE, wall
from psa_evidence.simulator.world.numbering import ticket_id
from psa_evidence.simulator.world.plan import Paper, Plan, Say, Step, Turn, Work
from psa_evidence.simulator.world.staff import CONNECTOR, PORTAL, TECHNICIANS, WORKFLOW, Person
from psa_evidence.simulator.world.texts.kinds import WEIGHTED, Kind

_NO_SLA_HABIT = s.Target(6, 16, 48)
"""What the MSP keeps to when nothing was promised."""
_SOURCES = ((2, 6.0), (1, 3.0), (3, 2.0))
_RMM = 190
_STRAINED = wall("2026-01-01")
"""From here on the first client was served more slowly: his tickets waited for people."""
_COMMENTS = {
    5: ("Quick and friendly, thank you.", "Great service as always.", "Very patient with me!", ""),
    4: ("Took a while but it is solved.", "Good help.", ""),
    3: ("I had to explain it twice.", "Still not sure what it was.", ""),
    2: ("Three people asked me the same questions.", "Too slow."),
    1: ("Waited all day and nobody called.", "It broke again the next morning."),
}
"""What people write with their points."""


class Life:
    """Draws one ticket; all that it needs to know of the world is handed in."""

    def __init__(self, seed: int, index: int, entered: int, client: Client, agreement: int | None) -> None:
        self._rng = dice(seed, "life", index)
        self._client = client
        self._index = index
        self._entered = entered
        self._agreement = agreement
        self._kind: Kind = weighted(self._rng, WEIGHTED)
        self._sla = s.NO_SLA if agreement is None else client.sla
        self._clock: Clock = s.clock_for(self._sla, client.calendar, client.zone)

    def plan(self) -> Plan:
        rng, kind = self._rng, self._kind
        self._asker = self._somebody()
        self._tech = self._technician()
        source = 4 if kind.from_monitoring else weighted(rng, _SOURCES)
        opener, opened_by = self._opener(source)
        priority = weighted(rng, kind.priorities)
        first = "New (email)" if source == 2 and kind.board == s.SERVICE else "New"
        plan = Plan(
            id=ticket_id(self._index), index=self._index, client=self._client.index, contact=self._asker.id,
            kind=kind.key, summary="", source=source, board=kind.board, entered=self._entered, entered_by=opened_by,
            agreement=self._agreement, sla=self._sla, type_name=kind.type_name,
            steps=[Step(self._entered, s.STATUS_ID[kind.board, first], opened_by)],
            priorities=[Turn(self._entered, priority, opened_by)], says=[opener],
        )  # fmt: skip
        if source in (2, 3):
            plan.says.append(Say(self._entered + between(rng, 4, 50), "system", 0, "receipt", mailed=True))
        self._work_through(plan)
        self._decorate(plan)
        plan.says.sort(key=lambda say: say.at)
        return plan

    def _somebody(self) -> Contact:
        contact = pick(self._rng, self._client.contacts)
        if contact.left and self._entered > wall(contact.left):
            return self._client.manager
        return contact

    def _technician(self) -> Person:
        rng = self._rng
        tier = weighted(rng, ((1, 6.0), (2, 3.0), (3, 1.0) if self._kind.effort[1] > 90 else (2, 0.5)))
        tech = pick(rng, TECHNICIANS[tier])
        return TECHNICIANS[tier][0] if tech.left and self._entered > wall(tech.left) - 30 * DAY else tech

    def _opener(self, source: int) -> tuple[Say, str]:
        if source == 4:
            return Say(self._entered, "member", _RMM, "opening", entered_by="rmmapi"), "rmmapi"
        name = {1: "lpetrov", 2: CONNECTOR}.get(source, PORTAL)
        return Say(self._entered, "contact", self._asker.id, "opening", entered_by=name), name

    def _habit(self, priority: int) -> s.Target:
        target = s.SLAS[self._sla].target(priority)
        return target if target.respond else _NO_SLA_HABIT

    def _reached(self, plan: Plan, at: int, name: str, by: str) -> None:
        plan.steps.append(Step(at, s.STATUS_ID[plan.board, name], by))

    def _work_through(self, plan: Plan) -> None:
        rng, clock, kind, tech = self._rng, self._clock, self._kind, self._tech
        target = self._habit(plan.priorities[0].value)
        effort = between(rng, *kind.effort) * MINUTE
        strain = 1.7 if self._client.index == 0 and self._entered >= _STRAINED else 1.0
        answered = clock.add(self._entered, max(40, int(skewed(rng, 0.22 * strain * target.respond, 1.15) * HOUR)))
        plan.owners.append(Turn(answered, tech.id, tech.identifier))
        if rng.random() < 0.45:
            self._reached(plan, answered, "Assigned", tech.identifier)
            if rng.random() < 0.6:
                plan.says.append(Say(answered + between(rng, 20, 90), "member", tech.id, "ask", mailed=True))
            begun = clock.add(answered, max(60, int(skewed(rng, 0.2 * target.plan, 1.1) * HOUR)))
        else:
            begun = answered
        self._reached(plan, begun, self._busy(), tech.identifier)
        at = self._bout(plan, begun, effort // 2 if rng.random() < kind.waits + kind.vendor else effort, "note")
        if rng.random() < kind.waits:
            if rng.random() < 0.12:
                self._never_answered(plan, at)
                return
            at = self._wait_for_client(plan, at)
            at = self._bout(plan, clock.add(at, between(rng, 120, 5400)), max(300, effort // 2), "note")
        if rng.random() < kind.vendor:
            at = self._wait_for_vendor(plan, at)
            at = self._bout(plan, clock.add(at, between(rng, 60, 900)), max(300, effort // 3), "note")
        if kind.board == s.MONITORING and rng.random() < 0.06:
            self._reached(plan, at, s.MISMAPPED, tech.identifier)
            at = self._back(plan, clock.add(at, between(rng, 1, 14) * HOUR))
        if rng.random() < 0.05:
            self._reached(plan, at, "Scheduled", tech.identifier)
            at = self._back(plan, clock.add(at, between(rng, 30, 260) * HOUR))
        if rng.random() < 0.5:
            at = clock.add(at, max(60, int(skewed(rng, 0.22 * strain * target.resolve, 1.3) * HOUR)))
        self._finish(plan, at)

    def _back(self, plan: Plan, at: int) -> int:
        """Work goes on at `at`; gives back when the next thing may happen."""
        self._reached(plan, at, "In Progress", self._tech.identifier)
        return self._clock.add(at, between(self._rng, 90, 1500))

    def _busy(self) -> str:
        onsite = self._kind.board == s.SERVICE and self._kind.type_name == "Hardware" and self._rng.random() < 0.2
        return "In Progress - Onsite" if onsite else "In Progress"

    def _bout(self, plan: Plan, start: int, seconds: int, purpose: str) -> int:
        """Work without a pause; gives back when it was over."""
        rng, tech = self._rng, self._tech
        end = self._clock.add(start, max(240, seconds))
        end = min(end, start + 4 * HOUR)
        if len(plan.works) < 15:
            late = rng.random()
            delay = between(rng, 20, 2400) if late < 0.9 else between(rng, 1, 9) * DAY + between(rng, 0, 5 * HOUR)
            onsite = plan.steps[-1].meaning.name.endswith("Onsite")
            plan.works.append(
                Work(
                    start,
                    end,
                    tech.id,
                    end + delay,
                    purpose,
                    work_type=2 if onsite else 1,
                    billable="Billable" if self._client.terms == "time and materials" else "DoNotBill",
                )
            )
        if rng.random() < 0.25:
            plan.says.append(Say(end, "member", tech.id, "internal", internal=True))
        return end

    def _wait_for_client(self, plan: Plan, at: int) -> int:
        rng, tech = self._rng, self._tech
        plan.says.append(Say(at, "member", tech.id, "ask", mailed=True))
        self._reached(plan, at + 5, "Waiting Client", tech.identifier)
        back = self._clock.add(at, int(skewed(rng, 7.0, 1.7) * HOUR))
        if back - at > 3 * DAY:
            plan.says.append(Say(at + 2 * DAY, "system", 0, "reminder", text=_REMINDER, mailed=True))
        plan.says.append(Say(back, "contact", self._asker.id, "answer", entered_by=CONNECTOR))
        self._reached(plan, back + 1, "Client Updated", CONNECTOR)
        again = self._clock.add(back + 1, between(rng, 300, 2 * HOUR))
        self._reached(plan, again, "In Progress", tech.identifier)
        return again

    def _never_answered(self, plan: Plan, at: int) -> None:
        """The client is asked and reminded twice; after ten days the workflow closes the ticket."""
        tech = self._tech
        plan.says.append(Say(at, "member", tech.id, "ask", mailed=True))
        self._reached(plan, at + 5, "Waiting Client", tech.identifier)
        for days in (2, 6):
            plan.says.append(Say(at + days * DAY, "system", 0, "reminder", text=_REMINDER, mailed=True))
        closed = "Closed - No Response" if plan.board == s.SERVICE else "Closed"
        self._reached(plan, at + 10 * DAY, closed, WORKFLOW)

    def _wait_for_vendor(self, plan: Plan, at: int) -> int:
        tech = self._tech
        self._reached(plan, at, "Waiting Vendor", tech.identifier)
        back = self._clock.add(at, int(skewed(self._rng, 7.0, 1.2) * HOUR))
        self._reached(plan, back, "In Progress", tech.identifier)
        return back

    def _finish(self, plan: Plan, at: int) -> None:
        rng, tech = self._rng, self._tech
        plan.says.append(Say(at, "member", tech.id, "resolve", resolution=True, mailed=rng.random() < 0.8))
        self._reached(plan, at, "Resolved", tech.identifier)
        if rng.random() < 0.04:
            back = self._clock.add(at, between(rng, 1, 30) * HOUR)
            plan.says.append(Say(back, "contact", self._asker.id, "answer", text=_AGAIN, entered_by=CONNECTOR))
            self._reached(plan, back + 1, "Re-opened", CONNECTOR)
            at = self._bout(plan, self._clock.add(back + 1, between(rng, 300, 7200)), 1500, "resolve")
            self._reached(plan, at, "Resolved", tech.identifier)
        if rng.random() < 0.25:
            self._reached(plan, at + between(rng, 30, 2 * HOUR), "Closed", tech.identifier)
        else:
            self._reached(plan, at + 3 * DAY, "Closed", WORKFLOW)

    def _decorate(self, plan: Plan) -> None:
        """What happens on some tickets only."""
        rng, solved = self._rng, plan.steps[-2].at
        if rng.random() < 0.05 and plan.priorities[0].value != s.P1 and len(plan.steps) > 2:
            raised = {s.P2: s.P1, s.P3: s.P2, s.P4: s.P3}[plan.priorities[0].value]
            after = plan.steps[1].at
            plan.priorities.append(Turn(after + max(1, (plan.steps[2].at - after) // 2), raised, "mokafor"))
        if rng.random() < 0.06:
            other = pick(rng, TECHNICIANS[2])
            plan.owners.append(Turn(plan.steps[-3].at, other.id, self._tech.identifier))
        if rng.random() < 0.07:
            points = weighted(rng, _POINTS)
            plan.survey = (solved + between(rng, 1, 40) * HOUR, points, pick(rng, _COMMENTS[points]))
        if rng.random() < 0.05:
            words = (f"Event log of ticket {plan.id}", self._client.name)
            plan.papers.append(Paper(plan.entered + 60, "Screenshot of the message", "screenshot.png",
                                     plan.entered_by, "screenshot", words))  # fmt: skip
        if self._kind.from_monitoring and rng.random() < 0.15:
            plan.papers.append(Paper(plan.entered + 1, "Agent log", "agent.log", "rmmapi", "log", (self._kind.key,)))
        if self._kind.key == "onboarding":
            plan.tasks = ["Create account and mailbox", "Assign licences", "Prepare laptop", "MFA registration"]
        if any(step.meaning.name.endswith("Onsite") for step in plan.steps) and plan.works:
            work = plan.works[0]
            plan.visit = (work.start - 1800, work.end, work.member)


_POINTS = ((5, 6.0), (4, 3.0), (3, 1.0), (2, 0.5), (1, 0.4))
_REMINDER = "We are still waiting for your answer on this ticket. This reminder was sent automatically."
_AGAIN = "I am sorry, but it happens again since this morning. Could you have another look?"
