"""`psa-evidence drift`: what changed in the records since an earlier seal."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer

from psa_evidence.cli import context, output
from psa_evidence.configuration import Configuration
from psa_evidence.errors import ConfigurationError
from psa_evidence.matter import resolve_client
from psa_evidence.pack.changes import ChangeRow, change_rows, hidden_words
from psa_evidence.pack.wording import utc
from psa_evidence.vault import Drift, Vault

SHORT: Final = 400
"""Characters of one value shown on a terminal; `--json` gives all."""


def drift(
    since: Annotated[
        str | None,
        typer.Option(metavar="SEAL|DATE", help="A seal's number, or a day (YYYY-MM-DD): changes from then on."),
    ] = None,
    client: Annotated[str | None, typer.Option("--client", metavar="NAME", help="Only this client's records.")] = None,
    connection: context.ConnectionOption = None,
    config: context.ConfigOption = None,
    as_json: context.JsonOption = False,
) -> None:
    """List what changed since an earlier seal: edited, merged, vanished, back-dated, hidden.

    Without --since, each record is compared with its own first capture. Reads the vault only.
    """
    settings = context.load(config)
    vault = context.open_vault(settings)
    name, connector = context.connector_of(settings, connection)
    seal = _seal(since, settings, vault)
    found_client = None if client is None else resolve_client(vault, client, connection=name)
    found = vault.drift(
        connection=name, since=seal, client=None if found_client is None else found_client.id, about=connector.info
    )
    touched = {s.after.client for s in found.edits} | {t.client for t in found.vanished}
    touched |= {b.version.client for b in found.back_dated}
    keys = {(s.after.kind, s.after.id) for s in found.edits} | {(t.kind, t.id) for t in found.vanished}
    keys |= {(b.version.kind, b.version.id) for b in found.back_dated}
    tickets = {record_id for kind, record_id in keys if kind == "ticket"}
    raw = {
        (r.kind, r.id): r
        for of in sorted(c for c in touched if c is not None)
        for r in vault.select(connection=name, client=of)
        if (r.kind, r.id) in keys or (r.kind == "history" and (r.parent or "").removeprefix("ticket/") in tickets)
    }
    rows = change_rows(found, connector.interpret(raw.values()))
    if as_json:
        output.data(_data(found, rows))
    else:
        output.lines(_words(found, rows, vault))


def _seal(since: str | None, settings: Configuration, vault: Vault) -> int:
    """The number of the seal that `since` means; 0 for none. Raises ConfigurationError."""
    if since is None:
        return 0
    seals = vault.seals()
    if re.fullmatch(r"[0-9]{1,9}", since):
        if not 1 <= int(since) <= len(seals):
            raise ConfigurationError(
                f"there is no seal {int(since)} in this vault",
                why=f"it holds {len(seals)}" if seals else "it holds none yet",
                next_step="see `psa-evidence vault list`, or give a day instead",
            )
        return int(since)
    day = context.day(since, settings.time_zone)
    before = [s.number for s in seals if day is not None and datetime.fromisoformat(s.sealed_at) < day]
    if not before:
        first = f"the first seal is of {seals[0].sealed_at}" if seals else "the vault holds no seal yet"
        raise ConfigurationError(
            f"there is no seal from before {since}", why=first, next_step="give a later day, or leave out --since"
        )
    return max(before)


def _data(found: Drift, rows: tuple[ChangeRow, ...]) -> dict[str, Any]:
    return {
        "since": found.since,
        "until": found.until,
        "known": found.known,
        "unchanged": found.unchanged,
        "not_fetched_again": found.not_fetched,
        "new_versions": {"with_changed_content": len(found.edits), "without": found.volatile_only},
        "volatile_fields": dict(found.volatile_fields),
        "added": dict(found.added),
        "changes": [
            {
                "what": r.what, "record": r.key, "client": r.client, "field": r.field, "old": r.old, "new": r.new,
                "who": r.who, "at": r.at, "source": r.source, "captured_before": utc(r.before),
                "captured_after": utc(r.after), "seal_before": r.seal_before, "seal_after": r.seal_after,
                "note": r.note,
            }
            for r in rows
        ],
        "hidden": [
            {
                "what": h.what, "kinds": h.kinds, "capture": h.capture, "known": h.known, "details": h.details,
            }
            for h in found.hidden
        ],
        "not_checked_for_deletion": dict(found.unlisted),
        "tombstones": [
            {**stone.document(), "capture": stone.capture, "returned": stone in found.returned}
            for stone in (*found.vanished, *found.returned)
        ],
    }  # fmt: skip


def _words(found: Drift, rows: tuple[ChangeRow, ...], vault: Vault) -> str:
    sealed = {s.number: s.sealed_at for s in vault.seals()}
    if found.since:
        head = f"Since seal {found.since} ({_short(sealed[found.since])}), up to seal {found.until}."
    else:
        head = f"Since each record was first captured, up to seal {found.until}."
    blocks = [head]
    if rows:
        blocks += [_row(row) for row in rows]
    else:
        blocks.append("No record was edited, merged, deleted or back-dated, as far as captures show.")
    counts = Counter(row.what for row in rows)
    figures = [
        ("records known", found.known),
        ("fetched again, byte for byte the same", found.unchanged),
        ("not fetched again (no newer update named, or not visible)", found.not_fetched),
        ("new versions with changed content", len(found.edits)),
        ("new versions without (only fields the PSA moves by itself)", found.volatile_only),
        ("merged", counts["merged"]), ("vanished", len(found.vanished)), ("returned", len(found.returned)),
        ("back-dated", len(found.back_dated)), ("first captured since", sum(found.added.values())),
    ]  # fmt: skip
    blocks.append("\n".join(f"{number:>9,}  {what}" for what, number in figures))
    if found.not_fetched:
        blocks.append(_wrap(
            "Of a record that was not fetched again, an edit for which the PSA named no newer update would not show. "
            "`psa-evidence capture --again` fetches all of them."
        ))  # fmt: skip
    if found.volatile_fields:
        blocks.append(_wrap("Moved by the PSA itself: " + _counted(found.volatile_fields)))
    blocks += [
        _wrap(
            f"Hidden: in capture {h.capture} the key had no permission for {hidden_words(h)}. "
            "Absence proves nothing there."
        )
        for h in found.hidden
    ]
    if found.unlisted:
        blocks.append(_wrap("Not checked for deletion, for want of a later complete list: " + _counted(found.unlisted)))
    return "\n\n".join(blocks)


def _row(row: ChangeRow) -> str:
    lines = [f"{row.what}  {row.key}" + (f"  {row.field}" if row.field else "")]
    if row.what == "edited" and row.field:
        lines += _value("was", row.old) + _value("is", row.new)
    if row.note:
        lines += textwrap.wrap(row.note, output.WIDTH - 4, initial_indent="    ", subsequent_indent="    ")
    said = f"{row.who}, {row.at} ({row.source})" if row.source else "who and when: not recorded"
    after = _short(utc(row.after)) or "not recorded"
    if row.what in {"vanished", "returned"}:
        between = f"last captured {_short(utc(row.before))}, under seal {row.seal_before}\n    the list is of {after}"
    else:
        between = f"captured {_short(utc(row.before))}, then {after}"
    return "\n".join([*lines, f"    {said}", f"    {between}"])


def _value(label: str, text: str) -> list[str]:
    shown = text if len(text) <= SHORT else f"{text[:SHORT]}... ({len(text):,} characters; all with --json)"
    return textwrap.wrap(
        shown or "(absent)", output.WIDTH - 2, initial_indent=f"    {label:<4}", subsequent_indent=" " * 8
    )


def _short(at: str) -> str:
    return "" if not at else f"{datetime.fromisoformat(at).astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _counted(counts: Any) -> str:
    return ", ".join(f"{name} ({number:,})" for name, number in counts.items()) + "."


def _wrap(text: str) -> str:
    return textwrap.fill(text, output.WIDTH, break_long_words=False, break_on_hyphens=False)
