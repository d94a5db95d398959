"""Fields of records that a pack does not show. They go before anything is read from the records: what is withheld
stands in no table, no page and no digest of the pack."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from psa_evidence.errors import ConfigurationError
from psa_evidence.records import Digest
from psa_evidence.spi import RawRecord
from psa_evidence.vault import Vault

Withheld = Mapping[str, Mapping[str, str]]
"""Key of a record (`ticket/1042`) -> name of a top-level field -> reason, which the pack prints."""

Version = tuple[str, str, str]
"""Kind, id and digest of a record as the pack shows it."""


def version_of(record: RawRecord) -> Version:
    return (record.kind, record.id, record.sha256)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """`raw` are the records as they are shown, in the order given. A record with withheld fields has the fields that
    are left as its bytes and the digest of its `document`, the file that stands for it in the pack; `original` is what
    the vault holds of it, `fields` the number of fields withheld."""

    raw: tuple[RawRecord, ...]
    document: Mapping[Version, bytes]
    original: Mapping[Version, RawRecord]
    fields: Mapping[Version, int]

    def sealed(self, shown: Sequence[RawRecord]) -> tuple[RawRecord, ...]:
        """The same records as the vault holds them."""
        return tuple(self.original.get(version_of(record), record) for record in shown)


def withhold(vault: Vault, records: Sequence[RawRecord], withheld: Withheld) -> Disclosed:
    """Raises ConfigurationError when a record that is named is not among `records`, or has no such field."""
    if unknown := sorted(withheld.keys() - {record.key for record in records}):
        raise ConfigurationError(
            f"Fields of {unknown[0]} are to be withheld, but it is not among the records of this pack.",
            next_step="Correct the key; it is the kind and the id, as in ticket/1042.",
        )
    raw: list[RawRecord] = []
    document: dict[Version, bytes] = {}
    original: dict[Version, RawRecord] = {}
    fields: dict[Version, int] = {}
    for record in records:
        if not withheld.get(record.key):
            raw.append(record)
            continue
        made = vault.disclosure(record, withheld[record.key])
        digest = Digest(hashlib.sha256(made.document).hexdigest())
        raw.append(replace(record, body=made.body, sha256=digest))
        document[version_of(raw[-1])] = made.document
        original[version_of(raw[-1])] = record
        fields[version_of(raw[-1])] = made.withheld
    return Disclosed(tuple(raw), document, original, fields)
