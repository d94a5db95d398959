"""One finished file: its digest, the secret found in it, and of a PDF what its pages are called and cite."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from psa_evidence.errors import EvidenceError
from psa_evidence.selftest.cites import Cited, cited_in
from psa_evidence.selftest.extract import Clean, Opened, page_texts, texts_of
from psa_evidence.selftest.looking import Looking, Secret

REPEATED: Final = 200
"""Characters of texts that are looked at once, however often they come: names of objects, keys, cells."""


@dataclass(frozen=True, slots=True)
class PagesSeen:
    """Of a PDF: the label of every page, the pages (from 0) that bookmarks lead to, the numbers under links. `pages` is
    their number as another reader counts them."""

    labels: tuple[str, ...]
    marked: frozenset[int]
    pages: int
    cited: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """`sha256` is that of the bytes examined; `hit` the first secret found, None when there is none, and `page` the
    label of the page that shows it, empty when none does; `unread` what kept the file from being taken apart, and why,
    when something did; `clean` are the streams that were first met in it, in which nothing was found
    (`extract.Clean`)."""

    sha256: str
    hit: Secret | None = None
    pages: PagesSeen | None = None
    unread: tuple[str, str] | None = None
    clean: tuple[bytes, ...] = ()
    page: str = ""


class Examination:
    """Examines one file after the other. `number` is the pattern of Bates numbers."""

    def __init__(self, secrets: Sequence[Secret], number: str) -> None:
        self._looking = Looking.of(secrets) if secrets else None
        self._number = re.compile(number)
        self._seen: set[str] = set()
        self._clean: Clean = {}

    def passes_over(self, clean: Iterable[bytes]) -> None:
        """Streams that another examination, for the same secrets, found nothing in."""
        self._clean.update(dict.fromkeys(clean))

    def examine(self, path: Path, *, paged: bool) -> Examined:
        """`paged`: a PDF of the pack, whose pages are told too."""
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        known = len(self._clean)
        try:
            opened, seen = self._pages(data) if paged else (None, None)
            hit = self._searched(data, opened)
        except EvidenceError as error:
            return Examined(digest, unread=(error.what, error.why))
        clean = tuple(islice(self._clean, known, None))
        return Examined(digest, hit, seen, clean=clean, page=self._page(hit, opened, seen))

    def _page(self, hit: Secret | None, opened: Opened | None, seen: PagesSeen | None) -> str:
        if hit is None or opened is None or seen is None or self._looking is None:
            return ""
        shown = zip(seen.labels, opened.pages, strict=False)
        return next((label for label, text in shown if hit.plain in self._looking.plain_in(text)), "")

    def _pages(self, data: bytes) -> tuple[Opened, PagesSeen]:
        """Read strictly: what pypdf would mend is a fault of the file."""
        texts = list(page_texts(data)) if self._looking is not None else []
        try:
            reader = PdfReader(io.BytesIO(data), strict=True)
            labels, marked = tuple(reader.page_labels), frozenset(_places(reader))
            linked = [place for place, page in enumerate(reader.pages) if "/Annots" in page]
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            raise EvidenceError("A PDF of the pack cannot be read.", why=type(error).__name__) from error
        return Opened(texts, reader), PagesSeen(labels, marked, *cited_in(data, linked, self._number))

    def _searched(self, data: bytes, opened: Opened | None) -> Secret | None:
        """The first secret found. What was searched once and had none is not searched again."""
        if self._looking is None:
            return None
        for text in texts_of(data, opened=opened, clean=self._clean):
            if text in self._seen:
                continue
            if (hit := self._looking.found_in(text)) is not None:
                return hit
            if len(text) <= REPEATED:
                self._seen.add(text)
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
