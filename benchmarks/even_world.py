"""A world whose tickets are all of one shape: twelve fields, six notes, four time entries, eight status changes each.

Everything else, and the way to it over HTTP, is the simulated MSP's: its settings, clients, agreements and invoices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psa_evidence.simulator.store import Row
from psa_evidence.simulator.world import World, numbering, trail
from psa_evidence.simulator.world import settings as s
from psa_evidence.simulator.world.arrival import Arrivals
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.dice import between, dice, pick
from psa_evidence.simulator.world.instants import MINUTE
from psa_evidence.simulator.world.plan import Plan, Say, Step, Turn, Work
from psa_evidence.simulator.world.staff import TECHNICIANS
from psa_evidence.simulator.world.ticket_rows import TicketView

_CLIENT = 1
"""Whose tickets they are: a client with an agreement and an SLA, and no party to the main dispute."""
_FIELDS = (
    "company", "contact", "board", "type", "priority", "status", "owner", "agreement", "sla", "closedDate", "_info",
)  # fmt: skip
"""Client, contact, board, type, priority, status, owner, agreement, SLA, closed; entered and updated are in `_info`."""
_NAMED = ("id", "summary", "recordType", "closedFlag")
_STATUSES = (
    "New", "Assigned", "In Progress", "Waiting Client", "In Progress", "Waiting Vendor", "In Progress", "Resolved",
    "Closed",
)  # fmt: skip
_BOTH = trail.STATUS_BOTH[0]
_NOTES, _ENTRIES = 6, 4
_PARTIES = ("contact", "member", "member", "contact", "member", "member")
_WORDS = tuple(
    "printer server restarted user reports slow login after update checked event log replaced cable called vendor "  # noqa: SIM905 - it reads as text
    "waiting for client approval firewall rule added backup verified mailbox migrated disk quota raised certificate "
    "renewed password reset by phone ticket escalated to second line switch port flapping driver reinstalled".split()
)
"""Those of `pdf.py`, which lays out tickets of this shape alone."""


class EvenTickets:
    """What the world asks of its tickets: `wanted` of them, all of one client."""

    def __init__(self, world: World, wanted: int) -> None:
        self._world, self._wanted = world, wanted
        self._client = world.clients[_CLIENT]
        self._arrivals = Arrivals(world.seed, wanted)
        self._plans: dict[int, Plan] = {}
        self.deleted: set[int] = set()

    def client_of(self, _index: int) -> Client:
        return self._client

    def entered(self, index: int) -> int:
        return self._arrivals.instant(index)

    def plan(self, index: int) -> Plan:
        if index not in self._plans:
            self._plans[index] = self._made(index)
        return self._plans[index]

    def find(self, row_id: int, _now: int) -> Plan | None:
        index = numbering.ticket_index(row_id)
        return self.plan(index) if index is not None and index < self._wanted else None

    def indexes(self, _now: int, *, after: int = 0, client: int | None = None) -> Iterator[int]:
        if client in {None, _CLIENT}:
            yield from range(numbering.index_from(after), self._wanted)

    def count(self, _now: int) -> int:
        return self._wanted

    def ids(self, now: int) -> Iterator[int]:
        return (numbering.ticket_id(index) for index in self.indexes(now))

    def _made(self, index: int) -> Plan:
        rng, client, entered = dice(self._world.seed, "even", index), self._client, self.entered(index)

        def words(least: int, most: int) -> str:
            return " ".join(pick(rng, _WORDS) for _ in range(between(rng, least, most)))

        tech, asker = pick(rng, TECHNICIANS[1]), pick(rng, client.contacts)
        who = {"member": tech.id, "contact": asker.id}
        starts = [entered + 30 * MINUTE * number for number in range(_ENTRIES)]
        return Plan(
            id=numbering.ticket_id(index), index=index, client=client.index, contact=asker.id, kind="",
            summary=words(4, 8), source=1, board=s.SERVICE, entered=entered, entered_by=tech.identifier,
            agreement=self._world.office.agreement_on(client, entered), sla=client.sla, type_name="Hardware",
            steps=[
                Step(entered + 25 * MINUTE * number, s.STATUS_ID[s.SERVICE, name], tech.identifier)
                for number, name in enumerate(_STATUSES)
            ],
            priorities=[Turn(entered, pick(rng, (s.P1, s.P2, s.P3, s.P4)), tech.identifier)],
            owners=[Turn(entered, tech.id, tech.identifier)],
            says=[
                Say(entered + 20 * MINUTE * number, party, who[party], "note", words(40, 120))
                for number, party in zip(range(_NOTES), _PARTIES, strict=True)
            ],
            works=[
                Work(start, start + 30 * MINUTE, tech.id, start + 40 * MINUTE, "note", words(6, 12))
                for start in starts
            ],
        )  # fmt: skip


class _View(TicketView):
    def ticket(self, *, fresh: bool) -> Row:
        row = super().ticket(fresh=fresh)
        return {name: row[name] for name in (*_NAMED, *_FIELDS) if name in row}


class EvenWorld(World):
    """`tickets` of the one shape and no others; project tickets, surveys and told stories of tickets are left out."""

    def __init__(self, *, seed: int, tickets: int) -> None:
        super().__init__(seed=seed, clients_wanted=8, tickets=tickets)
        self.tickets = EvenTickets(self, tickets)  # type: ignore[assignment] - what the world asks of it is there

    @property
    def client(self) -> int:
        """The id of the client whose tickets they are."""
        return self.clients[_CLIENT].id

    def view(self, plan: Plan) -> TicketView:
        return _View(self.seed, plan, self.clients[plan.client], self._now, self.office.agreement_ref)

    def children(self, resource: str, parent: int, child: str) -> Sequence[Row] | None:
        found = super().children(resource, parent, child)
        if resource == "time/entries" and child == "audits":
            return [] if found is not None else None
        if child == "allNotes" and found is not None:
            return [row for row in found if row["noteType"] == "TicketNote"]
        return [] if resource == "service/surveys" else found

    def audit(self, record_type: str, record_id: int) -> Sequence[Row] | None:
        """Of a ticket: its status changes, each with both values."""
        if record_type != "Ticket":
            return super().audit(record_type, record_id)
        plan = self.tickets.find(record_id, self._now)
        if plan is None:
            return None
        return trail.simple([
            (new.at, new.by, _BOTH.format(old=old.meaning.name, new=new.meaning.name), "Ticket", "Status")
            for old, new in zip(plan.steps, plan.steps[1:], strict=False)
        ])  # fmt: skip
