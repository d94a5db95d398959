"""`psa-evidence doctor`: is everything in place?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from psa_evidence.cli import authorities, context, machine, output
from psa_evidence.errors import EvidenceError, RefusedError
from psa_evidence.spi import Check


def doctor(
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
) -> int:
    """Check configuration, keys, host, permissions, clock, vault, disk, zones and fonts; say what to do.

    Exit code 0: nothing failed. 2: something here is wrong. 4: the PSA refused the keys, or
    what no pack can do without.
    """
    settings = context.load(config)
    checks = [Check(id="configuration", status="ok", detail="psa-evidence.toml is valid")]
    checks += machine.checks(settings)
    checks += authorities.checks(settings)
    code = 0
    try:
        checks += asyncio.run(_source(context.connect(settings, connection)))
    except EvidenceError as problem:
        detail = _joined(problem.what, ":", problem.why)
        checks.append(Check(id="connection", status="failed", detail=detail, next_step=problem.next_step))
        code = problem.exit_code
    failed = [check for check in checks if check.status == "failed"]
    if failed and not code:
        refused = any(check.refused or check.id == "keys" for check in failed)
        code = RefusedError.exit_code if refused else 2
    if as_json:
        output.data([{"id": c.id, "status": c.status, "detail": c.detail, "next_step": c.next_step} for c in checks])
    else:
        rows = [[c.id, c.status, _joined(c.detail, ".", c.next_step and f"Next: {c.next_step}")] for c in checks]
        output.lines(output.table(["check", "status", "what"], rows))
    return code


def _joined(first: str, mark: str, then: str) -> str:
    """With `mark` between them where the first does not end as a sentence does."""
    return f"{first}{'' if first.endswith('.') else mark} {then}" if then else first


async def _source(connection: context.Connection) -> Sequence[Check]:
    async with connection.source as source:
        return await source.check()
