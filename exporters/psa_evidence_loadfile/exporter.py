"""The exporter: a production volume below `data/production/`, read back and checked before it is handed over."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from psa_evidence.errors import EvidenceError, StorageError
from psa_evidence.spi import ExportedFile, ExporterInfo, Material, PackContent, Pagination, Progress
from psa_evidence_loadfile.volume import Volume

_TASK = "load file"


class LoadFileExporter:
    """Documents are the exhibits of the pack; files attached to their records are their children."""

    @property
    def info(self) -> ExporterInfo:
        return ExporterInfo(
            name="loadfile", title="Load file: Concordance DAT, Opticon OPT, natives, text", version=_version(),
            folder="production", needs_pages=True,
        )  # fmt: skip

    def export(
        self,
        content: PackContent,
        folder: Path,
        *,
        pagination: Pagination | None,
        manifest: bytes | None,  # noqa: ARG002 - a load file cannot carry one
        progress: Progress,
        material: Material | None = None,
    ) -> tuple[ExportedFile, ...]:
        """Write the volume. Raises EvidenceError when pages were not numbered, a native is not what it should be, or
        the volume read back does not agree with itself; ConfigurationError on an unknown profile; StorageError."""
        if pagination is None or material is None:
            raise EvidenceError(
                "A load file needs numbered pages and the natives of the pack.",
                next_step="Build it together with an exporter that numbers pages.",
            )
        progress.start(_TASK, len(content.exhibits) + 1)
        try:
            volume = Volume(content, pagination, material, folder)
            volume.write(lambda: progress.advance(_TASK))
            volume.check()
            progress.advance(_TASK)
        except OSError as error:
            raise StorageError("The load file could not be written.", why=error.strerror or str(error)) from error
        finally:
            progress.finish(_TASK)
        return volume.files


def _version() -> str:
    try:
        return version("psa-evidence")
    except PackageNotFoundError:
        return "0"
