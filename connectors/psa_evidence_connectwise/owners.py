"""Whose each ticket is, for hundreds of thousands of them: 16 bytes a ticket."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator

NOBODY = -1


class Owners:
    """Ticket ids with the id of their client. Later entries count."""

    def __init__(self) -> None:
        self._tickets = array("q")
        self._clients = array("q")
        self._sorted = True

    def add(self, ticket: int, client: str | None) -> None:
        if self._tickets and ticket <= self._tickets[-1]:
            self._sorted = False
        self._tickets.append(ticket)
        self._clients.append(NOBODY if client is None else int(client))

    def ids(self) -> Iterator[str]:
        """In ascending order."""
        self._sort()
        return (str(number) for number in self._tickets)

    def client_of(self, ticket: int) -> str | None:
        self._sort()
        at = bisect_left(self._tickets, ticket)
        if at == len(self._tickets) or self._tickets[at] != ticket or self._clients[at] == NOBODY:
            return None
        return str(self._clients[at])

    def _sort(self) -> None:
        if self._sorted:
            return
        newest = dict(zip(self._tickets, self._clients, strict=True))
        self._tickets = array("q", sorted(newest))
        self._clients = array("q", (newest[ticket] for ticket in self._tickets))
        self._sorted = True
