"""`psa-evidence vault check` and `vault log`: whether the vault is as it was sealed, and who did what."""

from __future__ import annotations

import textwrap
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer

from psa_evidence import keys
from psa_evidence.cli import context, output
from psa_evidence.cli.progress import Bars
from psa_evidence.errors import StorageError, VaultError, VerificationError
from psa_evidence.vault import Vault
from psa_evidence.vault.check import CheckReport, check_vault

DAMAGED: Final = VerificationError.exit_code
IN_PART: Final = StorageError.exit_code


def check(
    quick: Annotated[bool, typer.Option("--quick", help="Sizes and chains only: no digests, no records.")] = False,
    seal: Annotated[
        Path | None, typer.Option("--seal", metavar="FILE", help="A seal kept elsewhere: the vault must hold it.")
    ] = None,
    heal: Annotated[
        bool,
        typer.Option(
            "--heal", help="Make good what touches nothing sealed: unfinished runs, the catalogue, the salt key."
        ),
    ] = False,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
    quiet: context.QuietOption = False,
) -> int:
    """Check the whole vault: files, records, seals, logs, catalogue. Reads only, unless --heal is given.

    Exit code 5 when something is damaged, 3 when something waits to be made good.
    """
    path = context.load(config).vault_path
    if heal:
        with suppress(VaultError):  # the check says what is wrong with the vault
            if Vault.restore_salts(path, keys.salts):
                output.say("salts.key was put back from this computer's keyring.")
    with Bars(quiet=quiet or as_json) as bars:
        report = check_vault(path, quick=quick, kept=seal, progress=bars, clock=context.now)
        if heal and report.healable and not report.damaged:
            Vault.open(path).reindex(bars)
            report = check_vault(path, quick=quick, kept=seal, progress=bars, clock=context.now)
    if as_json:
        output.data(report.as_json())
    else:
        output.lines(describe(report))
        if heal and report.damaged:
            output.say("Nothing was made good: what is damaged must be looked at first.")
    return DAMAGED if report.damaged else IN_PART if report.healable else 0


def describe(report: CheckReport) -> str:
    """The report in words, 80 columns wide."""
    rows = [[str(s.number), s.title, s.status.upper() if s.status != "ok" else "ok", s.detail] for s in report.steps]
    blocks = [output.table(["", "step", "status", "looked at"], rows, right=[0])]
    for finding in report.findings:
        where = f"{finding.where}: " if finding.where else ""
        head = f"{finding.severity.upper()} ({finding.step})  {where}{finding.what}"
        lines = textwrap.wrap(head, output.WIDTH, subsequent_indent="    ", break_on_hyphens=False)
        if finding.remedy:
            lines += textwrap.wrap(
                f"Next: {finding.remedy}", output.WIDTH, initial_indent="    ", subsequent_indent="    "
            )
        blocks.append("\n".join(lines))
    shown = [output.filled(f"- {text}", indent=2) for text in report.unchecked]
    blocks.append("\n".join(["This check does not show:", *shown]))
    kind = "quick check" if report.quick else "check"
    if report.damaged:
        blocks.append(f"DAMAGED. The {kind} found bytes that are not as they were sealed or written.")
    elif report.healable:
        blocks.append(f"Nothing sealed is damaged. The {kind} found something to make good (see Next).")
    else:
        blocks.append(f"The {kind} found the vault as it was sealed and written.")
    return "\n\n".join(blocks)


def log(config: context.ConfigOption = None, as_json: context.JsonOption = False) -> None:
    """Show the custody log, oldest first: who did what, and when. Its chain is checked."""
    entries = context.open_vault(context.load(config)).custody.read()
    if as_json:
        output.data(list(entries))
    elif entries:
        rows = [
            [str(e["number"]), e["at"][:16].replace("T", " "), e["who"], e["action"], e["subject"]] for e in entries
        ]
        output.lines(output.table(["no.", "at (UTC)", "who", "what", "of what"], rows, right=[0]))
    else:
        output.say("The custody log is empty.")
