"""Judging a time-stamp token (RFC 3161) by anchors that the caller gives: bytes in, verdict out, no clock, no network.

    status     granted, and there is a token            2.4.2
    imprint    SHA-2 digest of exactly these bytes      2.4.2
    nonce      that of the request, when it is known    2.4.2
    policy     the one asked for, when one was          2.4.2
    signer     ESSCertID names the signer's certificate 2.4.2, RFC 5816
    signature  by that certificate's key                RFC 5652, 5.6
    purpose    critical, time-stamping only             2.3
    path       to a given anchor, at the token's time   RFC 5280, 6
    agreement  OpenSSL, through rfc3161-client, says the same

Two programs that share no code must both accept. Where the second reads strict DER only and the token is not, it has
no opinion and the verdict says so; nothing of the first list is left out for that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

from psa_evidence.format.canonical import FormatError
from psa_evidence.format.timestamp_certificates import fingerprint, from_der, name
from psa_evidence.format.timestamp_path import Path, check_purpose, find_path
from psa_evidence.format.timestamp_signature import HASHES, TokenError, check_binding, check_signature, find_signer
from psa_evidence.format.timestamp_token import STATUS, Response, Token, read_response

State = Literal["holds", "fails", "open"]
STEPS: Final = (
    "status", "imprint", "nonce", "policy", "signer", "signature", "purpose", "path", "agreement",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the list above. `open`: could not be made."""

    name: str
    state: State
    detail: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`token` is None when there is none to read; `signer` when its certificate was not found; `path` when there is no
    good one. Only `proved` may be relied on; what the token states is worth nothing otherwise."""

    steps: tuple[Step, ...]
    token: Token | None
    signer: x509.Certificate | None
    path: Path | None

    @property
    def proved(self) -> bool:
        return bool(self.steps) and all(step.state == "holds" for step in self.steps)

    @property
    def refused(self) -> bool:
        return any(step.state == "fails" for step in self.steps)

    @property
    def reason(self) -> str:
        """Why it is refused, or what is open, in words; empty when it is proved."""
        return "; ".join(s.detail for state in ("fails", "open") for s in self.steps if s.state == state)

    @property
    def authority(self) -> str:
        """The name in the signer's certificate, for people."""
        return name(self.signer.subject) if self.signer is not None else "an unknown signer"


@dataclass(frozen=True, slots=True)
class Imprint:
    """The digest of bytes that are not at hand; `algorithm` as hashlib calls it."""

    algorithm: str
    digest: bytes


def judge(
    response: bytes,
    data: bytes | Imprint,
    *,
    anchors: Sequence[x509.Certificate],
    others: Iterable[x509.Certificate] = (),
    nonce: int | None = None,
    policy: str | None = None,
) -> Verdict:
    """Whether `response` (DER of a TimeStampResp) holds a token over `data` that leads to one of `anchors`.

    `data` may be the digest, where the bytes are elsewhere.
    `others` are certificates that may help to find the way; they are trusted with nothing. Without anchors the path is
    open and nothing is proved. `nonce` and `policy` are what the request asked for, None when that is not known (or,
    for the policy, when none was asked for). Never raises on hostile bytes.
    """
    others = tuple(others)
    try:
        answer = read_response(response)
    except FormatError as error:
        return Verdict((Step("status", "fails", str(error)),), None, None, None)
    if answer.token is None or not answer.granted:
        return Verdict((Step("status", "fails", _refusal(answer)),), None, None, None)
    token = answer.token
    steps = [Step("status", "holds", STATUS[answer.status]), *_bound(token, data, nonce, policy)]
    signer: x509.Certificate | None = None
    path: Path | None = None
    try:
        signer = find_signer(token, [each.public_bytes(Encoding.DER) for each in (*others, *anchors)])
    except TokenError as error:
        steps.append(Step("signer", "fails", str(error)))
        return Verdict(tuple(steps), token, None, None)
    steps += _signed(token, signer)
    if not anchors:
        steps.append(Step("path", "open", "no anchor was given to judge by"))
        return Verdict(tuple(steps), token, signer, None)
    try:
        path = find_path(signer, [*_embedded(token), *others], anchors, token.at)
        steps.append(Step("path", "holds", f"leads to {name(path.anchor.subject)}, {fingerprint(path.anchor)}"))
    except TokenError as error:
        steps.append(Step("path", "fails", str(error)))
    if path is not None and all(step.state == "holds" for step in steps):
        steps.append(_second(token, data, path))
    return Verdict(tuple(steps), token, signer, path)


def _refusal(answer: Response) -> str:
    said = " ".join(part for part in (answer.text, f"({answer.failure})" if answer.failure else "") if part)
    words = STATUS.get(answer.status, f"status {answer.status}, which is not known")
    if answer.status in {0, 1}:
        return "granted, but there is no token"
    return f"the authority gave no token: {words}" + (f": {said}" if said else "")


def _bound(token: Token, data: bytes | Imprint, nonce: int | None, policy: str | None) -> list[Step]:
    """That the token answers this very request."""
    if token.imprint_algorithm not in HASHES:
        imprint = Step("imprint", "fails", f"a digest algorithm that is weak or not known: {token.imprint_algorithm}")
    elif _digest(token.imprint_algorithm, data) != token.imprint:
        imprint = Step("imprint", "fails", "the token covers other bytes")
    elif token.extensions:
        imprint = Step("imprint", "fails", "the token has a critical extension that this version does not know")
    else:
        imprint = Step("imprint", "holds", f"{token.imprint_algorithm} of exactly these bytes")
    good_nonce = nonce is None or token.nonce == nonce
    good_policy = policy is None or token.policy == policy
    return [
        imprint,
        Step("nonce", "holds" if good_nonce else "fails",
             "not known here; it was checked when the token came" if nonce is None
             else "that of the request" if good_nonce else "the token answers another request: its nonce differs"),
        Step("policy", "holds" if good_policy else "fails",
             token.policy if good_policy else f"the policy {token.policy} is not the one asked for"),
    ]  # fmt: skip


def _digest(algorithm: str, data: bytes | Imprint) -> bytes:
    """Empty, which no token covers, when only a digest by another algorithm is at hand."""
    if isinstance(data, Imprint):
        return data.digest if data.algorithm == algorithm else b""
    return hashlib.new(algorithm, data).digest()


def _signed(token: Token, signer: x509.Certificate) -> Iterator[Step]:
    checks: dict[str, Callable[[], str]] = {
        "signer": lambda: check_binding(token, signer),
        "signature": lambda: check_signature(token, signer),
        "purpose": lambda: check_purpose(signer),
    }
    for step, check in checks.items():
        try:
            yield Step(step, "holds", check())
        except TokenError as error:
            yield Step(step, "fails", str(error))


def _embedded(token: Token) -> list[x509.Certificate]:
    found = []
    for der in token.certificates:
        try:
            found.append(from_der(der))
        except FormatError:
            continue  # it helps nobody to find a way
    return found


def _second(token: Token, data: bytes | Imprint, path: Path) -> Step:
    """The opinion of OpenSSL through rfc3161-client, given the signer and the anchor that were found."""
    # the status was judged above; the library takes only "granted", so the token is handed over under that
    try:
        strict = decode_timestamp_response(granting(token.der))
    except ValueError:
        return Step("agreement", "holds", "not in strict DER, so that only one of two programs could read it")
    verifier = VerifierBuilder(
        tsa_certificate=path.certificates[0], intermediates=list(path.certificates[1:-1]), roots=[path.anchor]
    ).build()
    try:
        verifier.verify(strict, _digest(token.imprint_algorithm, data))
    except (VerificationError, ValueError, TypeError, NotImplementedError):
        return Step("agreement", "fails", "OpenSSL does not accept it")
    return Step("agreement", "holds", "OpenSSL accepts it too")


def granting(token: bytes) -> bytes:
    """A bare token (DER of its ContentInfo) as the answer that grants it (RFC 3161, 2.4.2)."""
    body = b"\x30\x03\x02\x01\x00" + token
    return b"\x30" + _length(len(body)) + body


def _length(size: int) -> bytes:
    """A DER length (X.690, 8.1.3)."""
    if size < 0x80:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets
