"""The parts of the report: one small module each, a function from the dossier to a part, in one fixed order.

A part with nothing to show says so in one line; none is left out in silence: a matter file may leave some out, which
the part on what is withheld then says.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Final

from psa_evidence.errors import ConfigurationError
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts import (
    adverse_facts,
    attainment,
    breaches,
    changes,
    chronology,
    contract,
    cover,
    custody,
    exhibit_index,
    glossary,
    handover,
    how_to_verify,
    illustrations,
    incidents,
    integrity,
    invoices,
    limitations,
    methodology,
    notice,
    one_page_answer,
    psa_figures,
    questions,
    recommendations,
    record_keeping,
    record_quality,
    scope,
    services,
    waiting,
    withheld,
    withheld_beside,
)
from psa_evidence.spi import Part

ORDER: Final[tuple[Callable[[Dossier, int], Part], ...]] = (
    cover.part,
    one_page_answer.part,
    scope.part,
    record_keeping.part,
    methodology.part,
    contract.part,
    attainment.part,
    breaches.part,
    psa_figures.part,
    services.part,
    record_quality.part,
    changes.part,
    chronology.part,
    waiting.part,
    recommendations.part,
    invoices.part,
    incidents.part,
    handover.part,
    questions.part,
    exhibit_index.part,
    illustrations.part,
    notice.part,
    custody.part,
    integrity.part,
    withheld.part,
    glossary.part,
    how_to_verify.part,
    limitations.part,
    adverse_facts.part,
)


COUNSEL_ONLY: Final = frozenset({adverse_facts.part})
"""In no copy but counsel's. They come last, so that no number is missing in another copy."""

KEPT: Final = frozenset({"cover-facts", "scope", "withheld", "limitations", "integrity"})
"""What no report goes without: whose it is, what it counts and leaves out, what it cannot say, how it is sealed."""


def parts(dossier: Dossier) -> tuple[Part, ...]:
    """All parts of this copy but those that the matter file leaves out, numbered by their place in the whole order.

    Raises ConfigurationError for a name that is none, or that must stay.
    """
    made = [
        withheld_beside.beside(dossier, make(dossier, number))
        for number, make in enumerate(ORDER, 1)
        if dossier.matter.copy == "counsel" or make not in COUNSEL_ONLY
    ]
    unwanted = set(dossier.matter.left_out_parts)
    known = {p.id for p in made} | {cover.ADVERSE}
    for name in sorted(unwanted - (known - KEPT)):
        near = difflib.get_close_matches(name, sorted(known - KEPT), n=1)
        raise ConfigurationError(
            f"[parts] leave_out names {name!r}, which {'cannot be left out' if name in KEPT else 'is no part'}.",
            next_step=f"Did you mean {near[0]!r}?" if near else f"Choose among: {', '.join(sorted(known - KEPT))}.",
        )
    return tuple(part for part in made if part.id not in unwanted)
