"""Steps 6.4 and 6.5: each native is what its leaf commits to, by the salts that the proof or the native gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from psa_evidence.format import Disclosed, FormatError, Manifest, ManifestRecord, Proof, ProofFile
from psa_evidence.format.commitment import Committing, commit
from psa_evidence.format.native_name import DISCLOSED
from psa_evidence.verify import names
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Container, Unreadable, blocks
from psa_evidence.verify.hashing import in_threads
from psa_evidence.verify.report import Checklist, counted

MAX_DISCLOSED: Final = 256 << 20
"""Bytes: a record of the largest size, its text escaped, and a salt beside each field."""


def check_commitments(
    bag: Bag, checks: Checklist, manifest: Manifest, files: Mapping[int, ProofFile]
) -> dict[str, Counter[str]]:
    """Of each native in part that holds, how many fields it withholds for which reason."""
    proofs = {(number, proof.index): proof for number, file in files.items() for proof in file.proofs}
    pairs = [
        (record, proof)
        for record in manifest.records
        if record.native in bag.container.files  # else 5.1 says so
        and (proof := proofs.get((record.seal, record.index))) is not None  # else 6.2 does
    ]
    unread = [
        (record.native, proof)
        for record, proof in pairs
        if proof.salt is not None and bag.kept.get(record.native) is None
    ]
    problems = in_threads(lambda one: _whole_problem(bag, *one), unread, lambda one: bag.container.files[one[0]])
    whole, hidden = 0, dict[str, Counter[str]]()
    for record, proof in pairs:
        if proof.salt is not None:
            check, body = "6.4", bag.kept.get(record.native)
            problem = next(problems) if body is None else _kept_problem(body, proof)
            if problem is None and record.in_part:
                problem = f"the native is whole, and is called a {DISCLOSED} file"
            whole += 1
        else:
            check = "6.5"
            withheld, problem = _check_in_part(bag, record, proof)
            if problem is None:
                hidden[record.native] = withheld
        if problem is not None:
            checks.fail(check, names.shown(problem), f"{record.kind}/{record.id}")
    in_part = len(pairs) - whole
    checks.settle("6.4", f"{counted(whole, 'whole native')}: the bytes and the fields their leaves commit to")
    words = f"{counted(in_part, 'native')} with withheld fields: the fields their leaves commit to"
    checks.settle(
        "6.5", f"{words}; {counted(number_of(hidden), 'field')} withheld" if in_part else "no native withholds a field"
    )
    return hidden


def number_of(withheld: Mapping[str, Counter[str]]) -> int:
    """How many fields, of what `check_commitments` gives."""
    return sum(reasons.total() for reasons in withheld.values())


def _kept_problem(body: bytes, proof: Proof) -> str | None:
    """Made where it is asked for: threads only help with reading, and with large files."""
    return _other_than_leaf(commit(bytes.fromhex(proof.salt or ""), body), proof)


def _whole_problem(bag: Bag, path: str, proof: Proof) -> str | None:
    try:
        found = _commit(bytes.fromhex(proof.salt or ""), bag.container, path)
    except (FormatError, Unreadable) as error:
        return str(error)
    return _other_than_leaf(found, proof)


def _other_than_leaf(found: tuple[str, str | None], proof: Proof) -> str | None:
    record, fields = found
    if record != proof.leaf.record:
        return "the native is not the record that its leaf commits to"
    if fields != proof.leaf.fields:
        return "the fields of the native are not those that its leaf commits to"
    return None


def _commit(salt: bytes, container: Container, path: str) -> tuple[str, str | None]:
    made = Committing(salt)
    for block in blocks(container, path):
        made.update(block)
    return made.finish()


def _check_in_part(bag: Bag, record: ManifestRecord, proof: Proof) -> tuple[Counter[str], str | None]:
    """How many fields are withheld for which reason, none when anything is wrong, and what is."""
    try:
        return _withheld(bag, record, proof), None
    except (FormatError, Unreadable) as error:
        return Counter(), str(error)


def _withheld(bag: Bag, record: ManifestRecord, proof: Proof) -> Counter[str]:
    if not record.in_part:
        raise FormatError(f"the proof gives no salt, and the native is not a {DISCLOSED} file")
    disclosed = Disclosed.read(bag.read(record.native, MAX_DISCLOSED))
    if (disclosed.kind, disclosed.id) != (proof.leaf.kind, proof.leaf.id):
        raise FormatError("the native says it is another record")
    if disclosed.root().hex() != proof.leaf.fields:
        raise FormatError("the fields of the native are not those that its leaf commits to")
    if not (reasons := disclosed.reasons()):
        raise FormatError("no field is withheld, and the salt of the record is")
    return reasons
