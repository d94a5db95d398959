"""The pack: a BagIt bag with PDF, tables, natives, proofs and seals. `build` makes it, whole or not at all."""

from psa_evidence.pack.build import BuildResult, build
from psa_evidence.pack.settings_in_force import as_promised, settings_in_force
from psa_evidence.pack.terms import contract_terms

__all__ = ["BuildResult", "as_promised", "build", "contract_terms", "settings_in_force"]
