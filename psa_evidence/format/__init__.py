"""Bytes in, bytes out: canonical JSON, leaves, Merkle trees, seals and manifests. No I/O, no clock, no randomness.

Both sides import it: those who make evidence (vault, pack) and the verifier, which imports nothing else of ours.
The documents are described in docs/format/.
"""

from psa_evidence.format.canonical import FormatError, canonical, parse, sha256
from psa_evidence.format.leaf import Leaf
from psa_evidence.format.manifest import Manifest, ManifestFile, ManifestRecord, ManifestSeal
from psa_evidence.format.merkle import Frontier, Tree, leaf_hash, root_from_path, root_of
from psa_evidence.format.proofs import Proof, ProofFile
from psa_evidence.format.seal import Seal, SealedFile
from psa_evidence.format.witness import Renewal, Witness, WitnessRenewal, WitnessToken

__all__ = [
    "FormatError",
    "Frontier",
    "Leaf",
    "Manifest",
    "ManifestFile",
    "ManifestRecord",
    "ManifestSeal",
    "Proof",
    "ProofFile",
    "Renewal",
    "Seal",
    "SealedFile",
    "Tree",
    "Witness",
    "WitnessRenewal",
    "WitnessToken",
    "canonical",
    "leaf_hash",
    "parse",
    "root_from_path",
    "root_of",
    "sha256",
]
