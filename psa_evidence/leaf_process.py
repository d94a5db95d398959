"""Hashing the leaves of a capture in a process of its own, for `psa_evidence.vault.hashing`.

    python -m psa_evidence.leaf_process

Reads one line of JSON, `[key, connection, capture]`, the key in hex; then, batch by batch, a line
`[index, [[kind, id, bytes], ...]]` followed by the bytes of these records. Answers each batch with its leaf hashes, 32
bytes each, and ends when its input does: it never outlives whoever started it.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import BinaryIO

from psa_evidence.format.leaf_hasher import LeafHasher


def serve(asked: BinaryIO, told: BinaryIO) -> None:
    """Until `asked` ends."""
    key, connection, capture = json.loads(asked.readline())
    leaf = LeafHasher(bytes.fromhex(key), connection, capture)
    while line := asked.readline():
        first, records = json.loads(line)
        made = [leaf(n, kind, name, asked.read(size)) for n, (kind, name, size) in enumerate(records, first)]
        told.write(b"".join(made))
        told.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started it: what arrived is stored first
    serve(sys.stdin.buffer, sys.stdout.buffer)
