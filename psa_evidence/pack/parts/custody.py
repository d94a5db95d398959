"""Chain of custody: who captured, sealed, held, accessed, exported and verified, from the vault's chained log; and a
form for what people hand on."""

from __future__ import annotations

import json
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Block, Column, Facts, Heading, Paragraph, Part, Table

BLANK_ROWS: Final = 4


def part(dossier: Dossier, number: int) -> Part:
    log = dossier.custody
    blocks: list[Block] = [
        Paragraph(
            text="The vault keeps a log that only grows: each entry bears the digest of the one before it, and each "
            "seal states how many entries there were and the digest of the last. The entries about the captures used "
            "here, holds on this client and the work on this matter are shown; those about others stand in "
            "data/logs/custody.jsonl as digests only, so that the chain can be followed to the seals without them."
        ),
        Facts(
            rows=(
                ("Entries up to the newest seal of this pack", f"{log.entries:,}"),
                ("Shown here, and in data/logs/custody.csv", f"{len(log.rows):,}"),
                ("About others, as digests only", f"{log.withheld:,}"),
                ("Digest of the last entry", log.head or "none"),
                ("Entries that the seals cover", _covered(dossier)),
            )
        ),
        Heading(text="Log"),
        _entries(dossier),
        Heading(text="Handed on"),
        Paragraph(
            text="What people do with this pack afterwards is not in the log. To be filled in by hand.", style="small"
        ),
        _form(),
    ]
    return Part(id="custody", number=number, title="Chain of custody", page_kind="B", blocks=tuple(blocks))


def _covered(dossier: Dossier) -> str:
    heads = dossier.custody.heads
    return "; ".join(f"seal {seal}: {entries:,}" for seal, entries in heads) if heads else "no seal is in this pack"


def _entries(dossier: Dossier) -> Table:
    rows = dossier.custody.rows
    return Table(
        columns=(
            Column(title="No.", align="right", width=0.4), Column(title="Time (UTC)", width=1.3), Column(title="Who"),
            Column(title="What", width=0.8), Column(title="Of what", width=1.8), Column(title="Detail", width=2.4),
        ),
        rows=tuple(
            (number, at[:19].replace("T", " "), who, what, target, _in_words(detail))
            for number, at, who, what, target, detail in rows
        ),
        caption=f"{wording.count(len(rows), 'entry', 'entries')}. Who: the configured name and the operating system's "
        "user, as far as known. Entries after the newest seal, the making of this pack among them, stand in the vault "
        "and in later packs.",
        empty="The custody log has no entry about the captures used.",
    )  # fmt: skip


def _in_words(detail: str) -> str:
    """The log's JSON object as `name: value` pairs, for readers who do not read JSON. The table keeps the JSON."""
    pairs: object = json.loads(detail) if detail.startswith("{") else None
    if not isinstance(pairs, dict):
        return detail
    return "; ".join(f"{name}: {_plain(value)}" for name, value in pairs.items())


def _plain(value: object) -> str:
    return value if isinstance(value, str) else "none" if value is None else json.dumps(value, ensure_ascii=False)


def _form() -> Table:
    titles = ("Date, time, zone", "Released by", "Received by", "Purpose, method", "Fingerprint checked")
    return Table(
        columns=tuple(Column(title=title) for title in titles),
        rows=tuple(("\u00a0",) * len(titles) for _ in range(BLANK_ROWS)),
    )
