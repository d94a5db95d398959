"""Changes to the records since they were first captured: edits, merges, vanished and back-dated records, and what could
not be seen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.changes import ChangeRow, file_words, hidden_words, shortened
from psa_evidence.pack.dossier import Dossier
from psa_evidence.spi import Block, Cell, Column, Facts, Heading, Paragraph, Part, Table

SHOWN: Final = 200
"""Rows printed of a long list; the CSV has all, and the page says so."""
NOT_FETCHED: Final = "the PSA named no newer update of them, or did not show them; they were not compared"
TITLE: Final = "Changes to the records since they were first captured"


def part(dossier: Dossier, number: int) -> Part:
    return Part(id="changes", number=number, title=TITLE, page_kind="B", blocks=tuple(_blocks(dossier)))


def _blocks(dossier: Dossier) -> list[Block]:
    drift = dossier.drift
    if len(dossier.captures) < 2:
        return [
            Paragraph(
                text="Only one capture of these records exists. What changed before it, or since, cannot be seen by "
                "comparison; the audit trail in the exhibits says what the PSA itself recorded."
            )
        ]
    found: list[Block] = []
    if all(row.what == "volatile" for row in dossier.record_changes):
        found.append(
            Paragraph(
                text=f"No record of this pack was edited, merged, deleted or back-dated between the "
                f"{len(dossier.captures)} captures, as far as they show."
            )
        )
    found += [
        Paragraph(
            text="Every version of a record that was captured is kept, and is in this pack as a file of its own with "
            "its own proof, unless a copy withholds it. Each is compared here with the one captured before it, field "
            "by field. Who and when are given where the audit trail or the record says so; a change that was made and "
            "unmade between two captures does not show.",
            style="small",
        ),
        _figures(dossier),
    ]
    if edits := [row for row in dossier.record_changes if row.what in {"edited", "merged"}]:
        found += [Heading(text="Edited and merged"), _edits(dossier, edits)]
    if gone := [row for row in dossier.record_changes if row.what in {"vanished", "returned"}]:
        found += [Heading(text="No longer listed by the PSA"), _gone(dossier, gone)]
    if late := [row for row in dossier.record_changes if row.what == "back-dated"]:
        found += [Heading(text="Back-dated"), *_back_dated(dossier, late)]
    if drift.hidden:
        found += [Heading(text="Not visible to the key"), _hidden(dossier)]
    return found


def _figures(dossier: Dossier) -> Facts:
    drift = dossier.drift
    volatile = ", ".join(f"{pointer} ({n:,})" for pointer, n in drift.volatile_fields.items())
    unlisted = ", ".join(f"{kind} ({n:,})" for kind, n in drift.unlisted.items())
    return Facts(
        rows=(
            ("Captures compared", f"{len(dossier.captures):,}"),
            ("Records known", f"{drift.known:,}"),
            ("Earlier versions of them in this pack", f"{len(dossier.earlier):,}" + _kept_back(dossier)),
            ("Fetched again, byte for byte the same", f"{drift.unchanged:,}"),
            ("Not fetched again", f"{drift.not_fetched:,}: {NOT_FETCHED}" if drift.not_fetched else "none"),
            ("New versions with changed content", f"{len(drift.edits):,}"),
            ("New versions without", f"{drift.volatile_only:,}: only fields that the PSA moves by itself, or spelling"),
            ("Fields that the PSA moves by itself", volatile or "none changed"),
            ("Vanished records", f"{len(drift.vanished):,}"),
            ("Back-dated records", f"{len(drift.back_dated):,}"),
            ("Not checked for deletion", f"{unlisted}: no later complete list was had" if unlisted else "none"),
        )
    )


def _edits(dossier: Dossier, rows: list[ChangeRow]) -> Table:
    return Table(
        columns=(
            Column(title="Record", width=1.4), Column(title="Field", width=1.3), Column(title="Was", width=1.8),
            Column(title="Became", width=1.8), Column(title="Who and when", width=1.6),
            Column(title="Between captures, and their files", width=1.6),
        ),
        rows=tuple(
            (
                _record(dossier, r), "merged" if r.what == "merged" else r.field or r.note,
                f"ticket/{r.old}" if r.what == "merged" else shortened(r.old),
                f"ticket/{r.new}" if r.what == "merged" else shortened(r.new),
                _who(r), _versions(r),
            )
            for r in rows[:SHOWN]
        ),
        caption=f"{_caption(rows)} Files lie below data/natives.",
    )  # fmt: skip


def _versions(row: ChangeRow) -> str:
    """When the two versions were captured, and their files."""
    return (
        f"{_minute(row.before)} ({file_words(row.native_before)}) and {_minute(row.after)} "
        f"({file_words(row.native_after)})"
    )


def _kept_back(dossier: Dossier) -> str:
    withheld = sum(n for _, _, n in dossier.earlier_withheld)
    return f"; {withheld:,} withheld from this copy" if withheld else ""


def _gone(dossier: Dossier, rows: list[ChangeRow]) -> Table:
    return Table(
        columns=(
            Column(title="Record", width=1.4), Column(title="Last captured", width=1.4),
            Column(title="Not listed", width=1.4), Column(title="Evidence of the absence", width=2.6),
            Column(title="Who and when", width=1.2),
        ),
        rows=tuple(
            (
                _record(dossier, r), _minute(r.before), _minute(r.after),
                f"{r.what}: {r.note}", _who(r),
            )
            for r in rows[:SHOWN]
        ),
        caption=f"{_caption(rows)} A record that a complete list leaves out was deleted, merged, moved to another "
        "client where the list was of one client, or hidden from the key; its last captured version is in this pack.",
    )  # fmt: skip


def _back_dated(dossier: Dossier, rows: list[ChangeRow]) -> list[Block]:
    return [
        Paragraph(
            text="The record's own time lies before a complete capture that did not hold it: it was entered later "
            "than its own time, or was not visible before.",
            style="small",
        ),
        Table(
            columns=(
                Column(title="Record", width=1.4), Column(title="Its own time", width=1.4),
                Column(title="Complete capture without it", width=1.4), Column(title="First captured", width=1.4),
                Column(title="Entered, as the record says", width=1.6),
            ),
            rows=tuple(
                (_record(dossier, r), r.old, _minute(r.before), _minute(r.after), _who(r))
                for r in rows[:SHOWN]
            ),
            caption=_caption(rows),
        ),
    ]  # fmt: skip


def _hidden(dossier: Dossier) -> Table:
    return Table(
        columns=(Column(title="What", width=1.5), Column(title="Capture", width=1.5), Column(title="Reason", width=2)),
        rows=tuple(
            (hidden_words(h), h.capture, "the key had no permission: that a record is absent proves nothing")
            for h in dossier.drift.hidden
        ),
    )


def _record(dossier: Dossier, row: ChangeRow) -> Cell:
    return dossier.cite(row.key, row.key) or row.key


def _who(row: ChangeRow) -> str:
    if not row.source:
        return wording.NONE
    return f"{row.who}, {row.at} ({row.source})"


def _minute(at: datetime | None) -> str:
    """UTC, as the caption says; the table has the seconds."""
    return wording.NONE if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"


def _caption(rows: list[ChangeRow]) -> str:
    return (
        f"{min(len(rows), SHOWN):,} of {len(rows):,} shown; all stand whole in data/tables/record_changes.csv. "
        "Times in UTC."
    )
