"""How much one document holds. A document of bounded size needs a bounded time and memory to be laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psa_evidence.spi import Block, Cite, Facts, Heading, PackContent, Paragraph, Strip, Table, Verbatim

_CELL = 60
"""What a table cell weighs beside its characters: laying out an empty one is not free."""
_BLOCK = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`weight` is characters plus a charge for cells and blocks; `exhibits` counts. Both bound one document."""

    exhibits: int = 100
    weight: int = 3_000_000


def split(content: PackContent, limits: Limits) -> list[list[int]]:
    """Places of the exhibits, in order, in groups within the limits. An exhibit is never divided."""
    groups: list[list[int]] = []
    held = 0
    for place, exhibit in enumerate(content.exhibits):
        heavy = weight(exhibit.blocks) + weight(exhibit.computed)
        if not groups or len(groups[-1]) >= limits.exhibits or held + heavy > limits.weight:
            groups.append([])
            held = 0
        groups[-1].append(place)
        held += heavy
    return groups


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
            return len(block.caption) + sum(_CELL + _cell(cell) for row in block.rows for cell in row)
        case Strip():
            return _CELL * (len(block.segments) + len(block.marks))


def _cell(cell: str | Cite) -> int:
    return len(cell) if isinstance(cell, str) else len(cell.text) + _CELL
