"""The object behind the entry point: settings, opening a source, interpreting raw records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from psa_evidence.records import RecordSet
from psa_evidence.spi import ConnectorInfo, RawRecord
from psa_evidence_connectwise.copied import COPIED
from psa_evidence_connectwise.interpret import interpret
from psa_evidence_connectwise.settings import SETTINGS, read_settings
from psa_evidence_connectwise.source import ConnectwiseSource
from psa_evidence_connectwise.version import VERSION

INFO = ConnectorInfo(
    name="connectwise",
    title="ConnectWise PSA",
    version=VERSION,
    settings=SETTINGS,
    volatile=("/_info/lastUpdated", "/_info/updatedBy", "*/_info/*_href"),
    editor="/_info/updatedBy",
    edited_at="/_info/lastUpdated",
    copied=COPIED,
)


@dataclass(frozen=True, slots=True)
class ConnectwiseConnector:
    """Satisfies `psa_evidence.spi.Connector`."""

    info: ConnectorInfo = INFO

    def open(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> ConnectwiseSource:
        """Check the settings; talk to nobody yet. Raises ConfigurationError."""
        return ConnectwiseSource(read_settings(settings, secrets))

    def interpret(self, raw: Iterable[RawRecord]) -> RecordSet:
        """Pure: the same records in any order give the same RecordSet; what cannot be read is in `unread`."""
        return interpret(raw)


connector = ConnectwiseConnector()
