"""All tickets of the world, made when asked for and soon forgotten."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Protocol

from psa_evidence.simulator.world.arrival import Arrivals
from psa_evidence.simulator.world.clients import Client
from psa_evidence.simulator.world.dice import fraction
from psa_evidence.simulator.world.instants import wall
from psa_evidence.simulator.world.life import Life
from psa_evidence.simulator.world.numbering import index_from, ticket_id, ticket_index
from psa_evidence.simulator.world.plan import Plan

_KEPT = 8192
"""Plans remembered: those of some pages of tickets, so that their children cost what they would cost a real server."""

_TERMINATED = wall("2026-10-01")
"""From here on the first client brings no ordinary tickets any more."""

AgreementOn = Callable[[Client, int], int | None]


class Promised(Protocol):
    """What a ticket must know of the contracts."""

    def agreement_on(self, client: Client, at: int) -> int | None: ...


class Tickets:
    """`told` are the stories' plans by index; they take the place of the ordinary ticket there."""

    def __init__(
        self, seed: int, arrivals: Arrivals, clients: tuple[Client, ...], promised: Promised,
        told: Mapping[int, Plan], deleted: set[int],
    ) -> None:  # fmt: skip
        self._seed = seed
        self._arrivals = arrivals
        self._clients = clients
        self._promised = promised
        self._told = told
        self.deleted = deleted
        """Indexes of tickets that somebody deleted: they are nowhere to be seen."""
        self._marks = list(accumulate(client.weight for client in clients))
        self._recent: OrderedDict[int, Plan] = OrderedDict()
        self._reached = (-1, 0)

    def client_of(self, index: int) -> Client:
        told = self._told.get(index)
        if told is not None:
            return self._clients[told.client]
        mark = fraction(self._seed, "client of", index) * self._marks[-1]
        place = min(bisect_right(self._marks, mark), len(self._clients) - 1)
        if place == 0 and self._arrivals.instant(index) >= _TERMINATED:
            place = 1 + index % (len(self._clients) - 1)
        return self._clients[place]

    def entered(self, index: int) -> int:
        told = self._told.get(index)
        return told.entered if told is not None else self._arrivals.instant(index)

    def plan(self, index: int) -> Plan:
        told = self._told.get(index)
        if told is not None:
            return told
        plan = self._recent.get(index)
        if plan is None:
            client = self.client_of(index)
            entered = self._arrivals.instant(index)
            plan = Life(self._seed, index, entered, client, self._promised.agreement_on(client, entered)).plan()
            self._recent[index] = plan
            if len(self._recent) > _KEPT:
                self._recent.popitem(last=False)
        else:
            self._recent.move_to_end(index)
        return plan

    def find(self, row_id: int, now: int) -> Plan | None:
        """The plan behind an id, None when there is no such ticket (yet, or any more)."""
        index = ticket_index(row_id)
        if index is None or index in self.deleted or index >= self._horizon(now):
            return None
        return self.plan(index) if self.entered(index) <= now else None

    def indexes(self, now: int, *, after: int = 0, client: int | None = None) -> Iterator[int]:
        """Indexes of tickets with an id over `after`, of one client when its index is given."""
        for index in range(index_from(after), self._horizon(now)):
            if index in self.deleted or (client is not None and self.client_of(index).index != client):
                continue
            if self.entered(index) <= now:
                yield index

    def count(self, now: int) -> int:
        horizon = self._horizon(now)
        hidden = sum(1 for index in self._told if index < horizon and self._told[index].entered > now)
        return horizon - hidden - sum(1 for index in self.deleted if index < horizon and self.entered(index) <= now)

    def ids(self, now: int) -> Iterator[int]:
        return (ticket_id(index) for index in self.indexes(now))

    def _horizon(self, now: int) -> int:
        """One more than the last index that may have come by `now`: a told ticket may stand a little out of turn."""
        at, horizon = self._reached
        if at != now:
            horizon = self._arrivals.count(now)
            while horizon in self._told and self._told[horizon].entered <= now:
                horizon += 1
            self._reached = (now, horizon)
        return horizon
