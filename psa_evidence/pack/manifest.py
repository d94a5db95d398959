"""The pack's manifest: its files, its records with their places in the seals, its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from psa_evidence.format import Manifest, ManifestFile, ManifestRecord, ManifestSeal
from psa_evidence.format.manifest import LAYOUT, LAYOUT_COUNT
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.missed import misses
from psa_evidence.pack.withholding import Version
from psa_evidence.pack.wording import utc


def counts_of(dossier: Dossier) -> dict[str, int]:
    """Figures of the pack that rest on its records."""
    return {
        "natives": len(dossier.natives),
        "earlier_versions": len(dossier.earlier),
        "tickets": len(dossier.population.tickets),
        "captured": sum(dossier.captured.values()),
        "out_of_scope": sum(n for _, _, n in dossier.left_out),
        "withheld": sum(n for _, _, n in dossier.withheld),
        "missed_contract": len(misses(dossier, "contract")),
        "missed_psa": len(misses(dossier, "psa")),
        "missed_strict": len(misses(dossier, "strict")),
        "unread": len(dossier.records.unread),
        "withheld_fields": sum(n.withheld for n in dossier.natives),
    }


def with_files(
    counted: Mapping[str, int], *, exhibits: int, tables: Mapping[str, int], logs: Mapping[str, int]
) -> dict[str, int]:
    """All figures of the pack, and its layout. `natives`, `withheld_fields`, `table:<name>` and `log:<name>` can be
    counted again from the files."""
    return {
        **counted,
        LAYOUT_COUNT: LAYOUT,
        "exhibits": exhibits,
        **{f"table:{name}": n for name, n in tables.items()},
        **{f"log:{name}": n for name, n in logs.items()},
    }


def manifest_of(
    dossier: Dossier,
    *,
    files: Sequence[ManifestFile],
    places: Mapping[Version, tuple[int, int]],
    counts: dict[str, int],
    pdfs: Sequence[str],
) -> Manifest:
    """`places` say at which leaf of which seal each record stands."""
    return Manifest(
        matter=dossier.matter.name,
        client=dossier.client.name,
        copy=dossier.matter.copy,
        as_of=utc(dossier.as_of),
        software=dossier.software,
        vault=dossier.vault,
        witness=dossier.witness,
        counts=counts,
        pdfs=tuple(pdfs),
        files=tuple(sorted(files, key=lambda f: f.path)),
        records=tuple(
            ManifestRecord(
                n.kind,
                n.id,
                n.path,
                n.sha256,
                *places[n.as_shown],
                dossier.exhibit_of.get(n.key) if n.is_newest else None,
            )
            for n in dossier.natives
        ),
        seals=tuple(ManifestSeal(s.number, f"seals/{s.number:06d}.json", s.digest()) for s in dossier.seals),
    )
