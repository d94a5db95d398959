"""A ZIP file has one meaning: its directory lists all that it holds, and each member's own header says the same.

Programs that unpack as they read go by the headers of the members (APPNOTE 4.3.7), others by the directory (4.3.12). A
member that only one of them names, or names otherwise, is a file that one reader sees and the next does not.
"""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

HEADER_BYTES: Final = 30
"""Of a member's own header, without its name and extra fields."""
_HEADER: Final = struct.Struct("<4s2xHH4xIIIHH")
_MAGIC: Final = b"PK\x03\x04"
_DESCRIPTOR_MAGIC: Final = b"PK\x07\x08"
_ENCRYPTED: Final = 0x1
_STREAMED: Final = 0x8
"""The digest and the sizes stand behind the data, in a data descriptor (4.3.9)."""
UTF8: Final = 0x800
_ELSEWHERE: Final = 0xFFFFFFFF
"""The size is in the ZIP64 field."""
_ZIP64: Final = 0x0001
_UNICODE_PATH: Final = 0x7075

_BETWEEN: Final = "something stands before its members or between them that its directory does not list"
_OVER: Final = "its members overlap: a bomb, or a file with two meanings"
_OTHERWISE: Final = "its own header and the directory do not say the same of it: programs unpack it differently"


def members_problem(file: BinaryIO, entries: Sequence[zipfile.ZipInfo], directory: int) -> tuple[str, str] | None:
    """Member and what is wrong with the first that is not right; of an empty name when it concerns the whole file.

    `directory` is where the directory begins. Members must follow each other from the file's first byte up to it.
    """
    here = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset != here:
            return "", _OVER if entry.header_offset < here else _BETWEEN
        file.seek(here)
        head = file.read(HEADER_BYTES)
        if len(head) < HEADER_BYTES:
            return entry.filename, _OTHERWISE
        magic, flags, method, crc, packed, size, name_bytes, extra_bytes = _HEADER.unpack(head)
        name, extra = file.read(name_bytes), file.read(extra_bytes)
        packed, size = _sizes(packed, size, extra)
        streamed = bool(entry.flag_bits & _STREAMED)
        wanted = (entry.CRC, entry.compress_size, entry.file_size)
        if (
            magic != _MAGIC
            or method != entry.compress_type
            or (flags ^ entry.flag_bits) & (_ENCRYPTED | _STREAMED | UTF8)
            or name != entry.orig_filename.encode("utf-8" if flags & UTF8 else "cp437", "replace")
            or ((crc, packed, size) != wanted and not (streamed and _in(crc, packed, size, wanted)))
            or any(sum(number == each for number, _ in fields(entry.extra)) > 1 for each in (_ZIP64, _UNICODE_PATH))
        ):
            return entry.filename, _OTHERWISE
        here += HEADER_BYTES + name_bytes + extra_bytes + entry.compress_size
        if streamed:
            file.seek(here)
            here += _descriptor(file.read(24), wanted)
    return None if here == directory else ("", _BETWEEN if here < directory else _OVER)


def fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The extra fields of a member (4.5): number and content."""
    at = 0
    while at + 4 <= len(extra):
        number, length = struct.unpack_from("<HH", extra, at)
        yield number, extra[at + 4 : at + 4 + length]
        at += 4 + length


def names_again(extra: bytes) -> bool:
    """Whether a member's extra fields hold a second name (Unicode path, 0x7075)."""
    return any(number == _UNICODE_PATH for number, _ in fields(extra))


def _sizes(packed: int, size: int, extra: bytes) -> tuple[int, int]:
    """Packed and whole, from the ZIP64 field where the header refers to it (4.5.3)."""
    if _ELSEWHERE in {packed, size}:
        for number, content in fields(extra):
            if number == _ZIP64 and len(content) >= 16:
                whole, less = struct.unpack_from("<QQ", content)
                return (less if packed == _ELSEWHERE else packed), (whole if size == _ELSEWHERE else size)
    return packed, size


def _in(crc: int, packed: int, size: int, wanted: tuple[int, int, int]) -> bool:
    """Whether a header that leaves its figures to the descriptor says nothing else than that."""
    return all(found in {0, _ELSEWHERE, right} for found, right in zip((crc, packed, size), wanted, strict=True))


def _descriptor(data: bytes, wanted: tuple[int, int, int]) -> int:
    """Length of the data descriptor that `data` begins with, 0 when it does not."""
    for magic in (_DESCRIPTOR_MAGIC, b""):
        for form in ("<III", "<IQQ"):
            if form == "<III" and max(wanted) > _ELSEWHERE:
                continue
            right = magic + struct.pack(form, *wanted)
            if data.startswith(right):
                return len(right)
    return 0
