"""Ticket numbers that the PSA gave and no list of it shows, beside this client's tickets that lie nearest."""

from __future__ import annotations

import re
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import Ticket
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Table
from psa_evidence.vault import CaptureInfo

SHOWN: Final = 40
"""Ranges printed; the part on scope quotes the capture's own list."""

_RANGE: Final = re.compile(r"(\d{1,18})(?:-(\d{1,18}))?(?: and \d+ ranges more)?")
MEANS: Final = "deleted, hidden from the key, or never given; the PSA does not say which"


def counted_by(dossier: Dossier) -> CaptureInfo | None:
    """The newest capture whose numbers enclose the population's, or else the newest that counted any; None when none
    counted, or this one found every number in a list."""
    numbers = [number for number, _ in _numbered(dossier)]
    counted = [c for c in reversed(dossier.captures) if isinstance(c.facts.get("ticket_numbers_in_no_list"), int)]
    around = [c for c in counted if _encloses(c, numbers)]
    chosen = next(iter(around or counted), None)
    return chosen if chosen is not None and chosen.facts["ticket_numbers_in_no_list"] else None


def _encloses(capture: CaptureInfo, numbers: list[int]) -> bool:
    first, last = (capture.facts.get(f"ticket_numbers_{end}") for end in ("first", "last"))
    return isinstance(first, int) and isinstance(last, int) and all(first <= n <= last for n in numbers)


def _numbered(dossier: Dossier) -> list[tuple[int, Ticket]]:
    pairs = [(int(t.id), t) for t in dossier.population.tickets if t.id.isascii() and t.id.isdigit()]
    return sorted(pairs, key=lambda pair: pair[0])


def _found(capture: CaptureInfo) -> str:
    found = capture.facts["ticket_numbers_in_no_list"] or 0
    return f"{found:,} {'is' if found == 1 else 'are'} in no list of the PSA"


def sentence(dossier: Dossier) -> list[Block]:
    """For the one-page answer; nothing when every number was in a list or no capture counted."""
    capture = counted_by(dossier)
    if capture is None:
        return []
    text = f"Of the ticket numbers of all clients, {_found(capture)}: {MEANS}."
    return [Paragraph(text=text, see=dossier.see("scope", "record-quality"))]


def blocks(dossier: Dossier) -> list[Block]:
    """Each range of numbers in no list that lies between this client's tickets, and which two enclose it."""
    capture = counted_by(dossier)
    if capture is None:
        return []
    ranges = _ranges(str(capture.facts.get("ticket_numbers_in_no_list_are") or ""))
    tickets = _numbered(dossier)
    rows: list[tuple[Cell, ...]] = []
    for first, last in ranges:
        before = [t for number, t in tickets if number < first]
        after = [t for number, t in tickets if number > last]
        if before and after:
            rows.append((
                str(first) if first == last else f"{first}-{last}",
                *_neighbour(dossier, before[-1]), *_neighbour(dossier, after[0]),
            ))  # fmt: skip
    return [
        Heading(text="Numbers in no list"),
        Paragraph(
            text=f"Of the ticket numbers of all clients, {_found(capture)} by capture {capture.id}: {MEANS}, nor whose "
            "tickets they would be.",
            see=dossier.see("scope"),
        ),
        Table(
            columns=(
                Column(title="Number"), Column(title="Ticket before"), Column(title="Entered", width=1.4),
                Column(title="Ticket after"), Column(title="Entered", width=1.4),
            ),
            rows=tuple(rows[:SHOWN]),
            caption=f"{min(len(rows), SHOWN):,} of {wording.count(len(rows), 'range')} between numbers of this "
            "client's tickets in the population, with the nearest of these before and after.",
            empty="None of them, as far as the capture lists them, lies between numbers of the tickets in the "
            "population.",
        ),
    ]  # fmt: skip


def _neighbour(dossier: Dossier, ticket: Ticket) -> tuple[Cell, Cell]:
    return dossier.cell(ticket.source), f"{wording.local(ticket.entered_at, dossier.zone)}\n{ticket.id}"


def _ranges(listed: str) -> list[tuple[int, int]]:
    """`107, 114-119` as pairs; words, such as how many more there are, are passed over."""
    matches = (_RANGE.fullmatch(item.strip()) for item in listed.split(","))
    return [(int(match[1]), int(match[2] or match[1])) for match in matches if match]
