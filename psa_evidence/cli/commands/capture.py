"""`psa-evidence capture`: fetch what is new into the vault."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from psa_evidence.capture import run_capture
from psa_evidence.cli import authorities, context, options, output, periods
from psa_evidence.cli.progress import Bars
from psa_evidence.cli.scopes import scope_of
from psa_evidence.configuration import Configuration
from psa_evidence.spi import Progress, Scope
from psa_evidence.vault import CaptureInfo, Vault
from psa_evidence.vault.set_back import FACT as SET_BACK
from psa_evidence.vault.set_back import refuse_clock_set_back

PARTIAL = 3
SHOWN = 5
"""Lines about one resource missing for one reason; the rest are counted."""


def capture(
    client: options.ClientsOption = None,
    since: options.SinceOption = None,
    until: options.UntilOption = None,
    period: periods.PeriodOption = None,
    attachments: Annotated[bool, typer.Option(help="Fetch the bytes of attachments too.")] = True,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Read everything again, not only what the PSA says was updated: finds edits without a date."
        ),
    ] = False,
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
    quiet: context.QuietOption = False,
) -> int:
    """Fetch tickets and all that hangs on them into the vault. Run again to fetch changes or to resume."""
    settings = context.load(config)
    scope = scope_of(
        settings, connection, client or [], period=period, since=since, until=until, attachments=attachments,
        ask=not as_json,
    )  # fmt: skip
    vault = context.open_vault(settings, create=True)
    with Bars(quiet=quiet or as_json) as bars:
        info = run(settings, vault, connection=connection, scope=scope, progress=bars, again=again)
        stamped = authorities.stamp(settings, vault, bars)
    if as_json:
        output.data({**summary(info), "time": authorities.as_data(stamped)})
    else:
        output.lines(describe(info))
    authorities.say(stamped)
    return 0 if info.state == "complete" and not stamped.owed else PARTIAL


def run(
    settings: Configuration, vault: Vault, *, connection: str | None, scope: Scope, progress: Progress,
    again: bool = False,
) -> CaptureInfo:  # fmt: skip
    """Capture `scope`, all of it where `again`. Raises what the connector and the vault raise, and ConfigurationError
    when the computer's clock is before the last seal."""
    refuse_clock_set_back(vault.seals(), context.now())
    opened = context.connect(settings, connection)

    async def fetch() -> CaptureInfo:
        async with opened.source as source:
            return await run_capture(
                vault=vault,
                connection=opened.name,
                connector=opened.connector.info,
                source=source,
                scope=scope,
                clock=context.now,
                progress=progress,
                secrets=tuple(opened.secrets.values()),
                who=context.who(settings),
                again=again,
            )

    return asyncio.run(fetch())


def summary(info: CaptureInfo) -> dict[str, Any]:
    """The capture as data."""
    return {
        "capture": info.id,
        "state": info.state,
        "started_at": info.started_at.isoformat(),
        "finished_at": info.finished_at.isoformat() if info.finished_at else None,
        "counts": info.counts,
        "missing": info.missing,
        "facts": info.facts,
    }


def describe(info: CaptureInfo) -> str:
    """The capture in words: every resource with asked, received and what is missing."""
    rows = [
        [resource, "-" if counts.get("asked") is None else f"{counts['asked']:,}", f"{counts.get('received') or 0:,}"]
        for resource, counts in sorted(info.counts.items())
    ]
    text = [output.table(["resource", "asked", "received"], rows, right=[1, 2]), ""]
    alike: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for item in info.missing:
        alike.setdefault((item["resource"], item["reason"]), []).append(item)
    for (resource, reason), items in alike.items():
        for item in items[:SHOWN]:
            count = "an unknown number" if item.get("count") is None else f"{item['count']}"
            detail = f" ({item['detail']})" if item.get("detail") else ""
            text.append(f"Missing: {resource}: {count}, {reason}{detail}")
        if len(items) > SHOWN:
            text.append(f"Missing: {resource}: {reason}, {len(items) - SHOWN:,} times more (--json lists all)")
    if SET_BACK in info.facts:
        text.append(
            "This computer's clock was set back while the capture ran:\n"
            "the times of its exchanges do not follow each other."
        )
    text.append(f"Capture {info.id}: {info.state}.")
    return "\n".join(text)
