"""Every fault of the simulator, and pairs of them, end in the same records; what arrived is not asked for again."""

from __future__ import annotations

import itertools
import json
import re
import socket
import threading
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from psa_evidence.errors import TransientError, UnreachableError
from psa_evidence.simulator import Running

FAULTS = {
    "5xx": {"server_error_share": 0.1},
    "cut": {"cut_share": 0.1},
    "truncated": {"truncated_share": 0.04},
    "html": {"html_share": 0.04},
    "429": {"rate_limit": 60, "rate_window_s": 0.1},
    "repeated": {"repeated_page_share": 0.4},
    "lost": {"lost_row_share": 0.2},
    "changing": {"change_every": 3},
    "upgrade": {"upgrade_after": 70},
    "skew": {"clock_skew_s": 7200},
    "hostile": {"hostile": True},
    "late": {"latency_ms": 3.0},
}
WHOLE = (12, 24, 48, 12)


def everything(found):
    return tuple(len(set(found.seen(kind))) for kind in ("ticket", "note", "history", "time_entry"))


def whole_or_said(found):
    """Every record came, or what did not is reported: a row may be lost from each page that is asked for anew."""
    return everything(found) == WHOLE or bool(found.lost)


ROUGH = sorted(set(FAULTS) - {"skew", "hostile", "late"})
"""Those that cost requests; the others only change what is in the answers."""


@pytest.mark.parametrize("pair", list(itertools.combinations(ROUGH, 2)), ids=" and ".join)
def test_two_faults_at_once_lose_nothing(shelf, serving, capture, pair):
    with serving(shelf, **FAULTS[pair[0]], **FAULTS[pair[1]]) as at:
        found = capture(at, page_size="5", concurrency="4")
    assert whole_or_said(found)
    assert {reason for _, reason, _, _ in found.lost} <= {"gave up", "unreadable", "count differs"}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_each_fault_alone_ends_whole_and_says_so(shelf, serving, capture, name):
    with serving(shelf, **FAULTS[name]) as at:
        found = capture(at, page_size="5", concurrency="4")
    assert whole_or_said(found)
    assert {reason for _, reason, _, _ in found.lost} <= ({"count differs"} if name in {"lost", "changing"} else set())


class Killed(BaseException):
    """The process is gone: nothing after this runs."""


@pytest.mark.parametrize("after", [5, 30, 60, 90, 110])
def test_a_run_that_is_killed_is_gone_on_with_without_asking_again_for_what_arrived(
    shelf, serving, capture, memory, after
):
    class Dying(memory):
        def keep(self, exchange, sightings=(), *, unit=None, basis=""):
            if len(self.exchanges) >= after:
                raise Killed
            super().keep(exchange, sightings, unit=unit, basis=basis)

    first = Dying()
    with serving(shelf) as at:
        with pytest.raises(BaseException) as caught:
            capture(at, recorder=first, concurrency="4")
        assert isinstance(caught.value, Killed) or caught.group_contains(Killed)
        second = capture(at, recorder=memory(before=first))
    done = {unit.partition("?")[0] for unit in first.units}
    again = {e.url.partition("/apis/3.0/")[2].partition("?")[0] for e, _ in second.exchanges}
    assert not {unit for unit in done if unit.startswith("service/tickets/")} & again
    kinds = {"note": 24, "history": 48}
    for kind, number in kinds.items():
        both = {*first.seen(kind), *second.seen(kind)}
        assert len(both) == number
    assert second.lost == []


@contextmanager
def answering(answer):
    """A server that gives `answer(request line, headers)` as raw bytes and closes; None says nothing for ever."""
    held, stop = [], threading.Event()

    def hear(line):
        data = b""
        while b"\r\n\r\n" not in data:
            part = line.recv(65536)
            if not part:
                break
            data += part
        said = answer(data)
        if said is None:
            held.append(line)
        else:
            line.sendall(said)
        return said is None

    def serve():
        while not stop.is_set():
            try:
                line, _ = server.accept()
            except TimeoutError:
                continue
            line.settimeout(10)
            kept = False
            try:
                kept = hear(line)
            except OSError:
                pass  # whoever asked has gone
            finally:
                if not kept:
                    line.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        port = server.getsockname()[1]
        try:
            yield Running(f"http://127.0.0.1:{port}", "acme", "publickey", "privatekey", "client", "token", "v2025_1/")
        finally:
            stop.set()
            thread.join(timeout=15)
            for line in held:
                line.close()


def reply(body, *, status="200 OK", headers=""):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n{headers}\r\n".encode() + body  # as it does: else it may be asked on once more


INFO = {"Codebase": "v2025_1/", "VersionNumber": "v2025.1", "IsCloud": False, "SiteUrl": None}


def discovered(rest):
    return lambda data: reply(INFO) if b"/login/companyinfo/" in data else rest(data)


def test_a_server_that_never_answers_ends_in_words(capture):
    with answering(lambda _: None) as at, pytest.raises(UnreachableError, match="No answer"):
        capture(at, timeout="0.05")


def test_a_server_that_answers_only_where_the_api_is_ends_in_words(capture):
    with answering(discovered(lambda _: None)) as at, pytest.raises(TransientError, match="stopped answering"):
        capture(at, timeout="0.02", concurrency="2")


def test_a_server_that_drips_bytes_is_cut_off(capture):
    """Each byte comes within the time-out of a read, the whole never ends."""
    stop = threading.Event()

    def drip():
        with socket.create_server(("127.0.0.1", 0)) as server:
            ports.append(server.getsockname()[1])
            ready.set()
            while not stop.is_set():
                server.settimeout(0.2)
                try:
                    line, _ = server.accept()
                except TimeoutError:
                    continue
                threading.Thread(target=feed, args=(line,), daemon=True).start()

    def feed(line):
        with line:
            try:
                line.recv(65536)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n")
                while not stop.wait(0.005):
                    line.sendall(b" ")
            except OSError:
                pass

    ports, ready = [], threading.Event()
    threading.Thread(target=drip, daemon=True).start()
    ready.wait(5)
    at = Running(f"http://127.0.0.1:{ports[0]}", "acme", "publickey", "privatekey", "client", "token", "v")
    try:
        with pytest.raises(UnreachableError):
            capture(at, timeout="0.05")
    finally:
        stop.set()


@pytest.mark.parametrize("bomb", [False, True], ids=["announced", "gzip bomb"])
def test_an_answer_over_its_limit_is_named_and_the_rest_goes_on(shelf, serving, capture, monkeypatch, bomb):
    from psa_evidence_connectwise import client

    monkeypatch.setattr(client, "MAX_JSON_BYTES", 60_000)
    monkeypatch.setattr(client.Client.ask, "__kwdefaults__", {**client.Client.ask.__kwdefaults__, "limit": 60_000})
    shelf.lists["finance/invoices"][0]["notes"] = ("x" if bomb else "".join(chr(33 + n % 90) for n in range(97))) * (
        200_000 if bomb else 1_000
    )
    with serving(shelf) as at:
        found = capture(at)
    assert ("finance/invoices", "too large") in {one[:2] for one in found.lost}
    assert everything(found) == WHOLE


REFUSALS = {
    400: "refused",
    403: "no permission",
    404: "not found",
    405: "refused",
    415: "refused",
    500: "gave up",
    503: "gave up",
    409: "gave up",
}


@pytest.mark.parametrize("status", sorted(REFUSALS))
def test_each_status_means_what_the_guide_says(capture, status):
    def answer(data):
        path = data.split(b" ", 2)[1].decode()
        if "/company/contacts" in path:
            return reply({"code": "X", "message": "about Acme"}, status=f"{status} S")
        if path.partition("?")[0].endswith("/count"):
            return reply({"count": 0})
        if path.endswith(("system/info", "myCompany/other")):
            return reply({"id": 1, "version": "v"})
        return reply([])

    with answering(discovered(answer)) as at:
        found = capture(at, max_wait="0")
    assert {(r, p) for r, p, _, _ in found.lost} == {("company/contacts", REFUSALS[status])}


def test_a_redirect_is_not_followed_wherever_it_leads(capture):
    asked = []

    def elsewhere(data):
        asked.append(data)
        return reply([])

    with answering(elsewhere) as other:

        def answer(data):
            path = data.split(b" ", 2)[1].decode()
            if path.partition("?")[0].endswith("/count"):
                return reply({"count": 0})
            if path.endswith(("system/info", "myCompany/other")):
                return reply({"id": 1, "version": "v"})
            if "/company/contacts" in path:
                return reply(b"", status="302 Found", headers=f"Location: {other.url}/x\r\n")
            return reply(
                [{"id": 1, "_info": {"x_href": f"{other.url}/y"}}], headers=f'Link: <{other.url}/z>; rel="next"\r\n'
            )

        with answering(discovered(answer)) as at:
            found = capture(at)
    assert asked == []
    assert ("company/contacts", "refused") in {one[:2] for one in found.lost}


def test_a_discovery_that_names_a_foreign_host_gets_no_key(capture):
    asked = []

    def elsewhere(data):
        asked.append(data)
        return reply([])

    with answering(elsewhere) as other:
        host = other.url.removeprefix("http://")
        with (
            answering(lambda _: reply({**INFO, "SiteUrl": host})) as at,
            pytest.raises(UnreachableError, match=f"its API is at {host}"),
        ):
            capture(at)
    assert asked == []


@pytest.mark.parametrize(
    ("told", "settings"),
    [
        ({"codebase": "v4_6_release/", "companyName": "x", "siteUrl": None, "isCloud": False}, {}),
        (None, {"codebase": "v4_6_release"}),
    ],
    ids=["in other letters", "named in the settings"],
)
def test_a_host_that_tells_its_codebase_otherwise_or_not_at_all(capture, told, settings):
    def answer(data):
        path = data.split(b" ", 2)[1].decode()
        if "companyinfo" in path:
            return reply(b"", status="404 Not Found") if told is None else reply(told)
        if not path.startswith("/v4_6_release/apis/3.0/"):
            return reply(b"", status="404 Not Found")
        if path.partition("?")[0].endswith("/count"):
            return reply({"count": 0})
        return reply({"id": 1, "version": "v"} if path.endswith(("system/info", "myCompany/other")) else [])

    with answering(answer) as at:
        found = capture(at, **settings)
    assert found.lost == []


def test_a_server_that_cuts_every_page_to_25_rows_and_counts_nothing_loses_none(capture):
    tickets = [{"id": n, "company": {"id": 1}, "closedFlag": True} for n in range(1, 61)]
    lines = [{"text": f"line {n}", "enteredDate": "2025-01-01T00:00:00Z"} for n in range(60)]

    def answer(data):
        target = urlsplit(data.split(b" ", 2)[1].decode())
        asked = dict(parse_qsl(target.query))
        path = target.path.partition("/apis/3.0/")[2]
        if path in {"system/info", "system/myCompany/other"}:
            return reply({"id": 1, "version": "v"})
        if path == "service/tickets" and "= True" in asked.get("conditions", ""):
            after = re.search(r"id > (\d+)", asked["conditions"])
            rows = [row for row in tickets if row["id"] > int(after[1] if after else 0)]
            return reply(rows[:25])
        if path == "system/audittrail" and asked["type"] == "Ticket" and asked["id"] == "7":
            start = 25 * (int(asked["page"]) - 1)
            return reply(lines[start : start + 25])
        return reply([]) if not path.endswith("/count") else reply(b"", status="404 Not Found")

    with answering(discovered(answer)) as at:
        found = capture(at)
    assert len(found.seen("ticket")) == 60
    assert len(found.seen("history")) == 60


def test_where_there_is_no_list_of_all_notes_the_plain_notes_are_read(capture):
    asked = []

    def answer(data):
        path = data.split(b" ", 2)[1].decode().partition("?")[0].partition("/apis/3.0/")[2]
        asked.append(path)
        if path in {"system/info", "system/myCompany/other"}:
            return reply({"id": 1, "version": "v"})
        if path.endswith("/allNotes"):
            return reply(b"", status="404 Not Found")
        if path == "service/tickets":
            return reply(
                [{"id": n, "company": {"id": 1}, "_info": {"lastUpdated": "2025-01-01T00:00:00Z"}} for n in (1, 2, 3)]
            )
        if path.startswith("service/tickets/") and path.endswith("/notes"):
            return reply([{"id": 10 * int(path.split("/")[2]), "text": "x", "detailDescriptionFlag": True}])
        return (
            reply({"count": 3 if path.startswith("service/tickets") else 0}) if path.endswith("/count") else reply([])
        )

    with answering(discovered(answer)) as at:
        found = capture(at, concurrency="1")
    assert found.seen("note") == ["10", "20", "30"]
    assert found.lost == []
    assert found.got["service/tickets/notes"] == 3
    assert "service/tickets/allNotes" in found.facts["not_offered"]
    assert sum(path.endswith("/allNotes") for path in asked) == 3  # one ticket without it says nothing of the others


def test_a_certificate_that_nobody_vouches_for_is_refused(open_source, monkeypatch):
    """TLS is verified: the first handshake with an unknown issuer ends the run, and no key was sent."""
    import asyncio
    import ssl
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(5)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    heard = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        import tempfile
        from pathlib import Path

        with tempfile.TemporaryDirectory() as folder:
            pem = Path(folder) / "c.pem"
            pem.write_bytes(
                made.public_bytes(serialization.Encoding.PEM)
                + key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            )
            context.load_cert_chain(pem)

        def serve():
            while True:
                try:
                    line, _ = server.accept()
                    with line, context.wrap_socket(line, server_side=True) as secure:
                        heard.extend(secure.recv(65536))
                except (OSError, ssl.SSLError):
                    if server.fileno() < 0:
                        return

        threading.Thread(target=serve, daemon=True).start()
        at = Running(f"https://localhost:{port}", "acme", "publickey", "privatekey", "client", "t", "v")

        async def go():
            async with open_source(at) as source:
                await source.clients()

        with pytest.raises(UnreachableError) as caught:
            asyncio.run(go())
    assert "certificate is not one that this machine trusts" in caught.value.why
    assert b"uthorization" not in heard
    assert isinstance(httpx.create_ssl_context(), ssl.SSLContext)


@pytest.mark.parametrize("size", [5, 7, 3])
def test_a_server_that_cuts_every_page_to_an_odd_size_is_found_out_by_its_counts(capture, size):
    """It says nothing of it in a Link header, and lists below records have no count of their own."""
    tickets = [{"id": n, "company": {"id": 1}, "closedFlag": n > 30} for n in range(1, 61)]
    members = [{"id": n, "identifier": f"m{n}"} for n in range(1, 18)]
    lines = [{"text": f"line {n}", "enteredDate": "2025-01-01T00:00:00Z"} for n in range(23)]
    asked_for = []

    def answer(data):
        target = urlsplit(data.split(b" ", 2)[1].decode())
        asked = dict(parse_qsl(target.query))
        path = target.path.partition("/apis/3.0/")[2]
        conditions = asked.get("conditions", "")
        asked_for.append(path)
        if path in {"system/info", "system/myCompany/other"}:
            return reply({"id": 1, "version": "v"})
        rows = {"service/tickets": tickets, "system/members": members}.get(path.removesuffix("/count"), [])
        if path in {"service/tickets", "service/tickets/calculateSla"}:
            rows = [row for row in tickets if row["closedFlag"] == ("= True" in conditions)]
        if path.endswith("/count"):
            return reply({"count": len(rows)})
        if path == "system/audittrail" and asked["type"] == "Ticket":
            rows = lines if asked["id"] in {"1", "45"} else lines[: int(asked["id"]) % size]
            start = size * (int(asked["page"]) - 1)
            return reply(rows[start : start + size])
        after = re.search(r"id > (\d+)", conditions)
        if "lastUpdated" in conditions:
            return reply([])
        return reply([row for row in rows if row["id"] > int(after[1] if after else 0)][:size])

    with answering(discovered(answer)) as at:
        found = capture(at)
    assert len(found.seen("ticket")) == 60
    assert len(found.seen("member")) == 17
    for ticket in ("1", "45"):
        assert sum(name.startswith(f"{ticket}-") for name in found.seen("history")) == 23
    assert found.lost == []
    assert asked_for.count("system/audittrail") < 130  # one more only where a page has just that size


def test_a_short_list_is_not_taken_for_a_cut_one(capture):
    """A count that is higher than what came, as of records that the role hides, costs one more request and no more."""
    tickets = [{"id": n, "company": {"id": 1}, "closedFlag": True} for n in range(1, 41)]
    asked_for = []

    def answer(data):
        target = urlsplit(data.split(b" ", 2)[1].decode())
        asked = dict(parse_qsl(target.query))
        path = target.path.partition("/apis/3.0/")[2]
        asked_for.append((path, asked.get("type")))
        if path in {"system/info", "system/myCompany/other"}:
            return reply({"id": 1, "version": "v"})
        if path == "system/members" and "id >" not in asked.get("conditions", ""):
            return reply([{"id": 1, "identifier": "a"}])
        if path == "service/tickets" and "= True" in asked.get("conditions", ""):
            after = re.search(r"id > (\d+)", asked["conditions"])
            return reply([row for row in tickets if row["id"] > int(after[1] if after else 0)])
        if path == "system/audittrail" and asked["type"] == "Ticket":
            return reply([{"text": "one", "enteredDate": "2025-01-01T00:00:00Z"}] if asked["page"] == "1" else [])
        counts = {"system/members/count": 2, "service/tickets/count": 40}
        return reply({"count": counts.get(path, 0)}) if path.endswith("/count") else reply([])

    with answering(discovered(answer)) as at:
        found = capture(at)
    assert ("system/members", "count differs") in {lost[:2] for lost in found.lost}
    assert len(found.seen("history")) == 40
    assert asked_for.count(("system/audittrail", "Ticket")) == 40


@pytest.mark.parametrize(
    ("site", "why"),
    [
        ("https://no-such-host.invalid", "No machine of this name is known."),
        ("http://127.0.0.1:1", "The machine refuses connections at this port."),
    ],
)
def test_why_nothing_answers_is_said(open_source, site, why):
    import asyncio

    async def go():
        async with open_source(Running(site, "acme", "publickey", "privatekey", "client", "t", "v")) as source:
            await source.clients()

    with pytest.raises(UnreachableError) as caught:
        asyncio.run(go())
    assert caught.value.why == why
