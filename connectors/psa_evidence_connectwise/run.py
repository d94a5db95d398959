"""What all parts of one fetch share, and how they run side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

from psa_evidence.spi import Below, Recorder, Scope
from psa_evidence_connectwise.client import Client
from psa_evidence_connectwise.decoding import Unreadable
from psa_evidence_connectwise.idset import IdSet
from psa_evidence_connectwise.rights import Levels
from psa_evidence_connectwise.settings import PARTS
from psa_evidence_connectwise.spans import Element, elements, single
from psa_evidence_connectwise.wire import Received

DENIED_AFTER = 5
"""So many 403 without a single success: the role does not allow the resource, asking on is no use. Single tickets may
be closed to the key, and stand first."""
BLOWN_AFTER = 25
"""So many failures in a row of one per-record resource: it is out of order for this run."""

ABSENT_AFTER = 12
"""So many times not found without a single success: this version of the PSA does not have the list. Single records may
be gone, and stand first."""

PAGES = (".htm", ".html", ".xhtml", ".mht", ".mhtml")
UNASKED = "not asked for, after too many failures in a row"


@dataclass(slots=True)
class Fuse:
    """Guards a resource that is asked for record by record."""

    granted: bool = False
    failures: int = 0
    blown: bool = False
    problem: str = ""
    lacking: list[tuple[str, Below | None, int | None]] = field(default_factory=list)
    """Records of which the list was not found, while none had it: detail, which records, how many."""

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
    while their list was read, `newly_shown` those that only ids told of, `text_ids` rows whose ids came as text;
    `parts` are the lists below tickets and time entries that are wanted; `absent` are lists that this PSA does not
    have; `levels` is what the role may see, `tallies` how many rows of each list came, `listed` the ids of a list under
    a condition that were asked for last.
    """

    client: Client
    recorder: Recorder
    scope: Scope
    page_size: int
    concurrency: int
    parts: frozenset[str] = PARTS
    month: str = ""
    reread: int = 0
    newly_shown: int = 0
    text_ids: int = 0
    key_set: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    caps: set[int] = field(default_factory=set)
    levels: Levels = field(default_factory=Levels)
    tallies: dict[str, int] = field(default_factory=dict)
    listed: dict[tuple[str, str], IdSet] = field(default_factory=dict)
    fuses: dict[tuple[str, str], Fuse] = field(default_factory=dict)

    def fuse(self, resource: str, parent: str) -> Fuse:
        """One for each resource and kind of parent: documents of tickets and of agreements are separate rights."""
        return self.fuses.setdefault((resource, parent.partition("/")[0]), Fuse())

    def works(self, fuse: Fuse, resource: str) -> None:
        """One record has it: those that had none are missing, and not for want of it in the PSA."""
        fuse.granted, fuse.failures = True, 0
        if fuse.lacking:
            lacking, fuse.lacking = fuse.lacking, []
            for detail, below, count in lacking:
                self.recorder.missing(resource, "not found", count=count, detail=detail, below=below)

    def lacks(
        self, fuse: Fuse, resource: str, detail: str, *, below: Below | None = None, count: int | None = None
    ) -> None:
        """A list was not found that not every PSA has. Whether this one has it, others of its kind tell."""
        if fuse.granted:
            self.recorder.missing(resource, "not found", count=count, detail=detail, below=below)
            return
        fuse.lacking.append((detail, below, count))
        if len(fuse.lacking) >= ABSENT_AFTER and not fuse.failures:
            fuse.blown = True
            self.absent.add(resource)

    def settle_lacking(self) -> None:
        """At the end: what no record had is not there at all, unless it could not be looked at."""
        for (resource, _), fuse in self.fuses.items():
            if fuse.lacking and not fuse.failures:
                self.absent.add(resource)
            elif fuse.lacking:
                self.works(fuse, resource)

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
    """Raises Unreadable for HTML and for anything but one JSON list. Status 204 says that it is empty; an empty body
    with status 200 says nothing: the body may be lost."""
    if received.exchange.status == 204 and not received.body:
        return []
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
    """`{"count": 12}`; a bare number and one in quotes say the same. Raises Unreadable."""
    _refuse_html(received)
    value = single(received.body)[0]
    if isinstance(value, dict):
        value = next((value[name] for name in value if name.lower() == "count"), None)
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Unreadable("no count")
    return value


def read_security(received: Received) -> list[Element]:
    """The list of permissions; some versions send one object instead."""
    _refuse_html(received)
    if received.body.lstrip()[:1] == b"{":
        return [single(received.body)]
    return elements(received.body)


def read_file(name: str, size: object) -> Callable[[Received], bytes]:
    """Reads a download of the file `name`, of `size` bytes as far as the PSA says. A web page is taken where it was
    asked for only: a page for logging in must not stand among the evidence as an attachment."""

    def read(received: Received) -> bytes:
        body = received.body
        is_page = name.lower().endswith(PAGES) or (isinstance(size, int) and size == len(body))
        if "html" in received.headers.get("content-type", "").lower() and not is_page:
            raise Unreadable("a web page came instead of a file")
        if not body and (received.exchange.status == 204 or (isinstance(size, int) and size > 0)):
            raise Unreadable("nothing came instead of a file")
        if name.lower().endswith(".pdf") and body.lstrip()[:1] == b"<":
            raise Unreadable("a web page came instead of a file")
        return body

    return read


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
