"""The procedure by which a pack is judged. docs/format/verification.md says the same, under the same numbers.

 1 Container         1.1 opens; no links, no special files, nothing that leads out   1.2 names mean one file everywhere
                     1.3 bagit.txt   1.4 bag-info.txt   1.5 nothing at the top level but what belongs there
 2 Tag manifest      2.1 complete   2.2 digests
 3 Payload manifest  3.1 complete   3.2 digests   3.3 Payload-Oxum
 4 Manifest          4.1 reads, canonical   4.2 lists every payload file but itself and the PDFs   4.3 digests, sizes
                     4.4 what every pack of its layout has is there
 5 Natives           5.1 there   5.2 digests of the records   5.3 in their records' places   5.4 no other natives
                     5.5 copies under readable names are natives of attachments
 6 Proofs            6.1 proof files read   6.2 one for each record, of its kind and id   6.3 lead to the root
                     6.4 whole natives are what their leaves commit to   6.5 so are natives with withheld fields
 7 Seals             7.1 read, are those the manifest states   7.2 root, size, capture, kinds are the proofs'
                     7.3 chain   7.4 the custody log goes on from where the seals say it stood
 8 PDF               8.1 there, read   8.2 carries the manifest   8.3 a Bates number on every page, without a gap
                     8.4 the seal that bag-info.txt states covers each whole   8.5 rows of tables cite the first pages
                     of their exhibits
 9 Figures           9.1 natives   9.2 rows of tables and logs   9.3 captured = included + withheld + out of scope
                     9.4 verdicts follow from their rows   9.5 attainment counts the results   9.6 breaches are the
                     missed results   9.7 tickets of tables and of the pack are the same
                     9.8 load files have the numbers of the pages   9.9 the clock adds up, between instants of
                     records   9.10 plain columns are what the natives say
                     9.11 the workbook and custody.csv are what tables and log say
                     9.12 versions of records differ in what record_changes.csv says, and in nothing else
                     9.13 the logs of what is withheld say what natives and population say
10 Time              10.1 time-stamps claimed there, no others   10.2 each over its seal, signed, for time-stamping
                     10.3 lead to a given anchor   10.4 renewals   10.5 follow the chain   10.6 which seals, since when

A check passes, fails, is inconclusive (it could not be made) or, for time, finds that nobody witnessed. Whatever is
required and absent fails. The verdict is `fail` when any check failed, else `inconclusive` when any is, else `pass`.

Nothing is fetched, no plug-in is loaded, nothing is unpacked or written beside a bounded temporary copy of a PDF.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psa_evidence.format import Manifest
from psa_evidence.verify.bag import Bag, Unhashed, check_bag, open_checked
from psa_evidence.verify.beside import Beside
from psa_evidence.verify.commitments import check_commitments, number_of
from psa_evidence.verify.complete import check_complete
from psa_evidence.verify.container import Container
from psa_evidence.verify.contents import check_manifest, check_natives, read_manifest
from psa_evidence.verify.copied import check_copied, check_none_is_missing
from psa_evidence.verify.documents import Documents
from psa_evidence.verify.figures import check_counts
from psa_evidence.verify.intervals import check_intervals
from psa_evidence.verify.loadfile import check_volumes
from psa_evidence.verify.population import Population, check_population
from psa_evidence.verify.readable import check_readable
from psa_evidence.verify.recomputed import check_tables
from psa_evidence.verify.report import Checklist, Report, Status
from psa_evidence.verify.sealed import check_proofs, check_seals, read_seals
from psa_evidence.verify.time import check_time
from psa_evidence.verify.versions import check_versions
from psa_evidence.verify.withheld_logs import check_withheld_logs

if TYPE_CHECKING:
    from cryptography import x509

CHECKS: Final = (
    "1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3", "4.4", "5.1", "5.2",
    "5.3", "5.4", "5.5", "6.1", "6.2", "6.3", "6.4", "6.5", "7.1", "7.2", "7.3", "7.4", "8.1", "8.2", "8.3", "8.4",
    "8.5", "9.1", "9.2", "9.3", "9.4", "9.5", "9.6", "9.7", "9.8", "9.9", "9.10", "9.11", "9.12", "9.13", "10.1",
    "10.2", "10.3", "10.4", "10.5", "10.6",
)  # fmt: skip
"""Every check of a pack, in order. Each is in every report, made or not."""

_AFTER_OPENING: Final = CHECKS[1:]
_AFTER_MANIFEST: Final = CHECKS[CHECKS.index("4.2") :]


def verify_pack(path: Path, trust: Iterable[bytes] = ()) -> Report:
    """Judge the pack at `path`, a folder or a ZIP file. Never raises on what it holds.

    `trust` are the contents of files with the roots (PEM, or one in DER) of the time-stamp authorities that the caller
    believes; without any, time-stamps are inconclusive. Raises FormatError when one of them cannot be read.
    """
    anchors = _anchors(trust)
    checks = Checklist()
    container = open_checked(path, checks)  # 1.1
    if container is None:
        checks.skip(_AFTER_OPENING, "the pack cannot be opened")
        return checks.report()
    try:
        with Beside(lambda: _opened_apart(container, anchors)) as opened:
            bag = check_bag(container, checks, pack=True)  # 1 to 3
            read = check_manifest(bag, checks)  # 4
            if read is None:
                checks.skip(_AFTER_MANIFEST, "the manifest cannot be read (4.1)")
                return checks.report()
            manifest, manifest_bytes = read
            check_complete(bag, checks, manifest)  # 4.4
            population = check_population(bag, checks, manifest)  # 9.3
            with Beside(lambda: _compared_apart(bag, manifest, population)) as compared:
                check_natives(bag, checks, manifest)  # 5
                proofs = check_proofs(bag, checks, manifest)  # 6.1 to 6.3
                reasons = check_commitments(bag, checks, manifest, proofs)  # 6.4, 6.5
                seals = check_seals(bag, checks, manifest, proofs)  # 7
                check_counts(bag, checks, manifest, number_of(reasons), seals)  # 9.1, 9.2
                check_tables(bag, checks, manifest)  # 9.4 to 9.7
                check_versions(bag, checks, manifest, population, seals)  # 9.12
                check_withheld_logs(bag, checks, manifest, reasons)  # 9.13
                checks.add(compared.answer() or _compared(bag, manifest, population))
            found = opened.answer()
            if found is None or any(bag.sha256(path) != digest for path, digest in found[2].items()):
                found = *_opened(bag, manifest, manifest_bytes, anchors), {}
            checks.add(found[0])
            check_volumes(bag, checks, manifest, found[1])  # 9.8
    finally:
        container.close()
    return checks.report()


_Rows = list[tuple[str, Status, str, str]]


def _opened(
    bag: Bag, manifest: Manifest, manifest_bytes: bytes, anchors: tuple[x509.Certificate, ...]
) -> tuple[_Rows, list[str]]:  # fmt: skip
    """The checks of the PDFs, and of the time-stamps, which need the same libraries; and the labels of the pages. They
    need nothing of what the others find."""
    from psa_evidence.verify.cited_pages import check_cited_pages  # noqa: PLC0415 - only here is a PDF read
    from psa_evidence.verify.pdf import check_pdfs  # noqa: PLC0415

    checks = Checklist()
    labels = check_pdfs(bag, checks, manifest, manifest_bytes, anchors)  # 8.1 to 8.4
    check_cited_pages(bag, checks, manifest, labels)  # 8.5
    check_time(bag, checks, manifest, anchors)  # 10
    return checks.rows(), labels


def _opened_apart(
    container: Container, anchors: tuple[x509.Certificate, ...]
) -> tuple[_Rows, list[str], dict[str, str]]:  # fmt: skip
    """The same in a copy of the process, while the files are hashed; and the digests of those that were read."""
    with container.reopened() as reopened:
        bag = Unhashed(reopened, {})
        manifest, manifest_bytes, _ = read_manifest(bag)
        return *_opened(bag, manifest, manifest_bytes, anchors), bag.seen


def _compared(bag: Bag, manifest: Manifest, population: Population) -> _Rows:
    """The checks that compare tables with the natives, and the workbook with the tables."""
    checks, documents = Checklist(), Documents(bag, manifest)
    seals = read_seals(bag, Checklist(), manifest)  # what is wrong with them stands under 7.1
    check_intervals(bag, checks, manifest, documents, population, seals)  # 9.9
    check_none_is_missing(bag, checks, documents)  # 9.10
    check_copied(bag, checks, documents, population)
    check_readable(bag, checks)  # 9.11
    return checks.rows()


def _compared_apart(bag: Bag, manifest: Manifest, population: Population) -> _Rows:
    with bag.container.reopened() as reopened:
        return _compared(replace(bag, container=reopened), manifest, population)


def _anchors(trust: Iterable[bytes]) -> tuple[x509.Certificate, ...]:
    given = tuple(trust)
    if not given:
        return ()
    from psa_evidence.format.timestamp_certificates import from_file  # noqa: PLC0415 - only anchors need X.509

    return tuple(certificate for data in given for certificate in from_file(data))
