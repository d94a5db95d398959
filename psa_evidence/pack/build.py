"""Building a pack: gather -> natives, proofs, seals, logs -> content -> paginate -> tables -> manifest -> PDF -> bag.

What is written is dropped: the bytes of the records before the content is made, what was read from them after it.
Pages are numbered for the load file, and read again, while other files are made.
The folder is built beside its place and renamed when it is whole. The same vault and matter give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from psa_evidence.capture.collecting import seldom_collected
from psa_evidence.capture.memory import give_back
from psa_evidence.errors import EvidenceError, SelfTestError
from psa_evidence.format import Manifest, ManifestFile
from psa_evidence.matter import OTHER_AGREEMENT, Matter
from psa_evidence.pack import identifiers, page, terms_file, verifying, wording, zone_data
from psa_evidence.pack.bag import close_bag, digest_of, files_below
from psa_evidence.pack.content import content_of
from psa_evidence.pack.dossier import Dossier, without_bytes, without_records
from psa_evidence.pack.entering import FINGERPRINTED, Statement, enter_left
from psa_evidence.pack.exported import export, folder_of, others, pages_of, paginate, paginators
from psa_evidence.pack.folder import building
from psa_evidence.pack.gather import NOTHING, gather
from psa_evidence.pack.issuing import Numbers
from psa_evidence.pack.logs import write_bates, write_logs
from psa_evidence.pack.manifest import counts_of, manifest_of, with_files
from psa_evidence.pack.natives import media_type, write_natives
from psa_evidence.pack.over_limits import too_large
from psa_evidence.pack.parts.cover import partial_words
from psa_evidence.pack.pdf_seal import LABEL, NOT_ASKED, PdfSealer, SealRecord
from psa_evidence.pack.proving import proving
from psa_evidence.pack.selftest import check_pages, examiner, search
from psa_evidence.pack.terms_file import terms_document
from psa_evidence.pack.time_stamps import time_stamp_files, waiting_words
from psa_evidence.pack.unknown_names import unknown_agreement, unknown_words
from psa_evidence.pack.withholding import Version, Withheld, version_of
from psa_evidence.pack.wording import utc
from psa_evidence.spi import Connector, Exporter, Material, PackContent, Pagination, Progress, RawRecord, pdf_name
from psa_evidence.vault import Vault

MANIFEST: Final = "data/manifest.json"

_TASK: Final = "pack"
_MEDIA: Final = {
    ".json": "application/json", ".csv": "text/csv", ".txt": "text/plain", ".pdf": "application/pdf",
    ".html": "text/html",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".dat": "text/plain", ".opt": "text/plain",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """A finished pack. `warnings` are for people: what is missing or partial."""

    folder: Path
    manifest: Manifest
    counts: Mapping[str, int]
    pagination: Pagination | None
    warnings: tuple[str, ...]
    pdf_seal: SealRecord


@seldom_collected()
def build(
    *,
    matter: Matter,
    vault: Vault,
    connector: Connector,
    exporters: Mapping[str, Exporter],
    out: Path,
    software: str,
    progress: Progress,
    who: str,
    now: datetime,
    ledger: Path | None = None,
    withheld: Withheld = NOTHING,
    sealer: PdfSealer | None = None,
) -> BuildResult:
    """Build the pack of a matter into a new folder `<matter>_<copy>_<date of the records>` below `out`.

    A folder that is there is not overwritten: `_2`, `_3`, ... is added. `who` and `now` go into the vault's custody log
    and nowhere else. `ledger` is the file of the Bates numbers given in this matter; without it they begin at 1. Fields
    in `withheld` are not shown anywhere in the pack; each stays provable (`Vault.opening`). `sealer` puts a seal on the
    finished PDFs. The finished files are taken apart again and searched (`selftest`). Raises ConfigurationError,
    VaultError, StorageError; what an exporter raises; SelfTestError when the search finds what is withheld; on any of
    them nothing is left in `out`, and no number is given.
    """
    enter_left(vault, who=who, now=now)
    gathered = gather(matter, vault, connector, software=software, progress=progress, withheld=withheld)
    dossier = replace(
        gathered.dossier, pdf_seal=sealer.asked if sealer is not None else "none",
        has_tables=any((e.info.folder or name) == "tables" for name, e in exporters.items()),
        zone_data=zone_data.edition(matter.time_zone),
    )  # fmt: skip
    hidden = gathered.hidden
    prefix = matter.prefix(dossier.client.name)
    numbers = Numbers.open(ledger, prefix=prefix, matter=matter.name, custody=vault.custody.read())
    about = {
        "client": dossier.client.id, "connection": matter.connection, "matter": matter.name, "mode": matter.mode,
        "copy": matter.copy,
    }  # fmt: skip
    name = f"{matter.slug}_{matter.copy}_{dossier.as_of.astimezone(dossier.zone):%Y-%m-%d}"
    said: list[Statement] = []

    def enter(folder: Path) -> None:
        said[0].enter(folder)

    def withdraw() -> None:
        for one in said:
            one.withdraw()

    with building(out, name, now=now, then=enter, undone=withdraw) as (bag, done), ExitStack() as beside:
        withholding = {n.as_shown for n in dossier.natives if n.withheld}
        in_part = {place for place, record in enumerate(gathered.raw) if version_of(record) in withholding}
        proved = beside.enter_context(proving(vault, gathered.sealed, in_part, bag))
        _write_records(dossier, bag)
        terms = terms_document(matter, client=dossier.client.id, settings=dossier.settings_other)
        (bag / terms_file.FILE).write_bytes(terms)
        logs = write_logs(dossier, bag)
        versions, identified = tuple(map(version_of, gathered.raw)), _identified(matter, gathered.raw)
        dossier = without_bytes(dossier)
        del gathered
        give_back()
        content = numbers.placed(content_of(dossier, progress))
        vault.log("accessed", matter.name, {**about, "records": len(versions)}, who=who, at=now)
        counted, warnings = counts_of(dossier), _warnings(dossier)
        dossier = without_records(dossier)
        give_back()  # processes that lay pages out begin now: what they take comes on top
        pagination = paginate(content, exporters, progress)
        if pagination is not None and pagination.changed:
            content = numbers.placed(content, without=pagination.changed)
            pagination = paginate(content, exporters, progress)
        taken_apart = beside.enter_context(examiner(hidden, content.bates))
        finished = () if pagination is None or sealer is not None else pagination.files  # a seal changes them

        def read_ahead(pages: Path) -> None:
            taken_apart.read_ahead(pages / file for file in finished)

        numbered = beside.enter_context(pages_of(content, exporters, pagination, progress, read_ahead))
        progress.start(_TASK, 4)
        try:
            given = numbers.given(content, pagination)
            logs |= write_bates(bag, numbers.rows(content.bates, given))
            material = Material(bag=bag)
            for exporter_name, exporter in others(exporters):
                if exporter.info.needs_pages and material.pages is None:
                    material = Material(bag=bag, pages=numbered())
                export(
                    exporter_name, exporter, content, bag, folder_of(exporter.info.folder or exporter_name),
                    pagination=pagination, manifest=None, progress=progress, material=material,
                )  # fmt: skip
            progress.advance(_TASK)
            tables = {t.name: len(t.rows) for t in content.tables if (bag / f"data/tables/{t.name}.csv").is_file()}
            counts = with_files(counted, exhibits=len(content.exhibits), tables=tables, logs=logs)
            places = dict(zip(versions, proved(), strict=True))
            known = _digests(bag)
            _check_natives(dossier, known)
            printing = _Printing(dossier, content, exporters, bag, pagination, known, places, counts)
            manifest = printing.run(progress)
            progress.advance(_TASK, 2)
            pdf_seal = sealer.seal([bag / path for path in manifest.pdfs]) if sealer is not None else NOT_ASKED
            payload = close_bag(bag, [*_info(dossier, counts), (LABEL, pdf_seal.words())], known)
            digests = {path: sha for path, (sha, _) in payload.items()}
            pages = search(bag, files_below(bag), manifest.pdfs, digests, hidden, taken_apart)
            issued = [(first, last) for first, last, *_ in numbers.rows(content.bates, given)]
            check_pages(pages, content.bates, pagination, issued)
            numbers.keep(given, now=now)
            detail = {
                **about, "manifest": digests[MANIFEST], "fingerprint": digest_of(bag / FINGERPRINTED)[0],
                "natives": counts["natives"], "pdf_seal": pdf_seal.words(), **numbers.stated(content.bates.prefix),
            }  # fmt: skip
            said.append(Statement.made(vault, bag, name, detail, who=who, at=now))
            progress.advance(_TASK)
        finally:
            progress.finish(_TASK)
    return BuildResult(
        folder=done[0], manifest=manifest, counts=counts, pagination=pagination,
        warnings=warnings + identified + too_large(matter, payload, pages) + _unsealed(pdf_seal), pdf_seal=pdf_seal,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Printing:
    """The manifest and the files that carry it."""

    dossier: Dossier
    content: PackContent
    exporters: Mapping[str, Exporter]
    bag: Path
    pagination: Pagination | None
    known: Mapping[str, tuple[str, int]]
    places: Mapping[Version, tuple[int, int]]
    counts: dict[str, int]

    def run(self, progress: Progress) -> Manifest:
        """Write the manifest, which names the PDFs that carry it, then the PDFs; again when they have other names than
        expected."""
        printers = paginators(self.exporters)
        told = tuple(f"data/{name}" for name in self.pagination.files) if self.pagination is not None else ()
        pdfs: tuple[str, ...] = (told or (f"data/{pdf_name(self.content.copy)}",)) if printers else ()
        for _ in range(2):
            manifest = self._manifest(pdfs)
            document = manifest.document()
            (self.bag / MANIFEST).write_bytes(document)
            made: list[str] = []
            for name, exporter in printers:
                made += export(
                    name, exporter, self.content, self.bag, "data", pagination=self.pagination, manifest=document,
                    progress=progress,
                )  # fmt: skip
            if tuple(made) == pdfs:
                return manifest
            pdfs = tuple(made)
        raise EvidenceError("The exporter of the PDF did not give the same files twice.")

    def _manifest(self, pdfs: Sequence[str]) -> Manifest:
        media = {n.path: media_type(n) for n in self.dossier.natives}
        files = [
            ManifestFile(path, sha, size, media.get(path, _MEDIA.get(Path(path).suffix, "application/octet-stream")))
            for path, (sha, size) in self.known.items()
        ]
        return manifest_of(self.dossier, files=files, places=self.places, counts=self.counts, pdfs=pdfs)


def _write_records(dossier: Dossier, bag: Path) -> None:
    """Natives, attachments, seals, time-stamps, the words on how to verify and the page that does it."""
    write_natives(dossier.natives, bag)
    (bag / "seals").mkdir()
    for seal in dossier.seals:
        (bag / "seals" / f"{seal.number:06d}.json").write_bytes(seal.document())
    for path, data in time_stamp_files(dossier).items():
        (bag / path).parent.mkdir(exist_ok=True)
        (bag / path).write_bytes(data)
    (bag / verifying.FILE).write_bytes(verifying.text(dossier))
    (bag / page.FILE).write_bytes(page.page_bytes())


def _digests(bag: Path) -> dict[str, tuple[str, int]]:
    """Of all that the manifest lists, read from the disk."""
    return {path: digest_of(bag / path) for path in files_below(bag) if path.startswith("data/")}


def _check_natives(dossier: Dossier, known: Mapping[str, tuple[str, int]]) -> None:
    """What was written is read again: its digest must be the one that was made of the record."""
    for native in dossier.natives:
        for path in (native.path, native.copy):
            if path is not None and known[path][0] != native.sha256:
                raise SelfTestError(
                    f"The native of {native.kind} does not have the digest of its record.",
                    why="The disk gave back other bytes than were written, or the vault is damaged.",
                    next_step="Check the disk, run `psa-evidence vault reindex`, and build again.",
                )


def _info(dossier: Dossier, counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """bag-info.txt: facts of the records, no time of the building."""
    return [
        ("Bag-Software-Agent", dossier.software),
        ("Bagging-Date", f"{dossier.as_of.astimezone(dossier.zone):%Y-%m-%d}"),
        ("External-Description", f"Evidence pack: {dossier.matter.name}, {dossier.matter.copy} copy"),
        ("External-Identifier", f"{dossier.matter.slug}_{dossier.matter.copy}"),
        ("Source-Organization", next((v for k, v in dossier.matter.parties if k.casefold() == "msp"), "not stated")),
        ("Records-As-Of", utc(dossier.as_of)),
        (zone_data.LABEL, dossier.zone_data or zone_data.UNNAMED),
        ("Natives", str(counts["natives"])),
    ]


def _identified(matter: Matter, shown: Sequence[RawRecord]) -> tuple[str, ...]:
    """What FRCP 5.2 keeps out of public filings and seems to stand in records of this public copy; never the text."""
    if matter.copy != "public":
        return ()
    return tuple(
        f"{wording.count(n, 'record')} of this public copy {'seems' if n == 1 else 'seem'} to hold {sort} (FRCP 5.2). "
        f'[copies.public.mask] sorts = ["{sort}"] masks them.'
        for sort, n in identifiers.count(shown).items()
    )


def _unsealed(seal: SealRecord) -> tuple[str, ...]:
    if seal.reached == seal.asked:
        return ()
    return (f"The PDF is not sealed as asked for ({seal.words()}). The pack is whole; building it again asks again.",)


def _warnings(dossier: Dossier) -> tuple[str, ...]:
    """What somebody should know before handing the pack on. Never a client's text."""
    found = []
    if any(c.state != "complete" for c in dossier.captures):
        found.append(partial_words(dossier))
    if words := waiting_words(dossier):
        found.append(words)
    if dossier.matter.agreement is not None:
        beside = sum(n for reason, n in dossier.left_out_tickets if reason == OTHER_AGREEMENT)
        found.append(
            f"The matter file names an agreement: {len(dossier.population.tickets):,} tickets of the period are under "
            f"it, {beside:,} under another or none and in no figure."
        )
        if unknown := unknown_agreement(dossier.matter.agreement, dossier.records):
            found.append(f"No record of this client shows the {unknown.words} that the matter file names.")
    elif not dossier.population.tickets and (held := dossier.withholds("ticket")):
        found.append(f"All {held:,} tickets of the period are withheld from this copy: the pack shows none.")
    elif not dossier.population.tickets:
        found.append("No ticket was entered in the period: the pack shows none.")
    found += [f"{rule} of the matter file chose no record." for rule in dossier.behind.unused]
    if dossier.unknown_names:
        found.append(unknown_words(dossier.unknown_names))
    if dossier.behind.changed:
        found.append(
            f"Withheld fields bear on the verdicts of {len(dossier.behind.changed):,} tickets; the pack names them."
        )
    if dossier.records.unread:
        found.append(f"{len(dossier.records.unread):,} records or lines could not be read; the pack lists them.")
    if dossier.unnamed:
        found.append(
            f"{dossier.unnamed:,} records have an id that cannot be a file name; they are counted as withheld."
        )
    return tuple(found)
