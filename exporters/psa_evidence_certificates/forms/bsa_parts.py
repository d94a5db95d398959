"""What both parts of the Indian certificate ask for."""

from __future__ import annotations

from typing import Final

from psa_evidence_certificates.draft import Block, point
from psa_evidence_certificates.knowledge import Knowledge

SOURCES: Final = tuple(
    (name, False)
    for name in ("computer / storage media", "DVR", "mobile", "flash drive", "CD / DVD", "server", "cloud", "other")
)
ALGORITHMS: Final = (("SHA1", False), ("SHA256", True), ("MD5", False), ("other, legally acceptable", False))
"""SHA-256 is ticked because the software used it: a fact of the run, not a statement of the signer."""


def hash_report(k: Knowledge) -> tuple[Block, ...]:
    return (
        point(
            f"Hash value of the list of all {k.run.natives:,} records: {k.run.natives_digest}. The hash value of "
            "each record "
            "stands in data/tables/natives.csv, which is to be enclosed as the hash report."
        ),
    )  # fmt: skip


def particulars(k: Knowledge) -> str:
    return f"{k.run.psa} {k.run.psa_version or '(version not recorded)'}, connection '{k.run.connection}'"
