"""Which way requests leave the owner's network."""

from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from psa_evidence.errors import ConfigurationError, UnreachableError
from psa_evidence_connectwise import connector
from psa_evidence_connectwise.proxy import proxy_for
from psa_evidence_connectwise.settings import read_settings

KEYS = {"public_key": "publickey", "private_key": "privatekey"}


def connection(site="psa.example", **more):
    return read_settings({"site": site, "company": "acme", "client_id": "g", **more}, KEYS)


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(("name", "value"), [
    ("HTTPS_PROXY", "http://proxy.example:3128"), ("ALL_PROXY", "http://proxy.example:3128"),
    ("https_proxy", "proxy.example:3128"),
])  # fmt: skip
def test_the_environments_proxy_is_used_for_the_real_host(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    found = proxy_for(connection())
    assert found is not None
    assert str(found.url) == "http://proxy.example:3128"


def test_a_proxys_password_goes_to_the_proxy_and_into_no_text(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://user:hunter2hunter2@proxy.example:3128")
    found = proxy_for(connection())
    assert found is not None
    assert found.raw_auth == (b"user", b"hunter2hunter2")
    assert "hunter2" not in repr(found)


def test_this_machine_hosts_in_no_proxy_and_the_setting_none_go_without(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "intern.example")
    assert proxy_for(connection("http://127.0.0.1:5")) is None
    assert proxy_for(connection("https://localhost:5")) is None
    assert proxy_for(connection("psa.intern.example")) is None
    assert proxy_for(connection(proxy="none")) is None
    assert proxy_for(connection()) is not None


@pytest.mark.parametrize("value", ["socks5://user:hunter2hunter2@proxy.example:1080", "http://", "http://x:99999999"])
def test_a_proxy_that_cannot_be_used_is_said_so_without_its_address(monkeypatch, value):
    monkeypatch.setenv("HTTPS_PROXY", value)
    with pytest.raises(ConfigurationError, match="HTTPS_PROXY") as caught:
        proxy_for(connection())
    told = caught.value
    assert "hunter2" not in told.what + told.why + told.next_step
    assert "proxy.example:1080" not in told.what + told.why + told.next_step


def test_a_proxy_sees_the_hosts_name_and_no_key(monkeypatch):
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen():
            for _ in range(3):  # who is not answered waits until the time is up
                line, _ = server.accept()
                with line:
                    heard.extend(line.recv(65536))
                    line.sendall(b"HTTP/1.1 503 no\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.getsockname()[1]}")

        async def go():
            settings = {"site": "psa.example", "company": "acme", "client_id": "g", "max_wait": "0", "timeout": "5"}
            async with connector.open(settings, KEYS) as source:
                await source.clients()

        with pytest.raises(UnreachableError):
            asyncio.run(go())
        thread.join(5)
    assert heard.startswith(b"CONNECT psa.example:443 ")
    assert b"uthorization" not in heard
    assert b"publickey" not in heard
