"""The two steps of making one file, as functions that a worker process can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from psa_evidence.errors import StorageError
from psa_evidence_pdf.attachments import add_attachment
from psa_evidence_pdf.cache import key_of, recalled, remember
from psa_evidence_pdf.dating import dated
from psa_evidence_pdf.exchange import Places, exchanged, places_of
from psa_evidence_pdf.jumps import add_jumps
from psa_evidence_pdf.labels import Run, add_labels
from psa_evidence_pdf.places import positions as positions_of
from psa_evidence_pdf.readback import check
from psa_evidence_pdf.stamps import add_stamps, page_objects
from psa_evidence_pdf.typesetting import Job, Positions
from psa_evidence_pdf.update import Update


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
    """A document laid out; `size` in bytes of the file written. `places` of its stand-ins, None when they cannot be
    exchanged."""

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
    _write(path, pdf)
    return LaidOut(positions, len(pdf), places_of(pdf, times))


def finish(typeset: Path, wanted: Finish, path: Path) -> None:
    """Put the numbers in, number and label the pages, attach the manifest, read the result back, write it."""
    bates = _bates(wanted)
    update = Update(exchanged(dated(typeset.read_bytes(), wanted.created), wanted.places, wanted.numbers))
    add_labels(update, wanted.runs)
    add_jumps(update, [body for _, body in page_objects(update)])
    add_stamps(update, bates)
    if wanted.manifest is not None:
        add_attachment(
            update, wanted.manifest, name="manifest.json", media_type="application/json",
            description="Manifest of the files of this pack, with their SHA-256 digests", at=wanted.created,
        )  # fmt: skip
    pdf = update.bytes()
    check(pdf, file=wanted.file, bates=bates, bookmarks=wanted.bookmarks, manifest=wanted.manifest)
    _write(path, pdf)


def _bates(wanted: Finish) -> list[str]:
    ends = [run.index for run in wanted.runs[1:]] + [wanted.pages]
    return [run.label(n) for run, end in zip(wanted.runs, ends, strict=True) for n in range(run.index, end)]


def _write(path: Path, pdf: bytes) -> None:
    try:
        path.write_bytes(pdf)
    except OSError as error:
        raise StorageError(f"{path.name} could not be written.", why=error.strerror or str(error)) from error
