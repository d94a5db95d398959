"""What the seal of a PDF is worth by given anchors."""

from __future__ import annotations

from collections.abc import Sequence

from asn1crypto import core
from cryptography import x509

from psa_evidence.format.timestamp import granting, judge
from psa_evidence.format.timestamp_certificates import fingerprint, name
from psa_evidence.verify.names import shown
from psa_evidence.verify.pdf_seal import TIME_STAMP, Found
from psa_evidence.verify.pdf_signature import SignatureError, signature_by
from psa_evidence.verify.report import Checklist


def judged(
    checks: Checklist, path: str, seal: Found, reached: str, anchors: Sequence[x509.Certificate]
) -> tuple[str, bool]:  # fmt: skip
    """What a seal says, and whether something is left open; what is wrong with it fails."""
    try:
        whole = core.Any.load(seal.contents).dump()
    except ValueError:
        checks.fail("8.4", "its seal cannot be read: there is no signature and no time-stamp in its place", path)
        return "", False
    if seal.contents[len(whole) :].strip(b"\0"):
        checks.fail("8.4", "bytes that nothing covers stand behind the signature, in the place left for it", path)
    try:
        if seal.kind == TIME_STAMP:
            token, data, by = seal.contents, seal.covered, "time-stamp"
        else:
            signed = signature_by(seal.contents, seal.covered)
            by = f"signature in the name of {shown(signed.name)}, whose identity is for you to check"
            if signed.token is None:
                if reached == "signature B-T":
                    checks.fail("8.4", "the signature bears no time-stamp", path)
                return by, True
            token, data = signed.token, signed.value
        verdict = judge(granting(core.Any.load(token).dump()), data, anchors=anchors)
    except (SignatureError, ValueError) as error:
        checks.fail("8.4", str(error), path)
        return "", False
    for step in verdict.steps:
        if step.state == "fails":
            checks.fail("8.4", step.detail, path)
    at = f"{verdict.token.at:%Y-%m-%d %H:%M:%S} UTC" if verdict.token is not None else "an unknown time"
    if verdict.path is None:
        return f"{by}, before {at} by {shown(verdict.authority)}; no anchor was given that vouches for it", True
    anchor = verdict.path.anchor
    return f"{by}, before {at} by {shown(name(anchor.subject))}, SHA-256 {fingerprint(anchor)}", False
