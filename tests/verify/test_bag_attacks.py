"""Attacks on the outer layers: the bag's files, names and tag files. The attacker can write to the pack."""

from __future__ import annotations

import os
import sys

import pytest

from psa_evidence.verify import container, verify_pack

PDF = "data/Evidence Pack.pdf"
EVERY_FILE = [
    "bag-info.txt",
    "bagit.txt",
    PDF,
    "data/HOW TO VERIFY.txt",
    "data/attachments/12/invoice.pdf",
    "data/logs/population.csv",
    "data/manifest.json",
    "data/natives/attachment/12.pdf",
    "data/natives/note/5-9.json",
    "data/natives/ticket/1042.json",
    "data/natives/ticket/1043.json",
    "data/natives/ticket/1050.json",
    "data/natives/time-entry/77.json",
    "data/proofs/1.json",
    "data/proofs/2.json",
    "data/tables/devices.csv",
    "manifest-sha256.txt",
    "seals/000001.json",
    "seals/000002.json",
    "tagmanifest-sha256.txt",
]


def test_the_list_of_files_to_attack_is_the_whole_pack(pack):
    assert sorted(pack.files) == sorted(EVERY_FILE)


@pytest.mark.parametrize("path", EVERY_FILE)
def test_a_flipped_bit_is_found_by_a_digest(pack, failed, path):
    data = bytearray(pack.files[path])
    data[len(data) // 2] ^= 1
    pack.files[path] = bytes(data)
    ids = failed(pack.verify())
    if path == "tagmanifest-sha256.txt":
        assert ids & {"2.1", "2.2"}
    else:
        assert ("3.2" if path.startswith("data/") else "2.2") in ids


@pytest.mark.parametrize("path", EVERY_FILE)
def test_a_deleted_file_is_missed(pack, failed, path):
    del pack.files[path]
    assert failed(pack.verify()) & {"1.5", "2.1", "3.1"}


@pytest.mark.parametrize("path", [p for p in EVERY_FILE if p != "tagmanifest-sha256.txt"])
def test_a_deleted_file_is_missed_though_the_bag_was_repaired(pack, failed, path):
    del pack.files[path]
    if path == "manifest-sha256.txt":
        pack.repair_tags()
    elif path != "bag-info.txt":
        pack.repair_bag()
    else:
        pack.repair_tags()
    expected = {
        PDF: {"8.1"},
        "bag-info.txt": {"1.4", "1.5"},
        "bagit.txt": {"1.3", "1.5"},
        "data/manifest.json": {"4.1"},
        "manifest-sha256.txt": {"1.5", "3.1"},
        "seals/000001.json": {"7.1"},
        "seals/000002.json": {"7.1"},
    }
    assert expected.get(path, {"4.2"}) <= failed(pack.verify())


@pytest.mark.parametrize("path", EVERY_FILE)
def test_a_file_emptied_or_cut_in_half_is_found(pack, failed, path):
    pack.files[path] = pack.files[path][: len(pack.files[path]) // 2]
    assert failed(pack.verify())
    pack.files[path] = b""
    assert failed(pack.verify())


def test_an_added_file_is_found(pack, failed):
    pack.files["data/natives/ticket/1.json"] = b"{}"
    assert failed(pack.verify()) == {"3.1", "3.3", "4.2", "5.4"}


def test_an_added_file_is_found_though_the_bag_was_repaired(pack, failed):
    pack.files["data/extra.txt"] = b"by the way"
    pack.repair_bag()
    assert failed(pack.verify()) == {"4.2"}


def test_a_renamed_file_is_found_though_the_bag_was_repaired(pack, failed):
    pack.files["data/tables/billing.csv"] = pack.files.pop("data/tables/devices.csv")
    pack.repair_bag()
    assert failed(pack.verify()) == {"4.2", "9.2"}


def test_a_missing_tag_manifest_is_a_failure_not_an_option(pack, failed):
    del pack.files["tagmanifest-sha256.txt"]
    assert failed(pack.verify()) == {"1.5", "2.1"}


def test_a_tag_manifest_that_leaves_out_the_seals_fails(pack, failed):
    lines = pack.files["tagmanifest-sha256.txt"].splitlines(keepends=True)
    pack.files["tagmanifest-sha256.txt"] = b"".join(line for line in lines if b"seals/" not in line)
    assert failed(pack.verify()) == {"2.1"}


def test_a_payload_manifest_that_leaves_out_a_file_fails(pack, failed):
    lines = pack.files["manifest-sha256.txt"].splitlines(keepends=True)
    pack.files["manifest-sha256.txt"] = b"".join(line for line in lines if b"77.json" not in line)
    pack.repair_tags()
    assert failed(pack.verify()) == {"3.1"}


@pytest.mark.parametrize("weak", ["md5", "sha1", "sha512"])
def test_manifests_with_another_digest_do_not_stand_in_for_sha256(pack, failed, weak):
    pack.files[f"manifest-{weak}.txt"] = pack.files.pop("manifest-sha256.txt")
    pack.repair_tags()
    assert failed(pack.verify()) == {"1.5", "3.1"}


@pytest.mark.parametrize(
    "line",
    [
        "../secret",
        "data/../../secret",
        "/etc/passwd",
        "~/x",
        "data//x",
        "data/./x",
        "C:\\Windows\\x",
        "\\\\host\\x",
        "seals/x",
    ],
)
def test_a_manifest_line_that_leads_out_of_the_payload_is_refused_and_not_followed(pack, failed, line):
    pack.files["manifest-sha256.txt"] += f"{'0' * 64}  {line}\n".encode()
    pack.repair_tags()
    assert failed(pack.verify()) == {"3.1"}


@pytest.mark.parametrize("digest", ["0" * 64, None])
def test_a_path_listed_twice_is_refused_whatever_the_digest(pack, failed, digest):
    line = pack.files["manifest-sha256.txt"].splitlines()[0].decode()
    again = line if digest is None else f"{digest}  {line.split('  ', 1)[1]}"
    pack.files["manifest-sha256.txt"] += f"{again}\n".encode()
    pack.repair_tags()
    assert failed(pack.verify()) == {"3.1"}


@pytest.mark.parametrize("line", ["garbage", "xyz  data/x", "0" * 64, "\x00\x00", "é" * 9])
def test_a_manifest_line_that_is_none_is_refused(pack, failed, line):
    pack.files["manifest-sha256.txt"] += f"{line}\n".encode()
    pack.repair_tags()
    assert "3.1" in failed(pack.verify())


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n",
        b"BagIt-Version: 1.1\nTag-File-Character-Encoding: UTF-8\n",
        b"BagIt-Version: 99999999999999999999.0\nTag-File-Character-Encoding: UTF-8\n",
        b"BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n",
        b"\xef\xbb\xbfBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n",
        b"BagIt-Version: 1.0\nTag-File-Character-Encoding: zip\n",
        b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nVerdict: pass\n",
        b"\xff\xfe\x00",
    ],
)
def test_another_bag_declaration_is_refused(pack, failed, text):
    pack.files["bagit.txt"] = text
    pack.repair_tags()
    assert "1.3" in failed(pack.verify())


@pytest.mark.parametrize(
    ("info", "number"),
    [
        (b"Bagging-Date: 2026-03-02\n", "3.3"),
        (b"Payload-Oxum: 1.1\n", "3.3"),
        (b"Payload-Oxum: much\n", "3.3"),
        (b"Payload-Oxum: %d.1\n" % 10**30, "3.3"),
        (b"no label here\n", "1.4"),
        (b"\xff\xfe", "1.4"),
    ],
)
def test_bag_info_without_the_right_oxum_fails(pack, failed, info, number):
    pack.files["bag-info.txt"] = info
    pack.repair_tags()
    assert number in failed(pack.verify())


def test_a_stated_oxum_twice_is_ambiguous_and_fails(pack, failed):
    pack.files["bag-info.txt"] *= 2
    pack.repair_tags()
    assert failed(pack.verify()) == {"3.3", "8.4"}


@pytest.mark.parametrize("path", ["autorun.inf", "notes/readme.txt", "fetch.txt", "manifest-md5.txt", ".DS_Store"])
def test_what_does_not_belong_at_the_top_level_fails(pack, failed, path):
    pack.files[path] = b"x"
    pack.repair_tags()
    assert failed(pack.verify()) == {"1.5"}


@pytest.mark.parametrize("less", [0, 1])
def test_more_files_than_the_limit_are_refused(pack, failed, monkeypatch, less):
    monkeypatch.setattr(container, "MAX_FILES", len(pack.files) - less)
    assert failed(pack.verify()) == ({"1.1"} if less else set())


def test_an_empty_folder_at_the_top_level_fails(pack, failed):
    (pack.write() / "RELEASED BY COURT").mkdir()
    assert failed(verify_pack(pack.folder)) == {"1.5"}


def test_a_file_of_the_operating_system_fails_with_advice(pack, failed):
    pack.files["data/.DS_Store"] = b"x"
    report = pack.verify()
    assert failed(report) == {"3.1", "3.3", "4.2"}
    assert any("delete it and check again" in check.detail for check in report.checks)


@pytest.mark.parametrize(
    "path",
    [
        "data/natives/ticket/con.json",
        "data/natives/ticket/a:b.json",
        "data/natives/ticket/trailing.",
        "data/natives/ticket/invoice\u202efdp.json",
        "data/natives/ticket/zero\u200bwidth.json",
        "data/natives/ticket/cafe\u0301.json",
        "data/" + "/".join("d" * 33) + "/deep.json",
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot hold these names")
def test_a_name_that_is_another_name_elsewhere_is_refused(pack, failed, path):
    pack.files[path] = b"x"
    pack.repair()
    assert failed(pack.verify()) & {"1.1", "1.2"}


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the file system folds case")
@pytest.mark.parametrize("twin", ["data/tables/Devices.csv", "data/tables/ｄevices.csv"])
def test_a_twin_in_case_or_look_is_refused(pack, failed, twin):
    pack.files[twin] = b"id,summary\r\n"
    pack.repair()
    assert failed(pack.verify()) == {"1.2"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
@pytest.mark.parametrize("inside", [True, False])
def test_a_link_is_refused_even_when_it_shows_the_right_bytes(pack, failed, tmp_path, inside):
    target = pack.write() / "data/natives/ticket/1042.json"
    kept = target.with_name("1043.json") if inside else tmp_path / "outside.json"
    if not inside:
        kept.write_bytes(target.read_bytes())
    target.unlink()
    target.symlink_to(kept)
    report = verify_pack(pack.folder)
    assert {"1.1", "3.1", "5.1"} <= failed(report)
    assert any(c.subject == "data/natives/ticket/1042.json" and "link" in c.detail for c in report.checks)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_a_linked_folder_is_not_entered(pack, failed, tmp_path):
    natives = pack.write() / "data/natives"
    natives.rename(tmp_path / "elsewhere")
    natives.symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert {"1.1", "3.1"} <= failed(verify_pack(pack.folder))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_named_pipe_does_not_hang_the_verifier(pack, failed):
    os.mkfifo(pack.write() / "data/tables/pipe.csv")
    assert failed(verify_pack(pack.folder)) == {"1.1"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything is readable to root")
def test_an_unreadable_file_fails(pack, failed):
    path = pack.write() / "data/tables/devices.csv"
    path.chmod(0)
    assert "3.2" in failed(verify_pack(pack.folder))
    path.chmod(0o600)


@pytest.mark.skipif(sys.platform != "linux", reason="names of bytes are Linux's")
def test_a_name_that_is_not_unicode_is_refused_and_can_be_shown(pack, failed):
    (pack.write() / os.fsdecode(b"data/\xff\xfe\x1b[2J.txt")).write_bytes(b"x")
    report = verify_pack(pack.folder)
    assert "1.2" in failed(report)
    assert all(c.isprintable() for check in report.checks for c in check.subject + check.detail)
