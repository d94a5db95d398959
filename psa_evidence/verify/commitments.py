"""Steps 6.4 and 6.5: each native is what its leaf commits to, by the salts that the proof or the native gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from psa_evidence.format import Disclosed, FormatError, Manifest, Proof, ProofFile
from psa_evidence.format.commitment import Committing
from psa_evidence.verify import names
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Container, Unreadable, blocks
from psa_evidence.verify.report import Checklist, counted

DISCLOSED: Final = ".disclosed.json"
MAX_DISCLOSED: Final = 256 << 20
"""Bytes: a record of the largest size, its text escaped, and a salt beside each field."""


def check_commitments(bag: Bag, checks: Checklist, manifest: Manifest, files: Mapping[int, ProofFile]) -> int:
    """How many fields the natives withhold."""
    proofs = {(number, proof.index): proof for number, file in files.items() for proof in file.proofs}
    whole, in_part, hidden = 0, 0, 0
    for record in manifest.records:
        proof = proofs.get((record.seal, record.index))
        if proof is None or record.native not in bag.container.files:
            continue  # 6.2 or 5.1 says so
        subject = f"{record.kind}/{record.id}"
        check = "6.4" if proof.salt is not None else "6.5"
        try:
            if proof.salt is not None:
                whole += 1
                _check_whole(bag.container, record.native, bytes.fromhex(proof.salt), proof)
            else:
                in_part += 1
                hidden += _check_in_part(bag, record.native, proof)
        except (FormatError, Unreadable) as error:
            checks.fail(check, names.shown(str(error)), subject)
    checks.settle("6.4", f"{counted(whole, 'whole native')}: the bytes and the fields their leaves commit to")
    words = f"{counted(in_part, 'native')} with withheld fields: the fields their leaves commit to"
    checks.settle("6.5", f"{words}; {counted(hidden, 'field')} withheld" if in_part else "no native withholds a field")
    return hidden


def _check_whole(container: Container, path: str, salt: bytes, proof: Proof) -> None:
    made = Committing(salt)
    for block in blocks(container, path):
        made.update(block)
    record, fields = made.finish()
    if record != proof.leaf.record:
        raise FormatError("the native is not the record that its leaf commits to")
    if fields != proof.leaf.fields:
        raise FormatError("the fields of the native are not those that its leaf commits to")


def _check_in_part(bag: Bag, path: str, proof: Proof) -> int:
    if not path.endswith(DISCLOSED):
        raise FormatError(f"the proof gives no salt, and the native is not a {DISCLOSED} file")
    disclosed = Disclosed.read(bag.read(path, MAX_DISCLOSED))
    if (disclosed.kind, disclosed.id) != (proof.leaf.kind, proof.leaf.id):
        raise FormatError("the native says it is another record")
    if disclosed.root().hex() != proof.leaf.fields:
        raise FormatError("the fields of the native are not those that its leaf commits to")
    if not disclosed.withheld():
        raise FormatError("no field is withheld, and the salt of the record is")
    return disclosed.withheld()
