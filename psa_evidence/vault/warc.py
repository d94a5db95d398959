"""Exchanges as WARC 1.1 records (ISO 28500), one gzip member each, and back.

The bytes are laid out here rather than by warcio's writer, which costs several times as much; warcio reads them and
checks the digests (`tests/vault/test_warc.py`). Differences from what went over the wire, each of them marked:
credentials are replaced by the connector before the exchange gets here, and a `Transfer-Encoding` header bears the
prefix `X-Archive-Orig-`, because the transfer coding is no longer on the body. The content coding is.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from psa_evidence.errors import SourceError, VaultError
from psa_evidence.spi import Exchange
from psa_evidence.vault.times import instant, stamp

MAX_DECODED_BYTES: Final = 512 * 1024 * 1024
"""A response body that unpacks to more is a bomb, or an attachment no PSA accepts."""
MAX_RECORD_BYTES: Final = MAX_DECODED_BYTES + 1024 * 1024
"""A body of the largest size with its headers."""

_SHORT: Final = 1024
_LONG: Final = 32 * 1024
"""Bytes from which a record is looked at before it is packed: pictures, PDFs, pages that came packed do not shrink."""
_LOOK: Final = 2048
_PIECE: Final = 16 * 1024
_PACKED: Final = 128 * 1024
"""Of a long record so much is packed, hashed and written at a time: what stays in the processor's cache is not fetched
from memory three times."""
_AT_ONCE: Final = 1024 * 1024
"""A record of less is put together whole."""
_END: Final = b"\r\n\r\n"
_BLOCK: Final = 0xFFFF
"""Bytes that one stored block holds."""
_GZIP: Final = b"\x1f\x8b\x08"
_MEMBER_HEAD: Final = _GZIP + bytes(6) + b"\xff"
"""No name, no time, no system (RFC 1952, 2.3)."""
_MOVED: Final = "X-Archive-Orig-"


def information(fields: Mapping[str, str], *, at: datetime, record_id: str, file_name: str) -> bytes:
    """A `warcinfo` record: what the file is and which software wrote it."""
    block = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    head = (
        "WARC/1.1\r\nWARC-Type: warcinfo\r\n"
        f"WARC-Record-ID: <urn:uuid:{record_id}>\r\nWARC-Date: {stamp(at)}\r\nWARC-Filename: {file_name}\r\n"
        f"WARC-Block-Digest: sha256:{hashlib.sha256(block).hexdigest()}\r\n"
        f"Content-Type: application/warc-fields\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return b"".join(_member(head.encode(), block))


def response_and_request(
    exchange: Exchange, *, record_ids: tuple[str, str], payload: str | None = None
) -> tuple[Iterator[bytes], bytes]:
    """The two members of an exchange, the response's in pieces: its body may be large, and is packed as they are taken.

    `record_ids` are UUIDs for the response and the request, `payload` is the SHA-256 of the response's body where the
    caller has it. Raises SourceError, at once, when a header cannot be stored.
    """
    response_id, request_id = record_ids
    common = f"WARC-Target-URI: {exchange.url}\r\nWARC-Date: {stamp(exchange.started_at)}\r\n"
    path = _request_target(exchange.url)
    status = f"{exchange.http_version} {exchange.status} {exchange.reason}\r\n"
    response, request = exchange.response_body, exchange.request_body
    response_head = _http_head(status, exchange.response_headers)
    request_head = _http_head(f"{exchange.method} {path} {exchange.http_version}\r\n", exchange.request_headers)
    return (
        _member(
            _http_record(
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{response_id}>\r\n{common}",
                "response", response_head, response, payload,
            ),
            response,
        ),
        b"".join(
            _member(
                _http_record(
                    f"WARC/1.1\r\nWARC-Type: request\r\nWARC-Record-ID: <urn:uuid:{request_id}>\r\n"
                    f"WARC-Concurrent-To: <urn:uuid:{response_id}>\r\n{common}",
                    "request", request_head, request, None,
                ),
                request,
            )
        ),
    )  # fmt: skip


def decoded_body(headers: tuple[tuple[str, str], ...], body: bytes) -> bytes:
    """The body with its content coding undone: what a record's span counts in.

    Raises SourceError when the coding is unknown, broken, or unpacks to more than MAX_DECODED_BYTES.
    """
    for name, value in headers if body else ():
        if name.lower() == "content-encoding":
            for coding in reversed([part.strip().lower() for part in value.split(",")]):
                body = _decode(coding, body)
    return body


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """A response record read back."""

    url: str
    started_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def decoded(self) -> bytes:
        return decoded_body(self.headers, self.body)


def read_response(member: bytes) -> StoredResponse:
    """Read one compressed response record. Raises VaultError when it is damaged: its digest is checked."""
    try:
        warc, block = _split(_inflate(member))
        fields = dict(_headers(warc, "utf-8"))
        block = _checked(fields, block)
        http, body = _split(block)
        headers = _headers(http, "latin-1")
        return StoredResponse(
            fields["WARC-Target-URI"], instant(fields["WARC-Date"]), int(http.split(b" ", 2)[1]), headers, body
        )
    except (KeyError, ValueError, IndexError, zlib.error) as error:
        raise VaultError(
            "A stored exchange is damaged.",
            why="Its bytes do not match the digest that was stored with them.",
            next_step="Restore the capture's file from a copy; nothing was changed.",
        ) from error


def whole_members(data: bytes) -> int:
    """How many bytes at the beginning of `data` are whole gzip members; what follows was cut off by a crash."""
    end = 0
    while end < len(data):
        unpacker, here = zlib.decompressobj(31), end
        try:
            while not unpacker.eof and here < len(data):
                unpacker.decompress(data[here : here + _PIECE])
                here += _PIECE
        except zlib.error:
            break
        if not unpacker.eof:
            break
        end = min(here, len(data)) - len(unpacker.unused_data)
    return end


def record_id(capture: str, vault: str, number: int) -> str:
    """A UUID for the record with this number in a capture: the same on every reading, another in every capture."""
    digest = hashlib.sha256(f"{_list_of(vault, capture)}, {number}]".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"


@lru_cache(maxsize=8)
def _list_of(vault: str, capture: str) -> str:
    """The beginning of the JSON list of vault, capture and number."""
    return json.dumps([vault, capture])[:-1]


def _http_record(warc_head: str, kind: str, http_head: bytes, body: bytes, payload: str | None) -> bytes:
    """What stands in the record before the body."""
    block = hashlib.sha256(http_head)
    block.update(body)
    head = (
        f"{warc_head}WARC-Payload-Digest: sha256:{payload or hashlib.sha256(body).hexdigest()}\r\n"
        f"WARC-Block-Digest: sha256:{block.hexdigest()}\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(http_head) + len(body)}\r\n\r\n"
    )
    return head.encode() + http_head


def _http_head(first: str, headers: tuple[tuple[str, str], ...]) -> bytes:
    lines = [first]
    for name, value in headers:
        moved = _MOVED if name.lower() == "transfer-encoding" else ""
        lines.append(f"{moved}{name}: {value}\r\n")
    lines.append("\r\n")
    text = "".join(lines)
    if text.count("\n") != len(lines):
        raise SourceError("A header of an exchange holds a line break.")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


def _request_target(url: str) -> str:
    """What stands in the request line: the address without scheme and host."""
    rest = url.partition("://")[2]
    slash = rest.find("/")
    return rest[slash:] if slash >= 0 else "/"


def _member(head: bytes, body: bytes) -> Iterator[bytes]:
    """A gzip member of `head`, `body` and the end of a record: of a short one in one piece."""
    size = len(head) + len(body)
    if size < _AT_ONCE and body.startswith(_GZIP):
        yield _half_packed(head, body + _END)
        return
    # A short record needs no 32 KiB window, and setting one up costs more than packing the record.
    window, memory = (29, 6) if size < _SHORT else (31, 8)
    packer = zlib.compressobj(0 if size >= _LONG and _dense(head, body) else 3, zlib.DEFLATED, window, memory)
    if size < _LONG:
        yield packer.compress(b"".join((head, body, _END))) + packer.flush()
        return
    begun = packer.compress(head)
    view = memoryview(body)
    for start in range(0, len(body), _PACKED):
        begun += packer.compress(view[start : start + _PACKED])
        if len(begun) >= _PACKED // 2:
            yield begun
            begun = b""
    yield b"".join((begun, packer.compress(_END), packer.flush()))


def _half_packed(head: bytes, body: bytes) -> bytes:
    """The same when the body came packed: it would not shrink, and trying it costs more than all else here. The head
    is packed, the body follows in stored blocks (RFC 1951, 3.2.4)."""
    packer = zlib.compressobj(3, zlib.DEFLATED, -13, 6)
    parts = [_MEMBER_HEAD, packer.compress(head), packer.flush(zlib.Z_SYNC_FLUSH)]
    for start in range(0, len(body), _BLOCK):
        block = body[start : start + _BLOCK]
        parts += struct.pack("<BHH", start + _BLOCK >= len(body), len(block), len(block) ^ 0xFFFF), block
    size = len(head) + len(body)
    parts.append(struct.pack("<II", zlib.crc32(body, zlib.crc32(head)), size & 0xFFFFFFFF))
    return b"".join(parts)


def _dense(head: bytes, body: bytes) -> bool:
    """Whether packing would be in vain, by four looks spread over the record: none of them shrinks by a sixteenth.

    Trying it takes ten times as long as all digests of the record together.
    """
    size = len(head) + len(body)
    step = (size - _LOOK) // 4
    for start in range(step, size - _LOOK + 1, step):
        packer = zlib.compressobj(1, zlib.DEFLATED, -12, 5)
        at = start - len(head)
        look = head[start:] + body[max(at, 0) : max(at + _LOOK, 0)] if at < 0 else body[at : at + _LOOK]
        if len(packer.compress(look) + packer.flush()) < _LOOK - _LOOK // 16:
            return False
    return True


def _inflate(member: bytes) -> bytes:
    unpacker = zlib.decompressobj(31)
    data = unpacker.decompress(member, MAX_RECORD_BYTES)
    if not unpacker.eof:
        raise ValueError("cut off or too large")
    return data


def _checked(fields: Mapping[str, str], rest: bytes) -> bytes:
    """The block of a response record. Raises ValueError when it is another record or not what was written."""
    block = rest[: int(fields["Content-Length"])]
    digest = f"sha256:{hashlib.sha256(block).hexdigest()}"
    if fields["WARC-Type"] != "response" or fields["WARC-Block-Digest"] != digest:
        raise ValueError("not the response that was written")
    return block


def _split(data: bytes) -> tuple[bytes, bytes]:
    head, separator, rest = data.partition(b"\r\n\r\n")
    if not separator:
        raise ValueError("no end of headers")
    return head, rest


def _headers(head: bytes, encoding: str) -> tuple[tuple[str, str], ...]:
    pairs = (line.partition(": ") for line in head.decode(encoding).split("\r\n")[1:])
    return tuple((name.removeprefix(_MOVED), value) for name, _, value in pairs)


def _decode(coding: str, body: bytes) -> bytes:
    if coding in ("", "identity"):
        return body
    if coding not in ("gzip", "x-gzip", "deflate"):
        why = f"Content-Encoding: {coding[:40]}"
        raise SourceError("A response has a content coding that cannot be read.", why=why)
    unpacker = zlib.decompressobj(47 if coding != "deflate" else (15 if body[:1] == b"\x78" else -15))
    try:
        data = unpacker.decompress(body, MAX_DECODED_BYTES)
    except zlib.error as error:
        raise SourceError("A response body cannot be unpacked.", why=f"Content-Encoding: {coding}") from error
    if not unpacker.eof:
        raise SourceError("A response body is cut off, or unpacks to more than the limit.")
    return data
