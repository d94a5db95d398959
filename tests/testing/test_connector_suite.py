"""The kit finds what it is there for: a connector that breaks one rule is told that rule, and nobody passes by luck."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import importlib.util
import json
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from psa_evidence.errors import RefusedError, StorageError, TransientError
from psa_evidence.records import Message, RecordSet, SourceRef
from psa_evidence.spi import RawRecord
from psa_evidence.testing.conformance import RULES, WHERE, Nonconformance, SuiteMisused
from psa_evidence.testing.connector_suite_copies import CopyTests
from psa_evidence.testing.subject import Run, Subject

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "tests" / "plugins" / "example_connector"


@pytest.fixture
def kit(monkeypatch):
    """The example's own test class, fresh: nothing remembered of earlier runs."""
    for folder in (EXAMPLE / "src", EXAMPLE / "tests"):
        monkeypatch.syspath_prepend(str(folder))
    spec = importlib.util.spec_from_file_location("tinydesk_conformance", EXAMPLE / "tests" / "test_conformance.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(Subject, "_whole", {})
    found = module.TestTinydesk()
    found.patience = 10
    return found


@pytest.fixture
def desk(kit):
    """The modules of the example, to be spoiled."""
    import psa_evidence_tinydesk.connector
    import psa_evidence_tinydesk.line
    import psa_evidence_tinydesk.reading
    import psa_evidence_tinydesk.source

    return psa_evidence_tinydesk


def breach(rule, test):
    with pytest.raises(Nonconformance) as caught:
        test()
    assert caught.value.rule == rule, str(caught.value)
    assert WHERE in str(caught.value)
    return str(caught.value)


def spoil_ask(monkeypatch, desk, change):
    """Replace what `Line.ask` gives back."""
    ask = desk.line.Line.ask

    async def spoiled(self, target):
        return await change(self, target, await ask(self, target))

    monkeypatch.setattr(desk.line.Line, "ask", spoiled)


def test_a_write_is_noticed(kit, desk, monkeypatch):
    async def nosy(self, target, found):
        await self._client.request("DELETE", self._site + "/api/tickets/101")
        return found

    spoil_ask(monkeypatch, desk, nosy)
    assert "DELETE /api/tickets/101" in breach(1, kit.test_only_reads)


def test_a_followed_redirect_is_noticed(kit, desk, monkeypatch):
    init = desk.line.Line.__init__

    def trusting(self, site, token):
        init(self, site, token)
        self._client.follow_redirects = True

    monkeypatch.setattr(desk.line.Line, "__init__", trusting)
    breach(2, kit.test_is_not_led_to_another_host)


def test_decoded_bytes_are_noticed(kit, desk, monkeypatch):
    async def decoding(self, target, found):
        if found.exchange is None:
            return found
        return dataclasses.replace(found, exchange=dataclasses.replace(found.exchange, response_body=found.body))

    spoil_ask(monkeypatch, desk, decoding)
    breach(3, kit.test_bytes_are_kept_as_they_were_served)


def test_a_key_in_the_stored_headers_is_noticed(kit, desk, monkeypatch):
    monkeypatch.setattr(desk.line, "SECRET_HEADERS", set())
    breach(4, kit.test_no_secret_leaves_the_run)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("fact", "a fact"), ("note", "the progress"), ("log", "a log line"), ("address", "the address of a request"),
    ],
)  # fmt: skip
def test_a_key_that_leaks_anywhere_is_noticed(kit, desk, monkeypatch, where, said):
    fetch, page = desk.source.TinydeskSource.fetch, desk.source.TinydeskSource._page

    async def leaking(self, scope, recorder):
        import logging

        token = self.line._token
        if where == "fact":
            recorder.fact("role", f"key {token}")
        elif where == "note":
            recorder.progress.note(f"using {token}")
        elif where == "log":
            logging.getLogger("tinydesk").debug("using %s", token)
        await fetch(self, scope, recorder)

    monkeypatch.setattr(desk.source.TinydeskSource, "fetch", leaking)
    if where == "address":
        monkeypatch.setattr(
            desk.source.TinydeskSource, "_page", lambda self, *at: f"{page(self, *at)}&key={self.line._token}"
        )
    message = breach(4, kit.test_no_secret_leaves_the_run)
    assert f"A secret stands in {said}." in message
    assert kit.secrets["token"] not in message


@pytest.mark.parametrize(("pointer", "found"), [("/says/1/text", True), ("/a~1b", True),
                                                ("/says/2/text", False), ("/says/text", False)])  # fmt: skip
def test_a_source_of_a_plain_copy_is_looked_for_as_the_verifier_does(pointer, found):
    """Also within an array, which the verifier looks into."""
    body = json.dumps({"says": [{}, {"text": "No mail"}], "a/b": "No mail"}).encode()
    raw = RawRecord(kind="note", id="5", body=body, sha256=hashlib.sha256(body).hexdigest(), client=None, parent=None,
                    capture="x", captured_at=datetime(2026, 1, 1, tzinfo=UTC))  # fmt: skip
    note = Message(source=SourceRef("note", "5", raw.sha256), id="5", ticket_id="1", text="No mail", at=None)

    class Copies(CopyTests):
        connector = SimpleNamespace(
            info=SimpleNamespace(copied=(("note.text", (pointer,)),)),
            interpret=lambda _raws: RecordSet(messages=(note,)),
        )

        def whole(self):
            return SimpleNamespace(memory=SimpleNamespace(raws=lambda: [raw]))

    test = Copies().test_plain_copies_are_what_the_records_say
    if found:
        test()
    else:
        assert "gives None" in breach(16, test)
    Copies.connector.info.copied = (("note.ticket_id", ("/says/1/id",)),)
    test()  # its parent says on which ticket it hangs
    Copies.connector.info.copied = (("note.ticket_id", ("/says/1/text",)),)
    assert "is '1'" in breach(16, test)


def test_data_that_is_kept_though_it_quotes_the_key_is_noticed(kit, desk, monkeypatch):
    kit.test_data_that_quotes_a_secret_is_not_kept()
    monkeypatch.setattr(desk.line, "quotes", lambda _body, _token: False)
    message = breach(4, kit.test_data_that_quotes_a_secret_is_not_kept)
    assert "A secret stands in the answer's body kept for http" in message
    assert kit.secrets["token"] not in message


@pytest.mark.parametrize("shift", [(1, 0), (0, 1), (0, 10**6)], ids=["begins late", "ends late", "beyond the body"])
def test_a_span_that_is_off_is_noticed(kit, desk, monkeypatch, shift):
    sighting = desk.source._sighting
    first, last = shift
    monkeypatch.setattr(
        desk.source, "_sighting", lambda kind, row, start, end: sighting(kind, row, start + first, end + last)
    )
    breach(5, kit.test_marks_are_the_records_bytes)


def test_a_list_that_ends_early_is_noticed(kit, desk, monkeypatch):
    monkeypatch.setattr(desk.source, "MOST_PAGES", 1)
    breach(6, kit.test_brings_every_record_that_is_there)


def test_a_count_that_does_not_add_up_is_noticed(kit, desk, monkeypatch):
    fetch = desk.source.TinydeskSource.fetch

    async def boasting(self, scope, recorder):
        await fetch(self, scope, recorder)
        recorder.received("tickets", 1)

    monkeypatch.setattr(desk.source.TinydeskSource, "fetch", boasting)
    assert "asked 7, received 8" in breach(6, kit.test_counts_are_reconciled)


@pytest.mark.parametrize("told", ["nothing", "zero"])
def test_a_permission_taken_for_an_empty_list_is_noticed(kit, desk, monkeypatch, told):
    ask = desk.line.Line.ask

    async def blind(self, target):
        found = await ask(self, target)
        body = b'{"total": 0, "rows": []}'
        return desk.line.Found({"total": 0, "rows": []}, None, body) if found.problem == "no permission" else found

    monkeypatch.setattr(desk.line.Line, "ask", blind)
    if told == "zero":
        missing = desk.source.TinydeskSource._list

        async def both(self, resource, kind, scope, recorder):
            rows = await missing(self, resource, kind, scope, recorder)
            if not rows and kind == "client":
                recorder.missing(resource, "no permission", count=0)
            return rows

        monkeypatch.setattr(desk.source.TinydeskSource, "_list", both)
    breach(6, kit.test_a_missing_permission_is_missing_not_zero)


def test_impatience_is_noticed(kit, desk, monkeypatch):
    monkeypatch.setattr(desk.line, "_pause", lambda exchange, attempt: 0.01)
    assert "Retry-After said 1" in breach(7, kit.test_waits_as_long_as_a_429_says)


def test_giving_up_at_once_is_noticed(kit, desk, monkeypatch):
    monkeypatch.setattr(desk.line, "TRIES", 1)
    breach(7, kit.test_asks_again_after_a_5xx)


def test_a_loop_without_end_is_noticed(kit, desk, monkeypatch):
    pages = desk.source.TinydeskSource._list

    async def endless(self, resource, kind, scope, recorder):
        page = 1
        while (await self.line.ask(self._page(resource, page))).value["rows"]:
            page += 1
        return await pages(self, resource, kind, scope, recorder)

    monkeypatch.setattr(desk.source.TinydeskSource, "_list", endless)
    assert "went on" in breach(8, kit.test_pages_that_repeat_come_to_an_end)


def test_a_fetch_that_blocks_is_left(kit, desk, monkeypatch):
    async def blocking(self, scope, recorder):
        time.sleep(3)  # noqa: ASYNC251 - what a bad connector does

    monkeypatch.setattr(desk.source.TinydeskSource, "fetch", blocking)
    kit.patience = 0.2
    assert "had not ended" in breach(8, kit.test_only_reads)


def test_forgetting_what_was_acknowledged_is_noticed(kit, desk, monkeypatch):
    from psa_evidence.testing.recording import Memory

    class Forgetful(Memory):
        def done(self, unit, basis=""):
            return False

    monkeypatch.setattr("psa_evidence.testing.connector_suite_fetching.Memory", Forgetful)
    assert "asked for again" in breach(9, kit.test_goes_on_after_a_stop_without_asking_again)


def test_swallowing_a_full_disk_is_noticed(kit, desk, monkeypatch):
    fetch = desk.source.TinydeskSource.fetch

    async def careless(self, scope, recorder):
        try:
            await fetch(self, scope, recorder)
        except StorageError:
            recorder.missing("tickets", "gave up")

    monkeypatch.setattr(desk.source.TinydeskSource, "fetch", careless)
    breach(10, kit.test_goes_on_after_a_stop_without_asking_again)


def test_a_foreign_error_is_noticed(kit, desk, monkeypatch):
    async def crash(self, scope, recorder):
        raise KeyError("id")

    monkeypatch.setattr(desk.source.TinydeskSource, "fetch", crash)
    assert "KeyError" in breach(10, kit.test_only_reads)


def test_refused_keys_that_are_called_a_hiccup_are_noticed(kit, desk, monkeypatch):
    async def crash(self, scope, recorder):
        try:
            await fetch(self, scope, recorder)
        except RefusedError:
            raise TransientError("Something.") from None

    fetch = desk.source.TinydeskSource.fetch
    monkeypatch.setattr(desk.source.TinydeskSource, "fetch", crash)
    breach(10, kit.test_refused_keys_are_an_error_that_shows_no_secret)


def test_records_in_the_order_they_came_are_noticed(kit, desk, monkeypatch):
    monkeypatch.setattr(desk.reading, "_ordered", lambda records, when="": tuple(records))
    monkeypatch.setattr(desk.reading, "sorted", lambda items, **_: list(items), raising=False)
    assert "tickets" in breach(11, kit.test_order_and_repetition_change_nothing)


@pytest.mark.parametrize(
    ("line", "touched"),
    [
        ("import time; time.time()", "the clock (time"),
        ("from datetime import datetime; datetime.now()", "the clock (now"),
        ("import random; random.random()", "chance"),
        ("open('result.txt', 'w').close()", "a file (result.txt)"),
        ("import socket; socket.socket().close()", "socket"),
        ("import os; os.listdir('.')", "os.listdir"),
    ],
)
def test_what_interpretation_touches_is_noticed(kit, tmp_path, monkeypatch, line, touched):
    (tmp_path / "touching.py").write_text(
        "from psa_evidence_tinydesk import connector as inner\n"
        "class C:\n"
        "    info = inner.info\n"
        "    def open(self, *a): return inner.open(*a)\n"
        f"    def interpret(self, raw):\n        {line}\n        return inner.interpret(raw)\n"
        "connector = C()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "touching", raising=False)
    monkeypatch.chdir(tmp_path)
    kit.target = "touching:connector"
    assert touched in breach(11, kit.test_another_process_reads_the_same_and_touches_nothing)


def test_an_order_of_the_hash_seed_is_noticed(kit, tmp_path, monkeypatch):
    (tmp_path / "seeded.py").write_text(
        "import dataclasses\n"
        "from psa_evidence_tinydesk import connector as inner\n"
        "class C:\n"
        "    info = inner.info\n"
        "    def open(self, *a): return inner.open(*a)\n"
        "    def interpret(self, raw):\n"
        "        found = inner.interpret(raw)\n"
        "        order = list({t.source.sha256 for t in found.tickets})\n"
        "        tickets = tuple(sorted(found.tickets, key=lambda t: order.index(t.source.sha256)))\n"
        "        return dataclasses.replace(found, tickets=tickets)\n"
        "connector = C()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "seeded", raising=False)
    kit.target = "seeded:connector"
    assert "tickets" in breach(11, kit.test_another_process_reads_the_same_and_touches_nothing)


def test_an_interpretation_that_raises_is_noticed(kit, desk, monkeypatch):
    monkeypatch.setattr(desk.reading, "_row", lambda one: json.loads(one.body))
    breach(12, kit.test_damaged_bytes_are_unread_not_an_error)


def test_a_record_that_is_left_out_is_noticed(kit, desk, monkeypatch):
    monkeypatch.setattr(desk.reading, "Unread", lambda **_: None)
    interpret = desk.reading.interpret

    def silent(raw):
        return dataclasses.replace(interpret(raw), unread=())

    monkeypatch.setattr(desk.connector, "interpret", silent, raising=False)
    monkeypatch.setattr(type(kit.connector), "interpret", lambda self, raw: silent(raw))
    breach(12, kit.test_damaged_bytes_are_unread_not_an_error)


def test_a_silent_unknown_field_is_noticed(kit, desk, monkeypatch):
    from psa_evidence.records import SourceRef

    monkeypatch.setattr(desk.reading, "_source", lambda one, row: SourceRef(one.kind, one.id, one.sha256))
    breach(13, kit.test_unknown_fields_are_named)


def test_changed_bytes_of_which_nothing_could_be_marked_are_named(kit):
    """Not called a misuse of the suite: the bytes are the connector's fault."""
    run = kit.whole()
    for at, kept in enumerate(run.memory.kept):
        changed = dataclasses.replace(kept.exchange, response_body=kept.exchange.response_body + b" ")
        run.memory.kept[at] = dataclasses.replace(kept, exchange=changed, sightings=())
    assert "none that the server served" in breach(3, kit.test_reads_what_it_fetched)


def test_records_that_could_not_be_marked_and_are_called_missing_are_no_misuse(kit, desk, monkeypatch):
    def unreadable(exchange):
        raise ValueError

    monkeypatch.setattr(desk.line, "decoded", unreadable)
    assert "unreadable" in breach(6, kit.test_nulls_are_named)


def test_silent_nulls_are_noticed(kit, desk, monkeypatch):
    source = desk.reading._source
    monkeypatch.setattr(desk.reading, "_source", lambda one, row: dataclasses.replace(source(one, row), nulls=()))
    assert "do not name it in `nulls`" in breach(13, kit.test_nulls_are_named)


@pytest.mark.parametrize("tidy", [str.strip, lambda t: t[:1000], lambda t: re.sub("<[^>]*>", "", t)],
                         ids=["strip", "cut", "clean"])  # fmt: skip
def test_a_text_that_was_tidied_is_noticed(kit, desk, monkeypatch, tidy):
    text = desk.reading._text
    monkeypatch.setattr(desk.reading, "_text", lambda row, name: tidy(text(row, name)))
    breach(14, kit.test_text_comes_out_as_it_went_in)


def test_a_printing_connector_is_noticed(kit, desk, monkeypatch):
    fetch = desk.source.TinydeskSource.fetch

    async def chatty(self, scope, recorder):
        print("fetching")  # noqa: T201
        await fetch(self, scope, recorder)

    monkeypatch.setattr(desk.source.TinydeskSource, "fetch", chatty)
    breach(15, kit.test_prints_nothing)


def test_something_else_than_records_is_noticed(kit, monkeypatch):
    kit.whole()
    monkeypatch.setattr(type(kit.connector), "interpret", lambda self, raw: [RecordSet()])
    breach(11, kit.test_no_records_give_an_empty_set)


@pytest.mark.parametrize(
    ("name", "value", "test"),
    [
        ("expected", {}, "test_brings_every_record_that_is_there"),
        ("secrets", {}, "test_no_secret_leaves_the_run"),
        ("refusals", {}, "test_a_missing_permission_is_missing_not_zero"),
        ("texts", {}, "test_text_comes_out_as_it_went_in"),
        ("texts", {"ticket": "subject"}, "test_text_comes_out_as_it_went_in"),
        ("paging", (), "test_pages_that_repeat_come_to_an_end"),
        ("target", "tinydesk", "test_it_is_a_connector"),
    ],
)
def test_what_cannot_be_judged_does_not_pass(kit, name, value, test, monkeypatch):
    whole = kit.whole()
    monkeypatch.setattr(type(kit), name, value)
    assert isinstance(whole, Run)
    with pytest.raises(SuiteMisused, match="cannot judge"):
        getattr(kit, test)()


def test_marks_in_plain_ascii_are_not_judged(kit, monkeypatch):
    """Who counts characters in place of bytes is right there."""
    fake = importlib.import_module("fake_tinydesk")
    monkeypatch.setattr(fake, "_json", lambda value: fake.Answer(body=json.dumps(value).encode()))
    with pytest.raises(SuiteMisused, match="more than one byte"):
        kit.test_marks_are_the_records_bytes()


def test_the_rules_are_those_of_the_guide():
    guide = (ROOT / WHERE).read_text(encoding="utf-8")
    for number, rule in RULES.items():
        assert f"{number}. **{rule}**" in guide


def test_the_kit_needs_no_pytest():
    code = (
        "import sys; sys.modules['pytest'] = None\n"
        "import psa_evidence.testing.connector_suite, psa_evidence.testing.fake_server\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_no_product_code_imports_the_kit():
    found = [
        path.name
        for path in (ROOT / "psa_evidence").rglob("*.py")
        if "testing" not in path.parts and re.search(r"psa_evidence\.testing", path.read_text(encoding="utf-8"))
    ]
    assert found == []
