"""Salted commitments: what a leaf says about a record without saying what is in it.

Each record has a salt that only the vault can make; each field has one made from the record's. With the record's salt
the whole record can be checked; with a field's salt that field can be, and nothing is learnt of others.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from psa_evidence.format.canonical import canonical
from psa_evidence.format.members import MAX_OBJECT_BYTES, Members, members
from psa_evidence.format.merkle import root_of

_RECORD: Final = b"\x02"
"""Apart from leaves (0x00) and inner nodes (0x01) of RFC 9162."""

_LONG: Final = 16 * 1024
"""Bytes that are not worth a copy."""
_NUMBERS: Final = tuple(number.to_bytes(4, "big") for number in range(256))
"""Of the members of nearly all records."""


def record_salt(key: bytes, capture: str, index: int) -> bytes:
    """HMAC-SHA256(key, canonical JSON of [capture, index]): 32 bytes for the leaf `index` of a capture."""
    return hmac.digest(key, canonical([capture, index]), "sha256")


def field_salt(salt: bytes, number: int) -> bytes:
    """SHA-256(record salt || number as 4 bytes, big-endian), for the member `number` (from 0)."""
    return hashlib.sha256(salt + number.to_bytes(4, "big")).digest()


def field_hash(salt: bytes, name: bytes, value: bytes) -> bytes:
    """Leaf of the field tree: SHA-256(0x00 || field salt || name || 0x3A || value). `name` is a canonical JSON string,
    `value` the bytes as received."""
    return hashlib.sha256(b"".join((b"\x00", salt, name, b":", value))).digest()


def record_commitment(salt: bytes, body: bytes) -> bytes:
    """SHA-256(0x02 || record salt || bytes as received)."""
    if len(body) < _LONG:
        return hashlib.sha256(b"".join((_RECORD, salt, body))).digest()
    hashed = hashlib.sha256(_RECORD + salt)
    hashed.update(body)
    return hashed.digest()


def field_hashes(salt: bytes, body: bytes, found: Members) -> list[bytes]:
    """The leaves of the field tree, in the order of the members."""
    sha256 = hashlib.sha256
    numbers = _NUMBERS if len(found) <= len(_NUMBERS) else [number.to_bytes(4, "big") for number in range(len(found))]
    return [
        sha256(b"\x00%b%b:%b" % (sha256(salt + number).digest(), name, body[start:end])).digest()
        for number, (name, start, end) in zip(numbers, found, strict=False)
    ]


def fields_root(hashes: Sequence[bytes]) -> bytes:
    """Head of the field tree (RFC 9162 hashing)."""
    return root_of(hashes)


def commit(salt: bytes, body: bytes) -> tuple[str, str | None]:
    """`record` and `fields` of the leaf of a record; `fields` is None when the bytes are not a JSON object."""
    found = members(body)
    fields = None if found is None else root_of(field_hashes(salt, body, found)).hex()
    return record_commitment(salt, body).hex(), fields


class Committing:
    """`commit` for bytes that come in blocks: of a file too large to be looked into no more than a block is kept."""

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._record = hashlib.sha256(_RECORD + salt)
        self._kept: list[bytes] = []
        self._size = 0

    def update(self, block: bytes) -> None:
        self._record.update(block)
        self._size += len(block)
        if self._size <= MAX_OBJECT_BYTES:
            self._kept.append(block)
        else:
            self._kept.clear()

    def finish(self) -> tuple[str, str | None]:
        """As `commit` gives them."""
        body = b"".join(self._kept)
        found = members(body) if self._size == len(body) else None
        fields = None if found is None else root_of(field_hashes(self._salt, body, found)).hex()
        return self._record.hexdigest(), fields
