"""The provider's own settings that the figures rest on, as captured: SLAs, targets, calendars, holidays, statuses."""

from __future__ import annotations

from typing import Final

from psa_evidence.matter.hours import DAYS
from psa_evidence.pack import wording
from psa_evidence.pack.changes import file_words, shortened
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.numbering import SETTINGS, SETTINGS_KINDS
from psa_evidence.records import Goal, Span
from psa_evidence.spi import Block, Column, Exhibit, Heading, Paragraph, Table

DAY: Final = 86_400
SHOWN: Final = 200
"""Changes printed; the table has all."""


def settings_exhibit(dossier: Dossier) -> Exhibit:
    records = dossier.records
    sources = [
        item.source
        for group in (
            records.sla_policies, records.sla_targets, records.calendars, records.holidays, records.statuses,
            records.priorities, records.boards, records.permissions,
        )
        for item in group
    ]  # fmt: skip
    if records.system is not None:
        sources.append(records.system.source)
    return Exhibit(
        id=SETTINGS,
        title="Settings of the PSA as captured",
        blocks=(
            Paragraph(text="Settings as they stood when captured last. Earlier versions are at the end, as far as "
            "captures hold them: what was changed before the first capture, or changed and changed back between two, "
            "is not shown by them."),
            *_slas(dossier), *_calendars(dossier), *_statuses(dossier), *_permissions(dossier), *_changes(dossier),
        ),
        sources=tuple(dict.fromkeys(sources)),
    )  # fmt: skip


def goal_words(goal: Goal, *, none: str = "no target") -> tuple[str, str, str]:
    """Response, plan and resolution of a goal, with the share that is to meet it; `none` of a stage it leaves open."""

    def one(seconds: int | None, percent: int | None) -> str:
        if seconds is None:
            return none
        if not seconds:
            return "no target"
        return wording.duration(seconds) + (f" ({percent} %)" if percent is not None else "")

    return (
        one(goal.response, goal.response_percent),
        one(goal.plan, goal.plan_percent),
        one(goal.resolution, goal.resolution_percent),
    )


def hours_words(spans: tuple[Span, ...]) -> str:
    return ", ".join(f"{_clock(s.start)}-{_clock(s.end)}" for s in spans) or "closed"


def _clock(seconds: int) -> str:
    if seconds > DAY:
        return f"{_clock(seconds - DAY)} the next day"
    rest = seconds % 60
    text = f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
    return f"{text}:{rest:02d}" if rest else text


def _slas(dossier: Dossier) -> list[Block]:
    records = dossier.records
    names = {p.id: p.name for p in records.priorities}
    rows = []
    for policy in records.sla_policies:
        basis = policy.based_on or wording.NONE
        rows.append((policy.id, policy.name, "all priorities", basis, *goal_words(policy.goal)))
        rows += [
            (policy.id, policy.name, names.get(t.priority_id, f"id {t.priority_id}"), basis, *goal_words(t.goal))
            for t in records.sla_targets if t.sla_id == policy.id
        ]  # fmt: skip
    return [
        Heading(text="SLAs and their targets"),
        Table(
            columns=(
                Column(title="Id", width=0.4), Column(title="SLA"), Column(title="Priority"), Column(title="Based on"),
                Column(title="Response"), Column(title="Plan"), Column(title="Resolution"),
            ),
            rows=tuple(rows), empty="No SLA was captured.",
        ),
    ]  # fmt: skip


def _calendars(dossier: Dossier) -> list[Block]:
    records = dossier.records
    return [
        Heading(text="Business calendars"),
        Table(
            columns=(Column(title="Calendar", width=1.4), *(Column(title=d[:3].capitalize()) for d in DAYS)),
            rows=tuple((f"{c.name} (id {c.id})", *(hours_words(day) for day in c.week)) for c in records.calendars),
            empty="No calendar was captured.",
        ),
        Heading(text="Holidays", level=3),
        Table(
            columns=(Column(title="List"), Column(title="Day"), Column(title="Name", width=2), Column(title="Closed")),
            rows=tuple(
                (h.list_id, wording.day(h.day), h.name, "whole day" if h.closed is None else hours_words(h.closed))
                for h in records.holidays
            ),
            empty="No holiday was captured.",
        ),
    ]  # fmt: skip


def _statuses(dossier: Dossier) -> list[Block]:
    records = dossier.records
    return [
        Heading(text="Statuses and what they mean to the SLA clock"),
        Table(
            columns=(
                Column(title="Board"), Column(title="Status", width=1.5), Column(title="Meaning", width=1.3),
                Column(title="Closed"),
            ),
            rows=tuple(
                (dossier.board_name(s.board_id), s.name, wording.text(s.escalation), wording.yes(s.closed))
                for s in records.statuses
            ),
            empty="No status was captured.",
        ),
        Heading(text="Priorities", level=3),
        Table(
            columns=(Column(title="Id"), Column(title="Priority", width=2), Column(title="Order", align="right")),
            rows=tuple((p.id, p.name, wording.NONE if p.sort is None else str(p.sort)) for p in records.priorities),
            empty="No priority was captured.",
        ),
    ]  # fmt: skip


def _changes(dossier: Dossier) -> list[Block]:
    rows = [row for row in dossier.record_changes if row.what == "edited" and row.kind in SETTINGS_KINDS]
    return [
        Heading(text="Settings that were changed between captures"),
        Table(
            columns=(
                Column(title="Setting"), Column(title="Field", width=1.3), Column(title="Was", width=1.3),
                Column(title="Became", width=1.3), Column(title="Captured", width=1.2),
                Column(title="Next captured", width=1.2),
                Column(title="File of the earlier version", width=1.6),
            ),
            rows=tuple(
                (
                    row.key, row.field or row.note, shortened(row.old), shortened(row.new), wording.utc(row.before),
                    wording.utc(row.after), file_words(row.native_before),
                )
                for row in rows[:SHOWN]
            ),
            caption=f"{min(len(rows), SHOWN):,} of {len(rows):,} changes shown. All stand in "
            "data/tables/record_changes.csv, with who made them and when, as far as it is recorded. Files lie below "
            "data/natives. Each ticket is judged by the settings captured last before its entry, or else by the "
            "earliest known.",
            empty="No capture brought another version of one of these settings.",
        ),
    ]  # fmt: skip


def _permissions(dossier: Dossier) -> list[Block]:
    return [
        Heading(text="What the key could read"),
        Table(
            columns=(Column(title="Module"), Column(title="Function", width=2), Column(title="Inquire level")),
            rows=tuple((p.module, p.function, wording.text(p.inquire)) for p in dossier.records.permissions),
            empty="The PSA did not state the permissions of the key.",
        ),
    ]
