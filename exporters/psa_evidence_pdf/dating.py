"""The time that a PDF states for itself, put in after layout.

Documents are laid out as if at one fixed time, so that one that did not change is known again in a later build. Both
places that state the time (ISO 19005-3, 6.6.2.3: the information dictionary and the metadata agree) have a fixed width.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from psa_evidence.errors import EvidenceError

LAID_OUT_AT: Final = datetime(2000, 1, 1, tzinfo=UTC)


def dated(pdf: bytes, at: datetime) -> bytes:
    """`pdf`, as laid out, with `at` (aware) as the time it was made. Raises EvidenceError when it states another."""
    for form, places in (("(D:%Y%m%d%H%M%SZ)", _DATES), (">%Y-%m-%dT%H:%M:%S+00:00<", _METADATA)):
        stated, meant = (moment.astimezone(UTC).strftime(form).encode() for moment in (LAID_OUT_AT, at))
        for place, times in places:
            if len(stated) != len(meant) or pdf.count(place + stated) != times:
                raise EvidenceError("The PDF could not be dated.", why="It does not state its time as expected.")
            pdf = pdf.replace(place + stated, place + meant)
    return pdf


_DATES = ((b"/CreationDate", 1), (b"/ModDate", 1))
_METADATA = ((b"<xmp:CreateDate", 1), (b"<xmp:ModifyDate", 1), (b"<stEvt:when", 2))
"""The last is the history that the typesetter states of the file: saved, then converted to PDF/A."""
