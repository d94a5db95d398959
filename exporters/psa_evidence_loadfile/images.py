"""A PDF for each document: the pages of the pack with its Bates numbers, copied out and not changed.

The copies have no tags, links or attachment; the pack's own PDFs have. Copies of a PDF/A are PDF/A too. A page is found
by its label, which is its Bates number. PDFium copies: a thousand documents take it seconds, where a library in Python
takes minutes over their fonts.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from psa_evidence.errors import EvidenceError
from psa_evidence_loadfile.archival import Catalogue, archival, blank, catalogue

_MADE: Final = re.compile(rb"/CreationDate\(D:\d{14}[^)]{0,12}\)")
_IDS: Final = re.compile(rb"/ID\[<([0-9A-F]{32})><([0-9A-F]{32})>\]")
_LINKS: Final = re.compile(rb"/Annots\s*\[[^\]]*\]")
_STREAM: Final = b"stream"
_BEGINS: Final = re.compile(rb"stream\r?\n")
_ENDS: Final = re.compile(rb"\s{0,2}endstream")
_LENGTH: Final = re.compile(rb"/Length\s+(\d+)(?!\d|\s+\d+\s+R)")
_ANNOTATIONS: Final = b"/Annots"

MOST_OPEN: Final = 2
"""Files at a time. Each takes several times its size, and a pack has dozens."""

Place = tuple[str, int]
"""Name of a file, and the page in it from 0."""


class Pages:
    """The numbered pages of a pack, by Bates number. `files` are the names of its PDFs below `folder`."""

    def __init__(self, folder: Path, files: Sequence[str]) -> None:
        self._folder = folder
        self._places: dict[str, Place] = {}
        self._open: dict[str, pypdfium2.PdfDocument] = {}
        self._archival: set[str] = set()
        self._stated: Catalogue | None = None
        """Of one of them: one exporter makes all, with the same colours in the same language."""
        for name in files:
            data = (folder / name).read_bytes()
            if archival(data):
                self._archival.add(name)
                self._stated = self._stated or catalogue(data)
            document = pypdfium2.PdfDocument(data)
            self._places |= {document.get_page_label(index): (name, index) for index in range(len(document))}
            document.close()

    def document(self, numbers: Sequence[str]) -> bytes:
        """A PDF of these pages. The same pages give the same bytes. Raises EvidenceError when one is not there."""
        found = []
        for number in numbers:
            if number not in self._places:
                raise EvidenceError(f"There is no page {number}.", next_step="This is a fault of psa-evidence.")
            found.append(self._places[number])
        title = " – ".join(dict.fromkeys((numbers[0], numbers[-1])))
        data = self._copied(found, title, _nothing)
        if _ANNOTATIONS in data:  # links that were not where they are looked for
            data = self._copied(found, title, _strip)
        return _undated(data)

    def _copied(
        self, pages: Sequence[Place], title: str, before: Callable[[pypdfium2.PdfDocument, int], None]
    ) -> bytes:
        """Pages of one file are taken at once, so that they share their fonts in the copy too."""
        made = self._empty({name for name, _ in pages}, title)
        for name, group in groupby(pages, key=itemgetter(0)):
            document, indices = self._opened(name), [index for _, index in group]
            for index in indices:
                before(document, index)
            made.import_pages(document, indices)
        out = io.BytesIO()
        made.save(out)
        made.close()
        return out.getvalue()

    def _empty(self, names: set[str], title: str) -> pypdfium2.PdfDocument:
        """What pages of these files are copied into: a PDF/A where they all are."""
        if self._stated is None or not names <= self._archival:
            return pypdfium2.PdfDocument.new()
        made = pypdfium2.PdfDocument(blank(self._stated, title))
        del made[0]
        return made

    def _opened(self, name: str) -> pypdfium2.PdfDocument:
        """Exhibits stand in the order of the files, so that few need be open at a time."""
        if name not in self._open:
            while len(self._open) >= MOST_OPEN:
                self._open.pop(next(iter(self._open))).close()
            self._open[name] = pypdfium2.PdfDocument(_unlinked((self._folder / name).read_bytes()))
        return self._open[name]


def _unlinked(data: bytes) -> bytes:
    """A PDF with the links of its pages blanked, nothing moved: to load each page in order to take them off takes as
    long as all the rest. Streams are passed over by the length they state; when one does not, nothing is done."""
    made, at = bytearray(data), 0
    while at < len(data):
        stream = data.find(_STREAM, at)
        end = stream if stream >= 0 else len(data)
        for found in _LINKS.finditer(data, at, end):
            made[found.start() : found.end()] = b" " * len(found[0])
        begins = _BEGINS.match(data, end)
        at = begins.end() if begins else end + len(_STREAM)
        if begins:
            lengths = _LENGTH.findall(data, data.rfind(b" obj", 0, stream), stream)
            ends = _ENDS.match(data, at + int(lengths[0])) if len(lengths) == 1 else None
            if ends is None:
                return data
            at = ends.end()
    return bytes(made)


def count(path: Path) -> int:
    """The pages of a PDF, as PDFium counts them."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    try:
        return len(document)
    finally:
        document.close()


def _nothing(_document: pypdfium2.PdfDocument, _index: int) -> None:
    return None


def _strip(document: pypdfium2.PdfDocument, index: int) -> None:
    """Take the links off a page: what they lead to is not in the copy."""
    page = document[index]
    for number in reversed(range(pdfium.FPDFPage_GetAnnotCount(page.raw))):
        pdfium.FPDFPage_RemoveAnnot(page.raw, number)
    page.close()


def _undated(data: bytes) -> bytes:
    """Without the time at which PDFium wrote it, and with an identifier made of the bytes; nothing moves."""
    data = _MADE.sub(lambda found: b" " * len(found[0]), data, count=1)
    ids = next(reversed([*_IDS.finditer(data, max(0, len(data) - 1024))]), None)
    if ids is None:
        return data
    digest = hashlib.sha256(data[: ids.start()]).hexdigest()[:32].upper().encode()
    return data[: ids.start()] + b"/ID[<" + digest + b"><" + digest + b">]" + data[ids.end() :]
