"""All findings, in the order in which a pack prints them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from psa_evidence.findings.declined_advice import declined_advice
from psa_evidence.findings.edits import edits
from psa_evidence.findings.late_entries import late_entries
from psa_evidence.findings.number_gaps import number_gaps
from psa_evidence.findings.psa_disagreements import psa_disagreements
from psa_evidence.findings.statement import Finding
from psa_evidence.findings.unpaid_invoices import unpaid_invoices
from psa_evidence.findings.unread_history import unread_history
from psa_evidence.findings.waiting import waiting
from psa_evidence.records import RecordSet
from psa_evidence.sla import TicketSla


def examine(records: RecordSet, results: Sequence[TicketSla], *, as_of: datetime, zone: tzinfo) -> tuple[Finding, ...]:
    """Every question, also those to which the records give no adverse answer. Instants in the texts are in `zone`, with
    its offset."""
    return (
        psa_disagreements(records, results),
        waiting(records, results, zone=zone),
        late_entries(records, zone=zone),
        edits(records, zone=zone),
        unread_history(records, results),
        number_gaps(records, zone=zone),
        declined_advice(records, as_of=as_of, zone=zone),
        unpaid_invoices(records, as_of=as_of, zone=zone),
    )
