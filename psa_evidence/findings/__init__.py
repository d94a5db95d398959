"""What a dispute asks of the records, one small module a question; each statement bears its proof, for and against.

Nothing here judges people: what is not recorded is "not shown by these records".
"""

from psa_evidence.findings.examine import examine
from psa_evidence.findings.pauses import Pause, pauses, waited_for
from psa_evidence.findings.statement import Finding, Statement

__all__ = ["Finding", "Pause", "Statement", "examine", "pauses", "waited_for"]
