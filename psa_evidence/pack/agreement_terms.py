"""Terms of an agreement beside its additions: what was credited, at which rate work is billed, what is not covered."""

from __future__ import annotations

from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.records import SourceRef
from psa_evidence.spi import Block, Column, Heading, Table


def terms(dossier: Dossier, agreement: str) -> tuple[list[Block], list[SourceRef]]:
    """Tables of the kinds of term that there are, and the records they were read from."""
    adjustments = [a for a in dossier.records.adjustments if a.agreement_id == agreement]
    rates = [r for r in dossier.records.rates if r.agreement_id == agreement]
    excluded = [e for e in dossier.records.exclusions if e.agreement_id == agreement]
    history = [h for h in dossier.records.record_history if h.of == f"agreement/{agreement}"]
    blocks: list[Block] = []
    if adjustments:
        table = Table(
            columns=(Column(title="From"), Column(title="Amount", align="right"), Column(title="Description", width=3)),
            rows=tuple(
                (wording.day(a.effective), wording.UNKNOWN if a.amount is None else f"{a.amount:,.2f}",
                 wording.text(a.description))
                for a in adjustments
            ),
        )  # fmt: skip
        blocks += [Heading(text=f"Adjustments ({len(adjustments)})"), table]
    if rates:
        table = Table(
            columns=(
                Column(title="Of"), Column(title="Name", width=2), Column(title="Rate", align="right"),
                Column(title="Rate type"), Column(title="Billed"), Column(title="From"), Column(title="To"),
            ),
            rows=tuple(
                (r.of, wording.text(r.name), wording.NONE if r.rate is None else f"{r.rate:,.2f}",
                 wording.text(r.rate_type), wording.text(r.billing), wording.day(r.effective), wording.day(r.ending))
                for r in rates
            ),
        )  # fmt: skip
        blocks += [Heading(text=f"Work types and roles ({len(rates)})"), table]
    if excluded:
        table = Table(
            columns=(Column(title="Not covered"), Column(title="Name", width=3)),
            rows=tuple((e.of, wording.text(e.name)) for e in excluded),
        )
        blocks += [Heading(text=f"Exclusions ({len(excluded)})"), table]
    if history:
        table = Table(
            columns=(
                Column(title="When", width=1.3),
                Column(title="By"),
                Column(title="Line of the audit trail", width=3),
            ),
            rows=tuple((wording.local(h.at, dossier.zone), wording.text(h.by), h.text) for h in history),
        )
        blocks += [Heading(text=f"Audit trail ({len(history)})"), table]
    sources = [*(a.source for a in adjustments), *(r.source for r in rates), *(e.source for e in excluded)]
    return blocks, [*sources, *(h.source for h in history)]
