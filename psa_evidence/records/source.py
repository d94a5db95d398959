"""Where a record comes from: the reference every record bears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NewType, get_args

Digest = NewType("Digest", str)
"""SHA-256 as 64 lower-case hexadecimal digits."""

Kind = Literal[
    "activity", "addition", "adjustment", "agreement", "agreement_work_role", "agreement_work_type", "api_member",
    "attachment", "board", "board_default", "calendar", "campaign", "campaign_count", "client", "client_list",
    "client_status", "client_type", "configuration", "contact", "document", "history", "holiday", "holiday_list",
    "invoice", "invoice_pdf", "member", "my_company", "note", "opportunity", "opportunity_note", "payment",
    "permission", "priority", "project", "project_note", "project_phase", "project_ticket", "record_history",
    "schedule_entry", "site", "sla", "sla_target", "status", "survey", "survey_result", "system_info", "task",
    "ticket", "ticket_configuration", "time_audit", "time_entry", "time_zone", "work_role", "work_role_exclusion",
    "work_type", "work_type_exclusion",
]  # fmt: skip
"""Kinds of raw record, the same word for every PSA: folder name under `natives/`, first half of a record's key."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

REFERENCE_KINDS: Final[frozenset[Kind]] = frozenset({
    "api_member", "board", "calendar", "campaign", "campaign_count", "client_status", "client_type", "holiday",
    "holiday_list", "member", "my_company", "permission", "priority", "sla", "sla_target", "status", "survey",
    "system_info", "time_zone", "work_role", "work_type",
})  # fmt: skip
"""Settings of the MSP itself: they belong to no client and are part of every selection."""


@dataclass(frozen=True, slots=True, order=True)
class SourceRef:
    """The raw record that a typed record was read from.

    `nulls` names the fields the PSA sent as an explicit null, `unknown` those this version does not interpret:
    a field in neither and not in the typed record was absent.
    """

    kind: Kind
    id: str
    sha256: Digest
    nulls: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """`kind/id`, unique within one connection."""
        return f"{self.kind}/{self.id}"
