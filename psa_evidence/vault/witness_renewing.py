"""Renewal: new tokens over a seal and all its earlier tokens, made before the certificates of those end.

After the idea of RFC 4998: whoever trusts the new token knows that the old ones stood at its time, when their
certificates and algorithms were still good.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from psa_evidence.errors import VaultError
from psa_evidence.format import Renewal, Seal, sha256
from psa_evidence.format.timestamp import judge
from psa_evidence.format.witness import renewal_path
from psa_evidence.vault.witness import Authority, Stamped, StampReport, Witnessing
from psa_evidence.vault.witness_files import Kept

WITHIN: Final = timedelta(days=365)
"""Tokens whose certificates end sooner are renewed."""


def renew(witnessing: Witnessing, authorities: Sequence[Authority], *, now: datetime,
          within: timedelta = WITHIN) -> StampReport:  # fmt: skip
    """Renew the tokens of every seal whose newest tokens' certificates end before `now` + `within`. Of a renewal that
    is newer, the tokens that an authority still owes are asked for: it failed, or that run broke off.

    An old token that is no longer good is not renewed: VaultError. Authorities that fail are reported as owed.
    """
    results: list[Stamped] = []
    with witnessing.locked():
        results += witnessing.finish(authorities)
        seals = {seal.number: seal for seal in witnessing.vault.seals()}
        for number, kept in _by_seal(witnessing).items():
            if number not in seals:
                raise VaultError(
                    f"There are time-stamps of seal {number}, but no such seal.", next_step="Restore it from a copy."
                )
            documents = witnessing.files.renewals()
            if _ends(seals[number], kept, documents, authorities) < now + within:
                results += _renew(witnessing, seals[number], kept, authorities)
            elif newest := _newest(kept):
                witnesses, there = {k.authority for k in kept}, {k.authority for k in kept if k.renewal == newest}
                results += [
                    witnessing.obtain(seals[number], newest, authority, documents[number, newest])
                    for authority in authorities
                    if authority.name in witnesses - there
                ]
    return StampReport(tuple(results))


def _renew(witnessing: Witnessing, seal: Seal, kept: list[Kept], authorities: Sequence[Authority]) -> list[Stamped]:
    number = 1 + _newest(kept)
    covers = {k.path: sha256(k.data) for k in kept}
    for (of, earlier), document in witnessing.files.renewals().items():
        if of == seal.number and earlier < number:
            covers[renewal_path(of, earlier)] = sha256(document)
    document = Renewal(seal.number, number, seal.digest(), tuple(sorted(covers.items()))).document()
    witnessing.files.write(renewal_path(seal.number, number), document)
    return [witnessing.obtain(seal, number, authority, document) for authority in authorities]


def _newest(kept: list[Kept]) -> int:
    """Number of the newest renewal that an authority has stamped; 0 for none."""
    return max((k.renewal or 0 for k in kept), default=0)


def _by_seal(witnessing: Witnessing) -> dict[int, list[Kept]]:
    found: dict[int, list[Kept]] = {}
    for each in witnessing.files.kept():
        found.setdefault(each.seal, []).append(each)
    return found


def _ends(seal: Seal, kept: list[Kept], documents: Mapping[tuple[int, int], bytes],
          authorities: Sequence[Authority]) -> datetime:  # fmt: skip
    """When the last of the newest tokens can no longer be judged by certificates that are valid."""
    anchors = {authority.name: authority.anchors for authority in authorities}
    newest = _newest(kept)
    ends = []
    for each in kept:
        data = seal.document() if each.renewal is None else documents.get((seal.number, each.renewal), b"")
        verdict = judge(each.data, data, anchors=anchors.get(each.authority, ()))
        if verdict.refused or verdict.signer is None:
            raise VaultError(
                f"{each.path} is not a good time-stamp.", why=verdict.reason,
                next_step="Restore it from a copy of the vault, or correct the authority's anchors.",
            )  # fmt: skip
        if (each.renewal or 0) == newest:
            ends.append(verdict.path.valid_until if verdict.path else verdict.signer.not_valid_after_utc)
    return max(ends)
