"""Running exporters: each writes into a folder of the bag, and what it says it wrote is checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from psa_evidence.errors import EvidenceError
from psa_evidence.spi import ExportedFile, Exporter, Material, PackContent, Pagination, Paginator, Progress

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._()-]{0,150}\Z")
_FOLDER: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}\Z")


def paginators(exporters: Mapping[str, Exporter]) -> tuple[tuple[str, Exporter], ...]:
    """Exporters that number pages: they carry the manifest, stand in `data/` and are run last."""
    return tuple((name, e) for name, e in sorted(exporters.items()) if isinstance(e, Paginator))


def others(exporters: Mapping[str, Exporter]) -> tuple[tuple[str, Exporter], ...]:
    """All other exporters; each has the folder `data/<name>`. First those that need not wait for numbered pages."""
    found = [(name, e) for name, e in sorted(exporters.items()) if not isinstance(e, Paginator)]
    return tuple(sorted(found, key=lambda exporter: exporter[1].info.needs_pages))


def paginate(content: PackContent, exporters: Mapping[str, Exporter], progress: Progress) -> Pagination | None:
    """Where pages stand, by the first exporter that numbers them; None when there is none."""
    for name, exporter in paginators(exporters):
        if isinstance(exporter, Paginator):
            try:
                return exporter.paginate(content, progress)
            except EvidenceError:
                raise
            except Exception as error:
                raise _failed(name, error) from error
    return None


def export(
    name: str, exporter: Exporter, content: PackContent, bag: Path, folder: str, *,
    pagination: Pagination | None, manifest: bytes | None, progress: Progress, material: Material | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Paths in the bag of what was written. Raises EvidenceError when the exporter fails, or is not what it says."""
    target = bag / folder
    target.mkdir(parents=True, exist_ok=True)
    try:
        files = exporter.export(
            content, target, pagination=pagination, manifest=manifest, progress=progress, material=material
        )
    except (EvidenceError, OSError):
        raise
    except Exception as error:
        raise _failed(name, error) from error
    return tuple(f"{folder}/{path}" for path in _checked(name, files, target))


@contextmanager
def pages_of(
    content: PackContent, exporters: Mapping[str, Exporter], pagination: Pagination | None, progress: Progress,
    then: Callable[[Path], None],
) -> Iterator[Callable[[], Path | None]]:  # fmt: skip
    """What waits for a folder with the numbered PDFs for exporters that need pages and gives it; None when none does,
    or nobody numbers pages. They are made in a thread, since they are mostly waited for; there `then` is called with
    the folder as soon as they are.

    They are what the pack will hold but for the manifest, which does not exist yet. The folder ends with the block.
    """
    wanted = any(exporter.info.needs_pages for _, exporter in others(exporters))
    if not wanted or pagination is None:
        yield lambda: None
        return
    [(name, exporter), *_] = paginators(exporters)
    with TemporaryDirectory(prefix="psa-evidence-") as folder, ThreadPoolExecutor(1) as beside:
        pages = Path(folder)

        def make() -> None:
            export(name, exporter, content, pages, ".", pagination=pagination, manifest=None, progress=progress)
            then(pages)

        making = beside.submit(make)

        def made() -> Path:
            making.result()
            return pages

        yield made


def folder_of(name: str) -> str:
    """The folder of an exporter that numbers no pages. Raises EvidenceError for a name that cannot be a folder."""
    if not _FOLDER.match(name) or name in {"natives", "attachments", "proofs", "logs"}:
        raise EvidenceError(f"An exporter cannot be called {name[:40]!r}: the name is that of its folder in the pack.")
    return f"data/{name}"


def _checked(name: str, files: Sequence[ExportedFile], folder: Path) -> list[str]:
    paths = []
    for file in files:
        good = all(_NAME.match(piece) and not piece.endswith((".", " ")) for piece in file.path.split("/"))
        if not good or not (folder / file.path).is_file():
            raise EvidenceError(
                f"The exporter {name} did not write what it says it wrote.",
                next_step="Remove this plug-in, or ask its author.",
            )
        paths.append(file.path)
    return paths


def _failed(name: str, error: Exception) -> EvidenceError:
    """An exporter is somebody else's code; its message may hold a client's text, so only its kind is told."""
    return EvidenceError(
        f"The exporter {name} failed.", why=type(error).__name__,
        next_step="Nothing was left half-made. Build again without it, or ask its author.",
    )  # fmt: skip
