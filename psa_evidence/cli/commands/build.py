"""`psa-evidence build`: from a matter file to an evidence pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from psa_evidence.cli import authorities, context, output, temporaries
from psa_evidence.cli.progress import Bars
from psa_evidence.configuration import Configuration
from psa_evidence.matter import Copy, load_matter
from psa_evidence.pack import BuildResult
from psa_evidence.pack import build as build_pack
from psa_evidence.spi import Progress, Remembering
from psa_evidence.vault import Vault

PARTIAL: Final = 3
LEDGER_ENDING: Final = ".bates.jsonl"
"""The ledger of Bates numbers lies beside the matter file and belongs to it."""


def build(
    matter: Annotated[
        Path, typer.Argument(metavar="MATTER.toml", help="The matter file; `init` explains how to make one.")
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the pack goes; default from psa-evidence.toml.")
    ] = None,
    copy: Annotated[
        Copy | None,
        typer.Option("--copy", help="Which copy; default: the one that the matter file names.", show_default=False),
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Lay out every page anew, and keep none for the next build.")
    ] = False,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
    quiet: context.QuietOption = False,
) -> int:
    """Build the evidence pack of a matter from the vault. Needs no keys; the network only for a seal on the PDF.

    Exit code 3: the pack is made, but an exporter was left out, or the PDF is not sealed as asked for; 5: the finished
    files show what the copy withholds, or are not as they should be, and nothing is left of the pack.
    """
    settings = context.load(config)
    vault = context.open_vault(settings)
    with Bars(quiet=quiet or as_json) as bars:
        exporters = context.exporters()
        result = run(settings, vault, matter, out, bars, copy=copy, cache=not no_cache, exporters=exporters)
    left_out = exporters.failures()
    warnings = [*result.warnings, *left_out]
    if as_json:
        seal = {"asked": result.pdf_seal.asked, "reached": result.pdf_seal.reached, "why": result.pdf_seal.why}
        output.data({"pack": str(result.folder), "counts": dict(result.counts), "pdf_seal": seal, "warnings": warnings})
    else:
        for warning in warnings:
            output.note(warning)
        output.lines(str(result.folder))
        output.say("Next: psa-evidence verify <that folder>")
    return PARTIAL if left_out or result.pdf_seal.reached != result.pdf_seal.asked else 0


def run(
    settings: Configuration, vault: Vault, matter: Path, out: Path | None, progress: Progress, copy: Copy | None = None,
    *, cache: bool = True, exporters: context.Exporters | None = None,
) -> BuildResult:  # fmt: skip
    """Build one matter file into `out`, as the copy it names or as another; `cache` where the configuration allows one.

    Raises ConfigurationError, VaultError, StorageError.
    """
    loaded = load_matter(matter)
    loaded = loaded if copy is None else loaded.as_copy(copy)
    _, connector = context.connector_of(settings, loaded.connection)
    folder = out or settings.packs_path
    folder.mkdir(parents=True, exist_ok=True)
    exporters = exporters or context.exporters()
    for exporter in exporters.found.values():
        if isinstance(exporter, Remembering):
            exporter.remember_in(settings.page_cache_path if cache else None)
    with authorities.sealing(settings) as sealer, temporaries.private(context.now()):
        return build_pack(
            matter=loaded,
            vault=vault,
            connector=connector,
            exporters=exporters.found,
            out=folder,
            software=context.SOFTWARE,
            progress=progress,
            who=context.who(settings),
            now=context.now(),
            ledger=matter.with_suffix(LEDGER_ENDING),
            sealer=sealer,
        )
