"""Servers that page, count and fail in other ways than the simulator: nothing is lost, or it is said what is."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

import pytest

from psa_evidence.errors import UnreachableError
from psa_evidence.simulator import Running
from psa_evidence_connectwise import run as running
from psa_evidence_connectwise.headers import has_next, retry_after, server_time
from psa_evidence_connectwise.listing import whose

TICKETS, CONTACTS = 30, 17
INFO = {"Codebase": "v2025_1/", "VersionNumber": "v2025.1", "IsCloud": False, "SiteUrl": None}
AFTER = re.compile(r"( and )?\bid > (\d+)")
AMONG = re.compile(r"\bid in \(([\d,]+)\)|\bid = (\d+)")


class Desk:
    """A PSA of closed tickets with one note each, and of contacts. What it does otherwise is set in a test."""

    def __init__(self):
        self.lists = {
            "service/tickets": [self.ticket(n) for n in range(1, TICKETS + 1)],
            "company/contacts": [{"id": n, "company": {"id": 1}} for n in range(1, CONTACTS + 1)],
        }
        self.cap = 1000
        self.link = lambda path, last: [f'<{path}?pageId={last}>; rel="next"']
        self.forward = self.by_id = self.by_page = True
        self.counted = lambda number: (200, {"count": number})
        self.instead = lambda path, asked: None
        self.codebase = "v2025_1"
        self.info = INFO
        self.asked = []

    def ticket(self, n):
        return {"id": n, "company": {"id": 1}, "closedFlag": True, "_info": {"lastUpdated": "2025-01-01T00:00:00Z"}}

    def answer(self, target, forward):
        """(status, value, headers)."""
        parts = urlsplit(target)
        asked = dict(parse_qsl(parts.query))
        if parts.path.startswith("/login/companyinfo/"):
            return 200, self.info, []
        root = f"/{self.codebase}/apis/3.0/"
        if not parts.path.startswith(root):
            return 404, {}, []
        path = parts.path.removeprefix(root)
        self.asked.append(path)
        if (found := self.instead(path, asked)) is not None:
            return found
        if path in {"system/info", "system/myCompany/other"}:
            return 200, {"id": 1, "version": "v"}, []
        if path.startswith("service/tickets/") and path.endswith("/allNotes"):
            return 200, [{"id": 10 * int(path.split("/")[2]), "text": "x"}], []
        rows = self.chosen(path.removesuffix("/count").replace("/calculateSla", ""), asked.get("conditions", ""))
        if path.endswith("/count"):
            return *self.counted(len(rows)), []
        number = int(asked.get("page") or 1) if self.by_page else 1
        if forward and self.forward:
            rows, number = [row for row in rows if row["id"] > int(asked.get("pageId") or 0)], 1
        size = min(self.cap, int(asked.get("pageSize", 25)))
        page, more = rows[size * (number - 1) : size * number], len(rows) > size * number
        links = self.link(parts.path, page[-1]["id"]) if self.link and more else [""] if self.link and forward else []
        return 200, page, [("Link", one) for one in links]

    def chosen(self, path, conditions):
        rows = [row for row in self.lists.get(path, []) if "closedFlag = False" not in conditions]
        if "lastUpdated" in conditions:
            return []
        if (after := AFTER.search(conditions)) and self.by_id:
            rows = [row for row in rows if row["id"] > int(after[2])]
        if among := AMONG.search(conditions):
            wanted = {int(n) for n in (among[1] or among[2]).split(",")}
            rows = [row for row in rows if row["id"] in wanted]
        return rows


@contextmanager
def serving(desk):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16  # head and body in one piece: two wait for each other

        def do_GET(self):
            status, value, headers = desk.answer(self.path, self.headers.get("pagination-type") == "forward-only")
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            for name, text in [*headers, ("Content-Length", str(len(body)))]:
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield Running(
                f"http://127.0.0.1:{server.server_port}", "acme", "publickey", "privatekey", "client", "token", "v"
            )
        finally:
            server.shutdown()


@pytest.fixture
def desk():
    return Desk()


def grabbed(capture, desk, **settings):
    with serving(desk) as at:
        return capture(at, max_wait="0", ticket_parts="notes", **settings)


def tally(found):
    return Counter({kind: len(set(found.seen(kind))) for kind in ("ticket", "note", "contact")})


WHOLE = Counter({"ticket": TICKETS, "note": TICKETS, "contact": CONTACTS})
LINKS = {
    "to another host": lambda path, last: [f'<https://evil.example{path}?pageId={last}>; rel="next"'],
    "in capitals": lambda path, _: [f"<HTTP://X{path}>; REL=NEXT"],
    "among others": lambda path, _: [f'<{path}>; title="a;b"; rel = "prev next"'],
    "in two lines": lambda path, _: [f'<{path}>; rel="next"', f'<{path}>; rel="last"'],
    "in none": None,
}


@pytest.mark.parametrize("counts", [True, False], ids=["counting", "not counting"])
@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("ignores", ["nothing", "pageId", "pageId and id"])
def test_however_it_pages_every_row_comes(capture, desk, link, ignores, counts):
    """It cuts pages to 7 rows whatever is asked."""
    desk.cap, desk.link = 7, LINKS[link]
    desk.forward, desk.by_id = ignores == "nothing", "id" not in ignores.split()
    if not counts:
        desk.counted = lambda _: (404, {})
    found = grabbed(capture, desk)
    assert tally(found) == WHOLE
    assert found.lost == []


@pytest.mark.parametrize("counts", [True, False], ids=["counting", "not counting"])
def test_a_server_that_gives_one_page_for_ever_is_not_taken_for_whole(capture, desk, counts):
    desk.cap, desk.forward, desk.by_id, desk.by_page = 7, False, False, False
    if not counts:
        desk.counted = lambda _: (404, {})
    found = grabbed(capture, desk)
    assert tally(found)["ticket"] == 7
    reason = "count differs" if counts else "gave up"
    assert {("service/tickets", reason), ("company/contacts", reason)} <= {one[:2] for one in found.lost}
    assert desk.asked.count("company/contacts") < 30


@pytest.mark.parametrize(
    "said", [17, "17", {"count": "17"}, {"Count": 17}, {"count": 17, "more": None}], ids=json.dumps
)
def test_a_count_is_read_in_whatever_form_it_comes(capture, desk, said):
    desk.counted = lambda number: (200, json.loads(json.dumps(said).replace("17", str(number))))
    found = grabbed(capture, desk)
    assert found.asked_for["company/contacts"] == CONTACTS
    assert found.lost == []


@pytest.mark.parametrize("status", [403, 400, 500])
def test_a_list_that_may_not_be_counted_is_read_all_the_same(capture, desk, status):
    desk.counted = lambda _: (status, {})
    found = grabbed(capture, desk)
    assert tally(found) == WHOLE
    assert "company/contacts" not in found.asked_for
    assert found.lost == []


def test_a_number_beyond_all_numbers_is_no_number(capture, desk):
    desk.lists["company/contacts"].append({"id": 10**30})
    desk.lists["service/tickets"][0]["company"] = {"id": 10**30}
    found = grabbed(capture, desk)
    assert ("company/contacts", "unreadable") in {one[:2] for one in found.lost}
    assert tally(found) == WHOLE


class Texts(Desk):
    """Writes every id as text."""

    def __init__(self, write=str):
        super().__init__()
        self.write = write

    def answer(self, target, forward):
        status, value, headers = super().answer(target, forward)
        return status, json.loads(json.dumps(value), object_hook=self.written), headers

    def written(self, row):
        return row | {"id": self.write(row["id"])} if "id" in row else row


def test_ids_that_come_as_text_are_read_and_that_is_said(capture, interpret):
    found = grabbed(capture, Texts())
    assert tally(found) == WHOLE
    assert found.lost == []
    assert found.facts["ids_as_text"] >= 2 * TICKETS + CONTACTS
    assert {raw.client for raw in found.raws() if raw.kind == "ticket"} == {"1"}
    read = interpret(found.raws())
    assert sorted(ticket.id for ticket in read.tickets) == sorted(str(n) for n in range(1, TICKETS + 1))
    assert {note.ticket_id for note in read.messages} == {ticket.id for ticket in read.tickets}


def test_whose_a_schedule_entry_is_is_found_also_where_its_tickets_id_is_text():
    listing = SimpleNamespace(client="", owner={7: "10"}.get)
    assert [whose(listing, {"objectId": given}, 1) for given in (7, "7", "07", None)] == ["10", "10", None, None]


def test_ids_as_numbers_are_not_spoken_of(capture, desk):
    assert "ids_as_text" not in grabbed(capture, desk).facts


@pytest.mark.parametrize("text", ["0{}", "+{}", " {}", "{}.0", "{}e0", "1_{}", "\u0661{}", "-{}", "9" * 18 + "{}", ""])
def test_a_text_that_two_numbers_could_be_or_none_is_no_id(capture, text):
    desk = Texts(lambda number: text.format(number) if number > 10 else number)
    found = grabbed(capture, desk)
    assert ("company/contacts", "unreadable", CONTACTS - 10) in {one[:3] for one in found.lost}
    assert set(found.seen("contact")) == {str(n) for n in range(1, 11)}


def test_a_list_that_the_first_records_lack_is_not_called_absent(capture, desk):
    desk.instead = lambda path, _: (404, {}, []) if path in {f"service/tickets/{n}/tasks" for n in (1, 2, 3)} else None
    with serving(desk) as at:
        found = capture(at, max_wait="0", ticket_parts="tasks", concurrency="1")
    assert [(r, p) for r, p, _, _ in found.lost] == [("service/tickets/tasks", "not found")] * 3
    assert {one.parent for one in found.below} == {"ticket/1", "ticket/2", "ticket/3"}
    assert "tasks" not in str(found.facts["not_offered"])


@pytest.mark.parametrize("tickets", [2, TICKETS], ids=["few", "many"])
def test_a_list_that_no_record_has_is_said_to_be_absent(capture, desk, tickets):
    """However few there are: two tickets whose tasks are not found were silence before."""
    del desk.lists["service/tickets"][tickets:]
    desk.instead = lambda path, _: (404, {}, []) if path.endswith("/tasks") else None
    with serving(desk) as at:
        found = capture(at, max_wait="0", ticket_parts="tasks", concurrency="1")
    assert found.lost == []
    assert "service/tickets/tasks" in found.facts["not_offered"]
    assert sum(path.endswith("/tasks") for path in desk.asked) <= running.ABSENT_AFTER


def test_one_ticket_without_the_list_of_all_notes_does_not_turn_all_to_plain_notes(capture, desk):
    """Plain notes lack those of time entries."""

    def instead(path, _):
        if path == "service/tickets/1/allNotes":
            return 404, {}, []
        return (200, [{"id": 10}], []) if path == "service/tickets/1/notes" else None

    desk.instead = instead
    found = grabbed(capture, desk, concurrency="1")
    assert tally(found) == WHOLE
    assert [one[:2] for one in found.lost] == [("service/tickets/allNotes", "not found")]
    assert "service/tickets/1/allNotes" not in found.units
    assert "allNotes" not in str(found.facts["not_offered"])


def test_single_tickets_that_are_closed_to_the_key_do_not_close_the_others(capture, desk):
    desk.instead = lambda path, _: (403, {}, []) if re.fullmatch(r"service/tickets/[123]/allNotes", path) else None
    found = grabbed(capture, desk, concurrency="1")
    assert tally(found)["note"] == TICKETS - 3
    assert [one[:2] for one in found.lost] == [("service/tickets/allNotes", "no permission")] * 3


def test_a_redirect_for_a_while_loses_nothing(capture, desk):
    """A page for logging in or of maintenance comes between; nobody follows it."""
    times = Counter()

    def instead(path, _):
        times[path] += 1
        return (302, {}, [("Location", "https://evil.example/login")]) if times[path] == 1 else None

    desk.instead = instead
    found = grabbed(capture, desk)
    assert tally(found) == WHOLE
    assert found.lost == []


def test_a_redirect_after_an_upgrade_leads_to_the_new_codebase(capture, desk):
    def instead(path, _):
        if path == "company/contacts":
            desk.codebase, desk.info = "v2025_2", {**INFO, "Codebase": "v2025_2/"}
            desk.instead = lambda *_: None
            return 301, {}, [("Location", "/v2025_2/apis/3.0/company/contacts")]
        return None

    desk.instead = instead
    found = grabbed(capture, desk)
    assert tally(found) == WHOLE
    assert found.lost == []


def test_a_redirect_is_not_called_not_found(capture, desk):
    """400 means an unknown record where audit trails are asked for; a redirect does not."""
    desk.instead = lambda path, _: (302, {}, []) if path == "system/audittrail" else None
    with serving(desk) as at:
        found = capture(at, max_wait="0", ticket_parts="history", concurrency="1")
    assert {one[:2] for one in found.lost} == {("system/audittrail", "refused")}


@pytest.mark.parametrize("period", [False, True], ids=["no period", "a period"])
def test_what_is_shown_only_now_is_fetched_though_nothing_changed(capture, desk, memory, period):
    """A board was opened to the key between two captures. Its tickets were updated long ago."""
    shown = desk.lists["service/tickets"]
    desk.lists["service/tickets"] = shown[:20]
    with serving(desk) as at:
        first = capture(at, max_wait="0", ticket_parts="notes")
        desk.lists["service/tickets"] = shown
        again = memory(before=first, changed=datetime(2025, 6, 1, tzinfo=UTC))
        from psa_evidence.spi import Scope

        scope = Scope(since=datetime(2024, 1, 1, tzinfo=UTC)) if period else Scope()
        desk.chosen = unmoved(desk.chosen)
        second = capture(at, scope, again, max_wait="0", ticket_parts="notes")
    assert second.seen("ticket") == sorted(str(n) for n in range(21, 31))
    assert second.asked_for["service/tickets"] == second.got["service/tickets"] == 10
    assert len(second.seen("note")) == 10
    assert second.facts["newly_shown"] == 10
    assert second.lost == []


def test_the_ids_of_a_list_are_asked_for_once_a_capture(capture, desk, memory):
    """What looks for records shown only now, and what says which are still there, ask the same of time entries."""
    desk.lists["time/entries"] = [
        {"id": n, "timeStart": "2025-01-02T10:00:00Z", "_info": {"lastUpdated": "2025-01-02T10:00:00Z"}}
        for n in range(1, 8)
    ]
    with serving(desk) as at:
        first = capture(at, max_wait="0", ticket_parts="notes")
        desk.chosen = unmoved(desk.chosen)
        again = memory(before=first, changed=datetime(2025, 6, 1, tzinfo=UTC))
        second = capture(at, None, again, max_wait="0", ticket_parts="notes")
    asked = [exchange.url for exchange, _ in second.exchanges if "time/entries?fields=id&" in exchange.url]
    assert len(asked) == len(set(asked)) == 1
    ids = sorted(str(row["id"]) for row in desk.lists["time/entries"])
    listed = [one for kind, some, *_ in second.lists for one in some if kind == "time_entry"]
    assert sorted(listed) == ids
    assert [kind for kind, _, complete, *_ in second.lists if complete and kind == "time_entry"] == ["time_entry"]


def unmoved(chosen):
    """Of the conditions that name `lastUpdated` only those for changes since a time leave anything out here."""

    def choose(path, conditions):
        return chosen(path, re.sub(r"\(dateEntered[^)]*\)", "", conditions))

    return choose


@pytest.mark.parametrize(
    ("name", "body", "media", "kept"),
    [
        ("contract.pdf", b"<html>Sign in</html>", "text/html", False),
        ("contract.pdf", b" <html>Sign in</html>", "application/pdf", False),
        ("contract.docx", b"", "application/octet-stream", False),
        ("offer.html", b"<html>Our offer</html>", "text/html", True),
        ("offer", b"<html>12345", "text/html", True),
        ("contract.pdf", b"%PDF-1.7 x", "application/pdf", True),
    ],
)
def test_a_page_for_logging_in_is_no_attachment(capture, desk, name, body, media, kept):
    def instead(path, asked):
        if path == "system/documents":
            mine = asked["recordType"] == "Ticket" and asked["recordId"] == "1"
            return 200, [{"id": 5, "fileName": name, "size": 11}] if mine else [], []
        return (200, body, [("Content-Type", media)]) if path == "system/documents/5/download" else None

    desk.instead = instead
    with serving(desk) as at:
        found = capture(at, max_wait="0", ticket_parts="documents")
    assert found.seen("attachment") == (["5"] if kept else [])
    assert [one[:2] for one in found.lost] == ([] if kept else [("system/documents/download", "unreadable")])


@pytest.mark.parametrize("named", ["", "127.0.0.1", "localhost", "https://api-na.myconnectwise.net/"])
def test_a_host_on_this_machine_may_call_itself_otherwise(capture, desk, named):
    """A tunnel, a port that is mapped, a stand-in: keys stay where the setting says."""
    desk.info = {**INFO, "SiteUrl": named}
    assert tally(grabbed(capture, desk)) == WHOLE


@pytest.mark.parametrize(
    "named", ["evil.example", "http://[bad", "127.0.0.1:1", "api-na.myconnectwise.net.evil.example"]
)
def test_a_host_that_names_a_stranger_is_not_believed(capture, desk, named):
    desk.info = {**INFO, "SiteUrl": named}
    with pytest.raises(UnreachableError, match="its API is at"):
        grabbed(capture, desk)
    assert desk.asked == []


def test_links_and_times_in_headers():
    assert has_next('<https://a/?x=",;rel=next">; rel="last", <b>; rel="next"')
    assert not has_next('<https://a/?rel=next>; rel="last"')
    assert not has_next("")
    assert not has_next('<a>; rel="nextpage"')
    now = datetime(2025, 1, 1, 12, tzinfo=UTC)
    assert retry_after({"retry-after": " 30 "}, now) == 30
    assert retry_after({"retry-after": "9" * 400}, now) == float("inf")
    assert retry_after({"retry-after": "soon"}, now) is None
    assert retry_after({}, now) is None
    skewed = {"date": "Wed, 01 Jan 2025 09:00:00 GMT", "retry-after": "Wed, 01 Jan 2025 09:00:30 GMT"}
    assert retry_after(skewed, now) == 30  # by the clock that wrote it
    assert server_time({"date": "Wed, 01 Jan 2025 09:00:00 -0000"}) == datetime(2025, 1, 1, 9, tzinfo=UTC)
    assert server_time({"date": "yesterday"}) is None
