"""What all parts of one fetch share, and how they run side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

from psa_evidence.spi import Below, Recorder, Scope
from psa_evidence_connectwise.client import Client
from psa_evidence_connectwise.decoding import Unreadable
from psa_evidence_connectwise.rights import Levels
from psa_evidence_connectwise.settings import PARTS
from psa_evidence_connectwise.spans import Element, elements, single
from psa_evidence_connectwise.wire import Received

DENIED_AFTER = 3
"""So many 403 without a single success: the role does not allow the resource, asking on is no use."""
BLOWN_AFTER = 25
"""So many failures in a row of one per-record resource: it is out of order for this run."""

ABSENT_AFTER = 3
"""So many times not found without a single success: this version of the PSA does not have the list."""

UNASKED = "not asked for, after too many failures in a row"


@dataclass(slots=True)
class Fuse:
    """Guards a resource that is asked for record by record."""

    granted: bool = False
    failures: int = 0
    blown: bool = False
    absent: int = 0
    problem: str = ""

    def works(self) -> None:
        self.granted, self.failures = True, 0

    def lacks(self) -> bool:
        """Count a list that is not there; True when none of its kind seems to be: the PSA does not have it."""
        self.absent += 1
        self.blown = not self.granted and self.absent >= ABSENT_AFTER
        return self.blown

    def fails(self, problem: str) -> bool:
        """Count a failure; True for the one that blows the fuse. A record that is gone says nothing of the others."""
        if problem in {"not found", "too large"} or self.blown:
            return False
        self.failures += 1
        limit = DENIED_AFTER if problem == "no permission" and not self.granted else BLOWN_AFTER
        self.blown = self.failures >= limit
        return self.blown


@dataclass(slots=True)
class Run:
    """One fetch. `key_set` remembers the lists that do not page forward-only; `reread` counts the records that changed
    while their list was read; `parts` are the lists below tickets and time entries that are wanted; `absent` are lists
    that this PSA does not have; `levels` is what the role may see, `tallies` how many rows of each list came.
    """

    client: Client
    recorder: Recorder
    scope: Scope
    page_size: int
    concurrency: int
    parts: frozenset[str] = PARTS
    month: str = ""
    reread: int = 0
    key_set: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    caps: set[int] = field(default_factory=set)
    levels: Levels = field(default_factory=Levels)
    tallies: dict[str, int] = field(default_factory=dict)
    fuses: dict[tuple[str, str], Fuse] = field(default_factory=dict)

    def fuse(self, resource: str, parent: str) -> Fuse:
        """One for each resource and kind of parent: documents of tickets and of agreements are separate rights."""
        return self.fuses.setdefault((resource, parent.partition("/")[0]), Fuse())

    def lost(
        self, fuse: Fuse, resource: str, problem: str, detail: str, *, count: int | None = None,
        below: Below | None = None,
    ) -> None:  # fmt: skip
        """Report what one record's part could not be had; and once, that the rest was not asked for."""
        self.recorder.missing(resource, problem, count=count, detail=detail, below=below)
        if fuse.fails(problem):
            fuse.problem = problem
            note = f"not asked for any more after {fuse.failures} failures in a row"
            every = None if below is None or fuse.granted else Below(kind=below.kind)
            self.recorder.missing(resource, problem, detail=note, below=every)

    def unasked(self, fuse: Fuse, resource: str, below: Below) -> None:
        """Report a part that is not asked for, because those before could not be had although the role allows them; of
        what it does not allow `lost` says so once for all."""
        if fuse.granted:
            self.recorder.missing(resource, fuse.problem, detail=UNASKED, below=below)


def read_list(received: Received) -> list[Element]:
    """Raises Unreadable for HTML and for anything but one JSON list."""
    _refuse_html(received)
    return elements(received.body)


def read_single(received: Received) -> Element:
    _refuse_html(received)
    value, start, end = single(received.body)
    if not isinstance(value, dict):
        raise Unreadable("not a JSON object")
    return value, start, end


def read_counted(received: Received) -> Element:
    """The object `{"count": …}` with where it stands."""
    found = read_single(received)
    value = found[0].get("count")
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Unreadable("no count")
    return found


def read_count(received: Received) -> int:
    return int(read_counted(received)[0]["count"])


def read_security(received: Received) -> list[Element]:
    """The list of permissions; some versions send one object instead."""
    _refuse_html(received)
    if received.body.lstrip()[:1] == b"{":
        return [single(received.body)]
    return elements(received.body)


def read_bytes(received: Received) -> bytes:
    return received.body


def _refuse_html(received: Received) -> None:
    if "html" in received.headers.get("content-type", "").lower() or received.body.lstrip()[:1] == b"<":
        raise Unreadable("a web page came instead of data")


async def side_by_side(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all; the first error stops the others and is raised as itself."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
