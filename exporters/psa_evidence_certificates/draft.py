"""What a form is made of: pieces of text and blanks, in numbered paragraphs, tables, tick lists and signature lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Blank:
    """A place that only a person may fill; `label` says with what."""

    label: str


@dataclass(frozen=True, slots=True)
class Command:
    """Something to be typed, letter by letter."""

    text: str


Piece = str | Blank | Command
Text = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Head:
    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """`style`: `numbered` counts through the form; `note` is a word to counsel, to be taken out before signing."""

    text: Text
    style: Literal["plain", "numbered", "note"] = "plain"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. A first row of heads, unless `head` is empty."""

    head: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticks:
    """Boxes, none of them ticked but those that a recorded fact ticks."""

    choices: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Lines to be filled by hand: label and nothing else."""

    lines: tuple[str, ...]


Block = Head | Para | Grid | Ticks | Signature


@dataclass(frozen=True, slots=True)
class Form:
    """One document. `rule` is the provision it is drafted for."""

    name: str
    title: str
    rule: str
    blocks: tuple[Block, ...]


def para(*text: Piece) -> Para:
    return Para(text, "plain")


def point(*text: Piece) -> Para:
    return Para(text, "numbered")


def note(*text: Piece) -> Para:
    return Para(text, "note")


def facts(rows: tuple[tuple[str, Piece], ...]) -> Grid:
    """Label and value, one a line."""
    return Grid((), tuple(((label,), (value,)) for label, value in rows), (2.0, 4.4))
