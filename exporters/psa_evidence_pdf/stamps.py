"""Bates number and page count on every page, put on after layout.

The typesetter leaves their place at the foot empty, so that a document is laid out once and never again when the
numbers of others before it change. What is put on is an artifact (ISO 32000-1, 14.8.2.2): no part of the reading order.
The two fonts are embedded subsets which the typesetter itself made of the bundled ones.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from psa_evidence.errors import EvidenceError
from psa_evidence_pdf.pages import page_objects
from psa_evidence_pdf.typesetting import needed, small_print
from psa_evidence_pdf.update import Update

BASELINE = 41.6
"""Points from the paper's lower edge to the line that the template's footer stands on."""
MARGIN = 62.36
_REGULAR, _BOLD = 7.5, 9.0
_CODE = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})>")
_CONTENTS = re.compile(rb"/Contents (\d+) 0 R")
_RESOURCES = re.compile(rb"/Resources (\d+) 0 R")
_MEDIA = re.compile(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]")
_FONTS = re.compile(rb"/Font\s*<<")


@dataclass(frozen=True, slots=True)
class Face:
    """An embedded font: the glyph code of every character it was made for, and widths in thousandths of its size."""

    font: PdfObject
    codes: dict[str, int]
    widths: dict[int, float]

    def shown(self, text: str) -> bytes:
        return b"<%s>" % "".join(f"{self.codes[character]:04X}" for character in text).encode()

    def width(self, text: str, size: float) -> float:
        return sum(self.widths[self.codes[character]] for character in text) * size / 1000


def add_stamps(update: Update, bates: list[str], shown: bytes | None = None) -> None:
    """Put `bates[n]` and "Page n of N" on the pages. `shown` is the `small_print` of what is `needed` for them, None to
    have it made here. Raises EvidenceError when the file has other than N pages."""
    pages = page_objects(update)
    if len(pages) != len(bates):
        raise EvidenceError("The pages could not be numbered.", why=f"{len(bates)} meant, {len(pages)} made.")
    regular, bold = faces(needed(bates), shown)
    names = b"/PsaRegular %d 0 R/PsaBold %d 0 R" % (_copied(regular.font, update), _copied(bold.font, update))
    before = update.stream(b"q")
    done: set[int] = set()
    for place, (number, body) in enumerate(pages):
        contents, resources, media = (p.search(body) for p in (_CONTENTS, _RESOURCES, _MEDIA))
        if not contents or not resources or not media:
            raise EvidenceError("The pages could not be numbered.", why="A page is not as expected.")
        stamp = update.stream(_stamp(regular, bold, f"Page {place + 1} of {len(pages)}", bates[place], float(media[1])))
        together = b"/Contents[%d 0 R %s 0 R %d 0 R]" % (before, contents[1], stamp)
        update.put(number, body[: contents.start()] + together + body[contents.end() :] + b">>")
        if int(resources[1]) not in done:
            done.add(int(resources[1]))
            update.put(int(resources[1]), _with_fonts(update.dictionary(int(resources[1])), names) + b">>")


@lru_cache(maxsize=4)
def faces(wanted: str, shown: bytes | None = None) -> tuple[Face, Face]:
    """The regular and the bold face, with the characters `wanted` in them, of which `shown` is the `small_print`."""
    reader = PdfReader(io.BytesIO(small_print(wanted) if shown is None else shown))
    resources: Any = reader.pages[0]["/Resources"]
    fonts = resources["/Font"].get_object()
    found = {("Bold" in font.get_object()["/BaseFont"]): _face(font.get_object()) for font in fonts.values()}
    if set(found) != {False, True} or any(set(wanted) - set(face.codes) for face in found.values()):
        raise EvidenceError("The Bates numbers cannot be printed.", why="The bundled font lacks a character.")
    return found[False], found[True]


def _stamp(regular: Face, bold: Face, count: str, bates: str, width: float) -> bytes:
    middle = (width - regular.width(count, _REGULAR)) / 2
    right = width - MARGIN - bold.width(bates, _BOLD)
    return (
        b"Q\n/Artifact<</Type/Pagination/Subtype/Footer/Attached[/Bottom]>>BDC\nq 0.35 g\n"
        b"BT /PsaRegular %.1f Tf %.3f %.3f Td %s Tj ET\n0 g\nBT /PsaBold %.1f Tf %.3f %.3f Td %s Tj ET\nQ\nEMC"
        % (_REGULAR, middle, BASELINE, regular.shown(count), _BOLD, right, BASELINE, bold.shown(bates))
    )


def _with_fonts(resources: bytes, names: bytes) -> bytes:
    found = _FONTS.search(resources)
    if found:
        return resources[: found.end()] + names + resources[found.end() :]
    return resources + b"/Font<<" + names + b">>"


def _face(font: Any) -> Face:
    codes: dict[str, int] = {}
    for code, character in _CODE.findall(font["/ToUnicode"].get_object().get_data()):
        codes.setdefault(chr(int(character, 16)), int(code, 16))
    widths: dict[int, float] = {}
    listed = list(font["/DescendantFonts"][0].get_object()["/W"].get_object())
    while listed:
        first, second = int(listed.pop(0)), listed.pop(0)
        if isinstance(second, ArrayObject):
            widths.update({first + place: float(width) for place, width in enumerate(second)})
        else:
            width = float(listed.pop(0))
            widths.update(dict.fromkeys(range(first, int(second) + 1), width))
    return Face(font, codes, widths)


def _copied(thing: PdfObject, update: Update) -> int:
    """Copy an object and all it refers to into the update; its number there."""
    numbers: dict[int, int] = {}

    def moved(value: PdfObject) -> PdfObject:
        if isinstance(value, IndirectObject):
            if value.idnum not in numbers:
                numbers[value.idnum] = update.new()
                _put(numbers[value.idnum], value.get_object())
            return IndirectObject(numbers[value.idnum], 0, None)
        if isinstance(value, StreamObject):
            raise EvidenceError("The pages could not be numbered.", why="A font is not as expected.")
        if isinstance(value, DictionaryObject):
            return DictionaryObject({key: moved(entry) for key, entry in value.items()})
        if isinstance(value, ArrayObject):
            return ArrayObject([moved(entry) for entry in value])
        return value

    def _put(number: int, value: PdfObject | None) -> None:
        out = io.BytesIO()
        if isinstance(value, StreamObject):
            head = DictionaryObject({key: moved(entry) for key, entry in value.items()})
            data = value._data  # noqa: SLF001 - pypdf hands out the undecoded bytes nowhere else
            head[NameObject("/Length")] = NumberObject(len(data))
            head.write_to_stream(out)
            out.write(b"\nstream\n" + data + b"\nendstream")
        elif value is not None:
            moved(value).write_to_stream(out)
        update.put(number, out.getvalue())

    number = update.new()
    _put(number, thing)
    return number
