"""A pack's figures and tables made again from its natives alone, and compared with those it brings, byte for byte.

1. Every native has the digest that the manifest gives it.
2. The terms are those of data/terms.json, which a matter file that is given must state too. The natives are
   interpreted, the SLA is computed, and each table that rests on records alone is written again by the same exporter;
   the Bates numbers come from data/logs/bates.csv.
3. The figures of the manifest are counted again.

Tickets are judged by the settings in force when they were entered: the pack brings every version of a setting, and
data/terms.json says which a capture knew. Packs of older versions bring the newest only.

Not made again, because more than natives went into it: the population and the changes between captures (the vault
counts what vanished; `verify` compares edits with the natives), and pages, which `verify` checks by the manifest. Where
a copy withholds something, figures were computed with it; where a version of a setting is not in the pack, it is named.
A table that differs then is not judged.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Final, Literal, cast, get_args
from zoneinfo import ZoneInfo

from psa_evidence.errors import ConfigurationError, VerificationError
from psa_evidence.findings import examine
from psa_evidence.format import Disclosed, FormatError, Manifest, Seal, sha256
from psa_evidence.matter import Copy, Matter
from psa_evidence.pack import zone_data
from psa_evidence.pack.custody import CustodyLog
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.manifest import counts_of
from psa_evidence.pack.natives import natives_of
from psa_evidence.pack.numbering import exhibit_map
from psa_evidence.pack.select import select
from psa_evidence.pack.tables import tables
from psa_evidence.pack.terms import calendar_zone, contract_terms
from psa_evidence.pack.terms_file import FILE as TERMS
from psa_evidence.pack.terms_file import SettingsOther, Terms, terms_document, terms_of
from psa_evidence.pack.withholding import Disclosed as InPart
from psa_evidence.pack.withholding import Version, version_of
from psa_evidence.records import REFERENCE_KINDS, Digest, Kind, Lacking, RecordSet
from psa_evidence.sla import attainment, evaluate
from psa_evidence.spi import (
    Bates,
    ClientName,
    Connector,
    Cover,
    Exporter,
    PackContent,
    Pagination,
    RawRecord,
    Silent,
)
from psa_evidence.vault import SETTINGS_IN_FORCE, Drift

Outcome = Literal["agrees", "differs", "not judged"]

NOT_FROM_NATIVES: Final[Mapping[str, str]] = {
    "lacking": "no native shows what did not come",
    "population": "the vault counts what is out of scope",
    "record_changes": "the vault's lists say what vanished; edits are compared by psa-evidence verify",
}
COUNTED: Final = (
    "natives",
    "earlier_versions",
    "tickets",
    "missed_contract",
    "missed_psa",
    "missed_strict",
    "unread",
    "withheld_fields",
)
"""Figures of the manifest that rest on natives alone."""

_NO_DRIFT: Final = Drift(
    since=0,
    until=0,
    known=0,
    unchanged=0,
    not_fetched=0,
    steps=(),
    vanished=(),
    returned=(),
    back_dated=(),
    hidden=(),
    added={},
    unlisted={},
)
_NAMED: Final = 5
"""Settings that are named, of more that are counted."""
_NO_LOG: Final = CustodyLog(rows=(), lines=(), withheld=0, head=None, heads=())


@dataclass(frozen=True, slots=True)
class Compared:
    """`what` is a native, a table or a figure of the pack."""

    what: str
    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """`withholds`: whether the pack withholds something, so that differences are not judged; `settings` are keys of
    settings of which another version, which is not in the pack, governed tickets, with the same consequence."""

    compared: tuple[Compared, ...]
    withholds: bool
    settings: tuple[str, ...] = ()
    zone_data: tuple[str, str] | None = None
    """Editions of the time zone data, the pack's and that of this computer, where they are not the same."""

    def count(self, outcome: Outcome) -> int:
        return sum(1 for c in self.compared if c.outcome == outcome)

    @property
    def agrees(self) -> bool:
        return not self.count("differs")


def connector_of(pack: Path) -> str:
    """The name of the connector that fetched the records, by the newest seal. Raises VerificationError."""
    found = (path for path in (pack / "seals").glob("*.json") if path.stem.isdecimal())  # renewals lie beside them
    seals = sorted(found, key=lambda path: int(path.stem))
    try:
        return Seal.read(seals[-1].read_bytes()).connector.name
    except (IndexError, OSError, FormatError) as error:
        raise _broken("no seal can be read") from error


def copy_of(pack: Path) -> Copy:
    """Which copy the pack says it is. Raises VerificationError."""
    copy = _manifest(pack).copy
    if copy not in get_args(Copy):
        raise _broken("its manifest names no copy that is known")
    return cast("Copy", copy)


def rebuild(pack: Path, matter: Matter | None, connector: Connector, exporter: Exporter) -> Rebuilt:
    """`exporter` writes the tables. Without `matter` the terms that the pack states are taken; with it they must be
    the same. Raises ConfigurationError when the matter is another, VerificationError when the pack cannot be read as
    one."""
    manifest = _manifest(pack)
    stated = _terms(pack)
    if matter is None and stated is None:
        raise ConfigurationError(
            "This pack does not state its terms.", why=f"It has no {TERMS}: an older version made it.",
            next_step="Name the matter file that it was built from with --matter.",
        )  # fmt: skip
    given, matter = matter, matter or cast("Terms", stated).matter
    if manifest.matter != matter.name or manifest.copy != matter.copy:
        raise ConfigurationError(
            "The matter file is not that of this pack.",
            why=f"The pack is a {manifest.copy} copy, and its matter or copy is another.",
            next_step="Give the matter file that it was built from; the copy is taken from the pack.",
        )
    natives = [_native(pack, r.native, r.sha256) for r in manifest.records]
    withholds = manifest.counts.get("withheld", 0) + manifest.counts.get("withheld_fields", 0) > 0
    made = _content(pack, manifest, matter, connector, stated.settings if stated is not None else ())
    unjudged = "the copy withholds records or fields" if withholds else ""
    if made.settings:
        others = f", and {len(made.settings) - _NAMED:,} more" if len(made.settings) > _NAMED else ""
        unjudged = f"earlier versions of settings are not in the pack: {', '.join(made.settings[:_NAMED])}{others}"
    compared = [*natives, *_tables(pack, made, exporter, unjudged=unjudged)]
    if given is not None and stated is not None:
        compared.append(_same_terms(given, stated))
    compared += _figures(manifest, made.counts, unjudged=unjudged)
    return Rebuilt(tuple(compared), withholds, made.settings, _editions(pack, matter))


def _editions(pack: Path, matter: Matter) -> tuple[str, str] | None:
    try:
        there = zone_data.stated((pack / "bag-info.txt").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    here = zone_data.edition(matter.time_zone) or zone_data.UNNAMED
    return None if there in {None, here} else (there or "", here)


def _terms(pack: Path) -> Terms | None:
    """None when the pack has no such file."""
    try:
        return terms_of((pack / TERMS).read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _broken(f"{TERMS} cannot be read") from error


def _same_terms(matter: Matter, stated: Terms) -> Compared:
    """The client is named in another way in each, and a matter file says nothing of captures."""
    client = stated.matter.client
    one, other = (terms_document(each, client=client, settings=()) for each in (matter, stated.matter))
    if one == other:
        return Compared(TERMS, "agrees")
    return Compared(TERMS, "differs", "the matter file states other terms than the pack")


def _native(pack: Path, path: str, digest: str) -> Compared:
    try:
        good = sha256((pack / path).read_bytes()) == digest
    except OSError:
        return Compared(path, "differs", "it is not there")
    return Compared(path, "agrees" if good else "differs", "" if good else "it has another digest")


@dataclass(frozen=True, slots=True)
class _Made:
    content: PackContent
    pagination: Pagination
    counts: Mapping[str, int]
    settings: tuple[str, ...]


def _content(pack: Path, manifest: Manifest, matter: Matter, connector: Connector, stated: SettingsOther) -> _Made:
    read = _raw(pack, manifest)
    raw, in_part = read.newest.raw, read.newest
    everything = connector.interpret(raw)
    client = next(iter(everything.clients), None)
    name = ClientName(
        id=client.id if client else "", name=manifest.client, identifier=client.identifier if client else ""
    )
    raw = tuple(r if r.kind in REFERENCE_KINDS else _of(r, name.id) for r in raw)
    selection = select(raw, everything, matter=matter, client=name.id)
    as_of = datetime.fromisoformat(manifest.as_of)
    settings = _settings(connector, read, stated, name.id) or ((as_of, everything),)
    lacking = _lacking(pack)
    results = evaluate(
        selection.records, as_of=as_of, settings=settings, time_zone=calendar_zone(matter),
        contract=contract_terms(matter), lacking=lacking, every_open_period=True,
    )  # fmt: skip
    documents = {d.id: d for d in selection.records.documents}
    natives, _ = natives_of(raw, documents, in_part, read.earlier)
    dossier = Dossier(
        matter=matter, client=name, software=manifest.software, vault=manifest.vault, as_of=as_of,
        population=selection.population, records=selection.records, results=results,
        attainment=attainment(
            selection.records, results, time_zone=matter.time_zone, contract=contract_terms(matter), settings=settings
        ),
        findings=examine(selection.records, results, as_of=as_of, zone=ZoneInfo(matter.time_zone)),
        natives=natives, captured=selection.captured, left_out=(), captures=(), seals=(),
        custody=_NO_LOG, drift=_NO_DRIFT, record_changes=(),
        exhibit_of=exhibit_map(selection.records, raw), settings_at=tuple(at for at, _ in settings), lacking=lacking,
        copied=dict(connector.info.copied),
    )  # fmt: skip
    content = PackContent(
        cover=Cover(matter="", subtitle="", facts=()), parts=(), exhibits=(), tables=tables(dossier),
        bates=Bates(prefix=matter.prefix(name.name)), time_zone=matter.time_zone, as_of=as_of,
    )  # fmt: skip
    rows = _rows(pack / "data/logs/bates.csv")
    exhibits = {r["exhibit"]: (r["first"], r["last"]) for r in rows if r["state"] == "in this pack"}
    pagination = Pagination(exhibits=exhibits, parts={}, exhibit_pages=0, report_pages=0)
    governed = {dossier.settings_of(ticket)[0] for ticket in selection.population.tickets}
    other = tuple(sorted({one.record for at, keys in stated if at in governed for one in keys if not one.is_there}))
    return _Made(content, pagination, counts_of(dossier), other)


@dataclass(frozen=True, slots=True)
class _Read:
    """The newest version of each record, and the earlier ones, of each the last first; `path` has each by its file."""

    newest: InPart
    earlier: InPart
    path: Mapping[str, RawRecord]


def _raw(pack: Path, manifest: Manifest) -> _Read:
    """The records to be read, and the files of those that are shown in part. The newest version of a record stands in
    the last of its seals, furthest in it."""
    known = {r["native"]: r for r in _rows(pack / "data/tables/natives.csv")}
    path: dict[str, RawRecord] = {}
    order: dict[tuple[str, str], list[tuple[int, int, RawRecord]]] = {}
    document: dict[Version, bytes] = {}
    fields: dict[Version, int] = {}
    for record in manifest.records:
        row = known.get(record.native)
        if row is None:
            raise _broken(f"data/tables/natives.csv does not list {record.native}")
        try:
            body = (pack / record.native).read_bytes()
            shown = Disclosed.read(body) if record.in_part else None
        except (OSError, FormatError) as error:
            raise _broken(f"the native {record.native} cannot be read") from error
        made = RawRecord(
            kind=cast("Kind", record.kind), id=record.id, sha256=Digest(record.sha256),
            body=body if shown is None else shown.shown(), client=None, parent=row["parent"] or None,
            capture=row["capture"], captured_at=datetime.fromisoformat(row["captured_at"]),
        )  # fmt: skip
        if shown is not None:
            document[version_of(made)], fields[version_of(made)] = body, shown.withheld()
        path[record.native] = made
        order.setdefault((record.kind, record.id), []).append((record.seal, record.index, made))
    ordered = [sorted(versions, key=itemgetter(0, 1), reverse=True) for versions in order.values()]
    newest, earlier = [], []
    for (_, _, first), *others in ordered:
        newest.append(first)
        earlier += [version for _, _, version in others]
    return _Read(InPart(tuple(newest), document, {}, fields), InPart(tuple(earlier), document, {}, fields), path)


def _settings(
    connector: Connector, read: _Read, stated: SettingsOther, client: str
) -> tuple[tuple[datetime, RecordSet], ...]:  # fmt: skip
    """What each capture knew of the settings, by the terms: the newest versions, but for those that it knew otherwise
    or did not know."""
    newest = {record.key: record for record in read.newest.raw if record.kind in SETTINGS_IN_FORCE}
    made: dict[tuple[RawRecord, ...], RecordSet] = {}
    found = []
    for at, others in stated:
        there = dict(newest)
        for other in others:
            if not other.known:
                there.pop(other.record, None)
            elif other.native is not None:
                there[other.record] = _version_at(read, other.native, other.record)
        records = tuple(r if r.kind in REFERENCE_KINDS else _of(r, client) for r in there.values())
        if records not in made:
            made[records] = connector.interpret(records)
        found.append((at, made[records]))
    return tuple(found)


def _version_at(read: _Read, native: str, key: str) -> RawRecord:
    record = read.path.get(native)
    if record is None or record.key != key:
        raise _broken(f"{TERMS} names {native} as a version of {key}, which it is not")
    return record


def _lacking(pack: Path) -> tuple[Lacking, ...]:
    """What the pack says did not come; older packs have no such table."""
    path = pack / "data/tables/lacking.csv"
    rows = _rows(path) if path.is_file() else ()
    try:
        return tuple(
            Lacking(
                parent=_whose(row["ticket"], row["kind"]), kind=cast("Kind", row["kind"]),
                reason=row["reason"], capture=row["capture"], at=datetime.fromisoformat(row["captured_at"]),
            )
            for row in rows
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise _broken(f"{path.name} cannot be read") from error


def _whose(cell: str, kind: str) -> str | None:
    """The key of the record that something lacks; targets hang on an SLA, whose key stands there whole."""
    return None if not cell else cell if kind == "sla_target" else f"ticket/{cell}"


def _of(record: RawRecord, client: str) -> RawRecord:
    return replace(record, client=client)


def _tables(pack: Path, made: _Made, exporter: Exporter, *, unjudged: str) -> list[Compared]:
    found = []
    with tempfile.TemporaryDirectory(prefix="psa-evidence-") as folder:
        exporter.export(made.content, Path(folder), pagination=made.pagination, manifest=None, progress=Silent())
        for table in made.content.tables:
            path = f"data/tables/{table.name}.csv"
            found.append(_compared(path, pack / path, Path(folder) / f"{table.name}.csv", unjudged=unjudged))
    return found


def _compared(path: str, theirs: Path, ours: Path, *, unjudged: str) -> Compared:
    """`unjudged`: why a difference is no fault; empty when it is one."""
    if (why := NOT_FROM_NATIVES.get(theirs.stem)) is not None:
        return Compared(path, "not judged", why)
    if not theirs.is_file():
        return Compared(path, "differs", "it is not in the pack")
    one, other = theirs.read_bytes(), ours.read_bytes()
    if one == other:
        return Compared(path, "agrees")
    lines, again = set(one.split(b"\r\n")), set(other.split(b"\r\n"))
    gone, new = len(lines - again), len(again - lines)
    detail = f"lines of the pack that were not made again: {gone:,}; others that were: {new:,}"
    if unjudged:
        return Compared(path, "not judged", f"{detail}; {unjudged}")
    return Compared(path, "differs", detail)


def _figures(manifest: Manifest, counts: Mapping[str, int], *, unjudged: str) -> list[Compared]:
    found = []
    for name in COUNTED:
        if name not in manifest.counts and name == "earlier_versions":
            continue  # of an older version, which brings none
        theirs, ours = manifest.counts.get(name), counts[name]
        same = theirs == ours
        detail = "" if same else f"the pack says {theirs}, made again {ours}"
        found.append(Compared(f"figure {name}", "agrees" if same else "not judged" if unjudged else "differs", detail))
    return found


def _rows(path: Path) -> Sequence[dict[str, str]]:
    try:
        return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _broken(f"{path.name} cannot be read") from error


def _manifest(pack: Path) -> Manifest:
    try:
        return Manifest.read((pack / "data/manifest.json").read_bytes())
    except (OSError, FormatError) as error:
        raise _broken("its manifest cannot be read") from error


def _broken(why: str) -> VerificationError:
    return VerificationError(
        "The pack cannot be made again.", why=f"{why[0].upper()}{why[1:]}.",
        next_step="Check it with psa-evidence verify first; a ZIP must be unpacked.",
    )  # fmt: skip
