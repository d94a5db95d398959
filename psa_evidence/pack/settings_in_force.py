"""The settings of each capture, interpreted: what the engine takes the promise at a ticket's entry from (rule 11)."""

from __future__ import annotations

from datetime import datetime

from psa_evidence.records import RecordSet
from psa_evidence.spi import Connector, RawRecord
from psa_evidence.vault import Vault


def settings_in_force(
    vault: Vault, connector: Connector, *, connection: str, client: str
) -> tuple[tuple[datetime, RecordSet], ...]:
    """When each capture of the connection was complete (UTC) and the settings that it knew, oldest first.

    Captures that knew the same share one record set. Raises VaultError.
    """
    read: dict[tuple[RawRecord, ...], RecordSet] = {}
    found: list[tuple[datetime, RecordSet]] = []
    for capture in vault.settings(connection=connection, client=client):
        if capture.records not in read:
            read[capture.records] = connector.interpret(capture.records)
        found.append((capture.at, read[capture.records]))
    return tuple(found)
