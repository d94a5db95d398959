"""Bags of others: the Library of Congress's conformance suite (CC0), read where it lies beside the project."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import pytest

from psa_evidence.verify import verify_bag
from psa_evidence.verify.bag import Bag
from psa_evidence.verify.container import Unreadable, open_container
from psa_evidence.verify.hashing import Hashed

SUITE = Path(__file__).resolve().parents[3] / "shared" / "data" / "bagit" / "bagit-conformance-suite"
BAGS = [
    f"{version.name}/{kind.name}/{bag.name}"
    for version in (sorted(SUITE.iterdir()) if SUITE.is_dir() else [])
    if version.is_dir()
    for kind in sorted(version.iterdir())
    for bag in sorted(kind.iterdir())
    if bag.is_dir()
]

STRICTER = {
    "v0.97/warning/duplicate-file-with-different-case": "lists data/HELLO.txt, which a file system that tells "
    "case apart does not hold: a listed file is missing",
    "v0.97/warning/same-filename-listed-twice-with-different-normalization": "lists one name in two Unicode "
    "normal forms, of which one is there: a listed file is missing",
    "v0.97/warning/special-system-files": "data/.DS_Store is listed and missing in this copy of the suite",
}
"""Bags that the suite calls valid with a warning and that fail here, and why. The reference implementation, bagit.py,
refuses the same three."""

EXPECTED = {"valid": True, "warning": True, "invalid": False, "linux-only": False, "windows-only": False}
"""The bags for one system only are dangerous paths; they are refused everywhere."""


@pytest.mark.skipif(not BAGS, reason="the BagIt conformance suite does not lie beside this project (../shared)")
def test_the_suite_is_complete():
    assert len(BAGS) == 60
    assert STRICTER.keys() <= set(BAGS)


@pytest.mark.parametrize("bag", BAGS)
def test_conformance(bag):
    expected = EXPECTED[bag.split("/")[1]] and bag not in STRICTER
    if bag.endswith("different-case") and sys.platform in {"win32", "darwin"}:
        pytest.skip("the file system folds case")
    report = verify_bag(SUITE / bag)
    assert report.verdict == ("pass" if expected else "fail"), [c for c in report.checks if c.status != "pass"]


def write(folder, files):
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


HELLO_SHA256 = b"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
HELLO_SHA512 = (
    b"9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3ade"
    b"f46f73bcdec043"
)
BAG = {
    "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
    "manifest-sha256.txt": HELLO_SHA256 + b"  data/hello.txt\n",
    "data/hello.txt": b"hello",
}


def test_a_bag_without_tag_manifest_is_a_bag_though_not_a_pack(tmp_path):
    assert verify_bag(write(tmp_path, BAG)).verdict == "pass"


def test_a_file_that_is_another_than_was_hashed_is_not_handed_on(tmp_path):
    data = write(tmp_path, BAG)
    container = open_container(data)
    digests = {"data/hello.txt": Hashed({"sha256": HELLO_SHA256.decode()}, 5), "bagit.txt": Hashed({"sha256": ""}, 5)}
    assert Bag(container, digests).read("data/hello.txt", 5) == b"hello"
    for path in ("bagit.txt", "manifest-sha256.txt"):
        with pytest.raises(Unreadable, match="changed while it was checked"):
            Bag(container, digests).read(path, 100)


def test_every_manifest_counts_not_only_the_first(tmp_path, failed):
    good = {**BAG, "manifest-sha512.txt": HELLO_SHA512 + b"  data/hello.txt\n"}
    assert verify_bag(write(tmp_path / "good", good)).verdict == "pass"
    bad = {**BAG, "manifest-sha512.txt": b"0" * 128 + b"  data/hello.txt\n"}
    assert failed(verify_bag(write(tmp_path / "bad", bad))) == {"3.2"}


def test_an_algorithm_nobody_knows_is_refused(tmp_path, failed):
    assert failed(verify_bag(write(tmp_path, {**BAG, "manifest-crc32.txt": b"00000000  data/hello.txt\n"}))) == {"3.1"}


def test_a_bag_without_manifest_or_declaration_fails(tmp_path, failed):
    assert failed(verify_bag(write(tmp_path, {"data/hello.txt": b"hello"}))) == {"1.3", "3.1"}


@pytest.mark.parametrize("version", ["1.1", "2.0", "0.92", "0.98", "10.0"])
def test_a_version_nobody_knows_is_refused(tmp_path, failed, version):
    text = f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n"
    assert failed(verify_bag(write(tmp_path, {**BAG, "bagit.txt": text.encode()}))) == {"1.3"}


def test_a_declaration_that_is_there_and_wrong_is_not_sought_elsewhere(tmp_path):
    report = verify_bag(write(tmp_path, {**BAG, "bagit.txt": b"BagIt-Version: 2.0\n", "data/bagit.txt": b""}))
    assert [check.detail for check in report.checks if check.id == "1.3"] == [
        "not the two lines BagIt-Version and Tag-File-Character-Encoding"
    ]


@pytest.mark.parametrize("line", [b"http://a/b data/hello.txt", b"http://a/b - ../x", b"http://a/b - /x", b"\xff"])
def test_a_fetch_line_that_is_none_or_leads_out_is_refused(tmp_path, failed, line):
    assert failed(verify_bag(write(tmp_path, {**BAG, "fetch.txt": line + b"\n"}))) == {"1.5"}


def test_line_ends_in_names_are_written_as_percent_codes(tmp_path):
    if sys.platform == "win32":
        pytest.skip("Windows cannot hold the name")
    files = {
        **BAG,
        "data/hello.txt": b"hello",
        "data/100%\n.txt": b"hello",
        "manifest-sha256.txt": BAG["manifest-sha256.txt"] + HELLO_SHA256 + b"  data/100%25%0a.txt\n",
    }
    assert verify_bag(write(tmp_path, files)).verdict == "pass"


@pytest.mark.parametrize("version", ["0.93", "0.94", "0.95", "0.96", "0.97", "1.0"])
def test_a_bag_of_each_version_is_whole_or_has_a_file_too_many(tmp_path, failed, version):
    text = f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n".encode()
    bag = {**BAG, "bagit.txt": text}
    report = verify_bag(write(tmp_path, bag))
    assert report.verdict == "pass"
    assert not [check for check in report.checks if check.id.startswith("2.")]
    assert failed(verify_bag(write(tmp_path, {"data/more.txt": b"hello"}))) == {"3.1"}


@pytest.mark.parametrize("version", ["0.95", "0.96", "1.0"])
def test_the_labels_of_a_bag_had_another_file_up_to_version_0_95(tmp_path, failed, version):
    declared = f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n".encode()
    read, ignored = "bag-info.txt", "package-info.txt"
    if version == "0.95":
        read, ignored = ignored, read
    report = verify_bag(write(tmp_path, {**BAG, "bagit.txt": declared, read: b"A: b\n", ignored: b"no label\n"}))
    assert report.verdict == "pass"
    assert [check.detail for check in report.checks if check.id == "1.4"] == ["1 label read"]
    assert failed(verify_bag(write(tmp_path, {read: b"no label\n"}))) == {"1.4"}


@pytest.mark.parametrize(("version", "words"), [("0.97", "any manifest"), ("1.0", "manifest-sha256.txt")])
def test_a_file_too_many_is_said_once_for_each_manifest_or_for_all(tmp_path, version, words):
    """Before version 1.0 a file might stand in one of several manifests; a tag manifest has no file of the payload."""
    declared = f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n".encode()
    tags = sha256(declared).hexdigest().encode() + b"  bagit.txt\n"
    files = {**BAG, "bagit.txt": declared, "data/more.txt": b"hello", "tagmanifest-sha256.txt": tags}
    report = verify_bag(write(tmp_path, files))
    assert [(check.id, check.subject, check.detail) for check in report.checks if check.status == "fail"] == [
        ("3.1", "data/more.txt", f"not listed in {words}")
    ]


@pytest.mark.parametrize(("version", "allowed"), [("0.97", True), ("1.0", False)])
def test_a_file_that_is_listed_twice_alike_was_allowed_before_version_1(tmp_path, failed, version, allowed):
    text = f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n".encode()
    bag = {**BAG, "bagit.txt": text, "manifest-sha256.txt": BAG["manifest-sha256.txt"] * 2}
    assert failed(verify_bag(write(tmp_path, bag))) == (set() if allowed else {"3.1"})
    bag["manifest-sha256.txt"] = BAG["manifest-sha256.txt"] + b"0" * 64 + b"  data/hello.txt\n"
    assert "3.1" in failed(verify_bag(write(tmp_path, bag)))


def test_the_tag_manifest_of_a_bag_is_checked_where_there_is_one(tmp_path, failed):
    tags = b"".join(sha256(BAG[name]).hexdigest().encode() + f"  {name}\n".encode() for name in list(BAG)[:2])
    report = verify_bag(write(tmp_path, {**BAG, "tagmanifest-sha256.txt": tags}))
    found = {check.id: check.detail for check in report.checks}
    assert report.verdict == "pass"
    assert found["2.1"] == "the tag manifest and the files there are the same set of 2"
    assert found["2.2"] == "2 digests compared, all as listed"
    wrong = tags.replace(tags[:4], b"0000", 1)
    assert failed(verify_bag(write(tmp_path, {"tagmanifest-sha256.txt": wrong}))) == {"2.2"}


def test_a_list_of_what_is_to_be_fetched_is_said_to_have_been_read(tmp_path):
    report = verify_bag(write(tmp_path, {**BAG, "fetch.txt": b"http://127.0.0.1:9/x 5 data/hello.txt\n"}))
    assert report.verdict == "pass"
    assert [check.detail for check in report.checks if check.id == "1.5"] == [
        "fetch.txt names files of the payload only; nothing was fetched"
    ]


def test_blanks_in_the_path_of_a_fetch_line_are_part_of_it(tmp_path):
    report = verify_bag(write(tmp_path, {**BAG, "fetch.txt": b"http://127.0.0.1:9/x  -\tdata/two blanks here.txt\n"}))
    assert report.verdict == "pass"


def test_a_payload_manifest_lists_nothing_outside_the_payload(tmp_path, failed):
    """Though the file is there, and is the one listed."""
    line = sha256(BAG["bagit.txt"]).hexdigest().encode() + b"  bagit.txt\n"
    bag = {**BAG, "manifest-sha256.txt": BAG["manifest-sha256.txt"] + line}
    assert failed(verify_bag(write(tmp_path, bag))) == {"3.1"}


def test_a_tag_manifest_lists_nothing_of_the_payload(tmp_path, failed):
    bag = {**BAG, "tagmanifest-sha256.txt": BAG["manifest-sha256.txt"]}
    assert failed(verify_bag(write(tmp_path, bag))) == {"2.1"}


def test_a_file_to_be_fetched_is_missing_and_not_fetched(tmp_path, failed):
    files = {
        **BAG,
        "fetch.txt": b"http://127.0.0.1:9/x 5 data/x\n",
        "manifest-sha256.txt": BAG["manifest-sha256.txt"] + HELLO_SHA256 + b"  data/x\n",
    }
    assert failed(verify_bag(write(tmp_path, files))) == {"3.1"}


def test_a_path_that_begins_with_a_point_is_one_of_a_bag_and_not_of_a_pack(tmp_path, pack, failed):
    bag = {**BAG, "manifest-sha256.txt": HELLO_SHA256 + b"  ./data/hello.txt\n"}
    assert verify_bag(write(tmp_path / "bag", bag)).verdict == "pass"
    lines = pack.files["manifest-sha256.txt"]
    pack.files["manifest-sha256.txt"] = lines.replace(b"  data/tables", b"  ./data/tables")
    pack.repair_tags()
    assert failed(pack.verify()) == {"3.1"}


def test_the_fingerprint_of_a_pack_is_the_digest_of_its_tag_manifest(pack):
    fingerprint = sha256(pack.files["tagmanifest-sha256.txt"]).hexdigest()
    [detail] = [check.detail for check in pack.verify().checks if check.id == "2.2"]
    assert detail.endswith(f"; fingerprint of the whole pack (SHA-256 of tagmanifest-sha256.txt): {fingerprint}")


def test_a_pack_is_a_valid_bag_for_the_reference_implementation(pack):
    bagit = pytest.importorskip("bagit")
    assert bagit.Bag(str(pack.write())).is_valid()
    assert verify_bag(pack.folder).verdict == "pass"
