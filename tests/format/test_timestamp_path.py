"""What each certificate between a signer and an anchor must be: one thing wrong at a time, everything else right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from psa_evidence.format import timestamp_path
from psa_evidence.format.timestamp_path import check_path, check_purpose, find_path
from psa_evidence.format.timestamp_signature import TokenError, check_key

AT = datetime(2026, 3, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
KEYS = [ec.generate_private_key(ec.SECP256R1()) for _ in range(4)]
STAMPING = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
SERVERS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


def usage(**given):
    kinds = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(**dict.fromkeys(kinds, False) | given)


def named(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(number, issuer, *extensions, digest=None, since=AT - YEAR, until=AT + YEAR, curve=None):
    """Certificate `number` of a chain, issued by another; its key is always the same."""
    key = ec.generate_private_key(curve()) if curve else KEYS[number]
    made = (
        x509.CertificateBuilder().subject_name(named(f"C{number}")).issuer_name(named(f"C{issuer}"))
        .public_key(key.public_key()).serial_number(number + 1).not_valid_before(since).not_valid_after(until)
    )  # fmt: skip
    for extension, critical in extensions:
        made = made.add_extension(extension, critical=critical)
    return made.sign(KEYS[issuer], digest or hashes.SHA256())


def authority(number, issuer, *extensions, ca=True, length=None, **given):
    return certificate(number, issuer, (x509.BasicConstraints(ca=ca, path_length=length), True), *extensions, **given)


SIGNER = certificate(0, 1, (STAMPING, True))
MIDDLE = authority(1, 2)
ROOT = authority(2, 2)


def path_of(signer=SIGNER, middle=MIDDLE, root=ROOT, at=AT):
    return find_path(signer, [middle], [root], at)


def test_a_good_path_is_found_and_says_until_when_it_is_valid():
    short = authority(1, 2, until=AT + timedelta(days=3))
    found = path_of(middle=short)
    assert found.certificates == (SIGNER, short, ROOT)
    assert found.anchor == ROOT
    assert found.valid_until == AT + timedelta(days=3)


@pytest.mark.parametrize(
    ("middle", "words"),
    [
        (certificate(1, 2), "C1 is not a certificate authority"),
        (authority(1, 2, ca=False), "C1 is not a certificate authority"),
        (authority(1, 2, (usage(digital_signature=True), True)), "C1 may not sign certificates"),
        (authority(1, 2, (SERVERS, False)), "C1 may not issue certificates for time-stamping"),
        (authority(1, 2, (x509.NameConstraints([x509.DNSName("x")], None), True)), "C1 has a restriction"),
        (authority(1, 2, since=AT + timedelta(seconds=1)), "C1 was not valid"),
        (authority(1, 2, until=AT - timedelta(seconds=1)), "C1 was not valid"),
        (authority(1, 2, digest=hashes.SHA224()), "C1 is signed with a weak"),
    ],
)  # fmt: skip
def test_a_certificate_on_the_way_that_may_not_issue_is_refused(middle, words):
    with pytest.raises(TokenError, match=words):
        path_of(middle=middle)


@pytest.mark.parametrize(
    "middle",
    [
        authority(1, 2, (usage(key_cert_sign=True), True)),
        authority(1, 2, (STAMPING, False)),
        authority(1, 2, (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]), False)),
        authority(1, 2, (x509.ExtendedKeyUsage([*SERVERS, *STAMPING]), False)),
        authority(1, 2, (x509.NameConstraints([x509.DNSName("x")], None), False)),
        authority(1, 2, length=0),
        authority(1, 2, since=AT),
        authority(1, 2, until=AT),
    ],
)  # fmt: skip
def test_a_certificate_on_the_way_that_just_may_is_accepted(middle):
    assert path_of(middle=middle).certificates[1] == middle


@pytest.mark.parametrize(("length", "good"), [(0, False), (1, True), (2, True)])
def test_a_root_allows_as_many_certificates_below_it_as_it_says(length, good):
    root = authority(2, 2, length=length)
    if good:
        assert path_of(root=root).anchor == root
    else:
        with pytest.raises(TokenError, match="longer than C2 allows"):
            path_of(root=root)


def test_the_signature_of_the_root_over_itself_may_be_old():
    assert path_of(root=authority(2, 2, digest=hashes.SHA224())).anchor.serial_number == 3


def test_the_signature_over_the_signers_certificate_may_not():
    with pytest.raises(TokenError, match="C0 is signed with a weak"):
        path_of(signer=certificate(0, 1, (STAMPING, True), digest=hashes.SHA224()))


def test_what_is_no_root_is_no_anchor():
    with pytest.raises(TokenError, match="none of the certificates given as anchors is a root"):
        find_path(SIGNER, [], [MIDDLE], AT)
    other = authority(3, 3)
    with pytest.raises(TokenError, match="do not lead to any of the anchors"):
        find_path(SIGNER, [MIDDLE, ROOT], [other], AT)


def test_a_root_is_only_what_its_own_key_signed():
    """Named as its own issuer, signed by another key."""
    made = authority(2, 2)
    forged = (
        x509.CertificateBuilder().subject_name(made.subject).issuer_name(made.subject)
        .public_key(KEYS[2].public_key()).serial_number(9).not_valid_before(AT - YEAR).not_valid_after(AT + YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(KEYS[3], hashes.SHA256())
    )  # fmt: skip
    with pytest.raises(TokenError, match="is a root"):
        path_of(root=forged)


def test_a_helper_of_the_same_name_and_another_key_is_no_way():
    wrong = (
        x509.CertificateBuilder().subject_name(named("C1")).issuer_name(named("C2"))
        .public_key(KEYS[3].public_key()).serial_number(9).not_valid_before(AT - YEAR).not_valid_after(AT + YEAR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(KEYS[2], hashes.SHA256())
    )  # fmt: skip
    assert find_path(SIGNER, [wrong, MIDDLE], [ROOT], AT).certificates == (SIGNER, MIDDLE, ROOT)
    with pytest.raises(TokenError, match="do not lead"):
        find_path(SIGNER, [wrong], [ROOT], AT)


def test_certificates_that_issued_each_other_end_the_search():
    one, two = authority(1, 2), authority(2, 1)
    with pytest.raises(TokenError, match="do not lead"):
        find_path(SIGNER, [one, two], [authority(3, 3)], AT)


@pytest.mark.parametrize(("longest", "good"), [(2, False), (3, True)])
def test_a_path_has_so_many_certificates_at_most(monkeypatch, longest, good):
    monkeypatch.setattr(timestamp_path, "MAX_PATH", longest)
    if good:
        path_of()
    else:
        with pytest.raises(TokenError, match="do not lead"):
            path_of()


@pytest.mark.parametrize(("tries", "good"), [(1, False), (2, True)])
def test_a_search_ends_after_so_many_signatures(monkeypatch, tries, good):
    """Two certificates are between the signer and the end of the path; each is one signature to check."""
    monkeypatch.setattr(timestamp_path, "MAX_TRIES", tries)
    if good:
        path_of()
    else:
        with pytest.raises(TokenError, match="do not lead"):
            path_of()


def test_an_anchor_is_looked_at_before_other_certificates_of_its_name(monkeypatch):
    """Heaps of certificates with the anchor's name do not use up the search."""
    monkeypatch.setattr(timestamp_path, "MAX_TRIES", 2)
    heap = [authority(2, 3, since=AT - timedelta(days=n)) for n in range(1, 4)]
    assert find_path(SIGNER, [MIDDLE, *heap], [ROOT], AT).anchor == ROOT


@pytest.mark.parametrize(
    ("extensions", "words"),
    [
        ((), "no extended key usage"),
        (((STAMPING, False),), "not critical"),
        (((SERVERS, True),), "not time-stamping alone"),
        (((x509.ExtendedKeyUsage([*STAMPING, *SERVERS]), True),), "not time-stamping alone"),
        (((STAMPING, True), (usage(key_cert_sign=True), True)), "not for signatures"),
    ],
)  # fmt: skip
def test_a_signer_that_is_not_for_time_stamping_is_refused(extensions, words):
    with pytest.raises(TokenError, match=words):
        check_purpose(certificate(0, 1, *extensions))


@pytest.mark.parametrize(
    "more", [(), ((usage(digital_signature=True), True),), ((usage(content_commitment=True), True),)]
)
def test_a_signer_for_time_stamping_alone_is_said_to_be_so(more):
    assert "for time-stamping only" in check_purpose(certificate(0, 1, (STAMPING, True), *more))


def test_a_key_on_a_curve_that_is_weak_is_refused():
    with pytest.raises(TokenError, match="weak or not known"):
        check_key(certificate(1, 2, curve=ec.SECP224R1))
    for curve in (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1):
        check_key(certificate(1, 2, curve=curve))


def test_a_key_of_another_kind_is_refused():
    from cryptography.hazmat.primitives.asymmetric import ed25519

    made = (
        x509.CertificateBuilder().subject_name(named("C1")).issuer_name(named("C2"))
        .public_key(ed25519.Ed25519PrivateKey.generate().public_key()).serial_number(9)
        .not_valid_before(AT - YEAR).not_valid_after(AT + YEAR).sign(KEYS[2], hashes.SHA256())
    )  # fmt: skip
    with pytest.raises(TokenError, match="weak or not known"):
        check_key(made)
    with pytest.raises(TokenError, match="weak or not known"):
        check_path((made, ROOT), AT)
