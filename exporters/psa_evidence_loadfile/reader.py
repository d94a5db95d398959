"""Reads load files strictly, and holds a volume against itself: numbers, families, links, digests, pages.

Used on every volume after it is written, and on volumes of others in tests. It shares no code with the writers.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final


class LoadFileError(ValueError):
    """The file is not what its format says; the message names the line and no text of it."""


_STRAY: Final = re.compile("[\xfe\r\n]")


@dataclass(frozen=True, slots=True)
class OptLine:
    key: str
    volume: str
    path: str
    breaks: bool
    pages: int


def read_dat(data: bytes) -> list[dict[str, str]]:
    """Rows by column name; a registered sign is given as a line feed. An empty field may stand without thorns.

    Raises LoadFileError: what `read_lines` refuses, and a column named twice.
    """
    head, *rows = read_lines(data)
    if len(set(head)) != len(head):
        raise LoadFileError("a column is named twice")
    return [dict(zip(head, (v.replace("\xae", "\n") for v in values), strict=True)) for values in rows]


def read_lines(data: bytes, *, tolerant: bool = False) -> list[list[str]]:
    """The fields of every line, the heading first where there is one.

    Raises LoadFileError: not UTF-8 with a byte order mark, a line that does not end in CRLF or has another number of
    fields than the first, a field that is not within thorns, a thorn within one. `tolerant`, for files of others: a
    field without thorns and a last line without CRLF are taken.
    """
    if not data.startswith(b"\xef\xbb\xbf"):
        raise LoadFileError("no byte order mark of UTF-8")
    try:
        text = data[3:].decode("utf-8")
    except UnicodeDecodeError as error:
        raise LoadFileError("not UTF-8") from error
    if not text.endswith("\r\n") and not tolerant:
        raise LoadFileError("the last line does not end in CRLF")
    found: list[list[str]] = []
    for number, line in enumerate(text.removesuffix("\r\n").split("\r\n"), 1):
        values = _fields(line, number, tolerant=tolerant)
        if found and len(values) != len(found[0]):
            raise LoadFileError(f"line {number}: {len(values)} fields in {len(found[0])} columns")
        found.append(values)
    return found


def read_opt(data: bytes) -> list[OptLine]:
    """Raises LoadFileError: not ASCII, a line that has not seven fields or does not end in CRLF, a strange value."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise LoadFileError("not ASCII") from error
    if text and not text.endswith("\r\n"):
        raise LoadFileError("the last line does not end in CRLF")
    found = []
    for number, line in enumerate(text.split("\r\n")[:-1], 1):
        values = line.split(",")
        if len(values) != 7 or values[3] not in {"Y", ""} or "\n" in line:
            raise LoadFileError(f"line {number}: not an Opticon line")
        if (values[6] != "") != (values[3] == "Y") or not (values[6] or "1").isdigit():
            raise LoadFileError(f"line {number}: a page count stands on the first line of a document, and only there")
        found.append(OptLine(values[0], values[1], values[2], values[3] == "Y", int(values[6] or 0)))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a volume holds. `problems` is empty when all of it agrees."""

    documents: int
    attached: int
    pages: int
    images: int
    problems: tuple[str, ...]


def check(rows: list[dict[str, str]], images: list[OptLine] | None, above: Path, prefix: str) -> Checked:
    """Hold a volume in the standard profile against itself. `above` is the folder that the paths begin at.

    Bates ranges must follow each other without overlap; a gap is what exhibits left whose pages changed since an
    earlier build, and whose numbers are not used again. Every link must lead to a file; every SHA-256 must be that of
    its native; the members of a family must state one range; each document must have one image line with as many
    pages as its range. `images` None: the volume has none.
    """
    problems: list[str] = []
    documents = [r for r in rows if not r["PARENTBATES"]]
    numbers = {r["BEGBATES"] for r in rows}
    if len(numbers) != len(rows):
        problems.append("a number stands twice")
    children: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        children.setdefault(row["PARENTBATES"], []).append(row)
    next_page: int | None = None
    pages = 0
    for row in documents:
        first, last = (int(row[c].removeprefix(prefix)) for c in ("BEGBATES", "ENDBATES"))
        if (next_page is not None and first < next_page) or last < first:
            problems.append(f"{row['BEGBATES']}: its range does not follow the one before")
        if row["PAGECOUNT"] != str(last - first + 1):
            problems.append(f"{row['BEGBATES']}: its page count is not its range")
        next_page, pages = last + 1, pages + last - first + 1
        problems += _family(row, children.get(row["BEGBATES"], []))
    problems += [f"{r['BEGBATES']}: its parent is not here" for r in rows if r["PARENTBATES"] not in numbers | {""}]
    for row in rows:
        problems += _links(row, above)
    if images is not None:
        stated = {line.key: line.pages for line in images if line.breaks}
        wanted = {row["BEGBATES"]: int(row["PAGECOUNT"]) for row in documents}
        if stated != wanted:
            problems.append("the image load file does not list the documents with their pages")
        if [line.path for line in images if line.breaks] != [row["PDFLINK"] for row in documents]:
            problems.append("the image load file names other files than the load file")
    return Checked(
        documents=len(documents), attached=len(rows) - len(documents), pages=pages, images=len(images or ()),
        problems=tuple(problems),
    )  # fmt: skip


def _fields(line: str, number: int, *, tolerant: bool) -> list[str]:
    found = []
    for piece in line.split("\x14"):
        bare = piece[:1] != "\xfe"
        inner = piece if bare else piece[1:-1]
        whole = piece == "" or tolerant if bare else len(piece) > 1 and piece.endswith("\xfe")
        if not whole or _STRAY.search(inner):
            raise LoadFileError(f"line {number}: a field is not within thorns")
        found.append(inner)
    return found


def _family(parent: dict[str, str], children: list[dict[str, str]]) -> list[str]:
    name = parent["BEGBATES"]
    if parent["ATTACHCOUNT"] != str(len(children)):
        return [f"{name}: another number of attached files than it states"]
    wanted = (name, children[-1]["ENDBATES"]) if children else ("", "")
    wrong = any((r["BEGATTACH"], r["ENDATTACH"]) != wanted for r in (parent, *children))
    return [f"{name}: its family does not state one range"] if wrong else []


def _links(row: dict[str, str], above: Path) -> list[str]:
    found = []
    for column in ("NATIVELINK", "TEXTLINK", "PDFLINK"):
        link = row[column]
        if not link:
            continue
        pieces = link.split("\\")
        path = above.joinpath(*pieces)
        if pieces[0] != "." or ".." in pieces or not path.is_file():
            found.append(f"{row['BEGBATES']}: {column} leads nowhere")
        elif column == "NATIVELINK" and hashlib.sha256(path.read_bytes()).hexdigest() != row["SHA256HASH"]:
            found.append(f"{row['BEGBATES']}: the native does not have its digest")
    return found
