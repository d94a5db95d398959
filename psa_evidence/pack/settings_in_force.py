"""The settings of each capture, interpreted: what the engine takes the promise at a ticket's entry from (rule 11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from psa_evidence.pack.terms_file import OtherSetting, SettingsOther
from psa_evidence.pack.withholding import Version, version_of
from psa_evidence.records import REFERENCE_KINDS, RecordSet
from psa_evidence.spi import Connector, RawRecord
from psa_evidence.vault import Vault


@dataclass(frozen=True, slots=True)
class SettingsInForce:
    """What a capture, complete at `at` (UTC), knew of the settings: interpreted, and the version of each by its key."""

    at: datetime
    records: RecordSet
    versions: Mapping[str, Version]


def settings_in_force(
    vault: Vault, connector: Connector, *, connection: str, client: str
) -> tuple[SettingsInForce, ...]:  # fmt: skip
    """Of each capture of the connection, oldest first. Captures that knew the same share one record set. Raises
    VaultError."""
    read: dict[tuple[RawRecord, ...], RecordSet] = {}
    found: list[SettingsInForce] = []
    for capture in vault.settings(connection=connection, client=client):
        if capture.records not in read:
            read[capture.records] = connector.interpret(capture.records)
        versions = {record.key: version_of(record) for record in capture.records}
        found.append(SettingsInForce(capture.at, read[capture.records], versions))
    return tuple(found)


def as_promised(found: Sequence[SettingsInForce]) -> tuple[tuple[datetime, RecordSet], ...]:
    """As the engine takes them."""
    return tuple((one.at, one.records) for one in found)


def other_than(
    found: Sequence[SettingsInForce], held: Sequence[RawRecord], natives: Mapping[Version, str]
) -> SettingsOther:  # fmt: skip
    """Of each capture the settings that it knew in another version than they are `held`, or did not know, each with
    the file of that version. Of the client's own record and agreements those count that are held: others are beyond
    the period. `natives` are the files of versions as the vault holds them."""
    now = {record.key: record.sha256 for record in held}
    known = sorted({key for one in found for key in one.versions})
    keys = [key for key in known if key in now or key.partition("/")[0] in REFERENCE_KINDS]

    def other(one: SettingsInForce) -> Iterator[OtherSetting]:
        for key in keys:
            version = one.versions.get(key)
            if version is None:
                yield OtherSetting(key, known=False)
            elif version[-1] != now.get(key):
                yield OtherSetting(key, native=natives.get(version))

    return tuple((one.at, tuple(other(one))) for one in found)
