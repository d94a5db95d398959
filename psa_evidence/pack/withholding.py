"""Fields of records that a pack does not show. They go before anything is read from the records: what is withheld
stands in no table, no page and no digest of the pack."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from psa_evidence.errors import ConfigurationError
from psa_evidence.format.json_pointer import steps
from psa_evidence.pack.changes import LAST_UPDATE, ChangeRow
from psa_evidence.pack.masking import Masker, texts
from psa_evidence.pack.wording import NONE
from psa_evidence.records import REFERENCE_KINDS, Digest
from psa_evidence.spi import RawRecord
from psa_evidence.vault import Vault

Withheld = Mapping[str, Mapping[str, str]]
"""Key of a record (`ticket/1042`) -> name of a top-level field -> reason, which the pack prints."""

Version = tuple[str, str, str, str]
"""Kind, id and capture of a version of a record, and its digest as the pack shows it."""


def version_of(record: RawRecord) -> Version:
    return (record.kind, record.id, record.capture, record.sha256)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """`raw` are the records as they are shown, in the order given. A record with withheld fields has the fields that
    are left as its bytes and the digest of its `document`, the file that stands for it in the pack; `original` is what
    the vault holds of it, `fields` the number of fields withheld."""

    raw: tuple[RawRecord, ...]
    document: Mapping[Version, bytes]
    original: Mapping[Version, RawRecord]
    fields: Mapping[Version, int]
    masked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Key of a record -> its fields in which a masked term stood: not in the file, read with labels in the text."""

    def sealed(self, shown: Sequence[RawRecord]) -> tuple[RawRecord, ...]:
        """The same records as the vault holds them."""
        return tuple(self.original.get(version_of(record), record) for record in shown)


WHOLE: Final = Disclosed((), {}, {}, {})
"""Of records that are shown whole, and of no record."""


def withhold(
    vault: Vault, records: Sequence[RawRecord], withheld: Withheld, masker: Masker | None = None, reason: str = "",
    *, earlier: bool = False,
) -> Disclosed:  # fmt: skip
    """`masker` says which fields hold masked terms, besides; `reason` is why these are not shown. Raises
    ConfigurationError when a record that is named is not among `records`, or has no such field; not so of `earlier`
    versions, in which a field may be absent."""
    for key in sorted(withheld):
        if key.partition("/")[0] in REFERENCE_KINDS:
            raise ConfigurationError(
                f"Fields of {key} cannot be withheld: it is a setting by which targets are computed.",
                next_step="Show settings whole; they hold no client's data.",
            )
    if not earlier and (unknown := sorted(withheld.keys() - {record.key for record in records})):
        raise ConfigurationError(
            f"Fields of {unknown[0]} are to be withheld, but it is not among the records of this pack.",
            next_step="Correct the key; it is the kind and the id, as in ticket/1042.",
        )
    raw: list[RawRecord] = []
    document: dict[Version, bytes] = {}
    original: dict[Version, RawRecord] = {}
    fields: dict[Version, int] = {}
    masked: dict[str, tuple[str, ...]] = {}
    for record in records:
        names = withheld.get(record.key, {})
        if earlier and names:
            names = {name: why for name, why in names.items() if name in members_of(record.body)}
        masks = tuple(n for n in masker.fields(record.body) if n not in names) if masker and masker.terms else ()
        if not names and not masks:
            raw.append(record)
            continue
        made = vault.disclosure(record, {**names, **dict.fromkeys(masks, reason)})
        digest = Digest(hashlib.sha256(made.document).hexdigest())
        body = made.body
        if masker and masks:
            masked[record.key] = masks
            body = masker.body(_without(record.body, names))
        raw.append(replace(record, body=body, sha256=digest))
        document[version_of(raw[-1])] = made.document
        original[version_of(raw[-1])] = record
        fields[version_of(raw[-1])] = made.withheld
    return Disclosed(tuple(raw), document, original, fields, masked)


def members_of(body: bytes) -> frozenset[str]:
    """Names of the members of a JSON object; none of what is no object."""
    try:
        value = json.loads(body)
    except ValueError:
        return frozenset()
    return frozenset(value) if isinstance(value, dict) else frozenset()


def _without(body: bytes, names: Mapping[str, str]) -> bytes:
    return json.dumps({name: value for name, value in json.loads(body).items() if name not in names}).encode()


def masked_rows(rows: Sequence[ChangeRow], masker: Masker) -> tuple[ChangeRow, ...]:
    """Changes between versions with masked terms replaced: an earlier version may name what the newest does not."""
    if not masker.terms:
        return tuple(rows)

    def value(text: str) -> str:
        """Masked when a text in it, and so the member of the native, is: signs of JSON join no texts to a term."""
        try:
            found = list(texts(json.loads(text)))
        except ValueError:
            return masker.masked(text)
        return masker.masked(text) if any(map(masker.stands_in, found)) else text

    mask = masker.masked
    return tuple(
        replace(row, old=value(row.old), new=value(row.new), who=mask(row.who), note=mask(row.note)) for row in rows
    )


def without_withheld(rows: Sequence[ChangeRow], withheld: Withheld) -> tuple[ChangeRow, ...]:
    """Changes between versions, with those of withheld fields reduced to that there was one. What such a record says of
    its own last update is left out with them."""
    return tuple(_reduced(row, withheld[row.key]) if withheld.get(row.key) else row for row in rows)


def without_versions(rows: Sequence[ChangeRow], gone: Mapping[tuple[str, int], str]) -> tuple[ChangeRow, ...]:
    """Changes of which one of the two versions is withheld, by key and seal with the reason: that there was one."""

    def reduced(row: ChangeRow) -> ChangeRow:
        reason = gone.get((row.key, row.seal_before)) or gone.get((row.key, row.seal_after))
        if reason is None or row.what not in {"edited", "volatile"}:
            return row
        return replace(_unsigned(row), field="", old="", new="", note=f"withheld: {reason}")

    return tuple(map(reduced, rows)) if gone else tuple(rows)


def _unsigned(row: ChangeRow) -> ChangeRow:
    return replace(row, who=NONE, at=NONE, source="") if row.source == LAST_UPDATE else row


def _reduced(row: ChangeRow, names: Mapping[str, str]) -> ChangeRow:
    row = _unsigned(row)
    if row.what not in {"edited", "volatile"}:
        return row
    name = next(iter(steps(row.field)), None)
    if name is not None and name not in names:
        return row
    reason = names[name] if name is not None else "fields of the record are withheld"
    return replace(row, field="", old="", new="", note=f"withheld: {reason}")
