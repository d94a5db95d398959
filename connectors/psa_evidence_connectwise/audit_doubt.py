"""Words beside a change which say that it did not happen, may not have happened, or happened to another thing.

They count outside names and quotes, and outside the reason given for a change (`because the client did not answer`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from psa_evidence_connectwise.audit_names import Masked, Names
from psa_evidence_connectwise.audit_told import Told
from psa_evidence_connectwise.audit_words import FIELD, NOT_DONE, OTHER_NOUN, TAKEN_BACK, VERB

_BEHIND: Final = re.compile(rf"(?<!\w)(?:{NOT_DONE}|{TAKEN_BACK})(?!\w)", re.IGNORECASE)
"""What counts behind the values: a word of taking back stands for the change itself when it comes before them."""
_BEFORE: Final = re.compile(
    rf"(?<!\w)(?:{NOT_DONE}|attempt\w*|tr(?:y|ies|ied|ying)|requests|requesting|ask(?:s|ed|ing)|recommend\w*|plans|dry.run"
    r"|would|should|could|will|shall|(?<!\d )may(?! \d)|might|must|can|about to|going to|supposed|wants?|wanted|wish\w*"
    r"|please|remind\w*|expect\w*|remain\w*|stay(?:s|ed)?|allowed|permitted|forbidden|requires?|required|needs?|needed"
    r"|perhaps|maybe|(?:im)?possibl[ey]|probably|undo|no (?:status|priority|change|update|se|ha|fue|pudo|cambi\w+)"
    rf"|n['’](?:a|est|ont)|(?:{TAKEN_BACK})\W(?:.*\W)?(?:change|update))(?!\w)",
    re.IGNORECASE,
)
NOT_SO: Final = re.compile(rf"(?:{_BEFORE.pattern}|{_BEHIND.pattern})", re.IGNORECASE)
"""Any of these words."""
_REASON: Final = re.compile(
    r"(?<!\w)(?:because|since|due to|as (?:the|it|per|no|requested|agreed)|after|when|while|so that|in order to|per"
    r"|for)(?!\w).*",
    re.IGNORECASE | re.DOTALL,
)
_REASON_FIRST: Final = re.compile(r"^\W*(?:because|since|due to|as|after|when|once|upon|on)\b[^,]*,", re.IGNORECASE)
_LATER: Final = re.compile(
    r"(?<!\w)(?:change|update|it|this|that|transition)(?!\w)[^.]*?(?<!\w)(?:not|\w+n['’]t|never|fail(?:s|ed)|denied|refused"
    rf"|rejected|declined|blocked|prevented|ignored|skipped|aborted|cancell?ed|{TAKEN_BACK})(?!\w)",
    re.IGNORECASE,
)
_THING: Final = re.compile(
    r"\b(?:time entry|time ?sheet|task|company|contact|site|project|phase|schedule|activity|invoice|config(?:uration)?"
    r"|device|server|alert|monitor|backup|job|opportunity|order|po|agreement|contract|survey|check ?list|resource"
    r"|member|approval|billing|product|expense|quote|asset|shipment)s?\b",
    re.IGNORECASE,
)
"""Other things that have a status."""
_OF: Final = re.compile(
    rf"{FIELD.pattern}\s+(?:of|for)\s+(?:the\s+|an?\s+|its\s+)?(?P<thing>[\w\ue000-\uf8ff]+)", re.IGNORECASE
)
_TICKET: Final = re.compile(
    r"this|it|tickets?|service|sr|request|record|incident|case|\d+|[\ue000-\uf8ff]", re.IGNORECASE
)
_SENT: Final = re.compile(
    rf"{FIELD.pattern}\s+(?:update|report|summary|notification|e-?mail|message|letter)s?\s+(?:was\s+|has\s+been\s+)?"
    r"(?:sent|e-?mailed|posted|delivered|issued)\b",
    re.IGNORECASE,
)
_OLD_ALONE: Final = re.compile(
    r"(?<!\w)(?:old|previous|prior|former|last|original|before|anterior|vorherige[rn]?|bisherige[rn]?|ancien|oude)(?!\w)",
    re.IGNORECASE,
)
"""Before a value that stands alone: it is what was, not what became."""
_BESIDE: Final = re.compile(rf"(?:{OTHER_NOUN.pattern})\s*/\s*$", re.IGNORECASE)
"""`Impact/Priority`: which of the two changed is open."""
_CLAUSE: Final = re.compile(r"[,;|(]|\b(?:and|then|with)\b", re.IGNORECASE)


def in_doubt(told: Told, sentence: str, masked: Masked, known: Names) -> bool:
    """Whether the words of the (masked) sentence leave it open that this change happened to the ticket."""
    before, behind = _around_values(sentence, told, masked)
    return (
        _BEFORE.search(_REASON_FIRST.sub("", before)) is not None
        or (told.old is None and _OLD_ALONE.search(before) is not None)
        or _BEHIND.search(_REASON.sub("", behind)) is not None
        or _SENT.search(sentence) is not None
        or _of_another_thing(told, sentence, known)
    )


def taken_back(sentences: Iterable[str]) -> bool:
    """Whether one of the sentences beside a change says that it did not stand."""
    return any(_LATER.search(_REASON.sub("", sentence)) for sentence in sentences)


def _of_another_thing(told: Told, sentence: str, known: Names) -> bool:
    for match in _OF.finditer(sentence):
        if _TICKET.fullmatch(match["thing"]) is None and known.name(told.field, match["thing"]) is None:
            return True
    field = FIELD.search(sentence)
    if field is None:
        return False
    if _BESIDE.search(sentence[: field.start()]):
        return True
    before = _CLAUSE.split(sentence[: field.start()])[-1]
    things = list(_THING.finditer(before))
    return bool(things) and VERB.search(before, things[-1].end()) is None


def _around_values(sentence: str, told: Told, masked: Masked) -> tuple[str, str]:
    """The words up to the last value, and those behind it; one occurrence of each value taken out."""
    text, end = sentence, 0
    for name in (told.new, told.old):
        place = None if name is None else _find(text, name, masked)
        if place is not None:
            start, stop = place
            text = text[:start] + " " * (stop - start) + text[stop:]
            end = max(end, stop)
    return text[:end], text[end:]


def _find(text: str, name: str, masked: Masked) -> tuple[int, int] | None:
    for place, c in enumerate(text):
        if masked.is_piece(c) and masked.open(c).strip().casefold() == name.casefold():
            return place, place + 1
    places = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)]
    return places[-1] if places else None
