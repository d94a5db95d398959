"""What a ZIP file says of its directory, read from its end before anybody loads it into memory."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MAX_DIRECTORY: Final = 512 << 20
"""Bytes. Two million entries with long names."""

_END: Final = b"PK\x05\x06"
_END_BYTES: Final = 22
_LOCATOR: Final = b"PK\x06\x07"
_LOCATOR_BYTES: Final = 20
_MAX_COMMENT: Final = 65535


def directory_of(path: Path) -> tuple[int, int, int]:
    """Bytes of the central directory (APPNOTE 4.3.14 and 4.3.16), where it begins, and how many members the end record
    states, which is 65,535 when another record does. Raises ValueError when there is no end record, or the file is a
    part of several."""
    with path.open("rb") as file:
        length = file.seek(0, 2)
        start = max(0, length - _END_BYTES - _MAX_COMMENT - _LOCATOR_BYTES)
        file.seek(start)
        tail = file.read()
        end = tail.rfind(_END)
        if end < 0 or len(tail) - end < _END_BYTES:
            raise ValueError("no ZIP directory at the end of the file")
        if (
            tail[end + 4 : end + 8] not in {bytes(4), b"\xff" * 4}
            or tail[end + 8 : end + 10] != tail[end + 10 : end + 12]
        ):
            raise ValueError("a part of a ZIP file in several parts")
        comment = int.from_bytes(tail[end + 20 : end + 22], "little")
        if len(tail) - end - _END_BYTES != comment:
            raise ValueError("something stands behind its end")
        members = int.from_bytes(tail[end + 10 : end + 12], "little")
        size = int.from_bytes(tail[end + 12 : end + 16], "little")
        begin = int.from_bytes(tail[end + 16 : end + 20], "little")
        locator = end - _LOCATOR_BYTES
        if locator >= 0 and tail[locator : locator + 4] == _LOCATOR:
            file.seek(min(int.from_bytes(tail[locator + 8 : locator + 16], "little"), length))
            record = file.read(56)
            size = max(size if size != 0xFFFFFFFF else 0, int.from_bytes(record[40:48], "little"))
            begin = int.from_bytes(record[48:56], "little") if begin == 0xFFFFFFFF else begin
    return size, begin, members
