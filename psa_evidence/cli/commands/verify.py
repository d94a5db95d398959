"""`psa-evidence verify`: check a pack without trusting it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from psa_evidence.cli import context, output
from psa_evidence.errors import VerificationError

FAILED = VerificationError.exit_code


def verify(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="The pack's folder or ZIP file.")],
    as_json: context.JsonOption = False,
) -> int:
    """Check a pack: every file, every record, every proof. Needs no vault, no network and no keys."""
    from psa_evidence.verify import render, verify_pack  # noqa: PLC0415 - keeps `--help` quick

    report = verify_pack(pack)
    if as_json:
        output.data(report.as_json())
    else:
        output.lines(render(report))
    return FAILED if report.verdict == "fail" else 0
