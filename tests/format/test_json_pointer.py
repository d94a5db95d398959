"""JSON pointers, with the examples of RFC 6901, section 5, and what is no index."""

import pytest

from psa_evidence.format.json_pointer import Nothing, resolve, steps

RFC = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, 'k"l': 6, " ": 7, "m~n": 8}


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", RFC), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3),
        ('/k"l', 6), ("/ ", 7), ("/m~0n", 8),
    ],
)  # fmt: skip
def test_the_examples_of_the_rfc(pointer, value):
    assert resolve(RFC, pointer) == value


@pytest.mark.parametrize(
    "pointer", ["/bar", "/foo/2", "/foo/-", "/foo/-1", "/foo/\u0661", "/foo/00", "/foo/01", "/ /x"]
)
def test_where_there_is_nothing(pointer):
    assert resolve(RFC, pointer) is Nothing


def test_an_index_has_so_many_digits_at_most():
    assert resolve([7] * 100_001, "/100000") == 7
    assert resolve([7] * 1_000_001, "/1000000") is Nothing


def test_null_is_a_value():
    assert resolve({"a": None}, "/a") is None


def test_steps_are_names_with_escapes_undone():
    assert steps("/a~1b/~01") == ("a/b", "~1")
    assert steps("") == ()
