"""Readers of people, money, advice, assets and papers."""

from __future__ import annotations

from typing import Final

from psa_evidence.records import (
    Activity,
    Client,
    Configuration,
    Contact,
    Document,
    Invoice,
    Kind,
    Member,
    Opportunity,
    Payment,
    Permission,
)
from psa_evidence.spi import RawRecord
from psa_evidence_connectwise.payloads import PermissionRow, ident, key, spoken, text_id
from psa_evidence_connectwise.payloads_business import (
    ActivityRow,
    ApiMemberRow,
    CompanyRow,
    ConfigurationRow,
    ContactRow,
    DocumentRow,
    InvoiceRow,
    MemberRow,
    OpportunityNoteRow,
    OpportunityRow,
    PaymentRow,
)
from psa_evidence_connectwise.read_system import zone_of
from psa_evidence_connectwise.reading import Broken, Reading, parent_of, read

RECORD_TYPES = {
    "activity": "Activity", "agreement": "Agreement", "client": "Company", "configuration": "Configuration",
    "contact": "Contact", "invoice": "Invoice", "opportunity": "Opportunity", "ticket": "Ticket",
}  # fmt: skip


def client(raw: RawRecord, reading: Reading) -> Client:
    row, source = read(raw, CompanyRow, reading)
    return Client(
        source=source,
        id=str(row.id),
        name=row.name,
        identifier=row.identifier,
        status=spoken(row.status),
        calendar_id=key(row.calendar),
        time_zone=zone_of(row.time_zone_setup, source, reading),
        deleted=row.deleted_flag,
    )


def contact(raw: RawRecord, reading: Reading) -> Contact:
    row, source = read(raw, ContactRow, reading)
    emails = tuple(
        item.value
        for item in row.communication_items or ()
        if item.value
        and (item.communication_type == "Email" or (item.communication_type is None and "@" in item.value))
    )
    phones = tuple(
        item.value
        for item in row.communication_items or ()
        if item.value and item.value not in emails and (item.communication_type or "Phone") in {"Phone", "Fax"}
    )
    return Contact(
        source=source,
        id=str(row.id),
        client_id=key(row.company),
        name=_full_name(row.first_name, row.last_name),
        title=row.title,
        emails=emails,
        phones=phones,
        inactive=row.inactive_flag,
    )


def member(raw: RawRecord, reading: Reading) -> Member:
    row, source = read(raw, MemberRow, reading)
    return Member(
        source=source,
        id=str(row.id),
        identifier=row.identifier,
        name=_full_name(row.first_name, row.last_name) or row.identifier,
        email=row.office_email or row.primary_email,
        time_zone=zone_of(row.time_zone, source, reading),
        api=row.license_class == "A",
        inactive=row.inactive_flag,
    )


def api_member(raw: RawRecord, reading: Reading) -> Member:
    """A key that acts for the MSP, under a name of its own in notes and audit lines; not always among the members."""
    row, source = read(raw, ApiMemberRow, reading)
    return Member(
        source=source,
        id=str(row.id),
        identifier=row.identifier,
        name=row.name or row.identifier,
        email=row.email_address,
        time_zone=zone_of(row.time_zone, source, reading),
        api=True,
        inactive=row.inactive_flag,
    )


def _full_name(first: str | None, last: str | None) -> str:
    return " ".join(part.strip() for part in (first, last) if part and part.strip())


def invoice(raw: RawRecord, reading: Reading) -> Invoice:
    row, source = read(raw, InvoiceRow, reading)
    on_ticket = row.apply_to_id if (row.apply_to_type or "").casefold() == "ticket" else None
    comments = (row.top_comment, row.bottom_comment, row.adjustment_reason)
    return Invoice(
        source=source,
        id=str(row.id),
        number=row.invoice_number or str(row.id),
        client_id=key(row.company),
        kind=row.type,
        issued_on=row.date,
        due_on=row.due_date,
        total=row.total,
        balance=row.balance,
        paid=row.payments,
        agreement_id=key(row.agreement),
        status=spoken(row.status),
        currency=row.currency.spoken if row.currency else None,
        ticket_id=key(row.ticket) or text_id(on_ticket),
        reference=row.reference or "",
        comment="\n".join(text for text in comments if text and text != row.reference),
        entered_by=row.info.entered_by,
    )


def payment(raw: RawRecord, reading: Reading) -> Payment:
    row, source = read(raw, PaymentRow, reading)
    on = key(row.invoice) or parent_of(raw, "invoice")
    if on is None:
        raise Broken("names no invoice")
    return Payment(
        source=source, id=str(row.id), invoice_id=on, amount=row.amount, paid_on=row.payment_date, kind=row.type
    )


def opportunity(raw: RawRecord, reading: Reading, notes: tuple[OpportunityNoteRow, ...] = ()) -> Opportunity:
    """`notes` are those of the record itself followed by the notes below it, each headed by its day and author."""
    row, source = read(raw, OpportunityRow, reading)
    texts = [row.notes] if row.notes else []
    for note in notes:
        when = note.info.date_entered or note.info.last_updated
        head = ", ".join(part for part in (f"{when:%Y-%m-%d}" if when else "", note.entered_by or "") if part)
        texts.append(f"[{head}] {note.text or ''}" if head else note.text or "")
    outcome = (spoken(row.status) or "").strip().casefold()
    return Opportunity(
        source=source,
        id=str(row.id),
        name=row.name,
        client_id=key(row.company),
        contact=spoken(row.contact),
        status=spoken(row.status),
        stage=spoken(row.stage),
        won=True if outcome == "won" else False if outcome == "lost" else None,
        lost=True if outcome == "lost" else False if outcome == "won" else None,
        closed_at=row.closed_date,
        entered_at=row.info.date_entered or row.date_became_lead,
        notes="\n\n".join(texts),
        entered_by=row.info.entered_by,
    )


def activity(raw: RawRecord, reading: Reading) -> Activity:
    row, source = read(raw, ActivityRow, reading)
    return Activity(
        source=source,
        id=str(row.id),
        name=row.name,
        kind=spoken(row.type),
        client_id=key(row.company),
        contact=spoken(row.contact),
        member=ident(row.assign_to),
        status=spoken(row.status),
        opportunity_id=key(row.opportunity),
        ticket_id=key(row.ticket),
        agreement_id=key(row.agreement),
        starts_at=row.date_start,
        ends_at=row.date_end,
        closed_at=row.date_closed,
        notes=row.notes or "",
    )


def configuration(raw: RawRecord, reading: Reading) -> Configuration:
    row, source = read(raw, ConfigurationRow, reading)
    return Configuration(
        source=source,
        id=str(row.id),
        name=row.name,
        kind=spoken(row.type),
        client_id=key(row.company),
        status=spoken(row.status),
        active=row.active_flag,
        vendor=spoken(row.vendor) or spoken(row.manufacturer),
        installed_on=row.installation_date,
        entered_at=row.info.date_entered,
        notes=row.notes,
    )


def document(raw: RawRecord, reading: Reading) -> Document:
    row, source = read(raw, DocumentRow, reading)
    kind, _, number = (raw.parent or "").partition("/")
    flags = [flag for flag in (row.link_flag, row.url_flag) if flag is not None]
    return Document(
        source=source,
        id=str(row.id),
        title=row.title,
        file_name=row.file_name or row.server_file_name,
        record_type=RECORD_TYPES.get(kind),
        record_id=number or None,
        size=row.size,
        link=any(flags) if flags else None,
        entered_at=row.created_on_date or row.info.date_entered,
        entered_by=row.owner or row.info.entered_by or row.info.updated_by,
    )


_HIDDEN: Final[dict[str, Kind]] = {"time entry": "time_entry"}
"""Functions of the role whose records are the MSP's own acts: without them an act may be missing."""


def permission(raw: RawRecord, reading: Reading) -> Permission:
    row, source = read(raw, PermissionRow, reading)
    function = row.module_function_name or row.module_function_description or ""
    whole = (row.inquire_level or "All").strip().lower() == "all"
    return Permission(
        source=source,
        id=raw.id,
        module=row.module_name or row.module_description or "",
        function=function,
        inquire=row.inquire_level,
        hides=None if whole else _HIDDEN.get(function.strip().lower()),
    )
