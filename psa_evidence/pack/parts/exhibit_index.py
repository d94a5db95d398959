"""The exhibit index: every exhibit, what it is, by whom, when, its native and digest, how it came to be.

The layout prints Bates numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.numbering import LISTS, SETTINGS
from psa_evidence.pack.shortened import Shortener
from psa_evidence.records import Agreement, Invoice, Opportunity, Side, Ticket
from psa_evidence.spi import Cell, Cite, Column, Paragraph, Part, Table

NATIVES: Final = "data/natives/"
MADE_BY: Final = (
    ("P", "typed by people of the provider: notes, e-mails, time entries, records of their own", "803(6); 902(11)"),
    ("C", "words of people of the client", "801(d)(2)"),
    ("U", "words of others, or of somebody whose side is not known", "805, with a rule for each layer"),
    ("S", "written by the system: times of entry, status history, the PSA's own figures", "901(b)(9); 902(13)"),
    ("X", "computed from them by this program, on pages marked B", "1006; 901(b)(9)"),
)
"""Marks of the index, with the rule of the FRE that may matter."""
_MARKS: Final[Mapping[Side, str]] = {"msp": "P", "client": "C", "vendor": "U", "unknown": "U", "system": "S"}
_LISTED: Final[Mapping[str, str]] = {
    LISTS["configuration"]: "P S", LISTS["activity"]: "P S", LISTS["survey_result"]: "C S", SETTINGS: "P S",
    LISTS["document"]: "P U S", LISTS["project"]: "P S",
}  # fmt: skip

_Own = Agreement | Invoice | Opportunity


def part(dossier: Dossier, number: int) -> Part:
    records = dossier.records
    tickets = {t.source.key: t for t in dossier.population.tickets}
    named: tuple[_Own, ...] = (*records.agreements, *records.opportunities, *records.invoices)
    own = {record.source.key: record for record in named}
    short = Shortener()
    rows: list[tuple[Cell, ...]] = []
    for exhibit, title, key, at in dossier.exhibit_list:
        native = dossier.native.get(key)
        marks = _LISTED.get(exhibit, "P S")
        if (ticket := tickets.get(key)) is not None:
            what, marks = _opened(ticket, title, short), _marks(dossier, ticket)
        elif key in own:
            what = f"{short(title)}\nentered by {wording.text(own[key].entered_by)}"
        else:
            what = short(title)
        rows.append((
            Cite(exhibit, whole=True), "\n".join((exhibit, *at.split())), what,
            f"{native.path.removeprefix(NATIVES)}\n{_halves(native.sha256)}" if native else "-",
            f"{marks}\n{len(dossier.shown_by.get(exhibit, ())):,}",
        ))  # fmt: skip
    table = Table(
        columns=(
            Column(title="Bates", width=1.4), Column(title="Exhibit, date", width=0),
            Column(title="Description, author", width=2.6), Column(title="Native and its SHA-256", width=3),
            Column(title="Made by; records", width=0.8),
        ),
        rows=tuple(rows),
        caption=f"Native: of the main record, below {NATIVES}. Records: how many source records the exhibit shows; all "
        f"are listed in data/tables/natives.csv.{short.note}",
        empty="This pack holds no exhibit.",
    )  # fmt: skip
    made_by = Table(
        columns=(
            Column(title="Made by", width=0), Column(title="What of an exhibit", width=3),
            Column(title="FRE that may matter", width=1.4),
        ),
        rows=MADE_BY,
        caption="Which rule applies is for counsel to say. Copies of files: 902(14), by their digests.",
    )  # fmt: skip
    words = (
        f"{wording.count(len(rows), 'exhibit')}. Exhibits show source records verbatim; the computed clock statement "
        "follows on pages of its own."
    )
    return Part(
        id="exhibit-index", number=number, title="Exhibit index", page_kind="B",
        blocks=(Paragraph(text=words), made_by, table, Paragraph(text=_without_page(dossier))),
    )  # fmt: skip


def _without_page(dossier: Dossier) -> str:
    """Records whose rows in the tables cite no page, and which no document of the load file holds."""
    without = Counter(n.kind for n in dossier.natives if n.is_newest and n.key not in dossier.exhibit_of)
    records, number = sum(n.is_newest for n in dossier.natives), without.total()
    if not number:
        words = f"Of {wording.count(records, 'source record')} in this pack none is without an exhibit."
    else:
        kinds = ", ".join(f"{wording.named(kind)} {n:,}" for kind, n in sorted(without.items()))
        words = (
            f"Of {wording.count(records, 'source record')} in this pack {number:,} stand in no exhibit ({kinds}). "
            "Their files lie below data/natives; they have no Bates number, their rows in data/tables/natives.csv have "
            "none in the column bates, and no document of the load file holds them."
        )
    if dossier.earlier:
        words += f" Nor does an exhibit show earlier versions of records; the pack brings {len(dossier.earlier):,}."
    return words


def _halves(digest: str) -> str:
    """Two lines of equal length: where a digest breaks by itself it takes three."""
    return f"{digest[:32]}\n{digest[32:]}"


def _opened(ticket: Ticket, title: str, short: Shortener) -> str:
    """The summary, who asked, and who typed it in: often not the same. The column before names the ticket."""
    summary = short(title.removeprefix(f"Ticket {ticket.id}: "))
    return f"{summary}\nfor {wording.text(ticket.contact_name)}; entered by {wording.text(ticket.entered_by)}"


def _marks(dossier: Dossier, ticket: Ticket) -> str:
    """Of a ticket: by the sides of its messages; it has system fields and a clock statement in any case."""
    found = {_MARKS[message.side] for message in dossier.messages.get(ticket.id, ())} | {"S", "X"}
    if dossier.time_entries.get(ticket.id):
        found.add("P")
    return " ".join(mark for mark, _, _ in MADE_BY if mark in found)
