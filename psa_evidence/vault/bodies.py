"""Record bytes from WARC files: straight to the exchange, each exchange unpacked once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Generic, TypeVar

from psa_evidence.errors import SourceError, VaultError
from psa_evidence.vault.warc import read_response

CACHED_BYTES: Final = 32 * 1024 * 1024
"""Unpacked exchanges kept for the next call; a page of 1000 records has about two megabytes."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record's bytes stand: `file` below the vault, the member at `offset` of `length` bytes, the span."""

    file: str
    offset: int
    length: int
    start: int
    end: int
    sha256: str
    key: str


class Bodies(Generic[T]):
    """Reads record bytes and checks their digest."""

    def __init__(self, vault: Path) -> None:
        self._vault = vault
        self._cache: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._cached = 0

    def read(self, places: Iterable[tuple[T, Place]]) -> Iterator[tuple[T, bytes]]:
        """Bodies in the order of the files, which is not that of `places`. Raises VaultError naming the record."""
        wanted = sorted(places, key=lambda item: (item[1].file, item[1].offset))
        handle: BinaryIO | None = None
        opened = ""
        try:
            for tag, place in wanted:
                decoded = self._cached_exchange(place)
                if decoded is None:
                    if handle is None or opened != place.file:
                        if handle is not None:
                            handle.close()
                        handle, opened = self._open(place), place.file
                    handle.seek(place.offset)
                    decoded = self._unpack(place, handle.read(place.length))
                    self._remember(place, decoded)
                body = decoded[place.start : place.end]
                if hashlib.sha256(body).hexdigest() != place.sha256:
                    raise _damaged(place)
                yield tag, body
        finally:
            if handle is not None:
                handle.close()

    def _open(self, place: Place) -> BinaryIO:
        try:
            return (self._vault / place.file).open("rb")
        except OSError as error:
            raise VaultError(
                f"{place.file} cannot be opened.", why=error.strerror or "", next_step="Restore it from a copy."
            ) from error

    @staticmethod
    def _unpack(place: Place, member: bytes) -> bytes:
        try:
            return read_response(member).decoded()
        except (VaultError, SourceError) as error:
            raise _damaged(place) from error

    def _cached_exchange(self, place: Place) -> bytes | None:
        found = self._cache.get((place.file, place.offset))
        if found is not None:
            self._cache.move_to_end((place.file, place.offset))
        return found

    def _remember(self, place: Place, decoded: bytes) -> None:
        self._cache[place.file, place.offset] = decoded
        self._cached += len(decoded)
        while self._cached > CACHED_BYTES and len(self._cache) > 1:
            self._cached -= len(self._cache.popitem(last=False)[1])


def _damaged(place: Place) -> VaultError:
    return VaultError(
        f"The bytes of {place.key} in {place.file} do not match their digest.",
        why="The file was changed or damaged after it was written.",
        next_step="Restore the file from a copy of the vault; nothing was changed.",
    )
