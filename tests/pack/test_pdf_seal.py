"""The seal on the finished PDFs: put on, checked by others, and found out when it is attacked."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader, PdfWriter

from psa_evidence.errors import ConfigurationError
from psa_evidence.format.timestamp_certificates import from_file
from psa_evidence.pack.bag import close_bag
from psa_evidence.pack.pdf_seal import PdfSealer, SealAuthority
from psa_evidence.pack.pdf_signers import signer_of
from psa_evidence.plugins import load_exporter
from psa_evidence.simulator import authority as test_authority
from psa_evidence.vault.witness_asking import Asking
from psa_evidence.verify import verify_pack

PASSPHRASE = "a passphrase that nobody may see"


def clock():
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def keys():
    return test_authority.make_keys(clock())


@pytest.fixture
def authority(keys):
    with test_authority.running(keys, clock) as running:
        yield running


@pytest.fixture
def sealer(authority, keys):
    with httpx.Client() as client:
        yield PdfSealer(
            [SealAuthority("test", authority.url, from_file(keys.root_pem))], Asking(client, attempts=1, wait_seconds=0)
        )


@pytest.fixture(scope="module")
def owner(tmp_path_factory):
    """A PKCS#12 file with an owner's key and certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Acme IT <DEMONSTRATION>")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(77).not_valid_before(clock() - timedelta(days=1)).not_valid_after(clock() + timedelta(days=9))
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("owner") / "owner.p12"
    path.write_bytes(
        serialization.pkcs12.serialize_key_and_certificates(
            b"owner", key, certificate, None, serialization.BestAvailableEncryption(PASSPHRASE.encode())
        )
    )
    return path


@pytest.fixture
def built(make, vault):
    exporters = {"pdf": load_exporter("pdf")}

    def run(sealer, **more):
        return make(vault, exporters=exporters, sealer=sealer, **more)

    return run


def status(report, check="8.4"):
    return {(c.status, c.detail) for c in report.checks if c.id == check}


def repaired(folder: Path, info: list[tuple[str, str]] | None = None) -> None:
    """Make the bag whole again after an attack, as an attacker would."""
    if info is None:
        lines = (folder / "bag-info.txt").read_text("utf-8").splitlines()
        info = [(k, v) for k, _, v in (line.partition(": ") for line in lines) if k != "Payload-Oxum"]
    for name in ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"):
        (folder / name).unlink()
    close_bag(folder, info, {})


def test_a_time_stamped_pdf_is_covered_whole_and_judged_by_given_anchors(built, sealer, keys):
    result = built(sealer)
    assert result.pdf_seal.words() == "asked: document time-stamp; reached: document time-stamp by test"
    assert result.warnings == ()
    trusted = verify_pack(result.folder, [keys.root_pem])
    ((found, words),) = status(trusted)
    assert found == "pass"
    assert "DEMONSTRATION" in words
    assert [c for c in trusted.checks if c.status == "fail"] == [c for c in trusted.checks if c.id == "10.1"][:1]
    ((found, words),) = status(verify_pack(result.folder))
    assert found == "inconclusive"
    assert "no anchor was given" in words


def test_another_library_finds_the_time_stamp_intact_and_over_the_whole_file(built, sealer, keys):
    path = built(sealer).folder / "data/Evidence Pack.pdf"
    with path.open("rb") as file:
        (stamp,) = PdfFileReader(file).embedded_timestamp_signatures
        from asn1crypto import pem
        from asn1crypto import x509 as asn1

        root = asn1.Certificate.load(pem.unarmor(keys.root_pem)[2])
        found = validate_pdf_timestamp(stamp, ValidationContext(trust_roots=[root], allow_fetching=False))
    assert found.intact
    assert found.valid
    assert found.trusted
    assert found.coverage.name == "ENTIRE_FILE"


def unseen(path):
    """The field of the seal is printed, has a name for screen readers, and lies off every page."""
    (widget,) = [a.get_object() for p in PdfReader(path).pages for a in p.get("/Annots", ())
                 if a.get_object()["/Subtype"] == "/Widget"]  # fmt: skip
    left, bottom, right, top = (float(x) for x in widget["/Rect"])
    return bool(widget["/F"] & 4 and widget["/TU"]) and left == right < 0 and bottom == top < 0


def test_the_field_of_the_seal_is_off_the_page_as_pdf_ua_wants_what_is_not_among_the_tags(built, sealer):
    assert unseen(built(sealer).folder / "data/Evidence Pack.pdf")


def test_the_sealed_pdf_begins_with_the_unsealed_one_and_stays_sound(built, sealer, authority):
    sealed = built(sealer).folder / "data/Evidence Pack.pdf"
    authority.faults.http_status = 404
    plain = built(sealer, out="plain").folder / "data/Evidence Pack.pdf"
    assert sealed.read_bytes().startswith(plain.read_bytes())
    tool = shutil.which("qpdf")
    if tool is None:
        pytest.skip("qpdf is not installed")
    done = subprocess.run([tool, "--check", str(sealed)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("repair", [True, False], ids=["bag repaired", "bag as it was"])
def test_bytes_added_behind_the_seal_are_found(built, sealer, keys, repair):
    folder = built(sealer).folder
    path = folder / "data/Evidence Pack.pdf"
    data = path.read_bytes()
    path.write_bytes(data + b"\n% added\n" + data[data.rindex(b"startxref") :])
    if repair:
        repaired(folder)
    assert verify_pack(folder, [keys.root_pem]).verdict == "fail"
    if repair:
        assert any(s == "fail" for s, _ in status(verify_pack(folder, [keys.root_pem])))


def test_a_flipped_byte_under_the_seal_is_found_although_the_bag_was_repaired(built, sealer, keys):
    folder = built(sealer).folder
    path = folder / "data/Evidence Pack.pdf"
    data = bytearray(path.read_bytes())
    place = data.find(b"/Producer") if b"/Producer" in data else data.find(b"/Lang")
    data[place + 12] ^= 1
    path.write_bytes(data)
    repaired(folder)
    assert any(s == "fail" and "other bytes" in words for s, words in status(verify_pack(folder, [keys.root_pem])))


def test_a_stripped_seal_is_found(built, sealer, keys):
    sealed = built(sealer)
    plain = built(None, out="plain").folder / "data/Evidence Pack.pdf"
    shutil.copy(plain, sealed.folder / "data/Evidence Pack.pdf")
    repaired(sealed.folder)
    assert any(
        s == "fail" and "bears none" in words for s, words in status(verify_pack(sealed.folder, [keys.root_pem]))
    )


def test_a_stamp_by_somebody_else_does_not_count(built, sealer):
    others = test_authority.make_keys(clock())
    report = verify_pack(built(sealer).folder, [others.root_pem])
    assert any(s == "fail" for s, _ in status(report))


def test_without_an_authority_that_answers_the_pack_is_built_and_says_so(built, authority, sealer):
    authority.faults.http_status = 500
    result = built(sealer)
    assert result.pdf_seal.reached == "none"
    assert any("not sealed as asked" in w and "building it again asks again" in w for w in result.warnings)
    assert "reached: none; test: the authority answered HTTP 500" in (result.folder / "bag-info.txt").read_text()
    ((found, words),) = status(verify_pack(result.folder))
    assert found == "not witnessed"
    assert "although one was asked for (document time-stamp)" in words


def test_an_authority_that_lies_is_not_believed(built, authority, sealer):
    authority.faults.wrong_imprint = True
    assert built(sealer).pdf_seal.reached == "none"


def test_the_owners_signature_is_made_with_a_time_stamp_and_pdfsig_calls_it_valid(built, authority, keys, owner):
    with httpx.Client() as client:
        sealer = PdfSealer(
            [SealAuthority("test", authority.url)], Asking(client, attempts=1), signer_of(owner, PASSPHRASE, at=clock())
        )
        result = built(sealer)
    assert result.pdf_seal.reached == "signature B-T"
    ((found, words),) = status(verify_pack(result.folder, [keys.root_pem]))
    assert found == "pass"
    assert "Acme IT" in words
    assert unseen(result.folder / "data/Evidence Pack.pdf")
    tool = shutil.which("pdfsig")
    if tool is None:
        pytest.skip("pdfsig (poppler) is not installed")
    path = result.folder / "data/Evidence Pack.pdf"
    said = subprocess.run([tool, "-nocert", str(path)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said


def test_a_signature_over_a_changed_file_is_found(built, owner):
    folder = built(PdfSealer([], lambda *_: b"", signer_of(owner, PASSPHRASE, at=clock()))).folder
    assert any("B-B" in line for line in (folder / "bag-info.txt").read_text().splitlines())
    path = folder / "data/Evidence Pack.pdf"
    data = bytearray(path.read_bytes())
    data[data.find(b"/Lang") + 7] ^= 1
    path.write_bytes(data)
    repaired(folder)
    assert any(s == "fail" and "other bytes" in words for s, words in status(verify_pack(folder)))


def test_a_wrong_passphrase_is_said_and_never_shown(owner, tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        signer_of(owner, "wrong " + PASSPHRASE, at=clock())
    assert PASSPHRASE not in str(caught.value)
    with pytest.raises(ConfigurationError):
        signer_of(tmp_path / "none.p12", None, at=clock())


def test_a_key_that_does_not_sign_is_said(owner, tmp_path):
    class Refusing:
        def __getattr__(self, name):
            raise RuntimeError(name)

    path = tmp_path / "one.pdf"
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    with path.open("wb") as file:
        writer.write(file)
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match="could not be signed"):
        PdfSealer([], lambda *_: b"", Refusing()).seal([path])
    assert path.read_bytes() == before
