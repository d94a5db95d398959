"""Tokens stamped anew before their certificates end."""

from __future__ import annotations

import itertools
import shutil
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from psa_evidence.errors import EvidenceError, VaultError
from psa_evidence.format import Renewal, sha256
from psa_evidence.format.timestamp import judge
from psa_evidence.format.timestamp_certificates import from_file
from psa_evidence.simulator.authority import Faults, make_keys, respond, running
from psa_evidence.vault import Disk, Vault
from psa_evidence.vault.witness import Authority, Witnessing
from psa_evidence.vault.witness_asking import Asking
from psa_evidence.vault.witness_files import WitnessFiles, witness_of
from psa_evidence.vault.witness_renewing import renew

START = datetime(2026, 3, 1, tzinfo=UTC)
YEAR = timedelta(days=365)


@pytest.fixture
def clock(kit):
    return kit.Ticking(kit.START + timedelta(hours=1))


@pytest.fixture
def tsa(clock):
    with running(make_keys(START, days=400, elliptic=True), clock) as authority:
        yield authority


@pytest.fixture
def authority(tsa):
    return Authority("demo", tsa.url, from_file(tsa.keys.root_pem))


@pytest.fixture
def witnessing(filled, clock, authority):
    """A vault whose seal is stamped by a certificate that ends in about 400 days."""
    with httpx.Client() as client:
        asking = Asking(client, attempts=1)
        made = Witnessing(filled, ask=asking, clock=clock, nonces=itertools.count(1).__next__, who="tester")
        assert len(made.stamp([authority]).stamped) == 1
        yield made


def claimed(vault):
    return witness_of(WitnessFiles(vault.path, Disk()), vault.seals())


def test_nothing_is_renewed_before_it_is_time(witnessing, authority):
    assert renew(witnessing, [authority], now=START, within=timedelta(days=90)).results == ()


def test_a_renewal_covers_the_seal_and_every_earlier_token(filled, witnessing, authority, tsa, clock):
    clock.now = START + YEAR
    tsa.keys = make_keys(START + YEAR, days=400, elliptic=True, name="next")
    anchors = (*authority.anchors, *from_file(tsa.keys.root_pem))
    next_year = Authority("demo", tsa.url, anchors)
    assert [r.outcome for r in renew(witnessing, [next_year], now=clock.now, within=YEAR).results] == ["stamped"]
    witness, files = claimed(filled)
    (first,) = witness.renewals
    document = Renewal.read(files["seals/000001.renewal-1.json"])
    assert document.sha256 == filled.seals()[0].digest()
    assert dict(document.covers) == {"seals/000001.demo.tsr": sha256(files["seals/000001.demo.tsr"])}
    assert judge(files[first.tokens[0].path], document.document(), anchors=anchors).proved
    assert filled.custody.read()[-1]["action"] == "renewed"
    assert renew(witnessing, [next_year], now=clock.now, within=timedelta(days=90)).results == ()

    clock.now = START + 2 * YEAR
    tsa.keys = make_keys(clock.now, days=400, elliptic=True, name="third")
    third = Authority("demo", tsa.url, (*anchors, *from_file(tsa.keys.root_pem)))
    renew(witnessing, [third], now=clock.now, within=YEAR)
    witness, files = claimed(filled)
    covers = dict(Renewal.read(files["seals/000001.renewal-2.json"]).covers)
    assert set(covers) == {"seals/000001.demo.tsr", "seals/000001.renewal-1.json", "seals/000001.renewal-1.demo.tsr"}
    assert all(sha256(files[path]) == digest for path, digest in covers.items())


def test_an_authority_that_fails_owes_the_renewal_until_the_next_run(filled, witnessing, authority, tsa, clock):
    clock.now = START + YEAR
    tsa.faults = Faults(http_status=500)
    assert [r.outcome for r in renew(witnessing, [authority], now=clock.now, within=YEAR).results] == ["owed"]
    assert claimed(filled)[0].renewals == ()
    tsa.faults = Faults()
    with httpx.Client() as client:
        again = Witnessing(filled, ask=Asking(client), clock=clock, nonces=itertools.count(90).__next__, who="t")
        assert [r.outcome for r in renew(again, [authority], now=clock.now, within=YEAR).results] == ["stamped"]
    assert [r.number for r in claimed(filled)[0].renewals] == [1]


def test_a_token_that_is_no_longer_good_is_not_renewed(filled, witnessing, authority, clock):
    """Somebody changed the seal and wrote its token's digest into nothing: the renewal must not heal that."""
    token = filled.path / "seals/000001.demo.tsr"
    *kept, last = token.read_bytes()
    token.write_bytes(bytes((*kept, last ^ 1)))
    with pytest.raises(VaultError):
        renew(witnessing, [authority], now=START + YEAR, within=YEAR)


class Killed(BaseException):
    pass


def mortal(steps):
    """A disk that writes no more than so many times."""
    left = iter(range(steps))

    def before(step, _path):
        if step == "write" and next(left, None) is None:
            raise Killed

    return Disk(before)


class Pair:
    """Two authorities, asked without a network. `down` are those that do not answer."""

    def __init__(self, clock):
        self.clock, self.down, self.keys, self.roots = clock, set(), {}, {"demo": (), "other": ()}
        self.serials, self.nonces = itertools.count(1), itertools.count(1)
        self.next(400)

    def next(self, days):
        """New certificates."""
        for name, roots in self.roots.items():
            self.keys[name] = make_keys(self.clock.now - timedelta(days=1), days=days, elliptic=True, name=name)
            self.roots[name] = (*roots, *from_file(self.keys[name].root_pem))

    def ask(self, url, asked):
        if url in self.down:
            raise EvidenceError("down")
        return respond(asked, self.keys[url], now=self.clock(), serial=next(self.serials))

    def run(self, vault, work, disk=None):
        vault = Vault.open(vault.path, clock=self.clock, disk=disk)
        made = Witnessing(vault, ask=self.ask, clock=self.clock, nonces=self.nonces.__next__, who="t", disk=disk)
        return work(made, [Authority(name, name, roots) for name, roots in self.roots.items()])

    def renew(self, vault, disk=None):
        def work(made, authorities):
            return renew(made, authorities, now=self.clock.now, within=timedelta(days=90))

        return [(r.authority, r.renewal, r.outcome) for r in self.run(vault, work, disk).results]


@pytest.fixture
def two(filled, clock):
    """They stamped the vault's seal a year ago."""
    pair = Pair(clock)
    assert len(pair.run(filled, Witnessing.stamp).stamped) == 2
    clock.now += YEAR
    pair.next(800)
    return pair


def test_a_renewal_killed_at_any_durable_write_is_finished_by_the_next_run(filled, two):
    kept = shutil.copytree(filled.path, filled.path.with_name("before"))
    for steps in itertools.count():
        shutil.rmtree(filled.path)
        shutil.copytree(kept, filled.path)
        try:
            two.renew(filled, mortal(steps))
        except Killed:
            pass
        else:
            break
        assert all(outcome == "stamped" for _, _, outcome in two.renew(filled))
        witness, files = claimed(filled)
        [renewal] = witness.renewals
        assert [token.authority for token in renewal.tokens] == ["demo", "other"]
        document = Renewal.read(files[renewal.path])
        assert [path for path, _ in document.covers] == ["seals/000001.demo.tsr", "seals/000001.other.tsr"]
        told = [e["detail"]["authority"] for e in filled.custody.read() if e["action"] == "renewed"]
        assert sorted(told) == ["demo", "other"]
    assert steps > 8
    assert two.renew(filled) == []


def test_a_token_over_a_renewal_that_one_of_two_authorities_owes_is_asked_for_again(filled, two):
    two.down = {"other"}
    assert two.renew(filled) == [("demo", 1, "stamped"), ("other", 1, "owed")]
    assert two.renew(filled) == [("other", 1, "owed")]
    two.down = set()
    assert two.renew(filled) == [("other", 1, "stamped")]
    assert two.renew(filled) == []
