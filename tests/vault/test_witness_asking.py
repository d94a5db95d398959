"""What an authority can do with the connection itself, below the answers that `test_witness.py` tries."""

from __future__ import annotations

import itertools
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from psa_evidence.errors import EvidenceError, TransientError
from psa_evidence.vault import witness_asking
from psa_evidence.vault.witness_asking import Asking

DAY = timedelta(days=1)
ENDLESS = {
    "a header that never ends": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
    "interim answers only": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a body that never ends": (b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", b"a"),
    "a body without a length": (b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
}
BROKEN = {
    "another protocol": b"SSH-2.0-OpenSSH_9.6\r\n",
    "less than it announced": b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nabc",
    "nothing": b"",
}
MOST_DRIPS = 200
"""So that the test ends, with another answer, when nothing cuts the connection."""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Of 127.0.0.1, signed by itself, with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "authority")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(
        name,
        name,
        key.public_key(),
        x509.random_serial_number(),
        now - DAY,
        now + DAY,
        [x509.Extension(address.oid, False, address)],
    ).sign(key, hashes.SHA256())
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(
        made.public_bytes(Encoding.PEM) + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return file


def in_tls(plain: socket.socket, certificate: Path) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context.wrap_socket(plain, server_side=True)


@contextmanager
def dripping(first: bytes, drip: bytes = b"", *, certificate: Path | None = None, shakes: bool = True) -> Iterator[str]:
    """One connection is answered with `first`, then with `drip` again and again, each well before a read times out;
    without one it is closed. With a certificate it is in TLS, and hangs before that when the server never `shakes`."""
    ended = threading.Event()

    def serve(listener: socket.socket) -> None:
        with suppress(OSError), listener.accept()[0] as plain:
            if not shakes:
                ended.wait(20)
                return
            with in_tls(plain, certificate) if certificate else plain as connection:
                connection.recv(65536)
                connection.sendall(first)
                for _ in itertools.repeat(None, MOST_DRIPS if drip else 0):
                    connection.sendall(drip)
                    if ended.wait(0.02):
                        return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield f"http{'s' if certificate else ''}://127.0.0.1:{listener.getsockname()[1]}/"
        ended.set()
        thread.join(timeout=10)


@pytest.mark.parametrize("what", ENDLESS)
def test_an_answer_that_drips_without_end_is_cut_off(what):
    """Each read brings a byte in time, so that no time-out of a read ends it; a monthly run would wait for ever."""
    with dripping(*ENDLESS[what]) as url, httpx.Client(trust_env=False) as client:
        asking = Asking(client, attempts=1, read_seconds=20.0, whole_seconds=0.1)
        with pytest.raises(TransientError, match="took more than"):
            asking(url, b"request")


@pytest.mark.parametrize("what", BROKEN)
def test_an_authority_that_was_reached_is_not_said_to_be_out_of_reach(what):
    with dripping(BROKEN[what]) as url, httpx.Client(trust_env=False) as client:
        asking = Asking(client, attempts=1)
        with pytest.raises(TransientError, match="broke off, or is not HTTP"):
            asking(url, b"request")


def trusting(certificate):
    return ssl.create_default_context(cafile=certificate)


@pytest.mark.parametrize("what", ENDLESS)
def test_an_answer_that_drips_without_end_is_cut_off_in_tls_too(what, certificate):
    with (
        dripping(*ENDLESS[what], certificate=certificate) as url,
        httpx.Client(trust_env=False, verify=trusting(certificate)) as client,
    ):
        asking = Asking(client, attempts=1, read_seconds=20.0, whole_seconds=0.3)
        with pytest.raises(TransientError, match="took more than"):
            asking(url, b"request")


def test_an_authority_that_accepts_and_never_shakes_hands_is_cut_off(certificate, monkeypatch):
    monkeypatch.setattr(witness_asking, "CONNECT_SECONDS", 0.2)
    with (
        dripping(b"", certificate=certificate, shakes=False) as url,
        httpx.Client(trust_env=False, verify=trusting(certificate)) as client,
    ):
        asking = Asking(client, attempts=1, read_seconds=20.0, whole_seconds=20.0)
        with pytest.raises(TransientError, match="did not answer in time"):
            asking(url, b"request")


def test_a_certificate_that_is_not_accepted_is_said_to_be_the_reason(certificate):
    """Not "cannot be reached": the owner would look for a fault of the network."""
    with dripping(b"", certificate=certificate) as url, httpx.Client(trust_env=False) as client:
        with pytest.raises(EvidenceError, match="TLS certificate that is not accepted: self-signed") as caught:
            Asking(client, attempts=3, wait_seconds=60.0)(url, b"request")
        assert not isinstance(caught.value, TransientError)  # asking again at once is in vain
