"""The shape of a token, one thing wrong at a time: what is read at all, and in whose words the rest is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1

from psa_evidence.format import FormatError, timestamp_token
from psa_evidence.format.timestamp import _length, granting, judge
from psa_evidence.format.timestamp_token import Response, read_response

DATA = b'{"number":1}'


def reshaped(answer, change):
    """The answer with one change to its SignedData, its TSTInfo and its only signer; nothing is signed again."""
    response = tsp.TimeStampResp.load(answer)
    token = response["time_stamp_token"]
    signed = token["content"]
    info = tsp.TSTInfo.load(bytes(signed["encap_content_info"]["content"]))
    change(signed, info, signed["signer_infos"][0])
    signed["encap_content_info"]["content"] = core.ParsableOctetString(info.dump(force=True))
    return response.dump(force=True)


def attributes(signer, keep=lambda _: True, also=()):
    signer["signed_attrs"] = [each for each in signer["signed_attrs"] if keep(each["type"].native)] + list(also)


def no_certificate_named(signed, info, signer):
    kind = next(each["type"].native for each in signer["signed_attrs"] if "signing_certificate" in each["type"].native)
    empty = tsp.SigningCertificateV2({"certs": []}) if kind.endswith("v2") else tsp.SigningCertificate({"certs": []})
    attributes(signer, lambda name: name != kind, [cms.CMSAttribute({"type": kind, "values": [empty]})])


def twice(kind):
    def change(signed, info, signer):
        attributes(signer, also=[each for each in signer["signed_attrs"] if each["type"].native == kind])

    return change


def two_values(kind):
    def change(signed, info, signer):
        [only] = [each for each in signer["signed_attrs"] if each["type"].native == kind]
        more = cms.CMSAttribute({"type": kind, "values": [only["values"][0].native, only["values"][0].native]})
        attributes(signer, lambda name: name != kind, [more])

    return change


def without(kind):
    return lambda signed, info, signer: attributes(signer, lambda name: name != kind)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s, i, g: s["encap_content_info"].__setitem__("content_type", "data"), "not a TSTInfo"),
        (lambda s, i, g: i.__setitem__("version", "v2"), "version other than 1"),
        (lambda s, i, g: s.__setitem__("signer_infos", [g, g]), "exactly one signer"),
        (lambda s, i, g: s.__setitem__("signer_infos", []), "exactly one signer"),
        (lambda s, i, g: g.__setitem__("signed_attrs", []), "without signed attributes"),
        (twice("message_digest"), "stands twice"),
        (two_values("message_digest"), "not one signed attribute message digest"),
        (without("message_digest"), "not one signed attribute message digest"),
        (without("content_type"), "not one signed attribute content type"),
        (no_certificate_named, "names no certificate"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)  # fmt: skip
def test_a_token_of_another_shape_is_refused_in_its_own_words(answer, change, words):
    with pytest.raises(FormatError, match=words):
        read_response(reshaped(answer(), change))


def test_a_time_without_a_zone_is_refused(answer):
    with pytest.raises(FormatError, match="its time cannot be read"):
        read_response(answer().replace(b"20260301021005Z", b"202603010210.05"))


def test_a_change_that_changes_nothing_is_read(answer):
    """So that what is refused above is the change, not how it was made."""
    assert read_response(reshaped(answer(), lambda *_: None)).token is not None


def test_bytes_behind_the_statement_of_a_token_are_refused(answer):
    response = tsp.TimeStampResp.load(answer())
    encapsulated = response["time_stamp_token"]["content"]["encap_content_info"]
    encapsulated["content"] = core.ParsableOctetString(bytes(encapsulated["content"]) + b"\x05\x00")
    with pytest.raises(FormatError):
        read_response(response.dump())  # `force` would write it anew from what was read


def test_the_name_of_the_authority_is_read_from_the_token(keys, answer):
    named = read_response(answer()).token.name
    assert asn1.Name.load(named) == asn1.Name.load(keys.chain[0].subject.public_bytes())
    other = reshaped(answer(), lambda s, i, g: i.__setitem__("tsa", asn1.GeneralName("dns_name", "a.example")))
    assert read_response(other).token.name is None


@pytest.mark.parametrize("status", [2, 3, 4, 5, 6])
def test_a_token_that_comes_with_a_refusal_is_refused(keys, answer, status):
    response = tsp.TimeStampResp.load(answer())
    response["status"] = {"status": status}
    verdict = judge(response.dump(force=True), DATA, anchors=keys.chain[2:])
    assert [(step.name, step.state) for step in verdict.steps] == [("status", "fails")]


def test_a_refusal_comes_without_a_token_and_says_why():
    info = tsp.PKIStatusInfo({"status": 2, "status_string": ["not today"], "fail_info": {"bad_alg"}}).dump()
    answer = read_response(b"\x30" + bytes([len(info)]) + info)
    assert (answer.status, answer.text, answer.failure, answer.token) == (2, "not today", "bad_alg", None)
    assert not answer.granted


def test_a_token_that_is_no_signed_data_is_refused(answer):
    response = tsp.TimeStampResp.load(answer())
    response["time_stamp_token"] = cms.ContentInfo({"content_type": "data", "content": core.OctetString(b"x")})
    with pytest.raises(FormatError, match="not CMS signed data"):
        read_response(response.dump(force=True))


def test_so_many_certificates_and_bytes_at_most(answer, monkeypatch):
    data = answer()
    count = len(read_response(data).token.certificates)
    monkeypatch.setattr(timestamp_token, "MAX_CERTIFICATES", count)
    monkeypatch.setattr(timestamp_token, "MAX_RESPONSE", len(data))
    read_response(data)
    monkeypatch.setattr(timestamp_token, "MAX_CERTIFICATES", count - 1)
    with pytest.raises(FormatError, match=f"more than {count - 1} certificates"):
        read_response(data)
    monkeypatch.setattr(timestamp_token, "MAX_RESPONSE", len(data) - 1)
    with pytest.raises(FormatError, match="over the limit"):
        read_response(data)


@pytest.mark.parametrize(("critical", "named"), [(True, ("1.2.3.4",)), (False, ())])
def test_a_critical_extension_is_named_and_refused_and_another_is_not(keys, answer, critical, named):
    extension = {"extn_id": "1.2.3.4", "critical": critical, "extn_value": b"\x05\x00"}
    changed = reshaped(answer(), lambda s, i, g: i.__setitem__("extensions", [extension]))
    assert read_response(changed).token.extensions == named
    imprint = next(step for step in judge(changed, DATA, anchors=keys.chain[2:]).steps if step.name == "imprint")
    assert (imprint.state, "critical extension" in imprint.detail) == (
        ("fails", True) if critical else ("holds", False)
    )


def test_a_token_without_extensions_has_none(answer):
    assert read_response(answer()).token.extensions == ()


def test_parts_of_seconds_are_added_up(answer):
    accuracy = {"seconds": 1, "millis": 2, "micros": 3}
    changed = reshaped(answer(), lambda s, i, g: i.__setitem__("accuracy", accuracy))
    assert read_response(changed).token.accuracy == timedelta(seconds=1, milliseconds=2, microseconds=3)


def test_only_a_token_with_a_good_status_is_granted(answer):
    token = read_response(answer()).token
    for status in range(7):
        assert Response(status, "", "", token).granted is (status in {0, 1})
        assert Response(status, "", "", None).granted is False


@pytest.mark.parametrize("status", [0, 1])
def test_granted_without_a_token_is_refused(status):
    said = tsp.PKIStatusInfo({"status": status}).dump()
    answer = b"\x30" + bytes([len(said)]) + said
    assert judge(answer, DATA, anchors=()).reason == "granted, but there is no token"


@pytest.mark.parametrize(
    ("status", "text", "failure", "reason"),
    [
        (2, None, None, "rejected"),
        (3, ["later"], None, "waiting: later"),
        (2, ["no"], {"bad_alg"}, "rejected: no (bad_alg)"),
        (4, None, {"bad_request", "bad_alg"}, "revocation warning: (bad_alg, bad_request)"),
        (5, None, None, "revocation notification"),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_the_words_of_the_rfc_and_of_the_authority(status, text, failure, reason):
    said = {"status": status}
    if text:
        said["status_string"] = text
    if failure:
        said["fail_info"] = failure
    body = tsp.PKIStatusInfo(said).dump()
    assert (
        judge(b"\x30" + bytes([len(body)]) + body, DATA, anchors=()).reason == f"the authority gave no token: {reason}"
    )


@pytest.mark.parametrize(
    ("size", "octets"),
    [
        (0, "00"),
        (1, "01"),
        (0x7F, "7f"),
        (0x80, "8180"),
        (0xFF, "81ff"),
        (0x100, "820100"),
        (0xFFFF, "82ffff"),
        (0x10000, "83010000"),
    ],
)
def test_lengths_are_der(size, octets):
    assert _length(size).hex() == octets


def test_a_bare_token_is_read_as_one_that_was_granted(answer):
    token = read_response(answer()).token
    assert read_response(granting(token.der)) == Response(0, "", "", token)
