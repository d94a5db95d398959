"""Every missed target, under every reading: clause, overrun, cause as recorded then, cure, credit.

Zero is stated in words.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.breach_story import (
    NO_CAUSE,
    cause_words,
    clause_of,
    status_words,
    story_of,
    text_words,
)
from psa_evidence.pack.credits import LOST_IN, Credits
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
    Column(title="Exhibit", width=0), Column(title="Ticket", width=0), Column(title="Stage, target", width=1),
    Column(title="Due, overrun", width=0), Column(title="Cure: when and how met; credit", width=1.6),
    Column(title="Cause as recorded then", width=2.9),
)  # fmt: skip
_BY_CONTRACT = Column(title="By the contract", width=0.85)
"""In the tables of the other readings: whether the target was missed by the contract reading too."""
_ABOVE: Final = "as above"


def part(dossier: Dossier, number: int) -> Part:
    missed = misses(dossier, "contract")
    blocks: list[Block] = []
    rows = _Rows(dossier, Credits.of(dossier))
    if missed:
        blocks += [
            Paragraph(
                text=f"Under the contract reading {wording.count(len(missed), 'target')} of "
                f"{wording.count(len({m.ticket.id for m in missed}), 'ticket')} "
                f"{'was' if len(missed) == 1 else 'were'} missed. All are listed, with those missed by the other two "
                "readings below. The PSA has no field for a cause: printed as such is the provider's last word "
                "recorded while the stage ran, whatever it says, internal notes and time entries before messages; "
                f"where there is none, '{NO_CAUSE}' is said. " + _clauses(dossier)
            ),
            rows.looked_through(),
            _table(missed, "Contract reading. Overrun (+) is elapsed minus target, in open time.", rows),
        ]
    else:
        blocks.append(Paragraph(text=NONE_SHOWN))
        if any(misses(dossier, reading) for reading, _, _ in OTHERS):
            blocks.append(rows.looked_through())
    for reading, title, why in OTHERS:
        others = misses(dossier, reading)
        alone = only_in(dossier, reading)
        blocks.append(Heading(text=title))
        if not others:
            blocks.append(Paragraph(text="None is shown by these records."))
            continue
        words = f"{wording.count(len(others), 'target')} missed by this reading, of which {len(alone):,} not by the "
        blocks.append(Paragraph(text=f"{words}contract reading. {why if alone else ''}".strip()))
        blocks.append(_table(others, f"{title}. '{_ABOVE}': as in the table of the contract reading.", rows))
    return Part(id="breaches", number=number, title="Every missed target", page_kind="B", blocks=tuple(blocks))


def _clauses(dossier: Dossier) -> str:
    contract = dossier.matter.contract
    if contract is None or not contract.clauses.goals:
        return "The matter file names no clause of a contract for these targets."
    return (
        "The clause is the one that the matter file names for the target; where it names none, "
        f"'{wording.NO_CLAUSE}' is said. The PSA's own figure is judged by the PSA's target."
    )


def _table(missed: tuple[Miss, ...], caption: str, rows: _Rows) -> Table:
    other = any(m.result.reading != "contract" for m in missed)
    return Table(
        columns=(*_COLUMNS[:3], _BY_CONTRACT, *_COLUMNS[3:]) if other else _COLUMNS,
        rows=tuple(rows.row(m) for m in missed),
        caption=f"{caption} n = {len(missed)}; the same rows stand in data/tables/breaches.csv, with the priority and "
        "the whole text of each cause.",
    )


class _Rows:
    """Makes the rows of all tables. What the table of the contract reading says of a target is not said again."""

    def __init__(self, dossier: Dossier, given: Credits) -> None:
        self._dossier = dossier
        self._given = given
        tickets = {m.ticket.id for reading in ("contract", "psa", "strict") for m in misses(dossier, reading)}
        self._naming = {credit.source.key: credit for ticket in sorted(tickets) for credit in given.naming(ticket)}
        self._told: dict[tuple[str, str], set[str]] = {}

    def looked_through(self) -> Paragraph:
        """What was looked through for credits, and which of them name a ticket that missed a target."""
        dossier, records = self._dossier, self._dossier.records
        hidden = dossier.withholds("invoice", "adjustment")
        naming = len(self._naming)
        text = (
            "A credit is a credit memo, an invoice below zero or an adjustment of an agreement that names the ticket. "
            f"Of {wording.count(len(records.invoices), 'invoice')} of the period and "
            f"{wording.count(len(records.adjustments), 'adjustment')} of agreements {len(self._given.every):,} may be "
            f"credits; {naming:,} {'names' if naming == 1 else 'name'} a ticket of this part"
            + ("." if naming else f": for every target below {self._given.none}.")
        )
        if hidden:
            text += f" This copy withholds {wording.count(hidden, 'invoice or adjustment', 'invoices or adjustments')}."
        see: tuple[str, ...] = ()
        if any(str(m["resource"]).rpartition("/")[2] in LOST_IN for c in dossier.captures for m in c.missing):
            text += " The captures state that some of these did not come:"
            see = dossier.see("scope")
        return Paragraph(text=text, see=see, cites=dossier.cites(c.source for c in self._naming.values()))

    def row(self, miss: Miss) -> tuple[Cell, ...]:
        dossier, result = self._dossier, miss.result
        story = story_of(dossier, miss)
        contract = dossier.sla[miss.ticket.id].result(result.stage, "contract").verdict
        own = result.reading == "contract"
        cure, cause = story.cure, cause_words(dossier, story)
        clause = "" if (miss.ticket.id, result.stage) in self._told else _clause(dossier, miss)
        told = self._told.setdefault((miss.ticket.id, result.stage), set())
        if own:
            told |= {cure, cause, text_words(dossier, story)}
        elif cause in told:
            cause = _ABOVE
        elif text_words(dossier, story) in told:
            cause = "; ".join(filter(None, (_ABOVE, status_words(dossier, story))))
        if not own and cure in told:
            cure = _ABOVE
        if cause != _ABOVE:
            cause += _withheld(dossier, miss)
        if self._naming and cure != _ABOVE:
            cure += f"\n{self._given.told(miss.ticket.id)}"
        return (
            dossier.cell(miss.ticket.source), miss.ticket.id,
            f"{result.stage}\n{wording.duration(result.target_seconds)}{clause}",
            *(() if own else (contract,)),
            f"{_instant(dossier, result.due_at)}\n+{wording.duration(miss.overrun)}", cure, cause,
        )  # fmt: skip


def _withheld(dossier: Dossier, miss: Miss) -> str:
    """In a copy that withholds records of the ticket: the last word that it shows need not be the last one recorded."""
    behind = dossier.behind.records.get(miss.ticket.id, 0)
    return f"; {wording.count(behind, 'record')} of this ticket withheld from this copy" if behind else ""


def _instant(dossier: Dossier, at: datetime | None) -> str:
    return wording.NONE if at is None else f"{wording.local(at, dossier.zone)}\n{wording.utc(at)}"


def _clause(dossier: Dossier, miss: Miss) -> str:
    """A line of its own; none where no target of the matter file has a clause, which the text above says."""
    contract = dossier.matter.contract
    if contract is None or not contract.clauses.goals or miss.result.reading == "psa":
        return ""
    clause = clause_of(dossier, miss)
    return f"\nclause {clause}" if clause else f"\n{wording.NO_CLAUSE}"
