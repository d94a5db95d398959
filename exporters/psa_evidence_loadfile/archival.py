"""What a copy of pages needs beside them to be a PDF/A as the PDF is that they come from.

Copied pages bring their fonts and the characters of each; the colour profile and the statement stand in the catalogue,
which PDFium does not copy. Without tags a copy is no PDF/A-3a: it is PDF/A-2u (ISO 19005-2, level U).
"""

from __future__ import annotations

import io
import re
from html import escape
from typing import Any, Final, NamedTuple

from pypdf import PdfReader

_LEVEL: Final = re.compile(rb"pdfaid:part(?:>|=\")[23]\b.{1,200}?pdfaid:conformance(?:>|=\")[AU]\b", re.DOTALL)
_LANGUAGE: Final = re.compile(r"[A-Za-z0-9-]+")
_METADATA: Final = (
    '<?xpacket begin="\N{ZERO WIDTH NO-BREAK SPACE}" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><dc:format>application/pdf</dc:format>'
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
    "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>"
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)


class Catalogue(NamedTuple):
    """What the catalogue of a PDF/A says of all its pages."""

    profile: bytes
    """The ICC profile that device colours are meant in, of three components."""
    language: str


def archival(pdf: bytes) -> bool:
    """Whether it says that it is a PDF/A whose every character is known: metadata of a PDF/A are never packed."""
    return _LEVEL.search(pdf) is not None


def catalogue(pdf: bytes) -> Catalogue | None:
    """None where it is not as in a PDF/A. To read one takes a library in Python 0.1 s."""
    root: Any = PdfReader(io.BytesIO(pdf)).root_object
    if "/OutputIntents" not in root:
        return None
    profile = root["/OutputIntents"][0].get_object()["/DestOutputProfile"].get_object()
    language = str(root.get("/Lang", ""))
    if profile.get("/N") != 3 or not _LANGUAGE.fullmatch(language):
        return None
    return Catalogue(profile.get_data(), language)


def blank(stated: Catalogue, title: str) -> bytes:
    """A PDF/A-2u of one blank page: PDFium opens none without a page. The same values give the same bytes."""
    metadata = _METADATA.format(title=escape(title, quote=False)).encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/Metadata 3 0 R/OutputIntents[4 0 R]/Lang(%b)"
        b"/ViewerPreferences<</DisplayDocTitle true>>>>" % stated.language.encode(),
        b"<</Type/Pages/Count 1/Kids[6 0 R]>>",
        b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%b\nendstream" % (len(metadata), metadata),
        b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile 5 0 R>>",
        b"<</N 3/Length %d>>stream\n%b\nendstream" % (len(stated.profile), stated.profile),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, item in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, end = len(objects) + 1, len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Root 1 0 R/Size %d>>\n" % (size, table, size)
    return bytes(made) + b"startxref\n%d\n%%%%EOF\n" % end
