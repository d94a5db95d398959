"""The conformance suite for connectors. pytest collects a class that is derived from it:

    from psa_evidence.testing.connector_suite import ConnectorSuite

    class TestTinydesk(ConnectorSuite):
        target = "psa_evidence_tinydesk:connector"
        ...

docs/writing-a-connector.md says what to fill in (`Subject`) and explains the rules (`conformance.RULES`).
"""

from __future__ import annotations

from psa_evidence.spi import Connector, ConnectorInfo
from psa_evidence.testing.conformance import require
from psa_evidence.testing.connector_suite_copies import CopyTests
from psa_evidence.testing.connector_suite_faults import FaultTests
from psa_evidence.testing.connector_suite_fetching import FetchTests
from psa_evidence.testing.connector_suite_interpreting import InterpretTests


class ConnectorSuite(FetchTests, FaultTests, InterpretTests, CopyTests):
    """Everything that a connector is held to."""

    def test_it_is_a_connector(self) -> None:
        found = self.connector
        require(isinstance(found, Connector), 10, f"{self.target} names a {type(found).__name__}, not a Connector.")
        require(isinstance(found.info, ConnectorInfo), 10, "`info` is not a ConnectorInfo.")
        known = {setting.name: setting.secret for setting in found.info.settings}
        for name in self.secrets:
            require(known.get(name), 4, f"The secret {name!r} is not among info.settings with secret=True.")
