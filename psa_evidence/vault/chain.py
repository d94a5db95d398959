"""Append-only logs of JSON lines, each bearing the digest of the line before: `custody.jsonl` and `holds.jsonl`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from psa_evidence.errors import VaultError
from psa_evidence.format import FormatError, canonical, parse, sha256
from psa_evidence.vault.durable import Disk, storage_errors
from psa_evidence.vault.lock import Holding, Lock

WAIT_SECONDS: Final = 10.0
"""An append takes milliseconds; who waits longer waits for somebody who hangs."""


class ChainedLog:
    """A log in one file. Lines are canonical JSON with `number` (from 1) and `previous` (null in the first)."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path = path
        self._disk = disk

    def append(self, entries: Iterable[Mapping[str, Any]], *, now: datetime) -> None:
        """Add entries, all or none acknowledged. Raises StorageError, and VaultError when the chain is broken."""
        with Holding(Lock(self.path.with_suffix(".lock")), now, wait_seconds=WAIT_SECONDS):
            if self.path.exists():
                data = self._bytes()
                whole = data.rfind(b"\n") + 1
                if whole < len(data):
                    self._disk.set_aside(self.path, whole)
            lines = self._lines()
            previous = sha256(lines[-1]) if lines else None
            new = []
            for number, entry in enumerate(entries, len(lines) + 1):
                new.append(canonical({**entry, "number": number, "previous": previous}))
                previous = sha256(new[-1])
            file = self._disk.append(self.path)
            try:
                file.write(b"".join(line + b"\n" for line in new))
                file.sync()
            finally:
                file.close()

    def lines(self) -> tuple[bytes, ...]:
        """The lines of `read` as they stand in the file, without line ends. Raises VaultError likewise."""
        self.read()
        return tuple(self._lines())

    def read(self) -> tuple[dict[str, Any], ...]:
        """All entries, oldest first. Raises VaultError naming the line at which the chain breaks."""
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
            previous = sha256(line)
        return tuple(entries)

    def head(self) -> str | None:
        """Digest of the last line, None when there is none."""
        return self.state()[1]

    def state(self) -> tuple[int, str | None]:
        """Number of entries, and `head`."""
        lines = self._lines()
        return len(lines), sha256(lines[-1]) if lines else None

    def _lines(self) -> list[bytes]:
        """Whole lines; one that a crash cut off was never acknowledged."""
        return self._bytes().split(b"\n")[:-1] if self.path.exists() else []

    def _bytes(self) -> bytes:
        with storage_errors(self.path):
            return self.path.read_bytes()

    def _broken(self, number: int) -> VaultError:
        return VaultError(
            f"{self.path.name} does not hold together at line {number}.",
            why="A line was changed, removed or put in after it was written.",
            next_step="Compare the file with a copy of the vault; it is evidence as it is, do not edit it.",
        )
