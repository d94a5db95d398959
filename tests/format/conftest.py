"""A test authority's keys, made once; requests and answers over some bytes. The procedures and vectors printed in
docs/format, as Python and as text."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

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


DOCS = Path(__file__).resolve().parents[2] / "docs" / "format"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}
BLOCK = re.compile(r"^```\w+ (vector|procedure)=([\w.-]+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
BLOCKS = {(kind, name): text for page in TEXTS.values() for kind, name, text in BLOCK.findall(page)}


def simple_canonical(value):
    """RFC 8785 for what stands in our documents: no fractions, names in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.fixture(scope="session")
def printed():
    """The printed procedures, running on the standard library alone."""
    names = {
        "re": re,
        "json": json,
        "sha256": lambda data: hashlib.sha256(data).digest(),
        "hmac_sha256": lambda key, data: hmac.new(key, data, "sha256").digest(),
        "canonical": simple_canonical,
    }
    for (kind, _), text in BLOCKS.items():
        if kind == "procedure":
            exec(text, names)
    return SimpleNamespace(**{name: value for name, value in names.items() if not name.startswith("__")})


@pytest.fixture(scope="session")
def vector():
    return {name: text for (kind, name), text in BLOCKS.items() if kind == "vector"}


@pytest.fixture(scope="session")
def pages():
    return TEXTS
