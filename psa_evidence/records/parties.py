"""Who: clients, their contacts, the MSP's members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from psa_evidence.records.source import SourceRef

Side = Literal["msp", "client", "vendor", "system", "unknown"]
"""On whose side somebody or something acted. `system` is a workflow or an integration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A company that the MSP serves."""

    source: SourceRef
    id: str
    name: str
    identifier: str
    status: str | None = None
    calendar_id: str | None = None
    time_zone: str | None = None
    deleted: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    source: SourceRef
    id: str
    client_id: str | None
    name: str
    title: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    inactive: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who works for the MSP, or a key that acts for it (`api`)."""

    source: SourceRef
    id: str
    identifier: str
    name: str
    email: str | None = None
    time_zone: str | None = None
    api: bool = False
    inactive: bool | None = None
