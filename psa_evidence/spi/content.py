"""What a pack says, as data: parts and exhibits made of blocks. Exporters lay it out and change nothing.

Every text is data. An exporter must never let it act as markup, and must show what it cannot draw
(as a code point), never drop it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from psa_evidence.records import SourceRef
from psa_evidence.spi.production import Event, ProducedDocument
from psa_evidence.spi.run import RunFacts

PageKind = Literal["A", "B", "C"]
"""A: source record, verbatim. B: summary, recomputable, inputs named (FRE 1006). C: illustration (FRE 107)."""

Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Cite:
    """A reference to an exhibit; printed as its Bates number and clickable. `text` stands before it; `whole`: its
    last number stands behind it."""

    exhibit: str
    text: str = ""
    whole: bool = False


Cell = str | Cite


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    text: str
    level: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A sentence or several, with the exhibits that prove it; `see` are ids of parts in which its rows stand."""

    text: str
    cites: tuple[Cite, ...] = ()
    see: tuple[str, ...] = ()
    style: Literal["body", "small", "notice", "lead"] = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Label and value, one a line; the first and second, third and fourth and so on may share a line when short."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`width` is a weight; 0 means as wide as its content."""

    title: str
    align: Align = "left"
    width: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`empty` is printed when there are no rows; `caption` names the query, n and exclusions."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    empty: str = "No rows."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verbatim:
    """A text from a source record, as received, with who and when above it."""

    label: str
    text: str
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StripSegment:
    """`state`: counted, paused, closed (outside hours) or over (past the target)."""

    start: datetime
    end: datetime
    state: Literal["counted", "paused", "closed", "over"]
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The clock of one stage drawn as a bar; `marks` are instants with a name (due, met)."""

    segments: tuple[StripSegment, ...]
    marks: tuple[tuple[datetime, str], ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row of a chart: a length for each series, in its unit; `note` is printed behind it."""

    label: str
    values: tuple[float, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Horizontal bars, the lengths of each laid end to end. `mark` is a value with a name, drawn across all bars.

    `caption` names the query, n and what is excluded; it is printed under the drawing.
    """

    title: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    unit: str
    caption: str
    mark: tuple[float, str] | None = None


Block = Heading | Paragraph | Facts | Table | Verbatim | Strip | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the report. `number` is its place in the fixed order of parts; `compact`: set closely, so that it
    takes one page; `alone`: no other part stands on its pages."""

    id: str
    number: int
    title: str
    page_kind: PageKind
    blocks: tuple[Block, ...]
    compact: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """A ticket (or another record) shown whole. Begins on a page of its own.

    `blocks` show the record. `computed` is what was computed from it: it follows on pages of its own, marked B, so
    that no page is a source record and a summary at once.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    sources: tuple[SourceRef, ...]
    page_kind: PageKind = "A"
    computed: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bates:
    """Bates numbers: `prefix` + zero-padded number. Exhibits and the report about them have ranges of their own.

    `issued` are exhibits that have numbers already: id -> (first number, pages), to be kept when they still have so
    many pages. They come first among the exhibits, by number; all others are numbered from `first_exhibit_page`.
    """

    prefix: str
    digits: int = 6
    first_exhibit_page: int = 1
    first_report_page: int = 1
    issued: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def exhibit(self, number: int) -> str:
        return f"{self.prefix}{number:0{self.digits}d}"

    def report(self, number: int) -> str:
        return f"{self.prefix}R-{number:0{self.digits}d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimits:
    """What one PDF may have at most, as courts and platforms ask for it; None for no limit. `size` in bytes.

    An exhibit is never divided: one that is longer by itself is a file of its own.
    """

    pages: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the first page says."""

    matter: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    legend: str = ""


ColumnType = Literal["text", "integer", "decimal", "seconds", "datetime", "date", "boolean"]
"""What the texts of a column are: `datetime` is ISO 8601 UTC with Z, `date` YYYY-MM-DD, `boolean` yes or no, `seconds`
whole seconds. An empty text is no value in any of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTable:
    """A table for `data/tables/<name>.csv`: `columns` are (name, what it means). Values are text, ready to write.

    `rows` of a long table are read from disk, each time they are asked for: go through them in their order, and hold no
    more of them than is needed.
    """

    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    rows: Sequence[tuple[str, ...]]
    exhibits: tuple[str | None, ...] | None = None
    """The exhibit each row is proved by; the exporter adds a column `bates` when given."""
    types: tuple[ColumnType, ...] = ()
    """One for each column; without them every column is text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the matter file asks of the exporters. `certificates` None: all of them. `production_images`: whether the
    load file brings a PDF for each document."""

    certificates: tuple[str, ...] | None = None
    production_profile: str = "standard"
    production_volume: str = "VOL001"
    production_images: bool = True


PDF_NAMES: Final[Mapping[str, str]] = {
    "counsel": "Evidence Pack",
    "production": "Evidence Pack - Production",
    "public": "Evidence Pack - Public filing",
}
"""How the names of a copy's PDFs begin: one that is sent alone must not be taken for another copy's."""


def pdf_name(copy: str) -> str:
    """Of the first PDF, without its folder: `Evidence Pack - Production.pdf`."""
    return f"{PDF_NAMES.get(copy, PDF_NAMES['counsel'])}.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class PackContent:
    """All that an exporter gets. `as_of` stands in for the clock: it is the time of the newest capture used.

    `exhibits` of a large pack are read from disk, each time they are asked for: go through them in their order, and
    keep of each what is needed, not the exhibit.
    """

    cover: Cover
    parts: tuple[Part, ...]
    exhibits: Sequence[Exhibit]
    tables: tuple[DataTable, ...]
    bates: Bates
    time_zone: str
    as_of: datetime
    language: str = "en"
    paper: Literal["a4", "us-letter"] = "us-letter"
    copy: str = "counsel"
    copy_title: str = ""
    """As it is printed on each page; empty: made of `copy`."""
    accent: str = "#1f3a5f"
    """The one colour, `#rrggbb`, dark enough for grey print."""
    footer: str = ""
    file_limits: FileLimits = FileLimits()
    run: RunFacts | None = None
    documents: tuple[ProducedDocument, ...] = ()
    events: tuple[Event, ...] = ()
    wishes: Wishes = Wishes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pagination:
    """Where each exhibit and part stands: id -> (first, last) Bates number as printed. `files` are the paths that the
    exporter will write, when it knows them; without them a pack of several files is laid out twice. `changed` are
    exhibits that do not have the pages that were issued for them: they need new numbers."""

    exhibits: dict[str, tuple[str, str]]
    parts: dict[str, tuple[str, str]]
    exhibit_pages: int
    report_pages: int
    files: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
