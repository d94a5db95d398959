"""`psa-evidence doctor`: is everything in place?"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence

from psa_evidence.cli import authorities, context, output
from psa_evidence.configuration import Configuration
from psa_evidence.errors import EvidenceError
from psa_evidence.spi import Check

ENOUGH_DISK_BYTES = 2 * 1024**3
"""A first capture of a mid-sized MSP is some hundreds of megabytes."""


def doctor(
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
) -> int:
    """Check configuration, keys, host, permissions, vault and disk; say what to do about each problem."""
    settings = context.load(config)
    checks = [Check(id="configuration", status="ok", detail="psa-evidence.toml is valid")]
    checks += _vault(settings)
    checks += authorities.checks(settings)
    code = 0
    try:
        checks += asyncio.run(_source(context.connect(settings, connection)))
    except EvidenceError as problem:
        checks.append(Check(id="connection", status="failed", detail=problem.what, next_step=problem.next_step))
        code = problem.exit_code
    if not code and any(check.status == "failed" for check in checks):
        code = 2
    if as_json:
        output.data([{"id": c.id, "status": c.status, "detail": c.detail, "next_step": c.next_step} for c in checks])
    else:
        rows = [[c.id, c.status, c.detail + (f" Next: {c.next_step}" if c.next_step else "")] for c in checks]
        output.lines(output.table(["check", "status", "what"], rows))
    return code


async def _source(connection: context.Connection) -> Sequence[Check]:
    async with connection.source as source:
        return await source.check()


def _vault(settings: Configuration) -> list[Check]:
    checks = []
    path = settings.vault_path
    if not (path / "vault.toml").exists():
        checks.append(Check(id="vault", status="ok", detail="none yet; the first capture makes it"))
    else:
        try:
            vault = context.open_vault(settings)
            checks.append(Check(id="vault", status="ok", detail=f"{len(vault.captures())} captures"))
        except EvidenceError as problem:
            checks.append(Check(id="vault", status="failed", detail=problem.what, next_step=problem.next_step))
    folder = next(parent for parent in (path, *path.resolve().parents) if parent.exists())
    free = shutil.disk_usage(folder).free
    enough = free >= ENOUGH_DISK_BYTES
    checks.append(
        Check(
            id="disk",
            status="ok" if enough else "warning",
            detail=f"{free // 1024**2:,} MiB free where the vault is",
            next_step="" if enough else "free some room, or put the vault on another disk",
        )
    )
    return checks
