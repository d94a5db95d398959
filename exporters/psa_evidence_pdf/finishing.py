"""The second step of making one file, as a function that a worker process can be asked for: what is put on its pages
after layout, and the look at what came of it."""

from __future__ import annotations

from pathlib import Path

from psa_evidence_pdf.attachments import add_attachment
from psa_evidence_pdf.dating import dated
from psa_evidence_pdf.exchange import exchanged
from psa_evidence_pdf.jumps import add_jumps
from psa_evidence_pdf.labels import add_labels
from psa_evidence_pdf.pages import page_objects
from psa_evidence_pdf.readback import check
from psa_evidence_pdf.stamps import add_stamps
from psa_evidence_pdf.update import Update
from psa_evidence_pdf.work import Finish, written


def finish(typeset: Path, wanted: Finish, path: Path, shown: bytes | None = None) -> None:
    """Put the numbers in, number and label the pages, attach the manifest, read the result back, write it.

    `shown` is the `small_print` of the characters that its numbers need, where it was made for several files at once.
    """
    bates = _bates(wanted)
    update = Update(exchanged(dated(typeset.read_bytes(), wanted.created), wanted.places, wanted.numbers))
    add_labels(update, wanted.runs)
    add_jumps(update, [body for _, body in page_objects(update)])
    add_stamps(update, bates, shown)
    if wanted.manifest is not None:
        add_attachment(
            update, wanted.manifest, name="manifest.json", media_type="application/json",
            description="Manifest of the files of this pack, with their SHA-256 digests", at=wanted.created,
        )  # fmt: skip
    pdf = update.bytes()
    check(pdf, file=wanted.file, bates=bates, bookmarks=wanted.bookmarks, manifest=wanted.manifest)
    written(path, pdf)


def _bates(wanted: Finish) -> list[str]:
    ends = [run.index for run in wanted.runs[1:]] + [wanted.pages]
    return [run.label(n) for run, end in zip(wanted.runs, ends, strict=True) for n in range(run.index, end)]
