"""Tokens stamped anew before their certificates end."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from psa_evidence.errors import VaultError
from psa_evidence.format import Renewal, sha256
from psa_evidence.format.timestamp import judge
from psa_evidence.format.timestamp_certificates import from_file
from psa_evidence.simulator.authority import Faults, make_keys, running
from psa_evidence.vault import Disk
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
    token.write_bytes(token.read_bytes()[:-1] + b"\x00")
    with pytest.raises(VaultError):
        renew(witnessing, [authority], now=START + YEAR, within=YEAR)
