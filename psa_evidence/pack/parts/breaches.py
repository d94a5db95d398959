"""Every missed target: due, actual, overrun, reason. Zero is stated in words."""

from __future__ import annotations

from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.missed import Miss, misses, only_in
from psa_evidence.sla import Reading
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Part, Table

NONE_SHOWN: Final = "No missed target is shown by these records."

OTHERS: Final[tuple[tuple[Reading, str, str], ...]] = (
    (
        "psa",
        "Missed by the PSA's own figure, not under the contract reading",
        "The PSA's figure and the contract reading differ on these; the exhibits show why.",
    ),
    (
        "strict",
        "Missed only when no pause is honoured",
        "Under the strict reading the clock runs in every status; these targets depend on the pauses.",
    ),
)

_COLUMNS = (
    Column(title="Exhibit", width=1.1), Column(title="Ticket", width=0.7), Column(title="Priority", width=1.1),
    Column(title="Stage", width=0.9), Column(title="Target", align="right", width=0.8),
    Column(title="Due", width=1.4), Column(title="Actual", width=1.4),
    Column(title="Overrun", align="right", width=0.9),
    Column(title="Reason", width=2.4),
)  # fmt: skip


def part(dossier: Dossier, number: int) -> Part:
    missed = misses(dossier, "contract")
    blocks: list[Block] = []
    if missed:
        blocks.append(
            Paragraph(
                text=f"Under the contract reading {wording.count(len(missed), 'target')} of "
                f"{wording.count(len({m.ticket.id for m in missed}), 'ticket')} "
                f"{'was' if len(missed) == 1 else 'were'} missed. All are listed."
            )
        )
        blocks.append(_table(dossier, missed, "Contract reading. Overrun is elapsed minus target, in open time."))
    else:
        blocks.append(Paragraph(text=NONE_SHOWN))
    for reading, title, why in OTHERS:
        others = only_in(dossier, reading)
        blocks.append(Heading(text=title))
        blocks.append(_table(dossier, others, why) if others else Paragraph(text="None is shown by these records."))
    return Part(id="breaches", number=number, title="Every missed target", page_kind="B", blocks=tuple(blocks))


def _table(dossier: Dossier, missed: tuple[Miss, ...], caption: str) -> Table:
    return Table(
        columns=_COLUMNS,
        rows=tuple(_row(dossier, m) for m in missed),
        caption=f"{caption} n = {len(missed)}; the same rows stand in data/tables/breaches.csv.",
    )


def _row(dossier: Dossier, miss: Miss) -> tuple[Cell, ...]:
    result = miss.result
    actual = "not met by the records' date" if result.met_at is None else wording.local(result.met_at, dossier.zone)
    return (
        dossier.cell(miss.ticket.source), miss.ticket.id, wording.text(result.priority), result.stage,
        wording.duration(result.target_seconds), wording.local(result.due_at, dossier.zone), actual,
        wording.duration(miss.overrun), result.reason,
    )  # fmt: skip
