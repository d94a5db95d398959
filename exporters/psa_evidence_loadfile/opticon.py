"""Opticon OPT: seven fields between commas, no heading, CRLF, ASCII. One line a document: its PDF has all its pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from psa_evidence.errors import EvidenceError


@dataclass(frozen=True, slots=True)
class Image:
    """`key` is the Bates number of the first page, `pages` how many the file has."""

    key: str
    volume: str
    path: str
    pages: int


def opt(images: Iterable[Image]) -> bytes:
    """Raises EvidenceError on a value that the format cannot carry: it has no quotes."""
    lines = []
    for image in images:
        values = (image.key, image.volume, image.path, "Y", "", "", str(image.pages))
        if any("," in v or not v.isascii() or not v.isprintable() for v in values):
            raise EvidenceError("A name cannot stand in the image load file.", why="It holds a comma or is not ASCII.")
        lines.append(",".join(values) + "\r\n")
    return "".join(lines).encode("ascii")
