"""Paths to answers: `service/tickets/42/allNotes` to rows of the store. Knows no HTTP but methods and status codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from psa_evidence.simulator.invoice_pdf import invoice_pdf
from psa_evidence.simulator.listing import Page, count_of, page_of
from psa_evidence.simulator.page_faults import PageFaults
from psa_evidence.simulator.permissions import without
from psa_evidence.simulator.query import Query, query_of
from psa_evidence.simulator.replies import ApiError, Header, Reply, bytes_reply, invalid, json_reply, not_found
from psa_evidence.simulator.simulation import Simulation
from psa_evidence.simulator.store import Row

AUDIT_TYPES = frozenset(
    [
        "Ticket",
        "Contact",
        "Company",
        "Opportunity",
        "Time",
        "Activity",
        "ProductCatalog",
        "ProjectTicket",
        "Purchasing",
        "Configuration",
        "Schedule",
        "Agreement",
        "AgreementAddition",
        "Project",
        "Invoice",
        "PurchaseOrder",
        "Expense",
        "ProductItem",
        "Survey",
        "Site",
    ]
)
"""What `/system/audittrail` takes; live servers refuse `Member` and `TimeEntry`."""

_CAMEL = ("allNotes", "boardDefaults", "emailsOpened", "linksClicked", "subTypes", "timeEntries", "workRoleExclusions",
          "workRoles", "workTypeExclusions", "workTypes")  # fmt: skip
"""Names below a row that are not all in small letters; a store is asked for them as the vendor writes them."""

_SINGLES = ("system/info", "system/myCompany/other", "system/mySecurity")
_LIVE = "service/tickets/calculateSla"
_SECURITY = "system/mySecurity"
_TICKET_LISTS = frozenset({"service/tickets", "project/tickets"})


@dataclass(frozen=True, slots=True)
class Call:
    """One API request, below `/{codebase}apis/3.0/`."""

    number: int
    method: str
    path: str
    query: str
    url: str
    """Scheme, host and path as the client wrote them, for `Link` headers."""
    forward_only: bool = False
    body: bytes = b""


class Api:
    """`answer` returns a reply or raises `ApiError`."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._store = simulation.store
        self._pages = PageFaults(simulation.listings)
        self._lists = simulation.store.resources()
        self._names = {name.lower(): name for name in (*self._lists, *_SINGLES)}
        self._children = {name.lower(): name for name in _CAMEL}

    def answer(self, call: Call) -> Reply:
        segments = [segment for segment in call.path.split("/") if segment]
        parameters = dict(parse_qsl(call.query, keep_blank_values=True)) if call.query else {}
        if call.method == "POST":
            return self._search(call, segments, parameters)
        match [segment.lower() for segment in segments]:
            case ["system", "audittrail", *rest] if rest in ([], ["count"]):
                return self._audit(call, parameters, counting=bool(rest))
            case ["system", "documents", *rest]:
                return self._documents(call, parameters, rest)
            case ["service", "tickets", "calculatesla"] if _LIVE not in self._lists:
                return self._list(call, "service/tickets", parameters)
        resource, rest = self._resource(segments)
        match rest:
            case []:
                if resource not in self._lists:
                    return self._single(resource)
                return self._list(call, resource, parameters)
            case ["count"]:
                query = query_of(parameters)
                return json_reply({"count": self._simulation.listings.count(resource, query)})
            case [row_id]:
                return json_reply(_projection(self._row(resource, row_id), query_of(parameters)))
            case [row_id, "pdf"] if resource == "finance/invoices":
                return self._invoice(self._row(resource, row_id))
            case [row_id, child, *below]:
                return self._child(call, resource, _number(row_id), child, below, parameters)
        raise not_found("The path")

    def _resource(self, segments: list[str]) -> tuple[str, list[str]]:
        for length in range(min(len(segments), 4), 1, -1):
            name = self._names.get("/".join(segments[:length]).lower())
            if name is not None:
                return name, [*segments[length:]]
        raise not_found("The path")

    def _single(self, resource: str) -> Reply:
        row = self._store.single(resource)
        if row is None:
            raise not_found("The path")
        return json_reply(row)

    def _list(self, call: Call, resource: str, parameters: dict[str, str]) -> Reply:
        query = query_of(parameters, forward_only=call.forward_only)
        knobs = self._simulation.knobs
        page = self._pages.page(knobs, call.number, resource, query)
        if resource == _SECURITY:
            page.rows = [without(row, knobs.deny) for row in page.rows]
        reply = json_reply(page.rows, headers=links(call, query, page))
        self._simulation.page_sent(resource, page.rows)
        return reply

    def _search(self, call: Call, segments: list[str], parameters: dict[str, str]) -> Reply:
        lowered = "/".join(segments).lower()
        if lowered.removesuffix("/search") not in _TICKET_LISTS or not lowered.endswith("/search"):
            raise ApiError(405, "MethodNotAllowed", "The method is not allowed here.")
        try:
            wanted = json.loads(call.body or b"{}")
        except (ValueError, RecursionError):
            raise invalid("The body is not JSON.", "body") from None
        if not isinstance(wanted, dict) or not all(isinstance(v, str) for v in wanted.values() if v is not None):
            raise invalid("The body is not an object of texts.", "body")
        filters = {name.lower(): value for name, value in wanted.items() if value is not None}
        for name in ("conditions", "childConditions", "orderBy"):
            if name.lower() in filters:
                parameters[name] = filters[name.lower()]
        resource = self._names.get(lowered.removesuffix("/search"))
        if resource is None:
            raise not_found("The path")
        return self._list(call, resource, parameters)

    def _row(self, resource: str, row_id: str) -> Row:
        row = None
        if row_id.isascii() and row_id.isdigit():
            row = self._store.row(resource, _number(row_id))
        elif resource == "system/members":
            wanted = row_id.lower()
            row = next((r for r in self._store.rows(resource) if str(r.get("identifier", "")).lower() == wanted), None)
        if row is None:
            raise not_found("The record")
        return row

    def _child(
        self, call: Call, resource: str, parent: int, child: str, below: list[str], parameters: dict[str, str]
    ) -> Reply:
        rows = self._store.children(resource, parent, self._children.get(child.lower(), child.lower()))
        if rows is None:
            raise not_found("The record")
        return _rows(call, rows, below, parameters)

    def _audit(self, call: Call, parameters: dict[str, str], *, counting: bool) -> Reply:
        record_type, record_id = parameters.get("type", ""), parameters.get("id", "")
        if record_type not in AUDIT_TYPES:
            raise invalid("type is missing or not a type of audit trail.", "type")
        if not record_id.isascii() or not record_id.isdigit():
            raise invalid("id is missing or not a number.", "id")
        rows = self._store.audit(record_type, _number(record_id))
        if rows is None:
            raise invalid("There is no such record.", "id")
        return _rows(
            call if not call.forward_only else replace(call, forward_only=False),
            rows,
            ["count"] if counting else [],
            parameters,
        )

    def _documents(self, call: Call, parameters: dict[str, str], rest: list[str]) -> Reply:
        if rest in ([], ["count"]):
            record_type, record_id = parameters.get("recordType", ""), parameters.get("recordId", "")
            if not record_type or not record_id.isascii() or not record_id.isdigit():
                raise invalid("recordType and recordId are both needed.", "recordType")
            return _rows(call, self._store.documents(record_type, _number(record_id)), rest, parameters)
        row = self._row("system/documents", rest[0])
        if len(rest) == 1:
            return json_reply(row)
        blob = self._store.blob(_number(rest[0]))
        if rest[1:] != ["download"] or blob is None:
            raise not_found("The document")
        return bytes_reply(blob.content, blob.media_type, blob.file_name)

    def _invoice(self, row: Row) -> Reply:
        number = str(row.get("invoiceNumber", row["id"]))
        return bytes_reply(invoice_pdf(row), "application/pdf", f"Invoice_{number}.pdf")


def links(call: Call, query: Query, page: Page) -> tuple[Header, ...]:
    """The `Link` header (RFC 8288). Forward-only pages always have one; it is empty on the last."""
    if not page.more and (query.forward_only or query.page == 1):
        return ((b"link", b""),) if query.forward_only else ()
    kept = [(k, v) for k, v in parse_qsl(call.query, keep_blank_values=True) if k not in {"page", "pageId", "pageSize"}]
    kept.append(("pageSize", str(query.page_size)))

    def link(name: str, value: int, relation: str) -> str:
        return f'<{call.url}?{urlencode([*kept, (name, str(value))])}>; rel="{relation}"'

    if query.forward_only:
        return ((b"link", link("pageId", page.end_id, "next").encode()),)
    found = []
    if query.page > 1:
        found += [link("page", 1, "first"), link("page", query.page - 1, "prev")]
    if page.more:
        found += [link("page", query.page + 1, "next"), link("page", page.last, "last")]
    return ((b"link", ", ".join(found).encode()),)


def _rows(call: Call, rows: Sequence[Row], below: list[str], parameters: dict[str, str]) -> Reply:
    match below:
        case []:
            query = query_of(parameters, forward_only=call.forward_only)
            page = page_of(rows, query)
            return json_reply(page.rows, headers=links(call, query, page))
        case ["count"]:
            return json_reply({"count": count_of(rows, query_of(parameters))})
        case [one] if one.isascii() and one.isdigit():
            found = next((row for row in rows if row.get("id") == _number(one)), None)
            if found is not None:
                return json_reply(_projection(found, query_of(parameters)))
    raise not_found("The record")


def _projection(row: Row, query: Query) -> Any:
    return page_of([row], replace(query, conditions="", child_conditions="", page=1)).rows[0] if query.fields else row


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise not_found("The record")
    return int(text)
