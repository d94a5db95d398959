"""pypdf's reader, with a quicker way through plain tables of objects and plain pages.

A pack's PDFs are tagged, so a volume has ten thousand objects, and pypdf reads its cross-reference tables line by line,
with a case for each way in which programs write them. A table in which every line is exactly as ISO 32000-2, 7.5.4
says is read at once here, any other by pypdf. The method that is replaced is none that the library promises to keep:
where it is called otherwise one day, it is slower, and a test compares both.

To count pages pypdf reads all that each says of itself. Where all are kids of one node, those that are written plainly
are not read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import IO, Any, Final

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

_LINE: Final = 20
_DIGITS: Final = b"0123456789"
_ENDS: Final = (b" \n", b" \r", b"\r\n")
_HEAD: Final = re.compile(rb"([0-9]{1,10}) ([0-9]{1,10}) ?\r?\n")
_LONGEST: Final = 40
"""Bytes of a line between the tables."""
_TRAILER: Final = b"trailer"
_USED: Final = ord("n")
_NONE_AFTER: Final = 65_535
"""The generation of objects that are never used again."""


_NUMBER: Final = rb"(?:[0-9]{1,10} 0 R|-?[0-9]++(?:\.[0-9]++)?+)"
_PAGE: Final = re.compile(
    rb"([1-9][0-9]{0,9}) 0 obj\n<</Type/Page((?:/[A-Za-z]++(?:/[A-Za-z]++| %b|\[(?:%b ?+)*+\]))*+)>>\nendobj"
    % (_NUMBER, _NUMBER)
)
"""A page whose values are names, numbers, references and lists of these."""
_OTHERWISE: Final = (b"/Type", b"/Kids")
"""What would say that a page is something else."""
_MOST: Final = 10_000
"""Pages that are counted without pypdf, which has bounds of its own."""


class Reader(PdfReader):
    """`PdfReader`, and nothing else about it."""

    def get_num_pages(self) -> int:
        return self._plainly() or super().get_num_pages()

    def _plainly(self) -> int:
        """How many pages there are, 0 when that is to be found otherwise."""
        root, file = _told(self.root_object.get("/Pages")), self.stream
        if self.is_encrypted or not isinstance(file, io.BytesIO) or not isinstance(root, DictionaryObject):
            return 0
        kids = _told(root.get("/Kids"))
        if not isinstance(kids, ArrayObject) or root.get("/Type") != "/Pages" or len(kids) > _MOST:
            return 0
        if len({kid.idnum for kid in kids if isinstance(kid, IndirectObject)}) != len(kids):
            return 0
        with file.getbuffer() as data:
            return len(kids) if all(self._is_plain(kid, data) or _is_page(_told(kid)) for kid in kids) else 0

    def _is_plain(self, kid: IndirectObject, data: memoryview) -> bool:
        number = kid.idnum
        if kid.generation or number in self.xref_objStm or self.xref_free_entry.get(0, {}).get(number, True):
            return False
        found = _PAGE.match(data, self.xref.get(0, {}).get(number, len(data)))
        return found is not None and int(found[1]) == number and not any(name in found[2] for name in _OTHERWISE)

    def _read_standard_xref_table(self, stream: IO[Any]) -> None:
        begin = stream.tell()
        try:
            sections = list(_sections(stream))
        except ValueError:
            stream.seek(begin)
            super()._read_standard_xref_table(stream)
            return
        for first, lines in sections:
            self._take(first, lines)

    def _take(self, first: int, lines: bytes) -> None:
        """The first line is mostly that of no object; after it all objects are in use and of generation 0."""
        self._take_each(first, lines[:_LINE])
        first, lines = first + 1, lines[_LINE:]
        numbers = range(first, first + len(lines) // _LINE)
        if not numbers or not _are_used(lines):
            self._take_each(first, lines)
            return
        known = self.xref.setdefault(0, {})
        # a later table, read before, says where they are; a file may have any number of tables, however short
        some, others = (known, numbers) if len(known) < len(numbers) else (numbers, known)
        later = [number for number in some if number in others]
        places = dict(zip(numbers, map(int, lines.split()[::3]), strict=True))
        used = dict.fromkeys(numbers, False)
        for number in later:
            del places[number], used[number]
        known.update(places)
        self.xref_free_entry.setdefault(0, {}).update(used)
        if (never := self.xref_free_entry.get(_NONE_AFTER)) is not None:
            never.update(used)

    def _take_each(self, first: int, lines: bytes) -> None:
        for number, at in enumerate(range(0, len(lines), _LINE), first):
            generation, used = int(lines[at + 11 : at + 16]), lines[at + 17] == _USED
            if (known := self.xref.get(generation)) is None:
                known = self.xref[generation] = {}
                self.xref_free_entry[generation] = {}
            if number in known:  # a later table, which was read before, says where it is
                continue
            if used:
                known[number] = int(lines[at : at + 10])
            self.xref_free_entry[generation][number] = not used
            if (never := self.xref_free_entry.get(_NONE_AFTER)) is not None:
                never[number] = not used


def _told(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _is_page(value: Any) -> bool:
    return isinstance(value, DictionaryObject) and value.get("/Type") == "/Page" and "/Kids" not in value


def _sections(stream: IO[Any]) -> Iterator[tuple[int, bytes]]:
    """Number of the first object and the lines of each section, from behind the first letter of `xref` to behind
    `trailer`. Raises ValueError when something is not plain."""
    begin = stream.tell()
    size = stream.seek(0, io.SEEK_END)
    stream.seek(begin)
    first_line = stream.readline(_LONGEST)
    if first_line.rstrip() != b"ref":
        raise ValueError
    begun = False
    while True:
        here = stream.tell()
        line = stream.readline(_LONGEST)
        if begun and line.startswith(_TRAILER):
            stream.seek(here + len(_TRAILER))
            return
        head = _HEAD.fullmatch(line)
        if head is None or int(head[2]) * _LINE > size or (not begun and int(head[1]) != 0):
            raise ValueError
        lines = stream.read(int(head[2]) * _LINE)
        if len(lines) != int(head[2]) * _LINE or not _are_plain(lines):
            raise ValueError
        yield int(head[1]), lines
        begun = True


def _are_plain(lines: bytes) -> bool:
    """Whether each line is ten digits, a blank, five digits, a blank, `n` or `f`, and an end, everywhere the same."""
    number = len(lines) // _LINE
    return (
        lines[10::_LINE] == lines[16::_LINE] == b" " * number
        and not lines[17::_LINE].strip(b"nf")
        and any(lines[18::_LINE] == end[:1] * number and lines[19::_LINE] == end[1:] * number for end in _ENDS)
        and len(lines.translate(None, _DIGITS)) == 5 * number
    )


def _are_used(lines: bytes) -> bool:
    number = len(lines) // _LINE
    return lines[17::_LINE] == b"n" * number and all(lines[at::_LINE] == b"0" * number for at in range(11, 16))
