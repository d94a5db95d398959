"""Which documents a pack becomes, and what the template is told about each: one file, or a report and volumes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from urllib.parse import quote

from psa_evidence.spi import Block, Cite, PackContent, Paragraph, Part, Table
from psa_evidence.spi import Facts as FactList
from psa_evidence_pdf.nodes import Node, Shaper, Target
from psa_evidence_pdf.printable import code_point, one_line, pieces
from psa_evidence_pdf.volumes import Limits, split, weight

REPORT = "Evidence Pack.pdf"
_WIDTHS = {"a4": 595.28 - 2 * 62.36, "us-letter": 612.0 - 2 * 62.36}
_HEADER_CHARS, _FOOTER_CHARS, _TITLE_CHARS = 90, 70, 160
_SHORT_PART = 500


@dataclass(frozen=True, slots=True)
class Document:
    """One file. `parts` and `exhibits` are the ids (`p0`, `x0`, ...) of those that stand in it.

    `cited` are the exhibits whose numbers are printed in it; `volume` is its place among the volumes of exhibits.
    """

    file: str
    parts: tuple[str, ...]
    exhibits: tuple[str, ...]
    cited: frozenset[str]
    volume: int | None

    @property
    def report(self) -> bool:
        return self.volume is None


class Plan:
    """How a pack is divided: the report (with the exhibits in it when they are few), then volumes of exhibits."""

    def __init__(self, content: PackContent, limits: Limits) -> None:
        self.content = content
        groups = split(content, limits)
        parts = sum(weight(part.blocks) for part in content.parts)
        exhibits = sum(weight(e.blocks) + weight(e.computed) for e in content.exhibits)
        self.whole = not groups or (len(groups) == 1 and parts + exhibits <= limits.weight)
        self.groups: list[list[int]] = [] if self.whole else groups
        self.home = {place: number for number, group in enumerate(self.groups) for place in group}
        self.ids = {exhibit.id: f"x{place}" for place, exhibit in enumerate(content.exhibits)}
        self.part_titles = [_title(part.title) for part in content.parts]
        self.cited_in: dict[str, list[int]] = {}
        for number, part in enumerate(content.parts):
            for exhibit_id in sorted(_cites(part.blocks)):
                self.cited_in.setdefault(exhibit_id, []).append(number)
        self.documents = tuple(self._documents())

    def data(self, document: Document) -> bytes:
        """All that the template is told about one document, but for the numbers. Made anew at each call."""
        content = self.content
        volume = document.volume
        shaper = self._shaper(volume)
        exhibits = [
            {"kind": kind, "items": [item for _, item in group]}
            for kind, group in groupby(self._sheets(volume, shaper), key=itemgetter(0))
        ]
        line = None if volume is None else f"Exhibits, volume {volume + 1} of {len(self.groups)}"
        language, _, region = content.language.partition("-")
        title = _title(content.cover.matter) or "Evidence pack"
        copy = _title(content.copy)
        data = {
            "title": title,
            "description": f"Evidence pack, {copy} copy" + (f". {line}" if line else ""),
            "lang": language.lower(),
            "region": region.upper() or None,
            "paper": content.paper,
            "matter": _shortened(title, _HEADER_CHARS),
            "copy": f"{copy} copy".capitalize(),
            "zone": _title(content.time_zone),
            "footer": _shortened(one_line(content.footer), _FOOTER_CHARS),
            "cover": self._front() if volume is None else None,
            "front_kind": "B",
            "reading": _READING,
            "runs": [{"kind": kind, "parts": nodes} for kind, nodes in self._runs(shaper)] if volume is None else [],
            "exhibits": exhibits,
            "index": self._index() if volume is None and not self.whole else None,
            "volume": line,
            "attachment": "Manifest of the files of this pack, with their SHA-256 digests",
        }
        return json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode()

    def _inside(self, volume: int | None) -> Sequence[int]:
        """Places of the exhibits that stand in a document."""
        if volume is not None:
            return self.groups[volume]
        return range(len(self.content.exhibits) if self.whole else 0)

    def _documents(self) -> Iterator[Document]:
        yield self._document(REPORT, None)
        for volume in range(len(self.groups)):
            yield self._document(volume_name(volume), volume)

    def _document(self, file: str, volume: int | None) -> Document:
        places = self._inside(volume)
        parts = self.content.parts if volume is None else ()
        said = [part.blocks for part in parts] + [
            [*self.content.exhibits[place].blocks, *self.content.exhibits[place].computed] for place in places
        ]
        cited = {name for blocks in said for name in _cites(blocks)}
        return Document(
            file=file,
            parts=tuple(f"p{number}" for number in range(len(parts))),
            exhibits=tuple(f"x{place}" for place in places),
            cited=frozenset(self.ids[name] for name in cited if name in self.ids),
            volume=volume,
        )

    def _runs(self, shaper: Shaper) -> list[tuple[str, list[Node]]]:
        parts = self.content.parts
        made: list[tuple[str, list[Node]]] = []
        for number, part in enumerate(parts):
            if not made or made[-1][0] != part.page_kind:
                made.append((part.page_kind, []))
            node = {
                "id": f"p{number}", "number": str(part.number), "title": self.part_titles[number],
                "fresh": bool(made[-1][1]) and not (_short(part) and _short(parts[number - 1])),
                "blocks": shaper.nodes(part.blocks),
            }  # fmt: skip
            made[-1][1].append(node)
        return made

    def _sheets(self, volume: int | None, shaper: Shaper) -> Iterator[tuple[str, Node]]:
        """Each exhibit, and after it what was computed from it, with the kind of its pages."""
        for place in self._inside(volume):
            exhibit = self.content.exhibits[place]
            yield exhibit.page_kind, self._exhibit(place, shaper, here=volume is None)
            if exhibit.computed:
                yield "B", {"id": None, "blocks": shaper.nodes(exhibit.computed)}

    def _exhibit(self, place: int, shaper: Shaper, *, here: bool) -> Node:
        exhibit = self.content.exhibits[place]
        cited = [
            {"here": here, "id": f"p{n}", "title": f"{self.content.parts[n].number} {self.part_titles[n]}",
             "to": quote(REPORT)}
            for n in self.cited_in.get(exhibit.id, [])
        ]  # fmt: skip
        blocks = shaper.nodes(exhibit.blocks)
        if exhibit.sources:
            said = ", ".join(f"{one_line(s.key)} ({s.sha256[:16]})" for s in exhibit.sources)
            text = f"Source records and the first 16 digits of their SHA-256: {said}."
            blocks.append({"k": "p", "s": "small", "t": [pieces(text, 60)], "c": []})
        title = _title(exhibit.title) or f"Exhibit {place + 1}"
        return {"id": f"x{place}", "number": "", "title": title, "cited": cited, "blocks": blocks}

    def _front(self) -> Node:
        cover = self.content.cover
        return {
            "subtitle": pieces(cover.subtitle, 40),
            "facts": [[pieces(label, 18), pieces(value, 40)] for label, value in cover.facts],
            "legend": pieces(cover.legend, 60) if cover.legend else "",
        }

    def _index(self) -> Node:
        rows = [
            {"id": f"x{place}", "title": _title(exhibit.title), "to": self._address(place),
             "file": volume_name(self.home[place])}
            for place, exhibit in enumerate(self.content.exhibits)
        ]  # fmt: skip
        return {"id": "index", "title": "Index of exhibits", "number": "", "rows": rows}

    def _shaper(self, volume: int | None) -> Shaper:
        inside = set(self._inside(volume))
        targets = {
            exhibit.id: Target(f"x{place}", None if place in inside else self._address(place))
            for place, exhibit in enumerate(self.content.exhibits)
        }
        return Shaper(
            width=_WIDTHS[self.content.paper], time_zone=self.content.time_zone, targets=targets,
            bookmarks=volume is None,
        )  # fmt: skip

    def _address(self, place: int) -> str:
        return quote(volume_name(self.home[place]))


def volume_name(number: int) -> str:
    return f"Evidence Pack - Exhibits {number + 1:03d}.pdf"


_READING = [
    (
        "Every page is one of three kinds, named at its foot: A, a source record, verbatim; B, a summary that can be "
        "recomputed from records named with it; C, an illustration."
    ),
    "A Bates number such as those above leads to the page it names. Exhibits and this report have separate ranges.",
    (
        "Texts from source records are printed as received. Tabs are printed as spaces. A character that cannot be "
        f"printed, or that cannot be seen, is printed as its Unicode code point, for example {code_point(chr(0x200B))}."
    ),
]


def _short(part: Part) -> bool:
    """A part of a line or two, which need not begin a page."""
    return all(isinstance(b, Paragraph) for b in part.blocks) and sum(map(_length, part.blocks)) < _SHORT_PART


def _length(block: Block) -> int:
    return len(block.text) if isinstance(block, Paragraph) else 0


def _title(text: str) -> str:
    return _shortened(one_line(text), _TITLE_CHARS)


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _cites(blocks: Sequence[Block]) -> set[str]:
    found: set[str] = set()
    for block in blocks:
        if isinstance(block, Paragraph):
            found.update(cite.exhibit for cite in block.cites)
        elif isinstance(block, Table):
            found.update(cell.exhibit for row in block.rows for cell in row if isinstance(cell, Cite))
        elif isinstance(block, FactList):
            found.update(value.exhibit for _, value in block.rows if isinstance(value, Cite))
    return found
