"""What a member's own header says, bit by bit: one thing changed at a time in an honest file, offsets left right."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from psa_evidence.verify.zipmembers import _descriptor, _in, _sizes, fields, members_problem, names_again

ELSEWHERE = 0xFFFFFFFF
LARGE = 5 << 30


def made(*names, extra=b"", content=b"content"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo(name)
            info.extra = extra
            archive.writestr(info, content)
    return bytearray(out.getvalue())


def problem(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return members_problem(io.BytesIO(data), archive.infolist(), archive.start_dir)


def flagged(data, header=0, directory=0):
    """Those bits turned in the only member's own header, and in the directory's."""
    data = bytearray(data)
    for at, bits in ((6, header), (data.index(b"PK\x01\x02") + 8, directory)):
        struct.pack_into("<H", data, at, struct.unpack_from("<H", data, at)[0] ^ bits)
    return data


def refused(data):
    found = problem(data)
    return found is not None and "do not say the same" in found[1]


@pytest.mark.parametrize(("bit", "matters"), [(0, True), (1, False), (2, False), (3, True), (6, False), (11, True)])
def test_the_two_headers_agree_on_what_the_bytes_mean(bit, matters):
    data = made("a")
    assert refused(flagged(data, header=1 << bit)) == matters
    assert refused(flagged(data, directory=1 << bit)) == matters
    assert problem(flagged(data, 1 << bit, 1 << bit)) is None


@pytest.mark.parametrize("name", ["a", "é", "\u4e2d"])
def test_names_are_compared_in_the_way_that_the_header_says(name):
    assert problem(made(name)) is None
    data = made(name)
    data[30] ^= 1
    assert refused(data)


def test_a_name_in_the_old_code_page_is_its_own():
    data = made("a", "b")
    for at in (30, data.index(b"PK\x01\x02") + 46):
        data[at] = 0x82  # é of code page 437
    assert problem(data) is None
    data[30] = 0x83
    assert refused(data)


def test_two_fields_of_others_are_none_of_ours_and_two_of_ours_are_refused():
    other = b"\x55\x54\x01\x00x"
    assert problem(made("a", extra=other * 2)) is None
    assert refused(made("a", extra=b"\x75\x70\x01\x00x" * 2))
    assert not names_again(other)
    assert names_again(other + b"\x75\x70\x00\x00")


def streamed(figures, behind=b"", extra=b""):
    """One member whose own header leaves its figures to what stands behind the data."""
    data = flagged(made("a", extra=extra), 8, 8)
    struct.pack_into("<III", data, 14, *figures)
    at = data.index(b"PK\x01\x02")
    end = len(data) - 22
    struct.pack_into("<I", data, end + 16, at + len(behind))
    return data[:at] + behind + data[at:]


def test_a_header_may_leave_its_figures_to_the_descriptor_and_say_nothing_else():
    with zipfile.ZipFile(io.BytesIO(made("a"))) as archive:
        [info] = archive.infolist()
    right = (info.CRC, info.compress_size, info.file_size)
    plain = struct.pack("<III", *right)
    large = struct.pack("<IQQ", *right)
    for figures in (right, (0, 0, 0), (0, ELSEWHERE, ELSEWHERE), (info.CRC, 0, 7)):
        for behind in (b"", plain, large, b"PK\x07\x08" + plain, b"PK\x07\x08" + large):
            assert problem(streamed(figures, behind)) is None
    for figures in ((1, 0, 0), (0, 8, 0), (0, 0, 8)):
        assert refused(streamed(figures, plain))
    for behind in (b"x", plain[:-1], plain + b"x", bytes(12)):
        assert "does not list" in problem(streamed(right, behind))[1]
    told = flagged(streamed(right, plain), 8, 8)  # a descriptor behind a member that says it has none
    assert "does not list" in problem(told)[1]
    assert refused(flagged(streamed((0, 0, 0), b""), 8, 8))


def test_a_header_that_ends_with_the_file_is_none():
    data = made("a")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    assert members_problem(io.BytesIO(data[:29]), entries, 29)[0] == "a"


def test_fields_are_told_with_what_is_theirs():
    extra = b"\x01\x00\x02\x00ab\x02\x00\x00\x00\x03\x00\x03\x00cde"
    assert list(fields(extra)) == [(1, b"ab"), (2, b""), (3, b"cde")]
    assert list(fields(extra[:-1])) == [(1, b"ab"), (2, b""), (3, b"cd")]
    assert list(fields(extra + b"\x04\x00\x00")) == [(1, b"ab"), (2, b""), (3, b"cde")]
    assert list(fields(b"")) == []


def test_sizes_are_those_of_the_field_where_the_header_says_so():
    field = b"\x55\x54\x01\x00x" + struct.pack("<HHQQ", 1, 16, 11, 12)
    assert _sizes(3, 4, field) == (3, 4)
    assert _sizes(ELSEWHERE, 4, field) == (12, 4)
    assert _sizes(3, ELSEWHERE, field) == (3, 11)
    assert _sizes(ELSEWHERE, ELSEWHERE, field) == (12, 11)
    for other in (b"", field[:-1], struct.pack("<HHQQ", 2, 16, 11, 12), struct.pack("<HHQ", 1, 8, 11)):
        assert _sizes(ELSEWHERE, ELSEWHERE, other) == (ELSEWHERE, ELSEWHERE)


@pytest.mark.parametrize(("size", "forms"), [(7, 2), (ELSEWHERE, 2), (ELSEWHERE + 1, 1), (LARGE, 1)])
def test_a_descriptor_has_the_form_that_its_figures_need(size, forms):
    wanted = (1, 2, size)
    large = struct.pack("<IQQ", *wanted)
    assert (_descriptor(large, wanted), _descriptor(b"PK\x07\x08" + large, wanted)) == (20, 24)
    small = struct.pack("<III", 1, 2, size & ELSEWHERE)
    assert _descriptor(small, wanted) == (12 if forms == 2 else 0)
    assert _descriptor(bytes(24), wanted) == 0


def test_a_figure_that_is_left_open_is_nothing_or_the_mark_of_another_place():
    wanted = (5, 6, 7)
    assert _in(5, 6, 7, wanted)
    assert _in(0, ELSEWHERE, 0, wanted)
    assert not any(_in(*(n + (n == each) for n in wanted), wanted) for each in wanted)
