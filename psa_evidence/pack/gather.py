"""From a matter and a vault to the dossier: select, interpret, evaluate, examine. No file is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, cast

from psa_evidence.errors import ConfigurationError
from psa_evidence.format import Seal
from psa_evidence.matter import Matter, called, resolve_client
from psa_evidence.pack.changes import ChangeRow, change_rows
from psa_evidence.pack.custody import About, custody_log, names_of
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.hidden import secrets_of
from psa_evidence.pack.natives import Native, natives_of
from psa_evidence.pack.numbering import exhibit_map
from psa_evidence.pack.query_texts import QueryTexts, query_texts
from psa_evidence.pack.quoted import masked_quotes, refuse_masked_names
from psa_evidence.pack.select import ENTERED_OUTSIDE, OUTSIDE, Selection
from psa_evidence.pack.settings_in_force import as_promised, other_than, settings_in_force
from psa_evidence.pack.settings_updated import settings_updated
from psa_evidence.pack.terms import contract_terms
from psa_evidence.pack.unknown_names import unknown_names
from psa_evidence.pack.view import View, judge, view_of
from psa_evidence.pack.withholding import (
    Version,
    Withheld,
    masked_rows,
    version_of,
    without_versions,
    without_withheld,
)
from psa_evidence.records import REFERENCE_KINDS, Kind, Lacking
from psa_evidence.selftest import Secret
from psa_evidence.sla import attainment
from psa_evidence.spi import ClientName, Connector, Progress, RawRecord
from psa_evidence.vault import CaptureInfo, Disk, Drift, Vault
from psa_evidence.vault.times import instant
from psa_evidence.vault.witness_files import WitnessFiles, witness_of

MARGIN: Final = timedelta(days=1)
"""Records that bear a date and no time stand at midnight UTC, which in the matter's zone may be the day before."""

NOTHING: Final[Withheld] = {}

_TASK: Final = "records"


@dataclass(frozen=True, slots=True)
class Gathered:
    """The dossier; the raw records whose natives it names, as shown, with their earlier versions at the end, and in the
    same order as the vault holds them (for the proofs); what must not be found in the finished pack."""

    dossier: Dossier
    raw: tuple[RawRecord, ...]
    sealed: tuple[RawRecord, ...]
    hidden: tuple[Secret, ...] = ()


def gather(
    matter: Matter, vault: Vault, connector: Connector, *, software: str, progress: Progress,
    withheld: Withheld = NOTHING,
) -> Gathered:  # fmt: skip
    """`withheld` are fields of records that the pack must not show.

    Raises ConfigurationError when the client is not in the vault, or nothing of it was captured.
    """
    progress.start(_TASK, 5)
    try:
        client = resolve_client(vault, matter.client, connection=matter.connection)
        client = replace(client, name=called(client))
        held = vault.select(
            connection=matter.connection, client=client.id, since=matter.since - MARGIN, until=matter.until + MARGIN
        )
        known = settings_in_force(vault, connector, connection=matter.connection, client=client.id)
        settings = as_promised(known)
        earlier = _earlier(vault, matter, held)
        view = view_of(matter, vault, connector, client.id, held, withheld, earlier)
        progress.advance(_TASK)
        selection = _with_rest(vault, matter, client, view.selection)
        captures = _captures(vault, matter, client, [*held, *view.earlier.disclosed.raw])
        seals = _seals(vault, captures)
        as_of = max([c.finished_at or c.started_at for c in captures] + [r.captured_at for r in held])
        as_of = min(as_of, max((instant(seal.sealed_at) for seal in seals), default=as_of))  # a clock was set back
        as_of = as_of.replace(microsecond=0)  # as the manifest states it: what is made again has no other
        progress.advance(_TASK)
        lacking = vault.lacking(matter.connection)
        judged = judge(matter, view, settings, as_of=as_of, lacking=lacking)
        rows = attainment(
            selection.records,
            judged.results,
            time_zone=matter.time_zone,
            contract=contract_terms(matter),
            settings=settings,
        )
        progress.advance(_TASK, 2)
        documents = {d.id: d for d in selection.records.documents}
        before = view.earlier.disclosed
        natives, unnamed = natives_of(selection.raw, documents, view.disclosed, before)
        kept = {n.as_shown for n in natives}
        shown = tuple(r for r in selection.raw if version_of(r) in kept)
        versions = tuple(r for r in before.raw if version_of(r) in kept)
        sealed = (*view.disclosed.sealed(shown), *before.sealed(versions))
        files = _files(natives, (*shown, *versions), sealed)
        drift = vault.drift(
            connection=matter.connection, client=client.id, keys={(r.kind, r.id) for r in shown}, about=connector.info
        )
        witness, time_files = witness_of(WitnessFiles(vault.path, Disk()), seals)
        about = About(
            connection=matter.connection, client=client.id, names=names_of(client.id, client.identifier, client.name),
            matter=matter.name, captures={c.id for c in captures},
        )  # fmt: skip
        refuse_masked_names(matter, client.name, view.decisions.masker)
        quoted, masked_in = masked_quotes(matter, view.decisions.masker)
        dossier = Dossier(
            matter=quoted, client=client, software=software, vault=vault.id, as_of=as_of,
            population=selection.population, records=selection.records, results=judged.results,
            attainment=rows, findings=judged.findings, natives=natives, captured=selection.captured,
            left_out=selection.left_out, withheld=(*selection.withheld, *_unnamed(unnamed)), captures=captures,
            seals=seals, witness=witness, time_files=time_files, unnamed=len(unnamed),
            custody=custody_log(vault.custody.lines(), seals, about),
            exhibit_of=exhibit_map(selection.records, shown), drift=drift,
            record_changes=_changes(view, drift, selection, seals, files),
            settings_at=tuple(at for at, _ in settings), settings_other=other_than(known, held, files),
            earlier_withheld=view.earlier.withheld,
            behind=judged.behind, masked_quotes=masked_in,
            unknown_names=unknown_names(
                matter.contract, [view.whole.records, *(records for _, records in settings)], selection.records
            ),
            lacking=_of_tickets(lacking, {t.id for t in selection.population.tickets}),
            psa=connector.info.title if {c.connector for c in captures} <= {connector.info.name} else "",
            copied=dict(connector.info.copied), queries=_queries(vault, matter, client, captures[-1]),
            tickets_held=vault.span(connection=matter.connection, client=client.id, kind="ticket"),
            settings_updated=settings_updated(shown, connector.info),
        )  # fmt: skip
        progress.advance(_TASK)
        hidden = secrets_of(view, (*held, *earlier), (*shown, *versions))
        return Gathered(dossier, (*shown, *versions), sealed, hidden)
    finally:
        progress.finish(_TASK)


def _earlier(vault: Vault, matter: Matter, held: Sequence[RawRecord]) -> tuple[RawRecord, ...]:
    """Earlier versions of what is held. One with the capture and the bytes of the newest is the same to the vault."""
    found = vault.earlier(matter.connection, {(r.kind, r.id) for r in held})
    newest = {version_of(record) for record in held} if found else set()
    return tuple(record for record in found if version_of(record) not in newest)


def _files(
    natives: Sequence[Native], shown: Sequence[RawRecord], sealed: Sequence[RawRecord]
) -> dict[Version, str]:  # fmt: skip
    """The file of each version, by the version as the vault holds it."""
    path = {native.as_shown: native.path for native in natives}
    return {version_of(original): path[version_of(record)] for record, original in zip(shown, sealed, strict=True)}


def _changes(
    view: View, drift: Drift, selection: Selection, seals: Sequence[Seal], files: Mapping[Version, str]
) -> tuple[ChangeRow, ...]:
    number = {seal.capture: seal.number for seal in seals}
    natives = {(kind, id_, number.get(capture, 0), sha): path for (kind, id_, capture, sha), path in files.items()}
    rows = change_rows(drift, selection.records, natives)
    gone = {}
    for step in drift.steps:
        for version in (step.before, step.after):
            if (reason := view.earlier.gone.get((f"{version.kind}/{version.id}", version.sha256))) is not None:
                gone[f"{version.kind}/{version.id}", version.seal] = reason
    return masked_rows(without_versions(without_withheld(rows, view.withheld), gone), view.decisions.masker)


def _with_rest(vault: Vault, matter: Matter, client: ClientName, selection: Selection) -> Selection:
    """Counts what the vault holds of the client beyond the days that were read, as out of scope."""
    held = vault.captured(connection=matter.connection, client=client.id)
    left_out = list(selection.left_out)
    captured = dict(selection.captured)
    for name, count in held.items():
        kind = cast("Kind", name)
        beyond = count - captured.get(kind, 0)
        if kind not in REFERENCE_KINDS and beyond > 0:
            left_out.append((kind, ENTERED_OUTSIDE if kind == "ticket" else OUTSIDE, beyond))
            captured[kind] = count
    merged: Counter[tuple[Kind, str]] = Counter()
    for kind, reason, number in left_out:
        merged[kind, reason] += number
    return replace(
        selection,
        captured=dict(sorted(captured.items())),
        left_out=tuple((kind, reason, n) for (kind, reason), n in sorted(merged.items())),
    )


def _of_tickets(lacking: Sequence[Lacking], tickets: Collection[str]) -> tuple[Lacking, ...]:
    """What is lacking of these tickets, of the targets by which they are judged, or of whichever record."""
    keys = {f"ticket/{ticket_id}" for ticket_id in tickets}
    return tuple(one for one in lacking if one.parent is None or one.parent in keys or one.kind == "sla_target")


def _unnamed(records: Sequence[RawRecord]) -> tuple[tuple[Kind, str, int], ...]:
    counts = Counter(r.kind for r in records)
    return tuple((kind, "its id cannot be a file name", n) for kind, n in sorted(counts.items()))


def _captures(vault: Vault, matter: Matter, client: ClientName, raw: Sequence[RawRecord]) -> tuple[CaptureInfo, ...]:
    """Captures of this connection that asked for this client, or that a record comes from; oldest first."""
    used = {r.capture for r in raw}
    found = tuple(
        c for c in vault.captures()
        if c.id in used
        or (c.connection == matter.connection and c.state != "failed"
            and (not c.scope.clients or client.id in c.scope.clients))
    )  # fmt: skip
    if not found or not raw:
        raise ConfigurationError(
            "The vault holds no capture of this client over this connection.",
            next_step="Run `psa-evidence capture` for the client, or correct `connection` in the matter file.",
        )
    return found


def _queries(vault: Vault, matter: Matter, client: ClientName, newest: CaptureInfo) -> QueryTexts:
    others = {
        name for other in vault.clients(matter.connection) if other.id != client.id
        for name in (other.name, other.identifier)
    }  # fmt: skip
    return query_texts(newest.id, vault.addresses(newest.id), others)


def _seals(vault: Vault, captures: Sequence[CaptureInfo]) -> tuple[Seal, ...]:
    """All seals from the first to that of the newest capture considered: the whole chain up to it, also where nothing
    new was captured last."""
    used = {c.id for c in captures}
    seals = vault.seals()
    last = max((s.number for s in seals if s.capture in used), default=0)
    return tuple(s for s in seals if s.number <= last)
