"""What the template is told about each file: all texts as data, made anew at each call."""

from __future__ import annotations

import json
import re
from collections import ChainMap, Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from psa_evidence.spi import Exhibit, PackContent
from psa_evidence_pdf.advances import about, height, lines
from psa_evidence_pdf.heights import needed
from psa_evidence_pdf.jumps import address
from psa_evidence_pdf.nodes import Node, Shaper, Target
from psa_evidence_pdf.plan import Document, Piece, Plan
from psa_evidence_pdf.printable import code_point, one_line, pieces

_WIDTHS = {"a4": 595.28 - 2 * 62.36, "us-letter": 612.0 - 2 * 62.36}
_HEADER_CHARS, _COPY_CHARS, _FOOTER_CHARS, _TITLE_CHARS = 90, 40, 70, 160
_TITLE_WORD, _HEADER_WORD = 18, 44
"""Letters of a word that surely fit on a line of a title, and of the header."""
_ROOM = 300
"""Points of a page that are enough for a part to begin on it below another; a lower one needs no more than it takes."""
_INDEX_TITLE = "Exhibits by page and file"
_INDEX_NUMBERS = ("First page", "Last page")
_INDEX_SIZE, _INDEX_INSET, _INDEX_LEADING = 8.5, 3, 0.62
"""Type of the index, points around a cell, and what is between its lines, in units of the type. The template has the
same."""
_INDEX_ROOM = 100
"""Points that titles in it need; where numbers are so long that less is left, the typesetter divides the width."""
_TORN = re.compile(r"‹[^›]{0,8}\Z")
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
"""A character that is not ASCII, as JSON writes it; a text may look like one, which costs a little time."""
_SIMPLE = frozenset([*range(0x250), *range(0x2010, 0x205F), *range(0x20A0, 0x20C1), *range(0x2100, 0x2300)])
"""Latin letters, punctuation, currencies, arrows and signs: each is one glyph, whatever stands beside it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """`data` is all that the template is told about one document, but for the numbers; `first` and `last` are how often
    the first and the last number of each id is printed in it."""

    data: bytes
    first: Mapping[str, int]
    last: Mapping[str, int]


def document_data(plan: Plan, document: Document) -> Shown:
    """The same at each call."""
    content = plan.content
    shaper = _shaper(plan, document)
    sheets = [
        {"kind": kind, "items": [item for _, item in group]}
        for kind, group in groupby(_sheets(plan, document, shaper), key=itemgetter(0))
    ]
    line = _line(plan, document)
    language, _, region = content.language.partition("-")
    title = _title(content.cover.matter) or "Evidence pack"
    copy = _title(content.copy_title) or f"{_title(content.copy)} copy".capitalize()
    data: Node = {
        "title": ", ".join(filter(None, (title, copy, line and line.replace(", ", " ")))),
        "description": f"Evidence pack, {copy[0].lower()}{copy[1:]}" + (f". {line}" if line else ""),
        "lang": language.lower(),
        "region": region.upper() or None,
        "paper": content.paper,
        "heading": pieces(title, _TITLE_WORD),
        "matter": pieces(_shortened(title, _HEADER_CHARS), _HEADER_WORD),
        "copy": pieces(_shortened(copy, _COPY_CHARS), _TITLE_WORD),
        "accent": content.accent,
        "zone": _title(content.time_zone),
        "footer": pieces(_shortened(one_line(content.footer), _FOOTER_CHARS), _TITLE_WORD),
        "cover": _front(content) if document.front else None,
        "contents": list(_contents(plan, document)) if document.front else [],
        "whole": plan.whole,
        "front_kind": "B",
        "reading": _READING,
        "runs": [{"kind": kind, "parts": nodes} for kind, nodes in _runs(plan, document, shaper)],
        "exhibits": sheets,
        "indexes": [_index(plan, piece) for piece in document.pieces if piece.part is None],
        "volume": line if not document.front else None,
    }
    rows = [f"x{row}" for piece in document.pieces for row in piece.rows]
    listed = [entry["id"] for entry in data["contents"]]
    if document.front:
        listed += [f"x{place}" for place in document.exhibits]
    return Shown(_written(data), shaper.printed + Counter(rows) + Counter(listed), shaper.ended + Counter(rows))


def _written(data: Node) -> bytes:
    """The data as JSON, with `plain` in it: whether no text has combining marks or a script that needs more than one
    glyph after the other. Where some have, it is said of each exhibit by itself."""
    written = json.dumps({**data, "plain": True}, separators=(",", ":"))
    if not _intricate(written):
        return written.encode()
    for sheet in data["exhibits"]:
        for item in sheet["items"]:
            item["plain"] = not _intricate(json.dumps(item))
    return json.dumps({**data, "plain": False}, separators=(",", ":")).encode()


def _intricate(written: str) -> bool:
    return any(int(code, 16) not in _SIMPLE for code in _ESCAPE.findall(written))


def _line(plan: Plan, document: Document) -> str | None:
    """What a file is, where there are several: it is also told apart by the title that readers show."""
    if plan.whole:
        return None
    if document.report:
        return f"Report, file {document.place + 1} of {document.files}" if document.files > 1 else None
    return f"Exhibits, volume {document.place + 1} of {document.files}"


def _contents(plan: Plan, document: Document) -> Iterator[Node]:
    """Lines of the contents: every part and the index, with the file they stand in when it is another."""
    here = {piece.id for piece in document.pieces}
    for piece in plan.first_pieces():
        number, title = _named(plan, piece)
        yield {"id": piece.id, "number": number, "title": pieces(title, _HEADER_WORD),
               "to": None if piece.id in here else address(plan.home[piece.id], piece.id)}  # fmt: skip


def _named(plan: Plan, piece: Piece) -> tuple[str, str]:
    if piece.part is None:
        number, title = "", _INDEX_TITLE
    else:
        part = plan.content.parts[piece.part]
        number, title = str(part.number), _title(part.title)
    return number, f"{title} (continued)" if piece.continued else title


def _runs(plan: Plan, document: Document, shaper: Shaper) -> list[tuple[str, list[Node]]]:
    parts = plan.content.parts
    made: list[tuple[str, list[Node]]] = []
    alone = False
    for piece in document.pieces:
        if piece.part is None:
            continue
        part = parts[piece.part]
        if not made or made[-1][0] != part.page_kind:
            made.append((part.page_kind, []))
        number, title = _named(plan, piece)
        blocks = shaper.nodes(piece.blocks)
        begun = bool(made[-1][1])
        fresh = begun and (part.alone or alone)
        room = min(needed(blocks, shaper.width), _ROOM) if begun and not fresh else 0
        alone = part.alone
        node = {
            "id": piece.id, "number": number, "title": pieces(title, _TITLE_WORD), "fresh": fresh, "room": room,
            "compact": part.compact, "blocks": blocks,
        }  # fmt: skip
        made[-1][1].append(node)
    return made


def _sheets(plan: Plan, document: Document, shaper: Shaper) -> Iterator[tuple[str, Node]]:
    """Each exhibit, and after it what was computed from it, with the kind of its pages."""
    for place in document.exhibits:
        exhibit = plan.content.exhibits[place]
        yield exhibit.page_kind, _exhibit(plan, document, place, exhibit, shaper)
        if exhibit.computed:
            yield "B", {"id": None, "blocks": shaper.nodes(exhibit.computed)}


def _exhibit(plan: Plan, document: Document, place: int, exhibit: Exhibit, shaper: Shaper) -> Node:
    here = {piece.id for piece in document.pieces}
    cited = [
        {"here": f"p{n}" in here, "id": f"p{n}", "to": address(plan.home[f"p{n}"], f"p{n}"),
         "title": str(plan.content.parts[n].number)}
        for n in plan.cited_in.get(exhibit.id, [])
    ]  # fmt: skip
    blocks = shaper.nodes(exhibit.blocks)
    if exhibit.sources:
        said = ", ".join(f"{one_line(s.key)} ({s.sha256[:16]})" for s in exhibit.sources)
        text = f"Source records and the first 16 digits of their SHA-256: {said}."
        blocks.append({"k": "p", "s": "fine", "y": False, "t": [pieces(text, 60)], "c": []})
    title = _title(exhibit.title) or f"Exhibit {place + 1}"
    return {"id": f"x{place}", "number": "", "title": pieces(title, _TITLE_WORD), "cited": cited, "blocks": blocks}


def _front(content: PackContent) -> Node:
    cover = content.cover
    return {
        "subtitle": pieces(cover.subtitle, 40),
        "facts": [[pieces(label, 18), pieces(value, 40)] for label, value in cover.facts],
        "legend": pieces(cover.legend, 60) if cover.legend else "",
    }


def _index(plan: Plan, piece: Piece) -> Node:
    """Columns are as wide as told, and rows as high where their lines are known: else each cell would be laid out twice
    or three times."""
    rows = [
        {"id": f"x{place}", "title": pieces(_title(plan.briefs[place].title), _TITLE_WORD),
         "to": address(plan.home[f"x{place}"], f"x{place}"), "file": plan.home[f"x{place}"]}
        for place in piece.rows
    ]  # fmt: skip
    number = plan.content.bates.exhibit(plan.content.bates.first_exhibit_page)
    files = {plan.home[f"x{place}"] for place in piece.rows}
    widest = max(about(number), *(about(head, bold=True) for head in _INDEX_NUMBERS))
    narrow = [em * _INDEX_SIZE + 2 * _INDEX_INSET for em in (widest, widest, max(map(about, files)))]
    room = _WIDTHS[plan.content.paper] - sum(narrow) - 2 * _INDEX_INSET
    heights = [_index_row(_title(plan.briefs[place].title), room) for place in piece.rows]
    told = room >= _INDEX_ROOM
    return {
        "id": piece.id, "title": pieces(_named(plan, piece)[1], _TITLE_WORD), "number": "", "rows": rows,
        "w": [round(points, 2) for points in narrow] if told else None, "y": [0, *heights] if told else None,
    }  # fmt: skip


def _index_row(title: str, room: float) -> float:
    """Points; 0 where the lines of the title are not known."""
    least, most = lines(title, _INDEX_SIZE, room)
    return round(height(least, _INDEX_SIZE, _INDEX_LEADING) + 2 * _INDEX_INSET, 3) if least == most else 0


def _shaper(plan: Plan, document: Document) -> Shaper:
    content = plan.content
    inside = {plan.briefs[place].id: Target(f"x{place}", None) for place in document.exhibits}
    here = {piece.id for piece in document.pieces}
    parts = {
        part.id: (f"part {part.number},", Target(id_, None if id_ in here else address(plan.home[id_], id_)))
        for part in content.parts
        if (id_ := plan.part_ids[part.id])
    }
    return Shaper(
        width=_WIDTHS[content.paper], time_zone=content.time_zone, targets=ChainMap(inside, plan.elsewhere),
        parts=parts,
        number=content.bates.exhibit(content.bates.first_exhibit_page), bookmarks=document.report,
    )  # fmt: skip


_READING = [
    (
        "Every page is one of three kinds, named at its foot: A, a source record, verbatim; B, a summary that can be "
        "recomputed from records named with it; C, an illustration."
    ),
    (
        "A Bates number such as those above leads to the page it names; a volume named behind it is the file that the "
        "page stands in. Exhibits and this report have separate ranges."
    ),
    (
        "Texts from source records are printed as received. Tabs are printed as spaces. A character that cannot be "
        f"printed, or that cannot be seen, is printed as its Unicode code point, for example {code_point(chr(0x200B))}."
    ),
]


def _title(text: str) -> str:
    return _shortened(one_line(text), _TITLE_CHARS)


def _shortened(text: str, most: int) -> str:
    """A code point that does not fit whole is left out whole."""
    return text if len(text) <= most else _TORN.sub("", text[: most - 1]).rstrip() + "…"
