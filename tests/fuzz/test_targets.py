"""Honest documents, mutated: every reader reads them or raises its own error, and nothing else."""

import importlib.util
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def targets():
    name = "psa_evidence_fuzz_targets"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("targets.py"))
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name].TARGETS


TARGETS = targets()
TOKENS = (
    b"null", b"true", b"-1", b"1e999", b"9" * 400, b'""', b"[]", b"{}", b"[" * 2000, b'"\\ud800"', b"\xff", b"\x00",
    b"\r", b"\n", b",", b'"', b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\xfe", b"\x14", b"\xef\xbb\xbf", b"%0A",
)  # fmt: skip


@st.composite
def mutated(draw, seeds):
    """A seed with a few pieces cut, copied, changed or put in."""
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 40)))
        piece = draw(st.one_of(
            st.just(b""), st.binary(max_size=6), st.sampled_from(TOKENS), st.just(bytes(data[at:end]) * 2),
        ))  # fmt: skip
        data[at:end] = piece
    return bytes(data)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_the_seeds_are_read(name):
    target = TARGETS[name]
    assert target.seeds
    for seed in target.seeds:
        if name == "signature":  # a time-stamp token is a CMS structure of another content
            with pytest.raises(target.error):
                target.run(seed)
        else:
            target.run(seed)


@pytest.mark.parametrize("name", sorted(TARGETS))
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_reader_raises_its_own_error_only(name, data):
    target = TARGETS[name]
    with suppress(target.error):
        target.run(data.draw(mutated(target.seeds)))
