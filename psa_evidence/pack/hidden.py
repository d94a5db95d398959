"""What must not be found in a finished pack: pieces of all that was withheld or masked.

Not looked for, because the same may rightly stand elsewhere: what a shown record or the log says too; dates, numbers
and single common words of records withheld in full; a passage shorter than `PIECE` letters cut out of a longer text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from psa_evidence.pack.masking import texts
from psa_evidence.pack.withholding import version_of
from psa_evidence.selftest import Looking, Secret
from psa_evidence.selftest.extract import texts_of
from psa_evidence.selftest.plain import LONG, squeezed, words
from psa_evidence.spi import RawRecord

if TYPE_CHECKING:
    from psa_evidence.pack.view import View

PIECE: Final = 24
"""Letters and digits. A long text is looked for piece by piece, since pages and columns break it."""

WORDY: Final = 20
"""A text without a space is a name out of the PSA's own vocabulary up to here, not somebody's words."""

MIN_DIGITS: Final = 5
"""A shorter number stands in every pack."""

_NUMBER: Final = re.compile(r"-?[\d.]+\Z")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?\Z")


def secrets_of(view: View, held: Sequence[RawRecord], shown: Sequence[RawRecord]) -> tuple[Secret, ...]:
    """`held` are all records as received and their earlier versions, `shown` those of the pack as they are shown."""
    gone, versions = view.decisions.records, view.decisions.versions
    decided = {**view.decisions.earlier_fields, **view.decisions.fields}
    in_part = {version_of(o) for each in (view.disclosed, view.earlier.disclosed) for o in each.original.values()}
    found: dict[str, tuple[str, str]] = {}
    for record in held:
        decision = gone.get(record.key) or versions.get((record.key, record.sha256))
        if decision is not None:
            _add(found, _of_record(record), decision.rule, record.key)
        elif version_of(record) in in_part:
            masks = set(view.disclosed.masked.get(record.key, ()))
            names = {*view.withheld.get(record.key, {}), *view.decisions.earlier_fields.get(record.key, {})}
            for name in names - masks:
                rule = decided[record.key][name].rule if name in decided.get(record.key, {}) else "a withheld field"
                _add(found, _of_field(record, name), rule, f"{name} of {record.key}")
        if decision is not None or version_of(record) in in_part:
            digest = sha256(record.body).hexdigest()
            rule = decision.rule if decision is not None else "the digest of a record with withheld fields"
            _add(found, (digest, digest[:16]), rule, record.key)
    if found:
        looking = Looking.of(Secret(plain, rule) for plain, (rule, _) in found.items())
        for text in _shown_texts(view, shown):
            for plain in looking.plain_in(text):
                found.pop(plain, None)
    if view.decisions.mask is not None:
        for term, label in view.decisions.masker.terms.items():
            _add(found, (squeezed(term),), view.decisions.mask.rule, f"every record, as {label}")
    return tuple(Secret(plain, *why) for plain, why in sorted(found.items()))


def view_log(view: View) -> Iterable[tuple[str, ...]]:
    """What the log itself states of withheld records: their authors."""
    authors = {m.source.key: m.author for m in view.whole.records.messages}
    members = {e.source.key: e.member for e in view.whole.records.time_entries}
    for key, decision in view.decisions.records.items():
        yield (authors.get(key) or "", members.get(key) or "", decision.reason, decision.description)


def pieces(text: str) -> list[str]:
    """A text cut for the search: as it is when short, else line by line and in pieces, none of them shorter than a
    word that is looked for anywhere. Lines that are shorter are taken together with the short ones below them."""
    if len(plain := squeezed(text)) < PIECE + LONG:
        return [plain]
    runs = [""]
    for plain in map(squeezed, text.splitlines()):
        if len(plain) >= LONG:
            runs += [plain, ""]
        else:
            runs[-1] += plain
    made = [run[at : at + PIECE] for run in runs for at in range(0, len(run), PIECE)]
    return [piece for piece in made if len(piece) >= LONG]


def _of_record(record: RawRecord) -> Iterable[str]:
    for text in _texts(record):
        if not _INSTANT.match(text) and (len(words(text)) > 1 or "@" in text) and not _url(text):
            yield from (p for p in pieces(text) if len(p) >= LONG)
        elif len(squeezed(text)) >= WORDY and not _INSTANT.match(text) and not _url(text):
            yield from pieces(text)


def _of_field(record: RawRecord, name: str) -> Iterable[str]:
    value = json.loads(record.body).get(name)
    inner = value.values() if isinstance(value, dict) else [value]
    for each in inner:
        for text in texts(each):
            if not _INSTANT.match(text) and not _url(text) and not (_NUMBER.match(text) and len(text) < MIN_DIGITS):
                yield from pieces(text)


def _url(text: str) -> bool:
    """Links of the PSA to itself, which every record is full of."""
    return text.startswith(("http://", "https://")) and " " not in text


def _texts(record: RawRecord) -> Iterable[str]:
    try:
        value = json.loads(record.body)
    except ValueError:
        return ()
    return texts(list(value.values())) if isinstance(value, dict) else ()


def _shown_texts(view: View, shown: Sequence[RawRecord]) -> Iterable[str]:
    """Every cell of the log, as one word, and every text of the records shown; each once. Then each record as the
    search reads it: as one text too, where a name and its value make a word (`"title":"Account`), and in other
    spellings. And its digest, which a withheld record of the same bytes has as well."""
    yield from {squeezed(cell) for row in view_log(view) for cell in row}
    yield from {text for record in shown for text in _texts(record)}
    for record in shown:
        if record.body.lstrip()[:1] == b"{":
            yield from texts_of(record.body)
    yield from (sha256(record.body).hexdigest() for record in shown)


def _add(found: dict[str, tuple[str, str]], plains: Iterable[str], rule: str, of: str = "") -> None:
    for plain in plains:
        if plain:
            found.setdefault(plain, (rule, of))
