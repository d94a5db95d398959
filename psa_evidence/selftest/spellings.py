"""The same text written in other ways: with the escapes of XML, HTML, URLs, mail and RTF undone, base64 unpacked."""

from __future__ import annotations

import binascii
import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CELL: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A character that XML cannot hold, in a workbook (ISO/IEC 29500-1, 22.9.2.19)."""
_PERCENT: Final = re.compile(r"%[0-9A-Fa-f]{2}")
_QUOTED_PRINTABLE: Final = re.compile(r"=(?:[0-9A-F]{2}|\r?\n)")
_RTF: Final = re.compile(r"\\'([0-9a-fA-F]{2})|\\u(-?[0-9]{1,5}) ?\??|\\[a-z]+-?[0-9]* ?|[{}]")

_RUNS: Final = (
    re.compile(r"[A-Za-z0-9+/]{24,}+(?:\r?\n[A-Za-z0-9+/]+)*+"),
    re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9_-]{24,}+"),
)
"""Base64 as mail breaks it into lines, and as URLs have it (RFC 4648, 4 and 5)."""
_URL_SAFE: Final = str.maketrans("-_", "+/")
_HEX: Final = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_HEAD: Final = 256
"""Bytes by which a text is told from what only looks like base64."""
_FILES: Final = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b")


def unescaped(text: str) -> str:
    """A text of XML or HTML with its entities, and the escapes of workbooks, as the characters that they stand for."""
    text = html.unescape(text) if _ENTITY.search(text) else text
    return _CELL.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def spellings(text: str) -> Iterator[str]:
    """What a text says where it is escaped as HTML, a URL, a mail or RTF has it. None for a text without escapes."""
    if (plain := unescaped(text)) != text:
        yield plain
    if _PERCENT.search(text):
        yield unquote(text)
    if _QUOTED_PRINTABLE.search(text):
        yield decoded(binascii.a2b_qp(text.encode("utf-8", "replace")))
    if text.startswith("{\\rtf"):
        yield _RTF.sub(_rtf, text)


def base64_in(text: str) -> Iterator[bytes]:
    """What stands in a text as base64 and is itself a text or a file that can be opened. Of runs shorter than 24 signs
    nothing is said."""
    for runs in _RUNS:
        for run in runs.finditer(text):
            signs = "".join(run[0].split()).translate(_URL_SAFE)
            if _HEX.fullmatch(signs):
                continue  # a digest
            unpacked = binascii.a2b_base64(signs[: len(signs) - len(signs) % 4] + _padded(signs))
            if unpacked.startswith(_FILES) or _is_text(unpacked[:_HEAD]):
                yield unpacked


def decoded(data: bytes) -> str:
    """UTF-8, or the Western code page of Windows where it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _padded(signs: str) -> str:
    rest = signs[len(signs) - len(signs) % 4 :]
    return rest.ljust(4, "=") if len(rest) > 1 else ""


def _is_text(data: bytes) -> bool:
    """Nine of ten bytes stand for what can be printed, in UTF-8 or, as scripts of Windows have it, UTF-16."""
    for encoding in ("utf-8", "utf-16-le"):
        text = data.decode(encoding, "ignore")
        said = "".join(character for character in text if character.isprintable() or character.isspace())
        if len(said.encode(encoding)) * 10 >= len(data) * 9:
            return True
    return False


def _rtf(found: re.Match[str]) -> str:
    if found[1] is not None:
        return bytes((int(found[1], 16),)).decode("cp1252", "replace")
    return chr(int(found[2]) & 0xFFFF) if found[2] is not None else ""
