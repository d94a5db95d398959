"""The two steps of making one file, as functions that a worker process can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psa_evidence.errors import StorageError
from psa_evidence_pdf.labels import Run, add_labels
from psa_evidence_pdf.readback import check
from psa_evidence_pdf.stamps import add_stamps
from psa_evidence_pdf.typesetting import Job, Positions, forget
from psa_evidence_pdf.update import Update


@dataclass(frozen=True, slots=True)
class Finish:
    """What a finished file must be. `bookmarks` are Bates numbers of pages that one must lead to."""

    file: str
    runs: tuple[Run, ...]
    pages: int
    bookmarks: tuple[str, ...]
    manifest: bytes | None


def lay_out(job: Job, numbers: dict[str, Any], path: Path | None) -> Positions:
    """Where everything stands in a document; its pages, still without numbers, are written to `path` when given.

    Ends with the memory it began with.
    """
    positions = job.positions(numbers)
    if path is not None:
        _write(path, job.typeset(numbers))
    forget()
    return positions


def finish(typeset: Path | bytes, wanted: Finish, path: Path) -> None:
    """Number and label the pages, read the result back, write it."""
    pdf = typeset.read_bytes() if isinstance(typeset, Path) else typeset
    bates = _bates(wanted)
    update = Update(pdf)
    add_labels(update, wanted.runs)
    add_stamps(update, bates)
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
