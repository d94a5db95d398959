"""The world: one MSP, its clients and two years of work, seen at `now` through the API's resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from psa_evidence.simulator.store import Blob, Row
from psa_evidence.simulator.world import answer_key, assets, numbering, papers, projects, records_trail, surveys
from psa_evidence.simulator.world.arrival import Arrivals
from psa_evidence.simulator.world.books import Books
from psa_evidence.simulator.world.clients import FIRST_CLIENT_ID, clients
from psa_evidence.simulator.world.instants import DAY, NOW, iso
from psa_evidence.simulator.world.office import Office
from psa_evidence.simulator.world.plan import Plan
from psa_evidence.simulator.world.promises import promises
from psa_evidence.simulator.world.staging import stage
from psa_evidence.simulator.world.stories import Cast, tell_all
from psa_evidence.simulator.world.ticket_rows import TicketView
from psa_evidence.simulator.world.tickets import Tickets
from psa_evidence.simulator.world.trail import Trail

_TICKETS = "service/tickets"
_LIVE = "service/tickets/calculateSla"
_TIME = "time/entries"
_VISITS = "schedule/entries"
_PROJECT = "project/tickets"
_PROJECTS = "project/projects"
_LEAST_CLIENTS = 8
_FURTHEST = 3 * 365 * DAY
STORIES = ("edit-note", "delete-ticket")
"""What `apply_story` can make happen."""


class World:
    """A `Store`. Everything follows from the arguments; nothing is read from outside."""

    def __init__(self, *, seed: int, clients_wanted: int, tickets: int) -> None:
        if clients_wanted < _LEAST_CLIENTS:
            raise ValueError(f"a world needs at least {_LEAST_CLIENTS} clients for its stories")
        self.seed = seed
        self._now = NOW
        self.clients = clients(seed, clients_wanted)
        self.agreements = promises(self.clients)
        self.cast = Cast(self.clients, Books())
        tell_all(self.cast)
        self.office = Office(seed, self.clients, self.agreements, self.cast.books)
        arrivals = Arrivals(seed, tickets)
        told = stage(self.cast, arrivals, tickets, self.office.agreement_on)
        gone = {script.plan.index for script in self.cast.deleted}
        self.tickets = Tickets(seed, arrivals, self.clients, self.office, told, gone)
        self.edited: dict[int, tuple[str, str]] = {}
        """Notes that `apply_story` changed: id, text before and after."""
        self._counts: dict[str, int] = {}

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._now, UTC)

    def advance(self, by: timedelta) -> None:
        """Raises ValueError for a step back, and for more than three years on: calendars are kept no further."""
        if by < timedelta(0):
            raise ValueError("time only goes on")
        if self._now + by.total_seconds() > NOW + _FURTHEST:
            raise ValueError("the world's calendars end three years after its first day")
        self._now += int(by.total_seconds())
        self._counts.clear()

    def apply_story(self, name: str) -> dict[str, Any]:
        """Makes something happen now that a later capture must find; says what. ValueError for an unknown name.

        `edit-note`: an internal note gets another text. `delete-ticket`: a ticket and all that hangs on it vanishes.
        """
        cast = self.cast
        if name == "edit-note" and cast.to_edit is not None:
            script, number, text = cast.to_edit
            say = script.plan.says[number]
            if say.edited_at is None:
                say.edited_at, say.edited_text = self._now, text
            note = numbering.child(script.id, numbering.NOTE, number)
            self.edited[note] = (say.text, text)
            done = {"story": name, "ticket": script.id, "note": note, "at": iso(say.edited_at)}
        elif name == "delete-ticket" and cast.to_delete is not None:
            self.tickets.deleted.add(cast.to_delete.plan.index)
            done = {"story": name, "ticket": cast.to_delete.id, "at": iso(self._now)}
        else:
            raise ValueError(f"no story named {name!r}; there are {', '.join(STORIES)}")
        self._counts.clear()
        return done

    def resources(self) -> frozenset[str]:
        return frozenset({_TICKETS, _LIVE, _TIME, _VISITS, _PROJECT, _PROJECTS}) | self.office.resources()

    def count(self, resource: str) -> int:
        if resource in (_TICKETS, _LIVE):
            return self.tickets.count(self._now)
        if resource not in self._counts:
            counted: Callable[[Plan], int] | None = {_TIME: self._entries, _VISITS: self._visits}.get(resource)
            total = len(self.office.rows(resource, self._now))
            if counted is not None:
                total += sum(counted(self.tickets.plan(index)) for index in self.tickets.indexes(self._now))
            elif resource in (_PROJECT, _PROJECTS):
                total = sum(1 for _ in self.rows(resource))
            self._counts[resource] = total
        return self._counts[resource]

    def _entries(self, plan: Plan) -> int:
        return sum(1 for work in plan.works if work.entered <= self._now)

    def _visits(self, plan: Plan) -> int:
        return int(plan.visit is not None and self.view(plan).visit() is not None)

    def rows(self, resource: str, *, after: int = 0, company: int | None = None) -> Iterator[Row]:
        client = None if company is None else company - FIRST_CLIENT_ID
        if resource in (_TICKETS, _LIVE):
            for index in self.tickets.indexes(self._now, after=after, client=client):
                yield self.view(self.tickets.plan(index)).ticket(fresh=resource == _LIVE)
        elif resource == _PROJECT:
            yield from projects.rows(self.seed, self.clients, self.tickets, self._now, after)
        elif resource == _PROJECTS:
            yield from (row for row in projects.projects(self.clients, self._now) if row["id"] > after)
        else:
            yield from (row for row in self.office.rows(resource, self._now) if row["id"] > after)
            if resource in (_TIME, _VISITS):
                for index in self.tickets.indexes(self._now, after=after // 100 - 1, client=client):
                    plan = self.tickets.plan(index)
                    if plan.works if resource == _TIME else plan.visit:
                        yield from (row for row in self._hanging(resource, plan) if row["id"] > after)

    def _hanging(self, resource: str, plan: Plan) -> list[Row]:
        """Time entries, or the visit, of a ticket."""
        view = self.view(plan)
        if resource == _TIME:
            return view.time.entries()
        visit = view.visit()
        return [] if visit is None else [visit]

    def row(self, resource: str, row_id: int) -> Row | None:
        if resource in (_TICKETS, _LIVE):
            plan = self.tickets.find(row_id, self._now)
            return None if plan is None else self.view(plan).ticket(fresh=True)
        if resource == "system/documents":
            return self._document(row_id)
        if resource == _PROJECT:
            if (
                numbering.project_index(row_id) is None
                or row_id > numbering.ticket_id(self.tickets.count(self._now)) + 99
            ):
                return None
            found = list(projects.rows(self.seed, self.clients, self.tickets, self._now, row_id - 1, limit=1))
        elif resource == _PROJECTS:
            found = projects.projects(self.clients, self._now)
        elif resource in (_TIME, _VISITS) and row_id >= numbering.FIRST_TICKET * 100:
            plan = self.tickets.find(row_id // 100, self._now)
            found = [] if plan is None else self._hanging(resource, plan)
        else:
            found = self.office.rows(resource, self._now)
        return next((row for row in found if row["id"] == row_id), None)

    def children(self, resource: str, parent: int, child: str) -> Sequence[Row] | None:
        if resource == _TICKETS:
            plan = self.tickets.find(parent, self._now)
            return None if plan is None else self._of_ticket(plan, child)
        if resource == _TIME:
            plan = self.tickets.find(parent // 100, self._now)
            number = parent % 100 - numbering.TIME
            if plan is None or not 0 <= number < len(plan.works) or plan.works[number].entered > self._now:
                return None
            return self.view(plan).time.audits(number) if child == "audits" else []
        if (resource, child) == ("service/surveys", "results") and parent == surveys.SURVEY_ID:
            return self._survey_results()
        if resource == _PROJECT:
            row = self.row(resource, parent)
            return None if row is None else projects.below(row, child)
        if resource == _PROJECTS:
            client = parent - projects.FIRST_PROJECT
            known = 0 <= client < len(self.clients)
            return None if not known else projects.phases(self.clients[client]) if child == "phases" else []
        return self.office.children(resource, parent, child, self._now)

    def _of_ticket(self, plan: Plan, child: str) -> list[Row]:
        view = self.view(plan)
        if child == "notes":
            return view.talk.notes()
        if child == "allNotes":
            return view.talk.all_notes()
        if child == "tasks":
            return view.tasks()
        if child == "timeEntries":
            return view.time.entries()
        if child == "configurations":
            return [assets.reference(asset) for asset in self.office.assets_named(plan, view.machine, self._now)]
        return []

    def _survey_results(self) -> list[Row]:
        found = []
        for index in self.tickets.indexes(self._now):
            plan = self.tickets.plan(index)
            result = surveys.result(plan, self.clients[plan.client], self._now)
            if result is not None:
                found.append(result)
        return found

    def audit(self, record_type: str, record_id: int) -> Sequence[Row] | None:
        if record_type != "Ticket":
            return records_trail.rows(self, record_type, record_id)
        plan = self.tickets.find(record_id, self._now)
        if plan is None:
            return None
        mail = next(contact.email for contact in self.clients[plan.client].contacts if contact.id == plan.contact)
        return Trail(self.seed, plan, mail).rows(self._now)

    def documents(self, record_type: str, record_id: int) -> Sequence[Row]:
        if record_type == "Ticket":
            plan = self.tickets.find(record_id, self._now)
            return [] if plan is None else papers.paper_rows(plan, self._now)
        return self.office.documents(record_type, record_id, self._now)

    def _document(self, document_id: int) -> Row | None:
        if document_id < numbering.FIRST_TICKET * 100:
            return self.office.document(document_id, self._now)
        return next((row for row in self.documents("Ticket", document_id // 100) if row["id"] == document_id), None)

    def blob(self, document_id: int) -> Blob | None:
        if document_id < numbering.FIRST_TICKET * 100:
            return self.office.blob(document_id, self._now)
        plan = self.tickets.find(document_id // 100, self._now)
        number = document_id % 100 - numbering.PAPER
        if plan is None or not 0 <= number < len(plan.papers) or plan.papers[number].at > self._now:
            return None
        return papers.paper_blob(plan, plan.papers[number])

    def single(self, resource: str) -> Row | None:
        return self.office.single(resource)

    def answer_key(self) -> dict[str, Any]:
        """The truth at `now`; its shape is told in `answer_key.py`."""
        return answer_key.answer_key(self)

    def view(self, plan: Plan) -> TicketView:
        return TicketView(self.seed, plan, self.clients[plan.client], self._now, self.office.agreement_ref)
