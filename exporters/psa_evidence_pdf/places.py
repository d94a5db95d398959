"""Where everything stands in a file that was laid out, read from the file itself.

The typesetter names a destination for each labelled heading (ISO 32000-1, 12.3.2.3). To ask it for the places would be
to have it lay out once more.
"""

from __future__ import annotations

import re

from psa_evidence.errors import EvidenceError
from psa_evidence_pdf.pages import page_objects
from psa_evidence_pdf.typesetting import Positions
from psa_evidence_pdf.update import Update

_NAMES = re.compile(rb"/Dests\s*<<\s*/Names\s*\[([^\]]*)\]")
_NAME = re.compile(rb"\(([a-z0-9-]+)\)\s*(\d+) 0 R")
_DESTINATION = re.compile(rb"\[\s*(\d+) 0 R\s*/XYZ [-\d.]+ ([-\d.]+) ")


def positions(pdf: bytes) -> Positions:
    """In the order of the pages, and on a page from its top. Raises EvidenceError when a place cannot be read."""
    update = Update(pdf)
    pages = {number: place for place, (number, _) in enumerate(page_objects(update), 1)}
    catalog = update.dictionary(update.root)
    listed = _NAMES.search(catalog)
    if listed is None and b"/Dests" in catalog:
        raise _unread()
    names = _NAME.findall(listed[1]) if listed else []
    if listed and _NAME.sub(b"", listed[1]).strip():
        raise _unread()
    found: list[tuple[int, float, str]] = []
    for name, number in names:
        leads = _DESTINATION.match(update.array(int(number)))
        if leads is None or int(leads[1]) not in pages:
            raise _unread()
        found.append((pages[int(leads[1])], -float(leads[2]), name.decode("ascii")))
    return Positions(len(pages), {name: page for page, _, name in sorted(found)})


def _unread() -> EvidenceError:
    return EvidenceError("The pages could not be numbered.", why="A place in the PDF is not written as expected.")
