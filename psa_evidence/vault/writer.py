"""A capture being written: what a connector's `fetch` is handed as its Recorder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from psa_evidence.errors import EvidenceError, SourceError
from psa_evidence.format import SealedFile
from psa_evidence.records import KINDS, Digest, Kind
from psa_evidence.spi import MISSING_REASONS, Below, Exchange, Progress, Sighting
from psa_evidence.vault.files import CaptureFiles, Kept, Listed, Totals
from psa_evidence.vault.info import CaptureInfo, Fact, State
from psa_evidence.vault.leaves import Leaves
from psa_evidence.vault.lines import ListLine
from psa_evidence.vault.pump import WAITING_ITEMS, Direct, Pump
from psa_evidence.vault.warc import MAX_DECODED_BYTES, decoded_body

MAX_TEXT: Final = 2000
"""Longest id, unit or basis; a PSA's are a few dozen characters."""
IDS_IN_A_LINE: Final = 1000
"""A longer list is stored as several lines, so that none is long."""


@dataclass(slots=True)
class Account:
    """What the source said and what came: the figures of capture.json."""

    asked: dict[str, int] = field(default_factory=dict)
    received: dict[str, int] = field(default_factory=dict)
    missing: list[Mapping[str, Any]] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)

    def counts(self) -> dict[str, dict[str, int | None]]:
        names = sorted(self.asked.keys() | self.received.keys())
        return {name: {"asked": self.asked.get(name), "received": self.received.get(name, 0)} for name in names}

    def reconcile(self) -> None:
        """Where asked is not received and missing together, say so as missing: nothing else may explain it."""
        for name, asked in sorted(self.asked.items()):
            explained = [item["count"] for item in self.missing if item["resource"] == name]
            received = self.received.get(name, 0)
            if None not in explained and asked != received + sum(explained):
                difference = asked - received - sum(explained)
                detail = f"asked {asked}, received {received}, otherwise missing {sum(explained)}"
                self.missing.append(
                    {"resource": name, "reason": "count differs", "count": max(difference, 0), "detail": detail}
                )


class Ending(Protocol):
    """What the vault does when a capture ends (`psa_evidence.vault.ending`)."""

    def finished(self, state: State, failure: str, account: Account, totals: Totals, leaves: Leaves,
                 files: list[SealedFile]) -> CaptureInfo: ...  # fmt: skip

    def broken(self, failure: str, account: Account) -> CaptureInfo: ...

    def release(self) -> None: ...


class CaptureWriter:
    """Implements `spi.Recorder`. Ends with `finish` or `abort`; without either the next open of the vault recovers
    what was acknowledged. Exchanges are written by a thread of its own: what goes wrong there is raised by the next
    `keep`, or by `finish`."""

    def __init__(self, files: CaptureFiles, ending: Ending, *, done: Callable[[str, str], bool],
                 known: Callable[[str, Sequence[str]], set[str]], changed_since: Callable[[str], datetime | None],
                 progress: Progress, direct: bool = False) -> None:  # fmt: skip
        self._files = files
        self._ending = ending
        self._done = done
        self._known = known
        self._changed_since = changed_since
        self._progress = progress
        self._account = Account()
        self._pump: Pump[Kept | Listed] | Direct[Kept | Listed] = (Direct if direct else Pump)(files.commit)
        self._waiting: dict[str, str] = {}
        self._ended = False

    @property
    def id(self) -> str:
        """Name of the capture."""
        return self._files.folder.name

    @property
    def progress(self) -> Progress:
        return self._progress

    def keep(self, exchange: Exchange, sightings: Sequence[Sighting] = (), *, unit: str | None = None,
             basis: str = "") -> None:  # fmt: skip
        """See `spi.Recorder.keep`. Raises SourceError, storing nothing, when a sighting is not within the body."""
        decoded, digests = _decoded(exchange, sightings)
        kept = Kept(exchange, decoded, tuple(sightings), digests, unit, basis)
        if "\n" in exchange.url or max(len(unit or ""), len(basis)) > MAX_TEXT:
            why = "A line break, or too long."
            raise SourceError("An exchange's address or unit of work cannot be stored.", why=why)
        self._pump.put(kept, kept.size)
        if unit is not None:
            self._waiting[unit] = basis
            if len(self._waiting) > 4 * WAITING_ITEMS:  # the older half was committed long since
                self._waiting = dict(list(self._waiting.items())[2 * WAITING_ITEMS :])

    def done(self, unit: str, basis: str = "") -> bool:
        return self._waiting.get(unit) == basis or self._done(unit, basis)

    def known(self, kind: Kind, ids: Sequence[str]) -> set[str]:
        return self._known(kind, ids)

    def changed_since(self, resource: str) -> datetime | None:
        return self._changed_since(resource)

    def asked(self, resource: str, count: int) -> None:
        self._account.asked[resource] = count

    def received(self, resource: str, count: int) -> None:
        self._account.received[resource] = self._account.received.get(resource, 0) + count

    def missing(self, resource: str, reason: str, *, count: int | None = None, detail: str = "",
                below: Below | None = None) -> None:  # fmt: skip
        if reason not in MISSING_REASONS:
            why = f"Known are: {', '.join(MISSING_REASONS)}."
            raise SourceError("A connector gave a reason that is not known.", why=why)
        item: dict[str, Any] = {"resource": resource, "reason": reason, "count": count, "detail": detail}
        if below is not None:
            if below.kind not in KINDS or not (below.parent is None or all(below.parent.partition("/"))):
                raise SourceError("A connector named records that are missing by an unknown kind, or by no key.")
            item |= {"kind": below.kind, "parent": below.parent}
            item |= {name: text for name, text in (("unit", below.unit), ("basis", below.basis)) if text}
        self._account.missing.append(item)

    def present(self, kind: Kind, ids: Iterable[str], *, complete: bool, clients: Sequence[str] = (),
                parent: str | None = None, problem: str = "") -> None:  # fmt: skip
        """See `spi.Recorder.present`. Raises SourceError, storing nothing, when the list cannot be what it says."""
        listed = tuple(ids)
        if (
            kind not in KINDS
            or (problem and (complete or problem not in MISSING_REASONS))
            or (parent is not None and not all(parent.partition("/")))
            or any(not name or len(name) > MAX_TEXT for name in (*listed, *clients))
        ):
            raise SourceError(
                "A list of the records that are still there cannot be stored.",
                why="An unknown kind or reason, an empty or overlong id, or a list both complete and not to be had.",
            )
        for start in range(0, max(len(listed), 1), IDS_IN_A_LINE):
            last = start + IDS_IN_A_LINE >= len(listed)
            part = listed[start : start + IDS_IN_A_LINE]
            item = Listed(ListLine(kind, tuple(clients), parent, part, complete and last, problem if last else ""))
            self._pump.put(item, item.size)

    def fact(self, name: str, value: str | float | bool | None) -> None:
        self._account.facts[name] = value

    def finish(self, state: State | None = None) -> CaptureInfo:
        """End the capture: written, sealed, indexed. Without `state` it is complete when nothing is missing and
        every count is explained, else partial. Raises StorageError; the capture is then recorded as failed."""
        self._end()
        try:
            try:
                self._pump.close()
                self._account.reconcile()
                found: State = "partial" if self._account.missing else "complete"
                return self._seal(state or found, "")
            except EvidenceError as error:
                self._ending.broken(_words(error), self._account)
                raise
        finally:
            self._let_go()

    def abort(self, reason: str) -> CaptureInfo:
        """End the capture as failed, keeping what arrived. `reason` is for people: no secret, no client's text."""
        self._end()
        try:
            try:
                self._pump.close()
            except EvidenceError as error:
                both = reason if _words(error) == reason else f"{reason}; then {_words(error)}"
                return self._ending.broken(both, self._account)
            return self._seal("failed", reason)
        finally:
            self._let_go()

    def _seal(self, state: State, failure: str) -> CaptureInfo:
        files = self._files
        sealed = files.sealed_files(files.folder.parent.parent)
        return self._ending.finished(state, failure, self._account, files.totals, files.leaves, sealed)

    def _end(self) -> None:
        if self._ended:
            raise RuntimeError("the capture has ended already")
        self._ended = True

    def _let_go(self) -> None:
        self._pump.stop()
        self._files.close()
        self._ending.release()


def _decoded(exchange: Exchange, sightings: Sequence[Sighting]) -> tuple[bytes, tuple[Digest, ...]]:
    """The decoded body (empty when nothing was seen in it) and the digest of each sighting's span."""
    if len(exchange.response_body) > MAX_DECODED_BYTES:
        raise SourceError(f"A response of {len(exchange.response_body)} bytes is over the limit of one exchange.")
    if not sightings:
        return b"", ()
    decoded = decoded_body(exchange.response_headers, exchange.response_body)
    digests = []
    for sighting in sightings:
        if not 0 <= sighting.start <= sighting.end <= len(decoded) or not sighting.id or len(sighting.id) > MAX_TEXT:
            raise SourceError(
                f"A {sighting.kind} was marked outside the response it came in, or without an id.",
                why="The connector and the body do not agree.",
            )
        digests.append(Digest(hashlib.sha256(decoded[sighting.start : sighting.end]).hexdigest()))
    return decoded, tuple(digests)


def _words(error: EvidenceError) -> str:
    return f"{type(error).__name__}: {error.what}"
