"""The exhibit index: every exhibit, what it is, when, its native and digest. The layout prints Bates numbers."""

from __future__ import annotations

from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Cell, Cite, Column, Paragraph, Part, Table

NATIVES: Final = "data/natives/"
KINDS: Final = (
    "In an exhibit, notes, e-mails and time entries are typed by people; entry times, status history and SLA figures "
    "are written by the system; pages marked B are computed from them by this program. For what people typed FRE "
    "803(6) and a certificate under 902(11) may matter, for what the system wrote 901(b)(9) and 902(13), for copies "
    "902(14), for pages marked B 1006, for words of the client 801(d)(2). Which rule applies is for counsel to say."
)


def part(dossier: Dossier, number: int) -> Part:
    rows: list[tuple[Cell, ...]] = []
    for exhibit, title, key, at in dossier.exhibit_list:
        native = dossier.native.get(key)
        rows.append((
            Cite(exhibit, whole=True), exhibit, title, at, native.path.removeprefix(NATIVES) if native else "-",
            native.sha256 if native else "-",
            f"{len(dossier.shown_by.get(exhibit, ())):,}",
        ))  # fmt: skip
    table = Table(
        columns=(
            Column(title="Bates", width=1.1), Column(title="Exhibit", width=0.9),
            Column(title="Description", width=2.2),
            Column(title="Date", width=1), Column(title="Native", width=0),
            Column(title="SHA-256", width=2.2), Column(title="Records", align="right", width=0.6),
        ),
        rows=tuple(rows),
        caption=f"Native: of the main record, below {NATIVES}, with its SHA-256. Records: how many source records the "
        "exhibit shows; all are listed in data/tables/natives.csv.",
        empty="This pack holds no exhibit.",
    )  # fmt: skip
    words = (
        f"{wording.count(len(rows), 'exhibit')}. Exhibits show source records verbatim; the computed clock statement "
        "follows on pages of its own."
    )
    return Part(
        id="exhibit-index", number=number, title="Exhibit index", page_kind="B",
        blocks=(Paragraph(text=words), Paragraph(text=KINDS), table),
    )  # fmt: skip
