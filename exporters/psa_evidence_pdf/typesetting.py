"""Runs the typesetter on one document: bundled template and fonts, texts as data, a fixed clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from psa_evidence.errors import EvidenceError
from psa_evidence_pdf.coverage import FONT_FOLDER

_TEMPLATE_FOLDER = Path(__file__).parent / "template"
_STANDARDS: list[Any] = ["a-3a", "ua-1"]
_COMPILATIONS_REMEMBERED = 12


@dataclass(frozen=True, slots=True)
class Positions:
    """How many pages a document has, and on which of them (counted from 1) each part and exhibit begins."""

    pages: int
    places: dict[str, int]


@dataclass(frozen=True, slots=True)
class Job:
    """One document ready to be typeset: `document` as bytes, `created` in seconds since 1970, UTC."""

    document: bytes
    created: int

    def typeset(self, numbers: Mapping[str, Any]) -> bytes:
        """The PDF (PDF/A-3a, PDF/UA-1). The same job and numbers give the same bytes."""
        told = {"document": self.document.decode(), "numbers": json.dumps(numbers, sort_keys=True)}
        try:
            made, warnings = typst.compile_with_warnings(
                _template(), sys_inputs=told, format="pdf", pdf_standards=_STANDARDS, timestamp=self.created, **_world()
            )
        except RuntimeError as error:
            raise _refused(error) from error
        for warning in warnings:
            raise EvidenceError("The typesetter is not sure of a page.", why=warning.message)
        return bytes(made)


def needed(labels: Iterable[str]) -> str:
    """The characters that Bates numbers with these `labels`, or prefixes of them, and the count of pages are printed
    in."""
    return "".join(sorted({*"0123456789 Pageof", *(character for label in labels for character in label)}))


def small_print(characters: str) -> bytes:
    """A PDF whose page shows `characters` in the regular and the bold cut of the first family, and nothing else."""
    source = (
        '#set text(font: "Charis SIL", fallback: false, ligatures: false, number-type: "lining", '
        'number-width: "tabular")\n#let wanted = json("document.json")\n#wanted #strong(wanted)'
    )
    files: Any = {"main": source.encode(), "document.json": json.dumps(characters).encode()}
    return bytes(typst.compile(files, format="pdf", pdf_standards=["a-3b"], timestamp=0, **_world()))


def make_ready() -> None:
    """Read what every document is laid out with. No thread is begun."""
    _template()
    _world()
    world_digest()


def forget() -> None:
    """Give back the memory that the typesetter holds for what it laid out before.

    It drops what a number of compilations did not use; this makes that many of nothing.
    """
    for _ in range(_COMPILATIONS_REMEMBERED):
        typst.compile(b"", format="pdf", timestamp=0, **_world())


@cache
def world_digest() -> bytes:
    """SHA-256 of what every document is laid out with: the typesetter's version, the template, the fonts."""
    whole = hashlib.sha256(f"{version('typst')} {_STANDARDS}".encode())
    for path in [*sorted(_TEMPLATE_FOLDER.glob("*.typ")), *sorted(FONT_FOLDER.glob("*.ttf"))]:
        whole.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.digest()


@cache
def _template() -> Any:
    files = {path.name: path.read_bytes() for path in sorted(_TEMPLATE_FOLDER.glob("*.typ"))}
    files["main"] = files.pop("main.typ")
    return files


@cache
def _world() -> dict[str, Any]:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONT_FOLDER)])
    return {"font_paths": fonts, "ignore_system_fonts": True}


def _refused(error: RuntimeError) -> EvidenceError:
    """The typesetter's message names a place in our template, and never quotes a text from the data."""
    return EvidenceError(
        "The PDF could not be laid out.",
        why=str(error).splitlines()[0],
        next_step="This is a fault of psa-evidence: report it with the name of the exhibit it happened in.",
    )
