"""The exporter: plan the documents, settle the numbers, make the files."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from psa_evidence.errors import ConfigurationError, EvidenceError
from psa_evidence.spi import Bates, ExportedFile, ExporterInfo, Material, PackContent, Pagination, Progress
from psa_evidence_pdf.numbering import pagination as pagination_of
from psa_evidence_pdf.press import Press
from psa_evidence_pdf.volumes import Limits

_TASK = "pdf"
_PREFIX = re.compile(r"[A-Za-z0-9._-]{0,24}")


class PdfExporter:
    """`Evidence Pack.pdf`, and `Evidence Pack - Exhibits 001.pdf` and so on when the pack is long; other copies than
    counsel's have names of their own.

    What `paginate` learnt is kept for an `export` of the same content (tables apart, which no page shows).
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._press: Press | None = None
        self._cache: Path | None = None

    def remember_in(self, folder: Path | None) -> None:
        """Keep pages laid out in `folder`, and take from there what was laid out before; None keeps nothing."""
        self._cache = folder

    @property
    def info(self) -> ExporterInfo:
        return ExporterInfo(name="pdf", title="Evidence pack as PDF/A-3", version=_version())

    def paginate(self, content: PackContent, progress: Progress) -> Pagination:
        """Where every part and exhibit stands. The pages of a later `export` of the same content are these."""
        return _pagination(self._learn(content, progress))

    def export(
        self,
        content: PackContent,
        folder: Path,
        *,
        pagination: Pagination | None,
        manifest: bytes | None,
        progress: Progress,
        material: Material | None = None,  # noqa: ARG002 - everything that is printed is in the content
    ) -> tuple[ExportedFile, ...]:
        """Write the PDF files. `pagination` is what `paginate` said, or None.

        Raises EvidenceError when a file read back is not as meant, StorageError when it cannot be written.
        """
        press = self._learn(content, progress)
        if pagination is not None and pagination != _pagination(press):
            raise EvidenceError(
                "The pages were numbered for another content.", next_step="Number the pages again, then export."
            )
        written: list[ExportedFile] = []
        progress.start(_TASK, len(press.plan.documents))
        try:
            for file, pages in press.make(folder, manifest):
                written.append(ExportedFile(path=file, media_type="application/pdf", pages=pages))
                progress.advance(_TASK)
        finally:
            progress.finish(_TASK)
        return tuple(written)

    def _learn(self, content: PackContent, progress: Progress) -> Press:
        shown = replace(content, tables=())
        if self._press is None or self._press.content != shown or not self._press.there:
            _check_bates(content.bates)
            press = Press(
                shown,
                replace(
                    self._limits,
                    pages=_less(self._limits.pages, shown.file_limits.pages),
                    size=_less(self._limits.size, shown.file_limits.size),
                ),
                self._cache,
            )
            progress.start(_TASK, len(press.plan.documents))
            try:
                press.settle(lambda: progress.advance(_TASK))
            finally:
                progress.finish(_TASK)
            self._press = press
        return self._press


def _pagination(press: Press) -> Pagination:
    return pagination_of(press.plan, press.settle(lambda: None))


def _less(one: int | None, other: int | None) -> int | None:
    """The narrower of two limits."""
    return other if one is None else one if other is None else min(one, other)


def _check_bates(bates: Bates) -> None:
    if not _PREFIX.fullmatch(bates.prefix) or not 1 <= bates.digits <= 12:
        raise ConfigurationError(
            "The Bates prefix cannot be used.",
            why="Review platforms look numbers up letter by letter.",
            next_step="Use A-Z, a-z, 0-9, - _ and . only, at most 24 of them, and 1 to 12 digits.",
        )
    if min(bates.first_exhibit_page, bates.first_report_page) < 0:
        raise ConfigurationError("A Bates range cannot begin below zero.")


def _version() -> str:
    try:
        return version("psa-evidence")
    except PackageNotFoundError:
        return "0"
