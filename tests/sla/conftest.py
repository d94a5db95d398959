"""A small PSA to be judged: one client, two priorities, statuses of every meaning, weekdays 9 to 17 in Chicago."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from psa_evidence.records import (
    Agreement,
    Board,
    BusinessCalendar,
    Change,
    Client,
    Digest,
    Goal,
    HistoryEntry,
    Holiday,
    Member,
    Message,
    Priority,
    PsaSla,
    RecordSet,
    SlaPolicy,
    SlaTarget,
    SourceRef,
    Span,
    Status,
    SystemInfo,
    Ticket,
    TimeEntry,
    Unread,
)
from psa_evidence.sla import ContractTerms, TicketSla, evaluate

HOUR = 3600
STATUSES = {
    "New": "NotResponded",
    "Assigned": "NotResponded",
    "In Progress": "Responded",
    "Planned": "ResolutionPlan",
    "Resolved": "Resolved",
    "Waiting": "NoEscalation",
}
ENTERED = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Monday 09:00 in Chicago, a week before its clocks go forward."""


def at(hours: float) -> datetime:
    return ENTERED + timedelta(hours=hours)


def ref(kind, number) -> SourceRef:
    return SourceRef(kind, str(number), Digest("0" * 64))


class Desk:
    """Builds records step by step; hours are wall time after the ticket's entry."""

    def __init__(self) -> None:
        nine_to_five = (Span(start=9 * HOUR, end=17 * HOUR),)
        self.number = 0
        self.records = RecordSet(
            clients=(Client(source=ref("client", 1), id="1", name="Acme", identifier="acme"),),
            members=(
                Member(source=ref("member", 1), id="1", identifier="ann", name="Ann Lee"),
                Member(source=ref("member", 2), id="2", identifier="robot", name="Robot", api=True),
            ),
            boards=(Board(source=ref("board", 1), id="1", name="Service"),),
            statuses=tuple(
                Status(source=ref("status", i), id=str(i), board_id="1", name=name, escalation=meaning)
                for i, (name, meaning) in enumerate(STATUSES.items(), start=1)
            ),
            priorities=(
                Priority(source=ref("priority", 1), id="1", name="High"),
                Priority(source=ref("priority", 2), id="2", name="Low"),
            ),
            sla_policies=(
                SlaPolicy(
                    source=ref("sla", 1), id="1", name="Gold", based_on="MyCalendar", calendar_id=None,
                    goal=Goal(response=2 * HOUR, plan=4 * HOUR, resolution=8 * HOUR, response_percent=90),
                ),
            ),
            sla_targets=(
                SlaTarget(
                    source=ref("sla_target", 1), id="1", sla_id="1", priority_id="1",
                    goal=Goal(response=HOUR, plan=2 * HOUR, resolution=4 * HOUR),
                ),
            ),
            calendars=(
                BusinessCalendar(
                    source=ref("calendar", 1), id="1", name="Office", week=(nine_to_five,) * 5 + ((), ()),
                    holiday_list_id="1",
                ),
            ),
            holidays=(
                Holiday(source=ref("holiday", 1), id="1", list_id="1", name="Founder's day", day=date(2026, 3, 4)),
            ),
            agreements=(Agreement(source=ref("agreement", 1), id="1", client_id="1", name="Care", sla_id="1"),),
            system=SystemInfo(
                source=ref("system_info", 0), version=None, cloud=None, time_zone="America/Chicago",
                default_calendar_id="1",
            ),
        )  # fmt: skip
        self.ticket = Ticket(
            source=ref("ticket", 7), id="7", client_id="1", summary="printer", board_id="1", priority_id="2",
            priority_name="Low", agreement_id="1", agreement_name="Care", sla_id="1", sla_name="Gold",
            entered_at=ENTERED, status_name="New", status_id="1",
        )  # fmt: skip
        self.line(0, "ticket created")

    def _add(self, field: str, item: object) -> None:
        self.records = replace(self.records, **{field: (*getattr(self.records, field), item)})

    def line(self, hours: float, text: str) -> SourceRef:
        self.number += 1
        source = ref("history", self.number)
        entry = HistoryEntry(
            source=source, id=str(self.number), ticket_id="7", text=text, at=None if hours is None else at(hours)
        )
        self._add("history", entry)
        return source

    def status(self, hours, new, old="", *, by="ann", automatic=False, known=True) -> None:
        """`old` empty is the status before; None is a line that names none. The ticket is left in `new`."""
        source = self.line(hours, f"status {new}")
        named = self.ticket.status_name if old == "" else old
        self._add("changes", Change(
            source=source, ticket_id="7", at=at(hours), field="status", old=named, new=new,
            new_id=self.status_id(new) if known else None, by=by, automatic=automatic,
        ))  # fmt: skip
        self.set(status_name=new, status_id=self.status_id(new))

    def status_id(self, name: str) -> str | None:
        return next((s.id for s in self.records.statuses if s.name == name), None)

    def priority(self, hours, new, old) -> None:
        source = self.line(hours, f"priority {new}")
        ids = {"High": "1", "Low": "2"}
        self._add("changes", Change(
            source=source, ticket_id="7", at=at(hours), field="priority", old=old, new=new, old_id=ids[old],
            new_id=ids[new], by="ann",
        ))  # fmt: skip
        self.set(priority_name=new, priority_id=ids[new])

    def change(self, hours, field, new) -> None:
        self._add("changes", Change(
            source=self.line(hours, field), ticket_id="7", at=at(hours), field=field, old=None, new=new
        ))  # fmt: skip

    def unread(self, hours, reason="the line is not understood") -> None:
        source = self.line(hours, "Zustand?")
        self._add("unread", Unread(source=source, ticket_id="7", reason=reason))

    def message(self, hours, *, side="msp", internal=False, author="ann") -> None:
        self.number += 1
        self._add("messages", Message(
            source=ref("note", self.number), id=str(self.number), ticket_id="7", text="hello", at=at(hours),
            author=author, side=side, internal=internal,
        ))  # fmt: skip

    def work(self, start, end, *, member="ann", entered=None) -> None:
        self.number += 1
        self._add("time_entries", TimeEntry(
            source=ref("time_entry", self.number), id=str(self.number), ticket_id="7", client_id="1", member=member,
            started_at=at(start), ended_at=at(end), hours=end - start,
            entered_at=at(end if entered is None else entered),
        ))  # fmt: skip

    def set(self, **fields: object) -> None:
        self.ticket = replace(self.ticket, **fields)

    def put(self, **fields: object) -> None:
        self.records = replace(self.records, **fields)

    def psa(self, **figures: object) -> None:
        self.set(psa=PsaSla(**figures))

    def all(self) -> RecordSet:
        return replace(self.records, tickets=(self.ticket,))

    def judge(self, hours=24 * 20, contract: ContractTerms | None = None, **more) -> TicketSla:
        return evaluate(self.all(), as_of=at(hours), contract=contract, **more)[0]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def clock() -> SimpleNamespace:
    """`at(hours)` after the entry, and an hour in seconds."""
    instants: Callable[[float], datetime] = at
    return SimpleNamespace(at=instants, entered=ENTERED, hour=HOUR, ref=ref)
