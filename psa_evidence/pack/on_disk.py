"""Exhibits and rows of a large pack are kept on disk while it is built: they take more memory than all else."""

from __future__ import annotations

import pickle
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from threading import Lock
from typing import Any, Final, overload

from psa_evidence.spi import Exhibit

IN_MEMORY: Final = 1500
"""So many exhibits take some 50 to 100 MB, and to write them and read them again takes longer than to hold them."""

ROWS_IN_MEMORY: Final = 20_000
"""So many rows of a table take some 20 MB."""
_ROWS: Final = 256
"""Rows that are written, and read again, together."""
Row = tuple[str, ...]


class _File:
    """Private, without a name where the system allows that; it ends with this object. Threads may read at once."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="psa-evidence-")  # noqa: SIM115 - closed at the end of this object
        self._end = weakref.finalize(self, self._file.close)
        self._lock = Lock()
        self._size = 0

    def write(self, thing: Exhibit | Sequence[Row]) -> tuple[int, int]:
        """Where it stands: offset and bytes."""
        written = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        self._file.write(written)
        self._size += len(written)
        return self._size - len(written), len(written)

    def read(self, offset: int, size: int) -> Any:
        with self._lock:
            self._file.seek(offset)
            written = self._file.read(size)
        return pickle.loads(written)  # noqa: S301 - written by this process, into a file of its own


class ExhibitsOnDisk(Sequence[Exhibit]):
    """Each is read from the disk whenever it is asked for, the same each time."""

    def __init__(self, file: _File, places: Sequence[tuple[int, int]]) -> None:
        self._file, self._places = file, places

    def __repr__(self) -> str:
        return f"<{len(self)} exhibits on disk>"

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> Exhibit: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Exhibit]: ...

    def __getitem__(self, index: int | slice) -> Exhibit | Sequence[Exhibit]:
        if isinstance(index, slice):
            return ExhibitsOnDisk(self._file, self._places[index])
        exhibit: Exhibit = self._file.read(*self._places[index])
        return exhibit

    def arranged(self, order: Sequence[int]) -> ExhibitsOnDisk:
        return ExhibitsOnDisk(self._file, [self._places[place] for place in order])


class RowsOnDisk(Sequence[Row]):
    """Some hundred are read whenever one of them is asked for: go through them in their order."""

    def __init__(self, file: _File, places: Sequence[tuple[int, int]], length: int) -> None:
        self._file, self._places, self._length = file, places, length

    def __repr__(self) -> str:
        return f"<{len(self)} rows on disk>"

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Row]:
        return chain.from_iterable(self._file.read(*place) for place in self._places)

    @overload
    def __getitem__(self, index: int) -> Row: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...

    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return tuple(self[place] for place in range(*index.indices(self._length)))
        place = range(self._length)[index]
        row: Row = self._file.read(*self._places[place // _ROWS])[place % _ROWS]
        return row


def kept_rows(rows: Iterable[Row]) -> Sequence[Row]:
    """All of them: few in memory, many on disk. They are drawn one by one. Raises OSError when the disk is full."""
    drawn = iter(rows)
    first = tuple(islice(drawn, ROWS_IN_MEMORY))
    following = next(drawn, None)
    if following is None:
        return first
    file, places, length = _File(), list[tuple[int, int]](), 0
    together = chain(first, (following,), drawn)
    del first
    while some := tuple(islice(together, _ROWS)):
        places.append(file.write(some))
        length += len(some)
    return RowsOnDisk(file, places, length)


def kept(exhibits: Iterable[Exhibit]) -> Sequence[Exhibit]:
    """All of them: few in memory, many on disk. They are drawn one by one. Raises OSError when the disk is full."""
    drawn = iter(exhibits)
    first = tuple(islice(drawn, IN_MEMORY))
    following = next(drawn, None)
    if following is None:
        return first
    file = _File()
    places = [file.write(exhibit) for exhibit in (*first, following)]
    del first, following
    places += map(file.write, drawn)
    return ExhibitsOnDisk(file, places)


def arranged(exhibits: Sequence[Exhibit], order: Sequence[int]) -> Sequence[Exhibit]:
    """The exhibits of these places, in this order; themselves when that changes nothing."""
    if list(order) == list(range(len(exhibits))):
        return exhibits
    if isinstance(exhibits, ExhibitsOnDisk):
        return exhibits.arranged(order)
    return tuple(exhibits[place] for place in order)
