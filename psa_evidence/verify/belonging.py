"""Step 9.10, the column `ticket` of messages, time entries and history: on which ticket a row hangs.

Three things can say it: the member of the record that the pack names in sources.csv, the record's own id or a text of
it, and the exhibit in which the manifest places the record. What says it must say the same as the cell.
"""

from __future__ import annotations

from typing import Final

from psa_evidence.verify.documents import Document, Documents
from psa_evidence.verify.pointers import given_by, text_by

RULE: Final = "ticket"
TICKETS: Final = {"messages": True, "time_entries": False, "history": True}
"""Tables with the column, and whether every record of them hangs on a ticket."""


class Belonging:
    """The rows of one table. `told` counts the cells that a member or the own id says. `unsaid`: the pack names no
    member, and not all cells are said by own ids; `silent`, after all rows: it names one, and of so many rows the
    record says no ticket. `absent` are tickets that are no records of the pack."""

    def __init__(self, table: str, kind: str, pointers: tuple[str, ...], documents: Documents) -> None:
        self.told = 0
        self.silent = 0
        self.unsaid = False
        self.absent: set[str] = set()
        self._always, self._kind, self._pointers, self._documents = TICKETS[table], kind, pointers, documents
        self._by_member = False
        self._named = 0
        self._astray: list[str] = []

    def problem(self, cell: str, document: Document) -> str | None:
        """What does not hold of the row of this record; what only the whole table tells comes with `astray`. Raises
        NotJudged: the member may be withheld, or is no text or number."""
        ticket = cell.removeprefix("'")
        if self._always and not cell:
            return "names no ticket"
        if cell and not self._documents.has("ticket", ticket):
            self.absent.add(ticket)
        if self._elsewhere(document.id, ticket):
            return "its ticket is not the one in whose exhibit the manifest places the record"
        value = given_by(document, self._pointers)
        if value is not None:
            same = text_by("text", value) in {cell, ticket}
            self._by_member = True
            self.told += 1
            return None if same else "its ticket is not the one that the record names"
        self._looked_for(ticket, document)
        return None

    def astray(self) -> list[str]:
        """After all rows: records in which the ticket of their row does not stand, where most of the table say theirs
        without a member that is named. Where the member is there in some records, those without it only do not say it:
        lists of some systems are joined from several."""
        if not self._by_member and self._named > len(self._astray):
            return self._astray
        self.silent = len(self._astray) if self._pointers else 0
        return []

    def _looked_for(self, ticket: str, document: Document) -> None:
        if ticket and document.id_names(ticket):
            self._named += 1
            self.told += 1
            return
        self.unsaid |= not self._pointers
        if ticket and document.names(ticket):
            self._named += 1
        elif ticket and document.whole:
            self._astray.append(document.id)

    def _elsewhere(self, record: str, ticket: str) -> bool:
        """Whether record and ticket stand in different exhibits, one of which is a ticket's."""
        mine, its = (self._documents.exhibit(*key) for key in ((self._kind, record), ("ticket", ticket)))
        return mine != its if its is not None else mine in self._documents.exhibits_of_tickets
