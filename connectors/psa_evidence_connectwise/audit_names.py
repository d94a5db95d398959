"""The names that audit prose can mention: statuses, priorities, boards, members, agreements, SLAs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from psa_evidence_connectwise.audit_text import plain
from psa_evidence_connectwise.audit_words import ARROW, FIELD, FIELD_WORDS

QUOTED = re.compile(
    r"\"([^\"\n]*)\"|“([^”\n]*)”|„([^“”\n]*)[“”]|«([^»\n]*)»|「([^」\n]*)」|『([^』\n]*)』|‹([^›\n]*)›|《([^》\n]*)》|‚([^‘’\n]*)[‘’]"
    r"|``([^`'\n]*)''|(?<!')''([^'\n]+)''(?!')|`([^`\n]*)`"
    r"|(?<![^\W_])(?<!\w)'((?:[^'\n]|'(?=\w))*)'(?!\w)|‘([^’\n]*)’(?!\w)"
    r"|(?<![\w\])])\[([^\[\]\n]*)\]|(?<!\w)\{([^{}\n\"':]*)\}|\*\*([^*\n]+)\*\*"
)
"""Quoting marks, brackets that stand around a value, and bold type."""
LABEL_FOLLOWS = re.compile(r"\s*[:=]")
WORD = re.compile(r"\w+")
FIRST = 0xE000
"""Masked pieces are single characters of Unicode's private use area."""
MAX_MASKED = 200


@dataclass(frozen=True, slots=True)
class Names:
    """`known`: per field, the name in lower case to the name as set up.

    `phrases`: names that are not one plain word, by their first word, the longest first; they are found anywhere.
    Each stands with the number of characters before that word.
    """

    known: Mapping[str, Mapping[str, str]]
    phrases: Mapping[str, tuple[tuple[int, str], ...]]

    def name(self, of: str, text: str) -> str | None:
        """The known name that `text` is, as set up."""
        return self.known.get(of, {}).get(text.lower())

    def fields(self, text: str) -> frozenset[str]:
        """The fields that have this name."""
        return frozenset(of for of, table in self.known.items() if text.lower() in table)


def names(known: Mapping[str, Iterable[str]]) -> Names:
    """An index: there may be thousands of names, and hundreds of thousands of lines to look for them in."""
    table = {of: {_key(name): name.strip() for name in sorted(some) if _key(name)} for of, some in known.items()}
    phrases: dict[str, list[tuple[int, str]]] = {}
    for name in sorted({name for some in table.values() for name in some}, key=lambda name: (-len(name), name)):
        first = WORD.search(name)
        if first is not None and first[0] != name and FIELD.fullmatch(name) is None:
            phrases.setdefault(first[0], []).append((first.start(), name))
    return Names(table, {first: tuple(some) for first, some in phrases.items()})


def _key(name: str) -> str:
    return " ".join(plain(name).split()).lower()


@dataclass(slots=True)
class Masked:
    """A text in which quoted pieces and known phrases are single characters, so that no word in them misleads."""

    text: str = ""
    pieces: list[str] = field(default_factory=list)
    quoted: list[bool] = field(default_factory=list)

    def is_piece(self, text: str) -> bool:
        return len(text) == 1 and FIRST <= ord(text) < FIRST + len(self.pieces)

    def is_quoted(self, text: str) -> bool:
        return self.is_piece(text) and self.quoted[ord(text) - FIRST]

    def open(self, text: str) -> str:
        """With the pieces put back."""
        if text.isascii():
            return text
        return "".join(self.pieces[ord(c) - FIRST] if self.is_piece(c) else c for c in text)

    def inside(self, text: str) -> Iterator[str]:
        """What the pieces in `text` hide."""
        if text.isascii():
            return iter(())
        return (self.pieces[ord(c) - FIRST].strip() for c in text if self.is_piece(c))


def mask(text: str, known: Names, *, phrases: bool = True) -> Masked:
    """Characters that already lie in the private use area become question marks first.

    A quoted word that a colon follows is the label of a value and stays as it is, as does a quoted word of a field, a
    number in brackets and what has an arrow in it. Without `phrases` only quoted pieces are masked.
    """
    masked = Masked()

    def hide(piece: str, whole: str, *, quoted: bool) -> str:
        if len(masked.pieces) >= MAX_MASKED:
            return whole
        masked.pieces.append(piece)
        masked.quoted.append(quoted)
        return chr(FIRST + len(masked.pieces) - 1)

    def quote(match: re.Match[str]) -> str:
        inner = next((g for g in match.groups() if g is not None), "")
        if inner.strip().isdecimal() and match[0][0] == "[":
            return match[0]
        if inner.strip().lower() in FIELD_WORDS or (WORD.search(inner) and LABEL_FOLLOWS.match(text, match.end())):
            return inner
        if ARROW.search(inner) and not known.fields(inner.strip()):
            return f" {inner} "
        return hide(inner, match[0], quoted=True)

    text = re.sub(r"[\ue000-\uf8ff]", "?", text)
    bare = QUOTED.sub(quote, text)
    if not phrases:
        masked.text = bare
        return masked
    parts: list[str] = []
    done = 0
    for word in WORD.finditer(bare):
        if word.start() < done:
            continue
        for before, phrase in known.phrases.get(word[0].lower(), ()):
            start = word.start() - before
            end = start + len(phrase)
            if start >= done and bare[start:end].lower() == phrase and _stands_alone(bare, start, end, before):
                parts += [bare[done:start], hide(bare[start:end], bare[start:end], quoted=False)]
                done = end
                break
    masked.text = "".join([*parts, bare[done:]])
    return masked


def _stands_alone(text: str, start: int, end: int, before: int) -> bool:
    """Not the middle of a longer word, nor the head of an arrow (`->Closed`)."""
    if end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        return False
    return start == 0 or not (text[start - 1].isalnum() or (before and text[start - 1] in "-=<>~"))
