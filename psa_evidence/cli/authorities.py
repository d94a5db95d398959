"""The configured time-stamp authorities at the edge: their anchors, the HTTP client, and asking them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
from pyhanko.sign import signers

from psa_evidence import keys
from psa_evidence.cli import context, output
from psa_evidence.cli.anchors import read_anchors
from psa_evidence.configuration import AuthoritySettings, Configuration
from psa_evidence.errors import ConfigurationError, EvidenceError
from psa_evidence.format.timestamp import judge
from psa_evidence.format.timestamp_certificates import from_file
from psa_evidence.format.timestamp_request import NONCE_BYTES, request
from psa_evidence.pack.pdf_seal import PdfSealer, SealAuthority
from psa_evidence.pack.pdf_signers import Token, signer_of, token_signer
from psa_evidence.spi import Check, Progress
from psa_evidence.vault import Vault
from psa_evidence.vault.witness import NOTICEABLE_OFFSET, Authority, StampReport, Witnessing
from psa_evidence.vault.witness_asking import Asking
from psa_evidence.vault.witness_renewing import renew as renew_tokens

PROBE = b"psa-evidence doctor: is this authority there?"


def configured(settings: Configuration) -> tuple[Authority, ...]:
    """Raises ConfigurationError when a file of anchors cannot be read."""
    return tuple(_authority(settings, each) for each in settings.authority)


def _authority(settings: Configuration, each: AuthoritySettings) -> Authority:
    anchors = () if each.anchors is None else from_file(read_anchors(settings.folder / each.anchors))
    return Authority(each.name, each.url, anchors)


def nonce() -> int:
    """Random, positive, with the highest bit set so that every request has the same length."""
    return secrets.randbits(8 * NONCE_BYTES - 1) | 1 << (8 * NONCE_BYTES - 2)


def stamp(settings: Configuration, vault: Vault, progress: Progress) -> StampReport:
    """Obtain every token that is due; does nothing when no authority is configured."""
    authorities = configured(settings)
    if not authorities:
        return StampReport()
    with httpx.Client() as client:
        return _witnessing(settings, vault, client, progress).stamp(authorities)


def renew(settings: Configuration, vault: Vault, progress: Progress, within: timedelta) -> StampReport:
    """Renew tokens whose certificates end within that time. Raises ConfigurationError when there is no authority."""
    authorities = configured(settings)
    if not authorities:
        raise ConfigurationError(
            "no time-stamp authority is configured", next_step="add [[authority]] to psa-evidence.toml"
        )
    with httpx.Client() as client:
        return renew_tokens(
            _witnessing(settings, vault, client, progress), authorities, now=context.now(), within=within
        )


@contextmanager
def sealing(settings: Configuration) -> Iterator[PdfSealer | None]:
    """What seals the PDFs of a pack, None when neither an authority nor a certificate is configured."""
    found = [SealAuthority(each.name, each.url, each.anchors) for each in configured(settings)]
    if not found and settings.signature is None:
        yield None
        return
    with _signer(settings) as signer, httpx.Client() as client:
        yield PdfSealer(found, Asking(client, attempts=2), signer)


@contextmanager
def _signer(settings: Configuration) -> Iterator[signers.Signer | None]:
    """The owner's, None when none is configured. A PIN or passphrase comes from the environment or the keyring."""
    of = settings.signature
    if of is None:
        yield None
    elif of.pkcs12:
        yield signer_of(settings.folder / of.pkcs12, keys.passphrase("signature"), at=context.now())
    else:
        token = Token(module=settings.folder / of.module, label=of.label, key=of.key, name=of.token)
        with token_signer(token, keys.passphrase("signature", name="pin"), at=context.now()) as signer:
            yield signer


def _witnessing(settings: Configuration, vault: Vault, client: httpx.Client, progress: Progress) -> Witnessing:
    return Witnessing(
        vault, ask=Asking(client), clock=context.now, nonces=nonce, who=context.who(settings), progress=progress
    )


def say(report: StampReport) -> None:
    """What is owed, on stderr, seals for one reason together; nothing when nothing is."""
    alike: dict[tuple[str, str], list[int]] = {}
    for each in report.owed:
        alike.setdefault((each.authority, each.reason), []).append(each.seal)
    for (authority, reason), numbers in alike.items():
        seals = f"seal{'s' if len(numbers) > 1 else ''} {output.ranges(numbers)}"
        text = f"Time not yet witnessed: {seals}, {authority}: {reason}. The next run asks again."
        output.say(output.filled(output.visible(text), indent=6))


def as_data(report: StampReport) -> list[dict[str, object]]:
    return [
        {
            "seal": each.seal, "renewal": each.renewal, "authority": each.authority, "state": each.outcome,
            "stated_time": each.stated_time.isoformat() if each.stated_time else None,
            "offset_ms": each.offset_ms, "reason": each.reason,
        }
        for each in report.results
    ]  # fmt: skip


def checks(settings: Configuration) -> list[Check]:
    """For `doctor`: is each authority there, does its token lead to its anchors, and does the owner's key sign?"""
    return [*_authorities(settings), *_signature(settings)]


def _signature(settings: Configuration) -> list[Check]:
    """Nothing when none is configured. The key is tried as a build tries it."""
    if settings.signature is None:
        return []
    try:
        with _signer(settings) as signer:
            certificate = None if signer is None else signer.signing_cert
            if signer is None or certificate is None:
                return []
            issuers = len([each for each in signer.cert_registry if each != certificate])
    except EvidenceError as problem:
        why = f"{problem.what.rstrip('.')}: {problem.why}" if problem.why else problem.what
        return [Check(id="signature", status="failed", detail=why, next_step=problem.next_step)]
    subject, ends = output.visible(certificate.subject.human_friendly), certificate.not_valid_after
    words = f"the key signs; its certificate ({subject}) is valid until {ends:%Y-%m-%d}"
    if certificate.self_issued:
        step = "use one that an authority issued: readers know nobody who says whose this is"
        return [Check(id="signature", status="warning", detail=f"{words}, and is signed by itself", next_step=step)]
    with_it = f"{issuers} certificate{'s' if issuers != 1 else ''} of its issuers with it"
    return [Check(id="signature", status="ok", detail=f"{words}, {with_it}")]


def _authorities(settings: Configuration) -> list[Check]:
    if not settings.authority:
        detail = "no time-stamp authority is configured: captures are sealed, and nobody else says since when"
        step = "name one as [[authority]] in psa-evidence.toml"
        return [Check(id="authority", status="warning", detail=detail, next_step=step)]
    with httpx.Client() as client:
        return [_probe(settings, each, Asking(client, attempts=1)) for each in settings.authority]


def _probe(settings: Configuration, each: AuthoritySettings, ask: Asking) -> Check:
    name, number = f"authority {each.name}", nonce()
    try:
        authority = _authority(settings, each)
        sent = context.now()
        answer = ask(each.url, request(_digest(PROBE), nonce=number))
    except EvidenceError as problem:
        step = problem.next_step or "check its address; captures are sealed all the same and stamped later"
        return Check(id=name, status="failed", detail=problem.what, next_step=step)
    verdict = judge(answer, PROBE, anchors=authority.anchors, nonce=number)
    if verdict.refused or verdict.token is None:
        return Check(id=name, status="failed", detail=f"its token is not good: {verdict.reason}",
                     next_step="correct its anchors, or use another authority")  # fmt: skip
    offset = verdict.token.at - sent
    if abs(offset) > NOTICEABLE_OFFSET:
        return Check(id=name, status="warning", detail=f"its clock and this computer's differ by {offset}",
                     next_step="set this computer's clock")  # fmt: skip
    if not authority.anchors:
        return Check(id=name, status="warning", detail=f"{verdict.authority} answers; not checked to a root",
                     next_step="add its root certificate as anchors = FILE")  # fmt: skip
    ends = verdict.path.valid_until if verdict.path else None
    return Check(id=name, status="ok", detail=f"{verdict.authority} answers and leads to its anchor; "
                 f"its certificates are valid until {ends:%Y-%m-%d}")  # fmt: skip


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
