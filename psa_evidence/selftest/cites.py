"""The numbers that a PDF cites: what stands under its links, as PDFium reads it, and where they lead.

Texts of records are not looked at. A client may write what looks like a number of this pack, and may have read one.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from psa_evidence.errors import EvidenceError


@dataclass(frozen=True, slots=True)
class Cited:
    """A link on `page` that shows `number` and nothing else. `to` is the page that it leads to, None when that is in
    another file. Pages are counted from 0."""

    page: int
    number: str
    to: int | None


def cited_in(data: bytes, pages: Iterable[int], number: re.Pattern[str]) -> tuple[int, tuple[Cited, ...]]:
    """How many pages PDFium counts, and what the links on `pages` show. Raises EvidenceError."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise EvidenceError("A PDF of the pack cannot be opened to be searched.", why="PDFium refuses it") from error
    try:
        count = len(document)
        return count, tuple(cited for page in pages if page < count for cited in _on(document, page, number))
    finally:
        document.close()


def _on(document: pypdfium2.PdfDocument, number: int, pattern: re.Pattern[str]) -> Iterator[Cited]:
    page = document[number]
    text = page.get_textpage()
    at, link, box = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
    while pdfium.FPDFLink_Enumerate(page.raw, ctypes.byref(at), ctypes.byref(link)):
        if not pdfium.FPDFLink_GetAnnotRect(link, ctypes.byref(box)):
            continue
        quarter = abs(box.top - box.bottom) / 4  # of its height above and below, which may touch other lines
        low, high = min(box.top, box.bottom) + quarter, max(box.top, box.bottom) - quarter
        shown = text.get_text_bounded(box.left, low, box.right, high).strip()
        if pattern.fullmatch(shown):
            leads = pdfium.FPDFLink_GetDest(document.raw, link)
            to = pdfium.FPDFDest_GetDestPageIndex(document.raw, leads) if leads else -1
            yield Cited(number, shown, to if to >= 0 else None)
    text.close()
    page.close()
