"""Which members stand in the bytes of a record: ours against the printed procedure and against other readers."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from psa_evidence.format.canonical import canonical
from psa_evidence.format.members import MAX_NESTING, MAX_OBJECT_BYTES, members


def found(body):
    spans = members(body)
    return None if spans is None else [(name, body[start:end]) for name, start, end in spans]


def as_printed(printed, body):
    pairs = printed.members(body)
    return None if pairs is None else [(canonical(name), value) for name, value in pairs]


GOOD = [
    (b"{}", []),
    (b" \t\r\n{ } \n", []),
    (b'{"a":1}', [(b'"a"', b"1")]),
    (b'{ "a" : 1 , "b" : [ 1 , 2 ] }', [(b'"a"', b"1"), (b'"b"', b"[ 1 , 2 ]")]),
    (b'{"a":1,"a":2}', [(b'"a"', b"1"), (b'"a"', b"2")]),
    (b'{"":""}', [(b'""', b'""')]),
    (b'{"a":-0.0e+9}', [(b'"a"', b"-0.0e+9")]),
    (b'{"n":' + b"9" * 6000 + b"}", [(b'"n"', b"9" * 6000)]),
    (b'{"n":1e99999}', [(b'"n"', b"1e99999")]),
    (b'{"n":[' + b"9" * 6000 + b"]}", [(b'"n"', b"[" + b"9" * 6000 + b"]")]),
    (b'{"\\u0041":null}', [(b'"A"', b"null")]),
    (b'{"\\"\\n":true}', [(b'"\\"\\n"', b"true")]),
    (b'{"\\ud83d\\ude00":1}', ['"\U0001f600"'.encode(), b"1"]),
    ('{"\u00e9":"\u4e2d"}'.encode(), [('"\u00e9"'.encode(), '"\u4e2d"'.encode())]),
    (b'{"a":"\\ud800"}', [(b'"a"', b'"\\ud800"')]),
    (b'{"a":"}","b":"{\\"[","c":{"}":"]"}}', [(b'"a"', b'"}"'), (b'"b"', b'"{\\"["'), (b'"c"', b'{"}":"]"}')]),
    (b'{"a":{"id":1,"_info":{"href":"x"}},"b":2}', [(b'"a"', b'{"id":1,"_info":{"href":"x"}}'), (b'"b"', b"2")]),
    (b'{"a":"\x7f\xc2\x80"}', [(b'"a"', b'"\x7f\xc2\x80"')]),
]
GOOD[12] = (GOOD[12][0], [tuple(GOOD[12][1])])

BAD = [
    b"", b" ", b"[]", b"1", b'"a"', b"null", b"{", b"}", b"{}}", b"{}{}", b"{},", b"x{}", b"{}x", b"[{}]", b"{,}",
    b'{"a"}', b'{"a":}', b'{"a":1,}', b'{"a":1 "b":2}', b'{"a":1,,"b":2}', b"{a:1}", b"{'a':1}", b"{1:1}",
    b'{"a":01}', b'{"a":+1}', b'{"a":1.}', b'{"a":.5}', b'{"a":1e}', b'{"a":0x1}', b'{"a":1_0}', b'{"a":- 1}',
    b'{"a":NaN}', b'{"a":Infinity}', b'{"a":-Infinity}', b'{"a":[NaN]}', b'{"a":True}', b'{"a":nul}',
    b'{"a":truefalse}',
    b'{"a":"\n"}', b'{"a":"\x00"}', b'{"a\t":1}', b'{"a":"\\x"}', b'{"a":"\\u12"}', b'{"a":"\\u12g4"}',
    b'{"a":"\\u+123"}',
    b'{"a":[1,]}', b'{"a":[1 2]}', b'{"a":{"b":1,}}', b'{"a":{b:1}}', b'{"a":[}', b'{"a":{]}', b'{"a":[\x0b1]}',
    b"{\x0c}", b"{\xc2\xa0}", b"\xef\xbb\xbf{}", b'{"a":"\xff"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xc0\xaf"}',
    b'{"\xff":1}', b'{"\\ud800":1}', b'{"\\udc00\\ud800":1}', b'{"a":1}/* */', b'{"a":1}\x00', '{"a":\uff11}'.encode(),
    '{"a":[\u0661]}'.encode(), '{"a":1}'.encode("utf-16"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), GOOD, ids=[str(n) for n in range(len(GOOD))])
def test_members_stand_where_they_were_received(printed, body, expected):
    assert found(body) == expected
    assert as_printed(printed, body) == expected


@pytest.mark.parametrize("body", BAD, ids=[str(n) for n in range(len(BAD))])
def test_what_is_not_strictly_an_object_has_no_members(printed, body):
    assert members(body) is None
    assert printed.members(body) is None


@pytest.mark.parametrize("opening", [b"[", b'{"a":'], ids=["arrays", "objects"])
@pytest.mark.parametrize("escapes", [b"", b'"\\\\","[[[[{{\\"",'], ids=["plain", "brackets in texts"])
def test_nesting_has_a_limit_that_is_the_same_for_all(printed, opening, escapes):
    if escapes and opening != b"[":
        return
    closing = b"]" if opening == b"[" else b"}"
    for levels, fits in ((MAX_NESTING - 1, True), (MAX_NESTING, False), (900, False)):
        body = b'{"x":' + opening * levels + escapes + b"1" + closing * levels + b"}"
        assert (members(body) is not None) is fits
        assert (printed.members(body) is not None) is fits
    assert members(b'{"x":' + b"[" * 200_000 + b"}") is None
    assert members(b'{"x":[' + b"[]," * 500 + b"[]]}") is not None


@pytest.mark.parametrize("closed", [b"[],", b"{},"], ids=["arrays", "objects"])
def test_what_was_closed_again_does_not_count_for_what_is_nested_after_it(closed):
    for levels, fits in ((MAX_NESTING - 1, True), (MAX_NESTING, False)):
        body = b'{"x":[' + closed * 60 + b"[" * (levels - 1) + b"]" * (levels - 1) + b"]}"
        assert (members(body) is not None) is fits


def test_what_is_too_large_is_not_looked_into(printed):
    body = b'{"a":"' + b"x" * (MAX_OBJECT_BYTES - 8) + b'"}'
    assert len(body) == MAX_OBJECT_BYTES
    assert members(body) == [(b'"a"', 5, len(body) - 1)]
    assert members(body + b" ") is None
    assert printed.members(body + b" ") is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.tuples(NAMES, VALUES), max_size=6), st.booleans(), st.sampled_from([None, 0, 1, "\t"]))
def test_any_object_is_read_as_every_reader_reads_it(printed, pairs, ascii_only, indent):
    inner = ",".join(
        f" {json.dumps(name, ensure_ascii=ascii_only)}\n:"
        + json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "replace").decode()
        for name, value in pairs
    )
    body = f"{{{inner}\t}}\r\n".encode()
    ours = found(body)
    assert ours == as_printed(printed, body)
    read = json.loads(body, object_pairs_hook=list)
    assert [(json.loads(name), json.loads(value, object_pairs_hook=list)) for name, value in ours] == [
        tuple(pair) for pair in read
    ]


@given(st.binary(max_size=40) | st.text('{}[]":,\\u01eE-+.tfn \n', max_size=30).map(str.encode))
@example(b'{"a":"\\')
@example(b'{"a":1')
def test_any_bytes_are_judged_as_printed(printed, body):
    assert found(body) == as_printed(printed, body)


@given(st.data(), st.sampled_from([body for body, _ in GOOD if len(body) < 200]))
def test_one_changed_byte_is_judged_as_printed(printed, data, body):
    at = data.draw(st.integers(0, len(body) - 1))
    changed = body[:at] + bytes([data.draw(st.integers(0, 255))]) + body[at + 1 :]
    assert found(changed) == as_printed(printed, changed)
