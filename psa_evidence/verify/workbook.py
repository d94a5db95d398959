"""The workbook beside the CSV tables, as far as its sheets go (ECMA-376-1, SpreadsheetML): bounded."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO, Final

from psa_evidence.verify.container import BLOCK, BOMB_FLOOR, MAX_RATIO, Unreadable
from psa_evidence.verify.worksheet import Sheet, fed, parser

MAX_MEMBERS: Final = 10_000
MAX_UNPACKED: Final = 16 << 30
"""Bytes: a million rows of a kilobyte in each of sixteen sheets."""
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"


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
        links: dict[str, str] = {}
        self.sheets: dict[str, str] = {}
        for name, attributes in self._elements(_LINKS):
            if name.endswith("Relationship"):
                links[attributes.get("Id", "")] = attributes.get("Target", "")
        for name, attributes in self._elements(_BOOK):
            if name.endswith(":sheet"):
                member = links.get(next((v for k, v in attributes.items() if k.endswith(":id")), ""), "")
                title = attributes.get("name", "")
                if not member or title in self.sheets:
                    raise Unreadable("a workbook with a sheet that is not there, or stands twice")
                self.sheets[title] = f"xl/{member}" if not member.startswith("/") else member[1:]

    def sheet(self, name: str) -> Sheet:
        """The rows of one of `sheets`."""
        return Sheet(self._blocks(self.sheets[name]))

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
