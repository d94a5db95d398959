"""Asking time-stamp authorities (RFC 3161) to witness seals, and holding them to their own answers.

The seal stands whatever an authority does. A token that does not come, or is not good, is owed: the request is in the
log before it is sent, and the next run asks again. What is kept was bound to its own request when it came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from cryptography import x509

from psa_evidence.errors import EvidenceError, VaultError
from psa_evidence.format import FormatError, Seal
from psa_evidence.format.timestamp import Verdict, judge
from psa_evidence.format.timestamp_certificates import fingerprint, from_der, from_file, to_pem
from psa_evidence.format.timestamp_request import request
from psa_evidence.format.witness import chain_path, token_path
from psa_evidence.spi import Progress, Silent
from psa_evidence.vault.durable import Disk
from psa_evidence.vault.lock import Holding, Lock
from psa_evidence.vault.times import Clock, stamp
from psa_evidence.vault.vault import Vault
from psa_evidence.vault.witness_files import Kept, WitnessFiles

WAIT_SECONDS: Final = 5.0
NOTICEABLE_OFFSET: Final = timedelta(minutes=5)
"""Between the authority's clock and ours; a verifier asks of a seal that it is not stamped before it was made."""

Ask = Callable[[str, bytes], bytes]
"""URL and request in, body of the answer out. Raises EvidenceError (`psa_evidence.vault.witness_asking.Asking`)."""
Outcome = Literal["stamped", "owed"]


@dataclass(frozen=True, slots=True)
class Authority:
    """`anchors` are the roots by which its tokens are judged; without them their path cannot be."""

    name: str
    url: str
    anchors: tuple[x509.Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class Stamped:
    """What came of one request. `reason` says why it is owed; `stated_time` and `offset_ms` (the authority's clock
    against ours) are None then."""

    seal: int
    renewal: int | None
    authority: str
    outcome: Outcome
    reason: str = ""
    stated_time: datetime | None = None
    offset_ms: int | None = None


@dataclass(frozen=True, slots=True)
class StampReport:
    results: tuple[Stamped, ...] = ()

    @property
    def stamped(self) -> tuple[Stamped, ...]:
        return tuple(r for r in self.results if r.outcome == "stamped")

    @property
    def owed(self) -> tuple[Stamped, ...]:
        return tuple(r for r in self.results if r.outcome == "owed")


class Witnessing:
    """For one open vault. `nonces` gives a fresh random positive number each time; `who` goes into the custody log."""

    def __init__(self, vault: Vault, *, ask: Ask, clock: Clock, nonces: Callable[[], int], who: str,
                 disk: Disk | None = None, progress: Progress | None = None) -> None:  # fmt: skip
        self.vault = vault
        self.files = WitnessFiles(vault.path, disk or Disk())
        self._ask, self._clock, self._nonces, self._who = ask, clock, nonces, who
        self._progress = progress or Silent()
        self._down: dict[str, str] = {}

    def due(self, authorities: Iterable[Authority]) -> list[tuple[Seal, Authority]]:
        """Tokens that are to be had: of each authority from the first seal it was ever asked for, or the newest seal
        when it is asked for the first time (the chain of seals carries its witness to the earlier ones)."""
        seals = self.vault.seals()
        have = {(k.seal, k.authority) for k in self.files.kept() if k.renewal is None}
        known = {e["path"] for e in self.files.log.read() if e["action"] == "stamped"}
        first = self.files.first_asked()
        newest = seals[-1].number if seals else 0
        return [
            (seal, authority)
            for seal in seals
            for authority in authorities
            if seal.number >= first.get(authority.name, newest)
            and ((seal.number, authority.name) not in have or token_path(seal.number, authority.name) not in known)
        ]

    def stamp(self, authorities: Sequence[Authority]) -> StampReport:
        """Ask for every token that is due. An authority that fails once is not asked again in this run.

        Raises StorageError and VaultError; nothing that an authority does.
        """
        with self.locked():
            results = []
            for seal, authority in self.due(authorities):
                results.append(self.obtain(seal, None, authority, seal.document()))
        return StampReport(tuple(results))

    def obtain(self, seal: Seal, renewal: int | None, authority: Authority, data: bytes) -> Stamped:
        """One token over `data`, kept and logged, or owed. The caller holds the lock (`stamp`, `renew`)."""
        if (found := self._left(seal, renewal, authority, data)) is not None:
            return found
        if (reason := self._down.get(authority.name)) is not None:
            return Stamped(seal.number, renewal, authority.name, "owed", reason)
        nonce, chain = self._nonces(), self._chain(authority)
        common = {"seal": seal.number, "renewal": renewal, "authority": authority.name}
        sent = self._clock()
        self.files.note("asked", sent, {**common, "nonce": f"{nonce:x}"})
        reason, answer, verdict = "", b"", Verdict((), None, None, None)
        try:
            answer = self._ask(authority.url, request(hashlib.sha256(data).digest(), nonce=nonce))
        except EvidenceError as error:
            reason = error.what
        received = self._clock()
        if not reason:
            verdict = judge(answer, data, anchors=authority.anchors, others=chain, nonce=nonce)
            if verdict.refused or verdict.token is None:
                reason = f"its answer is not a good token: {verdict.reason}"
        if reason:
            self._down[authority.name] = reason
            self.files.note("refused", received, {**common, "reason": reason})
            return Stamped(seal.number, renewal, authority.name, "owed", reason)
        self.files.write(token_path(seal.number, authority.name, renewal), answer)
        return self._keep(seal, renewal, authority, answer, verdict, sent, received)

    def _left(self, seal: Seal, renewal: int | None, authority: Authority, data: bytes) -> Stamped | None:
        """A response that a crash kept out of the log: taken when it answers a request that the log knows."""
        path = token_path(seal.number, authority.name, renewal)
        if not (self.files.root / path).exists():
            return None
        answer = self.files.read(path)
        for nonce in self.files.nonces(seal.number, renewal, authority.name):
            verdict = judge(answer, data, anchors=authority.anchors, others=self._chain(authority), nonce=nonce)
            if not verdict.refused and verdict.token is not None:
                now = self._clock()
                return self._keep(seal, renewal, authority, answer, verdict, None, now)
        raise VaultError(
            f"{path} answers no request that was made for it.",
            why="It was changed, or put there by somebody else.",
            next_step="Restore the file from a copy of the vault, or move it away and stamp again.",
        )

    def _keep(self, seal: Seal, renewal: int | None, authority: Authority, answer: bytes, verdict: Verdict,
              sent: datetime | None, received: datetime) -> Stamped:  # fmt: skip
        token = verdict.token
        if token is None:  # not reached: the callers have looked
            raise VaultError("A response without a token was to be kept.")
        kept = Kept(seal.number, renewal, authority.name, answer, token)
        self._add_chain(authority, token.certificates)
        offset = None if sent is None else round((token.at - (sent + (received - sent) / 2)).total_seconds() * 1000)
        detail = {
            "seal": seal.number, "renewal": renewal, "authority": authority.name, "path": kept.path,
            "sha256": kept.listed().sha256, "stated_time": stamp(token.at), "serial": str(token.serial),
            "signer": verdict.authority, "anchor": fingerprint(verdict.path.anchor) if verdict.path else None,
            "sent_at": None if sent is None else stamp(sent), "received_at": stamp(received), "offset_ms": offset,
        }  # fmt: skip
        self.files.note("stamped", received, detail)
        said = ("seal", "renewal", "authority", "stated_time", "sha256", "signer", "offset_ms")
        self.vault.log(
            "stamped" if renewal is None else "renewed", seal.capture, {name: detail[name] for name in said},
            who=self._who, at=received,
        )  # fmt: skip
        if offset is not None and abs(offset) > NOTICEABLE_OFFSET / timedelta(milliseconds=1):
            self._progress.note(
                f"The clock of {authority.name} and this computer's differ by {abs(offset) // 1000} seconds; "
                "one of them is wrong."
            )
        return Stamped(seal.number, renewal, authority.name, "stamped", "", token.at, offset)

    def _chain(self, authority: Authority) -> tuple[x509.Certificate, ...]:
        path = self.files.root / chain_path(authority.name)
        if not path.exists():
            return ()
        try:
            return from_file(self.files.read(chain_path(authority.name)))
        except FormatError as error:
            raise VaultError(
                f"{chain_path(authority.name)} is damaged.", next_step="Restore it from a copy of the vault."
            ) from error

    def _add_chain(self, authority: Authority, ders: Iterable[bytes]) -> None:
        """Certificates not yet kept are added at the end."""
        have = self._chain(authority)
        known = {fingerprint(each) for each in have}
        new = []
        for der in ders:
            try:
                certificate = from_der(der)
            except FormatError:
                continue  # it is in the response that is kept
            if fingerprint(certificate) not in known:
                known.add(fingerprint(certificate))
                new.append(certificate)
        if new:
            self.files.write(chain_path(authority.name), to_pem([*have, *new]))

    def locked(self) -> Holding:
        return Holding(Lock(self.files.root / "stamping.lock"), self._clock(), wait_seconds=WAIT_SECONDS)
