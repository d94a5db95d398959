"""A wall around plug-ins of other packages: what they raise becomes an error of ours, what they return is looked at.

Errors of psa_evidence, Ctrl-C and cancelling pass. Everything else is told by its kind and place only: its text may
quote a client or a key. A fetch or an export that hangs is not ended: Ctrl-C is safe, and a capture resumes.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self, TypeVar

from psa_evidence.errors import EvidenceError, SourceError
from psa_evidence.records import RecordSet
from psa_evidence.spi import (
    Check,
    ClientName,
    Connector,
    ConnectorInfo,
    ExportedFile,
    Exporter,
    ExporterInfo,
    Material,
    PackContent,
    Pagination,
    Paginator,
    Plan,
    Planner,
    Progress,
    RawRecord,
    Recorder,
    Scope,
    Source,
)

CHECK_SECONDS: Final = 120.0
"""`doctor` asks a few questions; a check that takes longer hangs."""
T = TypeVar("T")
_PIECE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._()-]{0,150}\Z")


def walled_connector(name: str, inner: Connector) -> Connector:
    """The connector behind the wall."""
    return _Connector(name, inner)


def walled_exporter(name: str, inner: Exporter) -> Exporter:
    """The exporter behind the wall. One that numbers pages is needed for the pack: it is handed out as it is."""
    return inner if isinstance(inner, Paginator) else OptionalExporter(name, inner)


class OptionalExporter:
    """An exporter whose failure leaves its files out of the pack and is told (`failures`), instead of stopping all."""

    def __init__(self, name: str, inner: Exporter) -> None:
        self.name = name
        self.info: ExporterInfo = inner.info
        self.failures: list[str] = []
        self._inner = inner

    def export(
        self, content: PackContent, folder: Path, *, pagination: Pagination | None, manifest: bytes | None,
        progress: Progress, material: Material | None = None,
    ) -> tuple[ExportedFile, ...]:  # fmt: skip
        """Write into a folder aside, look at it, and copy over what is new and what it says it wrote."""
        with tempfile.TemporaryDirectory(prefix="psa-evidence-", ignore_cleanup_errors=True) as name:
            aside = Path(name)
            try:
                with _wall(f"The exporter {self.name!r}"):
                    files = self._inner.export(
                        content, aside, pagination=pagination, manifest=manifest, progress=progress, material=material
                    )
                    self._look_at(files, aside, folder)
            except EvidenceError as error:
                self.failures.append(f"{error.what} {error.why}".strip())
                if folder.is_dir() and not any(folder.iterdir()):
                    folder.rmdir()
                return ()
            for file in files:
                (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(aside / file.path, folder / file.path)
        return tuple(files)

    def _look_at(self, files: object, aside: Path, folder: Path) -> None:
        """Raises SourceError unless each is a plain new file below the folder, and nothing else was written."""
        if not isinstance(files, tuple | list) or not all(isinstance(file, ExportedFile) for file in files):
            raise _wrong(f"The exporter {self.name!r}", "it did not say which files it wrote")
        for file in files:
            pieces = file.path.split("/")
            if not all(_PIECE.match(piece) and not piece.endswith((".", " ")) for piece in pieces):
                raise _wrong(f"The exporter {self.name!r}", "a file of it has a name that not every system allows")
            if (aside / file.path).is_symlink() or not (aside / file.path).is_file() or (folder / file.path).exists():
                raise _wrong(f"The exporter {self.name!r}", "it did not write what it says, or over another's file")
        said = {file.path for file in files}
        if said != {path.relative_to(aside).as_posix() for path in aside.rglob("*") if not path.is_dir()}:
            raise _wrong(f"The exporter {self.name!r}", "it wrote files that it does not name")


class _Connector:
    def __init__(self, name: str, inner: Connector) -> None:
        self._who = f"The connector {name!r}"
        self._inner = inner
        self.info: ConnectorInfo = inner.info

    def open(self, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Source:
        with _wall(self._who):
            source = self._inner.open(settings, secrets)
            planner = isinstance(source, Planner)
        return _PlanningSource(self._who, source) if planner else _Source(self._who, source)

    def interpret(self, raw: Iterable[RawRecord]) -> RecordSet:
        with _wall(self._who):
            found: object = self._inner.interpret(raw)
        if not isinstance(found, RecordSet):
            raise _wrong(self._who, "what it read from the records is no RecordSet")
        return found


class _Source:
    def __init__(self, who: str, inner: Source) -> None:
        self._who, self._inner = who, inner

    async def __aenter__(self) -> Self:
        with _wall(self._who):
            self._inner = await self._inner.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        with _wall(self._who):
            await self._inner.__aexit__(*exc)

    async def clients(self, find: str = "") -> Sequence[ClientName]:
        with _wall(self._who):
            found: object = await self._inner.clients(find)
            return [_of(ClientName, one, self._who) for one in _several(found, self._who)]

    async def fetch(self, scope: Scope, recorder: Recorder) -> None:
        with _wall(self._who):
            await self._inner.fetch(scope, recorder)

    async def check(self) -> Sequence[Check]:
        with _wall(self._who):
            try:
                async with asyncio.timeout(CHECK_SECONDS):
                    found: object = await self._inner.check()
            except TimeoutError:
                raise _wrong(self._who, f"its check had not ended after {CHECK_SECONDS:g} seconds") from None
            return [_of(Check, one, self._who) for one in _several(found, self._who)]


class _PlanningSource(_Source):
    async def plan(self, scope: Scope) -> Plan:
        with _wall(self._who):
            if not isinstance(self._inner, Planner):
                raise _wrong(self._who, "it can plan no longer")
            return _of(Plan, await self._inner.plan(scope), self._who)


def _several(found: object, who: str) -> Sequence[object]:
    if not isinstance(found, list | tuple):
        raise _wrong(who, f"it returned a {type(found).__name__} where several things were asked for")
    return found


def _of(kind: type[T], found: object, who: str) -> T:
    if not isinstance(found, kind):
        raise _wrong(who, f"it returned a {type(found).__name__} where a {kind.__name__} was asked for")
    return found


@contextmanager
def _wall(who: str) -> Iterator[None]:
    try:
        yield
    except (EvidenceError, KeyboardInterrupt, asyncio.CancelledError, GeneratorExit):
        raise
    except BaseException as error:
        raise _wrong(who, f"{type(error).__name__}{_place(error)}") from error


def _place(error: BaseException) -> str:
    """The file's name and line where it was raised."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return f" at {Path(at.tb_frame.f_code.co_filename).name}:{at.tb_lineno}" if at is not None else ""


def _wrong(who: str, why: str) -> SourceError:
    return SourceError(
        f"{who} failed.", why=f"{why[0].upper()}{why[1:]}.",
        next_step="Update or uninstall the package that provides it, or report this to its author.",
    )  # fmt: skip
