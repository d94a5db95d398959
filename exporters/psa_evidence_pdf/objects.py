"""Streams of a laid-out file exchanged for others, before anything is put behind it: it is written anew around them.

So nothing of what they said before remains in it. Only files with one classic cross-reference table are taken
(ISO 32000-1, 7.5.4), which is what the typesetter writes.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect_right
from collections.abc import Mapping
from itertools import accumulate

from psa_evidence.errors import EvidenceError

_START = re.compile(rb"startxref\s*(\d+)\s*%%EOF\s*\Z")
_TABLE = re.compile(rb"xref\s+0 (\d+)\s*\n")
_STREAM = re.compile(rb"(\d+) 0 obj\s*<<([^<>]*)>>\s*stream\r?\n")
_LENGTH = re.compile(rb"/Length (\d+)(?! \d+ R)")
_PLAIN = re.compile(rb"/Length \d+\s*/Filter\s*/FlateDecode")
_END = re.compile(rb"\s*endstream\s*endobj\s*")
_ROW = 20
_TAIL = 64


class Streams:
    """The streams of one file. Raises EvidenceError where it is not written as expected."""

    def __init__(self, pdf: bytes) -> None:
        start = _START.search(pdf, max(0, len(pdf) - _TAIL))
        self._table = int(start[1]) if start else 0
        head = _TABLE.match(pdf, self._table) if start else None
        if head is None:
            raise _unexpected()
        self._pdf = pdf
        self._rows = head.end()
        self._count = int(head[1])

    def inflated(self, number: int) -> bytes:
        """What stream object `number` holds."""
        _, data, length, _ = self._found(number)
        return zlib.decompress(self._pdf[data : data + length])

    def replaced(self, contents: Mapping[int, bytes]) -> bytes:
        """The file with `contents` in its stream objects, by number, and otherwise as it was."""
        pdf, out = self._pdf, []
        done = 0
        ends: list[int] = []
        growth: list[int] = []
        for begin, data, _, end, number in sorted((*self._found(number), number) for number in contents):
            if not _PLAIN.search(pdf, begin, data):
                raise _unexpected()
            packed = zlib.compress(contents[number])
            body = b"%d 0 obj\n<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream\nendobj\n" % (
                number, len(packed), packed,
            )  # fmt: skip
            out += [pdf[done:begin], body]
            done = end
            ends.append(end)
            growth.append(len(body) - (end - begin))
        shifts = [0, *accumulate(growth)]
        out.append(pdf[done : self._rows])
        rows_end = self._rows + _ROW * self._count
        for at in range(self._rows, rows_end, _ROW):
            row = pdf[at : at + _ROW]
            place = int(row[:10])
            by = shifts[bisect_right(ends, place)] if row[17:18] == b"n" else 0
            out.append(b"%010d" % (place + by) + row[10:] if by else row)
        out.append(_START.sub(b"startxref\n%d\n%%%%EOF" % (self._table + shifts[-1]), pdf[rows_end:]))
        return b"".join(out)

    def _found(self, number: int) -> tuple[int, int, int, int]:
        """Of a stream object: where it begins, where its data do, how many bytes they are, where the next begins."""
        row = self._rows + _ROW * number
        if not 0 <= number < self._count:
            raise _unexpected()
        begin = int(self._pdf[row : row + 10])
        head = _STREAM.match(self._pdf, begin)
        length = _LENGTH.search(head[2]) if head else None
        if not head or int(head[1]) != number or not length or b"/FlateDecode" not in head[2]:
            raise _unexpected()
        end = _END.match(self._pdf, head.end() + int(length[1]))
        if not end:
            raise _unexpected()
        return begin, head.end(), int(length[1]), end.end()


def _unexpected() -> EvidenceError:
    return EvidenceError("The numbers could not be put into the PDF.", why="A page is not written as expected.")
