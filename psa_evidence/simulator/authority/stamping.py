"""What a time-stamp authority answers (RFC 3161), written without the product's own reader and judge."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Final

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding

from psa_evidence.simulator.authority.certificates import POLICY, Keys
from psa_evidence.simulator.authority.faults import Faults

BAD_REQUEST: Final = "DEMONSTRATION: the request cannot be read"
_OTHER: Final = hashlib.sha256(b"other data").digest()
_TSA_NAME: Final = 4
"""Tag of a directory name within GeneralName."""


def respond(request: bytes, keys: Keys, *, now: datetime, serial: int, faults: Faults | None = None) -> bytes:
    """DER of a TimeStampResp for a DER request; a rejection when the request cannot be read."""
    faults = faults or Faults()
    try:
        asked = tsp.TimeStampReq.load(request, strict=True)
        imprint = asked["message_imprint"]
        digest = bytes(imprint["hashed_message"])
        nonce = asked["nonce"].native
        certificates = bool(asked["cert_req"].native)
        algorithm = imprint["hash_algorithm"]["algorithm"].native
    except (ValueError, TypeError):
        return _rejection(2, BAD_REQUEST)
    if faults.status not in {0, 1}:
        return _rejection(faults.status, f"DEMONSTRATION: status {faults.status}")
    info: dict[str, Any] = {
        "version": "v1",
        "policy": f"{POLICY}.9" if faults.wrong_policy else POLICY,
        "message_imprint": {
            "hash_algorithm": {"algorithm": algorithm},
            "hashed_message": _OTHER if faults.wrong_imprint else digest,
        },
        "serial_number": serial,
        "gen_time": (now + faults.clock_offset).replace(microsecond=0),
        "accuracy": {"seconds": 1},
        "tsa": asn1.GeneralName(
            name="directory_name", value=asn1.Name.load(keys.chain[0].subject.public_bytes())
        ),
    }  # fmt: skip
    if nonce is not None and not faults.no_nonce:
        info["nonce"] = nonce + 1 if faults.wrong_nonce else nonce
    content = tsp.TSTInfo(info).dump()
    embedded = (
        list(keys.chain[: 3 if faults.embedded_root else 2]) if certificates and not faults.no_certificate else []
    )
    ders = sorted((each.public_bytes(Encoding.DER) for each in embedded), reverse=faults.unsorted)
    signed = cms.SignedData({
        "version": "v3",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
        "signer_infos": [_signer(content, keys, faults)],
    })  # fmt: skip
    if ders:
        # asn1crypto sorts a set when it writes it; what is to be out of order is put in as it is
        body = b"".join(ders)
        signed["certificates"] = cms.CertificateSet.load(b"\x31" + _length(len(body)) + body)
    token = cms.ContentInfo({"content_type": "signed_data", "content": signed})
    return bytes(tsp.TimeStampResp({"status": {"status": faults.status}, "time_stamp_token": token}).dump())


def _signer(content: bytes, keys: Keys, faults: Faults) -> cms.SignerInfo:
    certificate = asn1.Certificate.load(keys.chain[0].public_bytes(Encoding.DER))
    named = tsp.ESSCertIDv2({
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "cert_hash": hashlib.sha256(certificate.dump()).digest(),
    })  # fmt: skip
    attributes = cms.CMSAttributes([
        cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
        cms.CMSAttribute({"type": "message_digest", "values": [hashlib.sha256(content).digest()]}),
        cms.CMSAttribute({
            "type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [named]})],
        }),
    ])  # fmt: skip
    signature = _sign(keys, attributes.dump())
    if faults.broken_signature:
        signature = _sign(keys, attributes.dump() + b"\x00")
    return cms.SignerInfo({
        "version": "v1",
        "sid": cms.SignerIdentifier({
            "issuer_and_serial_number": cms.IssuerAndSerialNumber({
                "issuer": certificate.issuer, "serial_number": certificate.serial_number,
            }),
        }),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": attributes,
        "signature_algorithm": {
            "algorithm": "sha256_ecdsa" if isinstance(keys.key, ec.EllipticCurvePrivateKey) else "rsassa_pkcs1v15",
        },
        "signature": signature,
    })  # fmt: skip


def _sign(keys: Keys, data: bytes) -> bytes:
    if isinstance(keys.key, ec.EllipticCurvePrivateKey):
        return keys.key.sign(data, ec.ECDSA(hashes.SHA256()))
    return keys.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _rejection(status: int, text: str) -> bytes:
    info = {"status": status, "status_string": [text], "fail_info": {"system_failure"}}
    body = tsp.PKIStatusInfo(info).dump()
    return b"\x30" + _length(len(body)) + bytes(body)


def _length(size: int) -> bytes:
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([size]) if size < 0x80 else bytes([0x80 | len(octets)]) + octets
