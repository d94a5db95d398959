"""Manifests as nearly all programs write them are read at once; the result is that of reading line by line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.verify import bagtext
from psa_evidence.verify.bagtext import BagTextError, Declaration, Entry, manifest, pack_manifest

A, B = "0a" * 32, "f9" * 32
PLAIN = f"{A}  data/a b.json\n{B}  data/natives/ticket/1.json\n{A}  data/a b.json\n"
NOTHING = re.compile(r"(?!)()()")


def outcome(text, version):
    try:
        return manifest(text.encode(), Declaration(version, "UTF-8"))
    except BagTextError as error:
        return str(error)


def line_by_line(monkeypatch, text, version):
    with monkeypatch.context() as patched:
        patched.setattr(bagtext, "_PLAIN_ENTRY", NOTHING)
        return outcome(text, version)


def test_a_plain_manifest_is_not_read_line_by_line(monkeypatch):
    monkeypatch.setattr(bagtext, "_ENTRY", NOTHING)
    assert outcome(PLAIN, (1, 0)) == [
        Entry(A, "data/a b.json"), Entry(B, "data/natives/ticket/1.json"), Entry(A, "data/a b.json")
    ]  # fmt: skip


@pytest.mark.parametrize("version", [(1, 0), (0, 97)])
@pytest.mark.parametrize(
    "text",
    [
        "", "\n", PLAIN[:-1], PLAIN + "\n", " " + PLAIN, PLAIN.replace("\n", "\r\n"), PLAIN.replace("\n", "\r"),
        PLAIN.replace("  ", " "), PLAIN.replace("  ", " *"), PLAIN.replace("  ", "  *"), PLAIN.replace("  ", "\t"),
        PLAIN.replace("  ", "   "), PLAIN.replace("a b", "a%0Ab"), PLAIN.replace("a b", "a%25b"),
        PLAIN.replace("a b", "%"),
        PLAIN.replace(".json\n", ".json \n"), PLAIN.replace(".json\n", ".json\x0b\n"), PLAIN.replace("a b", "é"),
        PLAIN.replace("a b", "\u2028"), PLAIN.replace("a b", "\x7f"), PLAIN.upper(), PLAIN.replace(A, A[1:]),
        PLAIN.replace(A, A + "0"), PLAIN.replace(A, A[:40]), PLAIN.replace(A, "x" * 64), PLAIN + "no line", A + "  \n",
        A + "   \n", PLAIN + f"{A}  x\n\n", f"{A}  {A}  x\n", f"x{A}  x\n", PLAIN + "x" * 67,
    ],
)  # fmt: skip
def test_both_ways_give_the_same(monkeypatch, text, version):
    assert outcome(text, version) == line_by_line(monkeypatch, text, version)


@given(st.data())
def test_a_change_anywhere_gives_the_same_both_ways(data):
    at = data.draw(st.integers(0, len(PLAIN)))
    piece = data.draw(st.sampled_from(["", "\n", " ", "*", "%", "%25", "\r", "é", "0", "A", "\t", A, f"{A}  x\n"]))
    text = PLAIN[:at] + piece + PLAIN[at + data.draw(st.sampled_from([0, 1, 2, 64, 67])) :]
    with pytest.MonkeyPatch.context() as patched:
        assert outcome(text, (1, 0)) == line_by_line(patched, text, (1, 0))


@pytest.mark.parametrize(
    "text", ["", PLAIN, PLAIN.replace("a b", "é"), PLAIN.replace("a b", "\u2028"), PLAIN.replace("a b", "#\\")]
)
def test_a_manifest_of_a_pack_is_lines_of_sha256sum(text):
    lines = [line.partition("  ") for line in text.split("\n")[:-1]]
    assert pack_manifest(text.encode()) == [Entry(digest, path) for digest, _, path in lines]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (PLAIN[:-1], 3), (PLAIN + "\n", 4), ("\n" + PLAIN, 1), (" " + PLAIN, 1), (PLAIN.replace("\n", "\r\n"), 1),
        (PLAIN.replace("\n", "\r"), 1), (PLAIN.replace(f"{B}  ", f"{B} "), 2), (PLAIN.replace(f"{B}  ", f"{B} *"), 2),
        (PLAIN.replace(f"{B}  ", f"{B}\t"), 2), (PLAIN.replace("natives", "%0A"), 2), (PLAIN.replace(B, B.upper()), 2),
        (PLAIN.replace(B, B[1:]), 2), (PLAIN.replace(B, B[:40]), 2), (PLAIN.replace(B, f"SHA256 (x) = {B}"), 2),
        (PLAIN.replace(B, "\\" + B), 2), ("\ufeff" + PLAIN, 1), (PLAIN + f"{A}  \n", 4),
        (PLAIN.replace("a b", "\u2028") + "x", 4),
    ],
)  # fmt: skip
def test_what_sha256sum_might_read_otherwise_is_no_manifest_of_a_pack(text, number):
    with pytest.raises(BagTextError, match=f"^line {number} is not written as sha256sum writes it"):
        pack_manifest(text.encode())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xef\xbb\xbfBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "begins with a byte-order mark"),
        (b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-7\n", "an encoding that this verifier does not read"),
        (b"BagIt-Version: 1.1\nTag-File-Character-Encoding: UTF-8\n", "version 1.1 is not known to this verifier"),
        (b"BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n", "blanks around the version"),
    ],
)
def test_why_a_declaration_is_refused_is_said(data, words):
    with pytest.raises(BagTextError) as refused:
        bagtext.declaration(data)
    assert str(refused.value) == words


def test_lines_are_counted_from_one_and_the_first_goes_on_from_nothing():
    assert bagtext.tags(b"A: b\n  c\n\tD: e\n", "UTF-8") == [("a", "b c D: e")]
    for data, number in ((b" A: b\n", 1), (b"\n\nno label\n", 3)):
        with pytest.raises(BagTextError, match=f"line {number} is not"):
            bagtext.tags(data, "UTF-8")
