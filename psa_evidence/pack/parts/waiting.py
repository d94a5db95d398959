"""Who was being waited for: pauses of the clock, by the status or reason the records give for them."""

from __future__ import annotations

from psa_evidence.findings import Pause, pauses
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts.finding_blocks import findings_in
from psa_evidence.records import Message
from psa_evidence.spi import Block, Cell, Column, Heading, Paragraph, Part, Table

SHOWN = 200


def part(dossier: Dossier, number: int) -> Part:
    found = [
        (ticket.id, pause)
        for ticket, r in dossier.stage_results("contract")
        if r.stage == "resolution"
        for pause in pauses(r)
    ]
    blocks: list[Block]
    if not found:
        blocks = [Paragraph(text="No pause of a resolution clock is shown by these records.")]
    else:
        blocks = [
            Paragraph(
                text="Pauses of the resolution clock under the contract reading, each from the status that stopped it "
                "to its end, whoever was waited for: the client, a vendor or the provider itself. The reason is what "
                "the records say at that time; whether that party was in fact to act is for the exhibits to show. "
                "The PSA has no field for an approval awaited, an access refused or a reply that did not come: they "
                "show in the name of a status and in messages alone."
            ),
            Heading(text="By reason"),
            _by_reason(found),
            Heading(text="The longest pauses"),
            _longest(dossier, found),
        ]
    blocks += findings_in(dossier, "waiting")
    return Part(id="waiting", number=number, title="Waiting and delays", page_kind="B", blocks=tuple(blocks))


def _by_reason(found: list[tuple[str, Pause]]) -> Table:
    groups: dict[str, list[tuple[str, Pause]]] = {}
    for ticket, pause in found:
        groups.setdefault(pause.why, []).append((ticket, pause))
    rows = sorted(
        (
            why, f"{len(group):,}", f"{len({ticket for ticket, _ in group}):,}",
            wording.duration(sum(p.open_seconds for _, p in group)), wording.duration(sum(p.seconds for _, p in group)),
        )
        for why, group in groups.items()
    )  # fmt: skip
    return Table(
        columns=(
            Column(title="Reason as recorded", width=3), Column(title="Pauses", align="right"),
            Column(title="Tickets", align="right"), Column(title="Opening hours", align="right", width=1.4),
            Column(title="Around the clock", align="right", width=1.4),
        ),
        rows=tuple(rows),
        caption=f"n = {wording.count(len(found), 'pause')}. Opening hours: what the clock did not count because of "
        "them.",
    )  # fmt: skip


def _talk(dossier: Dossier, ticket_id: str, pause: Pause) -> tuple[str, str]:
    """When the provider wrote last up to the pause, and the client next after it began."""
    said = [(m.at, m.side) for m in dossier.messages.get(ticket_id, ()) if _told(m) and m.at is not None]
    asked = max((at for at, side in said if side == "msp" and at <= pause.start), default=None)
    answered = min((at for at, side in said if side == "client" and at > pause.start), default=None)
    return (
        "none" if asked is None else wording.local(asked, dossier.zone),
        "none" if answered is None else wording.local(answered, dossier.zone),
    )


def _told(message: Message) -> bool:
    return not message.internal and not message.from_time_entry


def _longest(dossier: Dossier, found: list[tuple[str, Pause]]) -> Table:
    ordered = sorted(found, key=lambda item: (-item[1].open_seconds, item[0], item[1].start))
    rows: list[tuple[Cell, ...]] = [
        (
            dossier.ticket_cell(ticket), wording.local(p.start, dossier.zone), wording.local(p.end, dossier.zone),
            f"{wording.duration(p.open_seconds)}\n{wording.duration(p.seconds)}", p.why,
            *_talk(dossier, ticket, p),
        )
        for ticket, p in ordered[:SHOWN]
    ]  # fmt: skip
    return Table(
        columns=(
            Column(title="Exhibit", width=0.9), Column(title="From", width=1.1), Column(title="To", width=1.1),
            Column(title="Opening hours, around the clock", align="right", width=1.3),
            Column(title="Reason", width=2), Column(title="Provider wrote last before", width=1.1),
            Column(title="Client wrote next", width=1.1),
        ),
        rows=tuple(rows),
        caption=f"{len(rows):,} of {len(found):,} pauses; all stand in the clock statements of the exhibits. Wrote: "
        "the nearest message on the same ticket, internal notes and those of time entries left out; none: none is "
        "recorded.",
    )  # fmt: skip
