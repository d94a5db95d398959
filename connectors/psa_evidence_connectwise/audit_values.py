"""Which name a piece of an audit text stands for, and whether that is certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from psa_evidence.records import ChangeField
from psa_evidence_connectwise.audit_names import WORD, Masked, Names
from psa_evidence_connectwise.audit_words import (
    FIRST_WORDS,
    LABELS,
    LAST_VERB,
    LONGER_NAME,
    NOT_DONE,
    NOTHING,
    SAFE_TAIL,
    TAIL,
    TAKEN_BACK,
    VERB,
)

_EDGES: Final = " \t\r\n.,;:()[]{}|\"'`*"
_LAST_WORD: Final = re.compile(
    r"\s+(?:status|state|board|priority|queue|zustand|(?:service\s+)?ticket)$", re.IGNORECASE
)
_MARKS: Final = _EDGES + "<>/\\_~+*=|-–—«»"
"""Marks around a name that is none of the settings' as it stands."""
_MOST_WORDS: Final = 6
"""An unknown name of more words is no name."""
_NO_NAME: Final = re.compile(
    r"\b(?:was|were|is|are|has|have|had|been|be|being|will|or|and|either|both|but|then|portal|app|api|e-?mail|mobile|web|browser|outlook|add-?in|laptop|desktop"
    r"|office|workflow|rule|automation|automate|manage|connector|integration|import|screen|view|page|script|sync)\b|\s&\s"
    rf"|\w\W+(?:{NOT_DONE}|{TAKEN_BACK})\b",
    re.IGNORECASE,
)
"""Words which make of an unknown name without quotes something else: a clause, or the place that a change came from."""


class Value(NamedTuple):
    """`name` None: nothing (no owner, say). `sure`: a known name, or quoted and nothing else beside it.

    `whole`: an unknown name that may yet be one, since nothing but it stands there.
    """

    name: str | None
    sure: bool
    whole: bool = True


def value(of: ChangeField, text: str, masked: Masked, known: Names, *, tails: bool = True) -> Value:
    """What `text` (of the masked line) says; a tail (`by Jane`) counts as no part of it when the rest is a name.

    Without `tails` a name counts only when nothing follows it.
    """
    bare = text.strip()
    for _ in range(3):
        for one in _ways(bare):
            found = _exact(of, one, masked, known)
            if found is not None:
                return found
        shorter = LAST_VERB.sub("", FIRST_WORDS.sub("", bare)).strip(_EDGES)
        if shorter == bare:
            break
        bare = shorter
    for tail in TAIL.finditer(bare) if tails else ():
        head = bare[: tail.start()]
        for one in _ways(head):
            found = _exact(of, one, masked, known)
            if found is not None:
                rest = bare[tail.start() :]
                longer = LONGER_NAME.match(rest) is not None and not masked.is_quoted(head.strip())
                sure = not longer and not any(mentions(of, rest, masked, known))
                return found if sure else Value(found.name, sure=False, whole=False)
    head = bare
    if safe := SAFE_TAIL.search(bare):
        head = bare[: safe.start()]
    opened = masked.open(head).strip(_MARKS)
    whole = bool(opened) and TAIL.search(head) is None and len(WORD.findall(opened)) <= _MOST_WORDS
    mixed = len(head.strip()) > 1 and any(masked.is_quoted(c) for c in head)
    whole = whole and not mixed and not _NO_NAME.search(head) and not VERB.search(head)
    return Value(opened or None, sure=False, whole=whole)


def _ways(text: str) -> Iterator[str]:
    yield text.strip()
    stripped = text.strip(_EDGES)
    yield stripped
    yield stripped.strip(_MARKS)
    yield _LAST_WORD.sub("", stripped).strip(_EDGES)


def _exact(of: ChangeField, text: str, masked: Masked, known: Names) -> Value | None:
    opened = masked.open(text).strip()
    name = known.name(of, opened)
    if name is not None:
        return Value(name, sure=True)
    if masked.is_quoted(text):
        name = known.name(of, opened.strip(_EDGES)) or known.name(of, opened.strip(_MARKS))
        if name is None and known.fields(opened):
            return None
        return Value(name or (None if opened.casefold() in NOTHING else opened), sure=True)
    if text and opened.casefold() in NOTHING:
        return Value(None, sure=True)
    return None


def mentions(of: ChangeField, text: str, masked: Masked, known: Names) -> Iterator[str]:
    """Known names of a field that stand in `text`: hidden pieces, and words written just as they were set up."""
    for piece in masked.inside(text):
        name = known.name(of, piece) or known.name(of, piece.strip(_MARKS))
        if name is not None:
            yield name
    for word in WORD.finditer(LABELS.sub(" ", text)):
        name = known.name(of, word[0])
        if name is not None and name == word[0]:
            yield name
