"""What this copy withholds, with the reason, in numbers that agree with the population statement."""

from __future__ import annotations

from collections import Counter
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.withheld_log import COLUMNS, IN_PART
from psa_evidence.spi import Block, Column, Heading, Paragraph, Part, Table

NOTHING: Final = "Nothing in scope was withheld or redacted from this copy."
SHOWN: Final = 200
"""Rows of the log printed; data/logs/privilege.csv has all, and the page says so."""

_PRINTED: Final = (
    ("number", 0.5), ("record", 1.5), ("date", 1.9), ("author", 1.1), ("withheld", 0.8), ("privilege", 1.2),
    ("reason", 1.4), ("description", 2.2),
)  # fmt: skip
_HEADS: Final = {"number": "No."}

_WHOLE, _REASON = COLUMNS.index("withheld"), COLUMNS.index("reason")


def part(dossier: Dossier, number: int) -> Part:
    behind = dossier.behind
    in_part = Counter(row[_REASON] for row in behind.log if row[_WHOLE] == IN_PART)
    blocks: list[Block] = []
    if (
        not dossier.withheld
        and not dossier.earlier_withheld
        and not in_part
        and not any(n.withheld for n in dossier.natives)
        and not dossier.masked_quotes
    ):
        blocks.append(Paragraph(text=NOTHING))
    else:
        blocks += [*_in_full(dossier), *_in_part(dossier, in_part), *_log(dossier)]
    blocks += [Paragraph(text=f"{rule} of the matter file chose no record.") for rule in behind.unused]
    if dossier.matter.left_out_parts:
        names = ", ".join(dossier.matter.left_out_parts)
        blocks.append(Paragraph(text=f"Parts that the matter file leaves out of this report: {names}."))
    return Part(id="withheld", number=number, title="Withheld and redacted", page_kind="B", blocks=tuple(blocks))


def behind_words(dossier: Dossier) -> tuple[str, ...]:
    """Sentences on what the figures of this copy rest on and do not show; none when all is shown."""
    behind = dossier.behind
    made = []
    shown = [n for ticket, n in behind.records.items() if ticket in dossier.ticket]
    if count := sum(shown):
        made.append(
            f"Behind the figures of {wording.count(len(shown), 'ticket')} of this copy stand "
            f"{wording.count(count, 'record')} withheld from it; the figures are computed with them."
        )
    made += behind.tickets
    if behind.statements:
        made.append(
            f"{wording.count(behind.statements, 'statement')} in answer to the questions examined "
            f"{'rests on withheld records and is' if behind.statements == 1 else 'rest on withheld records and are'} "
            "counted, not printed."
        )
    if behind.changed:
        made.append(
            f"Fields withheld from {wording.count(len(behind.changed), 'ticket')} bear on a verdict: with them "
            f"at least one verdict of each would be another: {', '.join(behind.changed)}."
        )
    return tuple(made)


def _in_full(dossier: Dossier) -> list[Block]:
    captured = sum(dossier.captured.values())
    held = sum(n for _, _, n in dossier.withheld)
    out = sum(n for _, _, n in dossier.left_out)
    return [
        Heading(text="Records withheld in full"),
        Table(
            columns=(Column(title="Kind"), Column(title="Reason", width=3), Column(title="Number", align="right")),
            rows=(
                *((wording.named(kind), reason, f"{n:,}") for kind, reason, n in dossier.withheld),
                *(
                    (f"{wording.named(kind)}, earlier versions", reason, f"{n:,}")
                    for kind, reason, n in dossier.earlier_withheld
                ),
            ),
            empty="No record is withheld in full.",
        ),
        Paragraph(
            text=f"Captured {captured:,} = included {captured - held - out:,} + withheld {held:,} + out of scope "
            f"{out:,}."
        ),
        *(Paragraph(text=text) for text in behind_words(dossier)),
    ]


def _in_part(dossier: Dossier, reasons: Counter[str]) -> list[Block]:
    fields = sum(n.withheld for n in dossier.natives)
    records = {n.key for n in dossier.natives if n.withheld}
    return [
        Heading(text="Records shown in part"),
        Paragraph(
            text=f"{wording.count(fields, 'field')} of {wording.count(len(records), 'record')} are not in their native "
            "files; each can be opened in camera and proved against the seal. data/logs/redaction.csv lists them. A "
            "masked term is printed as a label in square brackets, and the field in which it stood is not in the "
            "native file."
            + (
                f" Terms are masked too in {wording.count(dossier.masked_quotes, 'text')} that the matter file states "
                "(clauses, who signed, parties)."
                if dossier.masked_quotes
                else ""
            )
        ),
        Table(
            columns=(Column(title="Reason", width=3), Column(title="Records", align="right")),
            rows=tuple((reason, f"{n:,}") for reason, n in sorted(reasons.items())),
            empty="No rule of this copy names a field.",
        ),
    ]


def _log(dossier: Dossier) -> list[Block]:
    log = dossier.behind.log
    if not log:
        return []
    places = [COLUMNS.index(name) for name, _ in _PRINTED]
    return [
        Heading(text="Log"),
        Table(
            columns=tuple(Column(title=_HEADS.get(name, name.capitalize()), width=width) for name, width in _PRINTED),
            rows=tuple(tuple(row[place] for place in places) for row in log[:SHOWN]),
            caption=f"{min(len(log), SHOWN):,} of {len(log):,} entries; all, with more columns, stand in "
            "data/logs/privilege.csv.",
        ),
    ]
