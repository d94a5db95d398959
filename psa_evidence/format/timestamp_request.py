"""A time-stamp request (RFC 3161, 2.4.1)."""

from __future__ import annotations

from typing import Final

from asn1crypto import algos, core, tsp

from psa_evidence.format.canonical import FormatError

NONCE_BYTES: Final = 16
"""Of randomness that the caller gives for a nonce; RFC 3161 asks for a large one, 64 bits at least."""


def request(digest: bytes, *, nonce: int, policy: str | None = None) -> bytes:
    """DER of a request for a token over a SHA-256 digest (32 bytes), with the signer's certificate in the answer.

    `nonce` is a positive whole number, chosen at random by the caller and used once. `policy` is the dotted object
    identifier of the policy wanted, None for the authority's own. Raises FormatError.
    """
    if len(digest) != 32 or not 0 < nonce < 1 << (8 * NONCE_BYTES):
        raise FormatError("time-stamp request: not a SHA-256 digest and a positive nonce")
    fields = {
        "version": "v1",
        "message_imprint": {
            # the parameters are NULL as old authorities expect; RFC 5754, 2 obliges everybody to accept it
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256", "parameters": core.Null()}),
            "hashed_message": digest,
        },
        "nonce": nonce,
        "cert_req": True,
    }
    if policy is not None:
        fields["req_policy"] = policy
    try:
        return bytes(tsp.TimeStampReq(fields).dump())
    except (ValueError, TypeError) as error:
        raise FormatError("time-stamp request: the policy is not an object identifier") from error
