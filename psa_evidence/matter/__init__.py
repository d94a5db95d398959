"""The matter: parties, period, promises and copy as a file says them; which records are in it; how it is numbered."""

from psa_evidence.matter.bates import Numbering, default_prefix
from psa_evidence.matter.clauses import Clauses, Term
from psa_evidence.matter.clients import called, candidates, match_client, name_for, resolve_client
from psa_evidence.matter.copies import ACCENT, Copy, CopyRules, Identifier, Masked, Masks, Rule
from psa_evidence.matter.file import load_matter, parse
from psa_evidence.matter.latin import latin
from psa_evidence.matter.matter import (
    MODE_MEANING,
    Certificate,
    Contract,
    Matter,
    Mode,
    Paper,
    PriorityRule,
    Production,
    Profile,
    Promise,
)
from psa_evidence.matter.period import Period, read_period
from psa_evidence.matter.selection import NO_DATE, OTHER_AGREEMENT, Placed, Population, population
from psa_evidence.matter.template import template, write_template

__all__ = [
    "ACCENT",
    "MODE_MEANING",
    "NO_DATE",
    "OTHER_AGREEMENT",
    "Certificate",
    "Clauses",
    "Contract",
    "Copy",
    "CopyRules",
    "Identifier",
    "Masked",
    "Masks",
    "Matter",
    "Mode",
    "Numbering",
    "Paper",
    "Period",
    "Placed",
    "Population",
    "PriorityRule",
    "Production",
    "Profile",
    "Promise",
    "Rule",
    "Term",
    "called",
    "candidates",
    "default_prefix",
    "latin",
    "load_matter",
    "match_client",
    "name_for",
    "parse",
    "population",
    "read_period",
    "resolve_client",
    "template",
    "write_template",
]
