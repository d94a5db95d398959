"""The workbook beside the CSV tables, as far as its sheets go (ECMA-376-1 and -2, SpreadsheetML): bounded.

Its parts are those of a plain workbook and no others, and lead to each other in one way: what is compared is what any
spreadsheet opens.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO, Final

from psa_evidence.verify.container import BLOCK, BOMB_FLOOR, MAX_RATIO, Unreadable
from psa_evidence.verify.names import shown
from psa_evidence.verify.worksheet import Sheet, fed, local_name, parser

MAX_MEMBERS: Final = 10_000
MAX_UNPACKED: Final = 16 << 30
"""Bytes: a million rows of a kilobyte in each of sixteen sheets."""
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_ROOT_LINKS: Final = "_rels/.rels"
_SHEET: Final = re.compile(r"xl/worksheets/sheet[1-9][0-9]{0,4}\.xml", re.ASCII)
_PART: Final = re.compile(
    rf"\[Content_Types\]\.xml|_rels/\.rels|docProps/(app|core|custom)\.xml|xl/_rels/workbook\.xml\.rels|xl/workbook\.xml"
    rf"|xl/(styles|sharedStrings)\.xml|xl/theme/theme[1-9]\.xml|{_SHEET.pattern}", re.ASCII,
)  # fmt: skip
"""Neither drawings, which lie over cells, nor macros, nor links to other files, nor sheets of another sort."""
_RELATIONSHIP: Final = "http://schemas.openxmlformats.org/package/2006/relationships:Relationship"
_TYPES: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
"""Of links, as all programs write them, and in the strict form; also the namespaces of their ids."""


class Workbook:
    """`sheets` maps names to members of the file, in their order. Raises Unreadable."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise Unreadable("not a workbook (XLSX)") from error
        entries = self._zip.infolist()
        total, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
        bomb = total > BOMB_FLOOR and total > MAX_RATIO * max(packed, 1)
        if len(entries) > MAX_MEMBERS or total > MAX_UNPACKED or bomb:
            raise Unreadable("a workbook that unpacks to more than is read")
        if len({entry.filename for entry in entries}) != len(entries):
            raise Unreadable("a workbook with a part that stands twice")
        if others := [entry.filename for entry in entries if not _PART.fullmatch(entry.filename)]:
            raise Unreadable(f"a workbook with a part that a plain one does not have: {shown(min(others))}")
        if list(self._targets(_ROOT_LINKS, "officeDocument").values()) != [_BOOK]:
            raise Unreadable("a workbook that is said to be another part of the file")
        self.sheets: dict[str, str] = self._sheets(self._targets(_LINKS, "worksheet"))
        if {e.filename for e in entries if _SHEET.fullmatch(e.filename)} != set(self.sheets.values()):
            raise Unreadable("a workbook with a sheet that is not there, or that is not among its sheets")

    def sheet(self, name: str) -> Sheet:
        """The rows of one of `sheets`."""
        return Sheet(self._blocks(self.sheets[name]))

    def _targets(self, member: str, kind: str) -> dict[str, str]:
        """Ids of the links of a kind, and the parts to which they lead. Raises Unreadable."""
        found: dict[str, str] = {}
        seen: set[str] = set()
        for name, attributes in self._elements(member):
            if name != _RELATIONSHIP:
                continue
            number, target = attributes.get("Id", ""), attributes.get("Target", "")
            if number in seen or "TargetMode" in attributes:
                raise Unreadable("a workbook with a link that stands twice, or leads out of it")
            seen.add(number)
            if attributes.get("Type") in {f"{each}/{kind}" for each in _TYPES}:
                folder = member.partition("_rels/")[0]
                found[number] = target[1:] if target.startswith("/") else f"{folder}{target}"
        return found

    def _sheets(self, links: dict[str, str]) -> dict[str, str]:
        """Names of sheets and their parts. Raises Unreadable."""
        found: dict[str, str] = {}
        for full, attributes in self._elements(_BOOK):
            name = local_name(full)
            if name == "workbookPr" and attributes.get("date1904", "0") not in {"0", "false"}:
                raise Unreadable("a workbook that counts its days from another one than 1899-12-30")
            if name != "sheet":
                continue
            title = attributes.get("name", "")
            parts = {links.get(value, "") for key, value in attributes.items() if key in {f"{t}:id" for t in _TYPES}}
            if title in found or len(parts) != 1 or "" in parts or parts & set(found.values()):
                raise Unreadable("a workbook with a sheet that is not there, or stands twice")
            if attributes.get("state", "visible") != "visible":
                raise Unreadable("a workbook with a sheet that is hidden")
            found[title] = parts.pop()
        return found

    def _elements(self, member: str) -> list[tuple[str, dict[str, str]]]:
        found: list[tuple[str, dict[str, str]]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if len(found) > MAX_MEMBERS:
                raise Unreadable("a workbook with too many parts")
            found.append((name, attributes))

        reader = parser()
        reader.StartElementHandler = start
        for block in self._blocks(member):
            fed(reader, block, last=False)
        fed(reader, b"", last=True)
        return found

    def _blocks(self, member: str) -> Iterator[bytes]:
        try:
            with self._zip.open(member) as file:
                while block := file.read(BLOCK):
                    yield block
        except KeyError as error:
            raise Unreadable("a workbook of which a part is missing") from error
        except Exception as error:  # a damaged member raises what its decompressor likes
            raise Unreadable("a workbook that is damaged") from error
