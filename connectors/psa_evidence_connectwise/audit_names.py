"""The names that audit prose can mention: statuses, priorities, boards, members, agreements, SLAs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

QUOTED = re.compile(r"\"([^\"]*)\"|“([^”]*)”|«([^»]*)»|(?<![^\W_])(?<!\w)'((?:[^']|'(?=\w))*)'(?!\w)|‘([^’]*)’(?!\w)")
WORD = re.compile(r"\w+")
FIRST = 0xE000
"""Masked pieces are single characters of Unicode's private use area."""
MAX_MASKED = 200


@dataclass(frozen=True, slots=True)
class Names:
    """`known`: per field, the name in lower case to the name as set up.

    `phrases`: names of more than one word by their first word, the longest first; they are found anywhere.
    """

    known: Mapping[str, Mapping[str, str]]
    phrases: Mapping[str, tuple[str, ...]]

    def name(self, of: str, text: str) -> str | None:
        """The known name that `text` is, as set up."""
        return self.known.get(of, {}).get(text.lower())


def names(known: Mapping[str, Iterable[str]]) -> Names:
    """An index: there may be thousands of names, and hundreds of thousands of lines to look for them in."""
    table = {of: {name.strip().lower(): name.strip() for name in sorted(some)} for of, some in known.items()}
    phrases: dict[str, list[str]] = {}
    for name in sorted({name for some in table.values() for name in some}, key=lambda name: (-len(name), name)):
        first = WORD.search(name)
        if first is not None and first.start() == 0 and len(WORD.findall(name)) > 1:
            phrases.setdefault(first[0], []).append(name)
    return Names(table, {first: tuple(some) for first, some in phrases.items()})


@dataclass(slots=True)
class Masked:
    """A text in which quoted pieces and known phrases are single characters, so that no word in them misleads."""

    text: str
    pieces: list[str]
    quoted: list[bool]

    def is_piece(self, text: str) -> bool:
        return len(text) == 1 and FIRST <= ord(text) < FIRST + len(self.pieces)

    def open(self, text: str) -> str:
        """With the pieces put back."""
        return "".join(self.pieces[ord(c) - FIRST] if self.is_piece(c) else c for c in text)


def mask(text: str, known: Names) -> Masked:
    """Characters that already lie in the private use area become question marks first."""
    masked = Masked("", [], [])

    def hide(piece: str, whole: str, *, quoted: bool) -> str:
        if len(masked.pieces) >= MAX_MASKED:
            return whole
        masked.pieces.append(piece)
        masked.quoted.append(quoted)
        return chr(FIRST + len(masked.pieces) - 1)

    plain = re.sub(r"[\ue000-\uf8ff]", "?", text)
    plain = QUOTED.sub(lambda m: hide(next((g for g in m.groups() if g is not None), ""), m[0], quoted=True), plain)
    parts: list[str] = []
    done = 0
    for word in WORD.finditer(plain):
        start = word.start()
        if start < done:
            continue
        for phrase in known.phrases.get(word[0].lower(), ()):
            end = start + len(phrase)
            if plain[start:end].lower() == phrase and not (end < len(plain) and plain[end].isalnum()):
                parts += [plain[done:start], hide(plain[start:end], plain[start:end], quoted=False)]
                done = end
                break
    masked.text = "".join([*parts, plain[done:]])
    return masked
