"""The folder as a BagIt bag, version 1.0 (RFC 8493): declaration, information, manifests with SHA-256."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_BLOCK: Final = 1 << 18
"""Bytes of a read; there is room made for so many each time."""
_AS_IT_IS: Final = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)
"""Windows would otherwise write other line ends, and hand the file on to processes that are begun."""
_READ: Final = os.O_RDONLY | _AS_IT_IS
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _AS_IT_IS


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 in hexadecimal, and size in bytes."""
    sha, size = hashlib.sha256(), 0
    file = os.open(path, _READ)  # of thousands of files, and twice as fast
    try:
        while block := os.read(file, _BLOCK):
            sha.update(block)
            size += len(block)
    finally:
        os.close(file)
    return sha.hexdigest(), size


def put(path: str, data: bytes) -> None:
    """Write a new file, in as few calls of the system as there can be: a pack has thousands of small ones."""
    file = os.open(path, _WRITE, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)


def files_below(folder: Path) -> list[str]:
    """Paths of all files below `folder`, relative to it, with forward slashes, in order."""
    found: list[str] = []
    open_ = [(str(folder), "")]
    while open_:
        path, above = open_.pop()
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    open_.append((entry.path, f"{above}{entry.name}/"))
                elif entry.is_file():
                    found.append(above + entry.name)
    return sorted(found)


def close_bag(
    bag: Path, info: Sequence[tuple[str, str]], known: Mapping[str, tuple[str, int]]
) -> dict[str, tuple[str, int]]:
    """Write the tag files of a bag whose payload stands in `data/`.

    `info` are the labels of bag-info.txt; the Payload-Oxum is added. `known` are digests and sizes of files already
    read, by path; others are read. Names in a bag of ours hold no line end and no `%`, so none is
    escaped. Nothing may be written into the bag afterwards. Digest and size of every file of the payload are given.
    """
    payload = {p: known.get(p) or digest_of(bag / p) for p in files_below(bag) if p.startswith("data/")}
    octets = sum(size for _, size in payload.values())
    (bag / "bagit.txt").write_bytes(DECLARATION)
    lines = [*info, ("Payload-Oxum", f"{octets}.{len(payload)}")]
    (bag / "bag-info.txt").write_bytes(_utf8(f"{label}: {_one_line(value)}" for label, value in lines))
    (bag / "manifest-sha256.txt").write_bytes(_utf8(f"{sha}  {p}" for p, (sha, _) in sorted(payload.items())))
    tags = {p: digest_of(bag / p)[0] for p in files_below(bag) if not p.startswith("data/")}
    (bag / "tagmanifest-sha256.txt").write_bytes(_utf8(f"{sha}  {p}" for p, sha in sorted(tags.items())))
    return payload


def _utf8(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _one_line(value: str) -> str:
    return " ".join(value.split())
