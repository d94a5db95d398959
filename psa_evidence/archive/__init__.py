"""The monthly run: capture what changed, one pack for each client, one client's failure isolated.

It is what makes the archive a routine record: the same work each month, asked for by nobody's quarrel.
"""

from psa_evidence.archive.month import Month, months_due
from psa_evidence.archive.run import ArchiveReport, ClientOutcome, place, run_month, slug

__all__ = ["ArchiveReport", "ClientOutcome", "Month", "months_due", "place", "run_month", "slug"]
