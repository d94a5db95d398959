"""`records.jsonl.gz`: what was seen in which exchange, one JSON object a line.

Four kinds of line. The first says which capture it is (`head`). An exchange line says where an exchange stands and
which unit of work it completed. The record lines after it say what was seen in it, each with its place. The record
lines, in order, are the leaves of the capture's seal. A list line says which ids the PSA still listed.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from psa_evidence.errors import VaultError
from psa_evidence.records import Digest, Kind
from psa_evidence.vault.times import instant, optional_instant, stamp

RECORDS_FORMAT: Final = "psa-evidence/records/2"

_encoded: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def _or_null(text: str | None) -> str:
    return "null" if text is None else _encoded(text)


class ExchangeLine(NamedTuple):
    """`offset` and `length` delimit the response record in the WARC file (compressed bytes)."""

    file: str
    offset: int
    length: int
    url: str
    status: int
    started_at: datetime
    finished_at: datetime
    unit: str | None
    basis: str

    def text(self) -> str:
        """Put together here: a dictionary and its encoding cost three times as much, ten times for each request."""
        return (
            f'{{"exchange":{{"file":"{self.file}","offset":{self.offset},"length":{self.length},'
            f'"url":{_encoded(self.url)},"status":{self.status},"started_at":"{stamp(self.started_at)}",'
            f'"finished_at":"{stamp(self.finished_at)}","unit":{_or_null(self.unit)},"basis":{_encoded(self.basis)}}}}}\n'
        )


class RecordLine(NamedTuple):
    """`sha256` is the digest of `decoded[start:end]` of the exchange at `file`, `offset`; `leaf` the hash of its leaf.
    `new` is False when the newest version known before has the same bytes."""

    kind: Kind
    id: str
    sha256: Digest
    client: str | None
    parent: str | None
    at: datetime | None
    updated_at: datetime | None
    file: str
    offset: int
    start: int
    end: int
    new: bool
    leaf: str

    def text(self) -> str:
        at = "null" if self.at is None else f'"{stamp(self.at)}"'
        updated_at = "null" if self.updated_at is None else f'"{stamp(self.updated_at)}"'
        return (
            f'{{"kind":{_encoded(self.kind)},"id":{_encoded(self.id)},"sha256":"{self.sha256}","client":{_or_null(self.client)},'
            f'"parent":{_or_null(self.parent)},"at":{at},"updated_at":{updated_at},"file":"{self.file}",'
            f'"offset":{self.offset},"start":{self.start},"end":{self.end},'
            f'"version":"{"new" if self.new else "seen"}","leaf":"{self.leaf}"}}\n'
        )


@dataclass(frozen=True, slots=True)
class ListLine:
    """Ids of `kind` that the PSA listed, in the exchanges above. The ids of lines with the same kind, clients and
    parent add up until one that is `complete`. `clients` is empty and `parent` None when nothing restricted the list;
    `problem` says why it could not be had."""

    kind: Kind
    clients: tuple[str, ...]
    parent: str | None
    ids: tuple[str, ...]
    complete: bool
    problem: str

    def text(self) -> str:
        return line_of({
            "list": {
                "kind": self.kind, "clients": list(self.clients), "parent": self.parent, "ids": list(self.ids),
                "complete": self.complete, "problem": self.problem,
            }
        })  # fmt: skip


Line = ExchangeLine | RecordLine | ListLine


def line_of(document: dict[str, Any]) -> str:
    return _encoded(document) + "\n"


def pack(lines: Iterable[str]) -> bytes:
    """Lines as one gzip member: after a crash all of them are there or none."""
    text = "".join(lines)
    packer = zlib.compressobj(3, zlib.DEFLATED, 31)
    return packer.compress(text.encode()) + packer.flush()


def read_head(path: Path) -> dict[str, Any]:
    """The first line. Raises VaultError when it is not one of this format."""
    try:
        with gzip.open(path, "rb") as file:
            head = json.loads(file.readline())
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise damaged(path) from error
    if not isinstance(head, dict) or head.get("format") != RECORDS_FORMAT:
        raise VaultError(
            f"{path.parent.name}/{path.name} is not of a format that this version reads.",
            next_step="Use the version of psa-evidence that wrote it, or a newer one.",
        )
    return head


def read_lines(path: Path) -> Iterator[Line]:
    """All lines but the head, in order. Raises VaultError when the file is damaged or cut off."""
    try:
        for raw in read_documents(path):
            yield _line(raw)
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(path) from error


def read_documents(path: Path) -> Iterator[dict[str, Any]]:
    """The same as JSON objects, unread: record lines are those with a `kind`."""
    read_head(path)
    try:
        with gzip.open(path, "rb") as file:
            file.readline()
            for text in file:
                yield json.loads(text)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise damaged(path) from error


def damaged(path: Path) -> VaultError:
    return VaultError(
        f"{path.parent.name}/{path.name} is damaged.",
        why="It cannot be read to its end.",
        next_step="Restore it from a copy; nothing was changed.",
    )


def _line(raw: dict[str, Any]) -> Line:
    if "exchange" in raw:
        raw = raw["exchange"]
        return ExchangeLine(
            raw["file"], raw["offset"], raw["length"], raw["url"], raw["status"],
            instant(raw["started_at"]), instant(raw["finished_at"]), raw["unit"], raw["basis"],
        )  # fmt: skip
    if "list" in raw:
        raw = raw["list"]
        return ListLine(
            cast("Kind", raw["kind"]), tuple(raw["clients"]), raw["parent"], tuple(raw["ids"]), raw["complete"],
            raw["problem"],
        )  # fmt: skip
    return RecordLine(
        cast("Kind", raw["kind"]), raw["id"], Digest(raw["sha256"]), raw["client"], raw["parent"],
        optional_instant(raw["at"]), optional_instant(raw["updated_at"]),
        raw["file"], raw["offset"], raw["start"], raw["end"], raw["version"] == "new", raw["leaf"],
    )  # fmt: skip
