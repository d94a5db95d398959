"""Showing a record in part, and opening one of its fields to whoever may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from psa_evidence.errors import ConfigurationError
from psa_evidence.format import Disclosed, FormatError, Opening, ProofFile, record_salt
from psa_evidence.spi import RawRecord


@dataclass(frozen=True, slots=True)
class Disclosure:
    """`document` is what goes into a pack in the place of the record's bytes; `body` the record as a JSON object of
    the fields that are shown, for reading; `withheld` how many are not."""

    document: bytes
    body: bytes
    withheld: int


def disclose(key: bytes, record: RawRecord, index: int, withheld: Mapping[str, str]) -> Disclosure:
    """Raises ConfigurationError when the record cannot be shown in this part."""
    salt = record_salt(key, record.capture, index)
    try:
        made = Disclosed.of(record.kind, record.id, record.body, salt, withheld)
    except FormatError as error:
        raise _cannot(record, error) from error
    return Disclosure(made.document(), made.shown(), made.withheld())


def open_field(key: bytes, record: RawRecord, file: ProofFile, name: str) -> Opening:
    """`file` holds the proof of this record only. Raises ConfigurationError when it has no such field."""
    [proof] = file.proofs
    salt = record_salt(key, proof.leaf.capture, proof.index)
    try:
        return Opening.of(file, proof, salt, record.body, name)
    except FormatError as error:
        raise _cannot(record, error) from error


def _cannot(record: RawRecord, error: FormatError) -> ConfigurationError:
    return ConfigurationError(
        f"Fields of {record.key} cannot be withheld or opened as asked.",
        why=f"{error}.",
        next_step="Name fields as they stand at the top level of the record in the PSA.",
    )
