"""Attacks on the ZIP file a pack comes in. Nothing is ever unpacked."""

from __future__ import annotations

import io
import struct
import sys
import zipfile

import pytest

from psa_evidence.verify import container, verify_pack


def add(path, name, data=b"x", *, mode=0, compress=zipfile.ZIP_DEFLATED, extra=b""):
    with zipfile.ZipFile(path, "a", compress) as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        info.extra = extra
        info.compress_type = compress
        archive.writestr(info, data)


@pytest.fixture
def archive(pack, tmp_path):
    return pack.write_zip(tmp_path / "pack.zip")


@pytest.mark.parametrize(
    "name",
    [
        "pack/../../evil.txt",
        "pack/data/../../../evil",
        "pack//etc/passwd",
        "pack/data/./x",
        "pack/C:/x",
        "pack/data/..\\..\\x",
    ],
)
def test_a_name_that_climbs_out_is_refused_and_nothing_is_written(archive, failed, name, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    add(archive, name)
    assert failed(verify_pack(archive)) == {"1.1"}
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_entry_that_climbs_out_or_holds_bytes_is_refused(archive, failed):
    honest = archive.read_bytes()
    add(archive, "pack/data/../../evil/", b"")
    assert failed(verify_pack(archive)) == {"1.1"}
    archive.write_bytes(honest)
    add(archive, "pack/data/logs/", b"")
    assert failed(verify_pack(archive)) == set()
    archive.write_bytes(honest)
    add(archive, "pack/data/logs/", b"hidden")
    assert failed(verify_pack(archive)) == {"1.1"}


def test_a_name_with_a_null_in_it_is_refused(archive, failed):
    """Readers cut such a name at the null: `invoice.pdf` to one, `invoice.pdf?.exe` to another."""
    add(archive, "pack/data/invoice.pdf?.exe")
    archive.write_bytes(archive.read_bytes().replace(b"invoice.pdf?.exe", b"invoice.pdf\x00.exe"))
    assert "1.1" in failed(verify_pack(archive))


def test_an_absolute_name_beside_the_folder_is_refused(archive, failed):
    add(archive, "/etc/cron.d/evil")
    assert "1.1" in failed(verify_pack(archive))


def test_a_link_in_the_zip_is_refused(archive, failed):
    add(archive, "pack/data/link", b"/etc/passwd", mode=0o120777)
    assert failed(verify_pack(archive)) == {"1.1"}


def test_a_name_that_stands_twice_is_refused(archive, failed):
    with pytest.warns(UserWarning, match="Duplicate name"):
        add(archive, "pack/data/natives/ticket/1042.json", b"the other one")
    assert failed(verify_pack(archive)) == {"1.1"}


def test_a_file_beside_the_bags_folder_is_refused(archive, failed):
    add(archive, "READ ME FIRST.txt")
    assert failed(verify_pack(archive))


def test_a_bomb_is_refused_before_it_is_read(archive, failed, monkeypatch):
    add(archive, "pack/data/bomb", bytes(container.BOMB_FLOOR + 1))
    monkeypatch.setattr(container.Zip, "open", lambda *_: pytest.fail("opened"))
    report = verify_pack(archive)
    assert failed(report) == {"1.1"}
    assert "bomb" in report.checks[0].detail


@pytest.mark.parametrize("where", ["the member before", "the directory"])
def test_members_that_share_bytes_are_refused_before_they_are_read(archive, failed, monkeypatch, where):
    add(archive, "pack/data/aa", bytes(1 << 20))
    add(archive, "pack/data/ab", bytes(1 << 20))
    data = bytearray(archive.read_bytes())
    second = data.rfind(b"PK\x01\x02")
    first = data.rfind(b"PK\x01\x02", 0, second)
    if where == "the directory":  # both headers of the last member say that it is longer
        struct.pack_into("<I", data, data.index(b"pack/data/ab") - 30 + 18, 2_000)
        struct.pack_into("<I", data, second + 20, 2_000)
    else:
        data[second + 42 : second + 46] = data[first + 42 : first + 46]
    archive.write_bytes(bytes(data))
    monkeypatch.setattr(container.Zip, "open", lambda *_: pytest.fail("opened"))
    report = verify_pack(archive)
    assert failed(report) == {"1.1"}
    assert "overlap" in report.checks[0].detail


def test_a_link_called_as_a_folder_is_refused(archive, failed):
    add(archive, "pack/data/link/", b"", mode=0o120777)
    assert failed(verify_pack(archive)) == {"1.1"}
    add(archive, "pack/data/tables/", b"", mode=0o040755)
    assert failed(verify_pack(archive)) == {"1.1"}


@pytest.mark.parametrize("extra", [b"\x75\x70\x06\x00\x01\x00\x00\x00\x00x", b"\x01\x00\x02\x00ab\x75\x70\x00\x00"])
def test_a_second_name_in_the_extra_fields_is_refused(pack, tmp_path, failed, extra):
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, (name, data) in enumerate(pack.files.items()):
            info = zipfile.ZipInfo(f"pack/{name}")
            info.extra = b"" if number else extra
            archive.writestr(info, data)
    report = verify_pack(path)
    assert "1.1" in failed(report)
    assert "a second name" in report.checks[0].detail


def test_other_extra_fields_are_nobodys_names(archive):
    with zipfile.ZipFile(archive, "a") as made:
        info = zipfile.ZipInfo("pack/data/")
        info.extra = b"\x55\x54\x05\x00\x01\x00\x00\x00\x00"
        made.writestr(info, b"")
    assert verify_pack(archive).verdict == "pass"


@pytest.mark.parametrize(
    ("at", "value", "why"),
    [
        (8, b"\x01\x00\x01\x00", "states 1 members"),
        (4, b"\x03\x00", "several parts"),
        (8, b"\x01\x00", "several parts"),
    ],
)
def test_an_end_that_states_another_directory_is_refused(archive, failed, at, value, why):
    data = bytearray(archive.read_bytes())
    end = data.rfind(b"PK\x05\x06")
    data[end + at : end + at + len(value)] = value
    archive.write_bytes(bytes(data))
    report = verify_pack(archive)
    assert failed(report) == {"1.1"}
    assert why in report.checks[0].detail


def test_a_directory_that_is_not_where_the_end_says_is_refused(archive, failed):
    """Who goes to the stated place finds another list of members; every offset is stated to fit to it."""
    data = bytearray(archive.read_bytes())
    end = len(data) - 22
    [place] = struct.unpack_from("<I", data, end + 16)
    struct.pack_into("<I", data, end + 16, place + 7)
    while data[place : place + 4] == b"PK\x01\x02":
        struct.pack_into("<I", data, place + 42, struct.unpack_from("<I", data, place + 42)[0] + 7)
        place += 46 + sum(struct.unpack_from("<HHH", data, place + 28))
    archive.write_bytes(bytes(data))
    report = verify_pack(archive)
    assert failed(report) == {"1.1"}
    assert "not where its end says" in report.checks[0].detail


def test_the_largest_number_that_an_end_can_state_states_none(archive, failed):
    data = bytearray(archive.read_bytes())
    data[-14:-10] = b"\xff" * 4
    archive.write_bytes(bytes(data))
    assert failed(verify_pack(archive)) == set()


def test_files_and_folders_may_have_the_marks_of_a_file_system(archive, failed):
    add(archive, "pack/data/", b"", mode=0o040755)
    assert failed(verify_pack(archive)) == set()
    add(archive, "pack/more.txt", mode=0o100644)
    assert container.Zip(archive).problems == []


def test_a_zip_that_is_replaced_while_it_is_read_is_unreadable_and_its_file_is_closed(archive):
    opened = container.Zip(archive)
    archive.write_bytes(bytes(archive.stat().st_size))
    with pytest.raises(container.Unreadable, match="cannot be read"):
        opened.open("bagit.txt")
    opened.close()
    assert opened._zip.fp is None


def test_a_bomb_that_lies_about_its_size_ends_at_the_stated_size(archive, failed):
    add(archive, "pack/data/bomb", bytes(1 << 20))
    data = bytearray(archive.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    archive.write_bytes(bytes(data))
    assert failed(verify_pack(archive)) == {"1.1"}  # its own header says the truth
    struct.pack_into("<I", data, data.index(b"pack/data/bomb") - 30 + 22, 10)
    archive.write_bytes(bytes(data))
    assert failed(verify_pack(archive)) >= {"3.1"}


@pytest.mark.parametrize("less", [0, 1])
@pytest.mark.parametrize("limit", ["MAX_FILES", "MAX_BYTES", "MAX_DIRECTORY"])
def test_more_than_the_limit_is_refused(archive, failed, monkeypatch, limit, less):
    with zipfile.ZipFile(archive) as opened:
        found = opened.infolist()
        directory = archive.stat().st_size - opened.start_dir - 22
    honest = {"MAX_FILES": len(found), "MAX_BYTES": sum(each.file_size for each in found), "MAX_DIRECTORY": directory}
    monkeypatch.setattr(container, limit, honest[limit] - less)
    assert failed(verify_pack(archive)) == ({"1.1"} if less else set())


def test_a_directory_larger_than_the_limit_is_refused_before_it_is_loaded(archive, failed, monkeypatch):
    monkeypatch.setattr(container, "MAX_DIRECTORY", 100)
    monkeypatch.setattr(container.zipfile, "ZipFile", lambda *_: pytest.fail("loaded"))
    assert failed(verify_pack(archive)) == {"1.1"}


def test_an_encrypted_member_is_refused(archive, failed):
    data = bytearray(archive.read_bytes())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    archive.write_bytes(bytes(data))
    assert "1.1" in failed(verify_pack(archive))
    data[data.find(b"PK\x03\x04") + 6] |= 1
    archive.write_bytes(bytes(data))
    assert container.Zip(archive).problems == [("seals/000001.json", "encrypted")]


def test_a_member_compressed_in_an_odd_way_is_refused(archive, failed):
    add(archive, "pack/data/x.txt", compress=zipfile.ZIP_LZMA)
    assert "1.1" in failed(verify_pack(archive))


def test_damaged_bytes_within_the_zip_are_found(archive, failed):
    data = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as opened:
        info = opened.getinfo("pack/data/tables/devices.csv")
    at = info.header_offset + 30 + len(info.filename) + info.compress_size // 2
    data[at] ^= 0xFF
    archive.write_bytes(bytes(data))
    assert "3.2" in failed(verify_pack(archive))


@pytest.mark.parametrize("share", range(0, 100, 7))
def test_a_zip_cut_short_fails(archive, failed, share):
    data = archive.read_bytes()
    archive.write_bytes(data[: len(data) * share // 100])
    assert failed(verify_pack(archive)) == {"1.1"}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"PK\x05\x06", b"PK\x05\x06" + b"\xff" * 18, bytes(70000)])
def test_a_file_that_is_no_zip_fails(tmp_path, failed, content):
    path = tmp_path / "pack.zip"
    path.write_bytes(content)
    assert failed(verify_pack(path)) == {"1.1"}


@pytest.mark.skipif(sys.platform == "win32", reason="the sample is a name Windows cannot hold")
def test_a_device_is_not_read(failed):
    from pathlib import Path

    assert failed(verify_pack(Path("/dev/zero"))) == {"1.1"}


def test_a_member_called_otherwise_in_its_own_header_is_refused(archive, failed):
    data = archive.read_bytes()
    at = data.index(b"pack/data/tables/devices.csv")
    archive.write_bytes(data[:at] + b"pack/data/tables/DEVICES.csv" + data[at + 28 :])
    report = verify_pack(archive)
    assert failed(report) == {"1.1"}
    assert "pack/data/tables/devices.csv: its own header" in report.checks[0].detail


@pytest.mark.parametrize(
    ("at", "value"), [(0, b"X"), (6, b"\x09"), (8, b"\x00\x00"), (14, b"abcd"), (18, b"\x05"), (22, b"\x05")]
)
def test_a_member_of_which_its_own_header_says_something_else_is_refused(archive, failed, at, value):
    """Kind of header, flags, method, check sum, sizes: programs that unpack as they read go by these."""
    data = archive.read_bytes()
    begin = data.index(b"pack/data/tables/devices.csv") - 30 + at
    archive.write_bytes(data[:begin] + value + data[begin + len(value) :])
    report = verify_pack(archive)
    assert failed(report) == {"1.1"}
    assert "programs unpack it differently" in report.checks[0].detail


@pytest.fixture
def in_cp437(monkeypatch):
    """Names are written without saying in which encoding: `\u00e9` is one byte, another letter in other code pages."""
    monkeypatch.setattr(
        zipfile.ZipInfo, "_encodeFilenameFlags", lambda info: (info.filename.encode("cp437"), info.flag_bits)
    )


@pytest.mark.usefixtures("in_cp437")
def test_a_name_in_an_encoding_that_is_not_stated_is_refused(pack, tmp_path, failed):
    pack.files["data/logs/caf\u00e9.csv"] = b"a\n"
    pack.repair()
    report = verify_pack(pack.write_zip(tmp_path / "pack.zip"))
    assert "1.1" in failed(report)
    assert any("an encoding that is not stated" in check.detail for check in report.checks)


def test_a_name_in_utf8_is_not(pack, tmp_path, failed):
    pack.files["data/logs/caf\u00e9.csv"] = b"a\n"
    pack.repair()
    assert failed(verify_pack(pack.write_zip(tmp_path / "pack.zip"))) == set()


@pytest.mark.usefixtures("in_cp437")
def test_the_folder_around_the_bag_may_be_called_as_it_likes(pack, tmp_path, failed):
    assert failed(verify_pack(pack.write_zip(tmp_path / "pack.zip", prefix="caf\u00e9/"))) == set()


def local_only(archive, where):
    """A member that no directory lists, before the first, in the middle or behind the last, all offsets put right."""
    hidden = archive.with_name("hidden.zip")
    add(hidden, "pack/data/tables/devices.csv", b"another table")
    member = hidden.read_bytes()[: hidden.read_bytes().index(b"PK\x01\x02")]
    data = bytearray(archive.read_bytes())
    directory = struct.unpack_from("<I", data, len(data) - 6)[0]
    with zipfile.ZipFile(archive) as opened:
        offsets = sorted(info.header_offset for info in opened.infolist())
    at = {"before": 0, "between": offsets[len(offsets) // 2], "behind": directory}[where]
    place = directory
    while data[place : place + 4] == b"PK\x01\x02":
        offset = struct.unpack_from("<I", data, place + 42)[0]
        struct.pack_into("<I", data, place + 42, offset + len(member) * (offset >= at))
        place += 46 + sum(struct.unpack_from("<HHH", data, place + 28))
    struct.pack_into("<I", data, len(data) - 6, directory + len(member))
    archive.write_bytes(data[:at] + member + data[at:])


@pytest.mark.parametrize("where", ["before", "between", "behind"])
def test_a_member_that_the_directory_does_not_list_is_refused(archive, failed, where):
    local_only(archive, where)
    report = verify_pack(archive)
    assert failed(report) == {"1.1"}
    assert "does not list" in report.checks[0].detail


def test_bytes_behind_the_zip_are_refused_and_a_comment_is_not(archive, failed):
    data = archive.read_bytes()
    archive.write_bytes(data + b"more")
    assert failed(verify_pack(archive)) == {"1.1"}
    archive.write_bytes(data[:-2] + b"\x04\x00more")
    assert failed(verify_pack(archive)) == set()


class Pipe(io.BytesIO):
    """Cannot go back to a header: digest and sizes are written behind the data."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise io.UnsupportedOperation


@pytest.mark.parametrize("large", [False, True])
def test_a_zip_that_was_written_in_one_go_passes(pack, archive, failed, large):
    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path, data in pack.files.items():
            with made.open(f"pack/{path}", "w", force_zip64=large) as file:
                file.write(data)
    archive.write_bytes(out.getvalue())
    assert failed(verify_pack(archive)) == set()
    data = bytearray(out.getvalue())
    data[data.index(b"PK\x07\x08") + 4] ^= 1  # the digest behind the data
    archive.write_bytes(data)
    assert failed(verify_pack(archive)) == {"1.1"}


def test_a_second_field_of_sizes_is_refused(archive, failed):
    """One reader goes by the first, another by the last."""
    add(archive, "pack/data/x", b"", extra=b"\x01\x00\x00\x00" * 2)
    assert failed(verify_pack(archive)) == {"1.1"}


def test_bytes_before_the_zip_are_refused(archive, failed):
    """A file that is a program, or another document, to whoever reads it from its beginning."""
    archive.write_bytes(b"#!/bin/sh\nexit\n" + archive.read_bytes())
    assert failed(verify_pack(archive)) == {"1.1"}


def test_the_folder_that_macos_puts_beside_the_pack_is_named_as_such(archive, failed):
    add(archive, "__MACOSX/pack/._bagit.txt")
    report = verify_pack(archive)
    assert failed(report) == {"1.5", "2.1"}
    [words] = [c.detail for c in report.checks if c.id == "1.5"]
    assert "the operating system made it" in words


@pytest.mark.parametrize("prefix", ["packs/matter/pack/", "pack/"])
def test_where_the_bag_lies_is_said_when_something_else_was_given(pack, failed, tmp_path, prefix):
    archive = pack.write_zip(tmp_path / "pack.zip", prefix=prefix)
    add(archive, "other/file")
    report = verify_pack(archive)
    assert "1.3" in failed(report)
    [words] = [c.detail for c in report.checks if c.id == "1.3"]
    assert f"there is one in {prefix.rstrip('/')}: is that the pack?" in words


def test_a_zip_file_is_opened_again_with_places_of_its_own(tmp_path):
    """A copy of the process would move the places of the other in the same file."""
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("bagit.txt", b"one")
    first = container.Zip(archive)
    with first.reopened() as again:
        assert again.files == first.files
        assert again._zip.fp is not first._zip.fp
        assert again._lock is not first._lock
        with again.open("bagit.txt") as one, first.open("bagit.txt") as other:
            assert (one.read(), other.read()) == (b"one", b"one")
    assert again._zip.fp is None
    with first.open("bagit.txt") as file:
        assert file.read() == b"one"
    first.close()
    archive.write_bytes(b"no ZIP file any more")
    with pytest.raises(container.Unreadable, match="cannot be opened again"):
        first.reopened()


def test_a_folder_needs_not_be_opened_again(tmp_path):
    folder = container.Folder(tmp_path)
    with folder.reopened() as again:
        assert again is folder
