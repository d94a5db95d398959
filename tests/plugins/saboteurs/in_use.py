# group: connectors
"""A connector that does what its setting `how` says, in fetch, in check and in interpret."""

import asyncio
import os

from psa_evidence.records import RecordSet
from psa_evidence.spi import ConnectorInfo, Setting


class Escape(BaseException):
    pass


class Source:
    def __init__(self, how):
        self.how = how

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exc):
        pass

    async def clients(self, find=""):
        return [17]

    async def fetch(self, scope, recorder):
        await self.act()

    async def check(self):
        await self.act()
        return "all is well"

    async def act(self):
        if self.how == "crash":
            raise ValueError("hunter2")
        if self.how == "exit":
            raise SystemExit(0)
        if self.how == "base":
            raise Escape
        if self.how == "hang":
            await asyncio.sleep(3600)
        if self.how == "print":
            print("NOISE in use")  # noqa: T201
            os.write(1, b"NOISE by descriptor\n")


class Connector:
    info = ConnectorInfo(
        name="in_use", title="In use", version="1", settings=(Setting(name="how", help="what to do wrong"),)
    )

    def open(self, settings, secrets):
        return Source(settings["how"])

    def interpret(self, raw):
        return {"records": "none"} if list(raw) else RecordSet()


plugin = Connector()
