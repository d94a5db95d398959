"""Strings and streams of a PDF taken from its bytes, in a pass that knows no more of PDF than how they are spelt.

Going from object to object with pypdf takes five times as long. This way holds for files as our exporters write
them, whose objects stand in the file one by one (ISO 32000-1, 7.3); of any other file it says that it cannot tell.
What an incremental update replaced is found as well: it can still be got out of the file.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Final

from pypdf.generic import create_string_object

_ELSEWHERE: Final = re.compile(rb"/(?:ObjStm|Encrypt|DecodeParms|Crypt)\b")
"""Objects within streams, or streams that are not unpacked by their filter alone."""
_HEADER: Final = re.compile(rb"%PDF-[0-9.]+\s+(?:%[^\r\n]*\s+)?")
_NESTED: Final = 8
"""Brackets in brackets within a string."""


def _string(depth: int) -> bytes:
    inner = rb"[^()\\]++|\\." + (b"|" + _string(depth - 1) if depth else b"")
    return rb"\((?:" + inner + rb")*+\)"


_TOKEN: Final = re.compile(
    rb"(?P<string>" + _string(_NESTED) + rb")"
    rb"|(?P<hex><[0-9A-Fa-f\s]*+>)"
    rb"|(?P<name>/[^\s()<>\[\]{}/%#]*+#[^\s()<>\[\]{}/%]*+)"
    rb"|(?P<stream>(?<=>>)\s*+stream(?:\r\n|\n))"
    rb"|(?P<object>\bobj\b)"
    rb"|(?P<comment>%[^\r\n]*+)"
    rb"|(?P<odd>[()])",
    re.DOTALL,
)
_QUOTED: Final = re.compile(_string(_NESTED), re.DOTALL)
_LENGTH: Final = re.compile(rb"/Length\s+([0-9]{1,12})(?!\s+[0-9]+\s+R)(?![0-9])")
_FILTERED: Final = re.compile(rb"/Filter\b")
_PACKED: Final = re.compile(rb"/Filter\s*(?:/FlateDecode\s*(?=/|>>)|\[\s*/FlateDecode\s*\])")
_UNREAD: Final = re.compile(rb"/Subtype\s*/Image\b|/Length1\b")
"""Pictures and the outlines of letters."""
_ESCAPE: Final = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|[\r\n])|(.))", re.DOTALL)
_LINE_END: Final = re.compile(rb"\r\n?")
_PLAIN: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NAME_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")


class NotTold(Exception):  # noqa: N818 - no error: another way is taken
    """The bytes are spelt in a way that this module does not read."""


def texts_and_streams(data: bytes) -> Iterator[str | bytes]:
    """Each string as text, each stream unpacked, and the names that are not spelt as they read: others stand in the
    bytes, and so do comments. Raises NotTold, at any place, of a file that must be read in another way."""
    header = _HEADER.match(data)
    if header is None or _ELSEWHERE.search(data):
        raise NotTold
    at = begin = header.end()
    while (token := _TOKEN.search(data, at)) is not None:
        at = token.end()
        match token.lastgroup:
            case "string":
                yield _decoded(_literal(token["string"][1:-1]))
            case "hex":
                digits = b"".join(token["hex"][1:-1].split())
                yield _decoded(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii")))
            case "name":
                yield _name(token["name"])
            case "stream":
                found, at = _stream(data, _QUOTED.sub(b"()", data[begin : token.start()]), at)
                if found is not None:
                    yield found
            case "object":
                begin = at
            case "odd":
                raise NotTold
            case _:
                continue


def _stream(data: bytes, head: bytes, at: int) -> tuple[bytes | None, int]:
    """The stream that begins at `at` and where it ends; `head` is its dictionary, without its strings. None for one
    that holds no text."""
    length = _LENGTH.search(head)
    if length is None:
        raise NotTold
    after = at + int(length[1])
    if data[after : after + 11].lstrip(b"\r\n")[:9] != b"endstream":
        raise NotTold
    if _UNREAD.search(head):
        return None, after
    if not _FILTERED.search(head):
        return data[at:after], after
    if not _PACKED.search(head):
        raise NotTold
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(data[at:after])
    except zlib.error as error:
        raise NotTold from error
    if not unpacking.eof or unpacking.unused_data.strip():
        raise NotTold
    return found, after


def _literal(raw: bytes) -> bytes:
    """ISO 32000-1, 7.3.4.2."""
    raw = _LINE_END.sub(b"\n", raw) if b"\r" in raw else raw
    return _ESCAPE.sub(_unescaped, raw) if b"\\" in raw else raw


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return bytes((int(found[1], 8) & 0xFF,))
    return b"" if found[2] is not None else _PLAIN.get(found[3], found[3])


def _decoded(raw: bytes) -> str:
    text = create_string_object(raw)
    return text if isinstance(text, str) else f"{raw.decode('latin-1')}\n{raw.decode('utf-16', 'replace')}"


def _name(raw: bytes) -> str:
    """ISO 32000-1, 7.3.5."""
    return _NAME_ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), raw).decode("utf-8", "replace")
