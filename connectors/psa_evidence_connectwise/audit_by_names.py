"""Sentences that name no field: read by the names in them when only one field can be meant, else listed."""

from __future__ import annotations

import re
from typing import Final

from psa_evidence.records import ChangeField
from psa_evidence_connectwise.audit_names import Masked, Names
from psa_evidence_connectwise.audit_statement import change
from psa_evidence_connectwise.audit_told import Told, Unclear
from psa_evidence_connectwise.audit_values import mentions
from psa_evidence_connectwise.audit_words import OTHER_NOUN, VERB

DECISIVE: Final[frozenset[ChangeField]] = frozenset({"status", "priority"})
"""Fields that decide the clock: names of theirs that cannot be read are listed even when no field is named."""
BY_NAMES: Final[tuple[ChangeField, ...]] = ("status", "priority", "board")
_SUBJECT: Final = re.compile(
    r"\b(?:(?:this|the|service|ticket|tickets|record|request|incident|case|it|was|were|is|has|have|had|been|id|no|number"
    r"|by|and|then|also|opened|created|entered|logged|submitted|automatically|manually|got|just|from|old|new|in|on|at|of|to|as|with|into|now|user|member|agent|technician"
    r"|system|workflow|rule|update|change|changes|edit|action|audit|log|entry|history|event|auto|der|das|die|le|la|el"
    r"|il|het|do|da|de|ticket's|s)\b|\d+)",
    re.IGNORECASE,
)
"""Words before the values that name no field."""
_TICKET: Final = re.compile(r"\b(?:ticket|request|record|incident|case|it)\b", re.IGNORECASE)


def by_names(sentence: str, masked: Masked, known: Names, *, fields: frozenset[ChangeField]) -> list[Told | Unclear]:
    """A sentence that names no field, or none that could be read: read or listed by the names that stand in it."""
    found: list[Told | Unclear] = []
    for of in BY_NAMES:
        named = set(mentions(of, sentence, masked, known))
        if of in fields:
            if named and of in DECISIVE:
                found.append(Unclear(of, f"the line names the {of} and cannot be read"))
            continue
        one = change(of, sentence, masked, known)
        if isinstance(one, Told) and _by_known_names(one, sentence, known):
            before = _before(sentence, one, masked, known)
            if OTHER_NOUN.search(before):
                continue
            plain_subject = not _SUBJECT.sub("", VERB.sub("", before)).strip(" \t.,;:()[]#'\"-")
            if plain_subject and len(_fields_of(one, known)) == 1:
                found.append(one)
            elif of in DECISIVE:
                found.append(Unclear(of, f"it is not certain that the line is about the {of}"))
        elif len(named) > 1 and of in DECISIVE and not OTHER_NOUN.search(sentence):
            found.append(Unclear(of, f"the line names two values of {of} and cannot be read"))
        elif of == "status" and len(named) == 1 and _of_the_ticket(named.pop(), sentence, masked, known):
            found.append(Unclear(of, f"names a {of} and does not say whether it was or became that"))
    if len({one.field for one in found}) > 1:
        return [Unclear(one.field, f"it is not certain that the line is about the {one.field}") for one in found]
    return found


def _of_the_ticket(name: str, sentence: str, masked: Masked, known: Names) -> bool:
    """`Ticket Closed`, `The ticket has entered Closed`: nothing but the ticket and a verb stands before the name."""
    if VERB.fullmatch(name):
        return False
    before = _before(sentence, Told("status", None, name), masked, known)
    return _TICKET.search(before) is not None and not _SUBJECT.sub("", VERB.sub("", before)).strip(" \t.,;:()[]#'\"-")


def _by_known_names(one: Told, sentence: str, known: Names) -> bool:
    """Whether the words say a change, and each of its values is a known name of the field."""
    if known.name(one.field, one.new or "") is None:
        return False
    if one.old is not None:
        return known.name(one.field, one.old) is not None
    return re.search(r"\b(?:to|into|now|as)\b", sentence, re.IGNORECASE) is not None


def _fields_of(one: Told, known: Names) -> frozenset[str]:
    """The fields that both values are names of."""
    shared = known.fields(one.new or "")
    return shared & known.fields(one.old) if one.old is not None else shared


def _before(sentence: str, one: Told, masked: Masked, known: Names) -> str:
    """The words before the first value, without those that name people or are quoted."""
    first = len(sentence)
    for name in (one.old, one.new):
        for place, c in enumerate(sentence):
            if masked.is_piece(c) and known.name(one.field, masked.open(c).strip()) == name:
                first = min(first, place)
        if name and (match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sentence, re.IGNORECASE)):
            first = min(first, match.start())
    words = "".join(
        " " if masked.is_quoted(c) or (masked.is_piece(c) and known.name("owner", masked.open(c))) else c
        for c in sentence[:first]
    )
    return " ".join(w for w in masked.open(words).split() if known.name("owner", w.strip(".,;:()")) is None)
