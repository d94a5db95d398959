"""The vault: an append-only store of captures, and what can be asked of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from psa_evidence.errors import ConfigurationError, StorageError, VaultError
from psa_evidence.format import Opening, ProofFile, Seal
from psa_evidence.records import Kind, Lacking
from psa_evidence.spi import ClientName, ConnectorInfo, Progress, RawRecord, Scope, Silent
from psa_evidence.vault import beginning
from psa_evidence.vault import layout as layouts
from psa_evidence.vault.answers import (
    ExchangeRef,
    Hold,
    RecordVersion,
    client_name,
    located,
    place,
    raw,
    sealed,
    version,
)
from psa_evidence.vault.bodies import Bodies
from psa_evidence.vault.catalogue import CHUNK, Catalogue
from psa_evidence.vault.chain import ChainedLog
from psa_evidence.vault.counting import count_client
from psa_evidence.vault.disclosing import Disclosure, disclose, open_field
from psa_evidence.vault.drift import Drift
from psa_evidence.vault.drifting import all_tombstones, find_drift
from psa_evidence.vault.durable import Disk
from psa_evidence.vault.ending import Ending
from psa_evidence.vault.files import CaptureFiles
from psa_evidence.vault.info import CaptureInfo
from psa_evidence.vault.keeping import SOFTWARE, Keeper
from psa_evidence.vault.lacking import still_lacking
from psa_evidence.vault.layout import Layout
from psa_evidence.vault.lock import Lock
from psa_evidence.vault.proving import Prover
from psa_evidence.vault.schema import captures, exchanges, versions
from psa_evidence.vault.selection import (
    count_by_kind,
    earlier_versions,
    ever_of_client,
    natural,
    select_client,
    select_reference,
    undated,
)
from psa_evidence.vault.settings_history import SettingsCapture, known_at_each
from psa_evidence.vault.times import Clock, from_microseconds, instant, stamp, system_clock
from psa_evidence.vault.tombstones import Tombstone
from psa_evidence.vault.writer import CaptureWriter

BRIEFLY: Final = 0.5
"""Seconds to wait for somebody who only opens the vault and makes good what a crash left."""
ADDRESSES_READ: Final = 10_000
"""Rows taken from the catalogue at once: a capture of a large MSP made half a million requests."""


class Vault:
    """An open vault. Keeps no file and no database open between calls.

    `behind` says why a capture that broke off could not be sealed yet, on a full disk or a read-only one: all that is
    sealed can be read all the same.
    """

    def __init__(self, layout: Layout, vault_id: str, disk: Disk, clock: Clock) -> None:
        self.path = layout.root
        self.id = vault_id
        self.behind: StorageError | None = None
        self._layout = layout
        self._disk = disk
        self._catalogue = Catalogue(layout.catalogue, vault_id)
        self._keeper = Keeper(layout, vault_id, disk, self._catalogue, clock)
        self._bodies: Bodies[int] = Bodies(layout.root)
        self._prover = Prover(layout, self._salt_key)
        self.custody = ChainedLog(layout.custody, disk, layouts.custody_salt(layout))

    @classmethod
    def create(cls, path: Path, *, vault_id: str, salt_key: bytes | None = None, disk: Disk | None = None) -> Vault:
        """Make a vault in a new or empty folder. `salt_key` are 32 random bytes, by default the system's. Raises
        ConfigurationError, StorageError."""
        disk = disk or Disk()
        layouts.create(Layout(path), vault_id, salt_key or secrets.token_bytes(layouts.KEY_BYTES), disk)
        return cls.open(path, disk=disk)

    @classmethod
    def restore_salts(cls, path: Path, copy_of: Callable[[str], bytes | None], *, disk: Disk | None = None) -> bool:
        """Put `salts.key` back from a copy kept elsewhere, asked for by the vault's id, when it is missing or another.
        Whether that was done. Raises ConfigurationError, VaultError, StorageError."""
        layout = Layout(path)
        copy = copy_of(layouts.read_id(layout))
        return copy is not None and layouts.restore_salt_key(layout, copy, disk or Disk())

    @classmethod
    def open(cls, path: Path, *, clock: Clock = system_clock, disk: Disk | None = None) -> Vault:
        """Open a vault, making good what a killed run left and indexing what is not indexed.

        `clock` gives the time of the seal that closes an interrupted capture. Raises ConfigurationError when there
        is no vault, VaultError when it is half-written, damaged or of a newer format, StorageError when nothing can be
        written and the catalogue does not hold all that is sealed.
        """
        layout = Layout(path)
        vault = cls(layout, layouts.read_id(layout), disk or Disk(), clock)
        usable = vault._catalogue.prepare()
        if not usable or not vault._keeper.settled():
            try:
                vault._catch_up(anew=not usable)
            except StorageError as refused:
                if not usable or not vault._keeper.all_indexed():
                    raise
                vault.behind = refused
        return vault

    # Writing

    def begin(self, *, connection: str, connector: ConnectorInfo, scope: Scope, clock: Clock, who: str = "",
              progress: Progress | None = None, direct: bool = False) -> CaptureWriter:  # fmt: skip
        """Begin a capture. Raises StorageError when another run is writing. `direct` writes without a thread."""
        key = self._salt_key()
        lock = Lock(self._layout.lock)
        lock.acquire(clock(), wait_seconds=BRIEFLY)
        try:
            keeper = Keeper(self._layout, self.id, self._disk, self._catalogue, clock)
            keeper.settle(Silent())
            head = beginning.head(self.id, connection, connector, scope, clock())
            folder = beginning.new_folder(self._layout, self._disk, head)
            filling = self._catalogue.filling(len(self._layout.seal_numbers()) + 1, connection)
            completed = self._catalogue.completed(connection)
            files = CaptureFiles(
                folder, vault=self.id, connection=connection, software=SOFTWARE, disk=self._disk, filling=filling,
                key=key, nodes=self._layout.nodes(folder.name),
            )  # fmt: skip
            return CaptureWriter(
                files,
                Ending(keeper, folder, head, filling, who, (completed.close, lock.release)),
                done=completed,
                known=completed.known,
                changed_since=beginning.changes(self.captures(), connection, scope),
                progress=progress or Silent(),
                direct=direct,
            )
        except BaseException:
            lock.release()
            raise

    def reindex(self, progress: Progress | None = None) -> int:
        """Make the catalogue anew from the captures; returns how many. Raises StorageError, VaultError."""
        lock = Lock(self._layout.lock)
        lock.acquire(self._keeper.clock())
        try:
            self._make_good(progress or Silent(), anew=True)
        finally:
            lock.release()
        return len(self._catalogue.numbers())

    def hold(self, *, matter: str, connection: str, client: str, reason: str, who: str, at: datetime) -> None:
        """Record a legal hold, in `holds.jsonl` and in the custody log. `client` is the PSA's id."""
        entry = {"matter": matter, "connection": connection, "client": client, "reason": reason, "who": who}
        ChainedLog(self._layout.holds, self._disk).append([{**entry, "action": "held", "at": stamp(at)}], now=at)
        self.log("held", matter, {"connection": connection, "client": client}, who=who, at=at)

    def log(self, action: str, subject: str, detail: Mapping[str, Any], *, who: str, at: datetime) -> None:
        """Append to the custody log: `accessed` when records are selected for a pack, and so on."""
        entry = {"action": action, "subject": subject, "detail": dict(detail), "who": who, "at": stamp(at)}
        self.custody.append([entry], now=at)

    # Asking

    def captures(self) -> tuple[CaptureInfo, ...]:
        """All captures that have ended, newest last."""
        return tuple(CaptureInfo.read(document, capture) for _, capture, document in self._catalogue.documents())

    def seals(self) -> tuple[Seal, ...]:
        """All seals, oldest first, checked to follow each other. Raises VaultError."""
        return self._keeper.seals()

    def holds(self) -> tuple[Hold, ...]:
        """Holds as recorded, oldest first."""
        entries = ChainedLog(self._layout.holds, self._disk).read()
        names = ("matter", "connection", "client", "reason", "who")
        return tuple(Hold(**{n: e[n] for n in names}, at=instant(e["at"])) for e in entries)

    def clients(self, connection: str | None = None) -> tuple[ClientName, ...]:
        """Clients whose own record was captured, ordered by name. Names are read from the records each time."""
        v = versions.c
        with self._catalogue.reading() as db:
            query = sa.select(v.connection, sa.func.max(v.n)).where(v.kind == "client", v.capture <= sealed())
            if connection is not None:
                query = query.where(v.connection == connection)
            newest = [row[1] for row in db.execute(query.group_by(v.connection, v.id))]
        found = [client_name(record) for record in self._read(newest)]
        return tuple(sorted(found, key=lambda c: (c.name.casefold(), natural(c.id))))

    def select(self, *, connection: str, client: str, since: datetime | None = None, until: datetime | None = None,
               ) -> tuple[RawRecord, ...]:  # fmt: skip
        """Newest versions of the MSP's settings and of the client's records in `since <= at < until` (activities
        of any time), with all that hangs on them (`psa_evidence.vault.selection`). Ordered by kind and id. Raises
        VaultError."""
        with self._catalogue.reading() as db:
            found = select_reference(db, connection) | select_client(db, connection, client, since, until)
        return tuple(self._read(list(found)))

    def population(self, *, connection: str, client: str, since: datetime | None = None,
                   until: datetime | None = None) -> dict[str, dict[str, int]]:  # fmt: skip
        """By kind: how many records of the client are captured, in the period (as `select` gives them), outside it,
        and how many of those in the period bear no time. The settings of the MSP are not among them."""
        with self._catalogue.reading() as db:
            everything = count_client(db, connection, client)
            found = select_client(db, connection, client, since, until)
            inside, without = count_by_kind(found), undated(db, found)
        return {
            kind: {
                "captured": everything[kind],
                "in_period": inside[kind],
                "outside_period": everything[kind] - inside[kind],
                "undated": without[kind],
            }
            for kind in sorted(everything | inside)
        }

    def captured(self, *, connection: str, client: str) -> dict[str, int]:
        """By kind: how many records of the client are captured, of whatever time; as `population` says it."""
        with self._catalogue.reading() as db:
            return dict(count_client(db, connection, client))

    def span(self, *, connection: str, client: str, kind: Kind) -> tuple[datetime, datetime] | None:
        """The own times of the client's first and last captured record of a kind; None when none bears a time."""
        v = versions.c
        with self._catalogue.reading() as db:
            first, last = db.execute(
                sa.select(sa.func.min(v.at), sa.func.max(v.at)).where(
                    v.connection == connection, v.client == client, v.kind == kind, v.capture <= sealed()
                )
            ).one()
        return None if first is None else (from_microseconds(first), from_microseconds(last))

    def versions(self, connection: str, kind: Kind, record_id: str) -> tuple[RecordVersion, ...]:
        """Every version of a record, oldest first."""
        v = versions.c
        with self._catalogue.reading() as db:
            query = located().where(
                v.connection == connection, v.kind == kind, v.id == record_id, v.capture <= sealed()
            )
            return tuple(version(row) for row in db.execute(query.order_by(v.n)))

    def earlier(self, connection: str, keys: Collection[tuple[str, str]]) -> tuple[RawRecord, ...]:
        """Every sealed version but the newest of the records of `keys` (kind, id). Ordered by kind and id, of each the
        last first; versions of one capture with the same bytes once. Raises VaultError."""
        with self._catalogue.reading() as db:
            numbers = earlier_versions(db, connection, keys)
        read = sorted(self._numbered(numbers), key=itemgetter(0))
        found = {(r.kind, r.id, r.capture, r.sha256): (n, r) for n, r in read}
        ordered = sorted(found.values(), key=lambda each: (each[1].kind, natural(each[1].id), -each[0]))
        return tuple(record for _, record in ordered)

    def settings(self, *, connection: str, client: str) -> tuple[SettingsCapture, ...]:
        """The settings, the client's record and its agreements as each capture of the connection knew them, oldest
        first (`psa_evidence.vault.settings_history`). Raises VaultError."""
        with self._catalogue.reading() as db:
            found = known_at_each(db, connection, client, self.captures())
        read: dict[frozenset[int], tuple[RawRecord, ...]] = {}
        for _, numbers in found:
            if numbers not in read:
                read[numbers] = tuple(self._read(sorted(numbers)))
        return tuple(
            SettingsCapture(capture=info.id, at=info.finished_at or info.started_at, records=read[numbers])
            for info, numbers in found
        )

    def lacking(self, connection: str) -> tuple[Lacking, ...]:
        """What captures of the connection could not get of records that they name, and none has brought since
        (`psa_evidence.vault.lacking`)."""
        documents = self._catalogue.documents()
        captures = [(number, CaptureInfo.read(document, capture)) for number, capture, document in documents]
        with self._catalogue.reading() as db:
            return still_lacking(db, connection, captures)

    def tombstones(self, connection: str) -> tuple[Tombstone, ...]:
        """Every record that vanished, in the order found; one that was seen again stays among them."""
        with self._catalogue.reading() as db:
            return all_tombstones(db, connection)

    def drift(self, *, connection: str, since: int = 0, client: str | None = None,
              keys: Iterable[tuple[str, str]] | None = None, about: ConnectorInfo | None = None) -> Drift:  # fmt: skip
        """What changed after seal `since` (0: since each record was first captured), of all records, of a client's,
        or of `keys` (kind, id) only. `about` is the connector's, which knows the fields that its PSA moves by itself.
        Raises VaultError."""
        infos = self.captures()
        with self._catalogue.reading() as db:
            wanted = None if keys is None else set(keys)
            if wanted is None and client is not None:
                wanted = ever_of_client(db, connection, client)
            return find_drift(
                db, Bodies(self.path), connection=connection, since=since, client=client, keys=wanted, infos=infos,
                about=about,
            )  # fmt: skip

    def record(self, connection: str, kind: str, record_id: str, *, seal: int | None = None) -> RawRecord:
        """The newest version of a record, or the one it had under a seal. Raises ConfigurationError."""
        v = versions.c
        newest = [] if seal is None else [v.capture <= seal]
        with self._catalogue.reading() as db:
            query = sa.select(sa.func.max(v.n)).where(
                v.connection == connection, v.kind == kind, v.id == record_id, v.capture <= sealed(),
                *newest,
            )  # fmt: skip
            number = db.execute(query).scalar()
        if number is None:
            raise ConfigurationError(
                f"The vault holds no {kind}/{record_id} over this connection{f' under seal {seal}' if seal else ''}.",
                next_step="Give kind and id as in ticket/1042; `psa-evidence drift` and the pack's tables name them.",
            )
        [found] = self._read([int(number)])
        return found

    def addresses(self, capture: str) -> Iterator[str]:
        """The address of each request of a capture, in their order, as it was sent; none for one that is not known.
        Keeps the catalogue open until they are read. Raises VaultError."""
        e, numbers = exchanges.c, sa.select(captures.c.number).where(captures.c.id == capture)
        with self._catalogue.reading() as db:
            query = sa.select(e.url).where(e.capture == numbers.scalar_subquery()).order_by(e.n)
            yield from db.execute(query.execution_options(yield_per=ADDRESSES_READ)).scalars()

    def exchange_of(self, record: RawRecord) -> ExchangeRef:
        """Where a record came from. Raises VaultError when it is not one of this vault."""
        row = self._rows([record])[0]
        return ExchangeRef(
            capture=row.capture_id,
            file=f"captures/{row.capture_id}/{row.file}",
            offset=row.offset,
            start=row.start,
            end=row.end,
            url=row.url,
            at=from_microseconds(row.finished_at),
        )

    def proofs(self, records: Iterable[RawRecord], *, withheld: Collection[str] = ()) -> tuple[ProofFile, ...]:
        """That these record versions stand in sealed captures: one file a seal, ordered by leaf. The salts of records
        whose key is in `withheld` are left out: they would open every field. Raises VaultError."""
        asked = list(records)
        in_part = {place for place, record in enumerate(asked) if record.key in withheld}
        return self._prover.proofs(asked, self._rows(asked), self.seals(), in_part)

    def places(self, records: Iterable[RawRecord]) -> tuple[tuple[int, int], ...]:
        """Number of the seal and index of the leaf of each record version, in the order given. Raises VaultError."""
        return tuple((row.capture, row.leaf) for row in self._rows(list(records)))

    def proofs_and_places(
        self, records: Sequence[RawRecord], *, in_part: Collection[int] = ()
    ) -> tuple[tuple[ProofFile, ...], tuple[tuple[int, int], ...]]:
        """What `proofs` and `places` give; the records are looked up once. The salts of those whose place in `records`
        is in `in_part` are left out: versions of one record may be shown whole and in part. Raises VaultError."""
        rows = self._rows(list(records))
        files = self._prover.proofs(records, rows, self.seals(), in_part)
        return files, tuple((row.capture, row.leaf) for row in rows)

    def disclosure(self, record: RawRecord, withheld: Mapping[str, str]) -> Disclosure:
        """A record without the fields whose names `withheld` gives reasons for, still provable. Raises VaultError,
        and ConfigurationError when the record has no such field or is not a JSON object."""
        return disclose(self._salt_key(), record, self.places([record])[0][1], withheld)

    def opening(self, record: RawRecord, name: str) -> Opening:
        """One field with all that proves it, for whoever may see it in camera. Raises as `disclosure` does."""
        [file] = self.proofs([record], withheld=[record.key])
        return open_field(self._salt_key(), record, file, name)

    # Inside

    def _salt_key(self) -> bytes:
        return layouts.read_salt_key(self._layout)

    def _catch_up(self, *, anew: bool) -> None:
        lock = Lock(self._layout.lock)
        if lock.try_acquire(self._keeper.clock()):
            try:
                self._make_good(Silent(), anew=anew)
            finally:
                lock.release()
        elif anew:
            raise StorageError(
                "The catalogue must be made anew, and another run is writing to this vault.",
                next_step="Wait until it has ended, then run the same command again.",
            )

    def _make_good(self, progress: Progress, *, anew: bool) -> None:
        progress.start("index", None)
        if anew:
            self._catalogue.delete()
            if not self._catalogue.prepare():
                raise VaultError("The catalogue cannot be made anew.", next_step="Delete catalogue.db by hand.")
        self._keeper.settle(progress, wait=True)
        progress.finish("index")

    def _rows(self, records: list[RawRecord]) -> list[Any]:
        """Catalogue rows of record versions, in the order given."""
        v = versions.c
        wanted = {(r.capture, r.kind, r.id, r.sha256) for r in records}
        found: dict[tuple[str, str, str, str], Any] = {}
        by_kind: dict[tuple[str, str], set[str]] = {}
        for record in records:
            by_kind.setdefault((record.capture, record.kind), set()).add(record.id)
        with self._catalogue.reading() as db:
            for (capture, kind), ids in sorted(by_kind.items()):
                ordered = sorted(ids)
                for i in range(0, len(ordered), CHUNK):
                    query = located().where(captures.c.id == capture, v.kind == kind, v.id.in_(ordered[i : i + CHUNK]))
                    for row in db.execute(query):
                        found[row.capture_id, row.kind, row.id, row.sha256] = row
        if missing := wanted - found.keys():
            _, kind, record_id, _ = min(missing)
            raise VaultError(f"{kind}/{record_id} is not in this vault in that version.")
        return [found[r.capture, r.kind, r.id, r.sha256] for r in records]

    def _read(self, numbers: list[int]) -> list[RawRecord]:
        """Records by version number, in order of kind and id."""
        return sorted((record for _, record in self._numbered(numbers)), key=lambda r: (r.kind, natural(r.id)))

    def _numbered(self, numbers: list[int]) -> Iterator[tuple[int, RawRecord]]:
        """In the order in which they are stored."""
        rows: dict[int, Any] = {}
        with self._catalogue.reading() as db:
            for i in range(0, len(numbers), CHUNK):
                for row in db.execute(located().where(versions.c.n.in_(numbers[i : i + CHUNK]))):
                    rows[row.n] = row
        places = ((n, place(row)) for n, row in rows.items())
        for n, body in self._bodies.read(places):
            yield n, raw(rows[n], body)
