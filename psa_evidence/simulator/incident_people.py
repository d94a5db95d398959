"""The people of an incident log: whoever touched an incident is a member, whoever called is a contact."""

from __future__ import annotations

import re

from psa_evidence.simulator.incident_log import IncidentLog
from psa_evidence.simulator.incident_setup import company_of, company_reference
from psa_evidence.simulator.store import Row

ZONE: Row = {"id": 1, "name": "UTC", "offset": 0.0, "defaultFlag": True, "daylightSavingsFlag": False}
"""The log's times carry no zone and are taken as UTC, so the people live there too."""

_COLUMNS = ("sys_updated_by", "assigned_to", "resolved_by", "opened_by")
_LOGINS = {"Updated by": "user", "Resolver": "resolver", "Resolved by": "closer", "Opened by": "opener"}


def members_of(log: IncidentLog) -> dict[str, Row]:
    """By the log's word for them (`Resolver 17`); ids count in the order of these words."""
    words = sorted({word for column in _COLUMNS for word in log.words(column)}, key=_natural)
    return {word: _member(row_id, word) for row_id, word in enumerate(words, 1)}


def contacts_of(log: IncidentLog) -> dict[int, Row]:
    """By id, ascending; a caller belongs to the client of his first incident."""
    contacts: dict[int, Row] = {}
    for place in range(len(log.numbers)):
        events = log.span(place)
        for event in (events.start, events.stop - 1):
            word = log.word("caller_id", event)
            if word is not None and digits(word) not in contacts:
                contacts[digits(word)] = {
                    "id": digits(word),
                    "firstName": "Caller",
                    "lastName": str(digits(word)),
                    "company": company_reference(company_of(log.word("location", events.start))),
                    "inactiveFlag": False,
                }
    return dict(sorted(contacts.items()))


def digits(word: str) -> int:
    """The number in a word of the log: 17 of `Resolver 17`; 0 when it has none."""
    return int("".join(c for c in word if c in "0123456789") or "0")


def _natural(word: str) -> tuple[str, int]:
    return word.rstrip("0123456789"), digits(word)


def _member(row_id: int, word: str) -> Row:
    kind = word.rstrip("0123456789 ")
    number = word[len(kind) :].strip()
    return {
        "id": row_id,
        "identifier": _LOGINS.get(kind, re.sub(r"\W", "", kind).lower()) + number,
        "name": word,
        "firstName": kind,
        "lastName": number or kind,
        "inactiveFlag": False,
        "timeZone": {"id": ZONE["id"], "name": ZONE["name"]},
        "calendar": {"id": 1, "name": "Monday to Friday"},
    }
