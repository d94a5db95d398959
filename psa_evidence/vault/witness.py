"""Asking time-stamp authorities (RFC 3161) to witness seals, and holding them to their own answers.

The seal stands whatever an authority does. A token that does not come, or is not good, is owed: the request is in the
log before it is sent, and the next run asks again. What is kept was bound to its own request when it came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from cryptography import x509

from psa_evidence.errors import EvidenceError, VaultError
from psa_evidence.format import Seal
from psa_evidence.format.timestamp import Verdict, judge
from psa_evidence.format.timestamp_certificates import fingerprint
from psa_evidence.format.timestamp_request import request
from psa_evidence.format.witness import token_path
from psa_evidence.spi import Progress, Silent
from psa_evidence.vault.durable import Disk
from psa_evidence.vault.lock import Holding, Lock
from psa_evidence.vault.times import Clock, instant, stamp
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
        first = self.files.first_asked()
        newest = seals[-1].number if seals else 0
        return [
            (seal, authority)
            for seal in seals
            for authority in authorities
            if seal.number >= first.get(authority.name, newest) and (seal.number, authority.name) not in have
        ]

    def stamp(self, authorities: Sequence[Authority]) -> StampReport:
        """Ask for every token that is due. An authority that fails once is not asked again in this run.

        Raises StorageError and VaultError; nothing that an authority does.
        """
        with self.locked():
            results = self.finish(authorities)
            for seal, authority in self.due(authorities):
                results.append(self.obtain(seal, None, authority, seal.document()))
        return StampReport(tuple(results))

    def finish(self, authorities: Iterable[Authority]) -> list[Stamped]:
        """Make good what a crash left: responses that are not in the log yet, entries that custody lacks. A response
        is taken when it answers a request that the log knows; else VaultError. The caller holds the lock."""
        known = {authority.name: authority for authority in authorities}
        seals = {seal.number: seal for seal in self.vault.seals()}
        entries = self.files.log.read()
        logged = {entry["path"] for entry in entries if entry["action"] == "stamped"}
        found = []
        for kept in self.files.kept():
            if kept.path not in logged and kept.seal in seals:
                authority = known.get(kept.authority, Authority(kept.authority, ""))
                found.append(self._take(seals[kept.seal], kept, authority))
        told = {
            (entry["detail"].get("sha256"), entry["action"])
            for entry in self.vault.custody.read()
            if entry["action"] in {"stamped", "renewed"}
        }
        for entry in self.files.log.read():
            if entry["action"] == "stamped":
                action = "stamped" if entry["renewal"] is None else "renewed"
                if (entry["sha256"], action) not in told and entry["seal"] in seals:
                    self._tell(action, seals[entry["seal"]], entry)
        return found

    def _take(self, seal: Seal, kept: Kept, authority: Authority) -> Stamped:
        data = seal.document()
        if kept.renewal is not None:
            data = self.files.renewals().get((seal.number, kept.renewal), b"")
        for nonce in self.files.nonces(seal.number, kept.renewal, authority.name):
            verdict = judge(
                kept.data, data, anchors=authority.anchors, others=self.files.chain(authority.name), nonce=nonce
            )
            if not verdict.refused and verdict.token is not None:
                return self._keep(seal, kept, authority, verdict, None, self._clock())
        raise VaultError(
            f"{kept.path} answers no request that was made for it.",
            why="It was changed, or put there by somebody else.",
            next_step="Restore the file from a copy of the vault, or move it away and stamp again.",
        )

    def obtain(self, seal: Seal, renewal: int | None, authority: Authority, data: bytes) -> Stamped:
        """One token over `data`, kept and logged, or owed. The caller holds the lock (`stamp`, `renew`)."""
        if (reason := self._down.get(authority.name)) is not None:
            return Stamped(seal.number, renewal, authority.name, "owed", reason)
        nonce, chain = self._nonces(), self.files.chain(authority.name)
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
        if reason or verdict.token is None:
            self._down[authority.name] = reason
            self.files.note("refused", received, {**common, "reason": reason})
            return Stamped(seal.number, renewal, authority.name, "owed", reason)
        self.files.write(token_path(seal.number, authority.name, renewal), answer)
        kept = Kept(seal.number, renewal, authority.name, answer, verdict.token)
        return self._keep(seal, kept, authority, verdict, sent, received)

    def _keep(self, seal: Seal, kept: Kept, authority: Authority, verdict: Verdict, sent: datetime | None,
              received: datetime) -> Stamped:  # fmt: skip
        """Log a response whose file stands."""
        token, renewal = kept.token, kept.renewal
        self.files.add_chain(kept.authority, token.certificates)
        offset = None if sent is None else round((token.at - (sent + (received - sent) / 2)).total_seconds() * 1000)
        detail = {
            "seal": seal.number, "renewal": renewal, "authority": authority.name, "path": kept.path,
            "sha256": kept.listed().sha256, "stated_time": stamp(token.at), "serial": str(token.serial),
            "signer": verdict.authority, "anchor": fingerprint(verdict.path.anchor) if verdict.path else None,
            "sent_at": None if sent is None else stamp(sent), "received_at": stamp(received), "offset_ms": offset,
        }  # fmt: skip
        self.files.note("stamped", received, detail)
        self._tell("stamped" if renewal is None else "renewed", seal, detail)
        if offset is not None and abs(offset) > NOTICEABLE_OFFSET / timedelta(milliseconds=1):
            self._progress.note(
                f"The clock of {authority.name} and this computer's differ by {abs(offset) // 1000} seconds; "
                "one of them is wrong."
            )
        return Stamped(seal.number, renewal, authority.name, "stamped", "", token.at, offset)

    def _tell(self, action: str, seal: Seal, entry: Mapping[str, Any]) -> None:
        """Into the custody log."""
        said = ("seal", "renewal", "authority", "stated_time", "sha256", "signer", "offset_ms")
        detail = {name: entry[name] for name in said}
        self.vault.log(action, seal.capture, detail, who=self._who, at=instant(entry["received_at"]))

    def locked(self) -> Holding:
        return Holding(Lock(self.files.root / "stamping.lock"), self._clock(), wait_seconds=WAIT_SECONDS)
