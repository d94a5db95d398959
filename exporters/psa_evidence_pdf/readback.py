"""Reads a finished PDF again, with a library that did not write it, and refuses it when it is not what was meant."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from pypdf import PageObject, PdfReader

from psa_evidence.errors import SelfTestError

_SHOWN = re.compile(rb"/PsaBold [\d.]+ Tf [\d.]+ [\d.]+ Td <([0-9A-F]+)> Tj")
_CODE = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})>")


def check(pdf: bytes, *, file: str, bates: Sequence[str], bookmarks: Sequence[str], manifest: bytes | None) -> None:
    """`bates` is the number of every page in order; to each of `bookmarks`, Bates numbers too, an entry must lead.

    Raises SelfTestError, naming the file and the page but no text of it.
    """
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    labels = reader.page_labels
    if labels != list(bates):
        _refuse(file, f"{len(bates)} pages numbered {bates[0]} to {bates[-1]} were meant, but the labels differ")
    letters: dict[int, str] = {}
    for place, page in enumerate(reader.pages):
        letters = letters or _letters(page)
        if _number_on(page, letters) != bates[place]:
            _refuse(file, f"page {place + 1} does not show its number {bates[place]}")
    places = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages) if page.indirect_reference}
    found = [places.get(entry.page.idnum) for entry in _flat(reader.outline)]
    shown = {labels[page] for page in found if page is not None}
    missing = [number for number in bookmarks if number not in shown]
    if missing:
        _refuse(file, f"no bookmark leads to {missing[0]}")
    attached = reader.attachments.get("manifest.json", [])
    if [bytes(a) for a in attached] != ([] if manifest is None else [manifest]):
        _refuse(file, "the attached manifest is not the one given")


def _number_on(page: PageObject, letters: dict[int, str]) -> str:
    """The number that the last content stream of a page prints, read through the font's own map to Unicode."""
    contents: Any = page["/Contents"]
    found = _SHOWN.findall(contents[-1].get_object().get_data())
    codes = found[0].decode() if len(found) == 1 else ""
    return "".join(letters.get(int(codes[at : at + 4], 16), "?") for at in range(0, len(codes), 4))


def _letters(page: PageObject) -> dict[int, str]:
    resources: Any = page["/Resources"]
    cmap = resources["/Font"]["/PsaBold"]["/ToUnicode"].get_data()
    return {int(code, 16): chr(int(character, 16)) for code, character in _CODE.findall(cmap)}


def _flat(outline: Sequence[Any]) -> list[Any]:
    return [item for entry in outline for item in (_flat(entry) if isinstance(entry, list) else [entry])]


def _refuse(file: str, why: str) -> None:
    raise SelfTestError(
        f"{file} was read back and is not as it should be.", why=why, next_step="This is a fault of psa-evidence."
    )
