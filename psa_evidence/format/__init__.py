"""Bytes in, bytes out: canonical JSON, leaves, Merkle trees, seals and manifests. No I/O, no clock, no randomness.

Both sides import it: those who make evidence (vault, pack) and the verifier, which imports nothing else of ours.
The documents are described in docs/format/.
"""

from psa_evidence.format.canonical import FormatError, canonical, parse, parse_canonical, sha256
from psa_evidence.format.commitment import commit, field_salt, record_salt
from psa_evidence.format.disclosed import Disclosed, ShownField, WithheldField
from psa_evidence.format.leaf import Leaf
from psa_evidence.format.leaf_hasher import LeafHasher
from psa_evidence.format.manifest import Manifest, ManifestFile, ManifestRecord, ManifestSeal
from psa_evidence.format.members import members
from psa_evidence.format.merkle import Frontier, Paths, Tree, leaf_hash, root_from_path, root_of
from psa_evidence.format.opening import Opening
from psa_evidence.format.proofs import Proof, ProofFile
from psa_evidence.format.seal import LogHead, Seal, SealedConnector, SealedFile
from psa_evidence.format.witness import Renewal, Witness, WitnessRenewal, WitnessToken

__all__ = [
    "Disclosed",
    "FormatError",
    "Frontier",
    "Leaf",
    "LeafHasher",
    "LogHead",
    "Manifest",
    "ManifestFile",
    "ManifestRecord",
    "ManifestSeal",
    "Opening",
    "Paths",
    "Proof",
    "ProofFile",
    "Renewal",
    "Seal",
    "SealedConnector",
    "SealedFile",
    "ShownField",
    "Tree",
    "WithheldField",
    "Witness",
    "WitnessRenewal",
    "WitnessToken",
    "canonical",
    "commit",
    "field_salt",
    "leaf_hash",
    "members",
    "parse",
    "parse_canonical",
    "record_salt",
    "root_from_path",
    "root_of",
    "sha256",
]
