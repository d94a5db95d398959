"""Incremental updates of a PDF (ISO 32000-1, 7.5.6): new objects behind the file, every byte before them untouched.

So the structure tree, metadata, attachments and conformance that the typesetter wrote stay as they are. Only files
with classic cross-reference tables are taken, which is what the typesetter writes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import groupby

from psa_evidence.errors import EvidenceError

_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*\Z", re.DOTALL)
_TABLE = re.compile(rb"xref\s+0 (\d+)\s*\n")
_SIZE = re.compile(rb"/Size (\d+)")
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_INFO = re.compile(rb"/Info \d+ 0 R")
_ID = re.compile(rb"/ID\s*\[\s*(\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f]*>)")
_TAIL = 4096


class Update:
    """Collects new and changed objects of one file. Raises EvidenceError when the file is not laid out as expected."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = pdf
        trailer = _TRAILER.search(pdf, max(0, len(pdf) - _TAIL))
        size, root, identity = (p.search(trailer[1]) if trailer else None for p in (_SIZE, _ROOT, _ID))
        if not trailer or not size or not root or not identity:
            raise _unexpected("The end of the PDF is not as expected.")
        info = _INFO.search(trailer[1])
        self._info = info[0] if info else b""
        self._xref = int(trailer[2])
        self._table = _TABLE.match(pdf, self._xref)
        self._next = int(size[1])
        self.root = int(root[1])
        self._identity = identity[1]
        self._objects: dict[int, bytes] = {}

    def new(self) -> int:
        """The number of an object that `put` will bring."""
        self._next += 1
        return self._next - 1

    def put(self, number: int, body: bytes) -> None:
        self._objects[number] = body

    def stream(self, data: bytes, number: int | None = None) -> int:
        place = self.new() if number is None else number
        self.put(place, b"<</Length %d>>\nstream\n%s\nendstream" % (len(data), data))
        return place

    def dictionary(self, number: int) -> bytes:
        """The bytes of dictionary object `number`, as it stands after what was put, without its closing `>>`."""
        if number in self._objects:
            return self._objects[number].rstrip()[:-2].rstrip()
        return self._written(number, b"<<", b">>")[:-2].rstrip()

    def array(self, number: int) -> bytes:
        """The bytes of array object `number` of the file."""
        return self._written(number, b"[", b"]")

    def _written(self, number: int, begin: bytes, end: bytes) -> bytes:
        if not self._table or number >= int(self._table[1]):
            raise _unexpected("The cross-reference table is not as expected.")
        entry = self._table.end() + 20 * number
        opening = b"%d 0 obj" % number
        offset = int(self._pdf[entry : entry + 10])
        body = self._pdf[offset + len(opening) : self._pdf.find(b"endobj", offset)].strip()
        if not self._pdf.startswith(opening, offset) or not (body.startswith(begin) and body.endswith(end)):
            raise _unexpected("An object is not as expected.")
        return body

    def bytes(self) -> bytes:
        """The file with the update behind it. The second half of its identifier tells the update's content."""
        out = [self._pdf, b"" if self._pdf.endswith(b"\n") else b"\n"]
        at = len(self._pdf) + len(out[1])
        offsets: list[tuple[int, int]] = []
        changed = hashlib.sha256(self._identity)
        for number, body in sorted(self._objects.items()):
            written = b"%d 0 obj\n%s\nendobj\n" % (number, body)
            offsets.append((number, at))
            changed.update(written)
            out.append(written)
            at += len(written)
        out.append(b"xref\n0 1\n0000000000 65535 f \n")  # object 0 first, or some readers renumber the others
        for _, run in groupby(enumerate(offsets), key=lambda item: item[1][0] - item[0]):
            entries = [entry for _, entry in run]
            out.append(b"%d %d\n" % (entries[0][0], len(entries)))
            out += [b"%010d 00000 n \n" % offset for _, offset in entries]
        digest = base64.b16encode(changed.digest()[:16])
        out.append(
            b"trailer\n<</Size %d/Root %d 0 R%s/Prev %d/ID[%s<%s>]>>\nstartxref\n%d\n%%%%EOF\n"
            % (self._next, self.root, self._info, self._xref, self._identity, digest, at)
        )
        return b"".join(out)


def text_string(text: str) -> bytes:
    """A text string in UTF-16 as hexadecimal digits (ISO 32000-1, 7.9.2.2): nothing in it can act as syntax."""
    return b"<FEFF%s>" % base64.b16encode(text.encode("utf-16-be"))


def _unexpected(why: str) -> EvidenceError:
    return EvidenceError("The page numbers could not be put on the PDF.", why=why)
