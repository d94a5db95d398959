"""The audit trail of a ticket: free text in several phrasings, since nobody outside knows the true one.

A line may name both values, the new one alone, or, in a told story, none that can be read. So that a history can be
followed at all, the first status stands either in the line of creation or as the old value of the first change.
"""

from __future__ import annotations

import random

from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.dice import dice, pick
from psa_evidence.simulator.world.instants import iso
from psa_evidence.simulator.world.plan import Plan
from psa_evidence.simulator.world.refs import Row
from psa_evidence.simulator.world.staff import AUTOMATA, BY_ID, CONNECTOR, PORTAL, WORKFLOW

STATUS_BOTH = (
    'Status has been changed from "{old}" to "{new}".',
    "Status was updated to {new} (was {old})",
    'Ticket status: "{old}" -> "{new}"',
    "The status of this ticket was changed from {old} to {new}.",
)
STATUS_NEW = ('Status changed to "{new}".', "Status set to {new}")
STATUS_VAGUE = "The status of this ticket was changed."
PRIORITY = (
    'Priority has been changed from "{old}" to "{new}".',
    "Priority was updated to {new} (was {old})",
    'Ticket priority: "{old}" -> "{new}"',
)
BOARD = ('Board has been changed from "{old}" to "{new}".', "Ticket moved from board {old} to board {new}.")
OWNER_FIRST = ("Ticket owner set to {new}.", "{new} has been assigned as owner.")
OWNER = ('Owner has been changed from "{old}" to "{new}".', "Ticket owner was updated to {new} (was {old})")
CREATED = ("Ticket #{id} has been created.", "Ticket created.", "Service ticket #{id} was created by {by}.")
CREATED_WITH = ('Ticket #{id} has been created with status "{status}".', "Ticket created. Status: {status}")
MAILED = ('E-mail sent to {mail} using template "{template}".', "Notification e-mail was sent to {mail}.")
IRRELEVANT = (
    "Resource {who} has been scheduled.",
    "Summary spell-checked by rule.",
    'Workflow rule "SLA watch" evaluated, no action.',
    "Configuration attached to ticket.",
    "Record viewed in the customer portal.",
    'Custom field "Root cause" updated.',
)

_SOURCES = {WORKFLOW: "Workflow", CONNECTOR: "EmailConnector", PORTAL: "Portal", "rmmapi": "API"}
Entry = tuple[int, int, Row]


class Trail:
    """Collects the lines of one plan. Sorted by time; lines of one second keep the order in which they came."""

    def __init__(self, seed: int, plan: Plan, contact_mail: str) -> None:
        self._rng: random.Random = dice(seed, plan.index, "trail")
        self._plan = plan
        self._mail = contact_mail
        self._entries: list[Entry] = []

    def rows(self, now: int) -> list[Row]:
        plan = self._plan
        self._created()
        self._statuses()
        self._turns()
        self._mails()
        for line in plan.lines:
            self._add(line.at, line.by, line.text, line.kind, line.sub, line.source)
        if self._rng.random() < 0.3:
            text = pick(self._rng, IRRELEVANT).format(who=BY_ID[plan.owners[0].value].name if plan.owners else "API")
            self._add(plan.entered + 30, WORKFLOW, text, "Ticket")
        first = plan.entered - 3600 if plan.audit_from is None else plan.audit_from
        return [row for at, _, row in sorted(self._entries, key=lambda entry: entry[:2]) if first <= at <= now]

    def _add(self, at: int, by: str, text: str, kind: str, sub: str = "", source: str | None = None) -> None:
        row: Row = {"text": text, "enteredDate": iso(at), "enteredBy": by, "auditType": kind}
        if sub:
            row["auditSubType"] = sub
        row["auditSource"] = source or _SOURCES.get(by, "Member")
        self._entries.append((at, len(self._entries), row))

    def _created(self) -> None:
        plan = self._plan
        named = plan.story is not None or self._rng.random() < 0.5 or len(plan.steps) == 1
        text = pick(self._rng, CREATED_WITH if named else CREATED).format(
            id=plan.id, by=plan.entered_by, status=plan.steps[0].meaning.name
        )
        self._named = named
        self._add(plan.entered, plan.entered_by, text, "Record", "Created")

    def _statuses(self) -> None:
        for index, step in enumerate(self._plan.steps[1:], start=1):
            both = (index == 1 and not self._named) or self._rng.random() < 0.7
            both = both and index - 1 not in self._plan.vague
            text = pick(self._rng, STATUS_BOTH if both else STATUS_NEW).format(
                old=self._plan.steps[index - 1].meaning.name, new=step.meaning.name
            )
            self._add(step.at, step.by, STATUS_VAGUE if index in self._plan.vague else text, "Ticket", "Status")

    def _turns(self) -> None:
        plan, rng = self._plan, self._rng
        for before, turn in zip(plan.priorities, plan.priorities[1:], strict=False):
            old, new = s.PRIORITIES[before.value].name, s.PRIORITIES[turn.value].name
            self._add(turn.at, turn.by, pick(rng, PRIORITY).format(old=old, new=new), "Ticket", "Priority")
        for before, turn in zip(plan.boards, plan.boards[1:], strict=False):
            text = pick(rng, BOARD).format(old=s.BOARDS[before.value], new=s.BOARDS[turn.value])
            self._add(turn.at, turn.by, text, "Ticket", "Board")
        for index, turn in enumerate(plan.owners):
            old = BY_ID[plan.owners[index - 1].value].name if index else ""
            text = pick(rng, OWNER if index else OWNER_FIRST).format(old=old, new=BY_ID[turn.value].name)
            self._add(turn.at, turn.by, text, "Resource", "Owner")

    def _mails(self) -> None:
        for say in self._plan.says:
            if not say.mailed:
                continue
            by = BY_ID[say.who].identifier if say.party == "member" else WORKFLOW
            template = "New ticket receipt" if say.purpose == "receipt" else "Ticket update"
            text = pick(self._rng, MAILED).format(mail=self._mail, template=template)
            self._add(say.at + (0 if by in AUTOMATA else 2), by, text, "Email", "Sent")


def simple(rows: list[tuple[int, str, str, str, str]]) -> list[Row]:
    """Lines of other records: at, by, text, type, subtype."""
    return [
        {"text": text, "enteredDate": iso(at), "enteredBy": by, "auditType": kind, "auditSubType": sub,
         "auditSource": _SOURCES.get(by, "Member")}
        for at, by, text, kind, sub in sorted(rows)
    ]  # fmt: skip
