"""Integrity: seals, roots and chain, the time-stamps over them, the captures' file digests, software, custody."""

from __future__ import annotations

from psa_evidence.pack import zone_data
from psa_evidence.pack.dossier import Dossier
from psa_evidence.pack.time_stamps import DEMONSTRATION, sentences, time_stamps, utc
from psa_evidence.spi import Block, Column, Facts, Heading, Paragraph, Part, Table


def part(dossier: Dossier, number: int) -> Part:
    blocks: list[Block] = [
        Paragraph(
            text="Each capture was closed by a seal: the root of a Merkle tree over one leaf for every record "
            "version, and "
            "the digests of the capture's files. Each seal names the digest of the one before. The proofs in "
            "data/proofs "
            "lead from each native of this pack to the root of its seal. A seal proves that the bytes have not changed "
            "since it was made, not that what they say is true."
        ),
        *(Paragraph(text=text, style="notice") for text in sentences(dossier)),
        *_demonstration(dossier),
        Facts(
            rows=(
                ("Vault", dossier.vault), ("Software", dossier.software),
                ("Time zone data", zone_data.words(dossier.zone_data)),
                ("Natives in this pack", f"{len(dossier.natives):,}"),
                ("Of them earlier versions of records", f"{len(dossier.earlier):,}"),
                ("Digest of the records, which the cover names", dossier.natives_digest),
                ("Records whose id no file name can carry", f"{dossier.unnamed:,}"),
                ("Digest algorithm", "SHA-256 (FIPS 180-4); Merkle hashing of RFC 9162"),
                ("Manifest", "data/manifest.json, attached to the first PDF of this pack"),
            )
        ),
        Heading(text="Seals"),
        _seals(dossier),
        Heading(text="Time-stamps"),
        _time_stamps(dossier),
        Heading(text="Files of the captures"),
        _files(dossier),
    ]  # fmt: skip
    return Part(id="integrity", number=number, title="Integrity", page_kind="B", blocks=tuple(blocks))


def _seals(dossier: Dossier) -> Table:
    return Table(
        columns=(
            Column(title="No.", align="right", width=0.4), Column(title="Capture", width=1.8),
            Column(title="State", width=0.8), Column(title="Sealed", width=1.4),
            Column(title="Leaves", align="right", width=0.7),
            Column(title="Root", width=2.4), Column(title="Digest of the seal", width=2.4),
            Column(title="Seal before", width=2.4),
        ),
        rows=tuple(
            (
                str(s.number), s.capture, s.state, s.sealed_at, f"{s.leaves:,}", s.root, s.digest(),
                s.previous or "none: the first seal",
            )
            for s in dossier.seals
        ),
        empty="No seal is in this pack.",
    )  # fmt: skip


def _demonstration(dossier: Dossier) -> tuple[Block, ...]:
    if any(each.demonstration for each in time_stamps(dossier)):
        return (Paragraph(text=DEMONSTRATION, style="notice"),)
    return ()


def _time_stamps(dossier: Dossier) -> Table:
    return Table(
        columns=(
            Column(title="Over", width=0), Column(title="Authority", width=1.5), Column(title="Time", width=1.1),
            Column(title="Serial, policy", width=1.1), Column(title="Digest stamped", width=2),
            Column(title="Response, SHA-256", width=2),
        ),
        rows=tuple(
            (
                each.covers,
                f"{each.claim.authority}: {each.signer}; its certificate ends {each.ends:%Y-%m-%d}",
                f"{utc(each.at)}, accuracy {each.accuracy}", f"{each.serial}, {each.policy}", each.imprint,
                f"{each.claim.path}, {each.claim.sha256}",
            )
            for each in time_stamps(dossier)
        ),
        caption="RFC 3161. Each response is in the pack as the authority sent it. Whether its certificates lead to a "
        "root that "
        "you trust is for you to check: see How to verify.",
        empty="No time-stamp is in this pack.",
    )  # fmt: skip


def _files(dossier: Dossier) -> Table:
    used = {c.id for c in dossier.captures}
    return Table(
        columns=(Column(title="File in the vault", width=2), Column(title="Bytes", align="right", width=0.7),
        Column(title="SHA-256", width=2.4)),
        rows=tuple(
            (f.path, f"{f.size:,}", f.sha256) for s in dossier.seals if s.capture in used for f in s.files
        ),
        caption="Kept in the vault; they hold the exact HTTP exchanges, of all clients, and are not in this pack.",
        empty="No file is named by the seals.",
    )  # fmt: skip
