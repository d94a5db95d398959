"""The text of an exhibit, from its blocks, in their order: what its pages say, without layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from psa_evidence.spi import (
    Block,
    Cell,
    Exhibit,
    Facts,
    Heading,
    Pagination,
    Paragraph,
    Strip,
    Table,
    Verbatim,
)

_BETWEEN = " | "


def text_of(exhibit: Exhibit, pagination: Pagination) -> bytes:
    """UTF-8 with a byte order mark, CRLF. Cites are written as the Bates number they print."""
    lines = [exhibit.title, "", *_lines(exhibit.blocks, pagination)]
    if exhibit.sources:
        lines += ["", "Source records (key, SHA-256):", *(f"{s.key} {s.sha256}" for s in exhibit.sources)]
    if exhibit.computed:
        lines += ["", "COMPUTED FROM THE RECORDS ABOVE", "", *_lines(exhibit.computed, pagination)]
    whole = "\n".join(lines) + "\n"
    return "\r\n".join(whole.replace("\r\n", "\n").replace("\r", "\n").split("\n")).encode(
        "utf-8-sig", errors="backslashreplace"
    )


def _lines(blocks: Sequence[Block], pagination: Pagination) -> Iterator[str]:
    def said(cell: Cell) -> str:
        if isinstance(cell, str):
            return cell
        page = pagination.exhibits.get(cell.exhibit, ("",))[0]
        return " ".join(piece for piece in (cell.text, page) if piece)

    for block in blocks:
        match block:
            case Heading():
                yield from ("", block.text)
            case Paragraph():
                yield " ".join([block.text, *(_cite(said(c)) for c in block.cites)])
            case Facts():
                yield from (f"{label}: {said(value)}" for label, value in block.rows)
            case Table():
                yield _BETWEEN.join(column.title for column in block.columns)
                yield from (_BETWEEN.join(said(cell) for cell in row) for row in block.rows)
                if not block.rows:
                    yield block.empty
                if block.caption:
                    yield block.caption
            case Verbatim():
                yield from ("", block.label + (f" [{block.side}]" if block.side else ""), block.text)
            case Strip():
                yield from _strip(block)


def _strip(strip: Strip) -> Iterator[str]:
    for s in strip.segments:
        yield f"{_utc(s.start)} to {_utc(s.end)}: {s.state}" + (f", {s.label}" if s.label else "")
    yield from (f"{_utc(at)}: {name}" for at, name in strip.marks)
    if strip.caption:
        yield strip.caption


def _cite(words: str) -> str:
    return f"[{words}]"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
