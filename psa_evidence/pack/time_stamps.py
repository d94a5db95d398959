"""Time-stamps of the seals, in words for people. Whether to believe an authority is for the reader: nothing here judges
by an anchor, the verifier does (`psa-evidence verify --trust`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from psa_evidence.errors import VaultError
from psa_evidence.format import FormatError, WitnessToken
from psa_evidence.format.timestamp import judge
from psa_evidence.format.timestamp_certificates import fingerprint, from_der, name, to_pem
from psa_evidence.format.witness import chain_path
from psa_evidence.pack import wording
from psa_evidence.pack.dossier import Dossier

NEVER_ASKED: Final = "The time of sealing is not yet witnessed by a time-stamp authority."
DEMONSTRATION: Final = (
    "DEMONSTRATION: these time-stamps are by a test authority, a program on the same computer. They show how a "
    "time-stamp is made and checked, and prove nothing about any time."
)
_MARK: Final = "DEMONSTRATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStamp:
    """One token. `covers` is the path of the bytes it is over; `signer` and `issuer` are names in the signer's
    certificate, `ends` is when that ends."""

    claim: WitnessToken
    covers: str
    signer: str
    issuer: str
    ends: datetime
    at: datetime
    accuracy: str
    serial: int
    policy: str
    imprint: str
    certificates: tuple[bytes, ...]

    @property
    def demonstration(self) -> bool:
        return _MARK in self.signer.upper() or _MARK in self.issuer.upper()


def time_stamps(dossier: Dossier) -> tuple[TimeStamp, ...]:
    """All of the pack, over seals first, then over renewals. Raises VaultError when one is not over its bytes, not
    signed or not for time-stamping: such a vault was changed."""
    found = []
    for token in dossier.witness.tokens:
        seal = next(s for s in dossier.seals if s.number == token.seal)
        data = dossier.time_files[token.path]
        found.append(_read(token, f"seals/{seal.number:06d}.json", seal.document(), data))
    for renewal in dossier.witness.renewals:
        for token in renewal.tokens:
            data = dossier.time_files[token.path]
            found.append(_read(token, renewal.path, dossier.time_files[renewal.path], data))
    return tuple(found)


@lru_cache(maxsize=1024)
def _read(claim: WitnessToken, covers: str, document: bytes, response: bytes) -> TimeStamp:
    verdict = judge(response, document, anchors=())
    token, signer = verdict.token, verdict.signer
    if verdict.refused or token is None or signer is None:
        raise VaultError(
            f"{claim.path} is not a good time-stamp of {covers}.", why=verdict.reason,
            next_step="Restore it from a copy of the vault.",
        )  # fmt: skip
    return TimeStamp(
        claim=claim,
        covers=covers,
        signer=name(signer.subject),
        issuer=name(signer.issuer),
        ends=signer.not_valid_after_utc,
        at=token.at,
        accuracy="not stated" if token.accuracy is None else f"{token.accuracy.total_seconds():g} s",
        serial=token.serial,
        policy=token.policy,
        imprint=f"{token.imprint_algorithm} {token.imprint.hex()}",
        certificates=token.certificates,
    )


def time_stamp_files(dossier: Dossier) -> dict[str, bytes]:
    """What goes into the pack below `seals/`: responses, renewals, and for each authority the certificates that came
    with its tokens here, in their order."""
    files = dict(dossier.time_files)
    chains: dict[str, dict[str, bytes]] = {}
    for each in time_stamps(dossier):
        chain = chains.setdefault(chain_path(each.claim.authority), {})
        for der in each.certificates:
            try:
                certificate = from_der(der)
            except FormatError:
                continue  # it is in the response itself
            chain.setdefault(fingerprint(certificate), to_pem([certificate]))
    files.update({path: b"".join(chain.values()) for path, chain in chains.items() if chain})
    return files


def existed(dossier: Dossier) -> Mapping[int, TimeStamp]:
    """By seal, the earliest time-stamp over it or over a later seal, which covers it through the chain."""
    over = [each for each in time_stamps(dossier) if each.covers == f"seals/{each.claim.seal:06d}.json"]
    found = {}
    for seal in dossier.seals:
        later = [each for each in over if each.claim.seal >= seal.number]
        if later:
            found[seal.number] = min(later, key=lambda each: (each.at, each.claim.path))
    return found


def waiting(dossier: Dossier) -> tuple[int, ...]:
    """Seals whose time is not yet witnessed, though an authority was asked."""
    covered = existed(dossier)
    return tuple(number for number in dossier.witness.owed if number not in covered)


def waiting_words(dossier: Dossier) -> str:
    """Empty when no seal waits."""
    numbers = waiting(dossier)
    if not numbers:
        return ""
    return (
        f"Time not yet witnessed for {wording.count(len(numbers), 'seal')} ({_few(numbers)}): an authority was asked "
        "and has not given a good time-stamp. The next run asks again."
    )


def sentences(dossier: Dossier) -> tuple[str, ...]:
    """What the time-stamps say and what is open, one sentence a run of seals."""
    if not dossier.witness.tokens and not dossier.witness.owed:
        return (NEVER_ASKED,)
    runs: dict[str, tuple[TimeStamp, list[int]]] = {}
    for number, each in existed(dossier).items():
        runs.setdefault(each.claim.path, (each, []))[1].append(number)
    said = [
        f"{_few(numbers)} existed before {utc(each.at)}, says {each.signer} (file {each.claim.path}), "
        f"if you trust the authority that vouches for it: {each.issuer}."
        for each, numbers in runs.values()
    ]
    if words := waiting_words(dossier):
        said.append(words)
    return tuple(text[0].upper() + text[1:] for text in said)


def utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _few(numbers: tuple[int, ...] | list[int]) -> str:
    """`seal 3`, `seals 1 to 3`, `seals 1, 4, 5`."""
    if len(numbers) == 1:
        return f"seal {numbers[0]}"
    if list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"seals {numbers[0]} to {numbers[-1]}"
    return "seals " + ", ".join(map(str, numbers))
