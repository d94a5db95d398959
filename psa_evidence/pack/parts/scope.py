"""Scope and population: what was asked for, what came, what is in, what is out and why. The numbers add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts import completeness
from psa_evidence.pack.parts.cover import partial_words
from psa_evidence.spi import Block, Column, Facts, Heading, Paragraph, Part, Table
from psa_evidence.vault import CaptureInfo

SUM: Final = "captured of this client, the sum of the lines above"
NOT_COVERED = (
    "Not covered: telephone calls, chat, remote monitoring, e-mail that never reached the PSA, other PSAs, paper, and "
    "anything the key was not permitted to read. A record that was deleted from the PSA before the first capture is "
    "not here, and its absence cannot be seen but as a gap in the numbers."
)


def part(dossier: Dossier, number: int) -> Part:
    matter = dossier.matter
    blocks: list[Block] = [
        Facts(
            rows=(
                ("Client", f"{dossier.client.name} (id {dossier.client.id})"),
                ("Tickets in the population", "entered in the period, of this client"
                 + (f", under the agreement {matter.agreement}" if matter.agreement else ", under any agreement")),
                ("From", wording.both(matter.since, dossier.zone)),
                ("To, not included", wording.both(matter.until, dossier.zone)),
                ("Records as of", wording.both(dossier.as_of, dossier.zone)),
            )
        ),
        Heading(text="Tickets"),
        _tickets(dossier),
        _of_the_population(dossier),
        Heading(text="All records, by kind"),
        _kinds(dossier),
        Paragraph(text="Captured = included + withheld + out of scope, for every kind."),
        Heading(text="Why records are out of scope"),
        _reasons(dossier),
        Heading(text="Asked, received, missing"),
    ]  # fmt: skip
    if any(c.state != "complete" for c in dossier.captures):
        blocks.append(Paragraph(text=partial_words(dossier), style="notice"))
    blocks += [
        _received(dossier),
        Heading(text="What could not be had"),
        _missing(dossier),
        *completeness.blocks(dossier),
        Paragraph(text=NOT_COVERED),
    ]
    return Part(id="scope", number=number, title="Scope and population", page_kind="B", blocks=tuple(blocks))


def ticket_counts(dossier: Dossier) -> tuple[tuple[str, int], ...]:
    """Classes of the captured tickets; the last line is the sum of those before."""
    lines = [("in the population", len(dossier.population.tickets))]
    lines += [(f"out of scope: {reason}", n) for reason, n in dossier.left_out_tickets]
    return (*lines, (SUM, sum(n for _, n in lines)))


def _tickets(dossier: Dossier) -> Table:
    rows = tuple((name, f"{n:,}") for name, n in ticket_counts(dossier))
    return Table(columns=(Column(title="Tickets", width=4), Column(title="Number", align="right")), rows=rows)


def _of_the_population(dossier: Dossier) -> Table:
    tickets = dossier.population.tickets
    merged = sum(1 for t in tickets if t.merged_into_id is not None)
    excluded = sum(1 for r in dossier.results if all(x.verdict == "excluded" for x in r.results))
    unclosed = sum(1 for t in tickets if t.closed is not True)
    rows = (
        ("merged into another ticket", f"{merged:,}"),
        ("excluded from every SLA stage", f"{excluded:,}"),
        ("not shown as closed", f"{unclosed:,}"),
    )
    return Table(
        columns=(Column(title="Of the tickets in the population", width=4), Column(title="Number", align="right")),
        rows=rows,
        caption="A ticket may be counted in several of these lines, or in none.",
    )


def _kinds(dossier: Dossier) -> Table:
    rows = []
    for kind, captured in dossier.captured.items():
        out = sum(n for k, _, n in dossier.left_out if k == kind)
        held = sum(n for k, _, n in dossier.withheld if k == kind)
        included = captured - out - held
        rows.append((kind.replace("_", " "), *(f"{x:,}" for x in (captured, included, held, out))))
    totals = [sum(int(str(r[i]).replace(",", "")) for r in rows) for i in range(1, 5)]
    rows.append(("all", *(f"{x:,}" for x in totals)))
    return Table(
        columns=(
            Column(title="Kind", width=2), Column(title="Captured", align="right"),
            Column(title="Included", align="right"), Column(title="Withheld", align="right"),
            Column(title="Out of scope", align="right"),
        ),
        rows=tuple(rows),
        caption="Each record of this client, and of the provider's settings, counted once. Of those included "
        f"{wording.count(len(dossier.earlier), 'earlier version')} are in this pack beside the newest.",
    )  # fmt: skip


def _reasons(dossier: Dossier) -> Table:
    return Table(
        columns=(Column(title="Kind"), Column(title="Reason", width=3), Column(title="Number", align="right")),
        rows=tuple((kind.replace("_", " "), reason, f"{n:,}") for kind, reason, n in dossier.left_out),
        empty="No captured record of this client is out of scope.",
    )


def _received(dossier: Dossier) -> Table:
    rows = []
    for capture in dossier.captures:
        for resource, counts in sorted(capture.counts.items()):
            asked, received = counts.get("asked"), counts.get("received") or 0
            known, unknown = _missing_count(capture.missing, resource)
            gone = f"{known:,}" + (" and unknown many" if unknown else "")
            rows.append(
                (capture.id, resource, wording.UNKNOWN if asked is None else f"{asked:,}", f"{received:,}", gone)
            )
    return Table(
        columns=(
            Column(title="Capture", width=2), Column(title="Resource", width=2),
            Column(title="Counted by the PSA", align="right"),
            Column(title="Received", align="right"), Column(title="Missing", align="right"),
        ),
        rows=tuple(rows),
        caption="As the capture recorded it, for its whole scope, which may be wider than this client and period. "
        "A later capture asks only for what changed.",
        empty="No capture recorded its counts.",
    )  # fmt: skip


def _missing_count(missing: tuple[Any, ...], resource: str) -> tuple[int, bool]:
    here = [m for m in missing if m.get("resource") == resource]
    return sum(m.get("count") or 0 for m in here), any(m.get("count") is None for m in here)


def _loss(capture: CaptureInfo, item: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    number = wording.UNKNOWN if item.get("count") is None else f"{item['count']:,}"
    return capture.id, str(item.get("resource", "")), str(item.get("reason", "")), number, str(item.get("detail") or "")


def _missing(dossier: Dossier) -> Table:
    alike = Counter(_loss(capture, item) for capture in dossier.captures for item in capture.missing)
    rows = [
        (*loss[:4], loss[4] if times == 1 else f"{loss[4]} ({times:,} times)".strip()) for loss, times in alike.items()
    ]
    return Table(
        columns=(
            Column(title="Capture", width=2), Column(title="Resource", width=2), Column(title="Reason"),
            Column(title="Number", align="right"), Column(title="Detail", width=2),
        ),
        rows=tuple(rows),
        empty="The captures record nothing that was asked for and did not come.",
    )  # fmt: skip
