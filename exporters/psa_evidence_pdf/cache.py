"""Files laid out before, kept so that a later build lays out only what changed.

An entry is what one document came out as: JSON with its positions and the digest of its pages in the first line, then
the pages. Its name is the SHA-256 of everything the pages depend on: the texts, the numbers printed among them, the
template, the fonts, the version of the typesetter. **Entries hold the texts of clients**, readable: the folder is as
confidential as the packs, is bounded in size, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from psa_evidence_pdf.typesetting import Job, Positions, world_digest

MOST_BYTES = 1 << 30
"""All entries together; those unused longest go first. A pack of 1,000 tickets takes some 50 MB."""
_ENDING = ".pages"
_NOTE = "README.txt"
_WORDS = (
    "Pages of evidence packs as they were last laid out, kept so that a later build is faster.\n"
    "They show texts of clients: treat this folder as you treat the packs. It may be deleted at any time,\n"
    "and is not made when page_cache = false stands under [packs] in psa-evidence.toml.\n"
)


def key_of(job: Job, numbers: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of all that a document's pages depend on, but for the time stated in the file."""
    told = json.dumps(numbers, sort_keys=True).encode()
    whole = hashlib.sha256(world_digest())
    for piece in (str(job.created).encode(), job.document, told):
        whole.update(len(piece).to_bytes(8, "big") + piece)
    return whole.hexdigest()


def recalled(folder: Path, key: str) -> tuple[Positions, bytes] | None:
    """The entry, or None when there is none or it is not whole."""
    path = folder / f"{key}{_ENDING}"
    try:
        head, _, pages = path.read_bytes().partition(b"\n")
        found = json.loads(head)
        if found["sha256"] != hashlib.sha256(pages).hexdigest():
            return None
        positions = Positions(int(found["pages"]), {str(id_): int(at) for id_, at in found["places"].items()})
        os.utime(path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return positions, pages


def remember(folder: Path, key: str, positions: Positions, pages: bytes) -> None:
    """Keep an entry. A cache that cannot be written costs time and nothing else."""
    head = {"pages": positions.pages, "places": positions.places, "sha256": hashlib.sha256(pages).hexdigest()}
    path = folder / f"{key}{_ENDING}"
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    with suppress(OSError):
        unfinished.write_bytes(json.dumps(head).encode() + b"\n" + pages)
        unfinished.replace(path)


def opened(folder: Path) -> Path | None:
    """The folder, made for its owner alone and with a note of what it is; None when it cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        note = folder / _NOTE
        if not note.exists():
            note.write_text(_WORDS, encoding="utf-8")
    except OSError:
        return None
    return folder


def pruned(folder: Path, most: int = MOST_BYTES) -> None:
    """Delete what was unused longest until the rest is at most `most` bytes; unfinished entries go too."""
    entries: list[tuple[float, str, int]] = []
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                if path.suffix == ".part":
                    path.unlink()
                elif path.suffix == _ENDING:
                    about = path.stat()
                    entries.append((about.st_mtime, path.name, about.st_size))
    held = sum(size for _, _, size in entries)
    for _, name, size in sorted(entries):
        if held <= most:
            break
        with suppress(OSError):
            (folder / name).unlink()
            held -= size
