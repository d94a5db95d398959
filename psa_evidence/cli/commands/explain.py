"""`psa-evidence explain`: the clock of one ticket, interval by interval."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from psa_evidence.cli import context, output
from psa_evidence.errors import ConfigurationError
from psa_evidence.matter import load_matter
from psa_evidence.pack import as_promised, contract_terms, settings_in_force
from psa_evidence.records import HistoryEntry, Unread
from psa_evidence.sla import StageResult, TicketSla, evaluate, statement, strip_for_terminal, ticket_to_dict
from psa_evidence.sla.display import in_column
from psa_evidence.sla.explain import LEGEND

STRIP = output.WIDTH - 4


def explain(
    ticket: Annotated[str, typer.Argument(metavar="TICKET", help="The ticket's number in the PSA.")],
    matter: Annotated[
        Path | None, typer.Option("--matter", metavar="FILE", help="A matter file whose zone and contract terms apply.")
    ] = None,
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
) -> None:
    """Show when the SLA clock of a ticket ran, why, and which record says so."""
    ticket = ticket.strip().removeprefix("#")
    settings = context.load(config)
    vault = context.open_vault(settings)
    loaded = load_matter(matter) if matter else None
    name, connector = context.connector_of(settings, connection or (loaded.connection if loaded else None))
    versions = vault.versions(name, "ticket", ticket)
    if not versions or versions[-1].client is None:
        raise ConfigurationError(
            "no ticket of this number is in the vault",
            next_step="check the number, or capture the client it belongs to first",
        )
    raw = vault.select(connection=name, client=versions[-1].client)
    records = connector.interpret(raw)
    zone = loaded.time_zone if loaded else settings.time_zone
    results = evaluate(
        replace(records, tickets=tuple(t for t in records.tickets if t.id == ticket)),
        as_of=max(record.captured_at for record in raw),
        time_zone=loaded.contract.time_zone if loaded and loaded.contract else None,
        settings=as_promised(settings_in_force(vault, connector, connection=name, client=versions[-1].client)),
        lacking=vault.lacking(name),
        every_open_period=True,
        contract=contract_terms(loaded) if loaded else None,
    )
    found = next((result for result in results if result.ticket_id == ticket), None)
    if found is None:
        raise ConfigurationError(
            "this ticket's record could not be interpreted",
            next_step="its bytes are kept; see the unread records of a pack",
        )
    lines = [unread for unread in records.unread if unread.ticket_id == ticket]
    if as_json:
        told = [{"source": each.source.key, "reason": each.reason} for each in lines]
        output.data({**ticket_to_dict(found), "unread": told})
    else:
        output.lines("\n\n".join([_words(found, zone or "UTC"), *_not_read(lines, records.history)]))


def _not_read(unread: Sequence[Unread], history: Sequence[HistoryEntry]) -> list[str]:
    """Records of the ticket that could not be read, those of its history with their words."""
    if not unread:
        return []
    texts = {entry.source.key: entry.text for entry in history}
    lines = [f"Not read: {len(unread)}"]
    for each in unread:
        text = " ".join(texts.get(each.source.key, "").split())
        lines += _wrapped(f"[{each.source.key}] {each.reason}" + (f": {text!r}" if text else ""))
    return ["\n".join(lines)]


def _words(ticket: TicketSla, zone: str) -> str:
    blocks = [f"Ticket {ticket.ticket_id}\n  {LEGEND}"]
    blocks += [_result(result, zone) for result in ticket.results]
    for difference in ticket.differences:
        by = "" if difference.seconds is None else f", {difference.seconds} s apart"
        blocks.append(
            textwrap.fill(
                f"{difference.stage}: the PSA says {difference.psa_verdict}, these records say "
                f"{difference.our_verdict}{by}. Likely cause: {difference.cause}.",
                output.WIDTH,
            )
        )
    return "\n\n".join(blocks)


def _result(result: StageResult, zone: str) -> str:
    """The verdict, the strip, each interval with what it adds and the sum so far, and what else is to be said."""
    first, *rest = statement(result, time_zone=zone)
    lines = textwrap.wrap(first, output.WIDTH)
    if strip := strip_for_terminal(result, STRIP):
        lines.append(f"  {strip}")
    count = len(result.intervals)
    before = int(bool(result.calendar))
    for line in rest[:before]:
        lines += _wrapped(line)
    total, there = 0, ZoneInfo(zone)
    for interval in result.intervals:
        total += interval.seconds
        counted = in_column(interval.seconds) if interval.state == "counted" else "-"
        since, until = (f"{at.astimezone(there):%Y-%m-%d %H:%M:%S %z}" for at in (interval.start, interval.end))
        lines.append(f"  {since} to {until}  {interval.state:<7} {counted:>11}")
        source = f" [{interval.source.key}]" if interval.source else ""
        lines += _wrapped(f"total {in_column(total)}: {interval.why}{source}", indent=6)
    for line in rest[before + count :]:
        lines += _wrapped(line)
    return "\n".join(lines)


def _wrapped(line: str, indent: int = 2) -> list[str]:
    return textwrap.wrap(
        line, output.WIDTH, initial_indent=" " * indent, subsequent_indent=" " * 6, break_on_hyphens=False
    ) or [""]
