"""Asking authorities over real HTTP: what is kept, what is owed, and that the seal stands whatever they do."""

from __future__ import annotations

import itertools
import json
from datetime import timedelta

import httpx
import pytest

from psa_evidence.errors import StorageError, VaultError
from psa_evidence.format import Witness
from psa_evidence.format.timestamp import judge
from psa_evidence.format.timestamp_certificates import from_file
from psa_evidence.simulator.authority import Faults, make_keys, running
from psa_evidence.vault import Disk, Vault
from psa_evidence.vault.lock import Lock
from psa_evidence.vault.witness import Authority, Witnessing
from psa_evidence.vault.witness_asking import Asking
from psa_evidence.vault.witness_files import WitnessFiles, witness_of


@pytest.fixture(scope="session")
def keys(request):
    from datetime import UTC, datetime

    return make_keys(datetime(2026, 3, 1, tzinfo=UTC), elliptic=True)


@pytest.fixture
def clock(kit):
    return kit.Ticking(kit.START + timedelta(hours=1))


@pytest.fixture
def tsa(keys, clock):
    with running(keys, clock) as authority:
        yield authority


@pytest.fixture
def authority(tsa, keys):
    return Authority("demo", tsa.url, from_file(keys.root_pem))


@pytest.fixture
def witnessing(clock):
    """For a vault: quick to give up, with nonces that count up."""
    client = httpx.Client()

    def make(vault, *, disk=None, first=1, patience=20.0):
        asking = Asking(client, attempts=2, wait_seconds=0.001, read_seconds=patience)
        return Witnessing(
            vault, ask=asking, clock=clock, nonces=itertools.count(first).__next__, who="tester", disk=disk
        )

    yield make
    client.close()


def claimed(vault):
    return witness_of(WitnessFiles(vault.path, Disk()), vault.seals())


def log(vault):
    return [json.loads(line) for line in (vault.path / "witness.jsonl").read_text().splitlines()]


def capture(vault, kit):
    writer = kit.begin(vault)
    kit.fill(writer)
    return writer.finish()


def test_a_token_is_kept_as_received_and_claimed(filled, witnessing, authority, tsa):
    report = witnessing(filled).stamp([authority])
    assert [(r.seal, r.outcome) for r in report.results] == [(1, "stamped")]
    raw = (filled.path / "seals/000001.demo.tsr").read_bytes()
    assert judge(raw, filled.seals()[0].document(), anchors=authority.anchors, nonce=1).proved
    witness, files = claimed(filled)
    assert [(t.seal, t.authority, t.path) for t in witness.tokens] == [(1, "demo", "seals/000001.demo.tsr")]
    assert witness.owed == ()
    assert files == {"seals/000001.demo.tsr": raw}
    assert from_file((filled.path / "seals/authorities/demo.pem").read_bytes())
    asked, stamped = log(filled)
    assert (asked["action"], asked["nonce"]) == ("asked", "1")
    assert stamped["stated_time"] == witness.tokens[0].stated_time
    assert abs(stamped["offset_ms"]) < 5000
    assert filled.custody.read()[-1]["action"] == "stamped"
    assert len(tsa.requests) == 1


def test_a_second_run_asks_nobody_for_what_is_there(filled, witnessing, authority, tsa):
    witnessing(filled).stamp([authority])
    before = len(tsa.requests), log(filled)
    assert witnessing(filled, first=50).stamp([authority]).results == ()
    assert (len(tsa.requests), log(filled)) == before


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"http_status": 500}, "HTTP 500"),
        ({"http_status": 404}, "HTTP 404"),
        ({"http_status": 302}, "HTTP 302"),
        ({"silent_seconds": 1.0}, "in time"),
        ({"garbage": True}, "cannot be read"),
        ({"oversize": True}, "over the limit"),
        ({"status": 2}, "rejected"),
        ({"status": 4}, "revocation warning"),
        ({"wrong_nonce": True}, "nonce"),
        ({"no_nonce": True}, "nonce"),
        ({"wrong_imprint": True}, "other bytes"),
        ({"broken_signature": True}, "signature"),
        ({"clock_offset": timedelta(days=-60)}, "not valid at the token's time"),
    ],
    ids=lambda v: "-".join(v) if isinstance(v, dict) else "",
)
def test_the_seal_stands_and_the_token_is_owed_until_the_authority_behaves(
    filled, witnessing, authority, tsa, faults, words
):
    seal = (filled.path / "seals/000001.json").read_bytes()
    tsa.faults = Faults(**faults)
    patience = 0.1 if "silent_seconds" in faults else 20.0
    (result,) = witnessing(filled, patience=patience).stamp([authority]).results
    assert result.outcome == "owed"
    assert words in result.reason
    assert claimed(filled)[0] == Witness(owed=(1,))
    assert (filled.path / "seals/000001.json").read_bytes() == seal
    assert [e["action"] for e in log(filled)] == ["asked", "refused"]
    assert list((filled.path / "seals").glob("*.tsr*")) == []
    tsa.faults = Faults()
    reopened = Vault.open(filled.path)
    assert [r.outcome for r in witnessing(reopened, first=9).stamp([authority]).results] == ["stamped"]
    assert claimed(reopened)[0].owed == ()


def test_an_authority_that_is_busy_is_asked_again(filled, witnessing, authority, tsa):
    tsa.faults = Faults(failures_first=1)
    assert [r.outcome for r in witnessing(filled).stamp([authority]).results] == ["stamped"]
    assert len(tsa.requests) == 2


def test_an_authority_that_nobody_hears_costs_one_try_a_run(filled, kit, witnessing, authority, tsa):
    capture(filled, kit)
    witnessing(filled).stamp([authority])
    capture(filled, kit)
    capture(filled, kit)
    down = Authority("demo", "http://127.0.0.1:9/", authority.anchors)
    results = witnessing(filled, first=20).stamp([down]).results
    assert [(r.seal, r.outcome) for r in results] == [(3, "owed"), (4, "owed")]
    assert [e["action"] for e in log(filled)][-2:] == ["asked", "refused"]
    assert claimed(filled)[0].owed == (3, 4)


def test_a_token_to_another_root_than_the_configured_is_not_taken(filled, witnessing, tsa, keys):
    other = make_keys(keys.chain[0].not_valid_before_utc, elliptic=True, name="other")
    stranger = Authority("demo", tsa.url, from_file(other.root_pem))
    (result,) = witnessing(filled).stamp([stranger]).results
    assert result.outcome == "owed"
    assert "anchors" in result.reason


def test_several_authorities_fail_and_answer_each_for_itself(filled, witnessing, authority, tsa):
    down = Authority("down", "http://127.0.0.1:9/")
    results = witnessing(filled).stamp([down, authority]).results
    assert {r.authority: r.outcome for r in results} == {"down": "owed", "demo": "stamped"}
    assert claimed(filled)[0].owed == ()


def test_an_authority_is_asked_from_the_newest_seal_on_and_owes_from_there(filled, kit, witnessing, authority):
    capture(filled, kit)
    assert [r.seal for r in witnessing(filled).stamp([authority]).results] == [2]
    capture(filled, kit)
    assert [r.seal for r in witnessing(filled, first=5).stamp([authority]).results] == [3]
    assert claimed(filled)[0].owed == ()


def test_without_an_authority_nothing_is_claimed_and_nothing_owed(filled):
    assert claimed(filled) == (Witness(), {})


def test_a_token_taken_out_of_the_vault_is_missed(filled, witnessing, authority):
    witnessing(filled).stamp([authority])
    (filled.path / "seals/000001.demo.tsr").unlink()
    with pytest.raises(VaultError, match="gone"):
        claimed(filled)


def test_a_token_swapped_in_the_vault_is_missed(filled, kit, witnessing, authority):
    witnessing(filled).stamp([authority])
    capture(filled, kit)
    witnessing(filled, first=7).stamp([authority])
    one, two = (filled.path / f"seals/00000{n}.demo.tsr" for n in (1, 2))
    one.write_bytes(two.read_bytes())
    with pytest.raises(VaultError, match="not as it was received"):
        claimed(filled)


def test_a_good_token_that_nobody_asked_for_is_not_taken(filled, witnessing, authority, tsa, tmp_path):
    """Somebody puts a token into the vault that answers none of its requests."""
    witnessing(filled).stamp([authority])
    token = filled.path / "seals/000001.demo.tsr"
    raw = token.read_bytes()
    token.unlink()
    for name in ("witness.jsonl", "witness.head"):
        (filled.path / name).unlink()
    token.write_bytes(raw)
    with pytest.raises(VaultError, match="answers no request"):
        witnessing(filled).stamp([authority])


def test_a_clock_that_differs_is_noted(filled, authority, tsa, clock):
    notes = []

    class Listening:
        def note(self, text):
            notes.append(text)

        def start(self, task, total): ...
        def advance(self, task, steps=1, *, total=None): ...
        def finish(self, task): ...

    tsa.faults = Faults(clock_offset=timedelta(hours=2))
    with httpx.Client() as client:
        report = Witnessing(
            filled, ask=Asking(client), clock=clock, nonces=lambda: 77, who="t", progress=Listening()
        ).stamp([authority])
    assert report.results[0].offset_ms == pytest.approx(7_200_000, abs=5000)
    assert "differ by 7" in notes[0]


def test_two_runs_at_once_do_not_both_ask(filled, witnessing, authority, tsa, clock, monkeypatch):
    monkeypatch.setattr("psa_evidence.vault.witness.WAIT_SECONDS", 0.0)
    lock = Lock(filled.path / "stamping.lock")
    lock.acquire(clock())
    try:
        with pytest.raises(StorageError):
            witnessing(filled).stamp([authority])
    finally:
        lock.release()
    assert tsa.requests == []


class Killed(BaseException):
    pass


def test_a_death_before_any_durable_step_leaves_no_false_claim_and_the_next_run_completes_it(
    tmp_path, kit, witnessing, authority
):
    """Every step, not a sample: what is claimed afterwards is good, and the second run ends where an undisturbed one
    does."""
    for at in itertools.count():
        vault = Vault.create(tmp_path / f"v{at}", vault_id="test-vault")
        capture(vault, kit)
        steps = itertools.count()

        def before(name, path, at=at, steps=steps):
            if next(steps) == at:
                raise Killed

        disk = Disk(before)
        reached = True
        try:
            witnessing(Vault.open(vault.path, disk=disk), disk=disk).stamp([authority])
            reached = False
        except Killed:
            pass
        witness, files = claimed(vault)
        for token in witness.tokens:
            data = vault.seals()[token.seal - 1].document()
            assert judge(files[token.path], data, anchors=authority.anchors).proved
        again = Vault.open(vault.path)
        witnessing(again, first=1000).stamp([authority])
        witness, _ = claimed(again)
        assert [t.seal for t in witness.tokens] == [1]
        assert [e["action"] for e in again.custody.read()].count("stamped") == 1
        assert [e["action"] for e in log(again)].count("stamped") == 1
        assert (again.path / "seals/authorities/demo.pem").exists()
        if not reached:
            break
    assert at > 10
