"""What a matter file states of the main dispute's contract: the words of the agreement attached in the simulated PSA.

Exhibit B has the targets of the SLA that the simulated PSA is set up with. Tickets that it has under no SLA are judged
by them too.
"""

from typing import Final

CONTRACT: Final = """
# What the contract says, typed from the document attached to the agreement.
[contract]
reference = "Master services agreement 5002, effective 2025-11-01, with exhibit B (Gold)"
signature = "signed by Raymond Castellan for the client and Gillian Thorne for the provider; see the attached document"

[contract.clauses]
goals = "3, exhibit B"

[contract.goals."Priority 1 - Critical"]
response = "30 min"
plan = "2 h"
resolution = "4 h"

[contract.goals."Priority 2 - High"]
response = "1 h"
plan = "4 h"
resolution = "8 h"

[contract.goals."Priority 3 - Normal"]
response = "2 h"
plan = "8 h"
resolution = "24 h"

[contract.goals."Priority 4 - Low"]
response = "8 h"
plan = "16 h"
resolution = "40 h"

[[contract.exclusions]]
clause = "5"
text = "Backup. Only where an addition for backup is in force."

[[contract.client_duties]]
clause = "4"
text = "Client's duties. Access, a person to decide, approval before changes, prompt answers to questions."

[[promises]]
clause = "6"
text = "Termination. 60 days' notice in writing. On termination credentials are handed over to a named person."
"""
