"""A PDF for each document: the pages of the pack with its Bates numbers, copied out and not changed.

The copies have no tags, links or attachment; the pack's own PDFs have. A page is found by its label, which is its Bates
number. PDFium copies: a thousand documents take it seconds, where a library in Python takes minutes over their fonts.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from psa_evidence.errors import EvidenceError

_MADE: Final = re.compile(rb"/CreationDate\(D:\d{14}[^)]{0,12}\)")
_IDS: Final = re.compile(rb"/ID\[<([0-9A-F]{32})><([0-9A-F]{32})>\]")


class Pages:
    """The numbered pages of a pack, by Bates number. `files` are the names of its PDFs below `folder`."""

    def __init__(self, folder: Path, files: Sequence[str]) -> None:
        self._pages: dict[str, tuple[pypdfium2.PdfDocument, int]] = {}
        for name in files:
            document = pypdfium2.PdfDocument((folder / name).read_bytes())
            for index in range(len(document)):
                _strip(document, index)
                self._pages[document.get_page_label(index)] = document, index

    def document(self, numbers: Sequence[str]) -> bytes:
        """A PDF of these pages. The same pages give the same bytes. Raises EvidenceError when one is not there."""
        made = pypdfium2.PdfDocument.new()
        for number in numbers:
            found = self._pages.get(number)
            if found is None:
                raise EvidenceError(f"There is no page {number}.", next_step="This is a fault of psa-evidence.")
            document, index = found
            made.import_pages(document, [index])
        out = io.BytesIO()
        made.save(out)
        made.close()
        return _undated(out.getvalue())


def count(path: Path) -> int:
    """The pages of a PDF, as PDFium counts them."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    try:
        return len(document)
    finally:
        document.close()


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
