"""A Recorder in memory that believes nothing: what a connector hands over is checked as the vault would, and more."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from psa_evidence.errors import StorageError
from psa_evidence.records import KINDS, REFERENCE_KINDS, Digest, Kind
from psa_evidence.spi import MISSING_REASONS, REMOVED, Below, Exchange, Progress, RawRecord, Sighting
from psa_evidence.testing.conformance import require

BEARERS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
CAPTURED: Final = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """One call of `keep`."""

    exchange: Exchange
    sightings: tuple[Sighting, ...]
    unit: str | None
    basis: str


@dataclass(frozen=True, slots=True)
class Lost:
    """One call of `missing`."""

    resource: str
    reason: str
    count: int | None
    detail: str
    below: Below | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """One call of `present`."""

    kind: Kind
    ids: tuple[str, ...]
    complete: bool
    parent: str | None
    problem: str


class Told:
    """Progress that remembers what was said to people."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def start(self, task: str, total: int | None) -> None:  # noqa: ARG002 - the Protocol's
        self.words.append(task)

    def advance(self, task: str, steps: int = 1, *, total: int | None = None) -> None:
        pass

    def finish(self, task: str) -> None:
        pass

    def note(self, text: str) -> None:
        self.words.append(text)


class Memory:
    """`before` is the recorder of an earlier run: its units count as done. `full_after` exchanges the disk is full."""

    def __init__(self, before: Memory | None = None, *, full_after: int | None = None) -> None:
        self.kept: list[Kept] = []
        self.units: dict[str, str] = dict(before.units) if before else {}
        self._before = before
        self.asked_for: dict[str, int] = {}
        self.got: Counter[str] = Counter()
        self.lost: list[Lost] = []
        self.facts: dict[str, object] = {}
        self.lists: list[Present] = []
        self.told = Told()
        self._full_after = full_after

    @property
    def progress(self) -> Progress:
        return self.told

    def keep(self, exchange: Exchange, sightings: Sequence[Sighting] = (), *, unit: str | None = None,
             basis: str = "") -> None:  # fmt: skip
        if self._full_after is not None and len(self.kept) >= self._full_after:
            raise StorageError("The disk is full.", next_step="This is a test of the conformance kit.")
        _check_exchange(exchange)
        if sightings:
            body = decoded(exchange)
            for one in sightings:
                _check_sighting(one, body, exchange.url)
        self.kept.append(Kept(exchange, tuple(sightings), unit, basis))
        if unit is not None:
            self.units[unit] = basis

    def done(self, unit: str, basis: str = "") -> bool:
        return self.units.get(unit) == basis

    def known(self, kind: Kind, ids: Sequence[str]) -> set[str]:
        held = self._before.records() if self._before else {}
        return {one for one in ids if (kind, one) in held}

    def changed_since(self, resource: str) -> datetime | None:  # noqa: ARG002 - always everything
        return None

    def asked(self, resource: str, count: int) -> None:
        require(count >= 0, 6, f"asked({resource!r}, {count!r}) is no count.")
        self.asked_for[resource] = count

    def received(self, resource: str, count: int) -> None:
        require(count >= 0, 6, f"received({resource!r}, {count!r}) is no count.")
        self.got[resource] += count

    def missing(self, resource: str, reason: str, *, count: int | None = None, detail: str = "",
                below: Below | None = None) -> None:  # fmt: skip
        known = ", ".join(MISSING_REASONS)
        require(reason in MISSING_REASONS, 6, f"missing({resource!r}, {reason!r}): known reasons are {known}.")
        if below is not None:
            known_key = below.parent is None or all(below.parent.partition("/"))
            require(
                below.kind in KINDS and known_key, 6, f"missing({resource!r}) names {below.kind!r} below "
                f"{below.parent!r}: an unknown kind, or no key such as 'ticket/17'.",
            )  # fmt: skip
        self.lost.append(Lost(resource, reason, count, detail, below))

    def fact(self, name: str, value: str | float | bool | None) -> None:
        self.facts[name] = value

    def present(self, kind: Kind, ids: Iterable[str], *, complete: bool, clients: Sequence[str] = (),  # noqa: ARG002
                parent: str | None = None, problem: str = "") -> None:  # fmt: skip
        listed = tuple(ids)
        require(kind in KINDS and all(listed), 6, f"present({kind!r}) names an unknown kind or an empty id.")
        require(
            not (problem and complete), 6, f"present({kind!r}) is complete, and could not be had ({problem}), at once."
        )
        self.lists.append(Present(kind, listed, complete, parent, problem))

    def records(self) -> dict[tuple[str, str], bytes]:
        """The last bytes seen of every record, by kind and id."""
        return {
            (one.kind, one.id): decoded(kept.exchange)[one.start : one.end]
            for kept in self.kept for one in kept.sightings
        }  # fmt: skip

    def tally(self) -> Counter[str]:
        """How many different records of each kind were seen."""
        return Counter(kind for kind, _ in self.records())

    def raws(self) -> list[RawRecord]:
        """What the vault would hand to `interpret`."""
        found: list[RawRecord] = []
        for kept in self.kept:
            body = decoded(kept.exchange) if kept.sightings else b""
            found += [
                raw(one.kind, one.id, body[one.start : one.end], client=one.client, parent=one.parent)
                for one in kept.sightings
            ]
        return found


def raw(kind: Kind, name: str, body: bytes, *, client: str | None = None, parent: str | None = None) -> RawRecord:
    """A raw record as the vault hands it out."""
    digest = Digest(hashlib.sha256(body).hexdigest())
    return RawRecord(
        kind=kind, id=name, sha256=digest, body=body, client=client, parent=parent, capture="kit", captured_at=CAPTURED
    )


def decoded(exchange: Exchange) -> bytes:
    """The body after its content coding."""
    coding = next((v.strip().lower() for k, v in exchange.response_headers if k.lower() == "content-encoding"), "")
    if coding in {"", "identity"}:
        return exchange.response_body
    try:
        if coding in {"gzip", "x-gzip"}:
            return zlib.decompress(exchange.response_body, 31)
        if coding == "deflate":
            return zlib.decompress(exchange.response_body)
    except zlib.error:
        pass
    require(
        False, 3, f"The body of {exchange.url} is not what its Content-Encoding ({coding}) says.",
        "keep the body as it came from the line: many HTTP clients decode it unasked (in httpx: iter_raw)",
    )  # fmt: skip
    return b""


def _check_exchange(exchange: Exchange) -> None:
    require(isinstance(exchange, Exchange), 3, f"keep() was given a {type(exchange).__name__}, not an Exchange.")
    require(isinstance(exchange.response_body, bytes), 3, "Exchange.response_body is not bytes.")
    for name in ("started_at", "finished_at"):
        at = getattr(exchange, name)
        require(at.tzinfo is not None, 3, f"Exchange.{name} has no time zone.", "use an aware datetime in UTC")
    require(exchange.started_at <= exchange.finished_at, 3, f"{exchange.url} ended before it began.")
    for name, value in exchange.request_headers:
        require(
            name.lower() not in BEARERS or REMOVED in value, 4,
            f"The request header {name} of an exchange holds a value.", "put spi.REMOVED in its place",
        )  # fmt: skip


def _check_sighting(one: Sighting, body: bytes, url: str) -> None:
    require(one.kind in KINDS, 5, f"{one.kind!r} is no kind of record (psa_evidence.records.KINDS).")
    require(one.id, 5, f"A {one.kind} was marked without an id.")
    require(
        0 <= one.start <= one.end <= len(body), 5,
        f"{one.kind}/{one.id} is marked at bytes {one.start}-{one.end}; the decoded body of {url} has {len(body)}.",
        "start and end count bytes of the decoded body, not characters",
    )  # fmt: skip
    for at in (one.at, one.updated_at):
        require(at is None or at.tzinfo is not None, 5, f"A time of {one.kind}/{one.id} has no time zone.")
    require(
        one.kind not in REFERENCE_KINDS or one.client is None, 5, f"{one.kind}/{one.id} is a setting of the MSP and "
        "belongs to no client.",
    )  # fmt: skip
