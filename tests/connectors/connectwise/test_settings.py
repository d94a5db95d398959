"""Settings are refused before anybody is talked to, with the setting's name and what to do."""

from __future__ import annotations

import pytest

from psa_evidence.errors import ConfigurationError
from psa_evidence_connectwise import connector
from psa_evidence_connectwise.settings import read_settings

GOOD = {"site": "api-na.myconnectwise.net", "company": "acme", "client_id": "guid"}
KEYS = {"public_key": "pub", "private_key": "priv"}


def test_defaults():
    found = read_settings(GOOD, KEYS)
    assert (found.scheme, found.host) == ("https", "api-na.myconnectwise.net")
    assert (found.concurrency, found.requests_per_minute, found.page_size) == (16, 900, 1000)
    assert connector.open(GOOD, KEYS) is not None


@pytest.mark.parametrize("name", [*GOOD, *KEYS])
def test_a_missing_setting_is_named(name):
    settings = {k: v for k, v in GOOD.items() if k != name}
    secrets = {k: v for k, v in KEYS.items() if k != name}
    with pytest.raises(ConfigurationError, match=name):
        read_settings(settings, secrets)


def test_an_unknown_setting_is_named():
    with pytest.raises(ConfigurationError, match="colour"):
        read_settings({**GOOD, "colour": "red"}, KEYS)


def test_a_key_in_the_file_is_not_taken():
    with pytest.raises(ConfigurationError, match="private_key"):
        read_settings({**GOOD, "private_key": "priv"}, {"public_key": "pub"})


@pytest.mark.parametrize(
    "site",
    ["http://psa.example", "ftp://psa.example", "psa.example/path", "user@psa.example", "psa.example:99999999", "a b",
     "https://", "psa.example?x=1", "psa.exa\nmple", "http://localhost.evil.example", "http://127.0.0.1.evil.example"],
)  # fmt: skip
def test_sites_that_are_no_https_host_are_refused(site):
    with pytest.raises(ConfigurationError, match="site"):
        read_settings({**GOOD, "site": site}, KEYS)


@pytest.mark.parametrize("site", ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:5"])
def test_plain_http_is_for_this_machine(site):
    assert read_settings({**GOOD, "site": site}, KEYS).scheme == "http"


@pytest.mark.parametrize(
    ("name", "value"),
    [("concurrency", "0"), ("concurrency", "1000"), ("page_size", "1001"), ("page_size", "x"), ("timeout", "nan"),
     ("requests_per_minute", "-1"), ("api_version", "2025"), ("timeout", "0")],
)  # fmt: skip
def test_numbers_out_of_range_are_named(name, value):
    with pytest.raises(ConfigurationError, match=name):
        read_settings({**GOOD, name: value}, KEYS)
