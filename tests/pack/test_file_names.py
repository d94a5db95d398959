"""Names made from what others wrote."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psa_evidence.pack.file_names import ending_of, native_path, plain_id, safe_name

RESERVED = ["con", "CON", "nul.txt", "com1", "LPT9.a", "aux"]


@given(st.text(max_size=300))
def test_a_safe_name_is_one_plain_segment_on_every_system(text):
    name = safe_name(text)
    assert name.isascii()
    assert 0 < len(name) <= 90
    assert PurePosixPath(name).parts == (name,) == PureWindowsPath(name).parts
    assert name not in {".", ".."}
    assert not name.endswith((".", " "))
    assert not PureWindowsPath(name).is_reserved() if hasattr(PureWindowsPath, "is_reserved") else True


@pytest.mark.parametrize("text", RESERVED)
def test_names_reserved_by_windows_are_not_given(text):
    assert safe_name(text).split(".")[0].lower() not in {"con", "nul", "com1", "lpt9", "aux"}
    assert plain_id(text) is None


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_two_natives_share_a_path(one, two):
    taken = set()
    paths = [native_path("note", one, "json", taken), native_path("note", two, "json", taken)]
    kept = [p.casefold() for p in paths if p is not None]
    assert len(kept) == len(set(kept))
    assert all(p.startswith("data/natives/note/") and p.count("/") == 3 for p in paths if p)


@given(st.text(max_size=100))
def test_a_native_lies_where_the_verifier_looks_for_it(text):
    from psa_evidence.verify.contents import belongs

    path = native_path("note", text, "json", set())
    assert path is None or belongs(path, "note", text)


@pytest.mark.parametrize(
    ("name", "ending"),
    [("a.PNG", "png"), ("a", "bin"), (None, "bin"), ("a.tar.gz", "gz"), ("a.äöü", "bin"), ("a.toolongending", "bin")],
)
def test_endings(name, ending):
    assert ending_of(name) == ending
