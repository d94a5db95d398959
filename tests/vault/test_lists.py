"""Which records the PSA still lists: kept in the record list, under the seal, and never a leaf."""

import pytest

from psa_evidence.capture.guard import GuardedRecorder
from psa_evidence.errors import SourceError
from psa_evidence.vault.leaves import leaf_hashes
from psa_evidence.vault.lines import ListLine, read_lines


def lists_of(vault, capture):
    lines = read_lines(vault.path / "captures" / capture / "records.jsonl.gz")
    return [line for line in lines if isinstance(line, ListLine)]


def test_a_list_is_kept_page_by_page_in_the_record_list_and_is_no_leaf(vault, kit):
    writer = kit.begin(vault)
    kit.fill(writer)
    writer.present("ticket", ["1", "2"], complete=False)
    writer.present("ticket", ["3"], complete=True, clients=["10"])
    writer.present("note", [], complete=True, parent="ticket/9")
    writer.present("invoice", [], complete=False, problem="no permission")
    info = writer.finish()
    assert lists_of(vault, info.id) == [
        ListLine("ticket", (), None, ("1", "2"), complete=False, problem=""),
        ListLine("ticket", ("10",), None, ("3",), complete=True, problem=""),
        ListLine("note", (), "ticket/9", (), complete=True, problem=""),
        ListLine("invoice", (), None, (), complete=False, problem="no permission"),
    ]
    path = vault.path / "captures" / info.id / "records.jsonl.gz"
    assert len(list(leaf_hashes(path))) == info.records == vault.seals()[0].leaves


def test_a_long_list_becomes_several_lines_of_which_only_the_last_is_complete(vault, kit):
    writer = kit.begin(vault, direct=False)
    writer.present("ticket", [str(n) for n in range(2500)], complete=True)
    info = writer.finish()
    lines = lists_of(vault, info.id)
    assert [len(line.ids) for line in lines] == [1000, 1000, 500]
    assert [line.complete for line in lines] == [False, False, True]


@pytest.mark.parametrize(
    ("ids", "more"),
    [
        (["1", ""], {"complete": True}),
        (["1"], {"complete": True, "problem": "no permission"}),
        (["1"], {"complete": False, "problem": "a bad day"}),
        (["1"], {"complete": True, "parent": "ticket"}),
        (["1"], {"complete": True, "clients": ["x" * 3000]}),
    ],
)
def test_a_list_that_cannot_be_is_refused(vault, kit, ids, more):
    writer = kit.begin(vault)
    with pytest.raises(SourceError):
        writer.present("note", ids, **more)
    assert lists_of(vault, writer.finish().id) == []


def test_the_guard_hands_a_list_on(vault, kit):
    writer = kit.begin(vault)
    GuardedRecorder(writer, ["secret"]).present("note", ["7"], complete=True, clients=["1"], parent="ticket/1")
    assert lists_of(vault, writer.finish().id) == [ListLine("note", ("1",), "ticket/1", ("7",), True, "")]
