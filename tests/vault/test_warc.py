import dataclasses
import gzip
import hashlib
import io
import random
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from psa_evidence.errors import SourceError, VaultError
from psa_evidence.vault import warc

IDS = (warc.record_id("c", "v", 1), warc.record_id("c", "v", 2))


def both(exchange, **given):
    """The members of the response and the request."""
    pieces, request = warc.response_and_request(exchange, record_ids=IDS, **given)
    return b"".join(pieces), request


def test_warcio_reads_the_records_and_finds_the_digests_right(kit):
    page, _ = kit.json_page([{"id": 1, "text": "\u00e9\u4e2d"}])
    head = warc.information({"software": "x"}, at=kit.START, record_id=warc.record_id("c", "v", 0), file_name="f")
    data = head + b"".join(both(page))
    seen = []
    for record in ArchiveIterator(io.BytesIO(data), check_digests="raise", no_record_parse=False):
        raw = record.raw_stream.read()
        headers = record.rec_headers
        seen.append((record.rec_type, headers.get_header("WARC-Target-URI"), raw))
        if record.rec_type != "warcinfo":
            assert record.digest_checker.passed
            assert headers.get_header("WARC-Date") == "2026-03-01T02:00:00Z"
        if record.rec_type == "request":
            assert headers.get_header("WARC-Concurrent-To") == f"<urn:uuid:{IDS[0]}>"
            assert record.http_headers.get_header("Authorization") == "[removed]"
            assert record.http_headers.statusline == "/api/tickets?page=1 HTTP/1.1"
        if record.rec_type == "response":
            assert record.http_headers.get_statuscode() == "200"
            assert raw == page.response_body
    assert [kind for kind, _, _ in seen] == ["warcinfo", "response", "request"]
    assert seen[1][1] == page.url


def test_a_flipped_bit_is_found_by_warcio_too(kit):
    page = kit.exchange(b"\x00" * 500)
    response, _ = both(page)
    plain = bytearray(gzip.decompress(response))
    plain[-10] ^= 1
    repaired = gzip.compress(bytes(plain))  # the gzip layer's own check sum is right again
    with pytest.raises(Exception, match="digest failed"):
        [r.content_stream().read() for r in ArchiveIterator(io.BytesIO(repaired), check_digests="raise")]
    with pytest.raises(VaultError, match="damaged"):
        warc.read_response(repaired)
    assert warc.read_response(gzip.compress(gzip.decompress(response))).body == page.response_body


@given(
    body=st.binary(max_size=4000),
    status=st.integers(100, 599),
    headers=st.lists(
        st.tuples(
            st.text("abcXYZ-", min_size=1, max_size=12),
            st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_categories=["Cc"]), max_size=30).map(
                str.strip
            ),
        ),
        max_size=6,
    ),
    micro=st.integers(0, 999_999),
)
def test_what_is_written_is_read_back(body, status, headers, micro):
    from psa_evidence.spi import Exchange

    at = datetime(2026, 1, 2, 3, 4, 5, micro, tzinfo=UTC)
    exchange = Exchange(
        method="POST", url="https://psa.example/a/b?c=d", request_headers=(), request_body=b"{}", status=status,
        reason="", http_version="HTTP/1.1", response_headers=tuple(headers), response_body=body, started_at=at,
        finished_at=at,
    )  # fmt: skip
    response, request = both(exchange)
    back = warc.read_response(response)
    assert (back.status, back.headers, back.body) == (status, tuple(headers), body)
    assert (back.url, back.started_at) == (exchange.url, at)
    with pytest.raises(VaultError):
        warc.read_response(request)


def test_a_transfer_coding_that_is_no_longer_there_is_marked(kit):
    page = kit.exchange(b"5\r\nhello\r\n0\r\n\r\n")
    page = dataclasses.replace(page, response_headers=(("Transfer-Encoding", "chunked"),))
    response, _ = both(page)
    assert b"\r\nX-Archive-Orig-Transfer-Encoding: chunked" in gzip.decompress(response)
    assert warc.read_response(response).headers == (("Transfer-Encoding", "chunked"),)
    record = next(iter(ArchiveIterator(io.BytesIO(response))))
    assert record.content_stream().read() == page.response_body


def test_a_line_break_in_a_header_is_refused(kit):
    page = dataclasses.replace(kit.exchange(b""), response_headers=(("X", "a\r\nInjected: yes"),))
    with pytest.raises(SourceError, match="line break"):
        both(page)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw deflate", None])
def test_content_codings_are_undone(coding):
    text = b'{"id": 1}' * 100
    raw = zlib.compressobj(wbits=-15)
    wire = {
        "gzip": gzip.compress(text, mtime=0),
        "deflate": zlib.compress(text),
        "raw deflate": raw.compress(text) + raw.flush(),
        None: text,
    }[coding]
    headers = (("content-encoding", coding.removeprefix("raw ")),) if coding else ()
    assert warc.decoded_body(headers, wire) == text


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("br", b"xx"),
        ("gzip", b"not gzip"),
        ("gzip", gzip.compress(b"x" * 99, mtime=0)[:-9]),
        ("deflate", b"\x78\x9czz"),
    ],
)
def test_a_coding_that_cannot_be_undone_is_a_source_error(coding, body):
    with pytest.raises(SourceError):
        warc.decoded_body((("Content-Encoding", coding),), body)


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(warc, "MAX_DECODED_BYTES", 10_000)
    with pytest.raises(SourceError, match="limit"):
        warc.decoded_body((("Content-Encoding", "gzip"),), gzip.compress(b"\0" * 1_000_000, mtime=0))


def test_whole_members_end_before_the_one_that_was_cut(kit):
    members = [both(kit.exchange(bytes([n]) * 50))[0] for n in range(3)]
    data = b"".join(members)
    ends = [0]
    for member in members:
        ends.append(ends[-1] + len(member))
    for cut in range(len(data) + 1):
        assert warc.whole_members(data[:cut]) == max(end for end in ends if end <= cut)


def test_members_longer_than_a_piece_are_found_whole():
    import random

    member = gzip.compress(random.Random(1).randbytes(100_000))
    assert warc.whole_members(member * 3 + member[:-1]) == 3 * len(member)


def _stored(member):
    """Whether the first block of a gzip member without a name is a stored one (RFC 1951, 3.2.3)."""
    return member[3] == 0 and member[10] & 0b110 == 0


def test_a_body_that_cannot_shrink_is_not_packed_in_vain_and_any_other_is(kit):
    dense, text = random.Random(1).randbytes(200_000), b"Disk replaced, mailbox restored. " * 6_000
    for body, stored in ((dense, True), (text, False), (dense[:100_000] + text, False), (text + dense[:100_000], False),
                         (dense[:40_000], True), (dense[:30_000], False)):  # fmt: skip
        response, _ = both(kit.exchange(body))
        assert _stored(response) is stored
        assert warc.read_response(response).body == body
        record = next(ArchiveIterator(io.BytesIO(response), check_digests="raise"))
        assert record.content_stream().read() == body
        assert record.digest_checker.passed
        assert both(kit.exchange(body))[0] == response


def test_a_long_record_comes_in_pieces_and_a_short_one_whole(kit):
    """What is written at a time does not grow with the file."""
    for body in (random.Random(1).randbytes(1_000_000), b"Disk replaced. " * 60_000):
        pieces, _ = warc.response_and_request(kit.exchange(body), record_ids=IDS)
        found = list(pieces)
        assert all(found)
        assert max(map(len, found)) < 300_000
        assert warc.read_response(b"".join(found)).body == body
    assert len(list(warc.response_and_request(kit.exchange(b"x" * 30_000), record_ids=IDS)[0])) == 1


def test_a_digest_that_the_caller_has_is_not_made_again(kit):
    page = kit.exchange(b"x" * 99)
    assert both(page, payload=hashlib.sha256(page.response_body).hexdigest()) == both(page)
    assert b"WARC-Payload-Digest: sha256:abc\r\n" in gzip.decompress(both(page, payload="abc")[0])


@pytest.mark.parametrize("size", [0, 1, 900, 0xFFFF - 14, 0xFFFF - 13, 0xFFFF, 200_000])
def test_a_body_that_came_packed_is_stored_behind_its_packed_head(kit, size):
    """As one member that any reader unpacks, and that is found whole, and not whole when a byte is missing."""
    body = b"\x1f\x8b\x08" + bytes(6) + b"\xff" + random.Random(1).randbytes(size)
    pieces, _ = warc.response_and_request(kit.exchange(body), record_ids=IDS)
    response = b"".join(pieces)
    plain = gzip.decompress(response)
    assert plain.endswith(body + b"\r\n\r\n")
    assert body[:0xFFFF] in response
    assert len(response) < len(plain) - 50
    assert warc.read_response(response).body == body
    assert warc.whole_members(response + response) == 2 * len(response)
    assert warc.whole_members(response[:-1]) == 0


def test_record_ids_differ_by_vault_capture_and_number():
    ids = {warc.record_id(c, v, n) for c in "ab" for v in "ab" for n in range(50)}
    assert len(ids) == 200
