# group: connectors
"""Has a title of ten million characters, with escape sequences."""

from psa_evidence.spi import ConnectorInfo


class Connector:
    info = ConnectorInfo(name="huge", title="\x1b[2J" + "x" * 10_000_000, version="1", settings=())

    def open(self, settings, secrets): ...
    def interpret(self, raw): ...


plugin = Connector()
