"""Judges a pack and trusts nothing in it: no vault, no plug-in, no network, and of this product only `format`.

`verify_pack` for evidence packs, `verify_bag` for any BagIt bag, `check_opening` for a withheld field, `render` for
the table people read.
"""

from psa_evidence.verify.bag import verify_bag
from psa_evidence.verify.opening import check_opening
from psa_evidence.verify.render import render
from psa_evidence.verify.report import Check, Report
from psa_evidence.verify.verifier import verify_pack

__all__ = ["Check", "Report", "check_opening", "render", "verify_bag", "verify_pack"]
