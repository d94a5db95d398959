"""Recommendations and quotes, and what the client said to them."""

from __future__ import annotations

from datetime import datetime, tzinfo

from psa_evidence.findings.statement import Finding, Statement
from psa_evidence.findings.words import count, span, when
from psa_evidence.records import Activity, Opportunity, RecordSet
from psa_evidence.sla.display import quoted


def declined_advice(records: RecordSet, *, as_of: datetime, zone: tzinfo) -> Finding:
    """Every opportunity: declined, accepted, or without an answer, with the activities recorded on it."""
    acts: dict[str, list[Activity]] = {}
    for activity in records.activities:
        if activity.opportunity_id is not None:
            acts.setdefault(activity.opportunity_id, []).append(activity)
    advice = [_statement(item, acts.get(item.id, []), as_of, zone) for item in records.opportunities]
    lost = sum(_answer(item) == "declined" for item in records.opportunities)
    won = sum(_answer(item) == "accepted" for item in records.opportunities)
    total = len(records.opportunities)
    open_ = total - won - lost
    summary = Statement(
        text="No recommendation or quote is shown by these records."
        if not total
        else f"Of {count(total, 'recommendation or quote', 'recommendations and quotes')}, {won:,} "
        f"{'is' if won == 1 else 'are'} recorded as accepted and {lost:,} as declined"
        + (f"; for {open_:,} no answer is shown by these records." if open_ else "."),
        sources=tuple(item.source for item in records.opportunities),
    )
    return Finding(
        id="declined-advice",
        title="Advice and the answer to it",
        question="What did the provider recommend, and what did the client answer?",
        statements=(summary, *advice),
        examined=total + len(records.activities),
        limits="Advice given by word of mouth, or in e-mails that are not in the PSA, is not shown by these records; "
        "whether a quote was received is shown only where an activity says so.",
    )


def _answer(item: Opportunity) -> str:
    if item.lost:
        return "declined"
    return "accepted" if item.won else "no answer"


def _statement(item: Opportunity, acts: list[Activity], as_of: datetime, zone: tzinfo) -> Statement:
    offered = f" of {when(item.entered_at, zone)}" if item.entered_at else ""
    closed = f" {when(item.closed_at, zone)}" if item.closed_at else ""
    answer = _answer(item)
    if answer == "declined":
        reason = f" Reason recorded: {item.reason}." if item.reason else " The field for a reason is empty."
        told = f"is recorded as declined{closed}.{reason}"
    elif answer == "accepted":
        told = f"is recorded as accepted{closed}."
    else:
        age = f" after {span(as_of - item.entered_at)}" if item.entered_at and item.entered_at < as_of else ""
        told = f"has no answer{age} that these records show."
    follow = [act for act in acts if _time(act) is None or item.entered_at is None or _time(act) > item.entered_at]  # type: ignore[operator]
    recorded = f"{count(len(acts), 'activity', 'activities')} on it" if acts else "No activity on it"
    verb = "are" if len(acts) > 1 else "is"
    return Statement(
        text=f"The recommendation {quoted(item.name)}{offered} {told} {recorded} {verb} recorded.",
        sources=(item.source, *(act.source for act in acts)),
        adverse=answer == "no answer" and not follow,
        at=item.closed_at or item.entered_at,
    )


def _time(activity: Activity) -> datetime | None:
    return activity.starts_at or activity.ends_at or activity.closed_at
