"""Where a record comes from: the reference every record bears."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NewType, get_args

Digest = NewType("Digest", str)
"""SHA-256 as 64 lower-case hexadecimal digits."""

Kind = Literal[
    "activity", "addition", "agreement", "attachment", "board", "calendar", "client", "client_list",
    "configuration", "contact", "document", "history", "holiday", "holiday_list", "invoice", "invoice_pdf",
    "member", "my_company", "note", "opportunity", "opportunity_note", "payment", "permission", "priority",
    "schedule_entry", "sla", "sla_target", "status", "survey", "survey_result", "system_info", "ticket",
    "time_entry", "time_zone",
]  # fmt: skip
"""Kinds of raw record, the same word for every PSA: folder name under `natives/`, first half of a record's key."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

REFERENCE_KINDS: Final[frozenset[Kind]] = frozenset({
    "board", "calendar", "holiday", "holiday_list", "member", "my_company", "permission", "priority", "sla",
    "sla_target", "status", "survey", "system_info", "time_zone",
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
