"""A test authority's keys, made once; requests and answers over some bytes."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from psa_evidence.format.timestamp_request import request
from psa_evidence.simulator.authority import Faults, make_keys, respond

NOW = datetime(2026, 3, 1, 2, 10, 5, tzinfo=UTC)
DATA = b'{"number":1}'
NONCE = 0x1234567890ABCDEF


@pytest.fixture(scope="session")
def keys():
    return make_keys(NOW)


@pytest.fixture(scope="session")
def elliptic():
    return make_keys(NOW, elliptic=True, name="two")


@pytest.fixture
def answer(keys):
    """An answer over DATA; faults by name."""

    def make(*, of=None, data=DATA, now=NOW, **faults):
        asked = request(hashlib.sha256(data).digest(), nonce=NONCE)
        return respond(asked, of or keys, now=now, serial=7, faults=Faults(**faults))

    return make
