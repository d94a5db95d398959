"""Terms replaced wherever they stand in a record, before anything is read from it: names, addresses, numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from psa_evidence.matter import Masks
from psa_evidence.records import RecordSet
from psa_evidence.selftest.plain import LONG, normal, squeezed, words

LABEL: Final[Mapping[str, str]] = {
    "contact names": "[name withheld]",
    "contact e-mails": "[e-mail withheld]",
    "contact phones": "[number withheld]",
    "taxpayer numbers": "[number withheld]",
    "payment cards": "[number withheld]",
    "bank accounts": "[number withheld]",
    "birth dates": "[birth date withheld]",
    "terms": "[withheld]",
}
"""Of one length whatever stood there: a bar as long as the word would tell it."""

MIN_LETTERS: Final = 3

_HALF: Final = re.compile(r"\\ud[89a-f][0-9a-f]{2}")
"""Half a surrogate pair as it is read: in the record it stands as a character."""
NONE: Final[Mapping[str, str]] = {}


def terms_of(masks: Masks, records: RecordSet, passages: Mapping[str, str] = NONE) -> dict[str, str]:
    """Term -> label. Of contacts, as the PSA lists them, and of those that records name as the client's people;
    `passages` are further terms with their sort."""
    found: dict[str, str] = dict.fromkeys(masks.terms, LABEL["terms"])
    found |= {term: LABEL[sort] for term, sort in passages.items()}
    sorts: dict[str, Iterable[str | None]] = {
        "contact names": (
            *(c.name for c in records.contacts),
            *(t.contact_name for t in records.tickets),
            *(o.contact for o in records.opportunities),
            *(a.contact for a in records.activities),
            *(m.author for m in records.messages if m.side == "client"),
        ),
        "contact e-mails": (e for c in records.contacts for e in c.emails),
        "contact phones": (p for c in records.contacts for p in c.phones),
    }
    for sort in masks.sorts:
        for term in sorts.get(sort, ()):
            if term and len(squeezed(term)) >= MIN_LETTERS:
                found.setdefault(_HALF.sub("", term).strip(), LABEL[sort])
    return dict(sorted(found.items()))


class Masker:
    """Finds terms as the search of the finished pack does: case, spaces, punctuation and Unicode forms do not count."""

    def __init__(self, terms: Mapping[str, str]) -> None:
        self.terms: Final = dict(terms)
        by_plain = {squeezed(term): label for term, label in sorted(terms.items(), reverse=True)}
        by_plain.pop("", None)
        self._label = by_plain
        self._long = sorted((t for t in by_plain if len(t) >= LONG), key=lambda t: (-len(t), t))
        self._short = sorted((t for t in by_plain if len(t) < LONG), key=lambda t: (-len(t), t))
        pieces = [_spread(t) for t in self._long] + [rf"(?<![^\W_]){_spread(t)}(?![^\W_])" for t in self._short]
        self._pattern = re.compile("|".join(f"({piece})" for piece in pieces), re.IGNORECASE) if pieces else None
        self._order = self._long + self._short

    def stands_in(self, text: str) -> bool:
        plain_words = words(text)
        plain = "".join(plain_words)
        if any(term in plain for term in self._long):
            return True
        return any(term in plain and _as_words(term, plain_words) for term in self._short)

    def masked(self, text: str) -> str:
        """The text with labels in the place of terms; a text in which one cannot be cut out is a label as a whole."""
        if self._pattern is None or not self.stands_in(text):
            return text
        cut = self._pattern.sub(lambda match: self._label[self._order[(match.lastindex or 1) - 1]], text)
        if not self.stands_in(cut):
            return cut
        cut = self._pattern.sub(lambda match: self._label[self._order[(match.lastindex or 1) - 1]], normal(text))
        return LABEL["terms"] if self.stands_in(cut) else cut

    def fields(self, body: bytes) -> tuple[str, ...]:
        """Top-level members of a JSON object in which a term stands, in name or value; none of what is no object."""
        value = _object(body)
        return tuple(name for name, inner in value.items() if any(self.stands_in(t) for t in (name, *texts(inner))))

    def body(self, body: bytes) -> bytes:
        """The object with every text masked."""
        return json.dumps(self._value(_object(body)), ensure_ascii=False).encode("utf-8", "surrogatepass")

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.masked(value)
        if isinstance(value, list):
            return [self._value(item) for item in value]
        if isinstance(value, dict):
            return {name: self._value(item) for name, item in value.items()}
        return value


def texts(value: Any) -> Iterable[str]:
    """Every text in a JSON value, names of members included; numbers as they are written."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _spread(term: str) -> str:
    return r"[\W_]*".join(re.escape(c) for c in term)


def _as_words(term: str, found: Sequence[str]) -> bool:
    """Whether consecutive words, put together, are the term."""
    for start in range(len(found)):
        joined = ""
        for word in found[start:]:
            joined += word
            if joined == term:
                return True
            if not term.startswith(joined):
                break
    return False
