"""What `psa-evidence verify` does, whoever read its command line."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from pathlib import Path

from psa_evidence.cli import output
from psa_evidence.errors import ConfigurationError, VerificationError

FAILED = VerificationError.exit_code
INCONCLUSIVE = 3
GARBAGE = 200_000
"""Objects made before the interpreter looks for garbage: a pack's records are none, and are many."""


def verify_and_show(pack: Path, trust: Sequence[Path], *, opening: Path | None = None, as_json: bool) -> int:
    """Check a pack and print the report. The exit code. Raises ConfigurationError."""
    from psa_evidence.cli.custody import note_verified  # noqa: PLC0415
    from psa_evidence.verify import render, verify_pack  # noqa: PLC0415 - keeps `--help` quick

    if not os.path.lexists(pack):
        raise ConfigurationError(f"There is nothing at {pack}.", next_step="Name the pack's folder or ZIP file.")
    before = gc.get_threshold()
    gc.set_threshold(GARBAGE)
    try:
        report = verify_pack(pack, trusted(trust))
    finally:
        gc.set_threshold(*before)  # whoever goes on in this process would keep all that lies in rings
    opened, holds = _opened(pack, opening) if opening is not None else ("", True)
    note_verified(pack, report.verdict)
    if as_json:
        output.data(report.as_json() | ({"opening": {"holds": holds, "detail": opened}} if opening else {}))
    else:
        output.lines(render(report))
        if opening is not None:
            words = f"Opening: {'holds' if holds else 'FAILS'}. {opened}."
            output.lines(output.filled(output.visible(words), indent=9))
    if not holds:
        return FAILED
    return {"fail": FAILED, "inconclusive": INCONCLUSIVE}.get(report.verdict, 0)


def trusted(paths: Sequence[Path]) -> list[bytes]:
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
