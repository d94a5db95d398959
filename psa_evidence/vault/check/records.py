"""Steps on what captures hold: files against seals, lists against roots, records against the bytes they came in."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Final

from psa_evidence.errors import EvidenceError
from psa_evidence.format import LeafHasher, Seal
from psa_evidence.vault.check.report import Findings
from psa_evidence.vault.files import CAPTURE, RECORDS
from psa_evidence.vault.info import CaptureInfo
from psa_evidence.vault.layout import Layout
from psa_evidence.vault.leaves import leaves_of
from psa_evidence.vault.lines import ExchangeLine, Line, ListLine, RecordLine, read_lines
from psa_evidence.vault.tombstones import TOMBSTONES, read_tombstones
from psa_evidence.vault.warc import read_response

BLOCK: Final = 1 << 20

Advance = Callable[[int], None]
"""Told how many bytes were read."""


def check_files(layout: Layout, seal: Seal, step: int, found: Findings, *, digests: bool, advance: Advance) -> int:
    """Each file of a seal: there, of its size, and with `digests` of its digest. Returns the bytes looked at."""
    total = 0
    for file in seal.files:
        path = layout.root / file.path
        try:
            size = path.stat().st_size
        except OSError:
            found.damaged(step, file.path, f"is missing; seal {seal.number} is over it")
            continue
        total += size
        if size != file.size:
            kind = "cut off" if size < file.size else "longer"
            found.damaged(step, file.path, f"is {kind}: {size:,} bytes, sealed with {file.size:,}")
        elif digests:
            try:
                digest = _digest(path, advance)
            except OSError as error:
                found.damaged(step, file.path, f"cannot be read: {error.strerror or type(error).__name__}")
                continue
            if digest != file.sha256:
                found.damaged(step, file.path, f"is not as it was sealed (seal {seal.number}): its bytes were changed")
    return total


def check_list(layout: Layout, seal: Seal, step: int, found: Findings) -> bool:
    """The record list leads to the seal's root and counts. Whether it could be read."""
    path = layout.captures / seal.capture / RECORDS
    where = f"captures/{seal.capture}/{RECORDS}"
    try:
        leaves = leaves_of(path)
    except EvidenceError as error:
        found.damaged(step, where, error.what)
        return False
    if (len(leaves), leaves.frontier.root.hex()) != (seal.leaves, seal.root):
        found.damaged(step, where, f"does not lead to the root of seal {seal.number}")
    elif dict(leaves.kinds) != dict(seal.counts):
        found.damaged(step, where, f"does not hold the numbers by kind that seal {seal.number} states")
    return True


def check_capture_json(layout: Layout, seal: Seal, step: int, found: Findings) -> CaptureInfo | None:
    """capture.json says what its seal and its list say."""
    where = f"captures/{seal.capture}/{CAPTURE}"
    try:
        info = CaptureInfo.read((layout.root / where).read_bytes(), where)
    except EvidenceError as error:
        found.damaged(step, where, error.what)
        return None
    except OSError:
        return None  # said by the step on files
    if (info.id, info.state, info.records) != (seal.capture, seal.state, seal.leaves):
        found.damaged(step, where, f"is of another capture, state or number of records than seal {seal.number}")
    return info


def check_records(layout: Layout, seal: Seal, connection: str, key: bytes | None, step: int, found: Findings,
                  advance: Advance) -> int:  # fmt: skip
    """Each record line against the exchange it names: the bytes give the digest and, with the salt key, the leaf.
    Returns how many records were compared; a file that is not there is named once, with how many it held. One exchange
    is in memory at a time."""
    folder = layout.captures / seal.capture
    hasher = LeafHasher(key, connection, seal.capture) if key is not None else None
    index = compared = 0
    handles: dict[str, BinaryIO] = {}
    lost: Counter[str] = Counter()
    try:
        for exchange, records in _by_exchange(read_lines(folder / RECORDS)):
            where = f"captures/{seal.capture}/{exchange.file}"
            if where not in lost and exchange.file not in handles:
                try:
                    handles[exchange.file] = (folder / exchange.file).open("rb")
                except OSError:
                    lost[where] = 0
            if where in lost:
                lost[where] += len(records)
                index += len(records)
                continue
            try:
                handles[exchange.file].seek(exchange.offset)
                decoded = read_response(handles[exchange.file].read(exchange.length)).decoded()
            except (EvidenceError, OSError, zlib.error) as error:
                why = error.what if isinstance(error, EvidenceError) else "cannot be read"
                found.damaged(step, where, f"the exchange at byte {exchange.offset:,}: {why}")
                index += len(records)
                continue
            advance(exchange.length)
            for line in records:
                body = decoded[line.start : line.end]
                if hashlib.sha256(body).hexdigest() != line.sha256:
                    found.damaged(step, where, f"{line.kind}/{line.id}: its bytes do not have the digest in the list")
                elif hasher is not None and hasher(index, line.kind, line.id, body).hex() != line.leaf:
                    found.damaged(step, where, f"{line.kind}/{line.id}: its bytes do not give its leaf")
                index += 1
                compared += 1
    except EvidenceError as error:
        found.damaged(step, f"captures/{seal.capture}/{RECORDS}", error.what)
    finally:
        for handle in handles.values():
            handle.close()
    for where, count in lost.items():
        found.damaged(step, where, f"cannot be opened: {count:,} records in it were not compared")
    return compared


def check_tombstones(layout: Layout, seal: Seal, seals: Mapping[int, Seal], step: int, found: Findings) -> int:
    """Each tombstone names a version under an earlier seal, and a list of its own capture that leaves the record out.
    Returns how many were looked at."""
    where = f"captures/{seal.capture}/{TOMBSTONES}"
    if not (layout.root / where).is_file():
        return 0
    looked = 0
    try:
        stones = list(read_tombstones(layout.captures / seal.capture))
        wanted = {(stone.kind, stone.id) for stone in stones}
        there = {
            (line.kind, record_id)
            for line in read_lines(layout.captures / seal.capture / RECORDS)
            for record_id in (line.ids if isinstance(line, ListLine) else (getattr(line, "id", ""),))
            if not isinstance(line, ExchangeLine) and (line.kind, record_id) in wanted
        }
    except EvidenceError as error:
        found.damaged(step, where, error.what)
        return 0
    for stone in stones:
        looked += 1
        earlier = seals.get(stone.last.seal)
        if earlier is None or earlier.capture != stone.last.capture or stone.last.seal >= seal.number:
            found.damaged(step, where, f"{stone.key}: the capture said to have held it is not under an earlier seal")
        elif stone.last.leaf >= earlier.leaves:
            found.damaged(step, where, f"{stone.key}: seal {stone.last.seal} has no such leaf")
        if (stone.kind, stone.id) in there:
            found.damaged(step, where, f"{stone.key}: the same capture still saw it")
    return looked


def _by_exchange(lines: Iterator[Line]) -> Iterator[tuple[ExchangeLine, list[RecordLine]]]:
    """Exchanges with their record lines."""
    here: ExchangeLine | None = None

    def exchange_of(line: Line) -> ExchangeLine | None:
        nonlocal here
        if isinstance(line, ExchangeLine):
            here = line
        return here

    for exchange, group in groupby(lines, exchange_of):
        if exchange is not None:
            yield exchange, [line for line in group if isinstance(line, RecordLine)]


def _digest(path: Path, advance: Advance) -> str:
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            sha.update(block)
            advance(len(block))
    return sha.hexdigest()


def nodes_differ(layout: Layout, seal: Seal) -> bool:
    """Whether the file of nodes is there and does not hold the nodes of the record list."""
    path = layout.nodes(seal.capture)
    if not path.is_file():
        return False
    sha = hashlib.sha256()
    try:
        leaves_of(layout.captures / seal.capture / RECORDS, sha.update)
        return _digest(path, lambda _: None) != sha.hexdigest()
    except (EvidenceError, OSError, gzip.BadGzipFile):
        return False
