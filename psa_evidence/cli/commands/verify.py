"""`psa-evidence verify`: check a pack without trusting it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from psa_evidence.cli import options, output
from psa_evidence.cli.verifying import verify_and_show
from psa_evidence.errors import ConfigurationError, StorageError


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
    return verify_and_show(pack, trust or (), opening=opening, as_json=as_json)


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
