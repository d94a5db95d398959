"""Which names are refused, each for the reason that is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.verify import names


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "empty path"),
        ("/etc/passwd", "absolute"),
        ("\\\\host\\share", "absolute"),
        ("c:/x", "absolute"),
        ("~root/x", "absolute"),
        ("a\x00b", "null"),
        ("a/../b", ". or .. part"),
        ("a\\..\\b", ". or .. part"),
        ("a//b", ". or .. part"),
        ("a/", ". or .. part"),
        ("./a", ". or .. part"),
        ("a/" * 32 + "b", "33 folders deep"),
        ("a" * 1025, "1,025 characters"),
    ],
)
def test_a_path_that_leads_out(path, reason):
    assert reason in names.escape(path)
    assert names.unportable(path) == names.escape(path)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("data/a\tb", "invisible"),
        ("data/\x7f", "invisible"),
        ("data/a\u200bb", "invisible"),
        ("data/a\u2028b", "invisible"),
        ("data/\ue000", "invisible"),
        ("data/\u0378", "invisible"),
        ("data/\udcff", "invisible"),
        ("data/e\u0301", "normal form C"),
        ("data/" + "ü" * 128, "255 bytes"),
        ("data/a:b", "Windows cannot"),
        ("data/a?", "Windows cannot"),
        ("data/a\\b", "Windows cannot"),
        ("data/end.", "Windows cannot"),
        ("data/end ", "Windows cannot"),
        ("data/ start", "Windows cannot"),
        ("data/NUL", "reserved"),
        ("data/aux.json", "reserved"),
        ("COM7/x", "reserved"),
        ("data/lpt¹.txt", "reserved"),
        ("data/CONIN$", "reserved"),
        ("data/conout$.csv", "reserved"),
        ("data/con .txt", "reserved"),
    ],
)
def test_a_path_that_is_another_one_elsewhere(path, reason):
    assert names.escape(path) is None
    assert reason in names.unportable(path)


@pytest.mark.parametrize(
    "path",
    [
        "data/Evidence Pack - Exhibits 001.pdf",
        "data/natives/ticket/1042.2.json",
        "data/Ünïcode/日本.txt",
        "data/console.txt",
        "data/.hidden",
        "data/" + "x" * 255,
        "data/" + "d/" * 30 + "f",
    ],
)
def test_a_path_that_is_good_everywhere(path):
    assert names.unportable(path) is None


@pytest.mark.parametrize(
    ("one", "two"),
    [("data/A.txt", "data/a.txt"), ("data/ｆile", "data/file"), ("data/straße", "data/STRASSE"), ("data/①", "data/1")],
)
def test_twins(one, two):
    assert names.twin(one) == names.twin(two)


def test_no_twins():
    assert names.twin("data/1.json") != names.twin("data/l.json")


PIECES = st.sampled_from([
    "data", "natives", "ticket", "1.json", "con", "NUL", "nul.txt", "lpt1", "COM7.x", "console", "..", ".", "", "a.",
    ".a", "-", "a b", "~", "c:", "a\\b", "K", "ſ", "é", "x" * 60, "_", "a..b", "1.disclosed.json", "%0A", "\n",
])  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("/".join))
def test_paths_let_through_at_a_glance_pass_every_rule(path):
    """The short way for usual names never says what the rules would not."""
    if names._is_plain(path):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(names, "_is_plain", lambda _: False)
            assert names.escape(path) is None
            assert names.unportable(path) is None


@pytest.mark.parametrize(
    "path", ["data/natives/ticket/1042.json", "seals/000001.json", "data/proofs/1.json", "data/a/b-c_d"]
)
def test_our_own_paths_are_let_through_at_a_glance(path):
    assert names._is_plain(path)
