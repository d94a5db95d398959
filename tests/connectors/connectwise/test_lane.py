"""One connection: what it reads is what httpx's transport reads, and no byte of one answer gets into another's."""

from __future__ import annotations

import asyncio
import gc
import ssl
from contextlib import asynccontextmanager

import httpx
import pytest

from psa_evidence_connectwise.answer import through
from psa_evidence_connectwise.decoding import TooLarge
from psa_evidence_connectwise.lane import HEAD_BYTES, IDLE_SECONDS, WAITING_BYTES, Lane, Line

LIST = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"


@asynccontextmanager
async def answering(*answers, tls=None, close=True):
    """A server that gives its answers one after the other, each a list of pieces; says what it was asked."""
    asked, left, writers = [], list(answers), []

    async def serve(reader, writer):
        writers.append(writer)
        try:
            while left:
                asked.append(await reader.readuntil(b"\r\n\r\n"))
                answer = left.pop(0)
                for piece in [answer] if isinstance(answer, bytes) else answer:
                    if piece is None:
                        await asyncio.sleep(0.02)
                    else:
                        writer.write(piece)
                        await writer.drain()
            if close:
                writer.close()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    scheme = "https" if tls else "http"
    try:
        yield f"{scheme}://localhost:{server.sockets[0].getsockname()[1]}/x?a=b%20c", asked
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await server.wait_closed()


HEADERS = [("Host", "psa.example"), ("Accept", "*/*"), ("X-Two", "a"), ("X-Two", "b")]


async def told(lane, url, *, seconds=5.0, headers=HEADERS):
    return await lane.get(url, headers, seconds, 1 << 30)


async def ended(asking):
    """The answer, or how it ended when it did not end well."""
    try:
        return await asking
    except httpx.TransportError as problem:
        return type(problem)


@pytest.fixture
def lane():
    return Lane(ssl.create_default_context())


def run(go):
    return asyncio.run(go())


ANSWERS = {
    "length": LIST,
    "names and blanks as they came": b"HTTP/1.1 200 OK\r\nX-oNE:  a b \t\r\nx-one: \r\nContent-Length: 2\r\n\r\n[]",
    "chunks and a trailer": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            b"3;x=y\r\n[1,\r\n2\r\n2]\r\n0\r\nX-After: 1\r\n\r\n",
    "until the end": b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[1,2]",
    "until the end, 1.0": b"HTTP/1.0 200 OK\r\n\r\n[1,2]",
    "no reason": b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n",
    "hints first": b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + LIST,
    "not found": b"HTTP/1.1 404 Not Found here\r\nContent-Length: 4\r\n\r\nnope",
    "empty": b"HTTP/1.1 204 No Content\r\n\r\n",
    "latin": b"HTTP/1.1 200 OK\r\nX-Name: caf\xe9\r\nContent-Length: 2\r\n\r\n[]",
    "cut": b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n[1,2",
    "chunk cut": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n[1,2",
    "pieces": [b"HTTP/1.1 2", None, b"00 OK\r\nX-A: ", None, b"b\r\nContent-Length: 4\r\n\r", b"\n[1", None, b",2"],
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("path", ["/a?b=c%20d&e=[f]", '/é ü?x=|"', "/a/../b/./c?d=../e", "/a.b/..c", "/100%", "", "?q"])
def test_it_asks_and_reads_as_httpx_does(lane, name, path):
    async def go():
        async with answering(ANSWERS[name]) as (url, asked):
            ours = await ended(lane.get(url.partition("/x")[0] + path, HEADERS, 5, 100))
        await lane.aclose()
        async with answering(ANSWERS[name]) as (url, asked_httpx), httpx.AsyncHTTPTransport() as theirs:
            assert ours == await ended(through(theirs, url.partition("/x")[0] + path, HEADERS, 5, 100))
        assert asked == asked_httpx

    run(go)


@pytest.mark.parametrize("answer", [LIST, ANSWERS["chunks and a trailer"], ANSWERS["until the end"]])
def test_more_than_the_limit_is_refused_and_the_next_is_asked(lane, answer):
    async def go():
        async with answering(answer, LIST, close=False) as (url, _):
            with pytest.raises(TooLarge):
                await lane.get(url, HEADERS, 5, 1)
            assert (await lane.get(url, HEADERS, 5, 2)).body == b"[]"
        await lane.aclose()

    run(go)


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 200 OK\r\nbad name: 1\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n[1]",
     b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nhello"],
)  # fmt: skip
def test_what_is_no_answer_is_an_error(lane, answer):
    async def go():
        async with answering(answer) as (url, _):
            with pytest.raises(httpx.RemoteProtocolError):
                await told(lane, url)
        await lane.aclose()

    run(go)


def test_one_connection_serves_one_request_after_the_other(lane, monkeypatch):
    made = []
    monkeypatch.setattr(Line, "__init__", lambda self, *a, real=Line.__init__: (made.append(1), real(self, *a))[1])

    async def go():
        async with answering(LIST, ANSWERS["chunks and a trailer"], LIST) as (url, asked):
            bodies = [(await told(lane, url)).body for _ in range(3)]
        assert bodies == [b"[]", b"[1,2]", b"[]"]
        assert len(asked) == 3
        await lane.aclose()

    run(go)
    assert len(made) == 1


def test_a_connection_that_the_server_closed_or_that_rested_long_is_not_used_again(lane, monkeypatch):
    async def go():
        async with answering(LIST) as (url, _):
            await told(lane, url)
            await asyncio.sleep(0.02)
        async with answering(LIST, LIST) as (url, asked):
            first = await told(lane, url)
            loop = asyncio.get_running_loop()
            monkeypatch.setattr(loop, "time", lambda now=loop.time: now() + IDLE_SECONDS + 1)
            assert first == await told(lane, url)
            assert len(asked) == 2
        await lane.aclose()

    run(go)


@pytest.mark.parametrize("surplus", [LIST, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[", b"rubbish"])
@pytest.mark.parametrize("later", [False, True])
def test_a_second_answer_to_one_question_is_never_taken_for_the_next(lane, surplus, later):
    other = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[1]"

    async def go():
        answers = ([LIST, None, surplus] if later else LIST + surplus), other
        async with answering(*answers, close=False) as (url, _):
            first = await told(lane, url)
            await asyncio.sleep(0.06)
            second = await told(lane, url)
        assert (first.body, second.body) == (b"[]", b"[1]")
        await lane.aclose()

    run(go)


@pytest.mark.parametrize("where", ["one header", "headers", "trailers", "chunk extension"])
def test_headers_without_end_are_given_up(lane, where):
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    start = {
        "one header": b"HTTP/1.1 200 OK\r\nX: ", "headers": b"HTTP/1.1 200 OK\r\n", "trailers": chunked + b"0\r\n",
        "chunk extension": chunked + b"5;",
    }[where]  # fmt: skip
    piece = b"x-y: z\r\n" * 1000 if "headers" in where or where == "trailers" else b"z" * 8000

    async def go():
        async with answering([start, *[piece] * (2 * HEAD_BYTES // len(piece) + 40)], close=False) as (url, _):
            with pytest.raises(httpx.RemoteProtocolError):
                await told(lane, url)
        await lane.aclose()

    run(go)


def test_many_small_chunks_are_no_headers_without_end(lane):
    async def go():
        many = HEAD_BYTES // 5
        pieces = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n" * 100] * (many // 100)]
        async with answering([*pieces, b"0\r\n\r\n"]) as (url, _):
            assert len((await told(lane, url)).body) == many // 100 * 100
        await lane.aclose()

    run(go)


def test_what_nobody_reads_waits_at_the_senders(lane, monkeypatch):
    size = 40 * 1024 * 1024

    async def go():
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size
        async with answering([head, *[bytes(1 << 20)] * 40]) as (url, _):
            reading = Line.more
            held = []

            async def slow(line):
                if not held:
                    await asyncio.sleep(0.2)
                part = await reading(line)
                held.append(len(part))
                return part

            monkeypatch.setattr(Line, "more", slow)
            assert len((await told(lane, url)).body) == size
            assert held[0] < WAITING_BYTES + (1 << 20)
        await lane.aclose()

    run(go)


@pytest.mark.parametrize("pieces", [[None] * 20, [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[", *[None] * 20]])
def test_a_server_that_says_nothing_more_is_not_waited_for(lane, pieces):
    async def go():
        async with answering(pieces, close=False) as (url, _):
            with pytest.raises(httpx.ReadTimeout):
                await told(lane, url, seconds=0.05)
        await lane.aclose()

    run(go)


def test_what_was_given_up_in_the_middle_is_not_read_as_the_next_answer(lane):
    big = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1,"

    async def go():
        async with answering([big, None, None, None], LIST, close=False) as (url, _):
            task = asyncio.ensure_future(told(lane, url))
            await asyncio.sleep(0.03)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert (await told(lane, url)).body == b"[]"
        await lane.aclose()

    run(go)


@pytest.mark.parametrize("name", ["X\r\nX-Injected", "X\nY"])
@pytest.mark.parametrize("in_value", [True, False])
def test_a_line_break_never_makes_a_second_header(lane, name, in_value):
    header = ("X", name) if in_value else (name, "1")

    async def go():
        async with answering(LIST) as (url, asked):
            with pytest.raises(httpx.LocalProtocolError):
                await told(lane, url, headers=[header])
            assert asked == []
        await lane.aclose()

    run(go)


@pytest.mark.parametrize("host", ["localhost:1", f"{'a' * 70}.example", "nowhere.invalid"])
def test_a_host_that_is_not_there(lane, host):
    with pytest.raises(httpx.ConnectError):
        run(lambda: told(lane, f"http://{host}/"))


def test_another_host_gets_a_connection_of_its_own(lane):
    async def go():
        async with answering(LIST, LIST, close=False) as (url, asked), answering(LIST, close=False) as (other, heard):
            await told(lane, url)
            await told(lane, other)
            await told(lane, url)
            assert (len(asked), len(heard)) == (2, 1)
        await lane.aclose()

    run(go)


def test_a_connection_that_is_given_up_while_it_is_made_is_closed(recwarn):
    async def go():
        async with answering(LIST, close=False) as (url, _):
            for turns in range(30):
                lane = Lane(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
                task = asyncio.ensure_future(told(lane, url.replace("localhost", "127.0.0.1")))
                for _ in range(turns % 10):
                    await asyncio.sleep(0)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                await lane.aclose()
                await asyncio.sleep(0)

    run(go)
    gc.collect()
    assert [str(one.message) for one in recwarn] == []


def certified(tmp_path, name):
    """A server's context with a certificate for `name`, and one that trusts it."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key()).serial_number(5)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "c.pem").write_bytes(pem + private)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(tmp_path / "c.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


@pytest.mark.parametrize("name", ["localhost", "another.example"])
def test_the_certificate_must_be_the_hosts(tmp_path, name):
    server, trusting = certified(tmp_path, name)

    async def go():
        lane = Lane(trusting)
        async with answering(LIST, LIST, tls=server) as (url, asked):
            if name == "localhost":
                assert [(await told(lane, url)).body for _ in range(2)] == [b"[]", b"[]"]
            else:
                with pytest.raises(httpx.ConnectError):
                    await told(lane, url)
                assert asked == []
        await lane.aclose()

    run(go)
