"""A plan as the API shows it at a given moment: the ticket and what hangs on it."""

from __future__ import annotations

from psa_evidence.simulator.world import numbering, refs, sla
from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.clock import Clock
from psa_evidence.simulator.world.dice import fraction
from psa_evidence.simulator.world.instants import DAY, HOUR, iso
from psa_evidence.simulator.world.note_rows import NoteRows
from psa_evidence.simulator.world.plan import Plan, value_at
from psa_evidence.simulator.world.refs import Row
from psa_evidence.simulator.world.staff import BY_ID
from psa_evidence.simulator.world.texts import Writer
from psa_evidence.simulator.world.time_rows import AgreementRef, TimeRows


class TicketView:
    """One plan seen at `now`. `agreement` gives the reference of an agreement id."""

    def __init__(self, seed: int, plan: Plan, client: Client, now: int, agreement: AgreementRef) -> None:
        self.plan = plan
        self.client = client
        self.now = now
        self._seed = seed
        self._agreement = agreement
        self.writer = Writer(seed, plan, client)
        self.summary = self.writer.summary()
        self._contacts = {contact.id: contact for contact in client.contacts}
        self.time = TimeRows(plan, client, now, self.writer, self.summary, agreement)
        self.talk = NoteRows(plan, client, now, self.writer, self.summary, self.time)

    @property
    def machine(self) -> str:
        return self.writer.machine()

    @property
    def clock(self) -> Clock:
        return s.clock_for(self.plan.sla, self.client.calendar, self.client.zone)

    def ticket(self, *, fresh: bool) -> Row:
        """The ticket. `fresh=False` is what a list shows: the SLA figures of an open ticket are those of its last
        recalculation, up to six hours old."""
        plan, now = self.plan, self.now
        step = plan.step_at(now)
        solved = step.meaning.escalation == "Resolved"
        as_of = now
        if not fresh and not solved:
            as_of = max(plan.entered, step.at, now - int(6 * HOUR * fraction(self._seed, "stale", plan.id, now // DAY)))
        figures = sla.psa(plan, self.clock, as_of)
        priority = value_at(plan.priorities, now) or s.P3
        owner = value_at(plan.owners, now)
        board = value_at(plan.boards, now) or plan.board
        target = s.SLAS[plan.sla].target(priority)
        row: Row = {
            "id": plan.id,
            "summary": self.summary,
            "recordType": "ServiceTicket",
            "board": refs.board(board),
            "status": refs.status(step.status),
            "company": refs.company(self.client),
            "siteName": "Main",
            "contact": refs.contact(self._contacts[plan.contact]),
            "contactName": self._contacts[plan.contact].name,
            "contactPhoneNumber": self._contacts[plan.contact].phone,
            "contactEmailAddress": self._contacts[plan.contact].email,
            "type": refs.ref(
                f"service/boards/{board}/types", board * 100 + s.TYPE_NUMBERS[plan.type_name], plan.type_name
            ),
            "team": refs.ref(f"service/boards/{board}/teams", board, s.TEAMS[board]),
            "priority": refs.priority(priority),
            "source": refs.ref("service/sources", plan.source, s.SOURCES[plan.source]),
            "severity": "High" if priority == s.P1 else "Medium",
            "impact": "High" if priority in (s.P1, s.P2) else "Medium" if priority == s.P3 else "Low",
            "allowAllClientsPortalView": False,
            "customerUpdatedFlag": step.meaning.name == "Client Updated",
            "automaticEmailContactFlag": True,
            "automaticEmailResourceFlag": False,
            "automaticEmailCcFlag": False,
            "closedFlag": step.meaning.closed,
            "approved": True,
            "actualHours": round(sum(work.hours for work in plan.works if work.entered <= now), 2),
            "subBillingMethod": "ActualRates",
            "respondMinutes": figures.minutes[0],
            "resPlanMinutes": figures.minutes[1],
            "resolveMinutes": figures.minutes[2],
            "respondedSkippedMinutes": 0,
            "resplanSkippedMinutes": 0,
            "minutesBeforeWaiting": figures.before_waiting,
            "minutesWaiting": figures.waiting,
            "escalationLevel": figures.level,
            "escalationStartDateUTC": iso(plan.entered),
            "isInSla": figures.in_sla if plan.flag_in_sla is None else plan.flag_in_sla,
            "hasChildTicket": False,
            "hasMergedChildTicketFlag": plan.absorbed,
            "billTime": "Billable" if self.client.terms == "time and materials" else "NoDefault",
            "billExpenses": "Billable",
            "billProducts": "Billable",
            "location": refs.LOCATION,
            "department": refs.DEPARTMENT,
            "sla": refs.sla(plan.sla),
            "slaStatus": figures.text,
            "requestForChangeFlag": plan.kind == "change",
            "currency": refs.DOLLAR,
        }
        if owner is not None:
            row["owner"] = refs.member(owner)
            row["resources"] = ", ".join(dict.fromkeys(BY_ID[turn.value].identifier for turn in plan.owners
                                                       if turn.at <= now))  # fmt: skip
        if plan.agreement is not None:
            row["agreement"] = self._agreement(plan.agreement)
            row["agreementType"] = row["agreement"]["type"]
        for name, value in (("respondedHours", target.respond), ("resplanHours", target.plan),
                            ("resolutionHours", target.resolve)):  # fmt: skip
            if value:
                row[name] = value
        names = (("dateResponded", "respondedBy", "respondByGoalUTC"), ("dateResplan", "resplanBy", "resplanGoalUTC"),
                 ("dateResolved", "resolvedBy", "resolutionGoalUTC"))  # fmt: skip
        for index, (ended, by, goal) in enumerate(names):
            at = figures.ended[index]
            if at is not None:
                row[ended], row[by] = iso(at), figures.ended_by[index]
            goal_at = figures.goals[index]
            if goal_at is not None:
                row[goal] = iso(goal_at)
        if step.meaning.closed:
            row["closedDate"], row["closedBy"] = iso(step.at), step.by
        if plan.merged_into is not None and plan.merged_at is not None and plan.merged_at <= now:
            row["mergedParentTicket"] = refs.ticket(plan.merged_into, "")
        if plan.parent is not None:
            row["parentTicketId"] = plan.parent
        updated, by = self.last_touch()
        row["_info"] = refs.info(plan.entered, plan.entered_by, updated=updated, updated_by=by)
        return row

    def last_touch(self) -> tuple[int, str]:
        plan = self.plan
        touches = [(step.at, step.by) for step in plan.steps_until(self.now)]
        touches += [(turn.at, turn.by) for turn in plan.priorities + plan.owners if turn.at <= self.now]
        touches += [(work.entered, BY_ID[work.member].identifier) for work in plan.works if work.entered <= self.now]
        touches += [(say.at, self.talk.author(say)) for say in plan.says if say.at <= self.now]
        touches += [
            (say.edited_at, self.talk.author(say)) for say in plan.says if say.edited_at and say.edited_at <= self.now
        ]
        return max(touches)

    def tasks(self) -> list[Row]:
        plan = self.plan
        done = plan.step_at(self.now).meaning.escalation == "Resolved"
        return [
            {"id": numbering.child(plan.id, numbering.TASK, number), "ticketId": plan.id, "notes": text,
             "closedFlag": done, "priority": number + 1, "summary": text[:50],
             "_info": refs.info(plan.entered, plan.entered_by)}
            for number, text in enumerate(plan.tasks)
        ]  # fmt: skip

    def visit(self) -> Row | None:
        """The schedule entry of the ticket's visit."""
        plan = self.plan
        if plan.visit is None:
            return None
        start, end, member = plan.visit
        made = min(plan.steps[1].at if len(plan.steps) > 1 else plan.entered, start)
        if made > self.now:
            return None
        done = end <= self.now
        row: Row = {
            "id": numbering.child(plan.id, numbering.VISIT, 0), "objectId": plan.id,
            "name": f"Visit: {self.summary}"[:250], "member": refs.member(member), "dateStart": iso(start),
            "dateEnd": iso(end), "status": {"id": 2, "name": "Firm"},
            "type": {"id": 4, "identifier": "S"}, "doneFlag": done, "acknowledgedFlag": True,
            "acknowledgedDate": iso(made + 300), "ownerFlag": True, "meetingFlag": False,
            "hours": round((end - start) / 3600, 2),
        }  # fmt: skip
        if done:
            row["closeDate"] = iso(end)
        row["_info"] = refs.info(made, "lpetrov")
        return row
