"""Steps 6 and 7: each record is proved into the tree of a seal, and the seals hold together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from psa_evidence.format import FormatError, Manifest, Paths, Proof, ProofFile, Seal
from psa_evidence.verify import names
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable
from psa_evidence.verify.logs import check_logs
from psa_evidence.verify.report import Checklist, counted
from psa_evidence.verify.time_files import is_time_file

PROOFS: Final = "data/proofs/"
SEALS: Final = "seals/"
MAX_PROOFS: Final = 512 << 20
MAX_SEAL: Final = 64 << 20
"""Bytes. A seal names the files of one capture: thousands at most."""


def check_proofs(bag: Bag, checks: Checklist, manifest: Manifest) -> dict[int, ProofFile]:
    """Step 6. The proof files that could be read, by the number of their seal."""
    files = _proof_files(bag, checks)
    places = {
        number: {proof.index: proof for proof in file.proofs} for number, file in files.items()
    }  # fmt: skip
    shown: set[tuple[int, int]] = set()
    for record in manifest.records:
        subject = f"{record.kind}/{record.id}"
        proof = places.get(record.seal, {}).get(record.index)
        if proof is None:
            checks.fail("6.2", f"no proof for leaf {record.index} of seal {record.seal}", subject)
        elif (proof.leaf.kind, proof.leaf.id) != (record.kind, record.id):
            checks.fail("6.2", f"leaf {record.index} of seal {record.seal} is another record", subject)
        if (record.seal, record.index) in shown:
            checks.fail("6.2", "stands twice in the manifest at the same leaf", subject)
        shown.add((record.seal, record.index))
    for number, proofs in places.items():
        for index in proofs:
            if (number, index) not in shown:
                checks.fail("6.2", f"a proof of leaf {index} of seal {number}, which no record of the manifest uses")
    connections = {proof.leaf.connection for file in files.values() for proof in file.proofs}
    if len(connections) > 1:
        checks.fail("6.2", f"leaves of {len(connections):,} connections: a pack is of the records of one")
    for file in files.values():
        paths = Paths(file.size, file.root)
        for proof in file.proofs:
            if problem := _unproved(proof, file, paths):
                checks.fail("6.3", problem, f"{proof.leaf.kind}/{proof.leaf.id}")
    if not manifest.records:
        checks.settle("6.2", "the manifest lists no record: there is nothing to prove", "inconclusive")
    checks.settle("6.1", f"{counted(len(files), 'proof file')} read")
    if manifest.records:
        checks.settle("6.2", "each record has a proof of its own, of its kind and id")
    checks.settle("6.3", "each proof leads from the record's leaf to the root")
    return files


def _proof_files(bag: Bag, checks: Checklist) -> dict[int, ProofFile]:
    files: dict[int, ProofFile] = {}
    for path in sorted(bag.container.files):
        if not path.startswith(PROOFS):
            continue
        try:
            data = bag.read(path, MAX_PROOFS)
            file, is_canonical = ProofFile.read_strictly(data)
        except (FormatError, Unreadable) as error:
            checks.fail("6.1", names.shown(str(error)), path)
            continue
        if path not in {f"{PROOFS}{file.seal}.json", f"{PROOFS}{file.seal:06d}.json"} or file.seal in files:
            checks.fail("6.1", f"says it belongs to seal {file.seal}", path)
            continue
        if not is_canonical:
            checks.fail("6.1", "not in canonical form", path)
        indices = [proof.index for proof in file.proofs]
        if indices != sorted(set(indices)):
            checks.fail("6.1", "its proofs are not in the order of their leaves, each once", path)
        files[file.seal] = file
    return files


def _unproved(proof: Proof, file: ProofFile, paths: Paths) -> str | None:
    try:
        leads = paths.leads(proof.leaf.hash(), proof.index, proof.path)
    except FormatError as error:
        return str(error)
    return None if leads else f"the proof does not lead to the root of seal {file.seal}"


def check_seals(bag: Bag, checks: Checklist, manifest: Manifest, proofs: Mapping[int, ProofFile]) -> dict[int, Seal]:
    """Step 7. The seals that are those of the manifest, by number."""
    seals = read_seals(bag, checks, manifest)
    for number, file in proofs.items():
        seal = seals.get(number)
        if seal is None:
            checks.fail("7.2", "proofs for a seal that the pack does not hold", f"{PROOFS}{number}")
        elif (seal.root, seal.leaves) != (file.root, file.size):
            checks.fail("7.2", "the seal has another root or size than the proofs lead to", f"seal {number}")
        else:
            _check_leaves(checks, seal, file)
    checks.settle("7.2", "root, size, capture and kinds of each seal are those of the proofs")
    for number in sorted({record.seal for record in manifest.records} - seals.keys()):
        checks.fail("7.1", "records stand in a seal that the pack does not hold", f"seal {number}")
    checks.settle("7.1", _described(seals))
    _check_chain(checks, seals)
    check_logs(bag, checks, manifest, seals)
    return seals


def read_seals(bag: Bag, checks: Checklist, manifest: Manifest) -> dict[int, Seal]:
    """Step 7.1, but for its settling."""
    seals: dict[int, Seal] = {}
    paths = set()
    for listed in manifest.seals:
        paths.add(listed.path)
        subject = f"seal {listed.number}"
        if listed.path != f"{SEALS}{listed.number:06d}.json":
            checks.fail("7.1", f"lies at {names.shown(listed.path)}", subject)
            continue
        try:
            seal = Seal.read(bag.read(listed.path, MAX_SEAL))
        except (FormatError, Unreadable) as error:
            checks.fail("7.1", names.shown(str(error)), subject)
            continue
        if seal.number != listed.number or listed.number in seals:
            checks.fail("7.1", f"says it is seal {seal.number}", subject)
        elif seal.digest() != listed.digest:
            checks.fail("7.1", "is not the seal that the manifest states: its digest differs", subject)
        elif seal.vault != manifest.vault:
            checks.fail("7.1", "belongs to another vault than the manifest states", subject)
        else:
            seals[seal.number] = seal
    for path in bag.container.files:
        if path.startswith(SEALS) and path not in paths and not is_time_file(path):
            checks.fail("7.1", "not one of the seals that the manifest lists", path)
    if not manifest.seals:
        checks.fail("7.1", "the pack holds no seal")
    return seals


def _check_leaves(checks: Checklist, seal: Seal, file: ProofFile) -> None:
    for proof in file.proofs:
        if proof.leaf.capture != seal.capture:
            checks.fail("7.2", f"a leaf of another capture than seal {seal.number} closes", f"leaf {proof.index}")
    for kind, number in sorted(Counter(proof.leaf.kind for proof in file.proofs).items()):
        if number > (sealed := seal.counts.get(kind, 0)):
            words = f"{number:,} leaves of kind {names.shown(kind)} are shown; the seal counts {sealed:,}"
            checks.fail("7.2", words, f"seal {seal.number}")


def _check_chain(checks: Checklist, seals: dict[int, Seal]) -> None:
    links, gaps = 0, 0
    for number, seal in sorted(seals.items()):
        before = seals.get(number - 1)
        if number == 0 or (seal.previous is None) != (number == 1):
            checks.fail("7.3", "only the first seal, and it always, has no seal before it", f"seal {number}")
        elif before is not None:
            links += 1
            if seal.previous != before.digest():
                checks.fail("7.3", f"does not follow seal {number - 1} of this pack", f"seal {number}")
        elif number > 1:
            gaps += 1
    words = f"{counted(links, 'link')} between seals of this pack followed"
    if gaps:
        words += f"; {gaps} to seals that are not in the pack could not be"
    checks.settle("7.3", words)


def _described(seals: dict[int, Seal]) -> str:
    words = [
        f"seal {number} of {names.shown(seal.sealed_at)}, capture {names.shown(seal.state)}, "
        f"{counted(seal.leaves, 'record version')}"
        for number, seal in sorted(seals.items())[:5]
    ]
    return "; ".join(words) + (f"; and {len(seals) - 5} more" if len(seals) > 5 else "")
