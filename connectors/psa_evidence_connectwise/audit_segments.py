"""A sentence cut into statements, one for each field that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from psa_evidence.records import ChangeField
from psa_evidence_connectwise.audit_names import Names
from psa_evidence_connectwise.audit_words import FIELD, FIELD_WORDS, OTHER_NOUN, VERB

ABOUT: Final = re.compile(rf"\s*(?:the\s+)?(?:service\s+|ticket'?s?\s+)?{FIELD.pattern}", re.IGNORECASE)
_FOLLOWS: Final = re.compile(
    r"\W*$|\s*[:=,;.()_\[\ue000-\uf8ff]|\s*(?:-+>|=+>|→|⇒|>>|»)|\s*-\s|'s\b|[がはの的由从]|\s+(?:of|for|on|was|were|has|have|had|is|are|now|to|into|from"
    r"|as|value|field|name|old|new|previous|by|went|goes|became|and|with|\w+ed|\w+ly|also|then|just|set|reset|update|change|changes|moves"
    r"|transition|von|vom|wurde|du|de|des|del|della|dello|do|da|van|fra|från|a|à|été|ha|è|fue|foi|is|werd|ble|blev"
    r"|endret|ändrades|geändert|gewijzigd|modifi\w+|cambi\w+|auf|zu|en|naar|til|till|id|code|level|attribute|column)\b",
    re.IGNORECASE,
)
"""What may follow a field's word; a noun after it makes another field of it (`Priority confirmation`)."""
_BEFORE: Final = frozenset({
    "", "the", "ticket", "tickets", "ticket's", "service", "request", "record", "this", "its", "of", "and", "with",
    "in", "new", "old", "current", "initial", "previous", "from", "to", "into", "board", "as", "s", "on", "by", "value",
    "field", "attribute", "column", "property", "a", "an", "der", "den", "die", "dem", "le", "la", "el", "il", "lo",
    "o", "het", "de", "du", "del", "l", "ticketstatus", "work", "incident", "case", "audit", "edit", "edited", "update",
    "change",
})  # fmt: skip
"""What may stand before it; another noun there makes another field of it (`Approval status`)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Words about one field. `qualified`: a word beside it may make another field of it."""

    field: ChangeField
    text: str
    qualified: bool = False


def segments(sentence: str, known: Names) -> Iterator[Segment]:
    """The sentence cut where the next field's word begins a statement of its own."""
    marks: list[tuple[int, ChangeField, bool]] = []
    for match in FIELD.finditer(sentence):
        of = FIELD_WORDS[match[1].lower()]
        follows = _FOLLOWS.match(sentence, match.end()) or _begins_name(of, sentence[match.end() :], known)
        before = sentence[: match.start()].rstrip().lower()
        if marks and not _begins(sentence, match, before, repeated=marks[-1][1] == of):
            continue
        if not follows and OTHER_NOUN.match(sentence[match.end() :].lstrip()):
            continue
        words = re.findall(r"[\w']+", before)
        last = words[-1].removesuffix("'s") if words and before[-1:] not in ",;:(.[-–—|/" else ""
        sound = (
            last in _BEFORE
            or last.isdecimal()
            or VERB.fullmatch(last) is not None
            or "\ue000" <= before[-1:] <= "\uf8ff"
        )
        marks.append((match.start(), of, not (sound and follows)))
    for index, (start, of, qualified) in enumerate(marks):
        begin = 0 if index == 0 else start
        end = marks[index + 1][0] if index + 1 < len(marks) else len(sentence)
        text = re.sub(r"(?:\s*[,;(&]|\s+and|\s+with|\s+und|\s+et)+\s*$", "", sentence[begin:end], flags=re.IGNORECASE)
        yield Segment(of, text, qualified)


def _begins(sentence: str, match: re.Match[str], before: str, *, repeated: bool) -> bool:
    """Whether a further word of a field begins a statement of its own."""
    rest = re.match(r"\s*(?:(?:was|is|has|have|been|were)\s+)*", sentence[match.end() :])
    verb = VERB.match(sentence, match.end() + (rest.end() if rest else 0)) is not None
    joined = before.endswith((",", " and", "with", ";", ":", "(", ".", "&", " und", " et"))
    return (verb and joined) if repeated else (verb or joined)


def _begins_name(of: ChangeField, rest: str, known: Names) -> bool:
    word = re.match(r"\s+(\S+)", rest)
    return word is not None and known.name(of, word[1].strip(".,;:()")) is not None
