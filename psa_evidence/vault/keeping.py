"""The writing side of a vault, under its lock: sealing and indexing what a run left, whole or cut off.

What ends a capture, in this order, each step durable before the next: capture.json, the seal, the custody log, the
catalogue. A crash between two of them is made good by `settle`, which goes on from where the files stand.
"""

from __future__ import annotations

import hashlib
import math
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from psa_evidence import __version__
from psa_evidence.errors import VaultError
from psa_evidence.format import FormatError, LogHead, Seal, SealedConnector, SealedFile
from psa_evidence.spi import Progress
from psa_evidence.vault.catalogue import Catalogue, Filling
from psa_evidence.vault.chain import ChainedLog
from psa_evidence.vault.durable import TEMPORARY, Disk, storage_errors
from psa_evidence.vault.files import CAPTURE, RECORDS, Totals
from psa_evidence.vault.info import CaptureInfo, Fact, State, read_scope
from psa_evidence.vault.layout import Layout, custody_salt
from psa_evidence.vault.leaves import Leaves, leaves_of
from psa_evidence.vault.lines import ExchangeLine, Line, damaged, read_head, read_lines
from psa_evidence.vault.nodes import discard_unfinished
from psa_evidence.vault.set_back import is_set_back, refuse_clock_set_back
from psa_evidence.vault.times import Clock, instant, stamp
from psa_evidence.vault.tombstones import TOMBSTONES, pack_tombstones, read_tombstones
from psa_evidence.vault.warc import whole_members
from psa_evidence.vault.writer import Account

SOFTWARE: Final = f"psa-evidence/{__version__}"
INTERRUPTED: Final = "interrupted"
LOGGED: Final = ("captured", "sealed")
"""What the custody log says of every capture, in this order."""
CLOCK_OFFSET: Final = "clock_offset_seconds"
"""The fact by which a connector says how far the PSA's clock is ahead of ours."""
RECOVERY: Final = "psa-evidence (recovery)"
LATER: Final = "later: the run that recorded it ended before it could"
LINES_AT_ONCE: Final = 5000


class Keeper:
    """Seals, recovers and indexes. The caller holds the vault's lock."""

    def __init__(self, layout: Layout, vault_id: str, disk: Disk, catalogue: Catalogue, clock: Clock) -> None:
        self.layout = layout
        self.vault_id = vault_id
        self.disk = disk
        self.catalogue = catalogue
        self.clock = clock
        self.custody = ChainedLog(layout.custody, disk, custody_salt(layout))
        self.holds = ChainedLog(layout.holds, disk)

    def settled(self) -> bool:
        """Whether every capture is whole, sealed and indexed."""
        indexed = self.catalogue.numbers()
        return indexed.keys() == set(self.layout.capture_ids()) and not self.layout.unborn()

    def all_indexed(self) -> bool:
        """Whether every sealed capture is in the catalogue."""
        return set(self.catalogue.numbers().values()) == set(self.layout.seal_numbers())

    def settle(self, progress: Progress, *, wait: bool = False) -> None:
        """Make good what a crash left, and index what is not indexed. Raises VaultError and StorageError; where a seal
        is due and the clock is before the last one, ConfigurationError, or with `wait` leaves the seal for later."""
        for folder in self.layout.unborn():
            with storage_errors(folder):
                shutil.rmtree(folder)
        sealed = {seal.capture: seal for seal in self.seals()}
        self._index(sealed, progress)
        self._refuse_lost_seals(sealed)
        wait = wait and is_set_back(tuple(sealed.values()), self.clock())
        for capture in self.layout.capture_ids():
            if capture not in sealed and not wait:
                folder = self.layout.captures / capture
                if not (folder / RECORDS).exists():
                    raise _no_capture(capture)
                discard_unfinished(self.layout.nodes(capture))
                whole = (folder / CAPTURE).exists()
                info = self._info(folder) if whole else self.recover(folder, INTERRUPTED, None)
                leaves = leaves_of(folder / RECORDS)
                sealed[capture] = self.seal(info, _files_on_disk(self.layout.root, folder), leaves)
        self._complete_custody(sealed)
        self._index(sealed, progress)

    def _refuse_lost_seals(self, sealed: dict[str, Seal]) -> None:
        """A capture whose seal was lost is not sealed again as if nothing had been. Raises VaultError."""
        for entry in self.custody.read():
            if entry["action"] == "sealed" and entry["subject"] not in sealed:
                raise VaultError(
                    f"The seal of capture {entry['subject']} is not there, and the custody log knows of it.",
                    why="Seals or captures were taken out, or the vault was put back to an earlier state.",
                    next_step="Run `psa-evidence vault check`, and restore what is missing from a copy of the vault.",
                )

    def _index(self, sealed: dict[str, Seal], progress: Progress) -> None:
        """What is sealed and not in the catalogue, oldest first."""
        indexed = self.catalogue.numbers()
        for capture, seal in sorted(sealed.items(), key=lambda item: item[1].number):
            if capture not in indexed:
                self.index(seal.number, capture, progress)

    def seals(self) -> tuple[Seal, ...]:
        """All seals in order. Raises VaultError when one is missing, damaged or does not follow the one before."""
        seals: list[Seal] = []
        for expected, number in enumerate(self.layout.seal_numbers(), 1):
            path = self.layout.seal(number)
            try:
                with storage_errors(path):
                    seal = Seal.read(path.read_bytes())
            except FormatError as error:
                raise _seal_error(path, str(error)) from error
            if number != expected or seal.number != number:
                raise _seal_error(path, f"Seal {expected} is missing, or a seal bears another's number.")
            if seal.previous != (seals[-1].digest() if seals else None) or seal.vault != self.vault_id:
                raise _seal_error(path, "It does not follow the seal before it.")
            seals.append(seal)
        return tuple(seals)

    def seal(self, info: CaptureInfo, files: Iterable[SealedFile], leaves: Leaves) -> Seal:
        """Close a capture whose capture.json stands. Raises ConfigurationError with a clock before the last seal."""
        earlier, now = self.seals(), self.clock()
        refuse_clock_set_back(earlier, now)
        path = self.layout.captures / info.id / CAPTURE
        own = sealed_file(self.layout.root, path)
        seal = Seal(
            number=len(earlier) + 1,
            vault=self.vault_id,
            capture=info.id,
            state=info.state,
            sealed_at=stamp(now),
            software=SOFTWARE,
            connector=SealedConnector(info.connector, info.connector_version),
            clock_offset_ms=_milliseconds(info.facts.get(CLOCK_OFFSET)),
            leaves=len(leaves),
            counts=dict(leaves.kinds),
            root=leaves.frontier.root.hex(),
            files=tuple(sorted([*files, own], key=lambda f: f.path)),
            logs={"custody": LogHead(*self.custody.state()), "holds": LogHead(*self.holds.state())},
            previous=earlier[-1].digest() if earlier else None,
        )
        self.disk.replace(self.layout.seal(seal.number), seal.document())
        return seal

    def record(self, seal: Seal, info: CaptureInfo, who: str, actions: Sequence[str] = LOGGED) -> None:
        """Into the custody log: what was captured, and under which seal it is."""
        now = self.clock()
        common = {"at": stamp(now), "who": who, "subject": info.id}
        figures = {"state": info.state, "exchanges": info.exchanges, "records": info.records}
        details: dict[str, dict[str, Any]] = {
            "captured": {"connection": info.connection, **figures},
            "sealed": {"seal": seal.number, "digest": seal.digest()},
        }
        self.custody.append([{**common, "action": a, "detail": details[a]} for a in actions], now=now)

    def recover(self, folder: Path, failure: str, account: Account | None) -> CaptureInfo:
        """Write capture.json for a capture whose writing broke off, from what its files hold.

        Ends that were cut in two are set aside in files of their own; nothing that was acknowledged is in them.
        """
        records = folder / RECORDS
        with storage_errors(records):
            self.disk.set_aside(records, whole_members(records.read_bytes()))
        head = read_head(records)
        totals, ends, last = Totals(), dict[str, int](), None
        filling = self.catalogue.filling(len(self.layout.seal_numbers()) + 1, head["connection"])
        try:
            for lines in batches(read_lines(records)):
                totals.count(lines)
                filling.add(lines)
                for line in lines:
                    if isinstance(line, ExchangeLine):
                        ends[line.file] = line.offset + line.length
                        last = line.finished_at
            vanished = self.bury(folder, filling)
        finally:
            filling.close()
        for path in sorted(folder.glob("exchanges-*.warc.gz")):
            self._cut(path, ends.get(path.name, 0))
        account = account or Account()
        facts: dict[str, Fact] = {**account.facts}
        if last is not None:
            facts["last_exchange_at"] = stamp(last)
        info = capture_info(head, folder.name, "failed", failure, account, totals, None, facts, vanished)
        self.disk.replace(folder / CAPTURE, info.document())
        return info

    def bury(self, folder: Path, filling: Filling) -> int:
        """Write a capture's tombstones, when something vanished; returns how many. Its lines are in `filling`."""
        data, vanished = pack_tombstones(folder.name, filling.vanished(folder.name))
        if vanished:
            self.disk.replace(folder / TOMBSTONES, data)
        return vanished

    def index(self, number: int, capture: str, progress: Progress) -> None:
        """Put a sealed capture into the catalogue, from its files."""
        folder = self.layout.captures / capture
        info = self._info(folder)
        filling = self.catalogue.filling(number, info.connection)
        try:
            for lines in batches(read_lines(folder / RECORDS)):
                filling.add(lines)
                progress.advance("index", len(lines))
            filling.bury(read_tombstones(folder))
            filling.finish(info, (folder / CAPTURE).read_bytes())
        finally:
            filling.close()

    def _cut(self, path: Path, known: int) -> None:
        """Set aside a record that a crash cut in two, after the last byte that is known to be whole."""
        with storage_errors(path):
            if path.stat().st_size < known:
                raise damaged(path)
            with path.open("rb") as file:
                file.seek(known)
                tail = file.read()
        self.disk.set_aside(path, known + whole_members(tail))

    def _info(self, folder: Path) -> CaptureInfo:
        path = folder / CAPTURE
        try:
            data = path.read_bytes()
        except OSError as error:
            raise VaultError(
                f"{folder.name}/{CAPTURE} cannot be read.",
                why=error.strerror or "",
                next_step="Restore it from a copy.",
            ) from error
        return CaptureInfo.read(data, f"{folder.name}/{CAPTURE}")

    def _complete_custody(self, sealed: dict[str, Seal]) -> None:
        """Enter captures, seals and holds that a run left unsaid when it broke off between them and this log."""
        known = {(entry["action"], entry["subject"]) for entry in self.custody.read()}
        for capture, seal in sealed.items():
            if owed := [action for action in LOGGED if (action, capture) not in known]:
                self.record(seal, self._info(self.layout.captures / capture), RECOVERY, owed)
        for hold in untold_holds(self.holds.read(), self.custody.read()):
            now = self.clock()
            about = {name: hold[name] for name in ("client", "connection")}
            said = {**about, "entered": LATER, "made_at": hold["at"], "made_by": hold["who"]}
            self.custody.append(
                [{"action": "held", "at": stamp(now), "who": RECOVERY, "subject": hold["matter"], "detail": said}],
                now=now,
            )


def untold_holds(holds: Sequence[Mapping[str, Any]], custody: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Holds of which the custody log says nothing, by matter and time."""
    told = {
        (entry.get("subject"), entry["detail"].get("made_at", entry.get("at")))
        for entry in custody
        if entry.get("action") == "held" and isinstance(entry.get("detail"), dict)
    }
    return [hold for hold in holds if (hold.get("matter"), hold.get("at")) not in told]


def capture_info(head: dict[str, Any], capture: str, state: State, failure: str, account: Account, totals: Totals,
          finished_at: datetime | None, facts: dict[str, Fact], vanished: int) -> CaptureInfo:  # fmt: skip
    return CaptureInfo(
        id=capture,
        connection=head["connection"],
        connector=head["connector"]["name"],
        connector_version=head["connector"]["version"],
        state=state,
        started_at=instant(head["started_at"]),
        finished_at=finished_at,
        scope=read_scope(head["scope"]),
        counts=account.counts(),
        missing=tuple(account.missing),
        facts=facts,
        exchanges=totals.exchanges,
        records=totals.records,
        new_versions=totals.new_versions,
        vanished=vanished,
        software=SOFTWARE,
        failure=failure,
    )


def batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while batch := list(islice(lines, LINES_AT_ONCE)):
        yield batch


def _files_on_disk(vault: Path, folder: Path) -> list[SealedFile]:
    """Everything but capture.json, ends that were set aside included, and what was never put in place left out."""
    paths = sorted(p for p in folder.iterdir() if p.name != CAPTURE and not p.name.endswith(TEMPORARY))
    return [sealed_file(vault, path) for path in paths]


def sealed_file(vault: Path, path: Path) -> SealedFile:
    with storage_errors(path), path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return SealedFile(path.relative_to(vault).as_posix(), digest, file.tell())


def _milliseconds(seconds: Fact) -> int | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds):
        return None
    return round(seconds * 1000)


def _no_capture(name: str) -> VaultError:
    return VaultError(
        f"captures/{name} is no capture of this vault.",
        why=f"It holds no {RECORDS}, and no seal is over it.",
        next_step="Restore the file from a copy if it was lost; move a folder of your own out of the vault.",
    )


def _seal_error(path: Path, why: str) -> VaultError:
    return VaultError(
        f"seals/{path.name} is not as it was made.", why=why, next_step="Compare it with a copy; do not edit it."
    )
