"""One finished file: its digest, the secret found in it, and of a PDF of the pack what its pages are called and say."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from psa_evidence.errors import EvidenceError
from psa_evidence.selftest.extract import page_texts, texts_of
from psa_evidence.selftest.looking import Looking, Secret

REPEATED: Final = 200
"""Characters of texts that are looked at once, however often they come: names of objects, keys, cells."""


@dataclass(frozen=True, slots=True)
class PagesSeen:
    """Of a PDF: the label of every page, the pages (from 0) that bookmarks lead to, the numbers that pages print."""

    labels: tuple[str, ...]
    marked: frozenset[int]
    printed: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """`sha256` is that of the bytes examined; `rule` the one of the first secret found, None when there is none;
    `unread` what kept the file from being taken apart, and why, when something did."""

    sha256: str
    rule: str | None = None
    pages: PagesSeen | None = None
    unread: tuple[str, str] | None = None


class Examination:
    """Examines one file after the other. `number` is the pattern of Bates numbers."""

    def __init__(self, secrets: Sequence[Secret], number: str) -> None:
        self._looking = Looking.of(secrets) if secrets else None
        self._number = re.compile(number)
        self._seen: set[str] = set()

    def examine(self, path: Path, *, paged: bool) -> Examined:
        """`paged`: a PDF of the pack, whose pages are told too."""
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        try:
            texts = list(page_texts(data)) if paged else None
            seen = self._pages(data, texts) if texts is not None else None
            return Examined(digest, self._searched(data, texts), seen)
        except EvidenceError as error:
            return Examined(digest, unread=(error.what, error.why))

    def _pages(self, data: bytes, texts: Sequence[str]) -> PagesSeen:
        """Read strictly: what pypdf would mend is a fault of the file."""
        try:
            reader = PdfReader(io.BytesIO(data), strict=True)
            labels, marked = tuple(reader.page_labels), frozenset(_places(reader))
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise EvidenceError("A PDF of the pack cannot be read.", why=type(error).__name__) from error
        return PagesSeen(labels, marked, tuple(tuple(self._number.findall(text)) for text in texts))

    def _searched(self, data: bytes, pages: Sequence[str] | None) -> str | None:
        """The rule of the first secret found."""
        if self._looking is None:
            return None
        for text in texts_of(data, pages=pages):
            if len(text) <= REPEATED:
                if text in self._seen:
                    continue
                self._seen.add(text)
            if (hit := self._looking.found_in(text)) is not None:
                return hit.rule
        return None


def _places(reader: PdfReader) -> Iterator[int]:
    """The pages that bookmarks lead to."""

    def flat(entries: Sequence[Any]) -> Iterator[Any]:
        for entry in entries:
            if isinstance(entry, list):
                yield from flat(entry)
            else:
                yield entry

    for entry in flat(reader.outline):
        place = reader.get_destination_page_number(entry)
        if place is not None and place >= 0:
            yield place
