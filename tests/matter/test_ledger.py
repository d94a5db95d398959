"""A Bates number once given stays with its pages."""

from __future__ import annotations

import pytest

from psa_evidence.matter.ledger import Issued, Ledger, read


def issued(exhibit: str, first: int, pages: int = 2, content: str = "a", prefix: str = "ACME-") -> Issued:
    return Issued(prefix=prefix, exhibit=exhibit, content=content, first=first, pages=pages)


def test_an_exhibit_that_says_the_same_keeps_its_numbers():
    ledger = Ledger((issued("T-1", 1), issued("T-2", 3)))
    assert list(ledger.kept("ACME-", {"T-2": "a", "T-1": "a"})) == ["T-1", "T-2"]


def test_one_that_changed_or_is_new_does_not():
    ledger = Ledger((issued("T-1", 1), issued("T-2", 3)))
    assert list(ledger.kept("ACME-", {"T-1": "b", "T-2": "a", "T-3": "a"})) == ["T-2"]
    assert ledger.next("ACME-") == 5


def test_prefixes_have_ranges_of_their_own():
    ledger = Ledger((issued("T-1", 1), issued("T-1", 1, prefix="PROD-")))
    assert ledger.next("PROD-") == 3
    assert ledger.next("OTHER-") == 1
    assert not ledger.kept("OTHER-", {"T-1": "a"})


def test_what_is_not_shown_is_a_gap():
    old, new = issued("T-1", 1, content="old"), issued("T-1", 5, content="new")
    ledger = Ledger((old, issued("T-2", 3), new))
    assert ledger.gaps("ACME-", [issued("T-2", 3), new]) == (old,)


def test_lines_are_read_back():
    item = issued("T-1", 7)
    assert read([item.entry()]).issued == (item,)


@pytest.mark.parametrize(
    "entries",
    [
        [issued("T-1", 1).entry(), issued("T-2", 2).entry()],
        [{**issued("T-1", 1).entry(), "first": 0}],
        [{**issued("T-1", 1).entry(), "pages": True}],
        [{"prefix": "A"}],
    ],
    ids=["a number twice", "below one", "no number", "nothing"],
)
def test_a_ledger_that_cannot_be_is_refused(entries):
    with pytest.raises(ValueError, match=r"number|text"):
        read(entries)
