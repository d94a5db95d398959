"""A copy's view of the records: decided on the whole, judged on the whole, shown in part.

Verdicts and findings are made with records that are withheld, because leaving a record out must not make a figure
better; fields that are withheld, and masked terms, are not read at all, and where that changes a verdict it is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from psa_evidence.findings import Finding, examine
from psa_evidence.matter import Matter
from psa_evidence.pack import behind
from psa_evidence.pack.behind import Behind
from psa_evidence.pack.deciding import Decisions, decide
from psa_evidence.pack.earlier import Earlier, earlier_of, read_earlier
from psa_evidence.pack.select import Selection, select
from psa_evidence.pack.terms import calendar_zone, contract_terms
from psa_evidence.pack.withheld_log import log_rows
from psa_evidence.pack.withholding import Disclosed, Withheld, withhold
from psa_evidence.records import Lacking, RecordSet
from psa_evidence.sla import TicketSla, evaluate
from psa_evidence.spi import Connector, RawRecord
from psa_evidence.vault import Vault

Settings = Sequence[tuple[datetime, RecordSet]]


@dataclass(frozen=True, slots=True)
class View:
    """`whole` is what is in scope, all of it as received; `judged` the same without withheld fields and masked terms;
    `selection` what is shown. `withheld` are the fields that are not shown, for every reason. `earlier` are earlier
    versions of what is shown; `read` is what they say, as far as rules ask it."""

    whole: Selection
    judged: Selection
    selection: Selection
    disclosed: Disclosed
    decisions: Decisions
    withheld: Withheld
    earlier: Earlier
    read: tuple[RecordSet, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """Of the tickets that are shown."""

    results: tuple[TicketSla, ...]
    findings: tuple[Finding, ...]
    behind: Behind


def view_of(
    matter: Matter, vault: Vault, connector: Connector, client: str, held: Sequence[RawRecord], withheld: Withheld,
    earlier: Sequence[RawRecord] = (),
) -> View:  # fmt: skip
    """`withheld` are fields that the caller withholds, beside those of the matter's rules; `earlier` are earlier
    versions of what is `held`, of each record the last first. Raises ConfigurationError for rules that name what is not
    there."""
    decisions = Decisions()
    whole = None
    read: tuple[RecordSet, ...] = ()
    if not matter.rules.whole or withheld:
        whole = select(held, connector.interpret(held), matter=matter, client=client)
        inside = {record.key for record in whole.raw}
        read = read_earlier(matter.rules, connector, whole.raw, earlier)
        decisions = decide(
            matter.rules, whole.raw, whole.records, copy=matter.copy,
            earlier=[record for record in earlier if record.key in inside],
            read=read,
        )  # fmt: skip
    fields = _merged(decisions.reasons(), withheld)
    reason = decisions.mask.reason if decisions.mask else ""
    disclosed = withhold(vault, held, fields, decisions.masker, reason)
    everything = connector.interpret(disclosed.raw)
    judged = select(disclosed.raw, everything, matter=matter, client=client)
    whole = whole or judged
    shown = judged
    if decisions.records:
        left = [r for r in disclosed.raw if r.key not in decisions.records]
        shown = select(left, connector.interpret(left), matter=matter, client=client)
        there = {r.key for r in shown.raw}
        decisions = decisions.with_lost(
            r.key for r in judged.raw if r.key not in there and r.key not in decisions.records
        )
        gone = Counter(
            (r.kind, decisions.records[r.key].reason) for r in judged.raw if r.key in decisions.records
        )  # fmt: skip
        shown = replace(
            shown, captured=judged.captured, left_out=judged.left_out,
            withheld=tuple((kind, why, n) for (kind, why), n in sorted(gone.items())),
        )  # fmt: skip
    all_fields = _merged(fields, {key: dict.fromkeys(names, reason) for key, names in disclosed.masked.items()})
    in_scope = {record.key for record in judged.raw}
    versions = earlier_of(
        vault, [record for record in earlier if record.key in in_scope], {record.key for record in shown.raw},
        decisions, _merged(decisions.earlier_reasons(), withheld), reason,
    )  # fmt: skip
    return View(whole, judged, shown, disclosed, decisions, all_fields, versions, read)


def judge(
    matter: Matter, view: View, settings: Settings, *, as_of: datetime, lacking: Sequence[Lacking] = ()
) -> Judged:
    """Results and findings of what is shown, made of all that is in scope; `lacking` is what did not come."""

    def results_of(records: RecordSet) -> tuple[TicketSla, ...]:
        return evaluate(
            records,
            as_of=as_of,
            settings=settings,
            time_zone=calendar_zone(matter),
            contract=contract_terms(matter),
            lacking=lacking,
            every_open_period=True,  # a reader follows the sum with a pencil: each night and holiday is its own row
        )

    everything = results_of(view.judged.records)
    findings = examine(view.judged.records, everything, as_of=as_of, zone=ZoneInfo(matter.time_zone))
    gone = view.decisions.records
    shown = {t.id for t in view.selection.population.tickets}
    results = tuple(r for r in everything if r.ticket_id in shown)
    if view.whole is view.judged:
        return Judged(results, findings, Behind())
    findings, lost = behind.findings_without(findings, gone)
    return Judged(
        results,
        findings,
        Behind(
            log=log_rows(
                view.decisions,
                view.whole.raw,
                view.whole.records,
                view.disclosed.masked,
                view.earlier.gone_raw,
                view.read,
            ),
            records=behind.records_behind(view.whole.raw, gone),
            tickets=behind.ticket_words([r for r in everything if r.ticket_id not in shown]),
            statements=lost,
            changed=behind.changed(results_of(view.whole.records), results) if view.withheld else (),
            unused=view.decisions.unused,
        ),
    )


def _merged(*many: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    made: dict[str, dict[str, str]] = {}
    for one in many:
        for key, names in one.items():
            made.setdefault(key, {}).update(names)
    return made
