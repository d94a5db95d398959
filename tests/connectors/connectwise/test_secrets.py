"""No key in what is stored, said or shown, whoever tries to put it there."""

from __future__ import annotations

import asyncio
import base64
import re
import traceback

import httpx
import pytest

from psa_evidence.errors import ConfigurationError, EvidenceError
from psa_evidence.spi import REMOVED, Scope
from psa_evidence_connectwise.wire import needles

COMPANY_INFO = {
    "Codebase": "v2025_1/",
    "IsCloud": True,
    "VersionNumber": "v2025.1",
    "SiteUrl": "api-na.myconnectwise.net",
}
SETTINGS = {"site": "na.myconnectwise.net", "company": "acmemsp", "client_id": "0f0e-guid", "max_wait": "0.01",
            "requests_per_minute": "0"}  # fmt: skip
KEYS = {"public_key": "PUBkey0123456789", "private_key": "PRIVkey9876543210"}
BASIC = base64.b64encode(f"acmemsp+{KEYS['public_key']}:{KEYS['private_key']}".encode()).decode()
SECRETS = (*KEYS.values(), BASIC, "0f0e-guid")


def everything_of(exchange):
    return repr(exchange).encode() + exchange.response_body + exchange.request_body


@pytest.fixture
def fetch(memory):
    from psa_evidence_connectwise import connector

    def run(recorder=None, scope=None):
        recorder = recorder or memory()

        async def go():
            async with connector.open(SETTINGS, KEYS) as source:
                await source.fetch(scope or Scope(), recorder)

        asyncio.run(go())
        return recorder

    return run


def test_a_whole_capture_holds_no_key(shelf, serving, capture):
    with serving(shelf, server_error_share=0.1, html_share=0.05) as at:
        found = capture(at)
        secrets = (at.public_key, at.private_key, at.client_id,
                   base64.b64encode(f"{at.company}+{at.public_key}:{at.private_key}".encode()).decode())  # fmt: skip
    with_keys = 0
    for exchange, _ in found.exchanges:
        shown = everything_of(exchange)
        for secret in secrets:
            assert secret.encode() not in shown
        headers = dict(exchange.request_headers)
        if "login/companyinfo" not in exchange.url:
            assert headers["Authorization"] == REMOVED
            assert headers["clientId"] == REMOVED
            assert at.company not in exchange.url
            with_keys += 1
        else:
            assert "Authorization" not in headers
    assert with_keys > 50


def test_cookies_that_a_server_sets_are_removed(httpx_mock, fetch):
    httpx_mock.add_response(url=re.compile(".*/login/companyinfo/.*"), json=COMPANY_INFO)
    httpx_mock.add_response(
        url=re.compile(".*"), json=[], headers={"Set-Cookie": "session=topsecret; Secure"}, is_reusable=True
    )
    found = fetch()
    assert len(found.exchanges) > 3
    assert all("topsecret" not in repr(exchange) for exchange, _ in found.exchanges)
    assert any(("set-cookie", REMOVED) in [(n.lower(), v) for n, v in e.response_headers] for e, _ in found.exchanges)


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("where", ["body", "header"])
def test_an_answer_that_echoes_a_key_is_not_stored(httpx_mock, fetch, status, where):
    """An error page of a proxy may print the request it got."""
    httpx_mock.add_response(url=re.compile(".*/login/companyinfo/.*"), json=COMPANY_INFO, is_reusable=True)

    def echo(request: httpx.Request) -> httpx.Response:
        told = request.headers["Authorization"]
        if where == "body":
            return httpx.Response(status, text=f"you sent {told}")
        return httpx.Response(status, json=[], headers={"X-Debug": told})

    httpx_mock.add_callback(echo, url=re.compile(".*/apis/3.0/.*"), is_reusable=True)
    found = fetch()
    assert len(found.exchanges) == 1  # the discovery, which bears no keys
    assert ("service/tickets", "refused") in {lost[:2] for lost in found.lost}
    assert not any(secret in repr(found.lost) for secret in SECRETS)


@pytest.mark.parametrize("status", [401, 404, 500])
def test_errors_and_their_tracebacks_hold_no_key(httpx_mock, fetch, status):
    httpx_mock.add_response(url=re.compile(".*/login/companyinfo/.*"), json=COMPANY_INFO, is_reusable=True)
    httpx_mock.add_response(url=re.compile(".*/apis/3.0/.*"), status_code=status, is_reusable=True)
    try:
        fetch()
    except EvidenceError as error:
        shown = "".join(traceback.format_exception(error)) + error.why + error.next_step
        assert not any(secret in shown for secret in SECRETS)
        assert "acmemsp" not in shown


def test_settings_show_no_key():
    from psa_evidence_connectwise.settings import read_settings

    shown = repr(read_settings(SETTINGS, KEYS))
    assert not any(secret in shown for secret in (*SECRETS, "acmemsp"))


@pytest.mark.parametrize("name", ["private_key", "public_key"])
def test_a_key_that_cannot_be_one_is_not_quoted(name):
    from psa_evidence_connectwise.settings import read_settings

    with pytest.raises(ConfigurationError) as caught:
        read_settings(SETTINGS, {**KEYS, name: "bad key\r\nX-Injected: 1"})
    assert name in caught.value.what
    assert "Injected" not in caught.value.what + caught.value.next_step


def test_keys_go_to_no_other_host(httpx_mock, fetch):
    """Discovery is answered by an attacker who names his own host."""
    httpx_mock.add_response(json={**COMPANY_INFO, "SiteUrl": "evil.example"})
    with pytest.raises(EvidenceError, match="neither the configured host"):
        fetch()
    assert len(httpx_mock.get_requests()) == 1
    assert "authorization" not in httpx_mock.get_requests()[0].headers


@pytest.mark.parametrize(
    "site", ["evil.myconnectwise.net.example", "myconnectwise.net@evil.example", "evil.example/.myconnectwise.net"]
)
def test_look_alike_hosts_are_not_the_cloud(httpx_mock, fetch, site):
    httpx_mock.add_response(json={**COMPANY_INFO, "SiteUrl": site})
    with pytest.raises(EvidenceError):
        fetch()
    assert len(httpx_mock.get_requests()) == 1


def test_redirects_and_links_are_not_followed(httpx_mock, fetch):
    httpx_mock.add_response(url=re.compile(".*/login/companyinfo/.*"), json=COMPANY_INFO, is_reusable=True)
    httpx_mock.add_response(
        url=re.compile(".*/apis/3.0/system/info.*"),
        status_code=302,
        headers={"Location": "https://evil.example/"},
        is_reusable=True,
    )
    httpx_mock.add_response(
        url=re.compile(".*/apis/3.0/(?!system/info).*"), json=[], is_reusable=True,
        headers={"Link": '<https://evil.example/?pageId=9>; rel="next"'},
    )  # fmt: skip
    found = fetch()
    assert {request.url.host for request in httpx_mock.get_requests()} <= {
        "na.myconnectwise.net",
        "api-na.myconnectwise.net",
    }
    assert ("system/info", "refused") in {lost[:2] for lost in found.lost}
    assert {request.method for request in httpx_mock.get_requests()} == {"GET"}


def test_a_key_is_known_in_whatever_form_an_answer_repeats_it():
    """As an address, as JSON and as a web page write it, and in Base64."""
    key = 'a+b/c"<d>&e=f'
    forms = {needle.decode() for needle in needles(key)}
    assert {key, "a%2Bb%2Fc%22%3Cd%3E%26e%3Df", 'a+b/c\\"<d>&e=f', 'a+b\\/c\\"<d>&e=f'} <= forms
    assert "a+b/c&quot;&lt;d&gt;&amp;e=f" in forms
    assert base64.b64encode(key.encode()).decode().rstrip("=") in forms
    assert needles("short") == (base64.b64encode(b"short").decode().rstrip("=").encode(),)
