"""`capture.json`: what a capture was asked for, what it got, what is missing, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, cast

from psa_evidence.errors import VaultError
from psa_evidence.spi import Scope
from psa_evidence.vault.times import instant, optional_instant, optional_stamp, stamp

CAPTURE_FORMAT: Final = "psa-evidence/capture/1"

State = Literal["complete", "partial", "failed"]
STATES: Final = ("complete", "partial", "failed")

Fact = str | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureInfo:
    """A capture that has ended. `finished_at` is None when it was interrupted: nobody knows.

    `counts`: resource -> {"asked": records the PSA counted or None, "received": records that came}.
    `missing`: one dict for each thing that could not be had: resource, reason, count (None: unknown), detail.
    `exchanges`, `records` (lines) and `new_versions` count what is stored, `vanished` the tombstones; `failure` says
    why it failed.
    """

    id: str
    connection: str
    connector: str
    connector_version: str
    state: State
    started_at: datetime
    finished_at: datetime | None
    scope: Scope
    counts: Mapping[str, Mapping[str, int | None]]
    missing: tuple[Mapping[str, Any], ...]
    facts: Mapping[str, Fact]
    exchanges: int
    records: int
    new_versions: int
    vanished: int
    software: str
    failure: str = ""

    def document(self) -> bytes:
        return json.dumps(
            {
                "format": CAPTURE_FORMAT,
                "id": self.id,
                "connection": self.connection,
                "connector": self.connector,
                "connector_version": self.connector_version,
                "software": self.software,
                "state": self.state,
                "failure": self.failure,
                "started_at": stamp(self.started_at),
                "finished_at": optional_stamp(self.finished_at),
                "scope": scope_document(self.scope),
                "counts": {name: dict(count) for name, count in self.counts.items()},
                "missing": [dict(item) for item in self.missing],
                "facts": dict(self.facts),
                "exchanges": self.exchanges,
                "records": self.records,
                "new_versions": self.new_versions,
                "vanished": self.vanished,
            },
            ensure_ascii=False,
            indent=1,
            sort_keys=True,
        ).encode()

    @classmethod
    def read(cls, data: bytes, where: str) -> CaptureInfo:
        """Raises VaultError naming `where`."""
        try:
            raw = _known(json.loads(data), where)
            return cls(
                id=raw["id"],
                connection=raw["connection"],
                connector=raw["connector"],
                connector_version=raw["connector_version"],
                software=raw["software"],
                state=cast("State", raw["state"]),
                failure=raw["failure"],
                started_at=instant(raw["started_at"]),
                finished_at=optional_instant(raw["finished_at"]),
                scope=read_scope(raw["scope"]),
                counts=raw["counts"],
                missing=tuple(raw["missing"]),
                facts=raw["facts"],
                exchanges=raw["exchanges"],
                records=raw["records"],
                new_versions=raw["new_versions"],
                vanished=raw["vanished"],
            )
        except (ValueError, KeyError, TypeError) as error:
            next_step = "Restore it from a copy; nothing was changed."
            raise VaultError(f"{where} is damaged.", next_step=next_step) from error


def _known(raw: Any, where: str) -> Any:
    if raw["format"] != CAPTURE_FORMAT:
        raise VaultError(
            f"{where} is of a format that this version does not read.",
            next_step="Use a newer version of psa-evidence.",
        )
    if raw["state"] not in STATES:
        raise ValueError("state")
    return raw


def scope_document(scope: Scope) -> dict[str, Any]:
    return {
        "clients": list(scope.clients),
        "since": optional_stamp(scope.since),
        "until": optional_stamp(scope.until),
        "attachments": scope.attachments,
        "max_attachment_bytes": scope.max_attachment_bytes,
    }


def read_scope(raw: Mapping[str, Any]) -> Scope:
    return Scope(
        clients=tuple(raw["clients"]),
        since=optional_instant(raw["since"]),
        until=optional_instant(raw["until"]),
        attachments=raw["attachments"],
        max_attachment_bytes=raw["max_attachment_bytes"],
    )


def covers(earlier: Scope, later: Scope) -> bool:
    """Whether everything in scope of `later` was in scope of `earlier`."""
    return (
        (not earlier.clients or (bool(later.clients) and set(later.clients) <= set(earlier.clients)))
        and (earlier.since is None or (later.since is not None and earlier.since <= later.since))
        and (earlier.until is None or (later.until is not None and later.until <= earlier.until))
        and (earlier.attachments or not later.attachments)
        and (not later.attachments or earlier.max_attachment_bytes >= later.max_attachment_bytes)
    )
