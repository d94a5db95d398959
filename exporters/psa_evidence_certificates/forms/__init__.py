"""The forms, one module each, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from psa_evidence_certificates.draft import Form
from psa_evidence_certificates.forms import (
    bsa_63_a,
    bsa_63_b,
    cea_1995_s9,
    custody_transfer,
    declaration_1746,
    foundation,
    fre_902_11,
    fre_902_13,
    fre_902_14,
    notice,
)
from psa_evidence_certificates.knowledge import Knowledge

FORMS: Final[Mapping[str, Callable[[Knowledge], Form]]] = {
    "fre-902-11": fre_902_11.form,
    "fre-902-13": fre_902_13.form,
    "fre-902-14": fre_902_14.form,
    "notice": notice.form,
    "declaration-1746": declaration_1746.form,
    "cea-1995-s9": cea_1995_s9.form,
    "bsa-63-a": bsa_63_a.form,
    "bsa-63-b": bsa_63_b.form,
    "custody-transfer": custody_transfer.form,
    "foundation": foundation.form,
}
"""Name of the file -> what makes it. The same names stand in the matter file."""
