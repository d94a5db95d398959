"""The numbers of tickets: whose each number between the first and the last is, and which nobody's."""

from __future__ import annotations

from dataclasses import dataclass, field

from psa_evidence.spi import Recorder
from psa_evidence_connectwise.idset import IdSet
from psa_evidence_connectwise.sightings import Row, reference_id, row_id

MAX_TEXT = 1500
"""Characters of the list of numbers that nobody has; what is more is counted."""


@dataclass(slots=True)
class Numbers:
    """Service and project tickets share one sequence, for all clients of the MSP. `clients` are those in scope."""

    clients: frozenset[str]
    fetched: IdSet = field(default_factory=IdSet)
    """In scope of this capture, or of an earlier one."""
    other: IdSet = field(default_factory=IdSet)
    """Of clients outside the scope."""
    projects: IdSet = field(default_factory=IdSet)
    merged: int = 0

    def service(self, row: Row) -> None:
        number = row_id(row)
        if number is None:
            return
        client = reference_id(row, "company")
        mine = not self.clients or client in self.clients
        (self.fetched if mine else self.other).add(number)
        if mine and row.get("mergedParentTicket"):
            self.merged += 1

    def project(self, row: Row) -> None:
        number = row_id(row)
        if number is not None:
            self.projects.add(number)

    def tell(self, recorder: Recorder, *, complete: bool) -> None:
        """The classes as facts of the capture: those of one range add up to its length.

        Numbers that no list holds were deleted, are hidden from the key, or were never given: the API does not tell.
        """
        if not len(self.fetched):
            return
        first, last = self.fetched.lowest, self.fetched.highest
        inside = [sum(1 for n in ids if first <= n <= last) for ids in (self.fetched, self.other, self.projects)]
        unknown = last - first + 1 - sum(inside)
        recorder.fact("ticket_numbers_first", first)
        recorder.fact("ticket_numbers_last", last)
        recorder.fact("ticket_numbers_listed", inside[0])
        recorder.fact("ticket_numbers_of_other_clients", inside[1])
        recorder.fact("ticket_numbers_of_project_tickets", inside[2])
        recorder.fact("ticket_numbers_merged", self.merged)
        recorder.fact("ticket_numbers_in_no_list", unknown)
        recorder.fact("ticket_numbers_in_no_list_are", self._gaps(first, last) or None)
        recorder.fact("ticket_numbers_complete", complete)

    def _gaps(self, first: int, last: int) -> str:
        """`1003, 1007-1012`, cut with a count of the ranges that are left out."""
        known = sorted({*self.fetched, *self.other, *self.projects})
        ranges: list[str] = []
        before = first
        length = more = 0
        for number in known:
            if not first < number <= last:
                continue
            if number > before + 1:
                text = f"{before + 1}" if number == before + 2 else f"{before + 1}-{number - 1}"
                if length + len(text) < MAX_TEXT:
                    ranges.append(text)
                    length += len(text) + 2
                else:
                    more += 1
            before = number
        return ", ".join(ranges) + (f" and {more} ranges more" if more else "")
