"""Fetching: every list page by page, and the comments of every ticket."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

from psa_evidence.errors import SourceError
from psa_evidence.records import Kind
from psa_evidence.spi import Below, Check, ClientName, Recorder, Scope, Sighting
from psa_evidence_tinydesk.line import Found, Line

LISTS: tuple[tuple[str, Kind], ...] = (("customers", "client"), ("agents", "member"), ("tickets", "ticket"))
MOST_PAGES = 10_000
"""A list that is longer than this is not believed."""


class TinydeskSource:
    """Satisfies `psa_evidence.spi.Source`."""

    def __init__(self, site: str, token: str, page_size: int) -> None:
        self._site, self._token, self._size = site, token, page_size
        self._line: Line | None = None

    async def __aenter__(self) -> Self:
        self._line = Line(self._site, self._token)
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._line is not None:
            await self._line.aclose()

    @property
    def line(self) -> Line:
        if self._line is None:
            raise RuntimeError("the source is not open: use it as a context manager")
        return self._line

    async def clients(self, find: str = "") -> Sequence[ClientName]:
        found = []
        for page in range(1, MOST_PAGES + 1):
            answer = await self.line.ask(self._page("customers", page))
            if answer.problem:
                raise SourceError("Tinydesk did not list its customers.", why=answer.problem)
            rows = _rows(answer)
            found += [ClientName(id=str(row["id"]), name=str(row.get("name", "")), identifier=str(row.get("code", "")))
                      for row, _, _ in rows]  # fmt: skip
            if len(rows) < self._size:
                break
        wanted = find.casefold()
        fitting = [one for one in found if wanted in one.name.casefold() or wanted in one.identifier.casefold()]
        return sorted(fitting, key=lambda one: (one.name.casefold(), one.id))

    async def fetch(self, scope: Scope, recorder: Recorder) -> None:
        """Tinydesk has no time filter: a scope's period is left to the selection, its clients are obeyed."""
        recorder.fact("host", self._site.partition("//")[2])
        tickets: list[dict[str, Any]] = []
        for resource, kind in LISTS:
            rows = await self._list(resource, kind, scope, recorder)
            tickets = rows if kind == "ticket" else tickets
        for ticket in tickets:
            await self._comments(ticket, recorder)
        recorder.received("comments", 0)

    async def _list(self, resource: str, kind: Kind, scope: Scope, recorder: Recorder) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        recorder.progress.start(resource, None)
        problem, total = "", None
        for page in range(1, MOST_PAGES + 1):
            answer = await self.line.ask(self._page(resource, page))
            if answer.problem:
                problem = answer.problem
                break
            total = answer.value.get("total") if isinstance(answer.value, dict) else None
            rows = _rows(answer)
            new = [(row, start, end) for row, start, end in rows if str(row["id"]) not in found]
            wanted = [one for one in new if _wanted(kind, one[0], scope)]
            if answer.exchange is not None:
                recorder.keep(answer.exchange, [_sighting(kind, *one) for one in wanted])
            found.update({str(row["id"]): row for row, _, _ in new})
            recorder.received(resource, len(new))
            if len(rows) < self._size or not new:
                break
            if isinstance(total, int) and len(found) > total + self._size:
                break  # more and more, whatever the server counted
        if isinstance(total, int):
            recorder.asked(resource, total)
        if problem:
            count = total - len(found) if isinstance(total, int) else None
            recorder.missing(resource, problem, count=count)
        elif total != len(found):
            lacking = max(total - len(found), 0) if isinstance(total, int) else None
            recorder.missing(resource, "count differs", count=lacking or None)
        complete = not problem and total == len(found) and not scope.clients
        recorder.present(kind, list(found), complete=complete, problem=problem)
        recorder.progress.finish(resource)
        return [row for row in found.values() if _wanted(kind, row, scope)]

    async def _comments(self, ticket: dict[str, Any], recorder: Recorder) -> None:
        unit, basis = f"tickets/{ticket['id']}/comments", str(ticket.get("updated"))
        if recorder.done(unit, basis):
            return
        answer = await self.line.ask(f"/api/tickets/{ticket['id']}/comments")
        if answer.problem or answer.exchange is None:
            parent = f"ticket/{ticket['id']}"
            lost = Below(kind="note", parent=parent, unit=unit, basis=basis)
            recorder.missing("comments", answer.problem or "unreadable", detail=parent, below=lost)
            return
        rows = _rows(answer)
        client = str(ticket["customer"]) if ticket.get("customer") is not None else None
        sightings = [
            Sighting(kind="note", id=str(row["id"]), start=start, end=end, client=client,
                     parent=f"ticket/{ticket['id']}", at=moment(row.get("at")))
            for row, start, end in rows
        ]  # fmt: skip
        recorder.keep(answer.exchange, sightings, unit=unit, basis=basis)
        recorder.received("comments", len(rows))

    async def check(self) -> Sequence[Check]:
        found = []
        for resource, _ in LISTS:
            answer = await self.line.ask(self._page(resource, 1))
            status = "failed" if answer.problem else "ok"
            found.append(Check(id=resource, status=status, detail=answer.problem or "can be read"))
        return found

    def _page(self, resource: str, page: int) -> str:
        return f"/api/{resource}?per_page={self._size}&page={page}"


def _rows(answer: Found) -> list[tuple[dict[str, Any], int, int]]:
    """The rows of `{"total": n, "rows": [...]}` with the span of each in the bytes. Rows without an id are none."""
    text = answer.body.decode("utf-8")
    decoder = json.JSONDecoder()
    begin = text.find("[", text.find('"rows"')) + 1
    found, at = [], begin
    while begin and at < len(text) and text[at] != "]":
        if text[at] in ", \r\n\t":
            at += 1
            continue
        row, end = decoder.raw_decode(text, at)
        if isinstance(row, dict) and isinstance(row.get("id"), int | str):
            found.append((row, len(text[:at].encode()), len(text[:end].encode())))
        at = end
    return found


def _wanted(kind: Kind, row: dict[str, Any], scope: Scope) -> bool:
    if not scope.clients or kind == "member":
        return True
    return str(row.get("id" if kind == "client" else "customer")) in scope.clients


def _sighting(kind: Kind, row: dict[str, Any], start: int, end: int) -> Sighting:
    client = {"client": row["id"], "ticket": row.get("customer"), "member": None}[kind]
    return Sighting(
        kind=kind, id=str(row["id"]), start=start, end=end, client=None if client is None else str(client),
        at=moment(row.get("opened")), updated_at=moment(row.get("updated")),
    )  # fmt: skip


def moment(value: object) -> datetime | None:
    """An ISO 8601 text with its offset, else None."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
