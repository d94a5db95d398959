"""What the author of a connector tells the suite, and one watched run of it against the fake server."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import importlib
import io
import logging
import threading
import time
import traceback
from collections.abc import Hashable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import ClassVar, cast
from urllib.parse import quote

from psa_evidence.errors import EvidenceError
from psa_evidence.records import Kind
from psa_evidence.spi import Connector, Scope
from psa_evidence.testing.conformance import Nonconformance, needs, require
from psa_evidence.testing.fake_server import Asked, FakeServer, Served, without
from psa_evidence.testing.recording import Memory

MOST_TIMES = 20
MOST_MORE = 200
"""A run may send this many times the requests of a run without faults, and so many more, before it counts as endless:
retries multiply requests, but not that much."""


@dataclass(frozen=True, slots=True)
class Run:
    """One fetch. `error` is what it raised; `printed` and `logged` are what it said outside of the recorder."""

    memory: Memory
    error: BaseException | None
    served: tuple[Served, ...]
    printed: str
    logged: str

    @property
    def admits(self) -> bool:
        """Whether the run says that something is missing: an error, or an entry of `missing`."""
        return self.error is not None or bool(self.memory.lost)

    def everything_said(self) -> dict[str, str]:
        """Every text that leaves the run beside the exchanges."""
        error = self.error
        told = "".join(traceback.format_exception(error)) if error else ""
        if isinstance(error, EvidenceError):
            told += error.why + error.next_step
        memory = self.memory
        return {
            "an error": told,
            "a fact": repr(memory.facts),
            "a reason of missing": repr(memory.lost),
            "a unit or basis": repr(memory.units),
            "the progress": repr(memory.told.words),
            "the terminal": self.printed,
            "a log line": self.logged,
        }


class Subject:
    """Override what is said to be overridden; a class of tests has one connector."""

    target: ClassVar[str] = ""
    """The entry point's value, `package:attribute`."""
    secrets: ClassVar[Mapping[str, str]] = {}
    """Secret settings by name; the fake server must insist on them."""
    expected: ClassVar[Mapping[Kind, int]] = {}
    """How many records of each kind the fake server holds for an empty scope: the truth that a run is held to."""
    refusals: ClassVar[Mapping[str, str]] = {}
    """Part of a path -> the resource that must be reported when a role may not read it."""
    texts: ClassVar[Mapping[Kind, str]] = {}
    """Kind -> the member of its JSON object whose text people read, such as {"ticket": "summary"}."""
    paging: ClassVar[tuple[str, ...]] = ()
    """Names of query parameters that only choose the page. For other ways of paging override `page_key`."""
    searches: ClassVar[tuple[str, ...]] = ()
    """Paths that may be asked with POST because the PSA searches so."""
    serves_endless_pages: ClassVar[bool] = False
    """Whether the fake server obeys `Faults.endless`."""
    patience: ClassVar[float] = 60.0
    """Seconds after which one run counts as hanging."""
    _whole: ClassVar[dict[type, Run]] = {}

    def server(self) -> AbstractContextManager[FakeServer]:
        """To be overridden: a fake server with data, new for every call (`fake_server.served` makes one)."""
        raise NotImplementedError

    def settings(self, url: str) -> Mapping[str, str]:
        """To be overridden: settings that lead to the fake server, with short pauses and small pages."""
        raise NotImplementedError

    def page_key(self, asked: Asked) -> Hashable | None:
        """Requests for pages of one list have the same key; None for what is no page of a list."""
        return without(asked, *self.paging) if self.paging else None

    def derived_secrets(self) -> Sequence[str]:
        """Further forms in which secrets travel, such as a token that is made of two of them."""
        return ()

    @property
    def connector(self) -> Connector:
        module, _, attribute = self.target.partition(":")
        needs(attribute, f"`target` is {self.target!r}, not 'package:attribute'.")
        return cast("Connector", getattr(importlib.import_module(module), attribute))

    def needles(self) -> tuple[str, ...]:
        """Secrets in every form they may travel in."""
        forms = {text for text in self.derived_secrets() if text}
        for secret in self.secrets.values():
            forms |= {secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode()}
        return tuple(sorted(forms))

    def whole(self) -> Run:
        """A run without faults; made once for a class."""
        found = self._whole.get(type(self))
        if found is None:
            with self.server() as server:
                found = self.fetch(server, most=10**6)
            if found.error is not None:
                raise Nonconformance(
                    10, f"With nothing going wrong, fetch raised {type(found.error).__name__}: {found.error}"
                ) from found.error
            self._whole[type(self)] = found
        return found

    def raws_with(self, **faults: object) -> Run:
        """A run against a new server on which these faults are switched on."""
        most = MOST_TIMES * len(self.whole().served) + MOST_MORE
        with self.server() as server:
            for name, value in faults.items():
                setattr(server.faults, name, value)
            return self.fetch(server, most=most)

    def fetch(self, server: FakeServer, memory: Memory | None = None, *, most: int, scope: Scope | None = None) -> Run:
        """Fetch into `memory`. Raises Nonconformance when it does not end, prints, or raises what it may not."""
        memory = memory or Memory()
        began, printed, logged = len(server.seen), io.StringIO(), io.StringIO()
        work = _Work(self.connector, self.settings(server.url), self.secrets, scope or Scope(), memory)
        listener = logging.StreamHandler(logged)
        root = logging.getLogger()
        level, handlers = root.level, root.handlers[:]
        root.handlers[:] = [listener]
        root.setLevel(logging.DEBUG)
        try:
            with contextlib.redirect_stdout(printed):
                self._watch(work, server, began, most)
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)
        if isinstance(work.error, Nonconformance):
            raise work.error
        require(
            work.error is None or isinstance(work.error, EvidenceError), 10,
            f"fetch raised {type(work.error).__name__}: {work.error}",
            "report what concerns one resource with recorder.missing; raise AuthenticationError, UnreachableError or "
            "TransientError for what makes all of it impossible",
        )  # fmt: skip
        return Run(memory, work.error, tuple(server.seen[began:]), printed.getvalue(), logged.getvalue())

    def _watch(self, work: _Work, server: FakeServer, began: int, most: int) -> None:
        thread = threading.Thread(target=work.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + self.patience
        while thread.is_alive():
            thread.join(0.02)
            requests = len(server.seen) - began
            if requests > most or time.monotonic() > deadline:
                work.stop()
                thread.join(5)
                last = server.seen[-1].asked.target if server.seen else "none"
                seen = f"fetch had sent {requests} requests and went on" if requests > most else (
                    f"fetch had not ended after {self.patience:.0f} s, {requests} requests"
                )  # fmt: skip
                raise Nonconformance(
                    8, f"{seen}; the last one was {last}.",
                    "end a list when a page brings no new id, and put a limit on every loop and every wait",
                )  # fmt: skip


class _Work:
    """One fetch in a thread of its own, so that one that blocks can be left."""

    def __init__(
        self, connector: Connector, settings: Mapping[str, str], secrets: Mapping[str, str], scope: Scope,
        memory: Memory,
    ) -> None:  # fmt: skip
        self._connector, self._settings, self._secrets = connector, settings, secrets
        self._scope, self._memory = scope, memory
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._fetch())
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is told to the author
            self.error = error

    def stop(self) -> None:
        if self._loop is not None and self._task is not None:
            with contextlib.suppress(RuntimeError):  # it ended meanwhile
                self._loop.call_soon_threadsafe(self._task.cancel)

    async def _fetch(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        async with self._connector.open(dict(self._settings), dict(self._secrets)) as source:
            await source.fetch(self._scope, self._memory)
