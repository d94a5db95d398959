"""A PDF for each document: the pages of the pack with its Bates numbers, copied out and not changed.

The copies have no tags, links or attachment; the pack's own PDFs have. A page is found by its label, which is its Bates
number.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from pypdf import PageObject, PdfReader, PdfWriter

from psa_evidence.errors import EvidenceError

_LEFT_OUT = ("/Annots", "/StructParents", "/Tabs", "/Parent")


class Pages:
    """The numbered pages of a pack, by Bates number. `files` are the names of its PDFs below `folder`."""

    def __init__(self, folder: Path, files: Sequence[str]) -> None:
        self._pages: dict[str, PageObject] = {}
        for name in files:
            reader = PdfReader(io.BytesIO((folder / name).read_bytes()))
            for label, page in zip(reader.page_labels, reader.pages, strict=True):
                self._pages[label] = page

    def document(self, numbers: Sequence[str]) -> bytes:
        """A PDF of these pages. The same pages give the same bytes. Raises EvidenceError when one is not there."""
        writer = PdfWriter()
        for number in numbers:
            page = self._pages.get(number)
            if page is None:
                raise EvidenceError(f"There is no page {number}.", next_step="This is a fault of psa-evidence.")
            writer.add_page(page, excluded_keys=_LEFT_OUT)
        writer.add_metadata({"/Producer": "psa-evidence", "/Title": numbers[0]})
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()
