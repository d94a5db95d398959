"""Which files a pack becomes: one, or a report in one or several and volumes of exhibits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from psa_evidence.spi import PDF_NAMES, Block, Cite, Exhibit, Facts, PackContent, Paragraph, Table
from psa_evidence_pdf.jumps import address
from psa_evidence_pdf.nodes import Target
from psa_evidence_pdf.volumes import Limits, divided, end_joined, packed, weight

_INDEX_ROW = 640
"""What a row of the index weighs: four cells with links."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What is remembered of an exhibit, which is not held itself: many are read from disk. `cites` and `see` are ids of
    the exhibits and parts that it leads to, `sources` how many records it shows."""

    id: str
    title: str
    weight: int
    sources: int
    cites: frozenset[str]
    see: frozenset[str]

    @classmethod
    def of(cls, exhibit: Exhibit) -> Brief:
        blocks = (*exhibit.blocks, *exhibit.computed)
        return cls(
            exhibit.id, exhibit.title, weight(blocks), len(exhibit.sources), frozenset(cites(blocks)),
            frozenset(_seen(blocks)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A part, or some of it. `part` is its place among the parts, None for the index, whose `rows` are places of
    exhibits; `id` is what the template and the numbers call it."""

    id: str
    part: int | None
    blocks: tuple[Block, ...]
    rows: tuple[int, ...] = ()
    continued: bool = False

    @property
    def weight(self) -> int:
        return weight(self.blocks) + _INDEX_ROW * len(self.rows)


@dataclass(frozen=True, slots=True)
class Document:
    """One file. `pieces` are of the report, `exhibits` places of exhibits that stand in it.

    `printed` are the ids whose numbers are printed in it; `place` is its place among the `files` of the report
    (`report`) or among those of the volumes. `homes` are the files to which it leads. All of it is what its pages say:
    when a pack is divided anew, a document that is not the same is laid out again.
    """

    file: str
    report: bool
    place: int
    files: int
    pieces: tuple[Piece, ...]
    exhibits: tuple[int, ...]
    printed: frozenset[str]
    homes: frozenset[tuple[str, str]]

    @property
    def front(self) -> bool:
        """Whether it is the file that is opened first."""
        return self.report and self.place == 0

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(piece.id for piece in self.pieces) + tuple(f"x{place}" for place in self.exhibits)


class Plan:
    """How a pack is divided. `reports` and `volumes` are the groups of pieces and of exhibits, one a file; `briefs` are
    of all exhibits."""

    def __init__(
        self, content: PackContent, briefs: Sequence[Brief], reports: Sequence[Sequence[Piece]],
        volumes: Sequence[Sequence[int]], *, whole: bool,
    ) -> None:  # fmt: skip
        self.content = content
        self.briefs = tuple(briefs)
        self.whole = whole
        self.reports = [tuple(group) for group in reports]
        self.volumes = [tuple(group) for group in volumes]
        self.ids = {exhibit.id: f"x{place}" for place, exhibit in enumerate(briefs)}
        self.part_ids = {part.id: f"p{place}" for place, part in enumerate(content.parts)}
        self.home = {
            f"x{place}": self._name() if whole else self._name(f"Exhibits {number + 1:03d}")
            for number, group in enumerate(self.volumes)
            for place in group
        }
        self.home |= {piece.id: self._report(number) for number, group in enumerate(self.reports) for piece in group}
        self.cited_in: dict[str, list[int]] = {}
        for number, part in enumerate(content.parts):
            for exhibit_id in sorted(cites(part.blocks)):
                self.cited_in.setdefault(exhibit_id, []).append(number)
        self.elsewhere = {
            briefs[place].id: Target(f"x{place}", address(self.home[f"x{place}"], f"x{place}"), f"vol. {number}")
            for number, group in enumerate(self.volumes, 1)
            for place in group
        }
        """Where a cite of each exhibit leads from a file in which it does not stand."""
        self.documents = tuple(self._documents())

    @classmethod
    def of(
        cls, content: PackContent, limits: Limits, *, whole: bool = True, briefs: Sequence[Brief] | None = None
    ) -> Plan:
        """One file when the pack is small and `whole`, else several within the limits. `briefs`, where known."""
        briefs = [Brief.of(exhibit) for exhibit in content.exhibits] if briefs is None else briefs
        exhibits = [brief.weight for brief in briefs]
        parts = sum(weight(part.blocks) for part in content.parts)
        if whole and len(exhibits) <= limits.exhibits and parts + sum(exhibits) <= limits.whole:
            pieces = [Piece(f"p{n}", n, part.blocks) for n, part in enumerate(content.parts)]
            return cls(content, briefs, [pieces], [range(len(exhibits))] if exhibits else [], whole=True)
        volumes = packed(range(len(exhibits)), exhibits.__getitem__, most=limits.exhibits, weight=limits.weight)
        volumes = end_joined(volumes, exhibits.__getitem__, most=limits.exhibits, weight=limits.weight)
        cut = [*_pieces(content, limits.weight), *_index(len(exhibits), limits.weight)]
        reports = packed(cut, lambda piece: piece.weight, most=len(cut), weight=limits.weight)
        reports = end_joined(reports, lambda piece: piece.weight, weight=limits.weight)
        return cls(content, briefs, reports or [[]], volumes, whole=False)

    def _name(self, which: str = "") -> str:
        stem = PDF_NAMES.get(self.content.copy, PDF_NAMES["counsel"])
        return f"{stem} - {which}.pdf" if which else f"{stem}.pdf"

    def _report(self, number: int) -> str:
        return self._name(f"Report {number + 1:03d}" if number else "")

    def first_pieces(self) -> Iterator[Piece]:
        """The beginning of every part, and of the index when there is one, in order."""
        return (piece for group in self.reports for piece in group if not piece.continued)

    def _documents(self) -> Iterator[Document]:
        for number, group in enumerate(self.reports):
            inside = self.volumes[0] if self.whole and self.volumes else ()
            yield self._document(self._report(number), group, inside, report=True, place=number)
        if not self.whole:
            for number, places in enumerate(self.volumes):
                yield self._document(self._name(f"Exhibits {number + 1:03d}"), (), places, report=False, place=number)

    def _document(
        self, file: str, pieces: tuple[Piece, ...], exhibits: tuple[int, ...], *, report: bool, place: int
    ) -> Document:
        led_to: list[tuple[Collection[str], Collection[str]]] = [
            (cites(piece.blocks), _seen(piece.blocks)) for piece in pieces
        ]
        led_to += [(self.briefs[at].cites, self.briefs[at].see) for at in exhibits]
        printed = {self.ids[name] for cited, _ in led_to for name in cited if name in self.ids}
        printed |= {self.part_ids[name] for _, seen in led_to for name in seen if name in self.part_ids}
        printed |= {f"x{row}" for piece in pieces for row in piece.rows}
        if report and place == 0:
            printed |= {piece.id for piece in self.first_pieces()} | {f"x{at}" for at in exhibits}
        back = {f"p{number}" for at in exhibits for number in self.cited_in.get(self.briefs[at].id, ())}
        homes = frozenset((id_, self.home[id_]) for id_ in printed | back)
        files = len(self.reports) if report else len(self.volumes)
        return Document(file, report, place, files, pieces, exhibits, frozenset(printed), homes)


def cites(blocks: Iterable[Block]) -> set[str]:
    """Ids of the exhibits that the blocks cite."""
    found: set[str] = set()
    for block in blocks:
        if isinstance(block, Paragraph):
            found.update(cite.exhibit for cite in block.cites)
        elif isinstance(block, Table):
            found.update(cell.exhibit for row in block.rows for cell in row if isinstance(cell, Cite))
        elif isinstance(block, Facts):
            found.update(value.exhibit for _, value in block.rows if isinstance(value, Cite))
    return found


def _seen(blocks: Iterable[Block]) -> set[str]:
    """Ids of the parts that the blocks lead to."""
    return {part for block in blocks if isinstance(block, Paragraph) for part in block.see}


def _pieces(content: PackContent, limit: int) -> Iterator[Piece]:
    for number, part in enumerate(content.parts):
        for run, blocks in enumerate(divided(part.blocks, limit)):
            yield Piece(f"p{number}-{run}" if run else f"p{number}", number, blocks, continued=bool(run))


def _index(exhibits: int, limit: int) -> Iterator[Piece]:
    step = max(limit // _INDEX_ROW, 1)
    for run, at in enumerate(range(0, exhibits, step)):
        rows = tuple(range(at, min(at + step, exhibits)))
        yield Piece(f"index-{run}" if run else "index", None, (), rows, continued=bool(run))
