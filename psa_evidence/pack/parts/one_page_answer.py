"""The one-page answer: promised, delivered, missed, disputed by the PSA's own figures, missing, not determined.

Neutral sentences, each with the part that has its rows or the exhibits that prove it. No adjective, no conclusion of
law. It is one page whatever the records hold: names are cut, and of many exhibits the first are cited.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from psa_evidence.findings import Finding
from psa_evidence.matter import NO_DATE, OTHER_AGREEMENT
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import STAGES, Dossier
from psa_evidence.pack.missed import misses, only_in
from psa_evidence.pack.parts import agreements_in_force, unlisted_numbers
from psa_evidence.pack.parts.attainment import share_words
from psa_evidence.pack.parts.breaches import NONE_SHOWN
from psa_evidence.pack.parts.cover import ended_early, partial_words
from psa_evidence.pack.parts.finding_blocks import PLACED, QUESTIONS
from psa_evidence.pack.parts.withheld_beside import counted
from psa_evidence.pack.tally import COLUMNS, WIDTHS, of_rows
from psa_evidence.records import Ticket
from psa_evidence.sla.display import quoted
from psa_evidence.spi import Block, Cite, Column, Heading, Paragraph, Part, Table

MAX_CITES: Final = 4
"""More would not fit on a page; the part that the sentence leads to has all."""

FEW_CITES: Final = 1
"""Of each question."""

NAMED: Final = 3
"""Agreements, and policies, that are named."""

LETTERS: Final = 60
"""Of a name,"""

LETTERS_TOGETHER: Final = 140
"""and of the names of a sentence, where each has the more the fewer there are;"""

QUOTED: Final = 40
"""of a policy."""

TOLD_ELSEWHERE: Final = frozenset({"psa-disagreements"})
"""Questions that have sentences of their own on this page."""

ALWAYS: Final = frozenset({"declined-advice", "edits", "late-entries", "unpaid-invoices", "waiting"})
"""Questions that are answered here whatever the answer is: a met target may rest on pauses, and records made at the
time are told from others by when they were entered and changed."""


def part(dossier: Dossier, number: int) -> Part:
    matter = dossier.matter
    under, others = "", ""
    if matter.agreement is not None:
        under = f" under the agreement {quoted(_cut(matter.agreement))}"
        beside = sum(n for reason, n in dossier.left_out_tickets if reason == OTHER_AGREEMENT)
        others = f" Under another, or none: {beside:,}, in no figure."
    blocks: list[Block] = [
        Paragraph(
            text=f"{_cut(dossier.client.name)}, {matter.first_day} to {matter.last_day}: "
            f"{_entered(dossier, under)}.{others}",
            see=_parts(dossier, "scope"),
            style="lead",
        ),
        *_withheld(dossier),
    ]
    if any(c.state != "complete" for c in dossier.captures):
        blocks.append(Paragraph(text=partial_words(dossier), style="notice"))
    for title, sentences in (
        ("What was promised", _promised(dossier)),
        ("What was delivered, and what was missed", _delivered(dossier)),
        ("What else was examined", _examined(dossier)),
        ("What the records do not determine", _open(dossier)),
    ):
        blocks += [Heading(text=title, level=3), *sentences]
    return Part(
        id="answer", number=number, title="One-page answer", page_kind="B", blocks=tuple(blocks), compact=True,
        alone=True,
    )  # fmt: skip


def _entered(dossier: Dossier, under: str) -> str:
    """How many tickets the period has; of those withheld nobody shall read that they were not entered."""
    shown, held = len(dossier.population.tickets), dossier.withholds("ticket")
    if not held:
        return f"{wording.count(shown, 'ticket')} entered in the period{under}"
    return f"{shown:,} of {wording.count(shown + held, 'ticket')} entered in the period{under} are shown"


def _withheld(dossier: Dossier) -> list[Block]:
    """That this copy withholds records, tickets of the period above all; nothing where it shows all."""
    if not (records := sum(n for *_, n in dossier.withheld)):
        return []
    tickets = dossier.withholds("ticket")
    among = f", {wording.count(tickets, 'ticket')} of the period among them" if tickets else ""
    text = f"This copy withholds {wording.count(records, 'record')}{among}; the part on what is withheld counts them."
    return [Paragraph(text=text, see=_parts(dossier, "withheld"))]


def _promised(dossier: Dossier) -> list[Block]:
    agreements = dossier.records.agreements
    see = _parts(dossier, "contract")
    sentences: list[Block] = []
    if agreements:
        sentences.append(
            Paragraph(
                text=f"The PSA records {wording.count(len(agreements), 'agreement')} with this client: "
                f"{_names(a.name for a in agreements)}.",
                see=see,
                cites=_first(dossier.cites(a.source for a in agreements)),
            )
        )
    else:
        held = counted(dossier, "agreement")
        text = "No agreement with this client is shown by these records."
        sentences.append(Paragraph(text=f"{text} This copy withholds {held}." if held else text, see=see))
    under = [r for _, r in dossier.stage_results("contract") if r.policy]
    policies = sorted({r.policy for r in under if r.policy})
    if policies:
        none = all(r.target_seconds is None for r in under)
        stated = none or (dossier.matter.contract is not None and dossier.matter.contract.goals)
        named = f"{'SLA' if len(policies) == 1 else 'SLAs'} " + _names(f"'{_cut(name, QUOTED)}'" for name in policies)
        used = "" if stated else ", whose targets are used"
        sentences.append(
            Paragraph(
                text=f"In the PSA these tickets stand under the {named}{used}.",
                see=_parts(dossier, "methodology"),
                cites=_first(dossier.cites(p.source for p in dossier.records.sla_policies if p.name in policies)),
            )
        )
    else:
        text = "No service level target for these tickets is shown by these records."
        sentences.append(Paragraph(text=text, see=see))
    if dossier.matter.contract is not None:
        reference = dossier.matter.contract.reference
        sentences.append(
            Paragraph(
                text=f"The matter file states terms of the contract{f' ({_cut(reference)})' if reference else ''}, "
                "which govern the contract reading; they are not read from the PSA.",
                see=see,
            )
        )
    return sentences


def _delivered(dossier: Dossier) -> list[Block]:
    rows = []
    for stage in STAGES:
        here = [r for r in dossier.attainment if r.stage == stage and r.reading == "contract"]
        goals = ", ".join(f"{g} %" for g in sorted({r.goal_percent for r in here if r.goal_percent}))
        rows.append((stage, *of_rows(here).cells(), goals or "none stated"))
    entries = dossier.records.time_entries
    recorded = [e.hours for e in entries if e.hours is not None]
    numbers = tuple(Column(title=c, align="right", width=w) for c, w in zip(COLUMNS, WIDTHS, strict=True))
    return [
        Table(
            columns=(Column(title="Stage", width=1.1), *numbers, Column(title="promised share", align="right")),
            rows=tuple(rows),
            caption="Contract reading. n = met + missed + not determined + no target + excluded; judged = met + "
            f"missed. {share_words(dossier)}".strip(),
        ),
        Paragraph(
            text="The same by priority, agreement and month, by the PSA's own figure and without pauses:",
            see=_parts(dossier, "attainment"),
        ),
        *agreements_in_force.outside(dossier),
        Paragraph(
            text=f"{wording.count(len(entries), 'time entry', 'time entries')} "
            f"{'records' if len(entries) == 1 else 'record'} {wording.hours(sum(recorded))} hours of work."
            + (f" Withheld: {held}." if (held := counted(dossier, "time_entry")) else ""),
            see=_parts(dossier, "services"),
        ),
        *_missed(dossier),
        *_differences(dossier),
    ]


def _missed(dossier: Dossier) -> list[Block]:
    see = _parts(dossier, "breaches")
    if not dossier.population.tickets:
        none = "No ticket is shown, and no target of one is counted here."
        without = "Without a ticket no target was met or missed."
        return [Paragraph(text=none if dossier.withholds("ticket") else without, see=see)]
    missed = misses(dossier, "contract")
    strict = len(misses(dossier, "strict"))
    unpaused = Paragraph(
        text=f"By the strict reading, in which no pause stops the clock, {wording.count(strict, 'target')} "
        f"{'was' if strict == 1 else 'were'} missed.",
        see=see,
    )
    if not missed:
        return [Paragraph(text=NONE_SHOWN, see=see), unpaused]
    tickets = _tickets(m.ticket for m in missed)
    stages = "; ".join(
        f"{stage} {n:,}" for stage in STAGES if (n := sum(1 for m in missed if m.result.stage == stage))
    )  # fmt: skip
    text = f"{wording.count(len(missed), 'target')} of {wording.count(len(tickets), 'ticket')} missed: {stages}."
    cites = dossier.cites(t.source for t in tickets)
    if len(cites) > MAX_CITES:
        text += f" The first {MAX_CITES} tickets are cited here; all are listed in the part."
    return [Paragraph(text=text, see=see, cites=_first(cites)), unpaused]


def _differences(dossier: Dossier) -> list[Block]:
    differing = [r for r in dossier.results if r.differences]
    count = sum(len(r.differences) for r in differing)
    see = _parts(dossier, "psa-figures")
    sentences: list[Block] = []
    if not differing:
        text = "No difference between the PSA's own figures and the computation is shown."
        sentences.append(Paragraph(text=text, see=see))
    else:
        hidden = sum(
            1 for r in differing for d in r.differences if d.psa_verdict == "met" and d.our_verdict == "missed"
        )  # fmt: skip
        sentences.append(
            Paragraph(
                text=f"The PSA's own figure differs for {wording.count(count, 'stage')} of "
                f"{wording.count(len(differing), 'ticket')}; in {hidden:,} of them it says met and the computation "
                "says missed.",
                see=see,
                cites=_first(dossier.cites(dossier.ticket[r.ticket_id].source for r in differing)),
            )
        )
    worse = only_in(dossier, "psa")
    if worse:
        sentences.append(
            Paragraph(
                text=f"By the PSA's own figure {wording.count(len(worse), 'further target')} "
                f"{'was' if len(worse) == 1 else 'were'} missed that the contract reading does not count as missed.",
                see=_parts(dossier, "breaches"),
                cites=_first(dossier.cites(t.source for t in _tickets(m.ticket for m in worse))),
            )
        )
    return sentences


def _examined(dossier: Dossier) -> list[Block]:
    """Every question with a statement that speaks against the provider, and those that a dispute always asks."""
    found = [
        f
        for f in dossier.findings
        if f.statements and f.id not in TOLD_ELSEWHERE and (f.id in ALWAYS or any(s.adverse for s in f.statements))
    ]
    if not found:
        text = "Nothing to be stated here is shown by these records."
        return [Paragraph(text=text, see=_parts(dossier, QUESTIONS))]
    return [_summed(dossier, f) for f in found]


def _summed(dossier: Dossier, finding: Finding) -> Paragraph:
    """The statement that sums a question up, and the first exhibits of those that stand below it in its part."""
    below = [s for s in finding.statements[1:] if s.adverse] or finding.statements[1:]
    return Paragraph(
        text=finding.statements[0].text,
        see=_parts(dossier, PLACED.get(finding.id, QUESTIONS)),
        cites=dossier.cites(source for s in below for source in s.sources)[:FEW_CITES],
    )


def _open(dossier: Dossier) -> list[Block]:
    open_ = [(t, r) for t, r in dossier.stage_results("contract") if r.verdict == "not determined"]
    see = _parts(dossier, "attainment")
    sentences: list[Block] = []
    if open_:
        tickets = _tickets(t for t, _ in open_)
        sentences.append(
            Paragraph(
                text=f"{wording.count(len(open_), 'stage')} of {wording.count(len(tickets), 'ticket')} could not be "
                "determined; the exhibits give the reason for each.",
                see=see,
                cites=_first(dossier.cites(t.source for t in tickets)),
            )
        )
    elif any(r.verdict in ("met", "missed") for _, r in dossier.stage_results("contract")):
        sentences.append(Paragraph(text="Every stage with a target was determined from the records.", see=see))
    else:
        sentences.append(Paragraph(text="No stage with a target is in these records: none was determined.", see=see))
    sentences += unlisted_numbers.sentence(dossier)
    if undated := sum(n for reason, n in dossier.left_out_tickets if reason == NO_DATE):
        text = (
            f"{wording.count(undated, 'ticket')} of this client {'has' if undated == 1 else 'have'} no entry date that "
            "could be read: in no figure."
        )
        sentences.append(Paragraph(text=text, see=_parts(dossier, "scope")))
    missing, unread = sum(len(c.missing) for c in dossier.captures), len(dossier.records.unread)
    early = ended_early(dossier)
    if missing or unread or early:
        text = (
            f"{'As far as they got, the' if early else 'The'} captures record "
            f"{wording.count(missing, 'entry', 'entries')} of what was asked for and did not come; "
            f"{wording.count(unread, 'record or line', 'records or lines')} could not be read."
        )
    else:
        text = "The captures record nothing that was asked for and did not come, and nothing that could not be read."
    sentences.append(
        Paragraph(
            text=text,
            see=_parts(dossier, "scope", "record-quality"),
        )
    )
    return sentences


def _parts(dossier: Dossier, *ids: str) -> tuple[str, ...]:
    """Those of the parts that this report has."""
    return tuple(id_ for id_ in ids if id_ not in dossier.matter.left_out_parts)


def _tickets(tickets: Iterable[Ticket]) -> tuple[Ticket, ...]:
    return tuple({t.id: t for t in tickets}.values())


def _first(cites: tuple[Cite, ...]) -> tuple[Cite, ...]:
    return cites[:MAX_CITES]


def _names(names: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    every = list(names)
    named, more = every[:NAMED], len(every) - NAMED
    letters = LETTERS_TOGETHER // len(named) if named else LETTERS
    return ", ".join(_cut(name, letters) for name in named) + (f" and {more:,} more" if more > 0 else "")


def _cut(name: str, letters: int = LETTERS) -> str:
    return name if len(name) <= letters else f"{name[: letters - 1]}…"
