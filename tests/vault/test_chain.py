from datetime import UTC, datetime

import pytest

from psa_evidence.errors import VaultError
from psa_evidence.format import sha256
from psa_evidence.vault.chain import ChainedLog, head_path
from psa_evidence.vault.durable import Disk

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def log(tmp_path):
    log = ChainedLog(tmp_path / "custody.jsonl", Disk())
    for number in range(3):
        log.append([{"action": "captured", "subject": f"c{number}"}], now=NOW)
    return log


def test_each_line_bears_the_digest_of_the_one_before(log):
    lines = log.path.read_bytes().splitlines()
    entries = log.read()
    assert [e["previous"] for e in entries] == [None, sha256(lines[0]), sha256(lines[1])]
    assert [e["number"] for e in entries] == [1, 2, 3]
    assert log.head() == sha256(lines[2])


def test_an_edited_line_is_found_at_the_line_after_it(log):
    log.path.write_bytes(log.path.read_bytes().replace(b'"c1"', b'"cX"'))
    with pytest.raises(VaultError, match="line 3"):
        log.read()


@pytest.mark.parametrize("gone", [0, 1])
def test_a_removed_line_is_found(log, gone):
    head_path(log.path).unlink()
    lines = log.path.read_bytes().splitlines(keepends=True)
    del lines[gone]
    log.path.write_bytes(b"".join(lines))
    with pytest.raises(VaultError, match=f"line {gone + 1}"):
        log.read()


def test_lines_in_another_order_are_found(log):
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(lines[1] + lines[0] + lines[2])
    with pytest.raises(VaultError, match="line 1"):
        log.read()


def test_a_line_that_a_crash_cut_off_is_set_aside_and_the_chain_goes_on(log):
    whole = log.path.read_bytes()
    log.path.write_bytes(whole + b'{"action":"seal')
    assert len(log.read()) == 3
    log.append([{"action": "sealed", "subject": "c2"}], now=NOW)
    assert [e["action"] for e in log.read()][-1] == "sealed"
    assert log.path.read_bytes().startswith(whole)
    assert log.path.with_name("custody.jsonl.tail-1").read_bytes() == b'{"action":"seal'


def test_a_log_whose_end_was_cut_off_is_found_and_not_added_to(log):
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(b"".join(lines[:2]))
    with pytest.raises(VaultError, match="2 entries of 3"):
        log.read()
    with pytest.raises(VaultError, match="2 entries of 3"):
        log.append([{"action": "sealed"}], now=NOW)
    log.path.unlink()
    with pytest.raises(VaultError, match="0 entries of 3"):
        log.append([{"action": "sealed"}], now=NOW)
    log.path.write_bytes(b"".join(lines))
    assert len(log.read()) == 3


def test_a_changed_last_line_is_found(log):
    """No line after it bears its digest."""
    log.path.write_bytes(log.path.read_bytes().replace(b'"c2"', b'"cX"'))
    with pytest.raises(VaultError, match="another entry 3"):
        log.read()


def test_a_crash_between_entry_and_head_costs_nothing(tmp_path):
    class Killed(BaseException):
        pass

    def before(step, path):
        if step == "write" and path.name == "custody.head" and path.exists():
            raise Killed

    log = ChainedLog(tmp_path / "custody.jsonl", Disk(before))
    log.append([{"action": "captured"}], now=NOW)
    with pytest.raises(Killed):
        log.append([{"action": "sealed"}], now=NOW)
    log = ChainedLog(log.path, Disk())
    assert [entry["action"] for entry in log.read()] == ["captured", "sealed"]
    log.append([{"action": "held"}], now=NOW)
    assert len(log.read()) == 3


def test_a_damaged_head_is_named(log):
    head_path(log.path).write_bytes(b"{")
    with pytest.raises(VaultError, match=r"custody\.head is damaged"):
        log.read()
