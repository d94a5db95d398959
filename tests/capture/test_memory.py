"""Memory during a capture."""

import asyncio
import platform
import sys

from psa_evidence.capture import memory


def test_freed_memory_is_given_back_where_the_c_library_keeps_it():
    assert memory.give_back() is (sys.platform == "linux" and platform.libc_ver()[0] == "glibc")


def test_elsewhere_nothing_is_done(monkeypatch):
    monkeypatch.setattr(memory.sys, "platform", "win32")
    assert memory.give_back() is False
    monkeypatch.setattr(memory.sys, "platform", "linux")
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _: object())
    assert memory.give_back() is False


def test_it_goes_on_until_cancelled(monkeypatch):
    given, enough = [], asyncio.Event()
    monkeypatch.setattr(memory, "EVERY_SECONDS", 0)
    monkeypatch.setattr(memory, "give_back", lambda: (given.append(1), len(given) == 3 and enough.set()))

    async def go():
        giving = asyncio.ensure_future(memory.keep_giving_back())
        async with asyncio.timeout(10):
            await enough.wait()
        giving.cancel()
        await asyncio.gather(giving, return_exceptions=True)

    asyncio.run(go())
