"""What the captures say of their own completeness, in words: numbers of tickets, rights, lists, versions."""

from __future__ import annotations

from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Table
from psa_evidence.vault import CaptureInfo

CLASSES = (
    ("ticket_numbers_listed", "in the PSA's list of tickets, of the clients in scope"),
    ("ticket_numbers_of_other_clients", "of other clients"),
    ("ticket_numbers_of_project_tickets", "project tickets"),
    (
        "ticket_numbers_in_no_list",
        "in no list: deleted, hidden from the key, or never given; the PSA does not say which",
    ),
)
"""Facts of a capture and their words; together they are all numbers from the first to the last."""
STATED = (
    ("ticket_numbers_in_no_list_are", "Numbers in no list", "none"),
    ("ticket_numbers_merged", "Tickets merged into another", wording.UNKNOWN),
    ("empty_lists", "Lists that came empty, with the level of the key's role", "none"),
    ("excluded_boards", "Service boards hidden from the key", wording.UNKNOWN),
    ("not_offered", "Lists that this PSA does not have", "none"),
    ("not_asked", "Parts of tickets that were not asked for", "none"),
    ("read_again", "Records that changed while they were read, and were read again", wording.UNKNOWN),
    ("ids_as_text", "Rows whose numbers came as text, and were read as numbers", wording.UNKNOWN),
    ("clock_offset_seconds", "The PSA's clock ahead of ours, in seconds", wording.UNKNOWN),
)
"""Facts, their words, and what it means that the capture states the fact without a value."""
STATED_HERE: Final = frozenset(("ticket_numbers_first", "ticket_numbers_last", "ticket_numbers_complete",
                   *(name for name, _ in CLASSES), *(name for name, _, _ in STATED)))  # fmt: skip
"""Facts that stand here, so that no other table repeats them."""

SHOWN: Final = 200
"""Rows printed of a long list."""


def blocks(dossier: Dossier) -> list[Block]:
    """Nothing when no capture states anything: connectors differ in what they can say."""
    rows = [row for capture in dossier.captures for row in _rows(capture)]
    numbers = [row for capture in dossier.captures for row in _numbers(capture)]
    found: list[Block] = []
    if numbers:
        found += [
            Heading(text="Numbers of tickets"),
            Table(
                columns=(
                    Column(title="Capture", width=2), Column(title="Numbers", width=3),
                    Column(title="How many", align="right"),
                ),
                rows=tuple(numbers),
                caption="Service and project tickets of all clients share one sequence.",
            ),
        ]  # fmt: skip
    if dossier.lacking:
        found += [Heading(text="Lists that did not come"), _lacking(dossier)]
    if rows:
        found += [
            Heading(text="What else each capture states"),
            Table(columns=(Column(title="Capture", width=2), Column(title="What", width=2),
                           Column(title="Stated", width=2)), rows=tuple(rows)),
            Paragraph(text="A list that came empty although the role may inquire shows that no record was there for "
                           "this key; a level that is not known shows neither.", style="small"),
        ]  # fmt: skip
    return found


def _lacking(dossier: Dossier) -> Table:
    """Of the tickets of this pack and of their SLAs; a list that a later capture got is not among them."""
    shown = dossier.lacking[:SHOWN]
    rows = tuple(
        (
            _whose(dossier, one.parent), wording.named(one.kind), one.reason, one.capture,
        )
        for one in shown
    )  # fmt: skip
    more = f" {len(shown):,} of {len(dossier.lacking):,} shown; all stand in data/tables/lacking.csv."
    return Table(
        columns=(
            Column(title="Of"), Column(title="Records"), Column(title="Reason"), Column(title="Capture", width=2),
        ),
        rows=rows,
        caption="No verdict takes these records as absent: where a response, a plan, a pause or a target may stand in "
        "them, it is not determined." + (more if len(shown) < len(dossier.lacking) else ""),
    )  # fmt: skip


def _whose(dossier: Dossier, parent: str | None) -> Cell:
    if parent is None:
        return "any record"
    kind, _, record = parent.partition("/")
    return dossier.ticket_cell(record) if kind == "ticket" else parent


def _numbers(capture: CaptureInfo) -> list[tuple[str, ...]]:
    facts = capture.facts
    first, last = facts.get("ticket_numbers_first"), facts.get("ticket_numbers_last")
    if not isinstance(first, int) or not isinstance(last, int):
        return []
    whole = "" if facts.get("ticket_numbers_complete") else "; the list of numbers was not complete"
    rows: list[tuple[str, ...]] = [(capture.id, f"all from {first} to {last}{whole}", f"{last - first + 1:,}")]
    for name, words in CLASSES:
        value = facts.get(name)
        rows.append((capture.id, words, f"{value:,}" if isinstance(value, int) else wording.UNKNOWN))
    return rows


def _rows(capture: CaptureInfo) -> list[tuple[str, ...]]:
    return [
        (capture.id, words, _value(capture.facts[name], without))
        for name, words, without in STATED
        if name in capture.facts
    ]


def _value(value: object, without: str) -> str:
    if value is None or value == "":
        return without
    if isinstance(value, float):
        return f"{value:z.1f}"
    return "none" if value == 0 and isinstance(value, int) else str(value)
