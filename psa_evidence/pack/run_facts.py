"""The facts of the run, read off the dossier: what a custodian, an examiner or a receiver may have to state."""

from __future__ import annotations

from psa_evidence.matter import MODE_MEANING
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.time_stamps import time_stamps
from psa_evidence.spi import CaptureFacts, Examined, KindCount, RunFacts, SealFacts
from psa_evidence.vault import CaptureInfo


def run_facts(dossier: Dossier) -> RunFacts:
    """What is not recorded is None or empty."""
    matter, system = dossier.matter, dossier.records.system
    return RunFacts(
        matter=matter.name, client=dossier.client.name, client_id=dossier.client.id, parties=matter.parties,
        provider=provider(dossier), mode=matter.mode, mode_meaning=MODE_MEANING[matter.mode], copy=matter.copy,
        agreement=matter.agreement, first_day=matter.first_day, last_day=matter.last_day, since=matter.since,
        until=matter.until, time_zone=matter.time_zone, as_of=dossier.as_of, connection=matter.connection,
        psa=dossier.psa or ", ".join(dict.fromkeys(c.connector for c in dossier.captures)),
        psa_version=system.version if system else None, psa_cloud=system.cloud if system else None,
        psa_time_zone=system.time_zone if system else None, software=dossier.software, vault=dossier.vault,
        captures=tuple(_capture(c) for c in dossier.captures),
        seals=tuple(
            SealFacts(number=s.number, capture=s.capture, sealed_at=s.sealed_at, leaves=s.leaves, root=s.root,
                      digest=s.digest())
            for s in dossier.seals
        ),
        counts=kind_counts(dossier),
        examined=tuple(
            Examined(
                id=f.id, title=f.title, statements=max(len(f.statements) - 1, 0),
                adverse=sum(s.adverse for s in f.statements) if dossier.counsel else None,
            )
            for f in dossier.findings
        ),
        tickets=len(dossier.population.tickets), unread=len(dossier.records.unread), natives=len(dossier.natives),
        natives_bytes=sum(n.size for n in dossier.natives), natives_digest=dossier.natives_digest,
        permissions=tuple(
            (p.module, p.function, p.inquire or "")
            for p in sorted(dossier.records.permissions, key=lambda p: (p.module, p.function, p.id))
        ),
        witness=tuple(
            f"{'DEMONSTRATION, proves nothing: ' if t.demonstration else ''}{t.covers}, stamped {wording.utc(t.at)} by "
            f"{t.signer} (RFC 3161, serial {t.serial}, file {t.claim.path})"
            for t in time_stamps(dossier)
        ),
    )  # fmt: skip


def provider(dossier: Dossier) -> str | None:
    """The provider as the matter file names it (`parties.msp`), None when it does not."""
    return next((name for label, name in dossier.matter.parties if label.casefold() == "msp"), None)


def kind_counts(dossier: Dossier) -> tuple[KindCount, ...]:
    made = []
    for kind, captured in dossier.captured.items():
        out = sum(n for k, _, n in dossier.left_out if k == kind)
        held = sum(n for k, _, n in dossier.withheld if k == kind)
        included = captured - out - held
        made.append(
            KindCount(
                kind=kind, name=wording.named(kind), captured=captured, included=included, withheld=held,
                out_of_scope=out,
            )
        )  # fmt: skip
    return tuple(made)


def _capture(info: CaptureInfo) -> CaptureFacts:
    offset, host = info.facts.get("clock_offset_seconds"), info.facts.get("host")
    return CaptureFacts(
        id=info.id, connector=info.connector, connector_version=info.connector_version, software=info.software,
        state=info.state, started_at=info.started_at, finished_at=info.finished_at, exchanges=info.exchanges,
        records=info.records, asked=sum(c.get("asked") or 0 for c in info.counts.values()),
        received=sum(c.get("received") or 0 for c in info.counts.values()), missing=len(info.missing),
        clock_offset=float(offset) if isinstance(offset, int | float) and not isinstance(offset, bool) else None,
        host=host if isinstance(host, str) else None,
    )  # fmt: skip
