"""Lines that tell of the ticket itself: created, deleted, merged; and lines that are about another ticket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from psa_evidence_connectwise.audit_told import Told, Unclear

_CREATED: Final = re.compile(
    r"^\s*(?:(?:new|this|the)\s+)*(?:(?:service\s+|project\s+)?(?:ticket|record|request|incident))?\s*"
    r"(?:(?:#|no\.?|number)?\s*(?P<id>\d+))?\s*(?:was\s+|has\s+been\s+|is\s+)?(?:newly\s+)?"
    r"(?:created|opened|entered|logged|submitted)\b",
    re.IGNORECASE,
)
_DELETED: Final = re.compile(
    r"^\s*(?:(?:this|the)\s+)?(?:(?:service\s+)?(?:ticket|record))\s*(?:#?\s*(?P<id>\d+))?\s*"
    r"(?:was\s+|has\s+been\s+)?deleted\b",
    re.IGNORECASE,
)
_MERGED: Final = re.compile(
    r"\b(?:merged|combined)\s+(?:in)?to\s+(?:(?P<this>this)|(?:the\s+)?(?:parent\s+)?(?:service\s+)?(?:ticket\s*)?#?\s*(?P<to>\d+))",
    re.IGNORECASE,
)
_MERGE: Final = re.compile(r"\b(?:merged|combined|bundled)\b", re.IGNORECASE)
_TICKET: Final = re.compile(r"\btickets?\b|#\s*\d", re.IGNORECASE)
_NUMBER: Final = re.compile(r"#\s*(\d+)|\btickets?\s+(?:no\.?\s*|number\s*)?(\d+)", re.IGNORECASE)
_KIN: Final = re.compile(
    r"\b(?:child(?:ren)?|parent|sub-?|sibling|related|linked|merged|bundled|other|master)\s*-?\s*(?:service\s+)?(?:ticket|record)s?\b"
    r"|\b(?:child|parent)\b(?=\s*#?\s*\d)",
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
        yield Told("deleted", None, None)
    if match := _MERGED.search(sentence):
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
    if not places:
        return None
    owned = any(
        _KIN.search(match[0]) or any((a or b) != ticket for a, b in _NUMBER.findall(match[0]))
        for match in (*_THEIRS.finditer(sentence), *_OF_THEM.finditer(sentence))
    )
    return min(places), owned
