"""The folder as a BagIt bag, version 1.0 (RFC 8493): declaration, information, manifests with SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_BLOCK: Final = 1 << 20


def digest_of(path: Path) -> tuple[str, int]:
    """SHA-256 in hexadecimal, and size in bytes."""
    sha, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            sha.update(block)
            size += len(block)
    return sha.hexdigest(), size


def files_below(folder: Path) -> list[str]:
    """Paths of all files below `folder`, relative to it, with forward slashes, in order."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def close_bag(bag: Path, info: Sequence[tuple[str, str]], known: dict[str, tuple[str, int]]) -> None:
    """Write the tag files of a bag whose payload stands in `data/`.

    `info` are the labels of bag-info.txt; the Payload-Oxum is added. `known` are digests and sizes of files already
    read, by path; others are read. Names in a bag of ours hold no line end and no `%`, so none is
    escaped. Nothing may be written into the bag afterwards.
    """
    payload = {p: known.get(p) or digest_of(bag / p) for p in files_below(bag) if p.startswith("data/")}
    octets = sum(size for _, size in payload.values())
    (bag / "bagit.txt").write_bytes(DECLARATION)
    lines = [*info, ("Payload-Oxum", f"{octets}.{len(payload)}")]
    (bag / "bag-info.txt").write_bytes(_utf8(f"{label}: {_one_line(value)}" for label, value in lines))
    (bag / "manifest-sha256.txt").write_bytes(_utf8(f"{sha}  {p}" for p, (sha, _) in sorted(payload.items())))
    tags = {p: digest_of(bag / p)[0] for p in files_below(bag) if not p.startswith("data/")}
    (bag / "tagmanifest-sha256.txt").write_bytes(_utf8(f"{sha}  {p}" for p, sha in sorted(tags.items())))


def _utf8(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _one_line(value: str) -> str:
    return " ".join(value.split())
