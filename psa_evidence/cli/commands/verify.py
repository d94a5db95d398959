"""`psa-evidence verify`: check a pack without trusting it."""

from __future__ import annotations

import gc
import hashlib
from pathlib import Path
from typing import Annotated

import typer

from psa_evidence.cli import options, output
from psa_evidence.errors import ConfigurationError, StorageError, VerificationError

FAILED = VerificationError.exit_code
INCONCLUSIVE = 3
GARBAGE = 200_000
"""Objects made before the interpreter looks for garbage: a pack's records are none, and are many."""


def verify(
    pack: Annotated[Path | None, typer.Argument(metavar="PACK", help="The pack's folder or ZIP file.")] = None,
    trust: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Root certificate (PEM) of a time-stamp authority you trust; repeatable."),
    ] = None,
    opening: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also check a withheld field that was opened (vault open-field)."),
    ] = None,
    as_json: options.JsonOption = False,
    page: Annotated[
        Path | None,
        typer.Option(
            "--page", metavar="FILE", help="Write the page that checks packs in a browser, with its SHA-256 on stdout."
        ),
    ] = None,
) -> int:
    """Check a pack: every file, record, proof and time-stamp. Needs no vault, no network and no keys.

    Exit code 0: it passes; 5: it fails; 3: not everything could be checked, for instance time-stamps without --trust.
    """
    if page is not None:
        _write_page(page, as_json=as_json and pack is None)
    elif pack is None:
        raise ConfigurationError(
            "No pack was named.", next_step="Give the pack's folder or ZIP file: psa-evidence verify PACK"
        )
    if pack is None:
        return 0
    from psa_evidence.cli.custody import note_verified  # noqa: PLC0415
    from psa_evidence.verify import render, verify_pack  # noqa: PLC0415 - keeps `--help` quick

    gc.set_threshold(GARBAGE)
    report = verify_pack(pack, trusted(trust or []))
    opened, holds = _opened(pack, opening) if opening is not None else ("", True)
    note_verified(pack, report.verdict)
    if as_json:
        output.data(report.as_json() | ({"opening": {"holds": holds, "detail": opened}} if opening else {}))
    else:
        output.lines(render(report))
        if opening is not None:
            output.lines(f"Opening: {'holds' if holds else 'FAILS'}. {opened}.")
    if not holds:
        return FAILED
    return {"fail": FAILED, "inconclusive": INCONCLUSIVE}.get(report.verdict, 0)


def trusted(paths: list[Path]) -> list[bytes]:
    """The files of anchors, read. Raises ConfigurationError."""
    if not paths:
        return []
    from psa_evidence.cli.anchors import read_anchors  # noqa: PLC0415 - only anchors need X.509

    return [read_anchors(path) for path in paths]


def _opened(pack: Path, opening: Path) -> tuple[str, bool]:
    """What an opening shows, or why it does not hold. Raises ConfigurationError when the file cannot be read."""
    from psa_evidence.format import FormatError  # noqa: PLC0415
    from psa_evidence.verify import check_opening  # noqa: PLC0415 - keeps `--help` quick
    from psa_evidence.verify.opening import MAX_OPENING  # noqa: PLC0415

    try:
        with opening.open("rb") as file:
            data = file.read(MAX_OPENING + 1)
    except OSError as error:
        raise ConfigurationError(
            f"{opening} cannot be read.", why=error.strerror or "", next_step="Name the file of the opening."
        ) from error
    try:
        return check_opening(pack, data), True
    except FormatError as error:
        return str(error), False


def _write_page(target: Path, *, as_json: bool) -> None:
    """A new file only. Raises StorageError."""
    from psa_evidence.pack.page import page_bytes  # noqa: PLC0415 - keeps `--help` quick

    data = page_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        with target.open("xb") as file:
            file.write(data)
    except OSError as error:
        raise StorageError(
            f"The page could not be written to {target}.", why=error.strerror or "",
            next_step="Name a new file in a folder that can be written to.",
        ) from error  # fmt: skip
    if as_json:
        output.data({"page": str(target), "sha256": digest})
    else:
        output.lines(f"{digest}  {target}")
