"""Byte offsets of JSON elements."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence_connectwise.decoding import Unreadable
from psa_evidence_connectwise.spans import elements, single

NASTY = Path(__file__).parents[4] / "shared" / "data" / "text" / "blns.json"

texts = st.text(alphabet=st.characters(exclude_categories=("Cs",)))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


@given(
    rows=st.lists(values, max_size=6), ascii_only=st.booleans(), indent=st.sampled_from([None, 2]), bom=st.booleans()
)
def test_each_span_is_its_element(rows, ascii_only, indent, bom):
    body = (b"\xef\xbb\xbf" if bom else b"") + json.dumps(rows, ensure_ascii=ascii_only, indent=indent).encode()
    found = elements(body)
    assert [value for value, _, _ in found] == rows
    for value, start, end in found:
        assert json.loads(body[start:end]) == value
        assert body[start:end] == body[start:end].strip()


@given(value=values, before=st.sampled_from([b"", b" \n\t"]), ascii_only=st.booleans())
def test_the_span_of_a_single_value_leaves_blanks_out(value, before, ascii_only):
    part = json.dumps(value, ensure_ascii=ascii_only).encode()
    found, start, end = single(before + part + before)
    assert found == value
    assert (before + part + before)[start:end] == part


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"{}", b"<html>", b"[", b"[1", b"[1,", b"[1,]", b"[1 2]", b"[1]]", b"[1] x", b'["\xff"]', b"[NaN]",
     b"[" * 100_000, b'[{"a":' * 50_000, b"[" + b"9" * 5000 + b"]"],
)  # fmt: skip
def test_what_is_not_one_whole_list_is_unreadable(body):
    with pytest.raises(Unreadable):
        elements(body)


@given(st.binary(max_size=60))
def test_any_bytes_either_parse_or_are_unreadable(body):
    with contextlib.suppress(Unreadable):
        elements(body)


@pytest.mark.skipif(not NASTY.exists(), reason="the list of naughty strings is not beside the project")
def test_naughty_strings_keep_their_bytes():
    nasty = json.loads(NASTY.read_text(encoding="utf-8"))
    rows = [{"id": n, "text": text} for n, text in enumerate(nasty)]
    body = json.dumps(rows, ensure_ascii=False).encode("utf-8", "surrogatepass")
    for value, start, end in elements(body):
        assert json.loads(body[start:end]) == value
