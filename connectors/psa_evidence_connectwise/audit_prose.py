"""One audit line to the changes it tells of.

The vendor documents no sentence, and sentences differ by version and language settings. So nothing here knows whole
sentences: it looks for a field's word, for known or quoted names, and for the words that give a direction. A line
about a field that allows two readings, or none, is not guessed at: it is `Unclear`, and listed for people.
"""

from __future__ import annotations

import re
from typing import Final

from psa_evidence.records import ChangeField
from psa_evidence_connectwise.audit_by_names import DECISIVE
from psa_evidence_connectwise.audit_doubt import in_doubt, taken_back
from psa_evidence_connectwise.audit_events import events, other_ticket
from psa_evidence_connectwise.audit_names import Masked, Names, mask
from psa_evidence_connectwise.audit_segments import ABOUT, segments
from psa_evidence_connectwise.audit_sentence import Kind, read_sentence
from psa_evidence_connectwise.audit_statement import change
from psa_evidence_connectwise.audit_text import plain
from psa_evidence_connectwise.audit_told import Told, Unclear
from psa_evidence_connectwise.audit_words import (
    FIELD,
    FIELD_WORDS,
    NEW_LABEL,
    OLD_LABEL,
    VERB,
)

__all__ = ["Told", "Unclear", "read_line"]

MAX_TEXT: Final = 4000
"""Longer lines are free text, not audit sentences."""
_SENTENCE: Final = re.compile(r"(?<=[.;!|])\s+|[\r\n]+|\s\|\s")
_FREE_TEXT: Final = re.compile(
    r"\s*(?:an?\s+|the\s+|new\s+|internal\s+|notification\s+)*(?:note|e-?mail(?!\s+(?:connector|parser|rule))|document|attachment|discussion|comment"
    r"|time entry|time|summary|description|resolution|internal analysis|custom field|message|reply|survey|activity"
    r"|schedule|configuration|notification|expense|product|task|sms)\b",
    re.IGNORECASE,
)
_OTHER_TYPES: Final = frozenset({
    "email", "e-mail", "note", "notes", "document", "documents", "time", "timeentry", "schedule", "products", "expense",
    "configuration", "task", "tasks", "survey", "surveys", "customfield", "combinedemail",
})  # fmt: skip
_REASON: Final = re.compile(
    r"\b(?:because|due|since|by|via|after|when|while|through|as|per)\b(?:\s+(?:to|of|all|the|its|a|an|an?other))*\s*$",
    re.IGNORECASE,
)
"""What the change of this ticket came from may name another one."""
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|[\s_\-/.]+")


def read_line(text: str, audit_type: str, sub_type: str, ticket: str, known: Names) -> list[Told | Unclear]:
    """The changes of one line, in the order of its words; empty when it is about something else."""
    if len(text) > MAX_TEXT:
        return []
    hinted = _hint(sub_type) or _hint(audit_type)
    masked = mask(_one_statement(plain(text)), known)
    other = audit_type.strip().lower() in _OTHER_TYPES and hinted is None
    if _FREE_TEXT.match(masked.text) and hinted is None:
        return _inside_free_text(masked, known)
    named = FIELD.search(masked.text) is not None
    found: list[Told | Unclear] = []
    created = False
    sentences = [sentence for sentence in _SENTENCE.split(masked.text) if sentence.strip()]
    for sentence in sentences:
        happened = [] if other else list(events(_opened_words(sentence, masked), ticket))
        created = created or any(isinstance(one, Told) and one.field == "created" for one in happened)
        kind = Kind(None if named else hinted, created, other)
        told = read_sentence(sentence, masked, known, kind)
        place = other_ticket(sentence, ticket) if told else None
        if place is not None:
            told = _beside_another(told, sentence, place, masked, known, kind)
        others = [other for other in sentences if other is not sentence]
        found += happened + [_certain(one, sentence, others, masked, known) for one in told]
    if not other:
        found = _with_rest(found, masked, known)
    return _without_doubles(found)


def _with_rest(found: list[Told | Unclear], masked: Masked, known: Names) -> list[Told | Unclear]:
    """Values that no sentence accounts for: a name alone between two stops makes the line uncertain."""
    alone = [" ".join(masked.open(one).split()).strip(" .,;:|()[]+-*•") for one in _SENTENCE.split(masked.text)]
    for of in sorted(DECISIVE):
        told = [one for one in found if one.field == of]
        stray = {name for one in alone if (name := known.name(of, one)) is not None}
        if told and stray and all(isinstance(one, Told) and one.old is None for one in told):
            found = [one for one in found if one.field != of]
            found.append(Unclear(of, f"more than one way to read the change of {of}"))
        elif not told and len(stray) > 1:
            found.append(Unclear(of, f"the line names two values of {of} and cannot be read"))
    return found


def _beside_another(
    told: list[Told | Unclear], sentence: str, place: tuple[int, bool], masked: Masked, known: Names, kind: Kind
) -> list[Told | Unclear]:
    """What a sentence says that names another ticket: of this one only when the words before that say the same."""
    start, possessive = place
    if possessive:
        return []
    if _REASON.search(sentence[:start]):
        before = read_sentence(sentence[:start], masked, known, kind)
        if before and all(isinstance(one, Told) for one in before):
            return before
    return [Unclear(one.field, "the line names another ticket") for one in told]


def _certain(
    one: Told | Unclear, sentence: str, others: list[str], masked: Masked, known: Names
) -> Told | Unclear:  # fmt: skip
    if isinstance(one, Told) and (in_doubt(one, sentence, masked, known) or taken_back(others)):
        return Unclear(one.field, f"the words leave open whether the ticket's {one.field} changed")
    return one


def _hint(kind: str) -> ChangeField | None:
    """The field that a type or subtype names: `Status`, `TicketStatus`, `Status Change`."""
    if not kind:
        return None
    whole = FIELD_WORDS.get(kind.strip().lower())
    if whole is not None:
        return whole
    words = [word.lower() for word in _CAMEL.split(kind.strip()) if word]
    rest = [word for word in words if word not in {"ticket", "service", "change", "changed", "update", "updated", "sr"}]
    return FIELD_WORDS.get(rest[0]) if len(rest) == 1 and len(words) <= 3 else None


def _one_statement(text: str) -> str:
    """Old and new value on lines of their own, with their labels, are one statement."""
    if len(OLD_LABEL.findall(text)) == 1 == len(NEW_LABEL.findall(text)):
        return re.sub(r"\s*(?:[\r\n]+|\||;|(?<!\d)\.(?=\s))\s*", ", ", text.strip())
    return text


def _opened_words(sentence: str, masked: Masked) -> str:
    """With names as they stand, and quotes still closed."""
    return "".join(c if not masked.is_piece(c) or masked.is_quoted(c) else masked.open(c) for c in sentence)


def _inside_free_text(masked: Masked, known: Names) -> list[Told | Unclear]:
    """A note or an e-mail that quotes a change is no change; whether it quotes one cannot be told from the words."""
    first, *others = _SENTENCE.split(masked.text)
    for sentence in (first.partition(":")[0], *(other for other in others if ABOUT.match(other))):
        if VERB.search(sentence):
            for one in segments(sentence, known):
                if isinstance(change(one.field, one.text, masked, known), Told):
                    return [Unclear(one.field, f"a sentence about {one.field} stands inside a free text")]
    return []


def _without_doubles(found: list[Told | Unclear]) -> list[Told | Unclear]:
    unique: list[Told | Unclear] = []
    for one in found:
        if one not in unique:
            unique.append(one)
    return unique
