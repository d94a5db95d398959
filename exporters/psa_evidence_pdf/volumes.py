"""How much one document holds. A document of bounded size needs a bounded time and memory to be laid out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from psa_evidence.spi import Block, Chart, Cite, Facts, Heading, Paragraph, Strip, Table, Verbatim

_CELL = 60
"""What a table cell weighs beside its characters: laying out an empty one is not free."""
_CITE = 160
"""What a cite weighs: a number that is a link, often to another file."""
_BLOCK = 120
_SMALL = 4
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one file; the last may hold a quarter more. `weight` is characters plus a charge for cells and blocks,
    and stands for memory; `exhibits` counts; `pages` and `size` (bytes) are what a court or a platform takes, None for
    no bound.

    A pack of at most `whole` is one file, when that keeps within `pages` and `size`.
    """

    exhibits: int = 100
    weight: int = 700_000
    whole: int = 1_800_000
    pages: int | None = None
    size: int | None = None


def packed(
    items: Iterable[_Item], heavy: Callable[[_Item], int], *, most: int, weight: int
) -> list[list[_Item]]:  # fmt: skip
    """The items, in order, in groups of at most `most` and of at most `weight`, but never of none."""
    groups: list[list[_Item]] = []
    held = 0
    for item in items:
        own = heavy(item)
        if not groups or len(groups[-1]) >= most or held + own > weight:
            groups.append([])
            held = 0
        groups[-1].append(item)
        held += own
    return groups


def end_joined(
    groups: Sequence[list[_Item]], heavy: Callable[[_Item], int], *, weight: int, most: int | None = None
) -> list[list[_Item]]:  # fmt: skip
    """The groups as `packed` made them, without a last one that would be a file of a few pages: less than a quarter of
    what a file may hold is put behind the group before."""
    few = most is None or (bool(groups) and len(groups[-1]) < most // _SMALL)
    if len(groups) < 2 or not few or sum(map(heavy, groups[-1])) >= weight // _SMALL:
        return list(groups)
    return [*groups[:-2], [*groups[-2], *groups[-1]]]


def divided(blocks: Sequence[Block], limit: int) -> Iterator[tuple[Block, ...]]:
    """The blocks of a part in runs of about `limit` or less, of which there is at least one.

    A table is divided between rows; a heading stays with what follows it.
    """
    run: list[Block] = []
    held = 0
    for block in blocks:
        for piece in _rows(block, limit):
            own = weight([piece])
            if run and held + own > limit and not isinstance(run[-1], Heading):
                yield tuple(run)
                run, held = [], 0
            run.append(piece)
            held += own
    yield tuple(run)


def _rows(block: Block, limit: int) -> Iterator[Block]:
    if not isinstance(block, Table) or weight([block]) <= limit:
        yield block
        return
    runs = packed(block.rows, _row, most=len(block.rows), weight=max(limit - _BLOCK - len(block.caption) - 20, 1))
    for place, rows in enumerate(runs, 1):
        of = f"{block.caption} (Rows in {len(runs)} tables, this is table {place}.)".strip()
        yield replace(block, rows=tuple(rows), caption=of)


def weight(blocks: Sequence[Block]) -> int:
    return sum(_BLOCK + _weight(block) for block in blocks)


def _weight(block: Block) -> int:
    match block:
        case Heading() | Paragraph():
            return len(block.text)
        case Verbatim():
            return len(block.label) + len(block.text)
        case Facts():
            return sum(_CELL + len(label) + _cell(value) for label, value in block.rows)
        case Table():
            return len(block.caption) + sum(map(_row, block.rows))
        case Strip():
            return _CELL * (len(block.segments) + len(block.marks))
        case Chart():
            return len(block.caption) + _CELL * len(block.bars) * (2 + len(block.series))


def _row(row: Sequence[str | Cite]) -> int:
    return sum(_CELL + _cell(cell) for cell in row)


def _cell(cell: str | Cite) -> int:
    return len(cell) if isinstance(cell, str) else len(cell.text) + _CITE
