"""Lines that tell of the ticket itself: created, deleted, merged; and lines that are about another ticket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from psa_evidence_connectwise.audit_doubt import NOT_SO
from psa_evidence_connectwise.audit_told import Told, Unclear

_CREATED: Final = re.compile(
    r"^\s*(?:(?:new|this|the)\s+)*(?:(?:service\s+|project\s+)?(?:ticket|record|request|incident))?\s*"
    r"(?:(?:#|no\.?|number)?\s*(?P<id>\d+))?\s*(?:was\s+|has\s+been\s+|is\s+)?(?:newly\s+)?"
    r"(?:created|opened|entered|logged|submitted)\b",
    re.IGNORECASE,
)
_DELETED: Final = re.compile(
    r"^\s*(?:(?:this|the)\s+)?(?:(?:service\s+)?(?:ticket|record))\s*(?:#?\s*(?P<id>\d+))?\s*"
    r"(?:was\s+|has\s+been\s+)?(?:permanently\s+)?deleted\b(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_PLAIN_END: Final = re.compile(
    r"(?:\s+(?:permanently|successfully|manually))?\s*(?:[.!]?\s*$|(?:by|on|at|via)\b)", re.IGNORECASE
)
"""What may follow the word for a deletion; anything else may be what was deleted, or what it was deleted from."""
_MERGED: Final = re.compile(
    r"\b(?:merged|combined)\s+(?:in)?to\s+(?:(?P<this>this)|(?:the\s+)?(?:parent\s+)?(?:service\s+)?(?:ticket\s*)?#?\s*(?P<to>\d+))",
    re.IGNORECASE,
)
_MERGING: Final = re.compile(
    r"^(?:(?:this|the|service|child|parent|duplicate|source|tickets?|request|record|incident|case|sr|number|no|id|has|have|was"
    r"|were|been|is|are|got|and|now|successfully|automatically|manually|by)\b|[#\d\s.,:;()\ue000-\uf8ff'\"-])*$",
    re.IGNORECASE,
)
"""What may stand before the word for a merge of tickets: tickets alone."""
_MERGE: Final = re.compile(r"\b(?:merged|combined|bundled)\b", re.IGNORECASE)
_TICKET: Final = re.compile(r"\btickets?\b|#\s*\d", re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"#\s*(\d+)|\b(?:tickets?|requests?|incidents?|cases?|sr)\s*(?:no\.?|number|id)?\s*[:-]?\s*(\d+)\b", re.IGNORECASE
)
_LEADING: Final = re.compile(
    r"^\W*(?:[a-z]+\s+)?(\d+)\s*(?::(?!\d)|(?:ticket\s+)?(?:status|priority)\b)", re.IGNORECASE
)
"""A number that the line begins with, as another ticket's is written: `77: status changed`."""
_KIN: Final = re.compile(
    r"\b(?:child(?:ren)?|parent|sub-?|sibling|related|linked|merged|bundled|duplicate|other|another|master)\s*-?\s*"
    r"(?:service\s+)?(?:ticket|record|request|incident|case)s?\b"
    r"|\b(?:child|parent|duplicate)\b(?=\s*#?\s*\d)",
    re.IGNORECASE,
)
_THEIRS: Final = re.compile(
    rf"(?:{_KIN.pattern}|\bticket)\s*(?:#?\s*\d+)?(?:'s)?\s+(?:status|priority|board|owner|agreement|sla)\b",
    re.IGNORECASE,
)
_OF_THEM: Final = re.compile(
    rf"\b(?:status|priority|board|owner|agreement|sla)\s+(?:of|for|on|in)\s+(?:the\s+)?(?:{_KIN.pattern}|ticket)\s*(?:#?\s*\d+)?",
    re.IGNORECASE,
)


def events(sentence: str, ticket: str) -> Iterator[Told | Unclear]:
    """Of the ticket with id `ticket`; `sentence` with its names and quotes as they stand."""
    if (match := _CREATED.match(sentence)) and match["id"] in {None, ticket}:
        yield Told("created", None, None)
    if (match := _DELETED.match(sentence)) and match["id"] in {None, ticket}:
        if _PLAIN_END.match(match["rest"]) and not NOT_SO.search(match["rest"]):
            yield Told("deleted", None, None)
        else:
            yield Unclear("deleted", "a deletion of this ticket that is not certain")
    if (match := _MERGED.search(sentence)) and (
        NOT_SO.search(sentence) or not _MERGING.match(sentence[: match.start()])
    ):
        yield Unclear("merged", "it is not certain that the ticket was merged")
    elif match:
        other = next((a or b for a, b in _NUMBER.findall(sentence[: match.start()]) if (a or b) != ticket), None)
        if match["to"] and match["to"] != ticket:
            yield Unclear("merged", "a merge of other tickets") if other else Told("merged", None, match["to"])
        elif other is not None:
            yield Told("merged", other, ticket)
        else:
            yield Unclear("merged", "a merge that does not name both tickets")
    elif _MERGE.search(sentence) and _TICKET.search(sentence):
        yield Unclear("merged", "a merge that does not say which ticket was kept")


def other_ticket(sentence: str, ticket: str) -> tuple[int, bool] | None:
    """Where the sentence names another ticket, and whether the field in it is that ticket's (`status of ticket #7`).

    By its number, or as child, parent and the like. None when it names no other.
    """
    places = [match.start() for match in _KIN.finditer(sentence)]
    places += [match.start() for match in _NUMBER.finditer(sentence) if (match[1] or match[2]) != ticket]
    if (leading := _LEADING.match(sentence)) and leading[1] != ticket:
        places.append(leading.start(1))
    if not places:
        return None
    owned = any(
        _KIN.search(match[0]) or any((a or b) != ticket for a, b in _NUMBER.findall(match[0]))
        for match in (*_THEIRS.finditer(sentence), *_OF_THEM.finditer(sentence))
    )
    return min(places), owned
