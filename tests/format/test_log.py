"""Links of a chained log: what stands for an entry, and what a pack may put in its place (docs/format/vault.md)."""

from __future__ import annotations

import pytest

from psa_evidence.format import FormatError, canonical, sha256
from psa_evidence.format.log import digest_of_line, entry_digest, is_link, link

DIGEST = "0a" * 32
SALTED = {"number": 3, "previous": DIGEST, "what": "captured", "salt": "ab"}
PLAIN = {"number": 3, "previous": DIGEST, "what": "captured"}
LINK = {"entry": DIGEST, "number": 3, "previous": DIGEST}


def test_a_link_says_the_digest_the_number_and_the_entry_before():
    line = canonical(SALTED)
    expected = f'{{"entry":"{sha256(line)}","number":3,"previous":"{DIGEST}"}}'.encode()
    assert link(line, SALTED) == expected
    assert entry_digest(line, SALTED) == digest_of_line(line) == sha256(expected)


def test_an_entry_without_a_salt_is_known_by_its_line():
    line = canonical(PLAIN)
    assert entry_digest(line, PLAIN) == digest_of_line(line) == sha256(line)


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"7", b'"salt"', b'["salt"]', b'{"salt":"ab"}', b"\xff"])
def test_a_line_that_is_no_entry_has_the_digest_of_its_bytes(line):
    assert digest_of_line(line) == sha256(line)


def test_only_a_link_stands_for_an_entry_that_is_withheld():
    assert is_link(LINK, canonical(LINK)) is True
    for entry in (SALTED, PLAIN, {**LINK, "what": "captured"}, {"number": 3, "previous": DIGEST}, {}):
        assert is_link(entry, canonical(entry)) is False


@pytest.mark.parametrize(
    ("entry", "line", "why"),
    [
        ({"number": 3, "previous": DIGEST, "withheld": DIGEST}, None, "does not hold those before it"),
        ({**LINK, "entry": "0A" * 32}, None, "digest of a withheld entry"),
        ({**LINK, "entry": 5}, None, "digest of a withheld entry"),
        (LINK, b" " + canonical(LINK), "a withheld entry is not in canonical form"),
    ],
)
def test_an_entry_is_not_withheld_in_any_other_form(entry, line, why):
    with pytest.raises(FormatError, match=why):
        is_link(entry, line or canonical(entry))
