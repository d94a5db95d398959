"""The owner's key: an elliptic-curve key with a chain, a certificate that has ended, and a token (SoftHSM)."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfWriter

from psa_evidence.errors import ConfigurationError
from psa_evidence.pack.pdf_seal import PdfSealer
from psa_evidence.pack.pdf_signers import Token, signer_of, token_signer

PIN = "739281"
NOW = datetime.now(UTC)
MODULES = [
    Path(p) for p in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so",
                      "/opt/homebrew/lib/softhsm/libsofthsm2.so")
]  # fmt: skip


def certify(name, key, issuer=None, issuer_key=None, *, ends=NOW + timedelta(days=30), signs=True, authority=False):
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    root = issuer is None or authority
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject if issuer is None else issuer.subject)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=60)).not_valid_after(ends)
        .add_extension(x509.BasicConstraints(root, None), critical=True)
        .add_extension(x509.KeyUsage(signs, signs, not signs, False, False, root, root, False, False), critical=True)
        .sign(issuer_key or key, hashes.SHA256())
    )  # fmt: skip


@pytest.fixture(scope="module")
def chain():
    """An authority's root, and what an owner has of it: key and certificate."""
    root_key = ec.generate_private_key(ec.SECP384R1())
    root = certify("Root <DEMONSTRATION>", root_key)
    key = ec.generate_private_key(ec.SECP256R1())
    return root, root_key, key, certify("Acme IT <DEMONSTRATION>", key, root, root_key)


@pytest.fixture
def pdf(tmp_path):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    path = tmp_path / "one.pdf"
    with path.open("wb") as file:
        writer.write(file)
    return path


def packed(path, key, certificate, others=()):
    none = serialization.NoEncryption()
    path.write_bytes(
        serialization.pkcs12.serialize_key_and_certificates(b"owner", key, certificate, list(others), none)
    )
    return path


def judged(pdf, root):
    anchor = asn1.Certificate.load(root.public_bytes(serialization.Encoding.DER))
    (signature,) = PdfFileReader(io.BytesIO(pdf.read_bytes())).embedded_regular_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[anchor], allow_fetching=False))


def found_valid(pdf, root):
    status = judged(pdf, root)
    assert "The signature is judged VALID." in status.pretty_print_details()
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    tool = shutil.which("pdfsig")
    if tool is not None:
        said = subprocess.run([tool, "-nocert", str(pdf)], capture_output=True, text=True, check=False).stdout
        assert "Signature is Valid." in said
        assert "Total document signed" in said


def test_an_elliptic_curve_key_signs_and_brings_its_chain(chain, pdf, tmp_path):
    root, _, key, certificate = chain
    signer = signer_of(packed(tmp_path / "ec.p12", key, certificate, [root]), None, at=NOW)
    assert PdfSealer([], lambda *_: b"", signer).seal([pdf]).words() == "asked: signature B-B; reached: signature B-B"
    found_valid(pdf, root)


@pytest.mark.parametrize("at", [NOW - timedelta(days=90), NOW + timedelta(days=90)], ids=["not yet", "ended"])
def test_a_certificate_out_of_its_time_signs_nothing(chain, tmp_path, at):
    root, _, key, certificate = chain
    with pytest.raises(ConfigurationError, match="cannot be used to sign") as caught:
        signer_of(packed(tmp_path / "ec.p12", key, certificate, [root]), None, at=at)
    assert "It is valid from" in caught.value.why


@pytest.fixture(scope="module")
def softhsm(tmp_path_factory):
    """A token in a file, and the tool of others that puts keys into it. The library reads where it lies once."""
    folder = tmp_path_factory.mktemp("softhsm")
    module = next((m for m in MODULES if m.is_file()), None)
    tools = [shutil.which(name) for name in ("softhsm2-util", "pkcs11-tool")]
    if module is None or None in tools:
        pytest.skip("not run: softhsm2 and opensc are not installed")
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")

    def run(*command):
        subprocess.run(command, check=True, capture_output=True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(configuration))
        run(tools[0], "--init-token", "--free", "--label", "office", "--pin", PIN, "--so-pin", "0000000")
        yield (
            module,
            lambda *more: run(
                tools[1], "--module", str(module), "--token-label", "office", "--login", "--pin", PIN, *more
            ),
        )


def put(tool, folder, label, key, certificate):
    """Into the token, under one label."""
    der, form = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8
    objects = {"cert": certificate.public_bytes(der)}
    if key is not None:
        objects["privkey"] = key.private_bytes(der, form, serialization.NoEncryption())
    for kind, data in objects.items():
        (folder / "object.der").write_bytes(data)
        tool("--write-object", str(folder / "object.der"), "--type", kind, "--label", label)


@pytest.mark.parametrize("curve", [False, True], ids=["RSA", "EC"])
def test_a_key_in_a_token_signs_and_others_find_it_valid(chain, pdf, tmp_path, softhsm, curve):
    root, root_key, _, _ = chain
    module, tool = softhsm
    key = ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)
    certificate = certify("Acme IT token <DEMONSTRATION>", key, root, root_key)
    label = f"owner {curve}"
    put(tool, tmp_path, label, key, certificate)
    token = Token(module=module, label=label, name="office")
    with token_signer(token, PIN, at=NOW) as signer:
        assert PdfSealer([], lambda *_: b"", signer).seal([pdf]).reached == "signature B-B"
    found_valid(pdf, root)
    with (
        pytest.raises(ConfigurationError, match="cannot be used to sign"),
        token_signer(token, PIN, at=NOW + timedelta(days=90)),
    ):
        pass


def test_a_token_brings_the_certificates_between_its_owner_and_the_root_and_no_other(chain, pdf, tmp_path, softhsm):
    root, root_key, _, _ = chain
    module, tool = softhsm
    middle_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    middle = certify("Issuing <DEMONSTRATION>", middle_key, root, root_key, authority=True)
    certificate = certify("Acme IT below <DEMONSTRATION>", key, middle, middle_key)
    other = certify("Jane Colleague", key, root, root_key)
    put(tool, tmp_path, "below", key, certificate)
    for number, more in enumerate((middle, other)):
        put(tool, tmp_path, f"more {number}", None, more)
    with token_signer(Token(module=module, label="below", name="office"), PIN, at=NOW) as signer:
        assert PdfSealer([], lambda *_: b"", signer).seal([pdf]).reached == "signature B-B"
    found_valid(pdf, root)
    (signature,) = PdfFileReader(io.BytesIO(pdf.read_bytes())).embedded_regular_signatures
    names = {each.subject.native["common_name"] for each in signature.other_embedded_certs}
    assert names == {"Issuing <DEMONSTRATION>"}


def test_a_key_that_is_not_the_one_of_its_certificate_signs_nothing(chain, tmp_path, softhsm):
    """Its signature would be called reached, and every reader would call it invalid."""
    _, _, key, certificate = chain
    module, tool = softhsm
    put(tool, tmp_path, "crossed", ec.generate_private_key(ec.SECP256R1()), certificate)
    with (
        pytest.raises(ConfigurationError, match="makes no signature that holds") as caught,
        token_signer(Token(module=module, label="crossed", name="office"), PIN, at=NOW),
    ):
        pass
    assert caught.value.why == "the signature was not made by the signer's key over these bytes"
    put(tool, tmp_path, "together", key, certificate)
    with token_signer(Token(module=module, label="together", name="office"), PIN, at=NOW):
        pass


@pytest.mark.parametrize(
    ("key", "signs", "why"),
    [
        (rsa.generate_private_key(65537, 1024), True, "1024 bits"),
        (ed25519.Ed25519PrivateKey.generate(), True, ""),
        (ec.generate_private_key(ec.SECP256R1()), False, "key usage"),
    ],
    ids=["short", "of another kind", "not for signing"],
)
def test_a_key_whose_signature_the_verifier_would_reject_signs_nothing(chain, tmp_path, key, signs, why):
    root, root_key, _, _ = chain
    certificate = certify("Acme IT <DEMONSTRATION>", key, root, root_key, signs=signs)
    with pytest.raises(ConfigurationError) as caught:
        signer_of(packed(tmp_path / "weak.p12", key, certificate, [root]), None, at=NOW)
    assert caught.value.exit_code == 2
    assert why in caught.value.why
    assert "[signature]" in caught.value.next_step


def test_a_file_that_does_not_sign_is_told_apart(chain, tmp_path):
    _, _, key, certificate = chain
    whole = packed(tmp_path / "whole.p12", key, certificate)
    locked = tmp_path / "locked.p12"
    locked.write_bytes(
        serialization.pkcs12.serialize_key_and_certificates(
            b"owner", key, certificate, None, serialization.BestAvailableEncryption(b"right")
        )
    )
    (tmp_path / "text.p12").write_bytes(b"no such thing")
    files = {
        tmp_path / "none.p12": "No such file", packed(tmp_path / "key.p12", key, None): "no certificate of its key",
        packed(tmp_path / "certificate.p12", None, certificate): "holds no key",
        tmp_path / "text.p12": "It is not PKCS#12", locked: "needs a passphrase and none was found",
    }  # fmt: skip
    for path, said in files.items():
        with pytest.raises(ConfigurationError) as caught:
            signer_of(path, None, at=NOW)
        assert said in f"{caught.value.what} {caught.value.why}"
    assert signer_of(whole, None, at=NOW).signing_cert is not None


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("pin", "PinIncorrect"), ("token", "elsewhere"), ("label", "Could not find certificate with label 'nobody'"),
        ("module", "none.so"), ("no pin", "No PIN was given."),
    ],
)  # fmt: skip
def test_a_token_that_cannot_be_used_is_said_without_the_pin(softhsm, tmp_path, wrong, why):
    module, _ = softhsm
    token = Token(
        module=tmp_path / "none.so" if wrong == "module" else module, label="nobody",
        name="elsewhere" if wrong == "token" else "office",
    )  # fmt: skip
    pin = {"pin": "111111", "no pin": None}.get(wrong, PIN)
    with pytest.raises(ConfigurationError) as caught, token_signer(token, pin, at=NOW):
        pass
    said = f"{caught.value} {caught.value.why} {caught.value.next_step}"
    assert why in caught.value.why
    assert str(pin) not in said
    assert PIN not in said
