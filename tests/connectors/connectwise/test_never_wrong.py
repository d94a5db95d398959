"""Histories told in wordings of every kind, with lines that deny a change between them: the verdict is the true one or
`not determined`, never another."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

from psa_evidence.sla import evaluate

ENTERED = datetime(2025, 3, 4, 10, tzinfo=UTC)
AS_OF = ENTERED + timedelta(days=1)
STATUSES = {
    "New": "NotResponded", "Assigned": "NotResponded", "In Progress": "Responded", "Waiting": "NoEscalation",
    "Waiting on Client": "NoEscalation", "Planned": "ResolutionPlan", "Closed": "Resolved",
    "Closed - Duplicate": "NoEscalation", "To Do": "NotResponded", "Not Closed": "NoEscalation",
}  # fmt: skip
RANK = {"Responded": 1, "ResolutionPlan": 2, "Resolved": 3}
GOALS = {"response": 3600, "plan": 7200, "resolution": 4 * 3600}
PLAIN = "Status changed from <old> to <new>"
TOLD = (
    PLAIN, PLAIN, PLAIN, 'Status: "<old>" -> "<new>"', "Status updated to <new> (was <old>)",
    "Status: <new> <- <old>", "Status <old> gave way to <new>", "Status is no longer <old> but <new>",
    "Status changed from <old> to <new> by jdoe", "Ticket moved from <old> to <new>", "Status | <old> | <new>",
    "Статус изменён с <old> на <new>", "<td>Status</td><td><old></td><td><new></td>", "Status set to <new>",
    "Status old/new: <old>/<new>", "Status von <old> auf <new> geändert", "Status: [-<old>-]{+<new>+}",
)  # fmt: skip
DENIED = (
    "Status was not changed from <old> to <new>", "Attempt to change status from <old> to <new> was denied",
    "Workflow would set status to <new>", "Status: <old> -> <new> (not saved)", "Cannot set status to <new>",
    "Status change from <old> to <new> was undone", "SR 77 status changed from <old> to <new>",
    "Status of device SRV1 changed from <old> to <new>", "Status update sent to client: <new>",
    "Undo: status changed from <old> to <new>", "Phase 'Rollout' status changed from <old> to <new>",
    "Status changes to <new> in 3 days", "Reminder: change status to <new>", "Ticket was deleted and restored",
    "Severity changed from High to Low", "Child ticket #77 status changed from <old> to <new>",
)  # fmt: skip


def said(wording, old, new):
    return re.sub("<(old|new)>", lambda match: old if match[1] == "old" else new, wording)


def story(rng):
    """The true changes, and the lines told of them; no two in one second."""
    seconds = iter(sorted(rng.sample(range(60, 30_000), 10)))
    steps, lines, current = [], [(ENTERED, "Ticket created")], "New"
    for _ in range(rng.randint(1, 6)):
        at = ENTERED + timedelta(seconds=next(seconds))
        if rng.random() < 0.3:
            lines.append((at, said(rng.choice(DENIED), *rng.sample(sorted(STATUSES), 2))))
            at = ENTERED + timedelta(seconds=next(seconds, 40_000))
        new = rng.choice([name for name in STATUSES if name not in {current, "New"}])
        lines.append((at, said(rng.choice(TOLD) if rng.random() < 0.4 else PLAIN, current, new)))
        steps.append((at, new))
        current = new
        if len(lines) > 8:
            break
    return steps, lines


def truth(steps):
    """Verdicts by walking through the true changes; round the clock, `NoEscalation` pauses."""
    parts = [(ENTERED, "New"), *steps]
    bounds = [*(at for at, _ in parts[1:]), AS_OF]

    def ran(until):
        return sum(
            max((min(end, until) - min(start, until)).total_seconds(), 0)
            for (start, name), end in zip(parts, bounds, strict=True)
            if STATUSES[name] != "NoEscalation"
        )

    solved = None
    for at, name in parts:
        solved = (solved or at) if STATUSES[name] == "Resolved" else None
    ends = {
        "response": next((at for at, name in parts if RANK.get(STATUSES[name], 0) >= 1), None),
        "plan": next((at for at, name in parts if RANK.get(STATUSES[name], 0) >= 2), None),
        "resolution": solved,
    }
    return {
        stage: "missed" if ran(ends[stage] or AS_OF) > goal else "met" if ends[stage] else "not determined"
        for stage, goal in GOALS.items()
    }


def test_the_verdict_is_the_true_one_or_left_open(raw, interpret):
    seen = Counter()
    for seed in range(250):
        steps, lines = story(random.Random(seed))
        ids = {name: number for number, name in enumerate(STATUSES, start=10)}
        last = steps[-1][1]
        records = [
            raw("board", "1", {"id": 1, "name": "Help Desk"}), raw("priority", "5", {"id": 5, "name": "High"}),
            raw("member", "7", {"id": 7, "identifier": "jdoe", "firstName": "Jane", "lastName": "Doe",
                                "licenseClass": "F"}),
            raw("sla", "3", {"id": 3, "name": "Gold", "basedOn": "AllHours", "respondHours": 1, "planWithin": 2,
                             "resolutionHours": 4}),
            raw("ticket", "1", {
                "id": 1, "board": {"id": 1}, "status": {"id": ids[last], "name": last}, "sla": {"id": 3},
                "priority": {"id": 5, "name": "High"}, "dateEntered": f"{ENTERED:%Y-%m-%dT%H:%M:%SZ}",
                "closedFlag": last == "Closed",
            }, client="9"),
        ]  # fmt: skip
        for name, meaning in STATUSES.items():
            row = {"id": ids[name], "name": name, "board": {"id": 1}, "escalationStatus": meaning,
                   "closedStatus": name == "Closed"}  # fmt: skip
            records.append(raw("status", str(ids[name]), row, parent="board/1"))
        for number, (at, text) in enumerate(lines):
            row = {"text": text, "enteredDate": f"{at:%Y-%m-%dT%H:%M:%SZ}", "enteredBy": "jdoe",
                   "auditType": "Ticket", "auditSource": "Member"}  # fmt: skip
            records.append(raw("history", f"1-{number:016x}", row, parent="ticket/1"))
        (ticket,) = evaluate(interpret(records), as_of=AS_OF)
        for stage, true in truth(steps).items():
            found = ticket.result(stage, "contract").verdict
            assert found in {true, "not determined"}, (seed, stage, lines)
            seen[found] += 1
    assert min(seen["met"], seen["missed"]) > 100, "most are determined all the same"
