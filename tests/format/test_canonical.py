"""Canonical JSON against the vectors printed in RFC 8785, and strict reading."""

from __future__ import annotations

import json
import struct

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.format import FormatError, canonical, parse, parse_canonical, sha256
from psa_evidence.format.canonical import MAX_DEPTH

NUMBERS = {  # RFC 8785, appendix B
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}

WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
REAL = st.floats(-1e15, 1e15)  # larger ones are written as whole numbers beyond 2^53, which are refused when read
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | REAL | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(("bits", "text"), NUMBERS.items())
def test_numbers_of_the_rfc(bits, text):
    assert canonical(struct.unpack(">d", bytes.fromhex(bits))[0]).decode() == text


def test_example_of_the_rfc():
    """RFC 8785, 3.2.2 and 3.2.3."""
    source = rb"""{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"""
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical(parse(source)).decode() == expected


def test_names_are_sorted_by_utf16_as_in_the_rfc():
    """RFC 8785, 3.2.3: the emoji, beyond the first plane, comes before the Hebrew letter."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    found = list(json.loads(canonical(dict.fromkeys(names, 0))))
    assert found == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        2**53,
        -(2**53),
        10**400,
        "\ud800",
        {"\udfff": 1},
        {1: 2},
        b"bytes",
        object(),
    ],
)
def test_what_json_cannot_carry_exactly_is_refused(value):
    with pytest.raises(FormatError):
        canonical(value)


@given(VALUES)
def test_what_was_written_reads_back_and_is_written_the_same(value):
    data = canonical(value)
    assert canonical(parse(data)) == data


@given(VALUES)
def test_the_quick_way_gives_the_bytes_of_the_reference_implementation(value):
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "character", [*map(chr, range(0x21)), "\x7f", "\x80", "\u2028", "\u2029", "\ufeff", "\uffff", "/"]
)
def test_every_odd_character_is_escaped_as_by_the_reference_implementation(character):
    assert canonical([character]) == rfc8785.dumps([character])
    assert canonical({character: character}) == rfc8785.dumps({character: character})


@given(VALUES)
def test_layout_and_order_do_not_matter(value):
    loose = json.dumps(value, indent=3, ensure_ascii=True).encode()
    assert canonical(parse(loose)) == canonical(value)


@pytest.mark.parametrize(
    "data",
    [
        b"", b" ", b"{", b"[1,]", b"nul", b"'a'", b"01", b"1 2", b'{"a":1,"a":1}', b'[{"x":{"a":1,"b":2,"a":3}}]',
        b"NaN", b"[Infinity]", b"-Infinity", b'"\x01"', b'"\xff"', b"\xef\xbb\xbf{}", b"\xff\xfe{\x00}\x00",
        b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2), b"[" * 1_000_000, b'{"a":' * 100_000, b"9" * 5000,
    ],
)  # fmt: skip
def test_what_is_not_strict_json_is_refused(data):
    with pytest.raises(FormatError):
        parse(data)


def test_nesting_up_to_the_limit_is_read():
    depth = MAX_DEPTH - 1
    assert parse(b"[" * depth + b"]" * depth)


def test_a_document_over_the_limit_is_refused_before_it_is_read(monkeypatch):
    import sys

    module = sys.modules["psa_evidence.format.canonical"]
    monkeypatch.setattr(module, "MAX_DOCUMENT_BYTES", 3)
    assert parse(b"123") == 123
    with pytest.raises(FormatError, match="over the limit"):
        parse(b"1234")


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused_with_a_format_error(data):
    try:
        parse(data)
    except FormatError:
        return


def test_digest():
    """FIPS 180-4, the one-block example."""
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(VALUES)
def test_canonical_bytes_are_known_for_such(value):
    assert parse_canonical(canonical(value)) == (parse(canonical(value)), True)


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_other_bytes_of_the_same_value_are_canonical_exactly_when_they_are_equal(value, ascii_only, indent):
    data = json.dumps(parse(canonical(value)), ensure_ascii=ascii_only, indent=indent).encode(errors="replace")
    try:
        assert parse_canonical(data) == (parse(data), canonical(parse(data)) == data)
    except FormatError:
        with pytest.raises(FormatError):
            canonical(parse(data))


@pytest.mark.parametrize(
    "data",
    [b'{"a":1,"b":2} ', b'{"b":1,"a":2}', b'{"a": 1}', b"-0", b"1.0", b"[1e1]", b'"\\u0041"', b'"\\/"', b'"\\u001F"'],
)
def test_what_is_not_canonical(data):
    assert parse_canonical(data) == (parse(data), False)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b"NaN",
        b"[Infinity]",
        b"9007199254740992",
        b"[" * 65 + b"1" + b"]" * 65,
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_what_neither_reads(data):
    with pytest.raises(FormatError):
        parse_canonical(data)
    with pytest.raises(FormatError):
        canonical(parse(data))
