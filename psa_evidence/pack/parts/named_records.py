"""Records found by words in their names: for what a PSA has no field of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.shortened import Shortener
from psa_evidence.records import Ticket
from psa_evidence.spi import Cell, Column, Table

SHOWN: Final = 200
_LAST: Final = "9999"
_NAME: Final = 3
"""The place of the name in a row."""


def tickets_named(dossier: Dossier, words: re.Pattern[str]) -> tuple[Ticket, ...]:
    """By the type and the summary, in the order of the population."""
    return tuple(t for t in dossier.population.tickets if words.search(f"{t.type_name or ''}\n{t.summary}"))


def named(dossier: Dossier, words: re.Pattern[str]) -> list[tuple[Cell, ...]]:
    """Tickets by type and summary, activities by kind and name, documents by title and file name. By time, undated ones
    last: exhibit, when, record, name, status, closed."""
    zone = dossier.zone
    made: list[tuple[str, tuple[Cell, ...]]] = [
        (
            _order(t.entered_at),
            (
                dossier.cell(t.source), wording.local(t.entered_at, zone), "ticket", wording.text(t.summary),
                wording.text(t.status_name), wording.local(t.closed_at, zone),
            ),
        )
        for t in tickets_named(dossier, words)
    ]  # fmt: skip
    made += [
        (
            _order(a.starts_at),
            (
                dossier.cell(a.source), wording.local(a.starts_at, zone), f"activity, {a.kind or 'no kind'}", a.name,
                wording.text(a.status), wording.local(a.closed_at, zone),
            ),
        )
        for a in dossier.records.activities if words.search(f"{a.kind or ''}\n{a.name}")
    ]  # fmt: skip
    made += [
        (
            _order(d.entered_at),
            (
                dossier.cell(d.source), wording.local(d.entered_at, zone), "document",
                d.title or wording.text(d.file_name), "-", "-",
            ),
        )
        for d in dossier.records.documents if words.search(f"{d.title}\n{d.file_name or ''}")
    ]  # fmt: skip
    return [row for _, row in sorted(made, key=lambda pair: pair[0])]


def table(rows: Sequence[tuple[Cell, ...]]) -> Table:
    """Of `named`."""
    short = Shortener()
    shown = tuple((*row[:_NAME], short(str(row[_NAME])), *row[_NAME + 1 :]) for row in rows[:SHOWN])
    return Table(
        columns=(
            Column(title="Exhibit"), Column(title="When", width=1.3), Column(title="Record", width=1.1),
            Column(title="Name", width=3), Column(title="Status as recorded", width=1.3),
            Column(title="Closed", width=1.3),
        ),
        rows=shown,
        caption=f"{len(shown):,} of {len(rows):,} shown.{short.note}",
    )  # fmt: skip


def _order(at: datetime | None) -> str:
    return wording.utc(at) or _LAST
