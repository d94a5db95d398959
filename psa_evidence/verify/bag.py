"""Steps 1 to 3: the container, the tag manifest and the payload manifest (RFC 8493)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from psa_evidence.format.native_name import NATIVES
from psa_evidence.verify import bagtext, names
from psa_evidence.verify.bagtext import BagTextError, Declaration
from psa_evidence.verify.container import Container, Unreadable, blocks, open_container
from psa_evidence.verify.hashing import ALGORITHMS, Hashed, Kept, hash_all, hash_one
from psa_evidence.verify.report import Checklist, Report, counted

MAX_TAG_FILE: Final = 512 << 20
"""Bytes of a manifest: two million lines of 150 bytes, with room."""

_MANIFEST: Final = re.compile(r"(tag)?manifest-([A-Za-z0-9-]{1,20})\.txt")
_PACK_FILES: Final = frozenset({"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"})
_PACK_DECLARATION: Final = Declaration((1, 0), "UTF-8")
_PACK_FOLDERS: Final = frozenset({"data", "seals"})


@dataclass(frozen=True, slots=True)
class Bag:
    """An opened bag: what lies in it and the digests of all of it."""

    container: Container
    hashed: dict[str, Hashed]
    kept: Kept = field(default_factory=Kept)
    """Bytes of small natives, as they were hashed."""

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a small file, the same that were hashed. Raises Unreadable."""
        data = read_bounded(self.container, path, limit)
        self.settle(path, hashlib.sha256(data).hexdigest())
        return data

    def settle(self, path: str, digest: str) -> None:
        """What was read of a file has this SHA-256. Raises Unreadable unless the file that was hashed has it too."""
        if digest != self.sha256(path):
            raise Unreadable("changed while it was checked")

    def sha256(self, path: str) -> str | None:
        """None when there is no such file or it cannot be read."""
        found = self.hashed.get(path)
        return found.digests.get("sha256") if found else None


@dataclass(frozen=True, slots=True)
class Unhashed(Bag):
    """A bag that is looked into before all of it is hashed: `seen` has the digests of what was read, for whoever hashes
    the files to compare."""

    seen: dict[str, str] = field(default_factory=dict)

    def settle(self, path: str, digest: str) -> None:
        if self.seen.setdefault(path, digest) != digest:
            raise Unreadable("changed while it was checked")

    def sha256(self, path: str) -> str | None:
        if path in self.container.files and path not in self.seen:
            digest = hash_one(self.container, path, ("sha256",)).digests.get("sha256")
            return digest if digest is None else self.seen.setdefault(path, digest)
        return self.seen.get(path)


def read_bounded(container: Container, path: str, limit: int) -> bytes:
    """All bytes of a file, refused when it is missing or larger than `limit`. Raises Unreadable."""
    if path not in container.files:
        raise Unreadable("missing")
    parts, size = [], 0
    for block in blocks(container, path):
        size += len(block)
        if size > limit:
            raise Unreadable(f"over the limit of {limit:,} bytes")
        parts.append(block)
    return b"".join(parts)


def verify_bag(path: Path) -> Report:
    """Check any bag of RFC 8493 (versions 0.93 to 1.0), folder or ZIP. Fetches nothing. Never raises on its content."""
    checks = Checklist()
    if opened := open_checked(path, checks):
        try:
            check_bag(opened, checks, pack=False)
        finally:
            opened.close()
    return checks.report()


def open_checked(path: Path, checks: Checklist) -> Container | None:
    """Check 1.1: there is a container, and nothing in it leads out of it."""
    try:
        container = open_container(path)
    except Unreadable as error:
        checks.fail("1.1", str(error))
        return None
    for subject, problem in container.problems:
        checks.fail("1.1", problem, subject)
    checks.settle(
        "1.1", f"{counted(len(container.files), 'file')}; no links, no special files, nothing outside the bag"
    )
    return container


def check_bag(container: Container, checks: Checklist, *, pack: bool) -> Bag:
    """Steps 1 (but 1.1) to 3. With `pack` the narrower rules of an evidence pack hold."""
    if pack:
        _check_names(container, checks)
    declared = _check_declaration(container, checks, pack=pack)
    info = _check_info(container, checks, declared, pack=pack)
    manifests = _manifests(container)
    if pack:
        _check_top_level(container, checks)
        manifests = [each for each in manifests if each[1] == "sha256"]
    else:
        _check_fetch(container, checks, declared)
    algorithms = tuple(sorted({each[1] for each in manifests} & set(ALGORITHMS)))
    kept = Kept()
    bag = Bag(container, hash_all(container, algorithms, kept if pack else None, NATIVES), kept)
    _check_manifests(bag, checks, declared, [m for m in manifests if m[0]], step="2", pack=pack)
    _check_manifests(bag, checks, declared, [m for m in manifests if not m[0]], step="3", pack=pack)
    _check_oxum(bag, checks, info, pack=pack)
    return bag


def _check_names(container: Container, checks: Checklist) -> None:
    twins: dict[str, str] = {}
    for path in container.files:
        if reason := names.unportable(path):
            checks.fail("1.2", reason, path)
        other = twins.setdefault(names.twin(path), path)
        if other != path:
            checks.fail("1.2", f"differs from {names.shown(other)} only in case or in look-alike characters", path)
    checks.settle("1.2", "every name means one file on every computer")


def _check_declaration(container: Container, checks: Checklist, *, pack: bool) -> Declaration:
    declared = _PACK_DECLARATION
    try:
        declared = bagtext.declaration(_text(container, "bagit.txt"))
    except (BagTextError, Unreadable) as error:
        checks.fail("1.3", f"{error}{_elsewhere(container)}", "bagit.txt")
    if pack and declared != _PACK_DECLARATION:
        checks.fail("1.3", "a pack is a bag of version 1.0 in UTF-8", "bagit.txt")
        declared = _PACK_DECLARATION
    checks.settle("1.3", f"BagIt version {declared.version[0]}.{declared.version[1]}, {declared.encoding}")
    return declared


def _elsewhere(container: Container) -> str:
    """Where the bag is, when somebody named the folder around it."""
    if "bagit.txt" in container.files:
        return ""
    found = min((path for path in container.files if path.endswith("/bagit.txt")), key=len, default="")
    return f"; there is one in {names.shown(found.removesuffix('/bagit.txt'))}: is that the pack?" if found else ""


def _check_info(container: Container, checks: Checklist, declared: Declaration, *, pack: bool) -> list[tuple[str, str]]:
    name = "bag-info.txt" if declared.version > (0, 95) else "package-info.txt"
    if not pack and name not in container.files:
        return []
    info: list[tuple[str, str]] = []
    try:
        info = bagtext.tags(_text(container, name), declared.encoding)
    except (BagTextError, Unreadable) as error:
        checks.fail("1.4", str(error), name)
    checks.settle("1.4", f"{counted(len(info), 'label')} read")
    return info


def _check_top_level(container: Container, checks: Checklist) -> None:
    unexpected: dict[str, None] = {}
    for path in [*container.files, *(f"{folder}/" for folder in container.empty)]:
        top, slash, _ = path.partition("/")
        if top not in (_PACK_FOLDERS if slash else _PACK_FILES):
            unexpected.setdefault(top)
    for top in unexpected:
        checks.fail("1.5", f"not part of a pack{_system(top)}", top)
    for name in sorted(_PACK_FILES - container.files.keys()):
        checks.fail("1.5", "missing", name)
    checks.settle("1.5", "the tag files, data and seals, and nothing else")


def _check_fetch(container: Container, checks: Checklist, declared: Declaration) -> None:
    if "fetch.txt" not in container.files:
        return
    try:
        for path in bagtext.fetch_paths(_text(container, "fetch.txt"), declared.encoding):
            if reason := _payload_problem(path):
                checks.fail("1.5", reason, path)
    except (BagTextError, Unreadable) as error:
        checks.fail("1.5", str(error), "fetch.txt")
    checks.settle("1.5", "fetch.txt names files of the payload only; nothing was fetched")


def _manifests(container: Container) -> list[tuple[bool, str, str]]:
    """(is a tag manifest, algorithm, path) of each manifest at the top level."""
    found = [(match, path) for path in container.files if (match := _MANIFEST.fullmatch(path))]
    return sorted((bool(match[1]), match[2].lower().replace("-", ""), path) for match, path in found)


def _check_manifests(
    bag: Bag, checks: Checklist, declared: Declaration, manifests: list[tuple[bool, str, str]], *, step: str, pack: bool
) -> None:
    tag, complete, agree = step == "2", f"{step}.1", f"{step}.2"
    kind = "tag manifest" if tag else "payload manifest"
    if not manifests and (pack or not tag):
        checks.fail(complete, f"there is no {kind}{' with SHA-256' if pack else ''}")
    listed_by_any: set[str] = set()
    compared = 0
    for _, algorithm, name in manifests:
        if algorithm not in ALGORITHMS:
            checks.fail(complete, "a digest algorithm that this verifier does not know", name)
            continue
        listed = _listed(bag, checks, declared, name, complete, tag=tag, pack=pack)
        listed_by_any |= listed.keys()
        for path, digest in listed.items():
            found = bag.hashed.get(path)
            if found is None:
                checks.fail(complete, f"listed in {name} but missing", path)
            elif found.problem:
                checks.fail(agree, found.problem, path)
            elif found.digests[algorithm] != digest:
                checks.fail(agree, f"is not the file that {name} lists: its {algorithm} digest differs", path)
            else:
                compared += 1
        if not tag and declared.version >= (1, 0):
            _unlisted(bag, checks, complete, listed.keys(), name)
    if not tag and declared.version < (1, 0):
        _unlisted(bag, checks, complete, listed_by_any, "any manifest")
    if tag and pack:
        _unlisted_tags(bag, checks, complete, listed_by_any)
    if tag and not manifests and not pack:
        return
    checks.settle(complete, f"the {kind} and the files there are the same set of {len(listed_by_any):,}")
    words = f"{counted(compared, 'digest')} compared, all as listed"
    if tag and pack:
        words += f"; fingerprint of the whole pack (SHA-256 of {manifests[0][2]}): " if manifests else ""
        words += next((bag.sha256(name) or "" for _, _, name in manifests), "")
    checks.settle(agree, words)


def _listed(
    bag: Bag, checks: Checklist, declared: Declaration, name: str, check: str, *, tag: bool, pack: bool
) -> dict[str, str]:
    """Path to digest of one manifest, without what cannot be a path in the bag."""
    try:
        data = _text(bag.container, name)
        entries = bagtext.pack_manifest(data) if pack else bagtext.manifest(data, declared)
    except (BagTextError, Unreadable) as error:
        checks.fail(check, str(error), name)
        return {}
    listed: dict[str, str] = {}
    for entry in entries:
        path = entry.path.removeprefix("./") if not pack else entry.path
        reason = _payload_problem(path) if not tag else names.escape(path) or (
            "a payload file in a tag manifest" if path.startswith("data/") else None
        )  # fmt: skip
        if reason:
            checks.fail(check, f"{name} lists {reason}", path)
        elif path in listed and (declared.version >= (1, 0) or listed[path] != entry.digest):
            checks.fail(check, f"stands twice in {name}", path)
        else:
            listed[path] = entry.digest
    return listed


def _unlisted(bag: Bag, checks: Checklist, check: str, listed: AbstractSet[str], name: str) -> None:
    for path in bag.container.files:
        if path.startswith("data/") and path not in listed:
            checks.fail(check, f"not listed in {name}{_system(path.rsplit('/', 1)[-1])}", path)


def _unlisted_tags(bag: Bag, checks: Checklist, check: str, listed: set[str]) -> None:
    for path in bag.container.files:
        if not path.startswith(("data/", "tagmanifest-")) and path not in listed:
            checks.fail(check, "not listed in the tag manifest", path)


def _check_oxum(bag: Bag, checks: Checklist, info: list[tuple[str, str]], *, pack: bool) -> None:
    stated = [value for label, value in info if label == "payload-oxum"]
    if not stated and not pack:
        return
    payload = [found.size for path, found in bag.hashed.items() if path.startswith("data/")]
    if len(stated) != 1:
        checks.fail("3.3", f"Payload-Oxum stands {len(stated)} times", "bag-info.txt")
    for value in stated:
        try:
            if (octets := bagtext.oxum(value)) != (sum(payload), len(payload)):
                checks.fail(
                    "3.3",
                    f"Payload-Oxum says {octets[1]:,} files of {octets[0]:,} bytes; there are {len(payload):,} "
                    f"of {sum(payload):,}",
                    "bag-info.txt",
                )  # fmt: skip
        except BagTextError as error:
            checks.fail("3.3", str(error), "bag-info.txt")
    checks.settle("3.3", f"Payload-Oxum agrees: {counted(len(payload), 'file')} of {sum(payload):,} bytes")


def _text(container: Container, path: str) -> bytes:
    return read_bounded(container, path, MAX_TAG_FILE)


def _payload_problem(path: str) -> str | None:
    return names.escape(path) or (None if path.startswith("data/") else "a path outside data")


def _system(name: str) -> str:
    made = name in names.SYSTEM_FILES or name.startswith("._")
    return " (the operating system made it: delete it and check again)" if made else ""
