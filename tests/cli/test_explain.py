"""The words of `psa-evidence explain` that no demo has a case for."""

from __future__ import annotations

from psa_evidence.cli.commands.explain import _not_read
from psa_evidence.records import Digest, HistoryEntry, SourceRef, Unread

LINE = SourceRef("history", "55-1", Digest("0" * 64))


def test_lines_of_the_history_that_could_not_be_read_are_shown_with_their_words():
    text = "Status\x1b[2J was\nnot changed to Closed"
    entry = HistoryEntry(source=LINE, id="55-1", ticket_id="55", at=None, text=text)
    (block,) = _not_read([Unread(source=LINE, ticket_id="55", reason="the words leave it open")], [entry])
    assert block.splitlines()[0] == "Not read: 1"
    assert all(len(line) <= 80 for line in block.splitlines())
    assert "not changed to Closed" in " ".join(block.split())
    assert "\x1b" not in block


def test_nothing_is_said_when_everything_was_read():
    assert _not_read([], []) == []
