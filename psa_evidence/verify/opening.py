"""A withheld field that was opened, against a pack (docs/format/disclosed.md). Whether the pack itself holds is for
`verify_pack` to say: an opening leads to a seal, and no further."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from psa_evidence.format import Disclosed, FormatError, Opening, Seal, WithheldField
from psa_evidence.format.native_name import DISCLOSED, NATIVES
from psa_evidence.verify.bag import read_bounded
from psa_evidence.verify.commitments import MAX_DISCLOSED
from psa_evidence.verify.container import Container, Unreadable, open_container
from psa_evidence.verify.names import shown
from psa_evidence.verify.sealed import MAX_SEAL, SEALS

MAX_OPENING: Final = 128 << 20
"""Bytes: a value of the largest record, escaped."""


def check_opening(pack: Path, data: bytes) -> str:
    """What the opening shows, in words, when it holds: that the field stands in a record under a seal of the pack, and
    is the one withheld there. Raises FormatError saying why it does not. Never raises another error on what either
    holds."""
    if len(data) > MAX_OPENING:
        raise FormatError("too large to be an opening")
    opening = Opening.read(data)
    if problem := opening.problem():
        raise FormatError(problem)
    try:
        container = open_container(pack)
    except Unreadable as error:
        raise FormatError(f"the pack: {error}") from error
    try:
        place = f"{SEALS}{opening.seal:06d}.json"
        if place not in container.files:
            raise FormatError(
                f"it opens the version under seal {opening.seal}, and the pack has no seal {opening.seal}: "
                "the record may have changed since; open the version that the pack shows"
            )
        seal = Seal.read(read_bounded(container, place, MAX_SEAL))
        if (seal.number, seal.root, seal.leaves) != (opening.seal, opening.root, opening.size):
            raise FormatError(f"seal {opening.seal} of the pack has another root or size")
        if seal.capture != opening.leaf.capture:
            raise FormatError(f"seal {opening.seal} of the pack closes another capture")
        path = _withheld_at(container, opening)
    except Unreadable as error:
        raise FormatError(f"seal {opening.seal} of the pack, or a native: {error}") from error
    finally:
        container.close()
    return (
        f"field {shown(opening.field.name)!r} of {shown(opening.leaf.kind)}/{shown(opening.leaf.id)} is the one "
        f"withheld in {shown(path)} and stands under seal {opening.seal} of {shown(seal.sealed_at)}"
    )


def _withheld_at(container: Container, opening: Opening) -> str:
    """The native in which the field is withheld."""
    for path in sorted(container.files):
        if not path.startswith(NATIVES) or not path.endswith(DISCLOSED):
            continue
        try:
            native = Disclosed.read(read_bounded(container, path, MAX_DISCLOSED))
        except FormatError:
            continue  # verify_pack names it
        same = (native.kind, native.id, len(native.fields)) == (opening.leaf.kind, opening.leaf.id, opening.members)
        if not same or native.root().hex() != opening.leaf.fields:
            continue
        field = native.fields[opening.position]
        if isinstance(field, WithheldField) and field.hash() == opening.field.hash():
            return path
    raise FormatError("the pack withholds no such field of this record")
