"""How deep two documents are compared, and how what they say is written."""

import pytest

from psa_evidence.format.compare import MAX_DEPTH, FieldChange, IncomparableError, compare

WAYS = [(b'{"a":', b"}", "/a"), (b"[", b"]", "/0")]


@pytest.mark.parametrize(("begin", "end", "step"), WAYS)
def test_what_nests_deeper_than_the_bound_is_not_compared(begin, end, step):
    """Hostile bytes end in this error, not in one of the interpreter."""
    one, other = (begin * MAX_DEPTH + leaf + end * MAX_DEPTH for leaf in (b"1", b"2"))
    assert compare(one, other) == (FieldChange(step * MAX_DEPTH, "1", "2"),)
    with pytest.raises(IncomparableError, match="nested too deep"):
        compare(begin + one + end, begin + one + end)


@pytest.mark.parametrize(("begin", "end", "_"), WAYS)
def test_what_nests_deeper_than_the_bound_is_not_shown(begin, end, _):
    value = begin * MAX_DEPTH + b"1" + end * MAX_DEPTH
    assert compare(b"{}", b'{"x":%s}' % value) == (FieldChange("/x", None, value.decode()),)
    with pytest.raises(IncomparableError, match="nested too deep"):
        compare(b"{}", b'{"x":%s}' % (begin + value + end))


def test_texts_and_numbers_are_shown_as_they_were_written():
    assert compare('{"a":"é","b":1.50}'.encode(), b'{"a":"\\u00e8","b":1.5}') == (
        FieldChange("/a", '"é"', '"è"'), FieldChange("/b", "1.50", "1.5"),
    )  # fmt: skip


@pytest.mark.parametrize(("old", "new"), [("{}", "1"), ("1", "{}"), ("[]", "{}"), ("[1]", "[]"), ("true", "1")])
def test_values_of_two_kinds_are_shown_whole(old, new):
    assert compare(f'{{"a":{old}}}'.encode(), f'{{"a":{new}}}'.encode()) == (FieldChange("/a", old, new),)
