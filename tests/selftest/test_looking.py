"""Many texts looked for at once: found exactly where each alone would be."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.selftest import Looking, Secret, looking
from psa_evidence.selftest.plain import LONG, normal, squeezed, words

LETTERS = st.text(alphabet="ab", min_size=LONG, max_size=LONG + 6)
MANY = [f"{n:04d}sentencenumber" for n in range(looking.MANY + 1)]


@given(st.lists(LETTERS, max_size=8), st.text(alphabet="ab", max_size=200), st.integers(1, 40))
def test_a_long_text_is_found_at_any_place_and_nowhere_else(secrets, text, part):
    """Two letters: windows coincide all the time. `part` cuts the text into pieces of every size."""
    before = looking._PART
    looking._PART = part
    try:
        found = Looking.of(Secret(plain, "r") for plain in (*secrets, *MANY)).plain_in(text)
    finally:
        looking._PART = before
    assert found == {plain for plain in secrets if plain in text}


@given(st.integers(0, 40), st.sampled_from(MANY))
def test_one_of_many_is_found_whatever_stands_before_it(before, secret):
    hit = Looking.of(Secret(plain, plain) for plain in MANY).found_in("x" * before + secret + "y")
    assert hit is not None
    assert hit.rule == secret


def test_all_that_stands_in_a_text_is_told():
    many = Looking.of(Secret(squeezed(text), "r") for text in ("Ann Lee", "Lee", "Northwind settlement", *MANY))
    assert many.plain_in("for Lee of the NORTHWIND-\nsettlement") == {"lee", "northwindsettlement"}
    assert many.plain_in("Ann Lee") == {"annlee", "lee"}
    assert many.plain_in("Leeds") == set()


@given(
    st.lists(st.text(alphabet="ab", min_size=4, max_size=5), min_size=1, max_size=8),
    st.text(alphabet="ab ", min_size=5, max_size=60),
)
def test_what_would_be_found_is_told_as_standing_there(secrets, text):
    """A shown text that says it in other words' midst: what is withheld too is then not looked for."""
    many = Looking.of(Secret(plain, "r") for plain in secrets)
    hit = many.found_in(text)
    assert hit is None or hit.plain in many.plain_in(text)


def test_a_short_text_of_several_words_is_told_within_a_longer_one():
    many = Looking.of([Secret(squeezed("ok, done"), "r")])
    assert many.plain_in("The printer is OK - done at nine.") == {"okdone"}
    assert many.plain_in("The book is undone.") == set()


@given(st.text(max_size=30))
def test_the_short_way_of_plain_letters_is_the_long_one(text):
    plain = "".join(character for character in text if character.isascii())
    assert normal(plain) == normal(f"{plain}\u2014").removesuffix("\u2014")
    assert words(plain) == words(f"{plain} \u2014")


@given(st.text(st.sampled_from("aé\u0301\ufffd ｆ\ufb01ß\u1e9e\u0345Σ")))
def test_the_sign_for_bytes_that_are_no_text_parts_words_and_changes_none(text):
    assert words(text) == re.findall(r"[^\W_]+", normal(text))
