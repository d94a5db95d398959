"""The exporter: one Word file for each form that the matter asks for, all of them when it asks for none by name."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from psa_evidence.errors import ConfigurationError, EvidenceError, StorageError
from psa_evidence.spi import ExportedFile, ExporterInfo, Material, PackContent, Pagination, Progress
from psa_evidence_certificates.forms import FORMS
from psa_evidence_certificates.knowledge import know
from psa_evidence_certificates.word import document

_TASK = "certificates"
COUNSEL = "counsel"
PRIVATE = frozenset({"foundation"})
_MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class CertificatesExporter:
    """Drafts. No form is ever signed or dated, and what a person must know is left blank and marked."""

    @property
    def info(self) -> ExporterInfo:
        return ExporterInfo(name="certificates", title="Drafts of certificates for counsel (Word)", version=_version())

    def export(
        self,
        content: PackContent,
        folder: Path,
        *,
        pagination: Pagination | None,
        manifest: bytes | None,  # noqa: ARG002 - a draft cannot carry one
        progress: Progress,
        material: Material | None = None,  # noqa: ARG002 - the facts are in the content
    ) -> tuple[ExportedFile, ...]:
        """Write the drafts. Raises EvidenceError when the facts of the run are not there, ConfigurationError on a form
        that is not known, StorageError."""
        if content.run is None:
            raise EvidenceError("The certificates need the facts of the run, and the content has none.")
        wanted = forms_for(content)
        facts = know(content, content.run, pagination)
        progress.start(_TASK, len(wanted))
        try:
            written = []
            for name in wanted:
                data = document(
                    FORMS[name](facts), matter=content.run.matter, paper=content.paper, as_of=content.as_of
                )  # fmt: skip
                _write(folder / f"{name}.docx", data)
                written.append(ExportedFile(path=f"{name}.docx", media_type=_MEDIA))
                progress.advance(_TASK)
            return tuple(written)
        finally:
            progress.finish(_TASK)


def forms_for(content: PackContent) -> tuple[str, ...]:
    """Names of the forms of this copy, in their order.

    The drafts speak to the provider's own counsel. So the counsel copy has all of them, unless the matter file names
    some; any other copy has the custody form, and further ones only where the matter file names them. The foundation
    sheet prepares a witness and never leaves the counsel copy. Raises ConfigurationError on a name that is not known.
    """
    named = content.wishes.certificates
    for name in named or ():
        if name not in FORMS:
            raise ConfigurationError(
                "There is no certificate of that name.", next_step=f"Choose among: {', '.join(FORMS)}."
            )
    if content.copy == COUNSEL:
        return tuple(n for n in FORMS if named is None or n in named)
    return tuple(n for n in FORMS if n in (("custody-transfer",) if named is None else named) and n not in PRIVATE)


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise StorageError(f"{path.name} could not be written.", why=error.strerror or str(error)) from error


def _version() -> str:
    try:
        return version("psa-evidence")
    except PackageNotFoundError:
        return "0"
