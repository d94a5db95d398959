"""Files attached to a finished PDF (PDF/A-3, ISO 19005-3, 6.8): named, with their relation and a fixed date.

They are put on after layout, so that a document is laid out once and not again when what it carries changes.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Final

from psa_evidence.errors import EvidenceError
from psa_evidence_pdf.update import Update, text_string

MOST_PACKED: Final = 64_000_000
"""Bytes that are compressed: careful readers unpack no stream beyond some 75 megabytes, a plain one they take."""
_NAMES = b"/Names<<"


def add_attachment(update: Update, data: bytes, *, name: str, media_type: str, description: str, at: datetime) -> None:
    """Attach `data` as `name`; `at` (aware) is stated as the time of its last change.

    Raises EvidenceError when the file has attachments already: a second list would hide the first.
    """
    catalog = update.dictionary(update.root)
    if b"/EmbeddedFiles" in catalog or b"/AF" in catalog:
        raise EvidenceError("The manifest could not be attached.", why="The PDF already has attachments.")
    when = at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")
    subtype = media_type.replace("/", "#2F").encode("ascii")
    stream, spec = update.new(), update.new()
    body, packing = (zlib.compress(data), b"/Filter/FlateDecode") if len(data) <= MOST_PACKED else (data, b"")
    update.put(
        stream,
        b"<</Length %d%s/Type/EmbeddedFile/Subtype/%s/Params<</Size %d/ModDate(D:%s)>>>>\nstream\n%s\nendstream"
        % (len(body), packing, subtype, len(data), when.encode("ascii"), body),
    )
    update.put(
        spec,
        b"<</Type/Filespec/F%s/UF%s/EF<</F %d 0 R/UF %d 0 R>>/AFRelationship/Data/Desc%s>>"
        % (text_string(name), text_string(name), stream, stream, text_string(description)),
    )
    listed = b"/EmbeddedFiles<</Names[%s %d 0 R]>>" % (text_string(name), spec)
    if _NAMES in catalog:
        catalog = catalog.replace(_NAMES, _NAMES + listed, 1)
    elif b"/Names" in catalog:
        raise EvidenceError("The manifest could not be attached.", why="The names of the PDF are not as expected.")
    else:
        catalog += b"/Names<<" + listed + b">>"
    update.put(update.root, b"%s/AF[%d 0 R]>>" % (catalog, spec))
