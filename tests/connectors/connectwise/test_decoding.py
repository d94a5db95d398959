"""Content coding, whole, damaged and hostile."""

from __future__ import annotations

import gzip
import zlib

import pytest

from psa_evidence_connectwise.decoding import TooLarge, Unreadable, decode

BODY = b'[{"id": 1}]' * 50


def packed(data):
    """gzip without the time in its head: parameters are part of the tests' names, the same in every worker."""
    return gzip.compress(data, mtime=0)


def raw_deflate(data):
    maker = zlib.compressobj(wbits=-15)
    return maker.compress(data) + maker.flush()


@pytest.mark.parametrize(
    ("coded", "name"),
    [(BODY, ""), (BODY, "identity"), (packed(BODY), "gzip"), (packed(BODY), "X-GZIP"),
     (zlib.compress(BODY), "deflate"), (raw_deflate(BODY), "deflate"),
     (packed(zlib.compress(BODY)), "deflate, gzip"),
     (packed(BODY[:11]) + packed(BODY[11:]), "gzip")],
)  # fmt: skip
def test_known_codings_are_undone(coded, name):
    assert decode(coded, name, 10_000) == BODY


@pytest.mark.parametrize(
    ("coded", "name"),
    [(packed(BODY)[:-9], "gzip"), (b"not gzip", "gzip"), (b"x", "deflate"), (BODY, "br"),
     (BODY, "gzip, gzip, gzip")],
)  # fmt: skip
def test_damaged_or_unknown_codings_are_unreadable(coded, name):
    with pytest.raises(Unreadable):
        decode(coded, name, 10_000)


@pytest.mark.parametrize("name", ["gzip", "deflate", ""])
def test_a_bomb_stops_at_the_limit(name):
    bomb = b"\0" * 50_000_000
    coded = {"gzip": packed(bomb), "deflate": zlib.compress(bomb), "": bomb[:100_001]}[name]
    with pytest.raises(TooLarge):
        decode(coded, name, 100_000)
