"""Steps 4 and 5: the pack's own manifest, and the natives it names."""

from __future__ import annotations

from typing import Final

from psa_evidence.format import FormatError, Manifest
from psa_evidence.format.native_name import NATIVES, ending_of, plain
from psa_evidence.verify import names
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.report import Checklist, counted
from psa_evidence.verify.versions import by_age

MANIFEST: Final = "data/manifest.json"
MAX_MANIFEST: Final = 512 << 20
"""Bytes; the limit of the format."""

ATTACHMENTS: Final = "data/attachments/"


def check_manifest(bag: Bag, checks: Checklist) -> tuple[Manifest, bytes] | None:
    """Step 4. The manifest and its bytes, None when it cannot be read."""
    try:
        manifest, data, is_canonical = read_manifest(bag)
    except (FormatError, Unreadable) as error:
        checks.fail("4.1", names.shown(str(error)), MANIFEST)
        return None
    if not is_canonical:
        checks.fail("4.1", "not in canonical form", MANIFEST)
    checks.settle("4.1", "reads as psa-evidence/manifest/1, in canonical form")
    _check_complete(bag, checks, manifest)
    _check_digests(bag, checks, manifest)
    return manifest, data


def read_manifest(bag: Bag) -> tuple[Manifest, bytes, bool]:
    """The manifest, its bytes, and whether they are in canonical form. Raises FormatError, Unreadable."""
    data = bag.read(MANIFEST, MAX_MANIFEST)
    manifest, is_canonical = Manifest.read_strictly(data)
    return manifest, data, is_canonical


def _check_complete(bag: Bag, checks: Checklist, manifest: Manifest) -> None:
    listed: set[str] = set()
    for path in (file.path for file in manifest.files):
        if path in listed:
            checks.fail("4.2", "stands twice in the manifest", path)
        elif path == MANIFEST or path in manifest.pdfs:
            checks.fail("4.2", "the manifest cannot list itself or what carries it", path)
        elif not path.startswith("data/"):
            checks.fail("4.2", "the manifest lists a file outside data", path)
        listed.add(path)
    expected = {path for path in bag.container.files if path.startswith("data/")} - {MANIFEST, *manifest.pdfs}
    for path in sorted(expected - listed):
        checks.fail("4.2", "not listed in the manifest", path)
    for path in sorted(listed - expected):
        if path not in bag.container.files:
            checks.fail("4.2", "listed in the manifest but missing", path)
    checks.settle("4.2", f"lists every file of the payload but itself and the PDFs: {len(listed):,}")


def _check_digests(bag: Bag, checks: Checklist, manifest: Manifest) -> None:
    for file in manifest.files:
        found = bag.hashed.get(file.path)
        if found is None:
            continue  # 4.2 says so
        if found.problem:
            checks.fail("4.3", found.problem, file.path)
        elif found.digests.get("sha256") != file.sha256 or found.size != file.size:
            checks.fail("4.3", "is not the file that the manifest lists: digest or size differs", file.path)
    checks.settle("4.3", f"{counted(len(manifest.files), 'digest')} and sizes compared, all as listed")


def check_natives(bag: Bag, checks: Checklist, manifest: Manifest) -> None:
    """Step 5."""
    owners: dict[str, tuple[str, str]] = {}
    for record in manifest.records:
        subject = f"{record.kind}/{record.id}"
        found = bag.hashed.get(record.native)
        if found is None:
            checks.fail("5.1", f"its native is missing: {names.shown(record.native)}", subject)
        elif found.digests.get("sha256") != record.sha256:
            checks.fail(
                "5.2", "the native is not the file that the manifest states for its record: its digest differs", subject
            )
        if not belongs(record.native, record.kind, record.id):
            checks.fail("5.3", f"its native lies under another kind or id: {names.shown(record.native)}", subject)
        if owners.setdefault(record.native, (record.kind, record.id)) != (record.kind, record.id):
            checks.fail("5.3", f"shares its native with another record: {names.shown(record.native)}", subject)
    _check_names(checks, manifest)
    for path in bag.container.files:
        if path.startswith(NATIVES) and path not in owners:
            checks.fail("5.4", "a native that belongs to no record of the manifest", path)
    _check_copies(bag, checks, manifest)
    count = len(manifest.records)
    checks.settle("5.1", f"the native of each record is there: {counted(count, 'record')}")
    checks.settle("5.2", "each native has the digest that the manifest states for its record")
    checks.settle("5.3", "each native lies under the kind and id of its record")
    checks.settle("5.4", "no native but those of the records")


def _check_names(checks: Checklist, manifest: Manifest) -> None:
    """Of several versions of a record the newest is the one that people open first."""
    for (kind, record), versions in by_age(manifest).items():
        if len(versions) > 1:
            numbers = [(ending_of(version.native, kind, record) or (1, ""))[0] for version in versions]
            if numbers != sorted(numbers):
                words = "of its versions a later one has not the lower number: "
                checks.fail("5.3", words + names.shown(versions[0].native), f"{kind}/{record}")


def _check_copies(bag: Bag, checks: Checklist, manifest: Manifest) -> None:
    """Readable copies are what people open: each must be the native of the attachment whose folder it lies in."""
    digests: dict[str, set[str]] = {}
    for record in manifest.records:
        if record.kind == "attachment":
            digests.setdefault(plain(record.id), set()).add(record.sha256)
    copies = [path for path in bag.container.files if path.startswith(ATTACHMENTS)]
    for path in copies:
        folder, _, _ = path.removeprefix(ATTACHMENTS).partition("/")
        if bag.sha256(path) not in digests.get(folder, set()):
            checks.fail("5.5", "is not the native of the attachment whose copy it claims to be", path)
    checks.settle("5.5", f"copies under readable names are their natives: {counted(len(copies), 'file')}")


def belongs(path: str, kind: str, record: str) -> bool:
    """Whether `path` is the place of this record: `data/natives/<kind>/<id>.<ending>`, where the
    ending is `disclosed.json` when fields are withheld.

    In the id's part each character but ASCII letters, digits, `.`, `_` and `-` is written `_`; a counter (`.2`, `.3`)
    stands before the ending when the name was taken, by another version of the record or an id that looks the same.
    """
    return ending_of(path, kind, record) is not None
