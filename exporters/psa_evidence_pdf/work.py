"""The first of two steps of making one file, as a function that a worker process can be asked for, and what both are
told. The second stands in `finishing`, apart: the library that it reads files with takes a while to load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from psa_evidence.errors import StorageError
from psa_evidence_pdf.cache import key_of, recalled, remember
from psa_evidence_pdf.exchange import Places, places_of
from psa_evidence_pdf.jumps import added
from psa_evidence_pdf.labels import Run
from psa_evidence_pdf.places import positions as positions_of
from psa_evidence_pdf.typesetting import Job, Positions


@dataclass(frozen=True, slots=True)
class Finish:
    """What a finished file must be. `numbers` are what stands instead of the stand-ins at `places`; `bookmarks` are
    Bates numbers of pages that one must lead to."""

    file: str
    places: Places
    numbers: Mapping[str, str]
    runs: tuple[Run, ...]
    pages: int
    bookmarks: tuple[str, ...]
    manifest: bytes | None
    created: datetime


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A document laid out; `size` in bytes of the file written, and of what its links will add. `places` of its
    stand-ins, None when they cannot be exchanged."""

    positions: Positions
    size: int
    places: Places | None


def lay_out(
    job: Job, numbers: Mapping[str, Any], times: Mapping[str, int], path: Path, cache: Path | None = None
) -> LaidOut:  # fmt: skip
    """Write the pages of a document to `path`, without their own numbers, and say where everything stands in it.

    `numbers` are printed among the texts, each as often as `times` says. What `cache` holds of the same document is
    taken from there.
    """
    key = key_of(job, numbers) if cache is not None else ""
    known = recalled(cache, key) if cache is not None else None
    if known is not None:
        positions, pdf = known
    else:
        pdf = job.typeset(numbers)
        positions = positions_of(pdf)
        if cache is not None:
            remember(cache, key, positions, pdf)
    written(path, pdf)
    return LaidOut(positions, len(pdf) + added(pdf), places_of(pdf, times))


def written(path: Path, pdf: bytes) -> None:
    try:
        path.write_bytes(pdf)
    except OSError as error:
        raise StorageError(f"{path.name} could not be written.", why=error.strerror or str(error)) from error
