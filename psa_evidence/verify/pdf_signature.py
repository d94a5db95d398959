"""The owner's signature on a PDF (RFC 5652, ETSI EN 319 122-1): that it is over these bytes, and in whose name.

Whose name that is, and whether it may be believed, is not judged: that is between the reader and the signer.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import cms, core

from psa_evidence.format import FormatError
from psa_evidence.format.timestamp_certificates import from_der, name
from psa_evidence.format.timestamp_signature import HASHES, TokenError, made_by

MAX_CMS: Final = 4 << 20


class SignatureError(Exception):
    """The signature does not hold, or is of a kind that is not known; the words are for people."""


@dataclass(frozen=True, slots=True)
class Signed:
    """`name` is the subject of the signer's certificate, `value` the signature, `token` the time-stamp over it."""

    name: str
    value: bytes
    token: bytes | None


def signature_by(contents: bytes, covered: bytes) -> Signed:
    """Raises SignatureError unless `contents` (DER, padded) is one signature over `covered`."""
    if len(contents) > MAX_CMS:
        raise SignatureError("the signature is too large")
    try:
        return _signed(cms.ContentInfo.load(contents), covered)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, FormatError) as error:
        raise SignatureError("the signature cannot be read") from error


def _signed(info: Any, covered: bytes) -> Signed:
    signed = info["content"]
    if info["content_type"].native != "signed_data" or len(signed["signer_infos"]) != 1:
        raise SignatureError("not one signature over data")
    signer = signed["signer_infos"][0]
    attributes = {a["type"].native: a["values"] for a in signer["signed_attrs"]}
    if len(attributes) != len(signer["signed_attrs"]):
        raise SignatureError("a signed attribute stands twice")
    algorithm = signer["digest_algorithm"]["algorithm"].native
    if algorithm not in HASHES:
        raise SignatureError("its digest algorithm is weak or not known")
    if attributes["content_type"][0].native != "data":
        raise SignatureError("it is over another type of content")
    if bytes(attributes["message_digest"][0]) != hashlib.new(algorithm, covered).digest():
        raise SignatureError("the signature is over other bytes: the file was changed")
    certificate = _certificate(signed, signer, attributes)
    over = b"\x31" + signer["signed_attrs"].dump()[1:]
    value = bytes(signer["signature"])
    try:
        made_by(certificate, signer["signature_algorithm"]["algorithm"].native, algorithm, value, over)
    except TokenError as error:
        raise SignatureError(str(error)) from error
    return Signed(name(certificate.subject), value, _token(signer))


def _certificate(signed: Any, signer: Any, attributes: dict[str, Any]) -> Any:
    """The signer's certificate, which the signed attributes must name (ESSCertIDv2)."""
    wanted = signer["sid"].chosen
    for each in signed["certificates"]:
        found = each.chosen
        if each.name == "certificate" and (found.issuer, found.serial_number) == (
            wanted["issuer"], wanted["serial_number"].native,
        ):  # fmt: skip
            named = attributes["signing_certificate_v2"][0]["certs"][0]
            how = named["hash_algorithm"]["algorithm"].native
            if how not in HASHES or bytes(named["cert_hash"]) != hashlib.new(how, found.dump()).digest():
                raise SignatureError("the signature names another certificate than its own")
            return from_der(found.dump())
    raise SignatureError("the signer's certificate is not in the signature")


def _token(signer: Any) -> bytes | None:
    unsigned = signer["unsigned_attrs"]
    if isinstance(unsigned, core.Void):
        return None
    found = [a["values"][0].dump() for a in unsigned if a["type"].native == "signature_time_stamp_token"]
    return found[0] if len(found) == 1 else None
