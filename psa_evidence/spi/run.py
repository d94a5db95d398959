"""The facts of a run, for whoever must state them: what was captured, sealed, counted, included, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureFacts:
    """One capture. `host` is None when the capture did not record it; `finished_at` when it was interrupted.

    `clock_offset` is the PSA's clock minus ours, seconds, None when it was not measured. `asked` sums what the PSA
    counted itself, `received` what came, over the resources of its whole scope; `missing` counts entries of what could
    not be had.
    """

    id: str
    connector: str
    connector_version: str
    software: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    exchanges: int
    records: int
    asked: int
    received: int
    missing: int
    clock_offset: float | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealFacts:
    """One seal. `sealed_at` is ISO 8601 UTC as the seal states it; `digest` is the SHA-256 of the seal document."""

    number: int
    capture: str
    sealed_at: str
    leaves: int
    root: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """captured = included + withheld + out_of_scope, records of one kind; `name` is the kind in words."""

    kind: str
    name: str
    captured: int
    included: int
    withheld: int
    out_of_scope: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A question put to the records: how many statements are listed below the one that sums it up, and how many of
    them speak against the provider, which only the counsel copy says."""

    id: str
    title: str
    statements: int
    adverse: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What is known when a pack is made; what is not known is None or empty, never guessed.

    `natives_digest` is the SHA-256 over one line `<sha256>  <path>` for each native, in the order of the paths, ended
    by a line feed: the lines of the bag's manifest-sha256.txt that lie below data/natives/. The pack's own fingerprint
    (SHA-256 of tagmanifest-sha256.txt) exists only after the bag is closed and can stand in no file of it.
    `witness` names, a line each, the time-stamps of authorities that the pack brings; none of them was judged here.
    """

    matter: str
    client: str
    client_id: str
    parties: tuple[tuple[str, str], ...]
    provider: str | None
    mode: str
    mode_meaning: str
    copy: str
    agreement: str | None
    first_day: date
    last_day: date
    since: datetime
    until: datetime
    time_zone: str
    as_of: datetime
    connection: str
    psa: str
    psa_version: str | None
    psa_cloud: bool | None
    psa_time_zone: str | None
    software: str
    vault: str
    captures: tuple[CaptureFacts, ...]
    seals: tuple[SealFacts, ...]
    counts: tuple[KindCount, ...]
    examined: tuple[Examined, ...]
    tickets: int
    unread: int
    natives: int
    natives_bytes: int
    natives_digest: str
    permissions: tuple[tuple[str, str, str], ...] = ()
    witness: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return all(c.state == "complete" for c in self.captures)
