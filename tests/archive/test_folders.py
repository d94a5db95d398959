"""Where the monthly run keeps a client's pack: no two clients share a folder, on any system."""

from __future__ import annotations

from itertools import pairwise

from psa_evidence.archive.run import _folder_name
from psa_evidence.spi import ClientName


def folder(id_, name="Acme"):
    return _folder_name(ClientName(id=id_, name=name, identifier=""))


def test_a_number_stands_as_it_is():
    assert folder("114") == "Acme-114"
    assert folder("114", "\N{GRINNING FACE}") == "client-114"
    assert folder("0f8f2b") == "Acme-0f8f2b"
    assert folder("0f8f-2b").startswith("Acme-0f8f-2b-")


def test_a_sign_of_an_id_is_not_taken_for_one_of_the_name():
    assert folder("2", "Acme 1") != folder("1-2", "Acme")


def test_ids_that_differ_in_signs_case_or_behind_the_fortieth_letter_have_folders_of_their_own():
    """Else the second client's month would be taken for made: the first one's pack lies there."""
    ids = ["a_1", "a-1", "a.1", "A-1", "a-1-", "\u0430-1", "x" * 41, "x" * 42, "", "\ud800", "ABC", "abc"]
    names = sorted(folder(id_).casefold() for id_ in ids)
    assert all(one != other for one, other in pairwise(names))
    assert all(name.isascii() and len(name) < 100 and not name.endswith("-") for name in names)
