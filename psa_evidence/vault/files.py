"""The growing files of one capture: exchanges first, then the list of what was seen in them.

A batch is acknowledged when both are on the disk, in that order: a line never names bytes that are not there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psa_evidence.format import SealedFile
from psa_evidence.records import Digest
from psa_evidence.spi import Exchange, Sighting
from psa_evidence.vault import warc
from psa_evidence.vault.catalogue import Filling
from psa_evidence.vault.durable import AppendFile, Disk
from psa_evidence.vault.hashing import Hashing, Record
from psa_evidence.vault.leaves import Leaves
from psa_evidence.vault.lines import ExchangeLine, Line, ListLine, RecordLine, pack
from psa_evidence.vault.nodes import NodesWriter

RECORDS: Final = "records.jsonl.gz"
CAPTURE: Final = "capture.json"
ROLL_BYTES: Final = 1_000_000_000
"""A WARC file is closed and the next begun at this size (ISO 28500, annex C.1, recommends 1 GB)."""


def exchanges_name(number: int) -> str:
    return f"exchanges-{number:03d}.warc.gz"


@dataclass(frozen=True, slots=True)
class Kept:
    """An exchange with what was seen in it. The spans of `sightings` are in `decoded`; each has its digest."""

    exchange: Exchange
    decoded: bytes
    sightings: tuple[Sighting, ...]
    digests: tuple[Digest, ...]
    unit: str | None
    basis: str

    @property
    def payload(self) -> Digest | None:
        """The digest of the response's body where it is known already: a file is the whole of it."""
        body = self.exchange.response_body
        whole = self.decoded is body and [(s.start, s.end) for s in self.sightings[:1]] == [(0, len(body))]
        return self.digests[0] if whole else None

    @property
    def size(self) -> int:
        exchange = self.exchange
        unpacked = 0 if self.decoded is exchange.response_body else len(self.decoded)
        return len(exchange.response_body) + len(exchange.request_body) + unpacked


@dataclass(frozen=True, slots=True)
class Listed:
    """Ids that the PSA listed, to be stored after the exchanges they stand in."""

    line: ListLine

    @property
    def size(self) -> int:
        return sum(map(len, self.line.ids))


@dataclass(slots=True)
class Totals:
    """What a capture's files hold."""

    exchanges: int = 0
    records: int = 0
    new_versions: int = 0

    def count(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if isinstance(line, ExchangeLine):
                self.exchanges += 1
            elif isinstance(line, RecordLine):
                self.records += 1
                self.new_versions += line.new


class CaptureFiles:
    """Appends batches and indexes them. Used by one thread at a time."""

    def __init__(self, folder: Path, *, vault: str, connection: str, software: str, disk: Disk, filling: Filling,
                 key: bytes, nodes: Path, roll_bytes: int = ROLL_BYTES) -> None:  # fmt: skip
        self.folder = folder
        self.totals = Totals()
        self._nodes = NodesWriter(nodes)
        self.leaves = Leaves(self._nodes.add)
        self._ids = (vault, folder.name)
        self._software = software
        self._disk = disk
        self._filling = filling
        self._roll_bytes = roll_bytes
        self._hashing = Hashing(key, connection, folder.name)
        self._warc_records = 0
        self._records = disk.append(folder / RECORDS)
        self._records_hash = hashlib.sha256((folder / RECORDS).read_bytes())
        self._closed: list[SealedFile] = []
        self._warc: AppendFile | None = None
        self._warc_hash = hashlib.sha256()

    def commit(self, batch: Sequence[Kept | Listed]) -> None:
        """Store a batch; when it returns, all of it is on the disk. Raises StorageError."""
        exchanges = [kept for kept in batch if isinstance(kept, Kept)]
        seen = [Record(s.kind, s.id, k.decoded[s.start : s.end]) for k in exchanges for s in k.sightings]
        hashing = self._hashing.begin(len(self.leaves), seen)
        stored = iter([self._store(kept) for kept in exchanges])
        known = self._known(exchanges)
        leaves = iter(hashing())
        lines: list[Line] = []
        for kept in batch:
            if isinstance(kept, Listed):
                lines.append(kept.line)
                continue
            here = next(stored)
            lines.append(here)
            for sighting, digest, leaf in zip(kept.sightings, kept.digests, leaves, strict=False):
                versions = known[sighting.kind]
                lines.append(
                    RecordLine(
                        sighting.kind, sighting.id, digest, sighting.client, sighting.parent, sighting.at,
                        sighting.updated_at, here.file, here.offset, sighting.start, sighting.end,
                        versions.get(sighting.id) != digest, leaf.hex(),
                    )
                )  # fmt: skip
                versions[sighting.id] = digest
                self.leaves.add(sighting.kind, leaf)
        if self._warc is not None:
            self._warc.sync()
        packed = pack([line.text() for line in lines])
        self._records.write(packed)
        self._records.sync()
        self._records_hash.update(packed)
        self.totals.count(lines)
        self._filling.add(lines)

    def sealed_files(self, vault: Path) -> list[SealedFile]:
        """Close everything and say what was written, in the order of the names."""
        self._hashing.close()
        self._close_warc()
        self._records.close()
        self._nodes.finish()
        records = SealedFile(self._records.path.name, self._records_hash.hexdigest(), self._records.size)
        prefix = self.folder.relative_to(vault).as_posix()
        files = sorted([*self._closed, records], key=lambda f: f.path)
        return [SealedFile(f"{prefix}/{f.path}", f.sha256, f.size) for f in files]

    def close(self) -> None:
        """Let go of the files as they are."""
        self._hashing.close()
        if self._warc is not None:
            self._warc.close()
        self._records.close()
        self._nodes.close()

    def _known(self, batch: Sequence[Kept]) -> dict[str, dict[str, str]]:
        wanted: dict[str, dict[str, None]] = {}
        for kept in batch:
            for sighting in kept.sightings:
                wanted.setdefault(sighting.kind, {})[sighting.id] = None
        return {kind: self._filling.newest(kind, list(ids)) for kind, ids in wanted.items()}

    def _store(self, kept: Kept) -> ExchangeLine:
        exchange = kept.exchange
        file = self._writable(exchange)
        ids = self._record_id(), self._record_id()
        response, request = warc.response_and_request(exchange, record_ids=ids, payload=kept.payload)
        offset, length, last = file.size, 0, b""
        for piece in response:
            if last:
                self._append(file, last)
            length += len(piece)
            last = piece
        self._append(file, last + request)
        return ExchangeLine(
            file.path.name, offset, length, exchange.url, exchange.status,
            exchange.started_at, exchange.finished_at, kept.unit, kept.basis,
        )  # fmt: skip

    def _append(self, file: AppendFile, data: bytes) -> None:
        file.write(data)
        self._warc_hash.update(data)

    def _writable(self, exchange: Exchange) -> AppendFile:
        if self._warc is not None and self._warc.size >= self._roll_bytes:
            self._close_warc()
        if self._warc is None:
            name = exchanges_name(len(self._closed))
            self._warc = self._disk.append(self.folder / name)
            self._warc_hash = hashlib.sha256()
            fields = {"software": self._software, "format": "WARC File Format 1.1", "isPartOf": "/".join(self._ids)}
            head = warc.information(fields, at=exchange.started_at, record_id=self._record_id(), file_name=name)
            self._append(self._warc, head)
        return self._warc

    def _close_warc(self) -> None:
        if self._warc is not None:
            self._warc.sync()
            self._warc.close()
            self._closed.append(SealedFile(self._warc.path.name, self._warc_hash.hexdigest(), self._warc.size))
            self._warc = None

    def _record_id(self) -> str:
        self._warc_records += 1
        vault, capture = self._ids
        return warc.record_id(capture, vault, self._warc_records)
