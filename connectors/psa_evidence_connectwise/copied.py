"""Which fields of typed records are plain copies of members of the API's objects. Says what the readers do; a test
holds the two together."""

from __future__ import annotations

from typing import Final


def _reference(name: str) -> tuple[str, ...]:
    """How people call what is referred to (`payloads.spoken`)."""
    return f"{name}/name", f"{name}/identifier"


_ENTERED: Final = ("/dateEntered", "/_info/dateEntered")
_ENTERED_BY: Final = ("/enteredBy", "/_info/enteredBy")
_CURRENCY: Final = ("/currency/currencyCode", "/currency/isoCode", *_reference("/currency"))

COPIED: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("ticket.summary", ("/summary",)),
    ("ticket.status_name", _reference("/status")),
    ("ticket.priority_name", _reference("/priority")),
    ("ticket.type_name", _reference("/type")),
    ("ticket.contact_name", ("/contactName", *_reference("/contact"))),
    ("ticket.owner", ("/owner/identifier", "/owner/name")),
    ("ticket.channel", _reference("/source")),
    ("ticket.agreement_name", _reference("/agreement")),
    ("ticket.entered_at", _ENTERED),
    ("ticket.entered_by", _ENTERED_BY),
    ("ticket.closed_at", ("/closedDate",)),
    ("ticket.closed", ("/closedFlag",)),
    ("ticket.parent_id", ("/parentTicketId",)),
    ("ticket.merged_into_id", ("/mergedParentTicket/id",)),
    ("ticket.actual_hours", ("/actualHours",)),
    ("ticket.psa.in_sla", ("/isInSla",)),
    ("ticket.psa.status", ("/slaStatus",)),
    ("note.ticket_id", ("/ticket/id", "/ticketId")),
    ("note.at", ("/timeStart", "/dateCreated", "/_info/dateEntered")),
    (
        "note.author",
        (*_reference("/member"), *_reference("/contact"), "/originalAuthor", "/createdBy", "/_info/enteredBy"),
    ),
    ("note.resolution", ("/resolutionFlag",)),
    ("note.updated_at", ("/_info/lastUpdated",)),
    ("note.updated_by", ("/_info/updatedBy",)),
    ("note.text", ("/text",)),
    ("time_entry.ticket_id", ("/ticket/id",)),
    ("time_entry.member", ("/member/identifier", "/member/name")),
    ("time_entry.started_at", ("/timeStart",)),
    ("time_entry.ended_at", ("/timeEnd",)),
    ("time_entry.hours", ("/actualHours",)),
    ("time_entry.work_type", _reference("/workType")),
    ("time_entry.billable", ("/billableOption",)),
    ("time_entry.entered_at", _ENTERED),
    ("time_entry.entered_by", _ENTERED_BY),
    ("time_entry.updated_at", ("/_info/lastUpdated",)),
    ("time_entry.updated_by", ("/_info/updatedBy",)),
    ("time_entry.notes", ("/notes",)),
    ("time_entry.internal_notes", ("/internalNotes",)),
    ("history.at", ("/enteredDate",)),
    ("history.by", ("/enteredBy",)),
    ("history.audit_type", ("/auditType",)),
    ("history.audit_subtype", ("/auditSubType",)),
    ("history.text", ("/text",)),
    ("agreement.name", ("/name",)),
    ("agreement.type_name", _reference("/type")),
    ("agreement.start", ("/startDate",)),
    ("agreement.end", ("/endDate",)),
    ("agreement.open_ended", ("/noEndingDateFlag",)),
    ("agreement.cancelled", ("/cancelledFlag",)),
    ("agreement.cancelled_on", ("/dateCancelled",)),
    ("agreement.cancel_reason", ("/reasonCancelled",)),
    ("agreement.status", ("/agreementStatus",)),
    ("agreement.sla_id", ("/sla/id",)),
    ("agreement.bill_amount", ("/billAmount",)),
    ("agreement.currency", _CURRENCY),
    ("opportunity.name", ("/name",)),
    ("opportunity.contact", _reference("/contact")),
    ("opportunity.status", _reference("/status")),
    ("opportunity.stage", _reference("/stage")),
    ("opportunity.entered_at", ("/_info/dateEntered", "/dateBecameLead")),
    ("opportunity.closed_at", ("/closedDate",)),
    ("invoice.number", ("/invoiceNumber", "/id")),
    ("invoice.kind", ("/type",)),
    ("invoice.issued_on", ("/date",)),
    ("invoice.due_on", ("/dueDate",)),
    ("invoice.total", ("/total",)),
    ("invoice.paid", ("/payments",)),
    ("invoice.balance", ("/balance",)),
    ("invoice.currency", _CURRENCY),
    ("invoice.status", _reference("/status")),
)
