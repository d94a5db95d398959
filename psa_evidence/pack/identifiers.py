"""Numbers and dates that Federal Rule of Civil Procedure 5.2 keeps out of public filings, found by their form.

A form is no proof: a number that only looks like one is found too, and one that is written in another way is not.
Names of minors have no form and are not looked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, get_args

from psa_evidence.matter import Identifier
from psa_evidence.pack.masking import texts
from psa_evidence.spi import RawRecord

SORTS: Final[tuple[Identifier, ...]] = get_args(Identifier)

_TAXPAYER: Final = re.compile(
    r"(?<![\d-])(?!000)\d{3}([- .])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])"
    r"|(?:\bSSN|\bsocial security(?: (?:no\.?|number|#))?|\bITIN|\bEIN|\bTIN|\btax(?:payer)? id)"
    r"\W{0,4}\d(?:[- ]?\d){8}(?!\d)",
    re.IGNORECASE,
)
_CARD: Final = re.compile(r"(?<![\d-])(?:4|5[1-5]|2[2-7]|3[47]|6011|65|35)\d*(?:[ -]?\d+){0,6}(?![\d-])")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_ACCOUNT: Final = re.compile(
    r"\b(?:(?:bank|checking|savings|giro) account|acct|account (?:no\.?|number|#)|routing|aba|sort code|iban)"
    r"(?: (?:no\.?|number|#))?\W{0,4}\d(?:[- ]?\d){5,17}(?!\d)",
    re.IGNORECASE,
)
_DATE: Final = (
    r"(?:\d{4}-\d\d?-\d\d?|\d\d?[/.-]\d\d?[/.-](?:\d{4}|\d\d)"
    r"|(?:\d\d?\.? )?[A-Z][a-z]{2,8}\.? (?:\d\d?(?:st|nd|rd|th)?,? )?\d{4})"
)
_BIRTH: Final = re.compile(
    rf"\b(?:D\.?O\.?B\.?|date of birth|birth ?da(?:te|y)|born(?: on)?)\W{{0,4}}{_DATE}", re.IGNORECASE
)


def found_in(text: str) -> Iterator[tuple[Identifier, str]]:
    """Sort and the passage, each as often as it stands there."""
    for match in _TAXPAYER.finditer(text):
        yield "taxpayer numbers", match[0]
    for match in _CARD.finditer(text):
        if 13 <= len(digits := re.sub(r"\D", "", match[0])) <= 19 and _luhn(digits):
            yield "payment cards", match[0]
    for match in _IBAN.finditer(text):
        if _iban(match[0].replace(" ", "")):
            yield "bank accounts", match[0]
    for match in _ACCOUNT.finditer(text):
        yield "bank accounts", match[0]
    for match in _BIRTH.finditer(text):
        yield "birth dates", match[0]


def terms(records: Iterable[RawRecord], sorts: Sequence[Identifier]) -> dict[str, Identifier]:
    """Every passage of these sorts in texts of the records, with its sort."""
    found: dict[str, Identifier] = {}
    for record in records:
        for text in _texts(record):
            found.update((passage, sort) for sort, passage in found_in(text) if sort in sorts)
    return found


def count(records: Iterable[RawRecord]) -> Mapping[Identifier, int]:
    """In how many records each sort was found."""
    found = dict.fromkeys(SORTS, 0)
    for record in records:
        for sort in {sort for text in _texts(record) for sort, _ in found_in(text)}:
            found[sort] += 1
    return {sort: n for sort, n in found.items() if n}


def _texts(record: RawRecord) -> Iterable[str]:
    """Words of people: texts with a blank or digits in them, but no links of the PSA to itself."""
    try:
        value = json.loads(record.body)
    except ValueError:
        return ()
    return (t for t in texts(value) if any(c.isdigit() for c in t) and not t.startswith(("http://", "https://")))


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if place % 2 else 1) for place, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _iban(text: str) -> bool:
    return len(text) >= 15 and int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1
