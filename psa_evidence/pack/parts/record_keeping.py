"""The source and how its records are kept: version, clock, permissions, captures with their states."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts import completeness
from psa_evidence.pack.parts.cover import partial_words
from psa_evidence.spi import Block, Column, Facts, Heading, Paragraph, Part, Table

WHO_WRITES = (
    "In the PSA, notes and time entries are typed by people; entry times, status history and SLA figures are written "
    "by the system. Each exhibit shows which is which, when a thing is said to have happened and when it was typed in."
)


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
    blocks += [Heading(text="What the key could read"), _permissions(dossier)]
    return Part(
        id="record-keeping",
        number=number,
        title="Source system and record-keeping",
        page_kind="B",
        blocks=tuple(blocks),
    )


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
        (c.id, name.replace("_", " "), _value(value))
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
