"""A file of a bag for libraries that go to and fro in it."""

from __future__ import annotations

import hashlib
import io
import tempfile
from typing import IO, Final

from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable, blocks

MAX_SEEKABLE: Final = 4 << 30
"""Bytes of one file."""
_IN_MEMORY: Final = 64 << 20


def seekable(bag: Bag, path: str) -> IO[bytes]:
    """A copy of the file, the very bytes that were hashed. pypdf reads byte by byte: nothing stands between it
    and the memory. Raises Unreadable."""
    size = bag.container.files[path]
    if size > MAX_SEEKABLE:
        raise Unreadable(f"over the limit of {MAX_SEEKABLE:,} bytes")
    digest = hashlib.sha256()
    copy: IO[bytes] = io.BytesIO() if size <= _IN_MEMORY else tempfile.TemporaryFile()  # noqa: SIM115 - handed on
    held = 0
    try:
        for block in blocks(bag.container, path):
            digest.update(block)
            held += len(block)
            copy.write(block)
            if held > size:
                break
        bag.settle(path, digest.hexdigest())
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy
