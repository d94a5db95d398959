"""The chapters of the report: one small module each, a function from the dossier to a part, in one fixed order.

A part with nothing to show says so in one line; none is left out in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.parts import (
    attainment,
    breaches,
    changes,
    chronology,
    contract,
    cover,
    custody,
    exhibit_index,
    glossary,
    how_to_verify,
    illustrations,
    integrity,
    invoices,
    limitations,
    methodology,
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
    questions.part,
    exhibit_index.part,
    illustrations.part,
    custody.part,
    integrity.part,
    withheld.part,
    glossary.part,
    how_to_verify.part,
    limitations.part,
)


def parts(dossier: Dossier) -> tuple[Part, ...]:
    """All parts, numbered by their place in the order."""
    return tuple(make(dossier, number) for number, make in enumerate(ORDER, 1))
