"""The hashes of a capture's leaves, one after the other, without making each leaf first."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Final

from psa_evidence.format.commitment import commit
from psa_evidence.format.leaf import LEAF_FORMAT, Leaf

_quoted: Final = json.JSONEncoder(ensure_ascii=False).encode
"""A string as RFC 8785 writes it, for strings that are not half a surrogate pair."""


class LeafHasher:
    """Hashes leaves of one capture under the vault's salt key; the same as `Leaf.hash` of each at a part of
    the cost (a test holds it)."""

    def __init__(self, key: bytes, connection: str, capture: str) -> None:
        Leaf(connection, "", "", "", None, capture).document()
        self._keyed = hmac.new(key, digestmod="sha256")
        self._salted = f"[{_quoted(capture)},"
        self._head = f'\x00{{"capture":{_quoted(capture)},"connection":{_quoted(connection)},"fields":'
        self._id = f',"format":"{LEAF_FORMAT}","id":'

    def __call__(self, index: int, kind: str, record_id: str, body: bytes) -> bytes:
        """Hash of the leaf `index` for the record `body`."""
        keyed = self._keyed.copy()
        keyed.update(f"{self._salted}{index}]".encode())
        record, fields = commit(keyed.digest(), body)
        shown = "null" if fields is None else f'"{fields}"'
        text = f'{self._head}{shown}{self._id}{_quoted(record_id)},"kind":{_quoted(kind)},"record":"{record}"}}'
        return hashlib.sha256(text.encode()).digest()
