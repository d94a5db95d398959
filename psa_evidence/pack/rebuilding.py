"""A pack's figures and tables made again from its natives alone, and compared with those it brings, byte for byte.

1. Every native has the digest that the manifest gives it.
2. The terms are those of data/terms.json, which a matter file that is given must state too. The natives are
   interpreted, the SLA is computed, and each table that rests on records alone is written again by the same exporter,
   with the explanation of the columns; the Bates numbers come from data/logs/bates.csv.
3. What each exhibit says, and the load file with all its files, are made again (`rebuilding_exhibits`).
4. The page that checks packs is that of this program.
5. The figures of the manifest are counted again, and each file that it lists is there.

Tickets are judged by the settings in force when they were entered: the pack brings every version of a setting, and
data/terms.json says which a capture knew. Packs of older versions bring the newest only.

Not made again, because more than natives went into it: the population and the changes between captures (the vault
counts what vanished; `verify` compares edits with the natives); and files that `Rebuilt.not_made` names, each with what
checks it instead. Where a copy withholds something, figures were computed with it; where a version of a setting is not
in the pack, it is named. What differs then is not judged; nor are words, where another version of this program wrote
them.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Final, cast, get_args
from zoneinfo import ZoneInfo

from psa_evidence.errors import ConfigurationError, VerificationError
from psa_evidence.findings import examine
from psa_evidence.format import Disclosed, FormatError, Manifest, Seal, sha256
from psa_evidence.matter import Copy, Matter
from psa_evidence.pack import page, zone_data
from psa_evidence.pack.bag import files_below
from psa_evidence.pack.changes import ChangeRow
from psa_evidence.pack.compared import Compared, Outcome, compared
from psa_evidence.pack.custody import CustodyLog
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.issuing import IN_PACK
from psa_evidence.pack.manifest import counts_of
from psa_evidence.pack.natives import natives_of
from psa_evidence.pack.not_made import NotMade, files_not_made
from psa_evidence.pack.numbering import exhibit_map
from psa_evidence.pack.rebuilding_exhibits import Numbered, remade, settings_changes
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

NOT_FROM_NATIVES: Final[Mapping[str, str]] = {
    "lacking": "no native shows what did not come",
    "population": "the vault counts what is out of scope",
    "record_changes": "the vault's lists say what vanished; edits are compared by psa-evidence verify",
}
LEDGER: Final = "data/logs/bates.csv"
COLUMNS: Final = "data/tables/columns.csv"
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
class Rebuilt:
    """`withholds`: whether the pack withholds something, so that differences are not judged; `settings` are keys of
    settings of which another version, which is not in the pack, governed tickets, with the same consequence.
    `not_made` are files of the pack with which nothing was compared."""

    compared: tuple[Compared, ...]
    withholds: bool
    settings: tuple[str, ...] = ()
    not_made: tuple[NotMade, ...] = ()
    zone_data: tuple[str, str] | None = None
    """Editions of the time zone data, the pack's and that of this computer, where they are not the same."""

    def count(self, outcome: Outcome) -> int:
        return sum(1 for c in self.compared if c.outcome == outcome)

    @property
    def agrees(self) -> bool:
        return not self.count("differs")

    @property
    def all_judged(self) -> bool:
        """Whether all was judged but for what no pack lets anybody make again."""
        always = {_table(name) for name in NOT_FROM_NATIVES}
        return all(c.outcome != "not judged" or c.what in always for c in self.compared)


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


def rebuild(
    pack: Path, matter: Matter | None, connector: Connector, exporter: Exporter, *, loadfile: Exporter | None = None,
    software: str = "",
) -> Rebuilt:  # fmt: skip
    """`exporter` writes the tables, `loadfile` the load file. Without `matter` the terms that the pack states are
    taken; with it they must be the same. `software` is this program as a manifest names it; words that another wrote
    are not judged. Raises ConfigurationError when the matter is another, VerificationError when the pack cannot be
    read as one."""
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
    words = unjudged
    if not words and software and manifest.software != software:
        words = f"its words are those of {manifest.software}; this is {software}"
    found = [*natives, *_tables(pack, made, exporter, unjudged=unjudged, words=words)]
    found += remade(pack, manifest, made.content, made.dossier, made.numbers, loadfile, unjudged=words)
    found.append(_page(pack, words))
    if given is not None and stated is not None:
        found.append(_same_terms(given, stated))
    found += _figures(manifest, made.counts, unjudged=unjudged)
    there = files_below(pack)
    done = {c.what for c in found}
    found += _gone(manifest, there, done)
    not_made = files_not_made(there, done)
    return Rebuilt(tuple(found), withholds, made.settings, not_made, _editions(pack, matter))


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


def _page(pack: Path, words: str) -> Compared:
    with tempfile.TemporaryDirectory(prefix="psa-evidence-") as folder:
        ours = Path(folder) / "page.html"
        ours.write_bytes(page.page_bytes())
        return compared(page.FILE, pack / page.FILE, ours, unjudged=words)


def _native(pack: Path, path: str, digest: str) -> Compared:
    try:
        good = sha256((pack / path).read_bytes()) == digest
    except OSError:
        return Compared(path, "differs", "it is not there")
    return Compared(path, "agrees" if good else "differs", "" if good else "it has another digest")


def _gone(manifest: Manifest, there: Iterable[str], done: Container[str]) -> list[Compared]:
    """A folder that was taken out whole, as the load file may be, leaves nothing that could be compared."""
    listed = {file.path for file in manifest.files}.union(manifest.pdfs)
    paths = sorted(path for path in listed.difference(there) if path not in done)
    return [Compared(path, "differs", "the manifest lists it, and it is not in the pack") for path in paths]


@dataclass(frozen=True, slots=True)
class _Made:
    content: PackContent
    dossier: Dossier
    numbers: tuple[Numbered, ...]
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
    as_of = _instant(manifest.as_of, "its manifest")
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
        custody=_NO_LOG, drift=_NO_DRIFT, record_changes=_settings_changes(pack), psa=connector.info.title,
        exhibit_of=exhibit_map(selection.records, raw), settings_at=tuple(at for at, _ in settings), lacking=lacking,
        copied=dict(connector.info.copied),
    )  # fmt: skip
    content = PackContent(
        cover=Cover(matter="", subtitle="", facts=()), parts=(), exhibits=(), tables=tables(dossier),
        bates=Bates(prefix=matter.prefix(name.name)), time_zone=matter.time_zone, as_of=as_of,
    )  # fmt: skip
    numbers = _numbers(pack)
    unnumbered = dict.fromkeys(dossier.exhibit_of.values(), ("", ""))  # their rows differ, and they are named
    shown = unnumbered | {n.exhibit: (n.first, n.last) for n in numbers}
    pagination = Pagination(exhibits=shown, parts={}, exhibit_pages=0, report_pages=0)
    governed = {dossier.settings_of(ticket)[0] for ticket in selection.population.tickets}
    other = tuple(sorted({one.record for at, keys in stated if at in governed for one in keys if not one.is_there}))
    return _Made(content, dossier, numbers, pagination, counts_of(dossier), other)


@dataclass(frozen=True, slots=True)
class _Read:
    """The newest version of each record, and the earlier ones, of each the last first; `path` has each by its file."""

    newest: InPart
    earlier: InPart
    path: Mapping[str, RawRecord]


def _raw(pack: Path, manifest: Manifest) -> _Read:
    """The records to be read, and the files of those that are shown in part. The newest version of a record stands in
    the last of its seals, furthest in it."""
    rows = _rows(pack / "data/tables/natives.csv")
    if rows and not {"native", "parent", "capture", "captured_at"} <= rows[0].keys():
        raise _broken("data/tables/natives.csv lacks a column")
    known = {r["native"]: r for r in rows}
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
        captured_at = _instant(row["captured_at"], "data/tables/natives.csv")
        made = RawRecord(
            kind=cast("Kind", record.kind), id=record.id, sha256=Digest(record.sha256),
            body=body if shown is None else shown.shown(), client=None, parent=row["parent"] or None,
            capture=row["capture"], captured_at=captured_at,
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


def _numbers(pack: Path) -> tuple[Numbered, ...]:
    """Of the exhibits in the pack, in the order of their pages."""
    try:
        rows = [r for r in _rows(pack / LEDGER) if r["state"] == IN_PACK]
        return tuple(Numbered.of(row) for row in rows)
    except KeyError as error:
        raise _broken(f"{LEDGER} cannot be read") from error


def _settings_changes(pack: Path) -> tuple[ChangeRow, ...]:
    """Older packs have no such table, or one with fewer columns."""
    path = pack / "data/tables/record_changes.csv"
    try:
        return settings_changes(_rows(path)) if path.is_file() else ()
    except (KeyError, ValueError):
        return ()


def _lacking(pack: Path) -> tuple[Lacking, ...]:
    """What the pack says did not come; older packs have no such table."""
    path = pack / "data/tables/lacking.csv"
    rows = _rows(path) if path.is_file() else ()
    try:
        return tuple(
            Lacking(
                parent=_whose(row["ticket"], row["kind"]), kind=cast("Kind", row["kind"]),
                reason=row["reason"], capture=row["capture"], at=_instant(row["captured_at"], path.name),
            )
            for row in rows
        )  # fmt: skip
    except KeyError as error:
        raise _broken(f"{path.name} cannot be read") from error


def _instant(text: str, where: str) -> datetime:
    """Raises VerificationError on a text that is none, or has no zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise _broken(f"{where} has a time that is none") from error
    if found.tzinfo is None:
        raise _broken(f"{where} has a time without its zone")
    return found


def _whose(cell: str, kind: str) -> str | None:
    """The key of the record that something lacks; targets hang on an SLA, whose key stands there whole."""
    return None if not cell else cell if kind == "sla_target" else f"ticket/{cell}"


def _of(record: RawRecord, client: str) -> RawRecord:
    return replace(record, client=client)


def _tables(pack: Path, made: _Made, exporter: Exporter, *, unjudged: str, words: str) -> list[Compared]:
    """`words`: why another explanation of a column is no fault."""
    found = []
    with tempfile.TemporaryDirectory(prefix="psa-evidence-") as folder:
        exporter.export(made.content, Path(folder), pagination=made.pagination, manifest=None, progress=Silent())
        for table in made.content.tables:
            path = _table(table.name)
            if (why := NOT_FROM_NATIVES.get(table.name)) is not None:
                found.append(Compared(path, "not judged", why))
            else:
                found.append(compared(path, pack / path, Path(folder) / f"{table.name}.csv", unjudged=unjudged))
        found.append(compared(COLUMNS, pack / COLUMNS, Path(folder) / Path(COLUMNS).name, unjudged=words))
    return found


def _table(name: str) -> str:
    return f"data/tables/{name}.csv"


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
    """Of a table, each with a cell for every column. Raises VerificationError."""
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _broken(f"{path.name} cannot be read") from error
    if any(None in row or None in row.values() for row in rows):
        raise _broken(f"{path.name} has a row with another number of cells than columns")
    return rows


def _manifest(pack: Path) -> Manifest:
    try:
        return Manifest.read((pack / "data/manifest.json").read_bytes())
    except (OSError, FormatError) as error:
        raise _broken("its manifest cannot be read") from error


def _broken(why: str) -> VerificationError:
    """`why` may begin with a path, which is written as it is."""
    first, _, rest = why.partition(" ")
    return VerificationError(
        "The pack cannot be made again.", why=f"{first if {'/', '.'} & {*first} else first.capitalize()} {rest}.",
        next_step="Check it with psa-evidence verify first; a ZIP must be unpacked.",
    )  # fmt: skip
