"""What a connector is, and what crosses between it and the core.

A connector has two halves that never meet. `Source.fetch` talks to the PSA and hands every exchange to the
`Recorder`, bytes as received; it judges nothing. `Connector.interpret` is a pure function from raw records to
typed ones; it fetches nothing, and can be run again on the same bytes by anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, Self, runtime_checkable

from psa_evidence.records import Digest, Kind, RecordSet
from psa_evidence.spi.progress import Progress

SPI_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a connection. A `secret` is read from the keyring or the environment, never from a file."""

    name: str
    help: str
    secret: bool = False
    required: bool = True
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorInfo:
    """`volatile` are JSON pointers, `*` standing for any characters, of fields that the PSA changes in a record by
    itself when anything or nothing is edited. `editor` and `edited_at` point to who edited a record last, and when.

    `copied` names fields of typed records (`ticket.summary`: kind and attribute) that are plain copies of members of
    the raw record, each with the JSON pointers (RFC 6901) that are looked at in order, until one gives something. With
    it a verifier that knows neither the connector nor the PSA can compare a pack's tables with the records. Of a
    `ticket_id` the pointers may give nothing: then the parent or another member says on which ticket a record hangs."""

    name: str
    title: str
    version: str
    settings: tuple[Setting, ...]
    volatile: tuple[str, ...] = ()
    editor: str = ""
    edited_at: str = ""
    copied: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One HTTP request and its response as they went over the wire.

    `response_body` is as received, content coding and all. Credentials stand nowhere: the connector hands over
    request headers with the values of secret ones replaced by `REMOVED`.
    """

    method: str
    url: str
    request_headers: tuple[tuple[str, str], ...]
    request_body: bytes
    status: int
    reason: str
    http_version: str
    response_headers: tuple[tuple[str, str], ...]
    response_body: bytes
    started_at: datetime
    finished_at: datetime


REMOVED = "[removed]"
"""Stands in an exchange where a credential stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A record seen in an exchange, before anybody interprets it.

    `start` and `end` delimit its bytes in the *decoded* response body (after content coding): the body of the
    record is exactly `decoded[start:end]`. `client` is the PSA's id of the client it belongs to, None for
    settings of the MSP. `parent` is the key of the record it hangs on (`ticket/1042`). `at` is when the thing
    happened according to the record, `updated_at` when it was last changed.
    """

    kind: Kind
    id: str
    start: int
    end: int
    client: str | None = None
    parent: str | None = None
    at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a capture is to fetch. `clients` are PSA ids, empty means all. Period: `since <= at < until`, UTC.

    A ticket is in scope when it was entered, updated or open within the period; what hangs on it comes whole.
    """

    clients: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    attachments: bool = True
    max_attachment_bytes: int = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientName:
    """A client as the PSA lists it."""

    id: str
    name: str
    identifier: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of `doctor`: `status` is `ok`, `warning` or `failed`. `refused`: it failed because the PSA said
    no, to the keys or for want of a permission."""

    id: str
    status: str
    detail: str
    next_step: str = ""
    refused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """Which records could not be had: those of `kind` that hang on the record with the key `parent` (`ticket/1042`), or
    with None on whichever record.

    The engine then takes none of them as proved absent, until they come: a later run completes `unit` (as in `keep`;
    or any run does, on the same `basis`), or says in `present` that the list of `parent` is complete; for None, until a
    later run whose scope covers this one received some of the resource and missed none but single records' of it.
    """

    kind: Kind
    parent: str | None = None
    unit: str = ""
    basis: str = ""


class Recorder(Protocol):
    """Capture's end of the line. All methods may be called from one event loop only."""

    def keep(self, exchange: Exchange, sightings: Sequence[Sighting] = (), *, unit: str | None = None,
             basis: str = "") -> None:  # fmt: skip
        """Store an exchange with the records seen in it, as one piece: after a crash both are there or neither.

        `unit` names a piece of work that this exchange completes (`service/tickets/1042/allNotes`); with `basis`
        (the ticket's last update, say) it lets a later run skip what already arrived. Raises StorageError.
        """

    def done(self, unit: str, basis: str = "") -> bool:
        """Whether this connection's captures already completed `unit` on the same `basis`."""

    def known(self, kind: Kind, ids: Sequence[str]) -> set[str]:
        """Those of `ids` that earlier captures of this connection hold and the PSA did not cease to list since.

        Who asks for changes only does not see a record that changed long ago and is shown only now, because the role
        was widened or the record came into scope without a change. Its id is listed, and is not known.
        """

    def changed_since(self, resource: str) -> datetime | None:
        """From when on changes of `resource` must be asked for, overlap included; None means everything.

        It is the start of the last capture whose scope covered this one and in which nothing of `resource`, or of what
        hangs on it (`resource/...`), was missing. A resource counts as fetched once `asked` or `received` named it.
        """

    def asked(self, resource: str, count: int) -> None:
        """The PSA says that `resource` holds `count` records for this scope (from its own count)."""

    def received(self, resource: str, count: int) -> None:
        """`count` more records of `resource` arrived."""

    def missing(self, resource: str, reason: str, *, count: int | None = None, detail: str = "",
                below: Below | None = None) -> None:  # fmt: skip
        """Records that could not be had: `reason` is one of MISSING_REASONS; None counts as unknown many.

        `below` says which they are; without it the loss is printed, and no verdict heeds it.
        """

    def fact(self, name: str, value: str | float | bool | None) -> None:
        """A fact about the source for capture.json: `host`, version, `clock_offset_seconds` (PSA minus us), role."""

    def present(self, kind: Kind, ids: Iterable[str], *, complete: bool, clients: Sequence[str] = (),
                parent: str | None = None, problem: str = "") -> None:  # fmt: skip
        """Which records of `kind` the PSA still lists, fetched or not: what the vault knows of and this leaves out
        has vanished.

        `ids` are those of `Sighting.id`. A long list is handed over a page at a time, each after `keep` of its
        exchange (without sightings): the ids add up until the call with `complete=True`, which says that nothing
        else of `kind` is there. `clients` are the PSA ids of the clients that the list was restricted to, `parent`
        the key of the record whose children it lists; one restricted by anything else (a period, changes only) is
        never complete. Without a complete list nothing counts as vanished. `problem` is one of MISSING_REASONS when
        the list could not be had: with "no permission", absence is known to prove nothing.
        """

    @property
    def progress(self) -> Progress: ...


MISSING_REASONS = (
    "no permission",      # the role does not allow this resource
    "not found",          # listed, but gone when asked for
    "refused",            # the server answered with an error that will not change
    "gave up",            # retries used up, or a time-out
    "unreadable",         # what came is not what it should be
    "too large",          # over the size limit of the scope
    "count differs",      # fewer or more came than the PSA counted
)  # fmt: skip


class Source(Protocol):
    """An open connection. Used as an async context manager."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *exc: object) -> None: ...

    async def clients(self, find: str = "") -> Sequence[ClientName]:
        """Clients whose name or identifier contains `find`, ordered by name. Raises the errors of psa_evidence."""

    async def fetch(self, scope: Scope, recorder: Recorder) -> None:
        """Fetch everything in scope into the recorder.

        A resource that fails is reported with `recorder.missing` and the rest goes on; only what makes all of it
        impossible is raised (AuthenticationError, UnreachableError, StorageError).
        """

    async def check(self) -> Sequence[Check]:
        """Facts for `doctor`: keys, host, version, permissions in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """One record version from the vault: the bytes as received and where they stand."""

    kind: Kind
    id: str
    sha256: Digest
    body: bytes = field(repr=False)
    client: str | None
    parent: str | None
    capture: str
    captured_at: datetime

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.id}"


@runtime_checkable
class Connector(Protocol):
    @property
    def info(self) -> ConnectorInfo: ...

    def open(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Source:
        """Make a connection, without talking to anybody yet. Raises ConfigurationError on bad settings."""

    def interpret(self, raw: Iterable[RawRecord]) -> RecordSet:
        """Read raw records. Pure and deterministic: the same records in any order give the same RecordSet.

        Never raises on what the bytes hold: what cannot be read is in `RecordSet.unread`.
        """
