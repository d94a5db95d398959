import gzip
import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from warcio.archiveiterator import ArchiveIterator

from psa_evidence.errors import SourceError, StorageError
from psa_evidence.spi import Scope, Sighting
from psa_evidence.vault import Vault


def lines_of(vault, capture):
    with gzip.open(vault.path / "captures" / capture / "records.jsonl.gz") as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize("direct", [True, False])
def test_a_record_is_the_bytes_of_its_span_as_received(vault, kit, direct):
    writer = kit.begin(vault, direct=direct)
    page, spans = kit.json_page([{"id": 1, "t": "\u00e9"}, {"id": 2}], compact=False)
    body = gzip.decompress(page.response_body)
    writer.keep(page, [Sighting(kind="board", id=str(i), start=s, end=e) for i, (s, e) in enumerate(spans)])
    info = writer.finish()
    assert (info.state, info.exchanges, info.records, info.new_versions) == ("complete", 1, 2, 2)
    for record, (start, end) in zip(vault.select(connection="main", client="-"), spans, strict=True):
        assert record.body == body[start:end]
        assert record.sha256 == hashlib.sha256(body[start:end]).hexdigest()


@pytest.mark.parametrize("coding", [None, "gzip"])
def test_the_digest_of_a_file_is_that_of_its_response_unless_the_response_came_packed(vault, kit, coding):
    body = b"%PDF-1.7 " * 20
    writer = kit.begin(vault)
    page = kit.exchange(body, coding=coding)
    writer.keep(page, [Sighting(kind="attachment", id="1", start=0, end=len(body))])
    part = kit.exchange(body)
    writer.keep(part, [Sighting(kind="attachment", id="2", start=0, end=len(body) - 1)])
    info = writer.finish()
    with (vault.path / "captures" / info.id / "exchanges-000.warc.gz").open("rb") as file:
        found = [r.rec_headers["WARC-Payload-Digest"] for r in ArchiveIterator(file) if r.rec_type == "response"]
    assert found == [f"sha256:{hashlib.sha256(each.response_body).hexdigest()}" for each in (page, part)]


def test_the_list_says_where_each_record_stands(vault, kit):
    writer = kit.begin(vault)
    kit.fill(writer)
    info = writer.finish()
    head, *lines = lines_of(vault, info.id)
    assert (head["capture"], head["connection"], head["scope"]["clients"]) == (info.id, "main", [])
    here = None
    for line in lines:
        if "exchange" in line:
            here = line["exchange"]
        else:
            assert (line["file"], line["offset"]) == (here["file"], here["offset"])
    assert info.records == sum("kind" in line for line in lines)
    assert {line["version"] for line in lines if "kind" in line} == {"new"}


def test_an_unchanged_record_is_seen_again_and_a_changed_one_is_a_second_version(filled, kit):
    world = kit.World()
    world.tickets[4]["summary"] = "edited"
    writer = kit.begin(filled, clock=kit.Ticking(kit.START + timedelta(days=1)))
    kit.fill(writer, world)
    info = writer.finish()
    assert (info.records, info.new_versions) == (23, 1)
    versions = filled.versions("main", "ticket", "4")
    assert [v.capture for v in versions] == [c.id for c in filled.captures()]
    assert versions[0].sha256 != versions[1].sha256
    [record] = [r for r in filled.select(connection="main", client="20") if r.key == "ticket/4"]
    assert b"edited" in record.body
    assert filled.seals()[1].leaves == 23


def test_a_record_that_changes_back_is_a_third_version(filled, kit):
    for summary in ("edited", None):
        world = kit.World()
        if summary:
            world.tickets[4]["summary"] = summary
        writer = kit.begin(filled)
        kit.fill(writer, world)
        writer.finish()
    digests = [v.sha256 for v in filled.versions("main", "ticket", "4")]
    assert len(digests) == 3
    assert digests[0] == digests[2] != digests[1]


@pytest.mark.parametrize("direct", [True, False])
def test_a_record_seen_twice_in_one_run_is_one_version(vault, kit, direct):
    writer = kit.begin(vault, direct=direct)
    for _ in range(3):
        writer.keep(*kit.rows_exchange("board", [{"id": 1}, {"id": 1}]))
    info = writer.finish()
    assert (info.records, info.new_versions) == (6, 1)


def test_the_same_id_on_another_connection_is_another_record(filled, kit):
    writer = kit.begin(filled, connection="second")
    kit.fill(writer)
    assert writer.finish().new_versions == 23
    assert len(filled.clients()) == 4
    assert len(filled.clients("second")) == 2


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (0, 10_000), (5, 4)])
def test_a_span_outside_the_body_is_refused_and_nothing_of_the_exchange_is_stored(vault, kit, start, end):
    writer = kit.begin(vault)
    with pytest.raises(SourceError, match="outside"):
        writer.keep(kit.exchange(b'{"id":1}'), [Sighting(kind="board", id="1", start=start, end=end)])
    assert writer.finish().exchanges == 0


def test_counts_that_agree_make_a_capture_complete(vault, kit):
    writer = kit.begin(vault)
    writer.asked("tickets", 5)
    writer.received("tickets", 2)
    writer.received("tickets", 3)
    writer.received("boards", 1)
    writer.fact("version", "v2026.1")
    info = writer.finish()
    assert info.state == "complete"
    assert info.counts == {"tickets": {"asked": 5, "received": 5}, "boards": {"asked": None, "received": 1}}
    assert info.facts == {"version": "v2026.1"}


@pytest.mark.parametrize(("received", "count"), [(3, 2), (7, 0)])
def test_a_count_that_nothing_explains_makes_it_partial_and_is_listed(vault, kit, received, count):
    writer = kit.begin(vault)
    writer.asked("tickets", 5)
    writer.received("tickets", received)
    info = writer.finish()
    assert info.state == "partial"
    [missing] = info.missing
    assert (missing["resource"], missing["reason"], missing["count"]) == ("tickets", "count differs", count)
    assert f"received {received}" in missing["detail"]


def test_what_is_missing_is_listed_with_its_reason_and_makes_it_partial(vault, kit):
    writer = kit.begin(vault)
    writer.asked("invoices", 9)
    writer.missing("invoices", "no permission", count=9, detail="status 403")
    writer.missing("surveys", "gave up")
    info = writer.finish()
    assert info.state == "partial"
    assert [m["reason"] for m in info.missing] == ["no permission", "gave up"]
    assert Vault.open(vault.path).captures() == (info,)


def test_a_reason_of_ones_own_is_refused(vault, kit):
    writer = kit.begin(vault)
    with pytest.raises(SourceError, match="not known"):
        writer.missing("invoices", "did not feel like it")
    writer.abort("test")


def test_units_are_done_on_the_same_basis_only_and_for_this_connection(filled, kit):
    writer = kit.begin(filled)
    assert writer.done("tickets/1/notes", kit.World().tickets[1]["entered"])
    assert not writer.done("tickets/1/notes", "later")
    assert not writer.done("tickets/99/notes")
    writer.keep(kit.exchange(b"[]"), unit="tickets/99/notes")
    assert writer.done("tickets/99/notes")
    writer.finish()
    other = kit.begin(filled, connection="second")
    assert not other.done("tickets/99/notes")
    other.finish()


def test_many_units_are_remembered_while_they_wait_and_after(vault, kit):
    writer = kit.begin(vault, direct=False)
    for number in range(3000):
        writer.keep(kit.exchange(b"[]"), unit=f"u/{number}", basis="b")
        assert writer.done(f"u/{number}", "b")
    assert all(writer.done(f"u/{number}", "b") for number in range(0, 3000, 50))
    writer.finish()


def test_changes_are_asked_for_since_the_last_capture_that_covered_the_scope_and_had_the_whole_resource(vault, kit):
    def run(scope, state=None, resource="tickets", lacking=""):
        writer = kit.begin(vault, scope=scope)
        writer.received(resource, 1)
        if lacking:
            writer.missing(lacking, "gave up", count=1)
        return writer.finish(state)

    first = run(Scope(clients=("10", "20")), lacking="invoices")
    run(Scope(), lacking="tickets/notes")
    run(Scope(), "failed")
    run(Scope(clients=("10",)), resource="boards")
    writer = kit.begin(vault, scope=Scope(clients=("20",)))
    assert writer.changed_since("tickets") == first.started_at - timedelta(minutes=10)
    assert writer.changed_since("invoices") is None
    writer.finish()
    for wider in (Scope(), Scope(clients=("20", "30"))):
        writer = kit.begin(vault, scope=wider)
        assert writer.changed_since("tickets") is None
        writer.finish()
    other = kit.begin(vault, connection="second", scope=Scope(clients=("20",)))
    assert other.changed_since("tickets") is None
    other.finish()


@pytest.mark.parametrize(
    ("offset", "seconds"), [(-3600.0, 3600), (3600.0, 0), (None, 0), (True, 0), ("-3600", 0), (-1e12, 0)]
)
def test_changes_are_asked_for_by_the_clock_of_the_source(vault, kit, offset, seconds):
    """What changes after a capture bears the source's time: where that is behind ours it lies before the capture."""
    writer = kit.begin(vault)
    writer.received("tickets", 1)
    writer.fact("clock_offset_seconds", offset)
    first = writer.finish()
    again = kit.begin(vault)
    assert again.changed_since("tickets") == first.started_at - timedelta(minutes=10, seconds=seconds)
    again.finish()


def test_which_records_are_known(vault, kit):
    writer = kit.begin(vault)
    writer.keep(*kit.rows_exchange("ticket", [{"id": 7}]))
    writer.finish()
    again = kit.begin(vault)
    again.present("ticket", ["8"], complete=True)
    assert again.known("ticket", ["7", "8"]) == {"7"}
    assert again.known("note", ["7"]) == set()
    again.finish()
    after = kit.begin(vault)
    assert after.known("ticket", ["7"]) == set()  # it had vanished: when it is shown again, it is fetched again
    after.finish()
    other = kit.begin(vault, connection="second")
    assert other.known("ticket", ["7"]) == set()
    other.finish()


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        (Scope(), Scope(clients=("1",)), True),
        (Scope(clients=("1",)), Scope(), False),
        (Scope(since=datetime(2026, 1, 1, tzinfo=UTC)), Scope(), False),
        (Scope(since=datetime(2026, 1, 1, tzinfo=UTC)), Scope(since=datetime(2026, 2, 1, tzinfo=UTC)), True),
        (Scope(until=datetime(2026, 1, 1, tzinfo=UTC)), Scope(until=datetime(2026, 2, 1, tzinfo=UTC)), False),
        (Scope(until=datetime(2026, 3, 1, tzinfo=UTC)), Scope(until=datetime(2026, 2, 1, tzinfo=UTC)), True),
        (Scope(attachments=False), Scope(), False),
        (Scope(), Scope(attachments=False), True),
        (Scope(max_attachment_bytes=1), Scope(), False),
    ],
)
def test_a_scope_covers_another_only_when_it_holds_all_of_it(earlier, later, expected):
    from psa_evidence.vault.info import covers

    assert covers(earlier, later) is expected


def test_two_runs_at_once_are_refused_with_the_next_step(vault, kit):
    first = kit.begin(vault)
    with pytest.raises(StorageError, match="Another run") as caught:
        kit.begin(Vault.open(vault.path))
    assert caught.value.next_step
    first.finish()
    kit.begin(vault).finish()


def test_a_reader_sees_a_capture_when_it_is_sealed_and_not_before(filled, kit):
    writer = kit.begin(filled)
    world = kit.World()
    world.tickets[4]["summary"] = "edited"
    kit.fill(writer, world)
    reader = Vault.open(filled.path)
    assert len(reader.captures()) == 1
    assert len(reader.versions("main", "ticket", "4")) == 1
    assert not any(b"edited" in r.body for r in reader.select(connection="main", client="20"))
    writer.finish()
    assert len(reader.versions("main", "ticket", "4")) == 2


def test_files_roll_over_and_records_are_found_in_each(vault, kit, monkeypatch):
    import psa_evidence.vault.vault as module

    original = module.CaptureFiles
    monkeypatch.setattr(module, "CaptureFiles", lambda *a, **k: original(*a, **k, roll_bytes=2000))
    writer = kit.begin(vault)
    kit.fill(writer)
    info = writer.finish()
    names = sorted(p.name for p in (vault.path / "captures" / info.id).glob("exchanges-*"))
    assert len(names) > 2
    assert names[:2] == ["exchanges-000.warc.gz", "exchanges-001.warc.gz"]
    assert {f.path.rpartition("/")[2] for f in vault.seals()[0].files} == {*names, "capture.json", "records.jsonl.gz"}
    assert len(vault.select(connection="main", client="20")) == 12


def test_a_failed_capture_keeps_what_arrived_and_its_units(vault, kit):
    writer = kit.begin(vault)
    kit.fill(writer)
    info = writer.abort("AuthenticationError: The keys were not accepted.")
    assert (info.state, info.records) == ("failed", 23)
    assert info.failure.startswith("AuthenticationError")
    assert len(vault.select(connection="main", client="20")) == 12
    again = kit.begin(vault)
    assert again.done("tickets/1/notes", kit.World().tickets[1]["entered"])
    assert again.changed_since("tickets") is None
    again.finish()


def test_no_thread_and_no_lock_outlives_a_capture(vault, kit):
    before = threading.active_count()
    for end in ("finish", "abort"):
        writer = kit.begin(vault, direct=False)
        kit.fill(writer)
        writer.finish() if end == "finish" else writer.abort("test")
        assert threading.active_count() == before
        with pytest.raises(RuntimeError):
            writer.finish()


def test_custody_says_who_captured_and_what_was_sealed(filled):
    captured, sealed = filled.custody.read()
    [info], [seal] = filled.captures(), filled.seals()
    assert (captured["action"], captured["who"], captured["subject"]) == ("captured", "tester", info.id)
    assert captured["detail"] == {"connection": "main", "exchanges": 11, "records": 23, "state": "complete"}
    assert (sealed["action"], sealed["detail"]) == ("sealed", {"digest": seal.digest(), "seal": 1})
    filled.log("accessed", "Acme v. Northwind", {"records": 12}, who="owner", at=datetime(2026, 4, 1, tzinfo=UTC))
    assert filled.custody.read()[-1]["at"] == "2026-04-01T00:00:00Z"


def test_a_hold_is_recorded_and_logged(filled):
    at = datetime(2026, 4, 1, tzinfo=UTC)
    filled.hold(matter="Acme", connection="main", client="10", reason="demand letter", who="owner", at=at)
    [hold] = Vault.open(filled.path).holds()
    assert (hold.matter, hold.client, hold.reason, hold.at) == ("Acme", "10", "demand letter", at)
    assert filled.custody.read()[-1]["action"] == "held"
