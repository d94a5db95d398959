"""The source and how its records are kept: version, clock, permissions, captures, who enters what, what is known of
retention and of changes of the configuration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts import completeness
from psa_evidence.pack.parts.cover import partial_words
from psa_evidence.spi import Block, Cell, Column, Facts, Heading, Paragraph, Part, Table

WHO_WRITES = (
    "In the PSA, time entries are typed by people; notes are typed by people, come in by e-mail, or are written by "
    "workflows and by programs with a key; entry times, status history and SLA figures are written by the system. Each "
    "exhibit shows which is which, when a thing is said to have happened and when it was typed in."
)


NOT_SHOWN = (
    "Not shown by these records, and for a witness of the provider to say: for how long the provider keeps records and "
    "deletes them by what rule, which of its people may change or delete them, and what it tells them to record when."
)
SHOWN: Final = 60
"""Settings printed that were updated in the period."""


def part(dossier: Dossier, number: int) -> Part:
    system = dossier.records.system
    blocks: list[Block] = [
        Facts(
            rows=(
                ("PSA version", wording.text(system.version if system else None)),
                ("Hosted in the vendor's cloud", wording.yes(system.cloud if system else None)),
                ("Time zone the PSA names", wording.text(system.time_zone if system else None)),
                ("Time zone of this pack", dossier.matter.time_zone),
                ("Clock of the PSA against ours", clock_words(dossier)),
            )
        ),
        Paragraph(text=WHO_WRITES),
        Heading(text="Captures used"),
    ]
    if any(c.state != "complete" for c in dossier.captures):
        blocks.append(Paragraph(text=partial_words(dossier), style="notice"))
    blocks += [_captures(dossier), Heading(text="What each capture says of its source"), _facts(dossier)]
    blocks += [
        Heading(text="Who enters, and how long it is kept"),
        _practice(dossier),
        Paragraph(text=NOT_SHOWN),
        Heading(text="Changes of the configuration"),
        *_configuration(dossier),
        Heading(text="What the key could read"),
        _permissions(dossier),
    ]
    return Part(
        id="record-keeping",
        number=number,
        title="Source system and record-keeping",
        page_kind="B",
        blocks=tuple(blocks),
    )


def _practice(dossier: Dossier) -> Facts:
    records = dossier.records
    tickets, audited = dossier.population.tickets, {h.ticket_id for h in records.history}
    keys = {m.identifier.casefold() for m in records.members if m.api}
    people = {m.identifier.casefold() for m in records.members} - keys
    held = dossier.tickets_held
    return Facts(
        rows=(
            ("Members in the PSA",
             f"{wording.count(len(people), 'person', 'people')}, {wording.count(len(keys), 'key')} of programs"),
            ("Notes by the system", _of((m.side == "system" for m in records.messages), "note")),
            ("Notes by such keys", _of(((m.entered_by or "").casefold() in keys for m in records.messages), "note")),
            ("Changes by automation", _of((c.automatic for c in records.changes), "change")),
            ("With an audit trail", _of((t.id in audited for t in tickets), "ticket")),
            ("First ticket captured",
             f"entered {wording.both(held[0], dossier.zone)}" if held else wording.NONE),
            ("Last ticket captured", f"entered {wording.both(held[1], dossier.zone)}" if held else wording.NONE),
            ("Asked for", _asked_for(dossier)),
            ("Kept by the PSA", "for how long, it does not state"),
            ("Kept by the vault", "without an end: what was captured is neither changed nor deleted"),
        )
    )  # fmt: skip


def _of(held: Iterable[bool], one: str) -> str:
    each = list(held)
    return f"{sum(each):,} of {wording.count(len(each), one)}"


def _asked_for(dossier: Dossier) -> str:
    """The widest period that a capture asked for, which says whether the first ticket is the first that the PSA had."""
    scopes = [c.scope for c in dossier.captures]
    if any(scope.since is None for scope in scopes):
        return "tickets of all time, by at least one capture"
    return f"tickets from {wording.both(min(s.since for s in scopes if s.since), dossier.zone)} on"


def _configuration(dossier: Dossier) -> list[Block]:
    """What the settings say of their last update, and where captures differ. Neither shows every change."""
    settings, matter = dossier.settings_updated, dossier.matter
    dated = [s for s in settings if s.at is not None]
    within = [s for s in dated if s.at is not None and matter.since <= s.at < matter.until]
    after = sum(1 for s in dated if s.at is not None and s.at >= matter.until)
    others = {key for _, keys in dossier.settings_other for key in keys}
    captured = (
        f"They were captured {wording.count(len(dossier.settings_at), 'time')}, first "
        f"{wording.both(dossier.settings_at[0], dossier.zone)}. "
        if dossier.settings_at else "No capture holds them. "
    )  # fmt: skip
    found: list[Block] = [
        Paragraph(
            text=f"{wording.count(len(settings), 'setting')} of the PSA (boards, statuses, priorities, SLAs and "
            f"targets, calendars, holidays, system): {len(dated):,} state when they were last updated, "
            f"{len(within):,} in the period, {after:,} after it, {len(dated) - len(within) - after:,} before it. "
            f"{captured}Captures knew {len(others):,} in another version than the newest. A setting states its last "
            "update only: an earlier one is not shown where no capture lies between the two.",
            see=("changes", "methodology"),
        )
    ]
    if within:
        rows: list[tuple[Cell, ...]] = [
            (s.key, wording.local(s.at, dossier.zone), wording.text(s.by), dossier.cell(s.key)) for s in within[:SHOWN]
        ]
        found.append(
            Table(
                columns=(
                    Column(title="Setting", width=1.6), Column(title="Last update", width=1.6), Column(title="By"),
                    Column(title="Exhibit", width=1.2),
                ),
                rows=tuple(rows),
                caption=f"{len(rows):,} of {wording.count(len(within), 'setting')} last updated in the period.",
            )
        )  # fmt: skip
    return found


def clock_words(dossier: Dossier) -> str:
    offsets = [c.facts.get("clock_offset_seconds") for c in dossier.captures]
    known = [float(o) for o in offsets if isinstance(o, int | float) and not isinstance(o, bool)]
    if not known:
        return "not measured"
    least, most = min(known), max(known)
    low, high = f"{least:+z.1f} s", f"{most:+z.1f} s"
    span = low if low == high else f"between {low} and {high}"
    return f"{span} over {wording.count(len(known), 'capture')} (PSA minus ours)"


def _captures(dossier: Dossier) -> Table:
    return Table(
        columns=(
            Column(title="Capture", width=2), Column(title="Began", width=1.6), Column(title="Ended", width=1.6),
            Column(title="State", width=0.8), Column(title="Exchanges", align="right", width=0.8),
            Column(title="Records", align="right", width=0.8), Column(title="New versions", align="right", width=0.8),
        ),
        rows=tuple(
            (
                c.id, wording.local(c.started_at, dossier.zone), wording.local(c.finished_at, dossier.zone),
                c.state.upper() if c.state != "complete" else c.state, f"{c.exchanges:,}", f"{c.records:,}",
                f"{c.new_versions:,}",
            )
            for c in dossier.captures
        ),
        empty="No capture of this connection covers this client.",
    )  # fmt: skip


def _facts(dossier: Dossier) -> Table:
    rows = [
        (c.id, wording.named(name), _value(value))
        for c in dossier.captures for name, value in sorted(c.facts.items())
        if name not in completeness.STATED_HERE
    ]  # fmt: skip
    return Table(
        columns=(Column(title="Capture", width=1.5), Column(title="Fact"), Column(title="Value", width=2)),
        rows=tuple(rows), empty="Nothing was recorded.",
        caption="What a capture states of its completeness stands in the part on scope and population.",
    )  # fmt: skip


def _value(value: object) -> str:
    if value is None:
        return "not stated"
    return wording.yes(value) if isinstance(value, bool) else str(value)


def _permissions(dossier: Dossier) -> Table:
    return Table(
        columns=(Column(title="Module"), Column(title="Function", width=2), Column(title="Inquire level")),
        rows=tuple(
            (p.module, p.function, p.inquire or "not stated")
            for p in sorted(dossier.records.permissions, key=lambda p: (p.module, p.function, p.id))
        ),
        caption="All: every record; My: only the key's own; None: nothing. What the key may not read is not in this "
        "pack.",
        empty="The PSA did not state the permissions of the key.",
    )
