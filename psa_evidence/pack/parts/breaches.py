"""Every missed target, under every reading: overrun, cause as recorded then, cure. Zero is stated in words."""

from __future__ import annotations

from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.breach_story import NO_CAUSE, cause_words, story_of
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.missed import Miss, misses, only_in
from psa_evidence.sla import Reading
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Part, Table

NONE_SHOWN: Final = "No missed target is shown by these records."

OTHERS: Final[tuple[tuple[Reading, str, str], ...]] = (
    (
        "psa",
        "By the PSA's own figure",
        "The PSA's figure and the contract reading differ on these; the exhibits show why.",
    ),
    (
        "strict",
        "By the strict reading",
        "Under the strict reading the clock runs in every status; these targets depend on the pauses.",
    ),
)

_COLUMNS = (
    Column(title="Exhibit", width=0), Column(title="Ticket", width=0), Column(title="Stage, target", width=0.8),
    Column(title="Due, overrun", width=1.2), Column(title="Cure: when and how met", width=1.5),
    Column(title="Cause as recorded then", width=3),
)  # fmt: skip
_BY_CONTRACT = Column(title="By the contract", width=0.85)
"""In the tables of the other readings: whether the target was missed by the contract reading too."""


def part(dossier: Dossier, number: int) -> Part:
    missed = misses(dossier, "contract")
    blocks: list[Block] = []
    if missed:
        blocks.append(
            Paragraph(
                text=f"Under the contract reading {wording.count(len(missed), 'target')} of "
                f"{wording.count(len({m.ticket.id for m in missed}), 'ticket')} "
                f"{'was' if len(missed) == 1 else 'were'} missed. All are listed, with those missed by the other two "
                "readings below. The cause is the provider's last word that was recorded while the stage ran, internal "
                f"notes and time entries before messages; where there is none, '{NO_CAUSE}' is said."
            )
        )
        blocks.append(_table(dossier, missed, "Contract reading. Overrun (+) is elapsed minus target, in open time."))
    else:
        blocks.append(Paragraph(text=NONE_SHOWN))
    for reading, title, why in OTHERS:
        others = misses(dossier, reading)
        alone = only_in(dossier, reading)
        blocks.append(Heading(text=title))
        if not others:
            blocks.append(Paragraph(text="None is shown by these records."))
            continue
        words = f"{wording.count(len(others), 'target')} missed by this reading, of which {len(alone):,} not by the "
        blocks.append(Paragraph(text=f"{words}contract reading. {why if alone else ''}".strip()))
        blocks.append(_table(dossier, others, f"{title}."))
    return Part(id="breaches", number=number, title="Every missed target", page_kind="B", blocks=tuple(blocks))


def _table(dossier: Dossier, missed: tuple[Miss, ...], caption: str) -> Table:
    other = any(m.result.reading != "contract" for m in missed)
    return Table(
        columns=(*_COLUMNS[:3], _BY_CONTRACT, *_COLUMNS[3:]) if other else _COLUMNS,
        rows=tuple(_row(dossier, m) for m in missed),
        caption=f"{caption} n = {len(missed)}; the same rows stand in data/tables/breaches.csv, with the priority and "
        "the whole text of each cause.",
    )


def _row(dossier: Dossier, miss: Miss) -> tuple[Cell, ...]:
    result = miss.result
    story = story_of(dossier, miss)
    contract = dossier.sla[miss.ticket.id].result(result.stage, "contract").verdict
    return (
        dossier.cell(miss.ticket.source), miss.ticket.id,
        f"{result.stage}\n{wording.duration(result.target_seconds)}",
        *(() if result.reading == "contract" else (contract,)),
        f"{wording.local(result.due_at, dossier.zone)}\n+{wording.duration(miss.overrun)}", story.cure,
        cause_words(dossier, story),
    )  # fmt: skip
