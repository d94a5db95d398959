"""Whatever the bytes, a report comes out and nothing else."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psa_evidence.verify import bagtext, names, verify_bag, verify_pack
from psa_evidence.verify.bagtext import BagTextError, Declaration

FIXTURE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
FAST = settings(max_examples=300, deadline=None)
ENCODINGS = st.sampled_from(bagtext.ENCODINGS)


@FAST
@given(st.binary(max_size=300), ENCODINGS, st.sampled_from(bagtext.VERSIONS))
def test_bag_texts_raise_their_own_error_only(data, encoding, version):
    for read in (
        lambda: bagtext.declaration(data),
        lambda: bagtext.declaration(b"BagIt-Version: 1.0\n" + data),
        lambda: bagtext.manifest(data, Declaration(version, encoding)),
        lambda: bagtext.tags(data, encoding),
        lambda: bagtext.fetch_paths(data, encoding),
    ):
        with suppress(BagTextError):
            read()


@FAST
@given(st.lists(st.tuples(st.binary(min_size=32, max_size=32), st.text(min_size=1).filter(str.strip)), max_size=5))
def test_a_manifest_reads_back_as_written(entries):
    def escaped(path):
        return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")

    plain = [(d.hex(), p) for d, p in entries if p[0] not in " \t*" and not any("\ud800" <= c <= "\udfff" for c in p)]
    text = "".join(f"{digest}  {escaped(path)}\n" for digest, path in plain)
    read = bagtext.manifest(text.encode(), Declaration((1, 0), "UTF-8"))
    assert [(entry.digest, entry.path) for entry in read] == plain


@FAST
@given(st.text(max_size=400))
def test_what_is_shown_is_printable_and_bounded(text):
    shown = names.shown(text)
    assert len(shown) <= 201
    assert shown.isprintable()
    shown.encode()


@FAST
@given(st.text(max_size=60))
def test_a_portable_name_never_leads_out(text):
    if names.unportable(text) is None:
        assert names.escape(text) is None
        assert ".." not in text.split("/")
        assert text == text.strip("/")


@FIXTURE
@given(data=st.data())
def test_any_byte_of_any_file_changed_never_passes_and_never_raises(pack, data):
    path = data.draw(st.sampled_from(sorted(pack.files)))
    honest = dict(pack.files)
    at = data.draw(st.integers(0, len(honest[path]) - 1))
    changed = bytearray(honest[path])
    changed[at] = data.draw(st.integers(0, 255).filter(lambda value: value != honest[path][at]))
    pack.files[path] = bytes(changed)
    try:
        assert pack.verify().verdict == "fail"
    finally:
        pack.files = honest


@FIXTURE
@given(data=st.data())
def test_garbage_in_place_of_any_file_with_the_bag_repaired_never_raises(pack, data):
    path = data.draw(st.sampled_from(sorted(set(pack.files) - {"manifest-sha256.txt", "tagmanifest-sha256.txt"})))
    honest = dict(pack.files)
    pack.files[path] = data.draw(
        st.one_of(
            st.binary(max_size=200),
            st.builds(lambda cut: honest[path][:cut], st.integers(0, len(honest[path]))),
            st.builds(
                lambda at, more: honest[path][:at] + more + honest[path][at:],
                st.integers(0, len(honest[path])),
                st.binary(min_size=1, max_size=9),
            ),
        )
    )
    pack.repair_tags() if path in {"bag-info.txt", "bagit.txt"} or path.startswith("seals/") else pack.repair_bag()
    try:
        report = pack.verify()
        unprotected = {"bag-info.txt", "data/Evidence Pack.pdf", "bagit.txt"}  # bagit.txt may only be spelt otherwise
        assert (report.verdict == "pass") <= (pack.files[path] == honest[path] or path in unprotected)
        if report.verdict == "pass":
            assert bagtext.declaration(pack.files["bagit.txt"]) == Declaration((1, 0), "UTF-8")
    finally:
        pack.files = honest


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.integers(0, 10_000), st.binary(min_size=1, max_size=8))
def test_any_zip_gives_a_report(tmp_path, junk, at, patch):
    path = tmp_path / "pack.zip"
    path.write_bytes(junk)
    assert verify_pack(path).verdict == "fail"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        archive.writestr("data/x", junk)
    data = bytearray(packed.getvalue())
    at %= len(data)
    data[at : at + len(patch)] = patch
    path.write_bytes(bytes(data))
    assert verify_pack(path).verdict == "fail"
    assert verify_bag(path).verdict == "fail"


@pytest.mark.parametrize("nulls", ["a\x00b", "\x00"])
def test_a_path_with_a_null_is_nothing(nulls):
    from pathlib import Path

    assert verify_pack(Path(nulls)).verdict == "fail"
