"""The numbers that a PDF cites: what stands under its links, as PDFium reads it, and where they lead.

Texts of records are not looked at. A client may write what looks like a number of this pack, and may have read one.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium

from psa_evidence.errors import EvidenceError

_RANGE: Final = "\N{EN DASH}"
"""Between the first and the last number of an exhibit, which may stand on two lines of one link."""
_MARGIN: Final = 2
"""Points above and below, which may touch other lines."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A link on `page` that shows `number`, or a range with it, and nothing else. `to` is the page that it leads to,
    None when that is in another file. Pages are counted from 0."""

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
        margin = min(abs(box.top - box.bottom) / 4, _MARGIN)
        low, high = min(box.top, box.bottom) + margin, max(box.top, box.bottom) - margin
        ends = [end.strip() for end in text.get_text_bounded(box.left, low, box.right, high).split(_RANGE)]
        shown = [end for end in ends if end]
        if len(ends) <= 2 and shown and all(pattern.fullmatch(end) for end in shown):
            leads = pdfium.FPDFLink_GetDest(document.raw, link)
            to = pdfium.FPDFDest_GetDestPageIndex(document.raw, leads) if leads else -1
            for end in shown:
                yield Cited(number, end, to if to >= 0 else None)
    text.close()
    page.close()
