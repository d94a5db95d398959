"""The pages of a file as the typesetter wrote it."""

from __future__ import annotations

import re

from psa_evidence_pdf.update import Update

_KIDS = re.compile(rb"/Kids\s*\[([^\]]*)\]")
_REF = re.compile(rb"(\d+) 0 R")


def page_objects(update: Update) -> list[tuple[int, bytes]]:
    """Number and dictionary of every page, in order."""
    top = re.search(rb"/Pages (\d+) 0 R", update.dictionary(update.root))
    open_ = [int(top[1])] if top else []
    found: list[tuple[int, bytes]] = []
    while open_:
        number = open_.pop(0)
        body = update.dictionary(number)
        kids = _KIDS.search(body)
        if kids:
            open_[:0] = [int(kid) for kid in _REF.findall(kids[1])]
        else:
            found.append((number, body))
    return found
