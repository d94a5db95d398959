"""A leaf commits to one record version: which connection, kind and id, seen in which capture, with which bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from psa_evidence.format.canonical import quoted, utf8
from psa_evidence.format.merkle import leaf_hash

LEAF_FORMAT: Final = "psa-evidence/leaf/2"


@dataclass(frozen=True, slots=True)
class Leaf:
    """`record` is the salted commitment to the record's bytes as received, `fields` the root over its salted fields,
    None when the bytes are not a JSON object (`psa_evidence.format.commitment`). Kind and id are inside what is
    hashed, so that a record cannot be passed off as another."""

    connection: str
    kind: str
    id: str
    record: str
    fields: str | None
    capture: str

    def document(self) -> bytes:
        """Canonical JSON of the leaf; what is hashed. Raises FormatError on what is not Unicode."""
        fields = "null" if self.fields is None else quoted(self.fields)
        text = (
            f'{{"capture":{quoted(self.capture)},"connection":{quoted(self.connection)},"fields":{fields},'
            f'"format":"{LEAF_FORMAT}","id":{quoted(self.id)},"kind":{quoted(self.kind)},'
            f'"record":{quoted(self.record)}}}'
        )
        return utf8(text)

    def hash(self) -> bytes:
        return leaf_hash(self.document())
