"""Where the monthly run keeps a client's pack, and how it numbers its pages: no two clients share either."""

from __future__ import annotations

from itertools import pairwise

from psa_evidence.archive.month import Month
from psa_evidence.archive.run import _folder_name, _prefix, slug
from psa_evidence.matter import Numbering
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


def prefix(id_, name, month=10):
    return _prefix(ClientName(id=id_, name=name, identifier=""), Month(2026, month))


def test_clients_whose_names_begin_alike_share_no_bates_number():
    """Ivory Dental Care and Ivory Dental Lab: a page of one could be cited as the other's."""
    assert prefix("109", "Ivory Dental Care") == "IVORYD202610-109-"
    assert prefix("110", "Ivory Dental Lab") == "IVORYD202610-110-"
    assert prefix("109", "Ivory Dental Care", 9) == "IVORYD202609-109-"
    assert prefix("1", "Unit 9") != prefix("91", "Unit")


def test_a_prefix_of_the_archive_is_one_whatever_the_id():
    ids = ["1", "123456", "1234567", "0f8f2b1c-77aa-4b1e-9d2e-6f1c2f6d9a10", "ABC", "abc", "a-1", "a_1", "", "\ud800"]
    made = [prefix(id_, name) for id_ in ids for name in ("Ivory Dental Care", "\N{GRINNING FACE}")]
    assert len({text.casefold() for text in made}) == len(made)
    assert [Numbering(prefix=text).prefix for text in made] == made


def test_connections_have_names_of_their_own_for_files_on_every_system():
    names = ["main", "Main", "ma in", "ma-in", "ma/in", "", ".", "..", "x" * 41, "x" * 42, "\u043c", "2026-10"]
    made = [slug(name) for name in names]
    assert len({text.casefold() for text in made}) == len(names)
    assert all(text.isascii() and text and "/" not in text and "." not in text for text in made)
    assert slug("main") == "main"


def test_the_same_client_of_another_connection_has_another_prefix():
    client, month = ClientName(id="101", name="Castellan", identifier=""), Month(2026, 10)
    made = [_prefix(client, month, of) for of in ("", "second", "third")]
    assert len(set(made)) == len(made)
    assert [Numbering(prefix=text).prefix for text in made] == made
