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
from itertools import accumulate, count
from typing import BinaryIO

from psa_evidence.format.leaf_hasher import LeafHasher


def serve(asked: BinaryIO, told: BinaryIO) -> None:
    """Until `asked` ends."""
    key, connection, capture = json.loads(asked.readline())
    leaf = LeafHasher(bytes.fromhex(key), connection, capture)
    while line := asked.readline():
        first, records = json.loads(line)
        bodies = asked.read(sum(size for _, _, size in records))  # all of it: whoever writes it has other work to do
        ends = accumulate(size for _, _, size in records)
        told.write(
            b"".join(
                leaf(number, kind, name, bodies[end - size : end])
                for number, (kind, name, size), end in zip(count(first), records, ends)
            )
        )
        told.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started it: what arrived is stored first
    serve(sys.stdin.buffer, sys.stdout.buffer)
