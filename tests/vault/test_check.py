"""`check_vault` against a vault that somebody or something changed: each change is found, named, nothing dropped."""

import json
import os
import re
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest

from psa_evidence.errors import ConfigurationError, VaultError
from psa_evidence.format import Seal, canonical, sha256
from psa_evidence.spi import Silent
from psa_evidence.vault import Vault
from psa_evidence.vault.chain import ChainedLog
from psa_evidence.vault.check import STEPS, check_vault
from psa_evidence.vault.durable import Disk
from psa_evidence.vault.lock import Lock


@pytest.fixture
def whole(vault, kit):
    clock = kit.Ticking()
    writer = kit.begin(vault, clock=clock)
    kit.fill(writer)
    writer.finish()
    vault.hold(matter="M", connection="main", client="10", reason="r", who="me", at=clock())
    clock.now += timedelta(days=1)
    writer = kit.begin(vault, clock=clock)
    page, seen = kit.rows_exchange("ticket", [{"id": 1, "client": 10, "summary": "edited"}])
    writer.keep(page, seen)
    writer.present("agreement", [], complete=True)
    assert writer.finish().vanished == 1
    return vault


@pytest.fixture
def check(kit):
    def run(vault, *, quick=False, kept=None):
        path = vault.path if isinstance(vault, Vault) else vault
        return check_vault(path, quick=quick, kept=kept, progress=Silent(), clock=kit.Ticking())

    return run


def state(report):
    return report.as_json()["state"]


def named(report, severity="damaged"):
    return {(f.step, f.where) for f in report.findings if f.severity == severity}


def only(vault, pattern):
    [path] = sorted(vault.path.glob(pattern))[:1]
    return path


def contents(vault):
    """All files but the locks' own text."""
    return {p: p.read_bytes() for p in vault.path.rglob("*") if p.is_file() and p.suffix != ".lock"}


def flip(path, at=0.5, bit=1):
    data = bytearray(path.read_bytes())
    data[int(len(data) * at)] ^= bit
    path.write_bytes(data)


@pytest.mark.parametrize("quick", [False, True], ids=["full", "quick"])
def test_a_whole_vault_passes_every_step_and_says_what_was_not_shown(whole, check, quick):
    before = contents(whole)
    report = check(whole, quick=quick)
    assert state(report) == "ok"
    assert report.findings == ()
    assert [s.number for s in report.steps] == sorted(STEPS)
    assert {s.number for s in report.steps if s.status == "not checked"} == ({7, 13} if quick else set())
    assert any("kept elsewhere" in text for text in report.unchecked)
    assert before == contents(whole)


KINDS = {
    "captures/*/exchanges-000.warc.gz": {5},
    "captures/*/records.jsonl.gz": {5},
    "captures/*/capture.json": {5},
    "captures/*/tombstones.jsonl.gz": {5},
    "seals/000001.json": {2, 4},
    "seals/000002.json": {2, 4},
    "vault.toml": {1},
    "salts.key": {1},
    "holds.jsonl": {9},
    "custody.jsonl": {9},
}
"""Every kind of file that holds evidence, and the steps of which one must find its damage."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_in_every_kind_of_file_is_found_and_named(whole, check, kind):
    path = only(whole, kind)
    pristine = path.read_bytes()
    where = path.relative_to(whole.path).as_posix()
    for at in (0.05, 0.35, 0.65, 0.9):
        path.write_bytes(pristine)
        flip(path, at)
        report = check(whole)
        assert state(report) == "damaged", (kind, at)
        found = {step for step, place in named(report) if place in {where, "custody.jsonl", "salts.key"}}
        assert found & KINDS[kind], (kind, at, named(report))
        assert path.read_bytes() != pristine


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"holds.jsonl"}))
def test_a_deleted_file_of_every_kind_is_found_even_quickly(whole, check, kind):
    only(whole, kind).unlink()
    assert state(check(whole, quick=True)) == "damaged"
    assert state(check(whole)) == "damaged"


def test_a_deleted_exchanges_file_is_named_once_and_its_records_are_not_counted_as_compared(whole, check):
    """A line for each of its exchanges would bury what else is damaged, and "3 records" that nobody read is untrue."""
    compared = next(step.detail for step in check(whole).steps if step.number == 7)
    path = only(whole, "captures/*/exchanges-000.warc.gz")
    path.unlink()
    report = check(whole)
    said = [f.what for f in report.findings if f.step == 7]
    assert len(said) == 1
    assert re.fullmatch(r"cannot be opened: \d+ records in it were not compared", said[0])
    assert next(step.detail for step in report.steps if step.number == 7) != compared


def test_a_deleted_holds_log_is_found_because_a_seal_states_it(whole, check):
    (whole.path / "holds.jsonl").unlink()
    report = check(whole)
    assert (9, "holds.jsonl") in named(report)


@pytest.mark.parametrize("kind", ["captures/*/exchanges-000.warc.gz", "captures/*/records.jsonl.gz", "custody.jsonl"])
def test_a_truncated_file_is_found_even_quickly(whole, check, kind):
    path = only(whole, kind)
    os.truncate(path, path.stat().st_size * 2 // 3 if "custody" not in kind else path.read_bytes().index(b"\n") + 1)
    assert state(check(whole, quick=True)) == "damaged"


def test_a_record_changed_with_its_digest_and_seal_repaired_is_still_found(whole, check, kit):
    """The attacker rewrites an exchange, the list's digest and the file digests of the seal, and has no salt key."""
    import gzip
    import hashlib

    folder = only(whole, "captures/*/records.jsonl.gz").parent
    records = folder / "records.jsonl.gz"
    lines = gzip.decompress(records.read_bytes()).replace(b'"sha256":"', b'"sha256":"0', 1)
    _, rest = lines.split(b"\n", 1)
    first = rest.split(b"\n")[1]
    edited = first.replace(b'"sha256":"0', b'"sha256":"')
    edited = edited.replace(json.loads(edited)["sha256"][:4].encode(), b"dead", 1)
    records.write_bytes(gzip.compress(lines.replace(first, edited), mtime=0))
    seal_path = whole.path / "seals/000001.json"
    raw = json.loads(seal_path.read_bytes())
    for file in raw["files"]:
        data = (whole.path / file["path"]).read_bytes()
        file.update(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    seal_path.write_bytes(canonical(raw))
    found = {step for step, _ in named(check(whole))}
    assert {2, 4, 7} <= found


def test_a_vault_put_back_with_its_logs_is_found_by_a_seal_kept_elsewhere(whole, check, kit, tmp_path):
    shutil.copytree(whole.path, tmp_path / "earlier")
    writer = kit.begin(whole, clock=kit.Ticking(kit.START + timedelta(days=2)))
    kit.fill(writer)
    writer.finish()
    kept = tmp_path / "kept.json"
    kept.write_bytes((whole.path / "seals/000003.json").read_bytes())
    assert state(check(whole, kept=kept)) == "ok"
    assert state(check(tmp_path / "earlier")) == "ok"
    assert named(check(tmp_path / "earlier", kept=kept)) == {(4, "seals")}


def test_a_seal_kept_elsewhere_that_differs_or_is_none_is_found(whole, check, tmp_path):
    kept = tmp_path / "kept.json"
    raw = json.loads((whole.path / "seals/000001.json").read_bytes())
    kept.write_bytes(canonical({**raw, "software": "x"}))
    assert named(check(whole, kept=kept)) == {(4, "seals")}
    kept.write_bytes(canonical({**raw, "vault": "another"}))
    [finding] = check(whole, kept=kept).findings
    assert "of another vault, another" in finding.what


def test_what_is_no_seal_says_nothing_about_the_vault(whole, check, tmp_path):
    """A mistyped path, or a file cut off in the mail, is no damage of the vault."""
    (tmp_path / "kept.json").write_bytes(b"{}")
    for path in (tmp_path / "kept.json", tmp_path / "nowhere.json"):
        with pytest.raises(ConfigurationError, match=path.name) as caught:
            check(whole, kept=path)
        assert caught.value.next_step


def test_a_newest_seal_taken_out_is_found_and_not_made_again_by_the_next_run(whole, check):
    (whole.path / "seals/000002.json").unlink()
    (whole.path / "catalogue.db").unlink()
    report = check(whole)
    assert (4, "custody.jsonl") in named(report)
    with pytest.raises(VaultError, match="custody log knows"):
        Vault.open(whole.path)
    assert not (whole.path / "seals/000002.json").exists()


def test_a_chain_of_seals_made_anew_is_found_against_the_custody_log(whole, check):
    previous = None
    for number in (1, 2):
        path = whole.path / f"seals/00000{number}.json"
        raw = {**json.loads(path.read_bytes()), "sealed_at": "2020-01-01T00:00:00Z", "previous": previous}
        path.write_bytes(canonical(raw))
        previous = Seal.read(path.read_bytes()).digest()
    assert named(check(whole)) == {(4, "custody.jsonl")}


def test_a_log_made_anew_with_its_chain_is_found_against_the_seals(whole, check):
    previous, lines = None, []
    for line in (whole.path / "holds.jsonl").read_bytes().splitlines():
        lines.append(canonical({**json.loads(line), "who": "somebody", "previous": previous}))
        previous = sha256(lines[-1])
    (whole.path / "holds.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    assert named(check(whole)) == {(9, "holds.jsonl")}


def test_the_end_of_a_log_that_no_seal_covers_is_said_not_to_be_shown(whole, check):
    report = check(whole)
    assert any(text.startswith("custody.jsonl: the last 2 of 5 entries") for text in report.unchecked)


def test_a_pack_that_waits_for_its_entry_in_the_custody_log_is_noted(whole, check):
    (whole.path / "exports").mkdir()
    (whole.path / "exports" / "Pack.x.json").write_bytes(b"{}")
    report = check(whole)
    assert state(report) == "ok"
    assert [(f.step, f.severity, f.where) for f in report.findings] == [(11, "note", "exports/Pack.x.json")]
    (whole.path / "exports" / "stranger.txt").write_bytes(b"{}")
    assert "exports/stranger.txt" in {f.where for f in check(whole).findings}


def test_a_hold_whose_run_broke_off_before_the_custody_log_is_noticed_and_entered_later(whole, check, kit, monkeypatch):
    """Both logs are written one after the other; a power cut between them left a hold that no pack's log would name."""
    monkeypatch.setattr(Vault, "log", lambda *_args, **_kwargs: (_ for _ in ()).throw(KeyboardInterrupt))
    at = kit.START + timedelta(days=3)
    with pytest.raises(KeyboardInterrupt):
        whole.hold(matter="N", connection="main", client="20", reason="r", who="Ann", at=at)
    monkeypatch.undo()
    report = check(whole)
    assert [(f.severity, f.where) for f in report.findings] == [("healable", "custody.jsonl")]
    assert "does not know 1 hold yet" in report.findings[0].what
    Vault.open(whole.path, clock=kit.Ticking(at + timedelta(days=1))).reindex()
    entry = whole.custody.read()[-1]
    assert (entry["action"], entry["subject"], entry["detail"]["client"]) == ("held", "N", "20")
    assert (entry["detail"]["made_by"], entry["detail"]["made_at"]) == ("Ann", "2026-03-04T02:00:00Z")
    assert entry["detail"]["entered"].startswith("later")
    assert check(whole).findings == ()
    count = len(whole.custody.read())
    Vault.open(whole.path, clock=kit.Ticking(at + timedelta(days=2))).reindex()
    assert len(whole.custody.read()) == count


def test_the_log_of_the_authorities_that_no_seal_states_is_said_to_be_under_none(whole, check):
    entry = {"action": "asked", "seal": 1, "renewal": None, "authority": "a", "nonce": "7", "at": "?"}
    ChainedLog(whole.path / "witness.jsonl", Disk()).append([entry], now=datetime(2026, 3, 1, 3, tzinfo=UTC))
    said = [text for text in check(whole).unchecked if text.startswith("witness.jsonl")]
    assert len(said) == 1
    assert "no seal states how far" in said[0]
    assert "next capture's seal" not in said[0]


def test_entries_that_no_seal_covers_yet_cannot_be_cut_off_unnoticed(whole, check, kit):
    """A hold, and what custody says of it, stand behind the newest seal; whoever takes them out leaves the heads."""
    whole.hold(matter="N", connection="main", client="20", reason="r", who="me", at=kit.START)
    for name in ("custody", "holds"):
        path = whole.path / f"{name}.jsonl"
        data = path.read_bytes()
        path.write_bytes(b"".join(data.splitlines(keepends=True)[:-1]))
        report = check(whole, quick=True)
        assert named(report) == {(9, path.name)}
        assert any("were cut off" in f.what for f in report.findings)
        path.write_bytes(data)
    assert state(check(whole)) == "ok"


def test_a_changed_last_entry_that_no_seal_covers_is_found(whole, check, kit):
    whole.hold(matter="N", connection="main", client="20", reason="because", who="me", at=kit.START)
    path = whole.path / "holds.jsonl"
    path.write_bytes(path.read_bytes().replace(b"because", b"bedause"))
    assert named(check(whole, quick=True)) == {(9, "holds.jsonl")}


def test_a_hold_taken_out_with_the_head_of_its_log_is_found_by_the_custody_log(whole, check, kit):
    whole.hold(matter="N", connection="main", client="20", reason="r", who="me", at=kit.START)
    path = whole.path / "holds.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    (whole.path / "holds.head").unlink()
    report = check(whole)
    assert named(report) == {(9, "holds.jsonl")}
    assert any("the custody log knows 2" in f.what for f in report.findings)
    assert named(report, "note") == {(9, "holds.head")}


def test_a_seal_that_the_custody_log_does_not_know_is_named(whole, check):
    """The entries were taken out with the head; of the newest seal a crash may have done it, of an earlier one not."""
    path = whole.path / "custody.jsonl"
    (whole.path / "custody.head").unlink()
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:3]))
    assert named(check(whole), "healable") == {(9, "custody.jsonl")}
    path.write_bytes(b"")
    assert {f.what for f in check(whole).findings if "does not know" in f.what} == {
        "does not know seal 1", "does not know seal 2 yet: a run broke off after it",
        "does not know 1 hold yet: a run broke off after it",
    }  # fmt: skip


def test_a_half_written_line_at_the_end_of_a_log_is_healed_by_the_next_entry(whole, check, kit):
    with (whole.path / "custody.jsonl").open("ab") as file:
        file.write(b'{"action":"acc')
    report = check(whole)
    assert named(report, "healable") == {(9, "custody.jsonl")}
    whole.log("accessed", "M", {}, who="me", at=kit.START)
    report = check(whole)
    assert state(report) == "ok"
    assert [f.what for f in report.findings] == [
        "is the end of an append that broke off, set aside; nothing acknowledged"
    ]


def test_files_that_nobody_knows_are_named(whole, check):
    (only(whole, "captures/*/capture.json").parent / "extra.txt").write_text("x")
    (whole.path / "notes.txt").write_text("x")
    report = check(whole)
    assert {step for step, _ in named(report)} == {11}
    assert {where for _, where in named(report, "note")} == {"notes.txt"}


@pytest.mark.parametrize("how", ["missing", "garbage", "older", "rows", "another vault"])
def test_a_catalogue_that_cannot_be_right_is_healed_by_reindex_and_nothing_sealed_is_touched(whole, check, how):
    path = whole.path / "catalogue.db"
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    if how == "missing":
        path.unlink()
    elif how == "garbage":
        path.write_bytes(b"not a database" * 999)
    else:
        statement = {
            "older": "UPDATE about SET value = '0' WHERE name = 'schema'",
            "rows": "UPDATE versions SET client = '20' WHERE id = '1'",
            "another vault": "UPDATE about SET value = 'x' WHERE name = 'vault'",
        }[how]
        with sqlite3.connect(path) as db:
            db.execute(statement)
        db.close()
    before = {p: p.read_bytes() for p in whole.path.glob("captures/*/*")}
    report = check(whole)
    assert (state(report), named(report, "healable")) == ("healable", {(12, "catalogue.db")})
    Vault.open(whole.path).reindex()
    assert state(check(whole)) == "ok"
    assert before == {p: p.read_bytes() for p in whole.path.glob("captures/*/*")}


def test_changed_nodes_are_found_and_may_be_deleted(whole, check):
    path = only(whole, "trees/*.nodes")
    flip(path)
    report = check(whole)
    assert {step for step, _ in named(report, "healable")} == {13}
    path.unlink()
    assert state(check(whole)) == "ok"


def test_an_interrupted_capture_is_named_and_healed_by_the_next_open(whole, check, kit):
    writer = kit.begin(whole)
    kit.fill(writer)
    during = check(whole)
    assert state(during) == "ok"
    assert any("another run" in f.what for f in during.findings)
    writer._let_go()
    report = check(whole)
    assert 3 in {step for step, _ in named(report, "healable")}
    unfinished = whole.path / "trees" / f"{writer.id}.nodes.99.new"
    unfinished.write_bytes(b"nodes")  # as a process leaves them that was killed
    Vault.open(whole.path)
    report = check(whole)
    assert (state(report), report.findings) == ("ok", ())
    assert not unfinished.exists()


def test_a_lost_capture_folder_is_found(whole, check):
    shutil.rmtree(only(whole, "captures/*/capture.json").parent)
    assert {3, 5} <= {step for step, _ in named(check(whole, quick=True))}


def test_a_folder_that_is_no_vault_is_refused(tmp_path, check):
    with pytest.raises(ConfigurationError):
        check(tmp_path)


def test_a_check_while_another_run_holds_the_lock_still_reads(whole, check, kit):
    lock = Lock(whole.path / "vault.lock")
    lock.acquire(kit.START)
    try:
        assert state(check(whole)) == "ok"
    finally:
        lock.release()


def test_a_vault_of_another_format_is_not_called_damaged(whole, check):
    toml = whole.path / "vault.toml"
    toml.write_text(toml.read_text().replace("vault/3", "vault/2"))
    with pytest.raises(VaultError, match="does not know"):
        check(whole)
