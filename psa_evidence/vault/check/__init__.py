"""A full check of a vault, read-only: every file against its seal, every record against its bytes, every chain.

`check_vault` is the numbered procedure; `CheckReport` what it found, with the remedy of each thing found.
"""

from psa_evidence.vault.check.report import CheckReport, Finding, Step
from psa_evidence.vault.check.run import STEPS, check_vault

__all__ = ["STEPS", "CheckReport", "Finding", "Step", "check_vault"]
