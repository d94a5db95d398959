"""Bates numbers put into the text of pages that were laid out before any number was known.

A document is laid out once, with stand-ins: numbers as wide as the real ones, each different. A stand-in is found on
the page as a piece of text of its own, glyph by glyph through the font's map to Unicode, and its digits are changed.
Where one is not found as often as it was printed (a record's text may look like one), nothing is changed, and the
document is laid out again with the real numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from psa_evidence.errors import EvidenceError
from psa_evidence_pdf.objects import Streams
from psa_evidence_pdf.pages import page_objects
from psa_evidence_pdf.update import Update

_CONTENTS = re.compile(rb"/Contents (\d+) 0 R")
_RESOURCES = re.compile(rb"/Resources (\d+) 0 R")
_FONTS = re.compile(rb"/Font\s*<<(.*?)>>", re.DOTALL)
_FONT = re.compile(rb"/(\S+) (\d+) 0 R")
_UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")
_CODE = re.compile(rb"<([0-9A-Fa-f]{4})")
_LETTER = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
_SHOWN = re.compile(
    rb"/([^\s/]+) [\d.]++ Tf [-\d. ]++Tm\["
    rb"(?:\(((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+)\)|<([0-9A-Fa-f]++)>)\Z",
    re.DOTALL,
)
"""What stands before `]TJ` where a piece of text is one string: a font, a place, and the codes of its glyphs, two bytes
each."""
_STRING, _AFTER = b"Tm[", b"]TJ"
"""Before and after the strings of a piece of text. They do not stand in a string: the first byte of one of its codes
would be a letter, and no document uses so many glyphs of a face."""
_ROOM = 160
"""More bytes than the font, the place and the signs around a string take."""
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_MEANT = {
    **{bytes([byte]): bytes([byte]) for byte in range(256)},
    **{b"%o" % byte: bytes([byte]) for byte in range(256)},
    **{b"%02o" % byte: bytes([byte]) for byte in range(64)},
    **{b"%03o" % (byte + over): bytes([byte]) for byte in range(256) for over in (0, 256)},
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f",
}  # fmt: skip
"""By what stands behind a backslash; the high bit of three octal digits is ignored."""
_LONGEST = 4
"""How many characters a byte of a literal string is written in, at most."""
_DIGIT = re.compile(r"[0-9]")
_DIGITS = 10


def alike(one: str, other: str) -> bool:
    """Whether two texts differ in digits only, so that each can stand in the other's place."""
    return _DIGIT.sub("0", one) == _DIGIT.sub("0", other)


@dataclass(frozen=True, slots=True)
class Place:
    """A stand-in on a page: where the string of its codes begins and ends in the contents; the codes of its glyphs, and
    of the digits 0 to 9 in its font, two bytes each."""

    begin: int
    end: int
    text: str
    codes: bytes
    digits: bytes

    def with_digits_of(self, number: str) -> bytes:
        def code(at: int, character: str) -> bytes:
            of, at = (self.digits, int(character)) if _DIGIT.fullmatch(character) else (self.codes, at)
            return of[2 * at : 2 * at + 2]

        return b"".join(code(at, character) for at, character in enumerate(number))


Places = Mapping[int, tuple[Place, ...]]
"""The stand-ins of a file, by the number of the contents that they stand in."""


def exchanged(pdf: bytes, places: Places, numbers: Mapping[str, str]) -> bytes:
    """`pdf` with `numbers` in the place of the stand-ins, from which they differ in digits only.

    Raises EvidenceError when the file is not the one that the places are of.
    """
    if not places:
        return pdf
    streams = Streams(pdf)
    contents: dict[int, bytes] = {}
    for number, on_page in places.items():
        page, out = streams.inflated(number), []
        done = 0
        for place in on_page:
            if page[place.begin : place.begin + 1] + page[place.end : place.end + 3] not in {b"(]TJ", b"<]TJ"}:
                raise EvidenceError(
                    "The numbers could not be put into the PDF.", why="It changed after it was laid out."
                )
            out += [page[done : place.begin], b"<", place.with_digits_of(numbers[place.text]).hex().encode(), b">"]
            done = place.end
        contents[number] = b"".join([*out, page[done:]])
    return streams.replaced(contents)


def places_of(pdf: bytes, times: Mapping[str, int]) -> Places | None:
    """Where the stand-ins are; None when one is not there as often as `times` says, or in a font without ten digits.

    Raises EvidenceError when the file is not written as the typesetter writes.
    """
    if not times:
        return {}
    streams = Streams(pdf)
    lengths, begins = {len(stand_in) for stand_in in times}, {stand_in[0] for stand_in in times}
    least, most = 2 * min(lengths), 2 * _LONGEST * max(lengths)
    counted: Counter[str] = Counter()
    found: dict[int, tuple[Place, ...]] = {}
    for number, fonts in _pages(Update(pdf), streams):
        page = streams.inflated(number)
        firsts = {code for letters, _ in fonts.values() for code, letter in letters.items() if letter in begins}
        places: list[Place] = []
        done = 0
        while (end := page.find(_AFTER, done)) >= 0:
            string = page.rfind(_STRING, max(done, end - most - _ROOM), end) + len(_STRING)
            done, before = end + len(_AFTER), done
            if string < len(_STRING) or _first(page[string : string + 1 + 2 * _LONGEST]) not in firsts:
                continue
            piece = _SHOWN.search(page, max(before, string - _ROOM), end)
            if piece is None:
                continue
            name, literal, hexadecimal = piece.groups()
            if name not in fonts or not least <= len(literal or hexadecimal or b"") <= most:
                continue
            letters, digits = fonts[name]
            codes = bytes.fromhex(hexadecimal.decode()) if hexadecimal else _literal(literal)
            if len(codes) // 2 not in lengths:
                continue
            text = "".join(letters.get(codes[at : at + 2], "\0") for at in range(0, len(codes), 2))
            if text in times:
                if len(digits) < 2 * _DIGITS:
                    return None
                counted[text] += 1
                begin = piece.start(3 if hexadecimal else 2) - 1
                places.append(Place(begin, end, text, codes, digits))
        if places:
            found[number] = tuple(places)
    return found if counted == Counter(times) else None


Font = tuple[dict[bytes, str], bytes]
"""What each code shows; the codes of the digits 0 to 9, or fewer bytes where not each digit has one of its own."""


def _pages(update: Update, streams: Streams) -> Iterator[tuple[int, dict[bytes, Font]]]:
    """Number of the contents and fonts by name, of the pages that stand-ins may be printed on: the cover, and
    those that have links."""
    fonts: dict[int, Font] = {}
    for place, (_, body) in enumerate(page_objects(update)):
        contents, resources = _CONTENTS.search(body), _RESOURCES.search(body)
        if (place and b"/Annots" not in body) or not contents or not resources:
            continue
        listed = _FONTS.search(update.dictionary(int(resources[1])))
        named: dict[bytes, Font] = {}
        for name, number in _FONT.findall(listed[1]) if listed else ():
            if int(number) not in fonts:
                fonts[int(number)] = _font(update, streams, int(number))
            named[name] = fonts[int(number)]
        yield int(contents[1]), named


def _font(update: Update, streams: Streams, number: int) -> Font:
    letters: dict[bytes, str] = {}
    glyphs: dict[str, list[bytes]] = {}
    stated = _UNICODE.search(update.dictionary(number))
    for code, text in _LETTER.findall(streams.inflated(int(stated[1]))) if stated else ():
        shown = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        letters[bytes.fromhex(code.decode())] = shown
        glyphs.setdefault(shown, []).append(bytes.fromhex(code.decode()))
    digits = [glyphs.get(str(digit), []) for digit in range(_DIGITS)]
    return letters, b"".join(codes[0] for codes in digits if len(codes) == 1)


@lru_cache(maxsize=4096)
def _first(begun: bytes) -> bytes:
    """The first code of a string whose first bytes these are."""
    hexadecimal = _CODE.match(begun)
    return bytes.fromhex(hexadecimal[1].decode()) if hexadecimal else _literal(begun[1:])[:2]


def _literal(written: bytes) -> bytes:
    """The bytes of a literal string (ISO 32000-1, 7.3.4.2)."""
    return _ESCAPED.sub(_unescaped, written) if b"\\" in written else written


def _unescaped(found: re.Match[bytes]) -> bytes:
    return _MEANT[found[1]]
