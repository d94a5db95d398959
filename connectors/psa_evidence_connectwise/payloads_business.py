"""The API's objects about people, money, advice and assets, as far as this version reads them."""

from __future__ import annotations

from pydantic import Field

from psa_evidence_connectwise.payloads import Payload, Ref, Row, spoken
from psa_evidence_connectwise.values import Day, Instant


class CompanyRow(Row):
    name: str = ""
    identifier: str = ""
    status: Ref | None = None
    calendar: Ref | None = None
    time_zone_setup: Ref | None = None
    deleted_flag: bool | None = None


class CommunicationItem(Payload):
    value: str | None = None
    communication_type: str | None = None
    type: Ref | None = None


class ContactRow(Row):
    first_name: str | None = None
    last_name: str | None = None
    company: Ref | None = None
    title: str | None = None
    inactive_flag: bool | None = None
    communication_items: tuple[CommunicationItem, ...] | None = None


class MemberRow(Row):
    identifier: str = ""
    first_name: str | None = None
    last_name: str | None = None
    office_email: str | None = None
    primary_email: str | None = None
    license_class: str | None = None
    time_zone: Ref | None = None
    inactive_flag: bool | None = None


class ApiMemberRow(Row):
    identifier: str = ""
    name: str | None = None
    email_address: str | None = None
    time_zone: Ref | None = None
    inactive_flag: bool | None = None


class Currency(Ref):
    currency_code: str | None = None
    iso_code: str | None = Field(default=None, alias="isoCode")

    @property
    def spoken(self) -> str | None:
        """Its code, or else how people call it."""
        return self.currency_code or self.iso_code or spoken(self)


class AgreementRow(Row):
    name: str = ""
    type: Ref | None = None
    company: Ref | None = None
    start_date: Day = None
    end_date: Day = None
    no_ending_date_flag: bool | None = None
    cancelled_flag: bool | None = None
    date_cancelled: Day = None
    reason_cancelled: str | None = None
    agreement_status: str | None = None
    sla: Ref | None = None
    bill_amount: float | None = None
    application_units: str | None = None
    application_limit: float | None = None
    application_unlimited_flag: bool | None = None
    currency: Currency | None = None


class AdditionRow(Row):
    agreement_id: int | None = None
    product: Ref | None = None
    description: str | None = None
    quantity: float | None = None
    unit_price: float | None = None
    effective_date: Day = None
    cancelled_date: Day = None


class InvoiceRow(Row):
    invoice_number: str | None = None
    type: str | None = None
    status: Ref | None = None
    company: Ref | None = None
    date: Day = None
    due_date: Day = None
    total: float | None = None
    balance: float | None = None
    payments: float | None = None
    agreement: Ref | None = None
    currency: Currency | None = None
    apply_to_type: str | None = None
    apply_to_id: int | None = None
    ticket: Ref | None = None
    reference: str | None = None
    top_comment: str | None = None
    bottom_comment: str | None = None
    adjustment_reason: str | None = None


class PaymentRow(Row):
    type: str | None = None
    invoice: Ref | None = None
    amount: float | None = None
    payment_date: Day = None


class OpportunityRow(Row):
    name: str = ""
    company: Ref | None = None
    contact: Ref | None = None
    status: Ref | None = None
    stage: Ref | None = None
    notes: str | None = None
    closed_date: Instant = None
    date_became_lead: Instant = None


class OpportunityNoteRow(Row):
    opportunity_id: int | None = None
    text: str | None = None
    entered_by: str | None = None


class ActivityRow(Row):
    name: str = ""
    type: Ref | None = None
    company: Ref | None = None
    contact: Ref | None = None
    status: Ref | None = None
    opportunity: Ref | None = None
    ticket: Ref | None = None
    agreement: Ref | None = None
    notes: str | None = None
    date_start: Instant = None
    date_end: Instant = None
    date_closed: Instant = Field(default=None, alias="dateClosedUtc")
    assign_to: Ref | None = None


class ConfigurationRow(Row):
    name: str = ""
    type: Ref | None = None
    status: Ref | None = None
    company: Ref | None = None
    vendor: Ref | None = None
    manufacturer: Ref | None = None
    installation_date: Day = None
    active_flag: bool | None = None
    notes: str | None = None


class DocumentRow(Row):
    title: str = ""
    file_name: str | None = None
    server_file_name: str | None = None
    owner: str | None = None
    link_flag: bool | None = None
    url_flag: bool | None = None
    size: int | None = None
    created_on_date: Instant = None
