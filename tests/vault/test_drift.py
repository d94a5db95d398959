"""Several captures of a small PSA that edits, deletes and back-dates in between."""

from datetime import timedelta

import pytest

from psa_evidence.errors import VaultError
from psa_evidence.format.compare import FieldChange, IncomparableError, compare
from psa_evidence.spi import Below, ConnectorInfo
from psa_evidence.vault import Hidden, Vault
from psa_evidence.vault.tombstones import read_tombstones

ABOUT = ConnectorInfo(
    name="fake", title="", version="1", settings=(), volatile=("/_info/*",), editor="/_info/by", edited_at="/_info/at"
)


def ticket(number, *, client=10, **more):
    return {"id": number, "client": client, "entered": f"2026-02-{number:02d}T09:00:00+00:00", "summary": "s", **more}


@pytest.fixture
def capture(vault, kit):
    """Capture these tickets; `lists` are arguments of `present`."""
    clock = kit.Ticking()

    def run(*tickets, lists=(), kind="ticket", after=timedelta(days=1), abort=None, into=None, missing=(), asked=()):
        clock.now += after
        writer = kit.begin(into or vault, clock=clock)
        if tickets:
            page, seen = kit.rows_exchange(kind, list(tickets), at="entered", when=clock.now)
            writer.keep(page, seen)
        for resource in asked:
            writer.asked(resource, 1)
        for args in missing:
            resource, reason, *rest = args
            writer.missing(resource, reason, **(rest[0] if rest else {}))
        for args, more in lists:
            writer.keep(kit.exchange(b"[]", url="https://psa.example/api/ids", at=clock.now))
            writer.present(*args, **more)
        return writer.abort(abort) if abort else writer.finish()

    return run


def whole(*ids, **more):
    return (("ticket", [str(i) for i in ids]), {"complete": True, **more})


def stones(vault):
    return [(t.kind, t.id, t.capture) for t in vault.tombstones("main")]


def test_an_edit_names_field_old_and_new_and_volatile_fields_stand_apart(vault, capture):
    capture(ticket(1, status={"name": "New"}, _info={"lastUpdated": "a"}), ticket(2), ticket(3, _info={"x": "1"}))
    capture(ticket(1, status={"name": "Done"}, _info={"lastUpdated": "b"}), ticket(3, _info={"x": "2"}))
    drift = vault.drift(connection="main", about=ABOUT)
    [step] = drift.edits
    assert (step.before.seal, step.after.seal, step.after.id) == (1, 2, "1")
    assert step.fields == (FieldChange("/status/name", '"New"', '"Done"'),)
    assert step.volatile == (FieldChange("/_info/lastUpdated", '"a"', '"b"'),)
    assert drift.volatile_only == 1
    assert drift.volatile_fields == {"/_info/lastUpdated": 1, "/_info/x": 1}
    assert (drift.known, drift.unchanged, drift.not_fetched) == (3, 0, 1)


def test_every_version_in_between_is_a_step_and_since_leaves_out_what_was_before(vault, capture):
    for number, text in enumerate("abc"):
        capture(ticket(1, note=text), ticket(10 + number))
    pairs = [(s.before.seal, s.after.seal) for s in vault.drift(connection="main").edits]
    assert pairs == [(1, 2), (2, 3)]
    later = vault.drift(connection="main", since=2)
    assert [(s.before.seal, s.after.seal) for s in later.edits] == [(2, 3)]
    assert (later.known, later.unchanged, later.not_fetched, later.added) == (3, 0, 2, {"ticket": 1})


def test_what_was_not_fetched_again_is_not_called_unchanged(vault, capture):
    """Of a record that the PSA named no update of, or did not show, nobody knows more than that."""
    capture(ticket(1), ticket(1), ticket(2), ticket(3))
    drift = vault.drift(connection="main")
    assert (drift.known, drift.unchanged, drift.not_fetched) == (3, 0, 3)
    capture(ticket(2), ticket(4))
    capture(ticket(3, note="edited"))
    drift = vault.drift(connection="main")
    assert (drift.known, drift.unchanged, drift.not_fetched, len(drift.edits)) == (4, 1, 2, 1)
    later = vault.drift(connection="main", since=2)
    assert (later.known, later.unchanged, later.not_fetched) == (4, 0, 3)
    some = vault.drift(connection="main", keys=[("ticket", "1"), ("ticket", "2")])
    assert (some.known, some.unchanged, some.not_fetched) == (2, 1, 1)


def test_a_record_left_out_of_a_complete_list_gets_a_tombstone_with_both_evidences(vault, capture):
    first = capture(ticket(1), ticket(2))
    second = capture(lists=[whole(1)])
    assert second.vanished == 1
    [stone] = vault.drift(connection="main").vanished
    assert (stone.key, stone.last.capture, stone.last.seal, stone.versions) == ("ticket/2", first.id, 1, 1)
    [version] = vault.versions("main", "ticket", "2")
    assert (stone.last.leaf, stone.last.sha256) == (version.leaf, version.sha256)
    assert (stone.absence.listed, stone.absence.url) == (1, "https://psa.example/api/ids")
    path = f"captures/{second.id}/tombstones.jsonl.gz"
    assert path in [f.path for f in vault.seals()[1].files]
    assert list(read_tombstones(vault.path / "captures" / second.id)) == [stone]


@pytest.mark.parametrize(
    "lists",
    [
        [],
        [(("ticket", ["1"]), {"complete": False})],
        [(("ticket", []), {"complete": False, "problem": "no permission"})],
        [(("note", []), {"complete": True})],
        [whole(1, clients=["99"])],
        [whole(1, parent="ticket/7")],
        [whole(1), (("ticket", ["2"]), {"complete": False})],
    ],
    ids=["no list", "cut off", "no permission", "other kind", "other client", "other parent", "listed elsewhere"],
)
def test_without_a_complete_list_that_would_hold_it_nothing_vanishes(vault, capture, lists):
    capture(ticket(1), ticket(2))
    capture(lists=lists)
    assert stones(vault) == []


def test_what_the_same_capture_saw_has_not_vanished(vault, capture):
    capture(ticket(1), ticket(2))
    capture(ticket(2), ticket(3), lists=[whole(1)])
    assert stones(vault) == []


def test_a_tombstone_is_made_once_and_a_record_seen_again_is_a_new_version(vault, capture):
    capture(ticket(1), ticket(2))
    gone = capture(lists=[whole(1)])
    capture(lists=[whole(1)])
    assert stones(vault) == [("ticket", "2", gone.id)]
    again = capture(ticket(2))
    assert again.new_versions == 1
    drift = vault.drift(connection="main")
    assert (drift.vanished, [t.id for t in drift.returned]) == ((), ["2"])
    assert [v.seal for v in vault.versions("main", "ticket", "2")] == [1, 4]
    twice = capture(lists=[whole(1)])
    assert stones(vault) == [("ticket", "2", gone.id), ("ticket", "2", twice.id)]


def test_tombstones_are_the_same_after_a_reindex_and_in_a_failed_capture(vault, capture):
    capture(ticket(1), ticket(2), ticket(3, client=20))
    capture(lists=[whole(1, 3)], abort="cut")
    before = vault.tombstones("main")
    assert [t.id for t in before] == ["2"]
    vault.reindex()
    assert vault.tombstones("main") == before
    assert vault.drift(connection="main", client="20").vanished == ()
    assert [t.id for t in vault.drift(connection="main", client="10").vanished] == ["2"]


def test_an_interrupted_capture_gets_its_tombstones_when_it_is_recovered(vault, kit, capture):
    capture(ticket(1), ticket(2))
    writer = kit.begin(vault)
    writer.keep(kit.exchange(b"[1]", url="https://psa.example/api/ids"))
    writer.present("ticket", ["1"], complete=True)
    writer._let_go()
    recovered = Vault.open(vault.path)
    assert stones(recovered) == [("ticket", "2", recovered.captures()[-1].id)]
    assert recovered.captures()[-1].vanished == 1


def test_a_record_first_seen_later_than_its_own_time_is_back_dated(vault, capture):
    first = capture(ticket(1), ticket(2))
    capture(ticket(3), ticket(20, entered="2026-03-05T09:00:00+00:00"))
    [found] = vault.drift(connection="main").back_dated
    assert (found.version.id, found.earlier.id) == ("3", first.id)


def test_after_a_partial_capture_or_in_the_first_of_its_kind_nothing_is_back_dated(vault, capture):
    capture(ticket(1), missing=[("tickets", "gave up")])
    capture(ticket(2))
    capture(ticket(3), kind="time_entry")
    assert vault.drift(connection="main").back_dated == ()


def test_what_a_role_may_not_see_is_hidden_until_it_may(vault, capture):
    capture(ticket(1))
    capture(ticket(7), kind="time_entry")
    lost = capture(asked=["finance/invoices"], missing=[("finance/invoices", "no permission")],
                   lists=[(("ticket", []), {"complete": False, "problem": "no permission"})])  # fmt: skip
    drift = vault.drift(connection="main")
    assert drift.hidden == (
        Hidden(lost.id, "finance/invoices", (), None, ()),
        Hidden(lost.id, "ticket", ("ticket",), 1, ()),
    )
    assert drift.unlisted == {"ticket": 1, "time_entry": 1}
    assert vault.drift(connection="main", since=3).hidden == ()
    capture(lists=[whole(1)])
    after = vault.drift(connection="main")
    assert [h.what for h in after.hidden] == ["finance/invoices"]
    assert after.unlisted == {"time_entry": 1}
    capture(asked=["finance/invoices"])
    assert vault.drift(connection="main").hidden == ()


def test_a_record_is_checked_for_deletion_by_a_later_list_that_would_hold_it(vault, capture):
    def below(number):
        return (("note", []), {"complete": True, "parent": f"ticket/{number}"})

    notes = [{"id": n, "parent": f"ticket/{n // 10}"} for n in (11, 12, 21)]
    capture(ticket(1), ticket(2), lists=[whole(1, 2)])
    capture(*notes, kind="note", lists=[below(1)])
    first = vault.drift(connection="main")
    assert first.unlisted == {"ticket": 2, "note": 3}, "their own captures' lists could have missed nothing"
    capture(lists=[whole(1, 2), below(1)])
    assert vault.drift(connection="main").unlisted == {"note": 1}
    assert vault.drift(connection="main", since=3).unlisted == {"ticket": 2, "note": 3}


def test_one_refusal_is_told_once_with_what_the_capture_states_of_it(vault, capture):
    capture(ticket(1), ticket(2))
    refused = ("ticket", []), {"complete": False, "problem": "no permission"}
    every = {"below": Below(kind="ticket"), "detail": "status 403"}
    missing = [("tickets", "no permission", every), ("tickets", "no permission", {"detail": "the role has level My"})]
    lost = capture(missing=[*missing, missing[0]], lists=[refused])
    assert vault.drift(connection="main").hidden == (
        Hidden(lost.id, "tickets", ("ticket",), 2, ("status 403", "the role has level My")),
    )


def test_a_changed_byte_below_a_version_stops_the_comparison(vault, capture):
    capture(ticket(1))
    capture(ticket(1, note="x"))
    [path] = sorted(vault.path.glob("captures/*/exchanges-000.warc.gz"))[:1]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(VaultError):
        vault.drift(connection="main")


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (b'{"a":1}', b'{ "a" : 1 }', ()),
        (b'{"a":1,"b":2}', b'{"b":2,"a":1}', ()),
        (b'{"a":1}', b'{"a":true}', (("/a", "1", "true"),)),
        (b'{"a":1.0}', b'{"a":1.00}', (("/a", "1.0", "1.00"),)),
        (b'{"a":1}', b'{"a":"1"}', (("/a", "1", '"1"'),)),
        (b'{"a":null}', b"{}", (("/a", "null", None),)),
        (b'{"a/b":{"~":1}}', b'{"a/b":{"~":2}}', (("/a~1b/~0", "1", "2"),)),
        (b'{"a":[1,{"b":2}]}', b'{"a":[1,{"b":3}]}', (("/a/1/b", "2", "3"),)),
        (b'{"a":[1,{"b":2}]}', b'{"a":[]}', (("/a", '[1,{"b":2}]', "[]"),)),
        (b"[]", b"{}", (("", "[]", "{}"),)),
    ],
)
def test_fields_are_compared_as_they_are_written(old, new, changes):
    assert compare(old, new) == tuple(FieldChange(*change) for change in changes)


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\x00", b'{"a":1,"a":2}', b"[" * 100_000, b"{}{}", b"\x00" * 8], ids=range(5)
)
def test_what_is_no_comparable_json_is_said_to_be_so(data):
    with pytest.raises(IncomparableError):
        compare(data, b"{}")


def test_bytes_that_are_no_json_are_an_edit_without_fields(vault, kit):
    from psa_evidence.spi import Sighting

    for blob in (b"\xff\x01", b"\xff\x02"):
        writer = kit.begin(vault)
        writer.keep(kit.exchange(blob), [Sighting(kind="attachment", id="9", start=0, end=2)])
        writer.finish()
    [step] = vault.drift(connection="main").edits
    assert (step.comparable, step.fields) == (False, ())


def test_a_step_says_who_the_newer_version_names_as_its_editor(vault, capture):
    capture(ticket(1, _info={"by": "ann", "at": "t1"}))
    capture(ticket(1, note="x", _info={"by": "bob", "at": 7}))
    [step] = vault.drift(connection="main", about=ABOUT).edits
    assert (step.editor, step.edited_at) == ("bob", None)


def test_earlier_versions_are_those_before_the_newest_the_last_first(vault, capture):
    capture(ticket(1, summary="a"), ticket(2), ticket(3))
    capture(ticket(1, summary="b"), ticket(2, summary="x"), ticket(10))
    capture(ticket(1, summary="a"), ticket(10, summary="y"))
    wanted = {("ticket", str(number)) for number in (1, 3, 10)}
    found = vault.earlier("main", wanted)
    assert [(r.id, b'"summary":"a"' in r.body, r.capture[:8]) for r in found] == [
        ("1", False, "20260303"), ("1", True, "20260302"), ("10", False, "20260303")
    ]  # fmt: skip
    assert vault.places(found) == ((2, 0), (1, 0), (2, 2))
    assert vault.earlier("other", wanted) == ()


def test_a_version_of_a_capture_that_is_not_sealed_makes_none_an_earlier_one(vault, kit, capture):
    capture(ticket(1, summary="a"))
    clock = kit.Ticking()
    clock.now += timedelta(days=5)
    writer = kit.begin(vault, clock=clock)
    writer.keep(*kit.rows_exchange("ticket", [ticket(1, summary="b")], at="entered"))
    assert vault.earlier("main", {("ticket", "1")}) == ()
    writer.finish()
    assert len(vault.earlier("main", {("ticket", "1")})) == 1


def test_versions_of_one_capture_with_the_same_bytes_are_one(vault, kit):
    writer = kit.begin(vault, clock=kit.Ticking())
    for summary in "abab":
        writer.keep(*kit.rows_exchange("ticket", [ticket(1, summary=summary)], at="entered"))
    writer.finish()
    found = vault.earlier("main", {("ticket", "1")})
    assert [b'"summary":"a"' in r.body for r in found] == [True, False]
