"""The order in which priorities are shown: the PSA's own, then the names it does not list."""

from __future__ import annotations

from collections.abc import Iterable

from psa_evidence.pack.dossier import Dossier


def by_priority(dossier: Dossier, names: Iterable[str]) -> list[str]:
    sort = {p.name: (p.sort if p.sort is not None else 1_000_000) for p in dossier.records.priorities}
    return sorted(names, key=lambda name: (sort.get(name, 1_000_001), name))
