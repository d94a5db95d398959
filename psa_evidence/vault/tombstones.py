"""Tombstones: that a record which was captured is no longer listed by the PSA, with the evidence of both.

`tombstones.jsonl.gz` in a capture's folder: a head, then one line for each record that vanished. It is written before
capture.json and lies under the capture's seal. A record seen again later is a new version, even with the same bytes.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

from psa_evidence.records import Digest, Kind
from psa_evidence.vault.lines import damaged
from psa_evidence.vault.times import instant, optional_instant, optional_stamp, stamp

TOMBSTONES: Final = "tombstones.jsonl.gz"
TOMBSTONES_FORMAT: Final = "psa-evidence/tombstones/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSeen:
    """The newest version: digest of its bytes, its leaf in the tree of the seal, its exchange."""

    capture: str
    seal: int
    leaf: int
    sha256: Digest
    file: str
    offset: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """The complete list that leaves the record out: how many ids it held, of which clients (none named: of all), below
    which parent, and the last of the exchanges it came in (None when the connector kept none)."""

    listed: int
    clients: tuple[str, ...]
    parent: str | None
    file: str | None
    offset: int | None
    url: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """`client`, `parent` and `own_time` are those of the last version; `versions` counts all."""

    kind: Kind
    id: str
    client: str | None
    parent: str | None
    own_time: datetime | None
    versions: int
    last: LastSeen
    absence: Absence
    capture: str

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.id}"

    def document(self) -> dict[str, Any]:
        last, absence = self.last, self.absence
        return {
            "kind": self.kind, "id": self.id, "client": self.client, "parent": self.parent,
            "at": optional_stamp(self.own_time), "versions": self.versions,
            "last": {
                "capture": last.capture, "seal": last.seal, "leaf": last.leaf, "sha256": last.sha256,
                "file": last.file, "offset": last.offset, "at": stamp(last.at),
            },
            "absence": {
                "listed": absence.listed, "clients": list(absence.clients), "parent": absence.parent,
                "file": absence.file, "offset": absence.offset, "url": absence.url, "at": optional_stamp(absence.at),
            },
        }  # fmt: skip

    @classmethod
    def read(cls, raw: dict[str, Any], capture: str) -> Tombstone:
        """Raises KeyError, TypeError or ValueError."""
        last, absence = raw["last"], raw["absence"]
        return cls(
            kind=cast("Kind", raw["kind"]), id=raw["id"], client=raw["client"], parent=raw["parent"],
            own_time=optional_instant(raw["at"]), versions=raw["versions"], capture=capture,
            last=LastSeen(
                capture=last["capture"], seal=last["seal"], leaf=last["leaf"], sha256=Digest(last["sha256"]),
                file=last["file"], offset=last["offset"], at=instant(last["at"]),
            ),
            absence=Absence(
                listed=absence["listed"], clients=tuple(absence["clients"]), parent=absence["parent"],
                file=absence["file"], offset=absence["offset"], url=absence["url"],
                at=optional_instant(absence["at"]),
            ),
        )  # fmt: skip


def pack_tombstones(capture: str, stones: Iterable[Tombstone]) -> tuple[bytes, int]:
    """The file's bytes, the same for the same tombstones, and how many there are."""
    packer = zlib.compressobj(3, zlib.DEFLATED, 31)
    parts, number = [packer.compress(_line({"format": TOMBSTONES_FORMAT, "capture": capture}))], 0
    for stone in stones:
        number += 1
        parts.append(packer.compress(_line(stone.document())))
    return b"".join([*parts, packer.flush()]), number


def read_tombstones(folder: Path) -> Iterator[Tombstone]:
    """Of one capture; none when it has no such file. Raises VaultError when the file is damaged or another's."""
    path = folder / TOMBSTONES
    if not path.exists():
        return
    try:
        with gzip.open(path, "rb") as file:
            if json.loads(file.readline()) != {"format": TOMBSTONES_FORMAT, "capture": folder.name}:
                raise damaged(path)
            for text in file:
                yield Tombstone.read(json.loads(text), folder.name)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise damaged(path) from error


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
