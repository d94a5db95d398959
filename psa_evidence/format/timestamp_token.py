"""Reading a time-stamp response (RFC 3161, 2.4.2) and the token in it (CMS SignedData over TSTInfo, RFC 5652).

Reading judges nothing but the shape: what is read here may be forged from the first byte to the last. The reader takes
BER where authorities send it; what it gives is what the signature is checked over, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from asn1crypto import cms, core, tsp

from psa_evidence.format.canonical import FormatError
from psa_evidence.format.witness import MAX_RESPONSE

MAX_CERTIFICATES: Final = 32
"""In one token. Chains have two to four."""

MAX_TEXT: Final = 300
"""Characters of what an authority says in words, made harmless to show."""

STATUS: Final = {
    0: "granted", 1: "granted with modifications", 2: "rejected", 3: "waiting", 4: "revocation warning",
    5: "revocation notification",
}  # fmt: skip
"""PKIStatus in words. With 0 and 1 there is a token, with others there must be none."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CertificateId:
    """ESSCertID (RFC 2634, 5.4.1; RFC 5816): which certificate the signer meant. `issuer_serial` as DER, or None."""

    algorithm: str
    digest: bytes
    serial: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """The one SignerInfo. `attributes` are the bytes signed; `issuer` (DER of the name) and `serial`, or `key_id`,
    say whose certificate it is. Algorithms by asn1crypto's names, dotted where it knows none."""

    issuer: bytes | None
    serial: int | None
    key_id: bytes | None
    digest_algorithm: str
    signature_algorithm: str
    signature: bytes
    attributes: bytes
    content_type: str
    message_digest: bytes
    certificate_ids: tuple[CertificateId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a token states. `der` is the ContentInfo as received, `content` the bytes of the TSTInfo that are signed,
    `at` is UTC, `accuracy` None when it states none, `name` the DER of the directory name stated for the authority,
    `certificates` DER, as embedded: nothing makes them trusted. `extensions` are those marked critical."""

    der: bytes
    content: bytes
    policy: str
    imprint_algorithm: str
    imprint: bytes
    serial: int
    at: datetime
    accuracy: timedelta | None
    nonce: int | None
    name: bytes | None
    extensions: tuple[str, ...]
    certificates: tuple[bytes, ...]
    signer: Signer


@dataclass(frozen=True, slots=True)
class Response:
    """`status` is the PKIStatus; `text` and `failure` what the authority says of it. The token is None when there is
    none."""

    status: int
    text: str
    failure: str
    token: Token | None

    @property
    def granted(self) -> bool:
        return self.status in {0, 1} and self.token is not None


class _TimeStampResp(core.Sequence):  # type: ignore[misc]
    """As the library's own, but for the token, which a refusal does not have."""

    _fields = [  # noqa: RUF012 - the library's way to say it
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


def read_response(data: bytes) -> Response:
    """Raises FormatError, whatever the bytes are."""
    if len(data) > MAX_RESPONSE:
        raise FormatError(f"time-stamp response: over the limit of {MAX_RESPONSE:,} bytes")
    return _guarded(lambda: _response(data), "time-stamp response: cannot be read")


def _guarded(read: Callable[[], T], words: str) -> T:
    """asn1crypto parses late and raises many kinds on hostile bytes; all of them become one."""
    try:
        return read()
    except FormatError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        raise FormatError(words) from error


def _response(data: bytes) -> Response:
    raw = _TimeStampResp.load(data, strict=True)
    info = raw["status"]
    status = int(info["status"])
    text = info["status_string"].native
    failure = info["fail_info"].native
    token = raw["time_stamp_token"]
    return Response(
        status,
        "".join(c if c.isprintable() else "?" for c in " ".join(map(str, text))[:MAX_TEXT]) if text else "",
        ", ".join(sorted(str(part) for part in failure))[:200] if failure else "",
        None if isinstance(token, core.Void) else _token(token),
    )


def _token(raw: Any) -> Token:
    if raw["content_type"].native != "signed_data":
        raise FormatError("time-stamp token: not CMS signed data")
    signed = raw["content"]
    encapsulated = signed["encap_content_info"]
    if encapsulated["content_type"].native != "tst_info":
        raise FormatError("time-stamp token: its content is not a TSTInfo")
    content = bytes(encapsulated["content"])
    info = tsp.TSTInfo.load(content, strict=True)
    if info["version"].native != "v1":
        raise FormatError("time-stamp token: of a version other than 1")
    certificates = [] if isinstance(signed["certificates"], core.Void) else list(signed["certificates"])
    if len(certificates) > MAX_CERTIFICATES:
        raise FormatError(f"time-stamp token: more than {MAX_CERTIFICATES} certificates")
    if len(signed["signer_infos"]) != 1:
        raise FormatError("time-stamp token: not signed by exactly one signer (RFC 3161, 2.4.2)")
    at = info["gen_time"].native
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise FormatError("time-stamp token: its time cannot be read")
    name = info["tsa"]
    return Token(
        der=raw.dump(),
        content=content,
        policy=info["policy"].dotted,
        imprint_algorithm=info["message_imprint"]["hash_algorithm"]["algorithm"].native,
        imprint=bytes(info["message_imprint"]["hashed_message"]),
        serial=int(info["serial_number"]),
        at=at.astimezone(UTC),
        accuracy=_accuracy(info["accuracy"]),
        nonce=None if info["nonce"].native is None else int(info["nonce"]),
        name=name.chosen.untag().dump() if not isinstance(name, core.Void) and name.name == "directory_name" else None,
        extensions=_critical(info["extensions"]),
        certificates=tuple(each.chosen.dump() for each in certificates if each.name == "certificate"),
        signer=_signer(signed["signer_infos"][0]),
    )


def _accuracy(raw: Any) -> timedelta | None:
    if isinstance(raw, core.Void):
        return None
    seconds, millis, micros = (raw[name].native or 0 for name in ("seconds", "millis", "micros"))
    return timedelta(seconds=seconds, milliseconds=millis, microseconds=micros)


def _critical(raw: Any) -> tuple[str, ...]:
    if isinstance(raw, core.Void):
        return ()
    return tuple(each["extn_id"].dotted for each in raw if each["critical"].native)


def _signer(raw: cms.SignerInfo) -> Signer:
    attributes = raw["signed_attrs"]
    if isinstance(attributes, core.Void) or not len(attributes):
        raise FormatError("time-stamp token: without signed attributes (RFC 3161, 2.4.2)")
    values: dict[str, Any] = {}
    for attribute in attributes:
        kind = attribute["type"].native
        if kind in values:
            raise FormatError("time-stamp token: a signed attribute stands twice")
        values[kind] = attribute["values"]
    for kind in ("content_type", "message_digest"):
        if kind not in values or len(values[kind]) != 1:
            raise FormatError(f"time-stamp token: not one signed attribute {kind.replace('_', ' ')}")
    signer = raw["sid"]
    by_issuer = signer.name == "issuer_and_serial_number"
    return Signer(
        issuer=signer.chosen["issuer"].dump() if by_issuer else None,
        serial=int(signer.chosen["serial_number"]) if by_issuer else None,
        key_id=None if by_issuer else bytes(signer.chosen),
        digest_algorithm=raw["digest_algorithm"]["algorithm"].native,
        signature_algorithm=raw["signature_algorithm"]["algorithm"].native,
        signature=bytes(raw["signature"]),
        # what is signed is the SET OF, not its implicit tag (RFC 5652, 5.4)
        attributes=b"\x31" + attributes.dump()[1:],
        content_type=values["content_type"][0].native,
        message_digest=bytes(values["message_digest"][0]),
        certificate_ids=_certificate_ids(values),
    )


def _certificate_ids(values: dict[str, Any]) -> tuple[CertificateId, ...]:
    """The first ESSCertID of each attribute: that one is the signer's (RFC 2634, 5.4)."""
    found = []
    for kind in ("signing_certificate", "signing_certificate_v2"):
        if kind not in values:
            continue
        if len(values[kind]) != 1 or not len(values[kind][0]["certs"]):
            raise FormatError("time-stamp token: its signing-certificate attribute names no certificate")
        first = values[kind][0]["certs"][0]
        algorithm = "sha1" if kind == "signing_certificate" else first["hash_algorithm"]["algorithm"].native
        issuer = first["issuer_serial"]
        serial = None if isinstance(issuer, core.Void) else int(issuer["serial_number"])
        found.append(CertificateId(algorithm, bytes(first["cert_hash"]), serial))
    return tuple(found)
