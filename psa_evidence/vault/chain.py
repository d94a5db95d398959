"""Append-only logs of JSON lines, each bearing the digest of the line before: `custody.jsonl` and others.

The chain shows what was changed before the last line. Beside each log its head says how many entries it had and what
the last of them was (`custody.head`), so that a log that was cut, or whose last line changed, is found too. Whoever
changes both on purpose is found by the seals alone, from the next one on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from psa_evidence.errors import VaultError
from psa_evidence.format import FormatError, LogHead, canonical, parse
from psa_evidence.format.log import SALT, digest_of_line, entry_digest
from psa_evidence.vault.durable import Disk, storage_errors
from psa_evidence.vault.lock import Holding, Lock

WAIT_SECONDS: Final = 10.0
"""An append takes milliseconds; who waits longer waits for somebody who hangs."""


def head_path(log: Path) -> Path:
    return log.with_suffix(".head")


def read_head(log: Path) -> LogHead | None:
    """What was noted of a log when it was last added to; None when nothing was. Raises StorageError, VaultError."""
    path = head_path(log)
    if not path.exists():
        return None
    try:
        with storage_errors(path):
            found = parse(path.read_bytes())
        return LogHead(int(found["entries"]), str(found["sha256"]))
    except (FormatError, KeyError, TypeError, ValueError) as error:
        raise VaultError(f"{path.name} is damaged.", next_step="Restore it from a copy of the vault.") from error


def lost(head: LogHead, lines: Sequence[bytes]) -> str:
    """What a log of these lines lacks of what its head says, in words; empty when nothing."""
    if len(lines) < head.entries:
        return f"has {len(lines):,} entries of {head.entries:,}: the last were cut off"
    if head.entries and digest_of_line(lines[head.entries - 1]) != head.sha256:
        return f"has another entry {head.entries:,} than was written"
    return ""


class ChainedLog:
    """A log in one file. Lines are canonical JSON with `number` (from 1) and `previous` (null in the first). `salt`
    gives the salt of the entry with a number, for a log whose entries a pack may have to withhold."""

    def __init__(self, path: Path, disk: Disk, salt: Callable[[int], str] | None = None) -> None:
        self.path = path
        self._disk = disk
        self._salt = salt

    def append(self, entries: Iterable[Mapping[str, Any]], *, now: datetime, behind: int | None = None) -> bool:
        """Add entries, all or none acknowledged. With `behind` only while there are that many entries; False, and
        nothing is added, when there are others. Raises StorageError, and VaultError when the chain is broken."""
        with Holding(Lock(self.path.with_suffix(".lock")), now, wait_seconds=WAIT_SECONDS):
            self._refuse_loss()
            if self.path.exists():
                data = self._bytes()
                whole = data.rfind(b"\n") + 1
                if whole < len(data):
                    self._disk.set_aside(self.path, whole)
            lines = self._lines()
            if behind is not None and len(lines) != behind:
                return False
            previous = digest_of_line(lines[-1]) if lines else None
            new = []
            for number, entry in enumerate(entries, len(lines) + 1):
                salt = {} if self._salt is None else {SALT: self._salt(number)}
                made = {**entry, **salt, "number": number, "previous": previous}
                new.append(canonical(made))
                previous = entry_digest(new[-1], made)
            file = self._disk.append(self.path)
            try:
                file.write(b"".join(line + b"\n" for line in new))
                file.sync()
            finally:
                file.close()
            head = {"entries": len(lines) + len(new), "sha256": previous}
            self._disk.replace(head_path(self.path), canonical(head))
        return True

    def lines(self) -> tuple[bytes, ...]:
        """The lines of `read` as they stand in the file, without line ends. Raises VaultError likewise."""
        self.read()
        return tuple(self._lines())

    def read(self) -> tuple[dict[str, Any], ...]:
        """All entries, oldest first. Raises VaultError naming the line at which the chain breaks, and when entries that
        were there are not."""
        self._refuse_loss()
        entries: list[dict[str, Any]] = []
        previous: str | None = None
        for number, line in enumerate(self._lines(), 1):
            try:
                entry = parse(line)
            except FormatError as error:
                raise self._broken(number) from error
            if not isinstance(entry, dict) or entry.get("number") != number or entry.get("previous") != previous:
                raise self._broken(number)
            entries.append(entry)
            previous = entry_digest(line, entry)
        return tuple(entries)

    def head(self) -> str | None:
        """Digest of the last entry, None when there is none."""
        return self.state()[1]

    def state(self) -> tuple[int, str | None]:
        """Number of entries, and `head`."""
        lines = self._lines()
        return len(lines), digest_of_line(lines[-1]) if lines else None

    def _lines(self) -> list[bytes]:
        """Whole lines; one that a crash cut off was never acknowledged."""
        return self._bytes().split(b"\n")[:-1] if self.path.exists() else []

    def _bytes(self) -> bytes:
        with storage_errors(self.path):
            return self.path.read_bytes()

    def _refuse_loss(self) -> None:
        """Raises VaultError when the log does not hold all that its head says. The head is read first: the log may only
        have grown since, and a crash leaves the log ahead of it."""
        head = read_head(self.path)
        if head is not None and (loss := lost(head, self._lines())):
            raise VaultError(
                f"{self.path.name} {loss}.",
                why=f"{head_path(self.path).name} was written when it had them.",
                next_step="Restore the file from a copy of the vault; nothing is added to it as it is.",
            )

    def _broken(self, number: int) -> VaultError:
        return VaultError(
            f"{self.path.name} does not hold together at line {number}.",
            why="A line was changed, removed or put in after it was written.",
            next_step="Compare the file with a copy of the vault; it is evidence as it is, do not edit it.",
        )
