"""Which services and products were billed with an agreement, from when to when: what was ordered and what was not."""

from __future__ import annotations

from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.shortened import Shortener
from psa_evidence.spi import Block, Cell, Column, Heading, Table

SHOWN: Final = 80
"""Additions printed; the exhibits of the agreements have all."""


def blocks(dossier: Dossier) -> list[Block]:
    """One row for each addition, in the order of the agreements."""
    short = Shortener()
    agreements = {a.id: place for place, a in enumerate(dossier.records.agreements)}
    every = sorted(dossier.records.additions, key=lambda a: (agreements.get(a.agreement_id, len(agreements)), a.id))
    rows: list[tuple[Cell, ...]] = [
        (
            dossier.cell(a.source),
            short(a.description or a.product or wording.NONE),
            wording.NONE if a.quantity is None else f"{a.quantity:,.2f}".removesuffix(".00"),
            wording.day(a.effective), "not cancelled" if a.cancelled is None else wording.day(a.cancelled),
        )
        for a in every[:SHOWN]
    ]  # fmt: skip
    withheld = dossier.withholds("addition")
    left = f" This copy withholds {wording.count(withheld, 'addition')}." if withheld else ""
    return [
        Heading(text="Services under the agreements"),
        Table(
            columns=(
                Column(title="Exhibit of the agreement", width=1.6), Column(title="Addition", width=2.2),
                Column(title="Quantity", align="right", width=0.7), Column(title="From"), Column(title="Cancelled"),
            ),
            rows=tuple(rows),
            caption=f"{len(rows):,} of {wording.count(len(every), 'addition')} (services and products billed with an "
            "agreement), as the PSA records them; prices stand in the exhibits. A service that is no addition may be "
            f"part of the agreement itself: its document says so.{left}{short.note}",
            empty=f"No addition to these agreements is shown by these records.{left}",
        ),
    ]  # fmt: skip
