"""A real incident log as a store: every incident a ticket, every event one audit entry.

What the log does not say (clients, agreements, calendars) comes from `incident_setup`. Rows are made when asked for.
The log's closing fields (`resolved_*`, `closed_*`, `made_sla`) show in a ticket only, which is the last event's state.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from psa_evidence.simulator import incident_setup as setup
from psa_evidence.simulator import incident_sla as sla
from psa_evidence.simulator.incident_log import IncidentLog, moment, stamp
from psa_evidence.simulator.incident_people import ZONE, contacts_of, digits, members_of
from psa_evidence.simulator.incident_text import entry
from psa_evidence.simulator.overlay import AUDITED
from psa_evidence.simulator.store import Blob, Row

_EMPTY = (
    "company/configurations",
    "finance/invoices",
    "project/tickets",
    "sales/activities",
    "sales/opportunities",
    "schedule/entries",
    "service/surveys",
    "system/documents",
    "time/entries",
)
"""Lists a PSA has and this log says nothing about."""
_LEVEL = {"1 - High": "High", "2 - Medium": "Medium", "3 - Low": "Low"}
_DONE = frozenset({"Resolved", "Closed"})


class IncidentStore:
    """`Store` over an incident log file (CSV, plain or gzip). `advance` moves the clock; the log has no more events."""

    def __init__(self, path: Path) -> None:
        self._log = IncidentLog(path)
        self._now = moment(self._log.last_minute()) + timedelta(days=1)
        self._singles = setup.singles(ZONE)
        self._lists = {name: _by_id(rows) for name, rows in setup.setup_rows(ZONE).items()}
        self._lists |= {name: {} for name in _EMPTY}
        self._members = members_of(self._log)
        self._lists["system/members"] = _by_id(sorted(self._members.values(), key=lambda row: row["id"]))
        self._lists["company/contacts"] = contacts_of(self._log)
        self._statuses = {
            board: sla.statuses(board, setup.BOARDS[board - 1]) for board in range(1, len(setup.BOARDS) + 1)
        }
        self._status_references = {
            (board, row["name"]): {"id": row["id"], "name": row["name"], "sort": row["sortOrder"]}
            for board, rows in self._statuses.items()
            for row in rows
        }

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def events(self) -> int:
        """Events in the log, which is the number of audit entries of all tickets."""
        return self._log.events

    def advance(self, by: timedelta) -> None:
        self._now += by

    def resources(self) -> frozenset[str]:
        return frozenset({"service/tickets", *self._lists})

    def count(self, resource: str) -> int:
        return len(self._log.numbers) if resource == "service/tickets" else len(self._lists.get(resource, {}))

    def rows(self, resource: str, *, after: int = 0, company: int | None = None) -> Iterator[Row]:
        if resource != "service/tickets":
            yield from (row for row_id, row in self._lists.get(resource, {}).items() if row_id > after)
            return
        for place in range(bisect_right(self._log.numbers, after), len(self._log.numbers)):
            if company is None or self._company(place) == company:
                yield self._ticket(place)

    def row(self, resource: str, row_id: int) -> Row | None:
        if resource != "service/tickets":
            return self._lists.get(resource, {}).get(row_id)
        place = self._log.place(row_id)
        return None if place is None else self._ticket(place)

    def children(self, resource: str, parent: int, child: str) -> Sequence[Row] | None:
        if resource == "service/tickets":
            place = self._log.place(parent)
            if place is None:
                return None
            return self._notes(place, child) if child in {"notes", "allNotes"} else ()
        if parent not in self._lists.get(resource, {}):
            return None
        match resource, child:
            case "service/boards", "statuses":
                return self._statuses[parent]
            case "service/SLAs", "priorities":
                return sla.sla_priorities(parent)
            case "schedule/holidayLists", "holidays":
                return setup.holidays()
            case "finance/agreements", "additions":
                return setup.additions(parent)
        return ()

    def audit(self, record_type: str, record_id: int) -> Sequence[Row] | None:
        if record_type != "Ticket":
            return () if record_id in self._lists.get(AUDITED.get(record_type, ""), {}) else None
        place = self._log.place(record_id)
        if place is None:
            return None
        events = self._log.span(place)
        return [
            entry(self._log, record_id, event, first=event == events.start, member=self._login("sys_updated_by", event))
            for event in events
        ]

    def documents(self, record_type: str, record_id: int) -> Sequence[Row]:  # noqa: ARG002 - the log has none
        return ()

    def blob(self, document_id: int) -> Blob | None:  # noqa: ARG002
        return None

    def single(self, resource: str) -> Row | None:
        return self._singles.get(resource)

    def _ticket(self, place: int) -> Row:
        log = self._log
        events = log.span(place)
        number, first, last = log.numbers[place], events.start, events.stop - 1
        company, board = self._company(place), self._board(first)
        status = log.word("incident_state", last) or "New"
        category, subcategory = log.word("category", last), log.word("subcategory", last)
        row: Row = {
            "id": number,
            "summary": _summary(category, subcategory, log.word("u_symptom", last)),
            "recordType": "ServiceTicket",
            "board": {"id": board, "name": setup.BOARDS[board - 1]},
            "status": self._status_references.get((board, status), {"id": board * 100, "name": status}),
            "company": setup.company_reference(company),
            "siteName": log.word("location", last),
            "contact": self._contact(log.word("caller_id", last)),
            "contactName": log.word("caller_id", last),
            "type": _named(category),
            "subType": _named(subcategory),
            "team": _named(log.word("assignment_group", last)),
            "owner": self._member(log.word("assigned_to", last)),
            "priority": self._priority(log.word("priority", last)),
            "severity": _LEVEL.get(log.word("urgency", last) or ""),
            "impact": _LEVEL.get(log.word("impact", last) or ""),
            "source": {"id": 1, "name": log.word("contact_type", last) or "Phone"},
            "agreement": setup.agreement_reference(company),
            "sla": sla.sla_reference(company),
            "slaStatus": "Resolved" if status in _DONE else "Waiting" if status.startswith("Awaiting") else status,
            "isInSla": log.word("made_sla", last) == "true",
            "closedFlag": status == "Closed",
            "externalXRef": f"INC{number:07d}",
            "_info": {
                "lastUpdated": stamp(log.minute("sys_updated_at", last)),
                "updatedBy": self._login("sys_updated_by", last),
                "dateEntered": stamp(log.minute("opened_at", first)),
                "enteredBy": self._login("opened_by", first),
            },
        }
        if status in _DONE and log.minute("resolved_at", last) >= 0:
            row["dateResolved"] = stamp(log.minute("resolved_at", last))
            row["resolvedBy"] = self._login("resolved_by", last)
        if status == "Closed" and log.minute("closed_at", last) >= 0:
            row["closedDate"] = stamp(log.minute("closed_at", last))
            row["closedBy"] = self._login("sys_updated_by", last)
        return {name: value for name, value in row.items() if value is not None and value != ""}

    def _notes(self, place: int, child: str) -> list[Row]:
        log = self._log
        events = log.span(place)
        number, first, last = log.numbers[place], events.start, events.stop - 1
        source = (log.word("contact_type", first) or "phone").lower()
        symptom = log.word("u_symptom", first) or "no symptom recorded"
        caller = self._contact(log.word("caller_id", first))
        opened = f"Reported by {source}: {symptom}, {log.word('category', first) or 'no category'}."
        author = self._login("opened_by", first)
        notes = [_note(number, 1, opened, log.minute("opened_at", first), author, ("contact", caller), child)]
        if log.word("incident_state", last) in _DONE:
            code = log.word("closed_code", last)
            resolved = log.minute("resolved_at", last)
            at = resolved if resolved >= 0 else log.minute("sys_updated_at", last)
            done = f"Resolved with closing code {code}." if code else "Resolved; no closing code was recorded."
            who = ("member", self._member(log.word("resolved_by", last)))
            notes.append(_note(number, 2, done, at, self._login("resolved_by", last), who, child))
        return notes

    def _company(self, place: int) -> int:
        """By the location the incident was opened for; the last client has those without one."""
        return setup.company_of(self._log.word("location", self._log.span(place).start))

    def _board(self, event: int) -> int:
        return 2 if self._log.word("contact_type", event) in setup.PORTAL_SOURCES else 1

    def _login(self, column: str, event: int) -> str:
        member = self._members.get(self._log.word(column, event) or "")
        return str(member["identifier"]) if member else ""

    def _member(self, word: str | None) -> Row | None:
        row = self._members.get(word or "")
        return None if row is None else {name: row[name] for name in ("id", "identifier", "name")}

    def _contact(self, word: str | None) -> Row | None:
        return None if word is None else {"id": digits(word), "name": word}

    def _priority(self, word: str | None) -> Row | None:
        names = [name for name, _ in sla.PRIORITIES]
        return {"id": names.index(word) + 1, "name": word} if word in names else _named(word)


def _by_id(rows: list[Row]) -> dict[int, Row]:
    return {row["id"]: row for row in rows}


def _named(word: str | None) -> Row | None:
    return None if word is None else {"id": digits(word), "name": word}


def _summary(category: str | None, subcategory: str | None, symptom: str | None) -> str:
    return f"{category or 'Uncategorised'} / {subcategory or 'other'}: {symptom or 'no symptom recorded'}"


def _note(number: int, n: int, text: str, minute: int, author: str, who: tuple[str, Row | None], child: str) -> Row:
    row: Row = {
        "id": number * 10 + n,
        "text": text,
        "detailDescriptionFlag": n == 1,
        "internalAnalysisFlag": False,
        "resolutionFlag": n == 2,
        "_info": {"lastUpdated": stamp(minute), "updatedBy": author},
    }
    if who[1] is not None:
        row[who[0]] = who[1]
    if child == "allNotes":
        return {**row, "noteType": "TicketNote", "ticket": {"id": number}, "originalAuthor": author}
    return {**row, "ticketId": number, "dateCreated": stamp(minute), "createdBy": author}
