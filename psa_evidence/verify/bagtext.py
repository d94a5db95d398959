"""The text files of a bag (RFC 8493, section 2), read strictly. Text in, values out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

VERSIONS: Final = ((0, 93), (0, 94), (0, 95), (0, 96), (0, 97), (1, 0))
ENCODINGS: Final = ("UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII", "ISO-8859-1")
"""Others would let a bag choose among all that Python can decode, which is more than text."""

_DECLARATION: Final = re.compile(
    r"BagIt-Version(?P<space>[ \t]*): *(?P<major>\d{1,3})\.(?P<minor>\d{1,3})(?P<trail>[ \t]*)(\r\n|\n|\r)"
    r"Tag-File-Character-Encoding[ \t]*: *(?P<encoding>[A-Za-z0-9._-]{1,40})[ \t]*(\r\n|\n|\r)*"
)
_ENTRY: Final = re.compile(r"(?P<digest>[0-9A-Fa-f]+)[ \t]+\*?(?P<path>.+)")
_PLAIN_ENTRY: Final = re.compile(r"([0-9a-f]{64}) {2}([!-$&-)+-~][ -$&-~]*+)\n")
"""A line as nearly all programs write it: SHA-256, two blanks, a path in ASCII without `%` and without `*` in front."""
_PACK_ENTRY: Final = re.compile(r"([0-9a-f]{64}) {2}([^\n\r%]+)\n")
"""A line of a manifest of a pack: nothing in it means another thing to `sha256sum --check` than to a reader of bags."""
_BESIDE_PATH: Final = 64 + 2 + 1
"""Characters of such a line without its path."""
_TAG: Final = re.compile(r"(?P<label>[^\s:][^:]*?)[ \t]*:(?P<value>.*)")
PACK_LINE: Final = "SHA-256 in small letters, two blanks, a path without %, and LF alone at the end"
_OXUM: Final = re.compile(r"(\d{1,18})\.(\d{1,18})")


class BagTextError(ValueError):
    """A text file of the bag is not what RFC 8493 says."""


@dataclass(frozen=True, slots=True)
class Declaration:
    version: tuple[int, int]
    encoding: str


class Entry(NamedTuple):
    """A line of a manifest: digest in lower case, path as written but for the encoding of line ends."""

    digest: str
    path: str


def declaration(data: bytes) -> Declaration:
    """`bagit.txt`. From version 1.0 on no blanks are allowed beside what is written (RFC 8493, 2.1.1)."""
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise BagTextError("begins with a byte-order mark")
    match = _DECLARATION.fullmatch(_decode(data, "UTF-8"))
    if not match:
        raise BagTextError("not the two lines BagIt-Version and Tag-File-Character-Encoding")
    version = int(match["major"]), int(match["minor"])
    if version not in VERSIONS:
        raise BagTextError(f"version {version[0]}.{version[1]} is not known to this verifier")
    if version >= (1, 0) and (match["space"] or match["trail"]):
        raise BagTextError("blanks around the version")
    encoding = match["encoding"].upper()
    if encoding not in ENCODINGS:
        raise BagTextError("an encoding that this verifier does not read")
    return Declaration(version, encoding)


def manifest(data: bytes, declared: Declaration) -> list[Entry]:
    """A manifest or tag manifest, in its order, duplicates and all."""
    text = _decode(data, declared.encoding)
    plain = [Entry(digest, path) for digest, path in _PLAIN_ENTRY.findall(text)]
    if sum(len(entry.path) + _BESIDE_PATH for entry in plain) == len(text):  # nothing stands between the lines found
        return plain
    entries = []
    for number, line in _lines(text):
        match = _ENTRY.fullmatch(line)
        if not match:
            raise BagTextError(f"line {number} is not a digest and a path")
        entries.append(Entry(match["digest"].lower(), _unescaped(match["path"], declared.version)))
    return entries


def pack_manifest(data: bytes) -> list[Entry]:
    """A manifest of a pack, which is written in one way only. In its order, duplicates and all."""
    text = _decode(data, "UTF-8")
    entries = [Entry(digest, path) for digest, path in _PACK_ENTRY.findall(text)]
    if sum(len(entry.path) + _BESIDE_PATH for entry in entries) != len(text):
        lines = enumerate(io.StringIO(text, newline="\n"), 1)
        number = next(number for number, line in lines if not _PACK_ENTRY.fullmatch(line))
        raise BagTextError(f"line {number} is not written as sha256sum writes it: {PACK_LINE}")
    return entries


def tags(data: bytes, encoding: str) -> list[tuple[str, str]]:
    """`bag-info.txt`: labels in lower case with their values; folded lines are joined."""
    result: list[tuple[str, str]] = []
    for number, line in _lines(_decode(data, encoding)):
        if line[0] in " \t" and result:
            label, value = result[-1]
            result[-1] = (label, f"{value} {line.strip()}")
        elif match := _TAG.fullmatch(line):
            result.append((match["label"].lower(), match["value"].strip()))
        else:
            raise BagTextError(f"line {number} is not a label and a value")
    return result


def oxum(value: str) -> tuple[int, int]:
    """Payload-Oxum: bytes and files of the payload."""
    match = _OXUM.fullmatch(value)
    if not match:
        raise BagTextError("Payload-Oxum is not two numbers with a point between")
    return int(match[1]), int(match[2])


def fetch_paths(data: bytes, encoding: str) -> list[str]:
    """The paths that `fetch.txt` promises to fill. Nothing is ever fetched."""
    paths = []
    for number, line in _lines(_decode(data, encoding)):
        parts = line.split(None, 2)
        if len(parts) != 3:
            raise BagTextError(f"line {number} is not an address, a length and a path")
        paths.append(parts[2])
    return paths


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines end with LF, CR or CRLF and nothing else (str.splitlines knows seven more)."""
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if line.strip(" \t"):
            yield number, line


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise BagTextError(f"not {encoding} text") from error


def _unescaped(path: str, version: tuple[int, int]) -> str:
    """Line ends in names are written %0A and %0D, from version 1.0 on also % as %25 (RFC 8493, 2.1.3)."""
    if "%" not in path:
        return path
    pattern = r"%(0A|0D|25)" if version >= (1, 0) else r"%(0A|0D)"
    return re.sub(pattern, lambda match: chr(int(match[1], 16)), path, flags=re.IGNORECASE)
