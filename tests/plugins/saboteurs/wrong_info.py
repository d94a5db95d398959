# group: connectors
"""Says who it is with a dictionary."""


class Connector:
    info = {"name": "wrong_info"}

    def open(self, settings, secrets): ...
    def interpret(self, raw): ...


plugin = Connector()
