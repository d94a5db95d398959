"""The one-page answer: promised, delivered, missed, disputed by the PSA's own figures, missing, not determined.

Neutral sentences, each with the exhibits or the part that prove it. No adjective, no conclusion of law.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import STAGES, Dossier
from psa_evidence.pack.missed import misses, only_in
from psa_evidence.pack.parts.breaches import NONE_SHOWN
from psa_evidence.pack.parts.cover import partial_words
from psa_evidence.pack.tally import of_verdicts
from psa_evidence.records import Ticket
from psa_evidence.spi import Block, Cite, Heading, Paragraph, Part

MAX_CITES: Final = 8
"""More would not fit on a page; the sentence then names the part that has all."""

MAX_ADVERSE_CITES: Final = 3
"""Of each question; its chapter has all."""


def part(dossier: Dossier, number: int) -> Part:
    tickets = dossier.population.tickets
    matter = dossier.matter
    blocks: list[Block] = [
        Paragraph(
            text=f"{dossier.client.name}, {matter.first_day} to {matter.last_day} ({matter.time_zone}): "
            f"{wording.count(len(tickets), 'ticket')} entered in the period.",
            style="lead",
        )
    ]
    if any(c.state != "complete" for c in dossier.captures):
        blocks.append(Paragraph(text=partial_words(dossier), style="notice"))
    blocks += [Heading(text="What was promised", level=3), *_promised(dossier)]
    blocks += [Heading(text="What was delivered", level=3), *_delivered(dossier)]
    blocks += [Heading(text="Targets missed", level=3), *_missed(dossier)]
    blocks += [Heading(text="Where the PSA's own figures differ", level=3), *_differences(dossier)]
    blocks += [Heading(text="Facts that may be held against the provider", level=3), *_adverse(dossier)]
    blocks += [Heading(text="What the records do not determine", level=3), *_open(dossier)]
    return Part(id="answer", number=number, title="One-page answer", page_kind="B", blocks=tuple(blocks))


def _promised(dossier: Dossier) -> list[Block]:
    agreements = dossier.records.agreements
    sentences: list[Block] = []
    if agreements:
        names = ", ".join(a.name for a in agreements[:6]) + (", ..." if len(agreements) > 6 else "")
        sentences.append(
            Paragraph(
                text=f"The PSA records {wording.count(len(agreements), 'agreement')} with this client: {names}.",
                cites=_few(dossier.cites(a.source for a in agreements)),
            )
        )
    else:
        sentences.append(Paragraph(text="No agreement with this client is shown by these records."))
    policies = sorted({r.policy for _, r in dossier.stage_results("contract") if r.policy})
    if policies:
        sentences.append(
            Paragraph(
                text=f"Targets were judged by: {', '.join(policies)}.",
                cites=_few(dossier.cites(p.source for p in dossier.records.sla_policies if p.name in policies)),
            )
        )
    else:
        sentences.append(Paragraph(text="No service level target for these tickets is shown by these records."))
    if dossier.matter.contract is not None:
        reference = dossier.matter.contract.reference
        sentences.append(
            Paragraph(
                text=f"The matter file states terms of the contract{f' ({reference})' if reference else ''}, which "
                "govern the contract reading; they are not read from the PSA."
            )
        )
    return sentences


def _delivered(dossier: Dossier) -> list[Block]:
    sentences: list[Block] = []
    for stage in STAGES:
        tally = of_verdicts(r.verdict for _, r in dossier.stage_results("contract") if r.stage == stage)
        sentences.append(
            Paragraph(
                text=f"{stage.capitalize()}: of {wording.count(tally.n, 'ticket')}, {tally.met:,} met the target, "
                f"{tally.missed:,} missed it, {tally.not_determined:,} not determined, {tally.no_target:,} without a "
                f"target, {tally.excluded:,} excluded; {tally.met:,}/{tally.judged:,} of those judged "
                f"({wording.share(tally.met, tally.judged)})."
            )
        )
    entries = dossier.records.time_entries
    recorded = [e.hours for e in entries if e.hours is not None]
    sentences.append(
        Paragraph(
            text=f"{wording.count(len(entries), 'time entry', 'time entries')} record "
            f"{wording.hours(sum(recorded))} hours of work."
        )
    )
    return sentences


def _missed(dossier: Dossier) -> list[Block]:
    missed = misses(dossier, "contract")
    if not missed:
        return [Paragraph(text=NONE_SHOWN)]
    tickets = _tickets(m.ticket for m in missed)
    stages = "; ".join(
        f"{stage} {n:,}" for stage in STAGES if (n := sum(1 for m in missed if m.result.stage == stage))
    )  # fmt: skip
    text = f"{wording.count(len(missed), 'target')} of {wording.count(len(tickets), 'ticket')} missed: {stages}."
    cites = dossier.cites(t.source for t in tickets)
    if len(cites) > MAX_CITES:
        text += f" The first {MAX_CITES} tickets are cited here; all are listed under 'Every missed target'."
    return [Paragraph(text=text, cites=_few(cites))]


def _differences(dossier: Dossier) -> list[Block]:
    differing = [r for r in dossier.results if r.differences]
    count = sum(len(r.differences) for r in differing)
    sentences: list[Block] = []
    if not differing:
        sentences.append(Paragraph(text="No difference between the PSA's own figures and the computation is shown."))
    else:
        hidden = sum(
            1 for r in differing for d in r.differences if d.psa_verdict == "met" and d.our_verdict == "missed"
        )  # fmt: skip
        sentences.append(
            Paragraph(
                text=f"{wording.count(count, 'figure')} of {wording.count(len(differing), 'ticket')} differ; in "
                f"{hidden:,} "
                "of them the PSA's figure says met and the computation says missed.",
                cites=_few(dossier.cites(dossier.ticket[r.ticket_id].source for r in differing)),
            )
        )
    worse = only_in(dossier, "psa")
    if worse:
        sentences.append(
            Paragraph(
                text=f"By the PSA's own figure {wording.count(len(worse), 'further target')} "
                f"{'was' if len(worse) == 1 else 'were'} missed that the contract reading does not count as missed.",
                cites=_few(dossier.cites(t.source for t in _tickets(m.ticket for m in worse))),
            )
        )
    return sentences


def _adverse(dossier: Dossier) -> list[Block]:
    found = [(f, [s for s in f.statements if s.adverse]) for f in dossier.findings]
    found = [(f, adverse) for f, adverse in found if adverse]
    if not found:
        return [Paragraph(text="The questions examined in this pack found no such statement in these records.")]
    return [
        Paragraph(
            text=f"{f.title}: {wording.count(len(adverse), 'statement')}; the first: {adverse[0].text}",
            cites=_few(dossier.cites(source for s in adverse for source in s.sources))[:MAX_ADVERSE_CITES],
        )
        for f, adverse in found
    ]


def _open(dossier: Dossier) -> list[Block]:
    open_ = [(t, r) for t, r in dossier.stage_results("contract") if r.verdict == "not determined"]
    sentences: list[Block] = []
    if open_:
        tickets = _tickets(t for t, _ in open_)
        sentences.append(
            Paragraph(
                text=f"{wording.count(len(open_), 'stage')} of {wording.count(len(tickets), 'ticket')} could not be "
                "determined; the exhibits give the reason for each.",
                cites=_few(dossier.cites(t.source for t in tickets)),
            )
        )
    else:
        sentences.append(Paragraph(text="Every stage with a target was determined from the records."))
    missing = sum(len(c.missing) for c in dossier.captures)
    sentences.append(
        Paragraph(
            text=f"The captures record {wording.count(missing, 'entry', 'entries')} of records that were asked for and "
            f"did not come; {wording.count(len(dossier.records.unread), 'record or line', 'records or lines')} could "
            "not be read. Both are listed in this pack."
        )
    )
    return sentences


def _tickets(tickets: Iterable[Ticket]) -> tuple[Ticket, ...]:
    return tuple({t.id: t for t in tickets}.values())


def _few(cites: tuple[Cite, ...]) -> tuple[Cite, ...]:
    return cites[:MAX_CITES]
