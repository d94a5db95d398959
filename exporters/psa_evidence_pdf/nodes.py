"""Blocks of content as plain data for the template: printable texts, widths, sizes; no markup anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from psa_evidence.spi import (
    Block,
    Cell,
    Chart,
    Cite,
    Facts,
    Heading,
    Paragraph,
    Strip,
    Table,
    Verbatim,
)
from psa_evidence_pdf.advances import about, height, lines
from psa_evidence_pdf.charts import chart_node
from psa_evidence_pdf.columns import INSET, fitted
from psa_evidence_pdf.printable import Pieces, one_line, pieces, printable, right_to_left
from psa_evidence_pdf.strips import strip_node

Node = dict[str, Any]

_LINE = 70
"""Characters that surely fit on a line of body text; longer words may be broken."""
_WORD = 30
"""Characters of a word that surely fit on a line of a heading."""
_KEPT_LINES = 20
_SURELY_LOW = 15
"""Characters, of which three at least stand on a line: be they all line ends, they take no more lines."""
_HEAD_LINES = 6
"""A table's head with more is not repeated on its next pages, where it would take the place of the rows."""
_INSET_Y = 2.5
"""Points above and below a cell's text; the template has the same."""
_LARGEST = 8.5
"""Type of tables of the report, where it need not be smaller."""
_SMALL = 7
"""Type that is not made smaller still."""
_FACTS, _FACTS_GUTTER, _FACTS_BETWEEN = 9, 10, 18
"""Type of facts; points between a label and its value, and between two facts of a line. The template has the same."""
_LABEL = 13.5
"""The widest label of a fact that stands on one line, in units of the type."""
_PAIRS = 3
"""Lines of two facts: where there would be fewer, all facts stand one below the other."""
_SHORT = 12
"""Rows of a table that is not divided where it has a caption; the template has the same."""
_KEPT_ROWS = 2
"""Rows at the end of a table that are kept together."""
_CAPTION, _CAPTION_LINE = 8, 90
"""Type of a caption, and characters that surely fit on a line of it."""
_PAGE, _HALF = 580, 350
"""Points that a page of either paper surely has for a table's rows under its head; the highest row, with the caption,
that is kept whole so that the caption does not stand alone."""
_TO = " – "
"""Between the first and the last number of an exhibit; the template has the same."""
_LINES_A_PARAGRAPH = 40
"""Long texts are handed over in paragraphs of so many lines: a page break costs no second look at the rest."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a cite leads: an id of this document (`to` is None) or an address in another file."""

    id: str
    to: str | None
    file: str = ""
    """What the other file is called beside the number, for example `vol. 2`."""


@dataclass(frozen=True, slots=True)
class Shaper:
    """Turns blocks into nodes. `width` is the text width in points; `targets` says where exhibits stand."""

    width: float
    time_zone: str
    targets: Mapping[str, Target]
    parts: Mapping[str, tuple[str, Target]]
    """What a part is called, and where it stands."""
    number: str
    """A Bates number of the exhibits, as wide as any."""
    bookmarks: bool
    """Whether headings within are bookmarked: those of the report are, those of an exhibit are not."""
    printed: Counter[str] = field(default_factory=Counter)
    """How often the first number of each id stands in the nodes made so far."""
    ended: Counter[str] = field(default_factory=Counter)
    """How often its last number does."""

    def nodes(self, blocks: Sequence[Block]) -> list[Node]:
        level = 1
        made: list[Node] = []
        for block, after in zip(blocks, (*blocks[1:], None), strict=True):
            if isinstance(block, Heading):
                level = max(2, min(block.level, level + 1, 6))
                bookmarked = self.bookmarks and level == 2
                made.append({"k": "h", "l": level, "t": pieces(one_line(block.text), _WORD) or "–", "b": bookmarked})
            elif isinstance(block, Paragraph):
                leads = isinstance(after, Table) or (block.style == "lead" and after is not None)
                made.append(self._paragraph(block, leads=leads))
            else:
                made.append(self._node(block))
        return made

    def _paragraph(self, block: Paragraph, *, leads: bool) -> Node:
        """`leads`: what follows is not parted from it at the foot of a page."""
        cites = [self._see(part) for part in block.see] + [self._cite(cite) for cite in block.cites]
        return {"k": "p", "s": block.style, "y": leads, "t": _paragraphs(block.text, _LINE), "c": cites}

    def _node(self, block: Facts | Table | Verbatim | Strip | Chart) -> Node:
        if isinstance(block, Facts):
            return self._facts(block)
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Verbatim):
            return _verbatim(block)
        if isinstance(block, Chart):
            return chart_node(block)
        return strip_node(block, self.time_zone)

    def _facts(self, block: Facts) -> Node:
        """Every two rows stand on one line when both are short, in the order in which they are read: which two does not
        depend on other rows, so that exhibits of one kind look alike."""
        labels = min(_LABEL, max((about(label) for label, _ in block.rows), default=0.0)) * _FACTS + 1
        wide = (labels, self.width - labels - _FACTS_GUTTER)
        half = (labels, (self.width - _FACTS_BETWEEN) / 2 - labels - _FACTS_GUTTER)
        shown = [(label, self._on_paper(value)) for label, value in block.rows]
        facts: list[list[Any]] = [[pieces(label, 20), self._cell(value, 56)] for label, value in block.rows]
        short = [_lines(texts, _FACTS, half) == 1 for texts in shown]
        pairs = [short[at] and short[at + 1] for at in range(0, len(facts) - 1, 2)]
        if sum(pairs) < _PAIRS:
            pairs = []
        rows: list[list[Any]] = []
        counts: list[int] = []
        at = 0
        while at < len(facts):
            paired = at // 2 < len(pairs) and at % 2 == 0 and pairs[at // 2]
            rows.append([*facts[at], *facts[at + 1]] if paired else facts[at])
            counts.append(1 if paired else _lines(shown[at], _FACTS, wide))
            at += 2 if paired else 1
        return {"k": "f", "r": rows, "w": round(labels, 2), "y": [_high(count, _FACTS) for count in counts]}

    def _table(self, block: Table) -> Node:
        columns = block.columns
        titles = [column.title for column in columns]
        texts = [
            [printable(c if isinstance(c, str) else self._plain(c)) for c in map(itemgetter(place), block.rows)]
            for place in range(len(columns))
        ]
        size, widths = fitted(
            texts,
            titles,
            [column.width for column in columns],
            sizes=_larger(len(columns)) if self.bookmarks else _type_sizes(len(columns)),
            otherwise=_type_sizes(len(columns))[0],
            width=self.width,
            careful=self.bookmarks,
        )
        longest = [_fits(width, size) for width in widths]
        inner = [width - 2 * INSET for width in widths]
        heights = [_high(_lines(titles, size, inner, bold=True), size, 2 * _INSET_Y)]
        cells: list[Any] = []
        for row in block.rows:
            least = most = 1
            for cell, room, points in zip(row, longest, inner, strict=True):
                low, high = lines(cell, size, points) if isinstance(cell, str) else self._cited(cell, size, points)
                if high > 1:
                    least, most = max(least, low), max(most, high)
                if isinstance(cell, str) and (high == 1 or (self.bookmarks and _holds(cell, points / size))):
                    cells.append(cell)
                else:
                    cells.append(self._cell(cell, room))
            heights.append(_high(least if least == most else 0, size, 2 * _INSET_Y))
        return {
            "k": "t",
            "z": size,
            "w": [round(width, 2) for width in widths],
            "y": heights,
            "a": [column.align for column in columns],
            "h": [
                _head(title, room, points / size) for title, room, points in zip(titles, longest, inner, strict=True)
            ],
            "n": all(len(title) <= _HEAD_LINES * room for title, room in zip(titles, longest, strict=True)),
            "r": cells,
            "p": all(isinstance(cell, str) for cell in cells),
            "c": pieces(block.caption, _LINE + 20) if block.caption else "",
            "m": self._kept(block, _last_high(texts, longest, heights[1:], size), size),
            "e": pieces(block.empty, _LINE),
            "o": any(_tall(text, room) for column, room in zip(texts, longest, strict=True) for text in column),
        }

    def _kept(self, block: Table, rows: Sequence[float], size: float) -> int:
        """How many rows at the end stand on one page, with the caption: none where the whole table does, as a short one
        with a caption that fits on a page. `rows` are about how high, the last ones. Of an exhibit's table without a
        caption only where it has more than two: exhibits keep their pages."""
        caption = 0.0
        if block.caption:
            lines_of_it = len(block.caption) // _CAPTION_LINE + 1 + block.caption.count("\n")
            caption = height(lines_of_it, _CAPTION) + 2 * _CAPTION
            if len(block.rows) <= _SHORT and sum(rows) + caption <= _PAGE:
                return 0
        elif len(rows) < _KEPT_ROWS or (len(rows) == _KEPT_ROWS and not self.bookmarks):
            return 0
        end = rows[-_KEPT_ROWS:]
        if (
            len(end) == _KEPT_ROWS
            and max(end) <= _high(_KEPT_LINES, size, 2 * _INSET_Y)
            and sum(end) + caption <= _PAGE
        ):
            return _KEPT_ROWS
        return 1 if block.caption and end and end[-1] + caption <= _HALF else 0

    def _plain(self, cell: Cell) -> str:
        """What stands in a cell, for measuring."""
        if not isinstance(cell, Cite):
            return cell
        target = self.targets.get(cell.exhibit)
        mark = f"\n{target.file}" if target is not None and target.file else ""
        last = f"{_TO}{self.number}" if cell.whole else ""
        return f"{cell.text} {self.number}{last}{mark}"

    def _on_paper(self, cell: Cell) -> str:
        """What stands in a cell, when all of it stands on one line."""
        return " ".join(self._plain(cell).split("\n")) if isinstance(cell, Cite) else cell

    def _cited(self, cite: Cite, size: float, room: float) -> tuple[int, int]:
        """How many lines a cite takes; of a range, the dash is wider than one hyphen and less wide than two."""
        text = self._on_paper(cite).strip()
        if _TO not in text:
            return lines(text, size, room)
        return lines(text.replace(_TO, " - "), size, room)[0], lines(text.replace(_TO, " -- "), size, room)[1]

    def _cell(self, cell: Cell, room: int) -> Any:
        return self._cite(cell) if isinstance(cell, Cite) else pieces(cell, room)

    def _see(self, part: str) -> Any:
        if part not in self.parts:
            return pieces(f"part {part} is not in this pack", 20)
        name, target = self.parts[part]
        self.printed[target.id] += 1
        return {"x": target.id, "to": target.to, "f": target.file, "t": name, "w": False}

    def _cite(self, cite: Cite) -> Any:
        target = self.targets.get(cite.exhibit)
        if target is None:
            missing = f"{cite.text} (exhibit {cite.exhibit} is not in this pack)".strip()
            return pieces(missing, 20)
        self.printed[target.id] += 1
        self.ended[target.id] += cite.whole
        text = pieces(cite.text, 20) if cite.text else ""
        return {"x": target.id, "to": target.to, "f": target.file, "t": text, "w": cite.whole}


def _paragraphs(text: str, longest: int) -> list[Any]:
    return [pieces(paragraph, longest) for paragraph in _runs(text)]


def _runs(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    step = _LINES_A_PARAGRAPH
    return ["\n".join(lines[at : at + step]) for at in range(0, len(lines), step)]


def _verbatim(block: Verbatim) -> Node:
    texts = [{"r": right_to_left(run), "t": pieces(run, _LINE)} for run in _runs(block.text)]
    if not block.text.strip():
        texts = [{"r": False, "t": "(no text)"}]
    return {"k": "v", "l": pieces(block.label, _LINE), "s": pieces(one_line(block.side), _WORD), "p": texts}


def _type_sizes(columns: int) -> tuple[float, ...]:
    """The type of a table, and two smaller ones for where all its rows then are of one line."""
    steps: tuple[tuple[int, float], ...] = ((4, 8.5), (6, 8), (8, 7.5), (11, 6.5))
    size = next((size for most, size in steps if columns <= most), 6)
    return (size, size - 0.25, size - 0.5) if size > _SMALL else (size,)


def _larger(columns: int) -> tuple[float, ...]:
    """The type of a table of the report: the largest at which all its rows are of one line."""
    sizes = _type_sizes(columns)
    return tuple(_LARGEST - step / 4 for step in range(round(4 * (_LARGEST - sizes[0])))) + sizes


def _head(title: str, room: int, ems: float) -> Pieces:
    """A column's title, its words broken only where one does not fit in `ems` times the size of the type."""
    return title if _holds(title, ems, bold=True) else pieces(title, room)


def _holds(text: str, ems: float, *, bold: bool = False) -> bool:
    """Whether each word of a text in plain letters fits on a line of `ems` times the size of the type."""
    plain = text.isascii() and "".join(text.split("\n")).isprintable()
    return plain and all(about(word, bold=bold) <= ems for word in text.split())


def _lines(row: Sequence[str], size: float, rooms: Sequence[float], *, bold: bool = False) -> int:
    """How many lines the highest cell of a row takes in the `rooms` of its columns, in points; 0 when it is not
    certain."""
    least = most = 1
    for text, room in zip(row, rooms, strict=True):
        low, high = lines(text, size, room, bold=bold)
        least, most = max(least, low), max(most, high)
    return least if least == most else 0


def _high(count: int, size: float, around: float = 0) -> float:
    """Points of a row of `count` lines; 0 for one whose lines are not known."""
    return round(height(count, size) + around, 3) if count else 0


def _last_high(
    texts: Sequence[Sequence[str]], longest: Sequence[int], known: Sequence[float], size: float
) -> list[float]:
    """About how high the last rows of a table are, as many as make a short one; rather too high where it is not
    known."""
    rows = zip(*(column[-_SHORT:] for column in texts), strict=True)
    return [
        points or _high(max(map(_about_lines, row, longest)), size, 2 * _INSET_Y)
        for row, points in zip(rows, known[-_SHORT:], strict=True)
    ]


def _about_lines(text: str, room: int) -> int:
    return sum(len(line) // room + 1 for line in text.split("\n"))


def _tall(text: str, room: int) -> bool:
    """Whether a cell may be too high to be kept on one page."""
    return len(text) > _SURELY_LOW and len(text) / room + text.count("\n") > _KEPT_LINES


def _fits(points: float, size: float) -> int:
    """How many characters of ordinary text a column surely holds."""
    return max(3, int((points - 6) / (size * 0.56)))
