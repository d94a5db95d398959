"""What an exporter is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from psa_evidence.spi.content import PackContent, Pagination
from psa_evidence.spi.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class ExporterInfo:
    """`folder` is where its files stand below `data/`, its name when empty. `needs_pages`: whether it is to be handed
    the numbered pages (`Material.pages`), which cost time to make."""

    name: str
    title: str
    version: str
    folder: str = ""
    needs_pages: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What of the pack is made already, to be read and never written.

    `bag` is its folder: natives and attachments stand at the paths that the content names. `pages` is a folder with the
    numbered PDFs under the names of `Pagination.files`, without the manifest; None when nobody numbered pages, and for
    exporters that do not need them (`ExporterInfo.needs_pages`).
    """

    bag: Path
    pages: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """A file written, relative to the folder handed in; `pages` is 0 where the word means nothing."""

    path: str
    media_type: str
    pages: int = 0


@runtime_checkable
class Exporter(Protocol):
    """Turns content into files. The same content gives the same bytes."""

    @property
    def info(self) -> ExporterInfo: ...

    def export(
        self,
        content: PackContent,
        folder: Path,
        *,
        pagination: Pagination | None,
        manifest: bytes | None,
        progress: Progress,
        material: Material | None = None,
    ) -> tuple[ExportedFile, ...]:
        """Write into `folder` (it exists). `manifest` is to be attached where the format can carry one; `material` is
        what is made already, when a pack is built."""


@runtime_checkable
class Paginator(Protocol):
    """An exporter that gives pages their Bates numbers; it is asked before the tables that cite them are written."""

    def paginate(self, content: PackContent, progress: Progress) -> Pagination: ...


@runtime_checkable
class Remembering(Protocol):
    """An exporter that can keep what it made between builds. What it keeps holds clients' texts: it stays in `folder`,
    bounded in size; None keeps nothing."""

    def remember_in(self, folder: Path | None) -> None: ...
