"""Scope and population: what was asked for, what came, what is in, what is out and why. The numbers add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts import completeness
from psa_evidence.pack.parts.cover import ended_early, partial_words
from psa_evidence.pack.query_texts import Asked
from psa_evidence.pack.select import unread_tickets
from psa_evidence.spi import Block, Column, Facts, Heading, Paragraph, Part, Table
from psa_evidence.vault import CaptureInfo

SUM: Final = "captured of this client, the sum of the lines above"
QUERIES_SHOWN: Final = 60
"""Sets of parameters printed of the requests of a capture."""
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
        *_queries(dossier),
        Heading(text="What could not be had"),
        _missing(dossier),
        *completeness.blocks(dossier),
        Paragraph(text=NOT_COVERED),
    ]
    return Part(id="scope", number=number, title="Scope and population", page_kind="B", blocks=tuple(blocks))


def ticket_counts(dossier: Dossier) -> tuple[tuple[str, int], ...]:
    """Classes of the captured tickets; the last line is the sum of those before."""
    lines = [("in the population", len(dossier.population.tickets))]
    if unread := unread_tickets(dossier.records):
        lines.append(("not in the population, since they could not be read", len(unread)))
    if held := dossier.withholds("ticket"):
        lines.append(("withheld from this copy", held))
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
        rows.append((wording.named(kind), *(f"{x:,}" for x in (captured, included, held, out))))
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
        rows=tuple((wording.named(kind), reason, f"{n:,}") for kind, reason, n in dossier.left_out),
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
        f"A later capture asks only for what changed. {_reconciled(dossier)}",
        empty="No capture recorded its counts.",
    )  # fmt: skip


def _reconciled(dossier: Dossier) -> str:
    """How far counted = received + missing, which a capture holds to where the PSA counts."""
    counted = whole = 0
    for capture in dossier.captures:
        for resource, counts in capture.counts.items():
            known, unknown = _missing_count(capture.missing, resource)
            if counts.get("asked") is not None:
                counted += 1
                whole += not unknown and counts["asked"] == (counts.get("received") or 0) + known
    return f"Counted = received + missing in {whole:,} of {wording.count(counted, 'line')} with a count of the PSA."


def _queries(dossier: Dossier) -> list[Block]:
    """The addresses of the newest capture by the parameters they were sent with."""
    queries = dossier.queries
    by_query: dict[str, list[Asked]] = {}
    for one in queries.asked:
        by_query.setdefault(one.query, []).append(one)
    requests = sum(one.times + one.counted for one in queries.asked)
    shown = list(by_query.items())[:QUERIES_SHOWN]
    more = "" if len(shown) == len(by_query) else f" {len(shown):,} of {len(by_query):,} sets of parameters are shown."
    below = f", below {queries.base}" if queries.base else ""
    return [
        Heading(text="What was asked for, as it was sent"),
        Table(
            columns=(Column(title=f"Addresses{below}, parameters, and in brackets how many requests"),),
            rows=tuple((_request(query, asked),) for query, asked in shown),
            caption=f"n = {wording.count(requests, 'request')} of the newest capture, {queries.capture}. {{id}}: id of "
            "a record; {ids}: several; {n}: the page; {text}: a text in quotes; {client}: another client's name. "
            f"Dates are printed as sent. Behind +: requests for how many records there are.{more} The addresses of "
            "every capture stand in full in the vault.",
            empty="No request of the newest capture is recorded.",
        ),
    ]


def _request(query: str, asked: Sequence[Asked]) -> str:
    """As it was sent, or the parameters that several addresses share and then these."""
    if len(asked) == 1:
        return f"{asked[0].path}{'?' if query else ''}{query} ({_times(asked[0])})"
    listed = ", ".join(f"{one.path} ({_times(one)})" for one in asked)
    return f"{f'?{query}' if query else 'Without parameters'}: {listed}"


def _times(one: Asked) -> str:
    return f"{one.times:,}{f' + {one.counted:,}' if one.counted else ''}"


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
        empty=f"{ended_early(dossier)}The captures record nothing that was asked for and did not come.",
    )  # fmt: skip
